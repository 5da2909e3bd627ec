/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One table for each command: its options are parsed, explained by --help and
 * the manual, and completed in a shell by the same lines.
 */
#ifndef PAGE_PINNER_CLI_H
#define PAGE_PINNER_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Offset of no member: the first one is never a flag. */
#define CLI_NOWHERE 0

/**
 * struct cli_option - an option of a command
 * @name: its long name
 * @letter: its short one, 0 for none
 * @value: what it takes, as --help calls it; NULL for nothing
 * @about: what it does; each @ stands for the words that are valid
 * @more: what only the manual says, NULL for nothing
 * @word: the valid words, one by one, NULL behind the last; NULL: any text
 * @list: several words, separated by commas
 * @file: the value is the name of a file
 * @set: takes the value; CLI_TEXT, CLI_NUMBER, CLI_FLAG, or a command's own
 * @at: offset of the member that it sets
 * @given: offset of a bool that is set beside it, or CLI_NOWHERE
 * @min: least number
 * @max: greatest number
 */
struct cli_option {
	const char *name;
	char letter;
	const char *value;
	const char *about;
	const char *more;
	const char *(*word)(size_t i);
	bool list;
	bool file;
	int (*set)(void *to, const struct cli_option *option, const char *text);
	size_t at;
	size_t given;
	uint64_t min;
	uint64_t max;
};

/**
 * struct cli_command - what "page_pinner NAME" takes
 * @name: of the command
 * @title: what it does, in a few words
 * @operands: what follows the options, as --help calls it
 * @about: what it does, in whole lines
 * @options: ends with one without a name
 * @notes: lines behind the options, NULL for none
 * @examples: lines, ending with NULL
 * @status: lines about the exit status
 * @files: operands are names of files
 * @rest: the first operand ends the options: a command follows
 */
struct cli_command {
	const char *name;
	const char *title;
	const char *operands;
	const char *about;
	const struct cli_option *options;
	const char *notes;
	const char *const *examples;
	const char *status;
	bool files;
	bool rest;
};

/**
 * cli_parse - read the options of a command
 * @command: which
 * @to: the struct that the options set members of
 * @argc: number of arguments
 * @argv: the arguments, the command first; operands are moved to the end
 *
 * Return: index of the first operand, -1 after an error was reported.
 */
int cli_parse(const struct cli_command *command, void *to, int argc, char **argv);

/**
 * CLI_TEXT - a setter: the value as it is, to a const char *
 */
#define CLI_TEXT cli_set_text

/**
 * CLI_NUMBER - a setter: a number from min to max, to a uint64_t
 */
#define CLI_NUMBER cli_set_number

/**
 * CLI_FLAG - a setter: true, to a bool
 */
#define CLI_FLAG cli_set_flag

int cli_set_text(void *to, const struct cli_option *option, const char *text);
int cli_set_number(void *to, const struct cli_option *option, const char *text);
int cli_set_flag(void *to, const struct cli_option *option, const char *text);

/**
 * cli_word - the place of a word among the valid ones
 * @option: the option
 * @text: the word
 *
 * Return: index for @option->word, -1 if it is none.
 */
int cli_word(const struct cli_option *option, const char *text);

/**
 * cli_help - the text of --help
 * @command: which
 * @out: where to
 */
void cli_help(const struct cli_command *command, FILE *out);

/**
 * cli_manual - the options as the source of a manual page
 * @command: which
 * @out: where to
 */
void cli_manual(const struct cli_command *command, FILE *out);

/**
 * cli_complete - what the last of some words may become, a line each
 * @commands: all of them, ending with one without a name
 * @nr: number of words
 * @words: the words behind the program's name, the last one to be completed
 * @out: where to; the line @ says that names of files fit
 */
void cli_complete(const struct cli_command *const *commands, int nr, char **words, FILE *out);

#endif
