// SPDX-License-Identifier: GPL-2.0
/*
 * "page_pinner record"; see record.h.
 */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <getopt.h>
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

static const char usage[] =
	"usage: page_pinner record [OPTION...] [-- COMMAND...]\n"
	"Record page_pinner events with their stacks, until COMMAND ends or Ctrl-C.\n"
	"\n"
	"  -o, --output=FILE        where to (default: trace.dat)\n"
	"  -b, --buffer-size=KB     buffer of each CPU (default: 8192)\n"
	"      --reason=REASON      only failures of this reason mark pages\n"
	"  -n, --dry-run            print the command of trace-cmd, do not run it\n"
	"  -h, --help               this text\n"
	"\n"
	"The kernel has to be booted with page_pinner=on.\n"
	"\n"
	"Examples:\n"
	"  page_pinner record -o cma.dat --reason=alloc_contig -- sleep 60\n"
	"  page_pinner record -n -b 65536\n"
	"\n"
	"Exit status: 0 complete, 1 failed, 2 usage, 3 events were lost.\n";

struct record {
	const char *output;
	const char *reason;
	unsigned int buffer_kb;
	bool dry_run;
	bool help;
	char **command;
	int nr_command;
};

static int parse(struct record *rec, int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "buffer-size", required_argument, NULL, 'b' },
		{ "reason", required_argument, NULL, 'r' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL }
	};
	unsigned long kb;
	char *end;
	int option;

	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:o:b:nh", long_options, NULL)) >= 0) {
		switch (option) {
		case 'o':
			rec->output = optarg;
			break;
		case 'b':
			kb = strtoul(optarg, &end, 10);
			if (end == optarg || *end || !kb || kb > INT_MAX || *optarg == '-') {
				report_error("--buffer-size: not a number of KiB: %s", optarg);
				return -1;
			}
			rec->buffer_kb = kb;
			break;
		case 'r':
			rec->reason = optarg;
			break;
		case 'n':
			rec->dry_run = true;
			break;
		case 'h':
			rec->help = true;
			break;
		default:
			report_error("%s: %s; see page_pinner record --help", argv[optind - 1],
				     option == ':' ? "needs a value" : "no such option");
			return -1;
		}
	}
	rec->command = argv + optind;
	rec->nr_command = argc - optind;
	return 0;
}

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

/* Arguments of trace-cmd; @kb and @fail are texts that it points into. */
static char **build_command(const struct record *rec, struct strbuf *kb, struct strbuf *fail)
{
	char **args = xzalloc((rec->nr_command + 24) * sizeof(*args));
	int n = 0, i;

	strbuf_add(kb, "%u", rec->buffer_kb);
	args[n++] = "trace-cmd";
	args[n++] = "record";
	args[n++] = "-o";
	args[n++] = (char *)rec->output;
	args[n++] = "-b";
	args[n++] = kb->text;
	args[n++] = "-e";
	if (rec->reason) {
		strbuf_add(fail, "page_pinner:page_pinner_fail_%s", event_of_reason(rec->reason));
		args[n++] = fail->text;
		args[n++] = "-e";
		args[n++] = "page_pinner:page_pinner_get";
		args[n++] = "-e";
		args[n++] = "page_pinner:page_pinner_put";
		args[n++] = "-e";
		args[n++] = "page_pinner:page_pinner_unmark";
	} else {
		args[n++] = "page_pinner";
	}
	args[n++] = "-T";
	for (i = 0; i < rec->nr_command; i++)
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
			     rec->output, (unsigned long long)trace.holes, rec->buffer_kb * 4ull);
		ret = EXIT_LOST;
	}
out:
	trace_fini(&trace);
	return ret;
}

int record_main(int argc, char **argv)
{
	struct record rec = { .output = "trace.dat", .buffer_kb = BUFFER_KB };
	struct strbuf kb = { 0 }, fail = { 0 };
	int ret = EXIT_COMPLETE, i;
	char **args;

	if (parse(&rec, argc, argv))
		return EXIT_USAGE;
	if (rec.help) {
		fputs(usage, stdout);
		return EXIT_COMPLETE;
	}
	if (rec.reason && !event_of_reason(rec.reason)) {
		report_error("--reason: no such reason: %s", rec.reason);
		return EXIT_USAGE;
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
