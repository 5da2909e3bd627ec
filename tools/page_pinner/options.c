// SPDX-License-Identifier: GPL-2.0
/*
 * The command line; see options.h.
 */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace/event.h"
#include "util.h"

#define DEFAULT_ENTRIES 20

static const char usage[] =
	"usage: page_pinner report [OPTION...] [FILE]\n"
	"       page_pinner record [OPTION...] [-- COMMAND...]   (see page_pinner record -h)\n"
	"Say who held the pages that could not be migrated.  FILE is what trace-cmd or\n"
	"perf recorded, or text of trace-cmd report, perf script or tracefs (default:\n"
	"trace.dat; \"-\" is text on standard input).\n"
	"\n"
	"  -i, --input=FILE      the recording, like FILE\n"
	"  -o, --output=FILE     write the report there\n"
	"      --format=FORMAT   text, json, jsonl, csv or folded\n"
	"  -x, --field-separator=SEP  csv with this between the columns\n"
	"  -F, --fields=LIST     columns of the table of holders, see the manual\n"
	"  -k, --key=KEY         rank holders by failures, pages, refs, blocked, max or\n"
	"                        median\n"
	"      --by=WHAT         sum holders up by function, module or task\n"
	"  -E, --entries=N       at most N rows of a table (0: all; default: 20 in text)\n"
	"      --max-stack=N     at most N frames of a stack (0: all)\n"
	"      --reason=REASON   only failures of this reason\n"
	"      --comm=NAME       only failures with a victim or holder of this name\n"
	"      --pid=PID         only failures with this victim or holder\n"
	"      --pfn=PFN         only failures of this page frame\n"
	"      --time=FROM,TO    only failures of this time, in seconds; either may lack\n"
	"      --explain=ID      the timeline of one mark, and what was matched with what\n"
	"      --rules=FILE      rules for stacks, asked before the built-in ones\n"
	"      --kallsyms=FILE   names of kernel addresses, where the recording has none\n"
	"      --color=WHEN      auto, always or never\n"
	"      --no-pager        to the terminal as it is\n"
	"  -v, --verbose         every single failure\n"
	"  -h, --help            this text\n"
	"\n"
	"Examples:\n"
	"  page_pinner report trace.dat\n"
	"  page_pinner report --reason=alloc_contig --format=json -o report.json trace.dat\n"
	"  page_pinner report --explain=1 trace.dat\n"
	"  perf script | page_pinner report -\n"
	"  page_pinner report --kallsyms=kallsyms perf.data\n"
	"\n"
	"Exit status: 0 complete, 1 failed, 2 usage, 3 a report was made but events were\n"
	"lost: verdicts that the loss touches are marked unsafe.\n";

enum {
	OPT_FORMAT = 256,
	OPT_MAX_STACK,
	OPT_REASON,
	OPT_COMM,
	OPT_PID,
	OPT_PFN,
	OPT_KALLSYMS,
	OPT_COLOR,
	OPT_NO_PAGER,
	OPT_TIME,
	OPT_EXPLAIN,
	OPT_RULES,
	OPT_BY,
};

static const struct option long_options[] = {
	{ "input", required_argument, NULL, 'i' },
	{ "output", required_argument, NULL, 'o' },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "key", required_argument, NULL, 'k' },
	{ "entries", required_argument, NULL, 'E' },
	{ "max-stack", required_argument, NULL, OPT_MAX_STACK },
	{ "reason", required_argument, NULL, OPT_REASON },
	{ "comm", required_argument, NULL, OPT_COMM },
	{ "pid", required_argument, NULL, OPT_PID },
	{ "pfn", required_argument, NULL, OPT_PFN },
	{ "kallsyms", required_argument, NULL, OPT_KALLSYMS },
	{ "color", required_argument, NULL, OPT_COLOR },
	{ "no-pager", no_argument, NULL, OPT_NO_PAGER },
	{ "field-separator", required_argument, NULL, 'x' },
	{ "fields", required_argument, NULL, 'F' },
	{ "time", required_argument, NULL, OPT_TIME },
	{ "explain", required_argument, NULL, OPT_EXPLAIN },
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "by", required_argument, NULL, OPT_BY },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL }
};

static int parse_number(const char *name, const char *text, uint64_t max, uint64_t *value)
{
	char *end;

	errno = 0;
	*value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || *value > max) {
		report_error("%s: not a number from 0 to %llu: %s", name,
			     (unsigned long long)max, text);
		return -1;
	}
	return 0;
}

static int parse_format(struct options *opts, const char *text)
{
	static const struct {
		const char *name;
		enum format format;
	} formats[] = {
		{ "text", FORMAT_TEXT }, { "json", FORMAT_JSON }, { "jsonl", FORMAT_JSONL },
		{ "csv", FORMAT_CSV }, { "folded", FORMAT_FOLDED },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++) {
		if (!strcmp(text, formats[i].name)) {
			opts->format = formats[i].format;
			return 0;
		}
	}
	report_error("--format: not text, json, jsonl, csv or folded: %s", text);
	return -1;
}

