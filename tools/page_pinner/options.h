/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The options of "page_pinner report" and "page_pinner holders".
 */
#ifndef PAGE_PINNER_OPTIONS_H
#define PAGE_PINNER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "show/view.h"

/**
 * enum format - what a report looks like
 * @FORMAT_TEXT: for people
 * @FORMAT_JSON: one document, schema page_pinner.report/1
 * @FORMAT_JSONL: a line of JSON for each failure and holder
 * @FORMAT_CSV: the table of holders
 * @FORMAT_FOLDED: stacks of holders for flame graphs
 */
enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_JSONL,
	FORMAT_CSV,
	FORMAT_FOLDED,
};

/* How often --vmlinux may be given. */
#define OPTIONS_DEBUG 64

/**
 * struct options - what the user wants
 * @input: the recording or what the kernel said, "-" is standard input
 * @output: where the report goes, NULL is standard output
 * @format: its form
 * @key: by what holders are ranked, NULL for the default
 * @by: by what holders are summed up
 * @kallsyms: file with names of addresses, NULL for none
 * @debug: files and directories with debug information
 * @nr_debug: how many
 * @reason: only failures of this reason, NULL for all
 * @comm: only failures with a victim or holder of this name, NULL for all
 * @pid: only failures with this victim or holder, if @by_pid
 * @pfn: only failures of this page frame, if @by_pfn
 * @by_pid: @pid is given
 * @by_pfn: @pfn is given
 * @rules: file with rules of the user's, NULL for none
 * @fields: columns of the table of holders, NULL for the default
 * @separator: of csv
 * @from_ns: only failures from this time on
 * @to_ns: and not after this one
 * @explain: tell the story of this mark instead, 0 for none
 * @entries: rows of a table, 0 for all
 * @by_entries: @entries is given
 * @max_stack: frames of a stack, 0 for all
 * @color: escapes for a terminal
 * @no_pager: not page by page, even if there is a terminal
 * @verbose: every single failure
 * @help: print the usage instead
 */
struct options {
	const char *input;
	const char *output;
	enum format format;
	const char *key;
	enum group_by by;
	const char *kallsyms;
	const char *debug[OPTIONS_DEBUG];
	size_t nr_debug;
	const char *reason;
	const char *comm;
	uint64_t pid;
	uint64_t pfn;
	bool by_pid;
	bool by_pfn;
	const char *rules;
	const char *fields;
	const char *separator;
	uint64_t from_ns;
	uint64_t to_ns;
	uint64_t explain;
	uint64_t entries;
	bool by_entries;
	uint64_t max_stack;
	bool color;
	bool no_pager;
	bool verbose;
	bool help;
};

/* What "holders" reads if it is not told. */
#define OPTIONS_DEBUGFS "/sys/kernel/debug/page_pinner"

/**
 * options_parse - read the arguments of a command
 * @opts: filled in; points into @argv
 * @command: one of those below
 * @argc: number of arguments
 * @argv: the arguments, the command first
 *
 * Return: 0, or -1 after an error was reported.
 */
int options_parse(struct options *opts, const struct cli_command *command, int argc, char **argv);

/**
 * options_reason - the reasons that failures may have, one by one
 * @i: from 0
 *
 * Return: the name of the reason, NULL behind the last one.
 */
const char *options_reason(size_t i);

/* The tables of these options. */
extern const struct cli_command report_command;
extern const struct cli_command holders_command;

#endif
