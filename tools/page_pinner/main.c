// SPDX-License-Identifier: GPL-2.0
/*
 * page_pinner: who holds the pages that could not be migrated.
 *
 * reader -> event -> ledger -> pair -> deduce -> findings -> rank -> render
 */
#include <stdio.h>
#include <string.h>

#include "classify.h"
#include "findings.h"
#include "ledger.h"
#include "rank.h"
#include "reader.h"
#include "render.h"
#include "util.h"

int main(int argc, char **argv)
{
	const char *file = "trace.dat";
	bool json = false;
	int i;

	for (i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--format=json"))
			json = true;
		else if (strcmp(argv[i], "report"))
			file = argv[i];
	}
	struct trace trace;
	struct findings f = { 0 };
	struct classifier *cl;
	struct ledger *ledger;
	int ret;

	trace_init(&trace, file);
	cl = classifier_new(&trace);
	ledger = ledger_new(&trace, cl, &f);
	ret = reader_run(&trace, ledger_feed, ledger);
	if (!ret) {
		struct render r = { .out = stdout, .trace = &trace, .f = &f, .width = 80 };

		ledger_finish(ledger);
		rank_findings(&f, &trace, NULL);
		if (json)
			render_json(&r);
		else
			render_text(&r);
		ret = trace.lost ? 3 : 0;
	} else {
		ret = 1;
	}
	ledger_free(ledger);
	classifier_free(cl);
	findings_free(&f);
	trace_fini(&trace);
	return ret;
}
