// SPDX-License-Identifier: GPL-2.0
/*
 * "page_pinner holders"; see holders.h.
 */
#include "holders.h"

#include <inttypes.h>
#include <stdlib.h>

#include "filter.h"
#include "judge/classify.h"
#include "judge/findings.h"
#include "judge/held.h"
#include "names.h"
#include "options.h"
#include "output.h"
#include "read/held_reader.h"
#include "show/rank.h"
#include "trace/guard.h"
#include "util.h"

static int write_report(struct trace *trace, struct findings *f, const struct held_source *source,
			const struct options *opts)
{
	struct view view = { .trace = trace, .f = f, .held = source, .all = f->nr_folios };
	struct strbuf filter = { 0 };
	int ret;

	filter_findings(f, trace, opts);
	filter_say(opts, &filter);
	view.filter = filter.text;
	rank_findings(f, trace, opts->key);
	ret = output_grouped(&view, opts);
	free(filter.text);
	return ret;
}

/* What is missing: lines, and gets that the kernel could not record. */
static uint64_t lost(const struct findings *f, const struct held_source *source)
{
	uint64_t refused = 0;
	size_t i;

	for (i = 0; i < f->nr_folios; i++)
		refused += f->folios[i]->refused;
	if (source->counted && source->refused > refused)
		refused = source->refused;
	return source->unread + refused + source->busy;
}

static int read_and_write(struct trace *trace, struct classifier *cl, const struct options *opts)
{
	struct findings f = { 0 };
	struct held_ledger *ledger = held_new(trace, cl, &f);
	struct held_source source;
	int ret = EXIT_FAILED;

	if (!held_read(trace, &source, held_feed, ledger)) {
		source.unread += held_finish(ledger);
		trace->lost = lost(&f, &source);
		ret = trace->lost ? EXIT_LOST : EXIT_COMPLETE;
		if (source.first_bad)
			report_error("%s: line %" PRIu64 " is not whole, or not of the kind that it stands among; %" PRIu64 " such",
				     trace->file, source.first_bad, source.unread);
		if (write_report(trace, &f, &source, opts))
			ret = EXIT_FAILED;
	}
	held_free(ledger);
	findings_free(&f);
	return ret;
}

static int run(struct guard *guard, void *ctx)
{
	const struct options *opts = ctx;
	struct classifier *cl;
	struct trace trace;
	int ret = EXIT_FAILED;

	trace_init(&trace, opts->input);
	trace.guard = guard;
	cl = classifier_new(&trace);
	if ((!opts->kallsyms || !names_read(&trace, opts->kallsyms)) &&
	    (!opts->rules || !classifier_load(cl, opts->rules)))
		ret = read_and_write(&trace, cl, opts);
	classifier_free(cl);
	trace_fini(&trace);
	return ret;
}

int holders_main(int argc, char **argv)
{
	struct options opts;

	if (options_parse(&opts, &holders_command, argc, argv))
		return EXIT_USAGE;
	if (opts.help) {
		cli_help(&holders_command, stdout);
		return EXIT_COMPLETE;
	}
	return guard_run(opts.input, run, &opts);
}
