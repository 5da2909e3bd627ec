// SPDX-License-Identifier: GPL-2.0
/*
 * "page_pinner record"; see record.h.
 */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "options.h"
#include "read/reader.h"
#include "trace/trace.h"
#include "util.h"

/* Of each CPU, in KiB: about ten thousand events with their stacks. */
#define BUFFER_KB 8192

struct record {
	const char *output;
	const char *reason;
	const char *clock;
	uint64_t buffer_kb;
	bool date;
	bool dry_run;
	bool help;
	char **command;
	int nr_command;
};

/* The event that a reason's failures are reported by. */
static const char *event_of_reason(const char *reason)
{
	static const char *const own[] = {
		"alloc_contig", "compaction", "longterm_pin", "memory_hotplug",
	};
	int64_t value;
	size_t i;

	if (!event_enum_value("reason", reason, &value) || value <= REASON_WATCH)
		return NULL;
	for (i = 0; i < ARRAY_SIZE(own); i++)
		if (!strcmp(own[i], reason))
			return own[i];
	return "migrate";
}

/* Whose failures mark pages by an event of their own, or by that of migration. */
static const char *reason_word(size_t i)
{
	const char *reason;

	do {
		reason = options_reason(i++);
	} while (reason && !event_of_reason(reason));
	return reason;
}

static const char *clock_word(size_t i)
{
	static const char *const clocks[] = { "mono", "boot", "local", "global" };

	return i < ARRAY_SIZE(clocks) ? clocks[i] : NULL;
}

#define AT(member) .at = offsetof(struct record, member)

static const struct cli_option options[] = {
	{ "output", 'o', "FILE", "where to (default: trace.dat)", .file = true,
	  .set = CLI_TEXT, AT(output) },
	{ "buffer-size", 'b', "KB", "buffer of each CPU in KiB (default: 8192)",
	  "The default holds about ten thousand events with their stacks.",
	  .set = CLI_NUMBER, AT(buffer_kb), .min = 1, .max = INT_MAX },
	{ "clock", 'C', "CLOCK", "what times are taken from: @ (default: mono)",
	  "The order in which CPUs took and dropped a reference matters: mono, boot and\n"
	  "global are one clock for all CPUs, local is not.  mono stands still while the\n"
	  "machine is suspended, as the times of dmesg do; boot goes on; global takes a lock\n"
	  "at each event.",
	  .word = clock_word, .set = CLI_TEXT, AT(clock) },
	{ "date", 0, NULL, "note the time of day, so that the report can tell it",
	  "Times stay those of the clock in the report; trace-cmd report shows those of the\n"
	  "day then, unless it is given --nodate.",
	  .set = CLI_FLAG, AT(date) },
	{ "reason", 0, "REASON", "only failures of this reason mark pages: @",
	  "The last ones share one event with each other.",
	  .word = reason_word, .set = CLI_TEXT, AT(reason) },
	{ "dry-run", 'n', NULL, "print the command of trace-cmd, do not run it",
	  .set = CLI_FLAG, AT(dry_run) },
	{ "help", 'h', NULL, "this text", .set = CLI_FLAG, AT(help) },
	{ NULL }
};

static const char *const examples[] = {
	"page_pinner record -o cma.dat --reason=alloc_contig -- sleep 60",
	"page_pinner record -n -b 65536",
	NULL
};

const struct cli_command record_command = {
	.name = "record",
	.title = "record the events, with trace-cmd",
	.operands = "[-- COMMAND...]",
	.about = "Record page_pinner events with their stacks, until COMMAND ends or Ctrl-C.",
	.options = options,
	.notes = "The kernel has to be booted with page_pinner=on.",
	.examples = examples,
	.status = "0 complete, 1 failed, 2 usage, 3 events were lost.",
	.files = true,
	.rest = true,
};

/*
 * It tells the name of the area of an allocation that fails, and is written then
 * only.  A kernel without it has no name to tell; trace-cmd would refuse it there.
 */
static bool has_area_event(const struct record *rec)
{
	static const char *const files[] = {
		"/sys/kernel/tracing/events/cma/cma_alloc_busy_retry/enable",
		"/sys/kernel/debug/tracing/events/cma/cma_alloc_busy_retry/enable",
	};
	bool wanted = !rec->reason || !strcmp(rec->reason, "alloc_contig");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		if (wanted && !access(files[i], W_OK))
			return true;
	return false;
}

