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

#include "classify.h"
#include "findings.h"
#include "ledger.h"
#include "options.h"
#include "rank.h"
#include "reader.h"
#include "render.h"
#include "symbols.h"
#include "task.h"
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

/* What the user did not ask for is left out before anything is summed up. */
static bool wanted(const struct failure *failure, void *ctx)
{
	const struct trace *trace = ((void **)ctx)[0];
	const struct options *opts = ((void **)ctx)[1];
	const struct task *victim = tasks_get(trace->tasks, failure->task);

	if (opts->reason && strcmp(opts->reason, event_reason_name(failure->reason)))
		return false;
	if (opts->by_pfn && opts->pfn != failure->pfn)
		return false;
	if (opts->by_pid && opts->pid != victim->pid)
		return false;
	return !opts->comm || !strcmp(opts->comm, victim->comm);
}

static int write_report(struct trace *trace, const struct findings *f,
			const struct options *opts)
{
	struct render r = {
		.out = stdout, .trace = trace, .f = f, .width = 80,
		.color = opts->color && !opts->output, .entries = opts->entries,
		.max_stack = opts->max_stack, .verbose = opts->verbose,
	};
	const char *name = opts->output ? opts->output : "standard output";
	int ret;

	if (opts->output) {
		r.out = fopen(opts->output, "w");
		if (!r.out) {
			report_error("%s: %s", name, strerror(errno));
			return -1;
		}
	}
	if (opts->format == FORMAT_JSON)
		render_json(&r);
	else
		render_text(&r);
	ret = ferror(r.out);
	ret |= opts->output ? fclose(r.out) : fflush(r.out);
	if (ret)
		report_error("%s: could not be written", name);
	return ret ? -1 : 0;
}

static int report_trace(struct trace *trace, const struct options *opts)
{
	struct classifier *cl = classifier_new(trace);
	struct findings f = { 0 };
	struct ledger *ledger = ledger_new(trace, cl, &f);
	void *ctx[] = { trace, (void *)opts };
	int ret = EXIT_FAILED;

	if (reader_run(trace, ledger_feed, ledger))
		goto out;
	if (!trace->events) {
		report_error("%s: no page_pinner events recorded; was the kernel booted with page_pinner=on?",
			     trace->file);
		goto out;
	}
	ledger_finish(ledger);
	findings_keep(&f, wanted, ctx);
	rank_findings(&f, trace, opts->key);
	if (!write_report(trace, &f, opts))
		ret = trace->lost || trace->holes ? EXIT_LOST : EXIT_COMPLETE;
out:
	ledger_free(ledger);
	classifier_free(cl);
	findings_free(&f);
	return ret;
}

static int cmd_report(int argc, char **argv)
{
	struct options opts;
	struct trace trace;
	int ret = EXIT_FAILED;

	if (options_parse(&opts, argc, argv))
		return EXIT_USAGE;
	if (opts.help) {
		fputs(options_usage(), stdout);
		return EXIT_COMPLETE;
	}
	if (opts.key && !rank_has_key(opts.key)) {
		report_error("--key: not one of %s: %s", rank_keys(), opts.key);
		return EXIT_USAGE;
	}
	trace_init(&trace, opts.input);
	if (!opts.kallsyms || !read_kallsyms(&trace, opts.kallsyms))
		ret = report_trace(&trace, &opts);
	trace_fini(&trace);
	return ret;
}

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "report", cmd_report },
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
