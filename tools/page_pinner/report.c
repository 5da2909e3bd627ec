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
#include "options.h"
#include "read/reader.h"
#include "show/explain.h"
#include "show/group.h"
#include "show/rank.h"
#include "show/render.h"
#include "show/terminal.h"
#include "trace/event.h"
#include "trace/guard.h"
#include "trace/inlined.h"
#include "trace/symbols.h"
#include "util.h"

/* Names from a file of the user's, for recordings that have none. */
static int read_kallsyms(struct trace *trace, const char *file)
{
	size_t size;
	char *text = read_file(file, &size);
	size_t found;

	if (!text) {
		report_error("%s: %s", file, strerror(errno));
		return -1;
	}
	found = symbols_parse_kallsyms(trace->symbols, text, size);
	free(text);
	if (!found) {
		report_error("%s: not a list of symbols such as /proc/kallsyms", file);
		return -1;
	}
	return 0;
}

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

static void render(const struct session *s, const struct view *r)
{
	if (s->opts->explain && s->opts->format == FORMAT_TEXT)
		fprintf(r->out, "%s\n", s->explain.text.text);
	switch (s->opts->format) {
	case FORMAT_TEXT:
		render_text(r);
		break;
	case FORMAT_JSON:
		render_json(r);
		break;
	case FORMAT_JSONL:
		render_jsonl(r);
		break;
	case FORMAT_CSV:
		render_csv(r);
		break;
	case FORMAT_FOLDED:
		render_folded(r);
		break;
	}
}

static int write_report(const struct session *s, const struct findings *groups)
{
	const struct options *opts = s->opts;
	struct view r = {
		.out = stdout, .trace = s->trace, .f = s->f, .groups = groups,
		.by = opts->by,
		.width = opts->output ? 0 : terminal_width(),
		.color = opts->color && !opts->output, .entries = opts->entries,
		.max_stack = opts->max_stack, .verbose = opts->verbose,
		.separator = opts->separator, .fields = opts->fields,
		.filter = s->filter.text, .all = s->all,
	};
	const char *name = opts->output ? opts->output : "standard output";
	struct pager pager;
	bool paged = false;
	int ret;

	if (opts->output) {
		r.out = fopen(opts->output, "w");
		if (!r.out) {
			report_error("%s: %s", name, strerror(errno));
			return -1;
		}
	}
	if (!opts->output && !opts->no_pager && opts->format == FORMAT_TEXT)
		paged = pager_open(&pager);
	if (paged)
		r.out = pager.out;
	render(s, &r);
	if (paged) {
		/* who quits the pager early has read enough */
		pager_close(&pager);
		return 0;
	}
	ret = ferror(r.out);
	ret |= opts->output ? fclose(r.out) : fflush(r.out);
	if (ret)
		report_error("%s: could not be written", name);
	return ret ? -1 : 0;
}

static int group_and_write(const struct session *s)
{
	struct findings groups = { 0 };
	int ret;

	if (!s->opts->by)
		return write_report(s, s->f);
	group_findings(s->f, s->opts->by, s->opts->key, s->trace, &groups);
	ret = write_report(s, &groups);
	findings_free(&groups);
	return ret;
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
	s->all = findings_count(s->f);
	filter_findings(s->f, trace, s->opts);
	filter_say(s->opts, &s->filter);
	rank_findings(s->f, s->trace, s->opts->key);
	if (group_and_write(s))
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
	if ((!opts->kallsyms || !read_kallsyms(&trace, opts->kallsyms)) &&
	    !read_debug(&trace, opts))
		ret = report_trace(&trace, opts);
	trace_fini(&trace);
	return ret;
}

int report_main(int argc, char **argv)
{
	struct options opts;

	if (options_parse(&opts, argc, argv))
		return EXIT_USAGE;
	if (opts.help) {
		cli_help(&report_command, stdout);
		return EXIT_COMPLETE;
	}
	return guard_run(opts.input, read_and_report, &opts);
}