static int parse_color(struct options *opts, const char *text)
{
	const char *no_color = getenv("NO_COLOR");

	if (!strcmp(text, "always")) {
		opts->color = true;
	} else if (!strcmp(text, "never")) {
		opts->color = false;
	} else if (!strcmp(text, "auto")) {
		opts->color = isatty(STDOUT_FILENO) && (!no_color || !*no_color);
	} else {
		report_error("--color: not auto, always or never: %s", text);
		return -1;
	}
	return 0;
}

/* Seconds with any number of decimals; 584 years are more than a clock has. */
static int parse_seconds(const char *text, size_t len, uint64_t *ns)
{
	uint64_t unit = 1000000000, seconds = 0, rest = 0;
	size_t i = 0, digits = 0;

	for (; i < len && text[i] >= '0' && text[i] <= '9'; i++, digits++) {
		seconds = seconds * 10 + (text[i] - '0');
		if (seconds >= UINT64_MAX / unit)
			return -1;
	}
	if (i < len && text[i] == '.')
		for (i++; i < len && text[i] >= '0' && text[i] <= '9'; i++, digits++) {
			unit /= 10;
			rest += (text[i] - '0') * unit;
		}
	*ns = seconds * 1000000000 + rest;
	return i == len && digits ? 0 : -1;
}

static int parse_time(struct options *opts, const char *text)
{
	size_t len = strcspn(text, ",");
	const char *to = text + len + 1;

	opts->from_ns = 0;
	opts->to_ns = UINT64_MAX;
	if (!text[len] || !text[1] || (len && parse_seconds(text, len, &opts->from_ns)) ||
	    (*to && parse_seconds(to, strlen(to), &opts->to_ns))) {
		report_error("--time: not FROM,TO in seconds: %s", text);
		return -1;
	}
	if (opts->from_ns > opts->to_ns) {
		report_error("--time: FROM is later than TO: %s", text);
		return -1;
	}
	return 0;
}

/* Options whose value is taken as it is. */
static const char **text_option(struct options *opts, int option)
{
	switch (option) {
	case 'i':
		return &opts->input;
	case 'o':
		return &opts->output;
	case 'k':
		return &opts->key;
	case 'F':
		return &opts->fields;
	case 'x':
		return &opts->separator;
	case OPT_REASON:
		return &opts->reason;
	case OPT_COMM:
		return &opts->comm;
	case OPT_KALLSYMS:
		return &opts->kallsyms;
	case OPT_RULES:
		return &opts->rules;
	case OPT_BY:
		return &opts->by;
	}
	return NULL;
}

static int parse_option(struct options *opts, int option, const char *value)
{
	const char **text = text_option(opts, option);
	uint64_t number = 0;
	int ret = 0;

	if (text) {
		*text = value;
		if (option == 'x')
			opts->format = FORMAT_CSV;
		return 0;
	}
	switch (option) {
	case 'E':
		ret = parse_number("--entries", value, UINT_MAX, &number);
		opts->entries = number;
		opts->by_entries = true;
		break;
	case 'v':
		opts->verbose = true;
		break;
	case 'h':
		opts->help = true;
		break;
	case OPT_FORMAT:
		return parse_format(opts, value);
	case OPT_MAX_STACK:
		ret = parse_number("--max-stack", value, UINT_MAX, &number);
		opts->max_stack = number;
		break;
	case OPT_PID:
		ret = parse_number("--pid", value, INT_MAX, &number);
		opts->pid = number;
		opts->by_pid = true;
		break;
	case OPT_PFN:
		ret = parse_number("--pfn", value, UINT64_MAX, &opts->pfn);
		opts->by_pfn = true;
		break;
	case OPT_EXPLAIN:
		ret = parse_number("--explain", value, UINT_MAX, &number);
		opts->explain = number;
		break;
	case OPT_TIME:
		return parse_time(opts, value);
	case OPT_NO_PAGER:
		opts->pager = false;
		return 0;
	case OPT_COLOR:
		return parse_color(opts, value);
	default:
		return -1;
	}
	return ret;
}

int options_parse(struct options *opts, int argc, char **argv)
{
	int option;

	memset(opts, 0, sizeof(*opts));
	opts->to_ns = UINT64_MAX;
	opts->separator = ",";
	parse_color(opts, "auto");
	opts->pager = true;
	optind = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":i:o:k:E:F:x:vh", long_options, NULL)) >= 0) {
		if (option == '?' || option == ':') {
			report_error("%s: %s; see page_pinner report --help", argv[optind - 1],
				     option == '?' ? "no such option" : "needs a value");
			return -1;
		}
		if (parse_option(opts, option, optarg))
			return -1;
	}
	if (optind < argc && !opts->input)
		opts->input = argv[optind++];
	if (optind < argc) {
		report_error("%s: one recording at a time", argv[optind]);
		return -1;
	}
	if (!opts->input)
		opts->input = "trace.dat";
	if (!opts->by_entries && opts->format == FORMAT_TEXT && !opts->verbose)
		opts->entries = DEFAULT_ENTRIES;
	if (!*opts->separator) {
		report_error("--field-separator: needs a value");
		return -1;
	}
	return 0;
}

const char *options_usage(void)
{
	return usage;
}
