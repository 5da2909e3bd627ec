// SPDX-License-Identifier: GPL-2.0
/*
 * "page_pinner report"; see report.h.
 */
#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "judge/classify.h"
#include "judge/findings.h"
#include "judge/ledger.h"
#include "names.h"
#include "options.h"
#include "output.h"
#include "read/reader.h"
#include "show/explain.h"
#include "show/rank.h"
#include "trace/event.h"
#include "trace/guard.h"
#include "trace/inlined.h"
#include "trace/symbols.h"
#include "util.h"

static int read_debug(struct trace *trace, const struct options *opts)
{
	size_t i;

	for (i = 0; i < opts->nr_debug; i++)
		if (inlined_add(trace->inlined, opts->debug[i]))
			return -1;
	return 0;
}

struct session {
	struct trace *trace;
	struct findings *f;
	const struct options *opts;
	struct explain explain;
	struct strbuf filter;
	uint64_t all;
};

static int write_report(const struct session *s)
{
	struct view view = {
		.trace = s->trace, .f = s->f, .filter = s->filter.text, .all = s->all,
		.preface = s->explain.text.text,
	};

	return output_grouped(&view, s->opts);
}

static int finish_report(struct session *s, struct ledger *ledger)
{
	const struct trace *trace = s->trace;

	if (!trace->events && !(trace->on & 1u << PIN_FAIL)) {
		report_error("%s: " READER_NO_EVENTS, trace->file);
		return EXIT_FAILED;
	}
	ledger_finish(ledger);
	if (s->opts->explain && !s->explain.text.len) {
		report_error("%s: no failure with id %" PRIu64, trace->file,
			     s->opts->explain);
		return EXIT_FAILED;
	}
	s->all = findings_count(s->f) + s->f->left_out;
	filter_findings(s->f, trace, s->opts);
	filter_say(s->opts, &s->filter);
	rank_findings(s->f, s->trace, s->opts->key);
	if (write_report(s))
		return EXIT_FAILED;
	return trace->lost || trace->holes ? EXIT_LOST : EXIT_COMPLETE;
}

static int report_trace(struct trace *trace, const struct options *opts)
{
	struct classifier *cl = classifier_new(trace);
	struct findings f = { 0 };
	struct ledger *ledger = ledger_new(trace, cl, &f);
	struct session s = {
		.trace = trace, .f = &f, .opts = opts,
		.explain = { .id = opts->explain, .trace = trace, .cl = cl },
	};
	int ret = EXIT_FAILED;

	filter_early(&f, opts);
	if (opts->explain)
		ledger_watch(ledger, explain_episode, &s.explain);
	if ((!opts->rules || !classifier_load(cl, opts->rules)) &&
	    !reader_run(trace, ledger_feed, ledger))
		ret = finish_report(&s, ledger);
	free(s.explain.text.text);
	free(s.filter.text);
	ledger_free(ledger);
	classifier_free(cl);
	findings_free(&f);
	return ret;
}

static int read_and_report(struct guard *guard, void *ctx)
{
	const struct options *opts = ctx;
	struct trace trace;
	int ret = EXIT_FAILED;

	trace_init(&trace, opts->input);
	trace.guard = guard;
	trace.asked = opts->by_pfn;
	trace.asked_pfn = opts->pfn;
	if ((!opts->kallsyms || !names_read(&trace, opts->kallsyms)) &&
	    !read_debug(&trace, opts))
		ret = report_trace(&trace, opts);
	trace_fini(&trace);
	return ret;
}

int report_main(int argc, char **argv)
{
	struct options opts;

	if (options_parse(&opts, &report_command, argc, argv))
		return EXIT_USAGE;
	if (opts.help) {
		cli_help(&report_command, stdout);
		return EXIT_COMPLETE;
	}
	return guard_run(opts.input, read_and_report, &opts);
}
