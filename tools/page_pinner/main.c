// SPDX-License-Identifier: GPL-2.0
/*
 * page_pinner: who holds the pages that could not be migrated.
 *
 * reader -> event -> ledger -> pair -> deduce -> findings -> rank -> render
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/classify.h"
#include "show/explain.h"
#include "judge/findings.h"
#include "show/group.h"
#include "read/guard.h"
#include "judge/ledger.h"
#include "options.h"
#include "show/rank.h"
#include "read/reader.h"
#include "record.h"
#include "show/render.h"
#include "trace/symbols.h"
#include "trace/task.h"
#include "show/terminal.h"
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

struct session {
	struct trace *trace;
	struct findings *f;
	const struct options *opts;
	struct explain explain;
};

/* Is this task the victim, or one of the holders? */
static bool involves(const struct session *s, uint32_t task)
{
	const struct task *t = tasks_get(s->trace->tasks, task);

	return (!s->opts->by_pid || s->opts->pid == t->pid) &&
	       (!s->opts->comm || !strcmp(s->opts->comm, t->comm));
}

/* What the user did not ask for is left out before anything is summed up. */
static bool wanted(const struct failure *failure, void *ctx)
{
	const struct session *s = ctx;
	const struct options *opts = s->opts;
	size_t i;

	if (opts->reason && strcmp(opts->reason, event_reason_name(failure->reason)))
		return false;
	if (opts->by_pfn && opts->pfn != failure->pfn)
		return false;
	if (opts->explain && opts->explain != failure->id)
		return false;
	if (failure->time_ns < opts->from_ns || failure->time_ns > opts->to_ns)
		return false;
	if (involves(s, failure->task))
		return true;
	for (i = 0; i < failure->nr_claims; i++)
		if (failure->claims[i].known && involves(s, failure->claims[i].task))
			return true;
	return false;
}

static void render(const struct session *s, const struct render *r)
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
	struct render r = {
		.out = stdout, .trace = s->trace, .f = s->f, .groups = groups,
		.by = opts->by ? group_parse(opts->by) : GROUP_BY_HOLDER,
		.width = opts->output ? 0 : terminal_width(),
		.color = opts->color && !opts->output, .entries = opts->entries,
		.max_stack = opts->max_stack, .verbose = opts->verbose,
		.separator = opts->separator, .fields = opts->fields,
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
	if (!opts->output && opts->pager && opts->format == FORMAT_TEXT)
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
	group_findings(s->f, group_parse(s->opts->by), s->opts->key, s->trace, &groups);
	ret = write_report(s, &groups);
	findings_free(&groups);
	return ret;
}

static int finish_report(struct session *s, struct ledger *ledger)
{
	const struct trace *trace = s->trace;

	if (!trace->events) {
		report_error("%s: no page_pinner events recorded; was the kernel booted with page_pinner=on?",
			     trace->file);
		return EXIT_FAILED;
	}
	ledger_finish(ledger);
	if (s->opts->explain && !s->explain.text.len) {
		report_error("%s: no failure with id %u", trace->file, s->opts->explain);
		return EXIT_FAILED;
	}
	findings_keep(s->f, wanted, s);
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
	ledger_free(ledger);
	classifier_free(cl);
	findings_free(&f);
	return ret;
}

/* Names that mean something only to other modules. */
static int check_names(const struct options *opts)
{
	if (opts->key && !rank_has_key(opts->key)) {
		report_error("--key: not one of %s: %s", rank_keys(), opts->key);
		return -1;
	}
	if (opts->by && group_parse(opts->by) == NR_GROUP_BY) {
		report_error("--by: not holder, function, module or task: %s", opts->by);
		return -1;
	}
	if (opts->fields && !render_has_fields(opts->fields)) {
		report_error("--fields: not among %s: %s", render_fields(), opts->fields);
		return -1;
	}
	return 0;
}

static int read_and_report(struct guard *guard, void *ctx)
{
	const struct options *opts = ctx;
	struct trace trace;
	int ret = EXIT_FAILED;

	trace_init(&trace, opts->input);
	trace.guard = guard;
	if (!opts->kallsyms || !read_kallsyms(&trace, opts->kallsyms))
		ret = report_trace(&trace, opts);
	trace_fini(&trace);
	return ret;
}

static int cmd_report(int argc, char **argv)
{
	struct options opts;

	if (options_parse(&opts, argc, argv))
		return EXIT_USAGE;
	if (opts.help) {
		fputs(options_usage(), stdout);
		return EXIT_COMPLETE;
	}
	if (check_names(&opts))
		return EXIT_USAGE;
	return guard_run(opts.input, read_and_report, &opts);
}

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "report", cmd_report },
	{ "record", record_main },
};

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		fputs(options_usage(), stdout);
		return EXIT_COMPLETE;
	}
	report_error(*name ? "%s: no such command; see page_pinner --help" :
		     "%sno command; see page_pinner --help", name);
	return EXIT_USAGE;
}