/* Arguments of trace-cmd; @kb and @fail are texts that it points into. */
static char **build_command(const struct record *rec, struct strbuf *kb, struct strbuf *fail)
{
	static const char *const refs[] = {
		"page_pinner:page_pinner_get", "page_pinner:page_pinner_put",
		"page_pinner:page_pinner_unmark",
	};
	char **args = xzalloc((rec->nr_command + 24) * sizeof(*args));
	const char *first[] = { "trace-cmd", "record", "-o", rec->output, "-C", rec->clock, "-b" };
	size_t n, i;

	for (n = 0; n < ARRAY_SIZE(first); n++)
		args[n] = (char *)first[n];
	strbuf_add(kb, "%" PRIu64, rec->buffer_kb);
	args[n++] = kb->text;
	if (rec->date)
		args[n++] = "--date";
	args[n++] = "-e";
	if (rec->reason) {
		strbuf_add(fail, "page_pinner:page_pinner_fail_%s", event_of_reason(rec->reason));
		args[n++] = fail->text;
		for (i = 0; i < ARRAY_SIZE(refs); i++) {
			args[n++] = "-e";
			args[n++] = (char *)refs[i];
		}
	} else {
		args[n++] = "page_pinner";
	}
	if (has_area_event(rec)) {
		args[n++] = "-e";
		args[n++] = "cma:cma_alloc_busy_retry";
	}
	args[n++] = "-T";
	for (i = 0; i < (size_t)rec->nr_command; i++)
		args[n++] = rec->command[i];
	return args;
}

static int run_command(char **args)
{
	pid_t pid;
	int status;

	/* Ctrl-C ends the recording, and is not for us: the losses come after. */
	signal(SIGINT, SIG_IGN);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		signal(SIGINT, SIG_DFL);
		execvp(args[0], args);
		report_error("%s: %s", args[0], strerror(errno));
		_exit(127);
	}
	if (pid < 0) {
		report_error("fork: %s", strerror(errno));
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return -1;
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		report_error("trace-cmd failed; is this root, and was the kernel booted with page_pinner=on?");
		return -1;
	}
	return 0;
}

static void count_event(void *ctx, const struct pin_event *ev)
{
	if (ev->type != PIN_LOST)
		*(uint64_t *)ctx += 1;
}

/* Read what was written: an empty recording and losses are said at once. */
static int check_recording(const struct record *rec)
{
	struct trace trace;
	uint64_t events = 0;
	int ret = EXIT_FAILED;

	trace_init(&trace, rec->output);
	if (reader_run(&trace, count_event, &events))
		goto out;
	ret = EXIT_COMPLETE;
	fprintf(stderr, "page_pinner: %s: %llu events; next: page_pinner report %s\n", rec->output,
		(unsigned long long)events, rec->output);
	if (trace.holes) {
		report_error("%s: events were lost in %llu places: record with larger buffers (-b %llu), or one reason alone (--reason)",
			     rec->output, (unsigned long long)trace.holes, (unsigned long long)rec->buffer_kb * 4);
		ret = EXIT_LOST;
	}
out:
	trace_fini(&trace);
	return ret;
}

static int parse(struct record *rec, int argc, char **argv)
{
	int at = cli_parse(&record_command, rec, argc, argv);

	if (at < 0)
		return -1;
	rec->command = argv + at;
	rec->nr_command = argc - at;
	return 0;
}

int record_main(int argc, char **argv)
{
	struct record rec = { .output = "trace.dat", .clock = "mono", .buffer_kb = BUFFER_KB };
	struct strbuf kb = { 0 }, fail = { 0 };
	int ret = EXIT_COMPLETE, i;
	char **args;

	if (parse(&rec, argc, argv))
		return EXIT_USAGE;
	if (rec.help) {
		cli_help(&record_command, stdout);
		return EXIT_COMPLETE;
	}
	args = build_command(&rec, &kb, &fail);
	if (rec.dry_run) {
		for (i = 0; args[i]; i++)
			printf("%s%s", i ? " " : "", args[i]);
		putchar('\n');
	} else {
		ret = run_command(args) ? EXIT_FAILED : check_recording(&rec);
	}
	free(args);
	free(kb.text);
	free(fail.text);
	return ret;
}
