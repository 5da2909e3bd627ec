// SPDX-License-Identifier: GPL-2.0
/*
 * The options of "page_pinner report" and "page_pinner holders"; see options.h.
 */
#include "options.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "show/columns.h"
#include "show/group.h"
#include "show/rank.h"
#include "trace/event.h"
#include "util.h"

#define DEFAULT_ENTRIES 20
#define NS_PER_S 1000000000ull

static const char *word_of(const char *const *words, size_t nr, size_t i)
{
	return i < nr ? words[i] : NULL;
}

static const char *const formats[] = {
	[FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", [FORMAT_JSONL] = "jsonl",
	[FORMAT_CSV] = "csv", [FORMAT_FOLDED] = "folded",
};

static const char *format_word(size_t i)
{
	return word_of(formats, ARRAY_SIZE(formats), i);
}

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

static const char *const colors[] = {
	[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never",
};

static const char *color_word(size_t i)
{
	return word_of(colors, ARRAY_SIZE(colors), i);
}

static const char *by_word(size_t i)
{
	return i < NR_GROUP_BY ? group_name(i) : NULL;
}

/* Who only watches has not failed: failures have the reasons behind that. */
const char *options_reason(size_t i)
{
	i += REASON_WATCH + 1;
	return i <= REASON_DEVICE ? event_reason_name(i) : NULL;
}

static int set_format(void *to, const struct cli_option *option, const char *text)
{
	((struct options *)to)->format = cli_word(option, text);
	return 0;
}

static int set_by(void *to, const struct cli_option *option, const char *text)
{
	((struct options *)to)->by = cli_word(option, text);
	return 0;
}

static int set_separator(void *to, const struct cli_option *option, const char *text)
{
	struct options *opts = to;
	const char *p;

	/* most likely the file's name: no column could be told from the next */
	for (p = text; *p; p++)
		if (isalnum((unsigned char)*p) || strchr("\"\n.", *p)) {
			report_error("--%s: letters, digits, dots and quotes stand in the columns: %s",
				     option->name, text);
			return -1;
		}
	opts->separator = text;
	opts->format = FORMAT_CSV;
	return 0;
}

static bool wants_color(enum color color)
{
	const char *no_color = getenv("NO_COLOR");

	return color == COLOR_ALWAYS ||
	       (color == COLOR_AUTO && isatty(STDOUT_FILENO) && (!no_color || !*no_color));
}

static int set_color(void *to, const struct cli_option *option, const char *text)
{
	((struct options *)to)->color = wants_color(cli_word(option, text));
	return 0;
}

/* Seconds with any number of decimals; 584 years are more than a clock has. */
static int parse_seconds(const char *text, size_t len, uint64_t *ns)
{
	uint64_t unit = NS_PER_S, seconds = 0, rest = 0;
	size_t i = 0, digits = 0;

	for (; i < len && text[i] >= '0' && text[i] <= '9'; i++, digits++) {
		seconds = seconds * 10 + (text[i] - '0');
		if (seconds >= UINT64_MAX / NS_PER_S)
			return -1;
	}
	if (i < len && text[i] == '.')
		for (i++; i < len && text[i] >= '0' && text[i] <= '9'; i++, digits++) {
			unit /= 10;
			rest += (text[i] - '0') * unit;
		}
	*ns = seconds * NS_PER_S + rest;
	return i == len && digits ? 0 : -1;
}

static int set_time(void *to, const struct cli_option *option, const char *text)
{
	struct options *opts = to;
	size_t len = strcspn(text, ",");
	const char *until = text + len + 1;

	opts->from_ns = 0;
	opts->to_ns = UINT64_MAX;
	if (!text[len] || !text[1] || (len && parse_seconds(text, len, &opts->from_ns)) ||
	    (*until && parse_seconds(until, strlen(until), &opts->to_ns))) {
		report_error("--time: not FROM,TO in seconds: %s", text);
		return -1;
	}
	if (opts->from_ns > opts->to_ns) {
		report_error("--time: FROM is later than TO: %s", text);
		return -1;
	}
	return 0;
}

static int add_debug(void *to, const struct cli_option *option, const char *text)
{
	struct options *opts = to;

	if (opts->nr_debug == ARRAY_SIZE(opts->debug)) {
		report_error("--vmlinux: too many of them; give a directory: %s", text);
		return -1;
	}
	opts->debug[opts->nr_debug++] = text;
	return 0;
}

#define AT(member) .at = offsetof(struct options, member)
#define GIVEN(member) .given = offsetof(struct options, member)

/* What several commands take. */
#define OPTION_OUTPUT								\
	{ "output", 'o', "FILE", "write the report there", .file = true,	\
	  .set = CLI_TEXT, AT(output) }
#define OPTION_SEPARATOR							\
	{ "field-separator", 'x', "SEP", "the form csv, with SEP between the columns", \
	  .set = set_separator }
#define OPTION_FIELDS								\
	{ "fields", 'F', "LIST", "columns of the table of holders, in text and csv: " \
	  "some of @, separated by commas",					\
	  "open counts references never given back; min, median, p90 and max are of the\n" \
	  "time held; blocked is the time its victims' pages were blocked, summed; from is\n" \
	  "held or released, task says by whom, by is both.",			\
	  .word = columns_name, .list = true, .set = CLI_TEXT, AT(fields) }
#define OPTION_KEY								\
	{ "key", 'k', "KEY", "rank holders by @", .word = rank_key,		\
	  .set = CLI_TEXT, AT(key) }
#define OPTION_BY								\
	{ "by", 0, "WHAT", "sum holders up by @",				\
	  "In the table of text and csv, and in an array \"groups\" of JSON.",	\
	  .word = by_word, .set = set_by }
#define OPTION_ENTRIES								\
	{ "entries", 'E', "N", "at most N rows of a table in text and csv (0: all; default: " \
	  "20 in text, all with -v)", .set = CLI_NUMBER, AT(entries), GIVEN(by_entries), \
	  .max = UINT_MAX }
#define OPTION_MAX_STACK							\
	{ "max-stack", 0, "N", "at most N frames of a stack (0: all)",		\
	  .set = CLI_NUMBER, AT(max_stack), .max = UINT_MAX }
#define OPTION_RULES								\
	{ "rules", 0, "FILE", "rules for stacks, asked before the built-in ones", \
	  "The last line is asked first.  A line is \"class role direction function ...\",\n" \
	  "with role one of holder, batch, pinner, migrate, expected, brief, alloc and\n" \
	  "helper, direction one of get, put and any, and functions in which an asterisk\n" \
	  "stands for any characters; # starts a comment.  A stack is that of its first\n" \
	  "frame from within that is not a helper.",				\
	  .file = true, .set = CLI_TEXT, AT(rules) }
#define OPTION_COLOR								\
	{ "color", 0, "WHEN", "colours: @", .word = color_word, .set = set_color }
#define OPTION_NO_PAGER								\
	{ "no-pager", 0, NULL, "to the terminal as it is, not through a pager",	\
	  .set = CLI_FLAG, AT(no_pager) }
#define OPTION_HELP { "help", 'h', NULL, "this text", .set = CLI_FLAG, AT(help) }

static const struct cli_option report_options[] = {
	{ "input", 'i', "FILE", "the recording, like FILE", .file = true,
	  .set = CLI_TEXT, AT(input) },
	OPTION_OUTPUT,
	{ "format", 0, "FORMAT", "the form of the report: @",
	  "text is for people; json is one document, schema page_pinner.report/1; jsonl is\n"
	  "a line of JSON for the report as a whole, each failure, holder, victim and\n"
	  "group; csv is the table of holders with times in nanoseconds; folded is stacks\n"
	  "of holders as flame graphs are made of, counted in references.",
	  .word = format_word, .set = set_format },
	OPTION_SEPARATOR,
	OPTION_FIELDS,
	OPTION_KEY,
	OPTION_BY,
	OPTION_ENTRIES,
	OPTION_MAX_STACK,
	{ "reason", 0, "REASON", "only failures of this reason: @", .word = options_reason,
	  .set = CLI_TEXT, AT(reason) },
	{ "comm", 0, "NAME", "only failures with a victim or holder of this name",
	  .set = CLI_TEXT, AT(comm) },
	{ "pid", 0, "PID", "only failures with this victim or holder",
	  .set = CLI_NUMBER, AT(pid), GIVEN(by_pid), .max = INT_MAX },
	{ "pfn", 0, "PFN", "only failures of the folio that this page frame lies in",
	  .set = CLI_NUMBER, AT(pfn), GIVEN(by_pfn), .max = UINT64_MAX },
	{ "time", 0, "FROM,TO", "only failures of this time, in seconds as the recording and "
	  "dmesg count them; either may lack", .set = set_time },
	{ "explain", 0, "ID", "the timeline of the mark with this id, and what was matched with "
	  "what",
	  "Each change of the refcount, which get was matched with which put and why, and\n"
	  "what else it could have been; then the verdict on it.",
	  .set = CLI_NUMBER, AT(explain), .min = 1, .max = UINT32_MAX },
	OPTION_RULES,
	{ "kallsyms", 0, "FILE", "names of kernel addresses, where the recording has none",
	  .file = true, .set = CLI_TEXT, AT(kallsyms) },
	{ "vmlinux", 0, "FILE", "debug information of the kernel or of a module, or a directory "
	  "with modules; may be given several times",
	  "Stacks then show which functions were inlined into others, with file and line.\n"
	  "Verdicts are the same without it.  Where the kernel was loaded is found by the\n"
	  "symbols of the recording; perf.data without symbols takes those of vmlinux.",
	  .file = true, .set = add_debug },
	OPTION_COLOR,
	OPTION_NO_PAGER,
	{ "verbose", 'v', NULL, "every single failure, and stacks in full",
	  "Without it, failures that tell the same story are told once.",
	  .set = CLI_FLAG, AT(verbose) },
	OPTION_HELP,
	{ NULL }
};

static const struct cli_option holders_options[] = {
	{ "input", 'i', "FILE", "what the kernel said, like FILE", .file = true,
	  .set = CLI_TEXT, AT(input) },
	OPTION_OUTPUT,
	{ "format", 0, "FORMAT", "the form of the report: @",
	  "As of report, with the folios in an array \"folios\" of JSON and as lines of\n"
	  "jsonl.",
	  .word = format_word, .set = set_format },
	OPTION_SEPARATOR,
	OPTION_FIELDS,
	OPTION_KEY,
	OPTION_BY,
	OPTION_ENTRIES,
	OPTION_MAX_STACK,
	{ "comm", 0, "NAME", "only folios with a holder of this name",
	  .set = CLI_TEXT, AT(comm) },
	{ "pid", 0, "PID", "only folios with this holder",
	  .set = CLI_NUMBER, AT(pid), GIVEN(by_pid), .max = INT_MAX },
	{ "pfn", 0, "PFN", "only the folio that this page frame lies in",
	  .set = CLI_NUMBER, AT(pfn), GIVEN(by_pfn), .max = UINT64_MAX },
	OPTION_RULES,
	{ "kallsyms", 0, "FILE", "names of kernel addresses, where the kernel gave none",
	  .file = true, .set = CLI_TEXT, AT(kallsyms) },
	OPTION_COLOR,
	OPTION_NO_PAGER,
	{ "verbose", 'v', NULL, "every single folio, and stacks in full",
	  "Without it, folios that are held alike are told once.",
	  .set = CLI_FLAG, AT(verbose) },
	OPTION_HELP,
	{ NULL }
};

static const char *const report_examples[] = {
	"page_pinner report trace.dat",
	"page_pinner report --reason=alloc_contig --format=json -o report.json trace.dat",
	"page_pinner report --explain=1 trace.dat",
	"perf script | page_pinner report -",
	"page_pinner report --kallsyms=kallsyms perf.data",
	NULL
};

const struct cli_command report_command = {
	.name = "report",
	.title = "say who held the pages that could not be migrated",
	.operands = "[FILE]",
	.about = "Say who held the pages that could not be migrated.  FILE is what trace-cmd or\n"
		"perf recorded, or text of trace-cmd report, perf script or tracefs (default:\n"
		"trace.dat; \"-\" is standard input).",
	.options = report_options,
	.examples = report_examples,
	.status = "0 complete, 1 failed, 2 usage, 3 a report was made but events were\n"
		"lost: verdicts that the loss touches are marked unsafe.",
	.files = true,
};

static const char *const holders_examples[] = {
	"page_pinner holders",
	"dmesg | page_pinner holders -",
	"page_pinner holders --by=function --format=json -o holders.json saved",
	NULL
};

const struct cli_command holders_command = {
	.name = "holders",
	.title = "say who holds pages now, without a recording",
	.operands = "[FILE]",
	.about = "Say who holds pages now: what the kernel has on record of marked and watched\n"
		"folios, and what its scan finds.  FILE is a copy of \"holders\" or \"scan\" in the\n"
		"debugfs directory page_pinner, a directory with both, or a kernel log in which\n"
		"dump_page() says it (default: " OPTIONS_DEBUGFS ";\n"
		"\"-\" is standard input).",
	.options = holders_options,
	.examples = holders_examples,
	.status = "0 complete, 1 failed, 2 usage, 3 a report was made but is not all:\n"
		"the kernel had no room for some gets, or lines could not be read.",
	.files = true,
};

int options_parse(struct options *opts, const struct cli_command *command, int argc, char **argv)
{
	int at;

	memset(opts, 0, sizeof(*opts));
	opts->to_ns = UINT64_MAX;
	opts->separator = ",";
	opts->color = wants_color(COLOR_AUTO);
	at = cli_parse(command, opts, argc, argv);
	if (at < 0)
		return -1;
	if (at < argc && !opts->input)
		opts->input = argv[at++];
	if (at < argc) {
		report_error("%s: one file at a time", argv[at]);
		return -1;
	}
	if (!opts->input)
		opts->input = command == &holders_command ? OPTIONS_DEBUGFS : "trace.dat";
	if (!opts->by_entries && opts->format == FORMAT_TEXT && !opts->verbose)
		opts->entries = DEFAULT_ENTRIES;
	return 0;
}
