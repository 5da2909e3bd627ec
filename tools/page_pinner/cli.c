// SPDX-License-Identifier: GPL-2.0
/*
 * Parsing by a table; see cli.h.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

/* getopt's numbers of options without a letter. */
#define NUMBERED 256

static void *member(void *to, size_t at)
{
	return (char *)to + at;
}

int cli_set_text(void *to, const struct cli_option *option, const char *text)
{
	*(const char **)member(to, option->at) = text;
	return 0;
}

int cli_set_flag(void *to, const struct cli_option *option, const char *text)
{
	*(bool *)member(to, option->at) = true;
	return 0;
}

int cli_set_number(void *to, const struct cli_option *option, const char *text)
{
	uint64_t value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || value < option->min ||
	    value > option->max) {
		report_error("--%s: not a number from %" PRIu64 " to %" PRIu64 ": %s",
			     option->name, option->min, option->max, text);
		return -1;
	}
	*(uint64_t *)member(to, option->at) = value;
	return 0;
}

static int find_word(const struct cli_option *option, const char *text, size_t len)
{
	const char *word;
	int i;

	for (i = 0; (word = option->word(i)); i++)
		if (strlen(word) == len && !memcmp(word, text, len))
			return i;
	return -1;
}

int cli_word(const struct cli_option *option, const char *text)
{
	return find_word(option, text, strlen(text));
}

static int check_words(const struct cli_option *option, const char *text)
{
	struct strbuf valid = { 0 };
	const char *word;
	size_t i, len;

	for (;;) {
		len = option->list ? strcspn(text, ",") : strlen(text);
		if (find_word(option, text, len) < 0)
			break;
		if (!text[len])
			return 0;
		text += len + 1;
	}
	for (i = 0; (word = option->word(i)); i++)
		strbuf_add(&valid, "%s%s", i ? ", " : "", word);
	report_error("--%s: not one of %s: %.*s", option->name, valid.text, (int)len, text);
	free(valid.text);
	return -1;
}

static int set(const struct cli_option *option, void *to, const char *text)
{
	if (option->word && check_words(option, text))
		return -1;
	if (option->value && !*text) {
		report_error("--%s: needs a value", option->name);
		return -1;
	}
	if (option->set(to, option, text))
		return -1;
	if (option->given != CLI_NOWHERE)
		*(bool *)member(to, option->given) = true;
	return 0;
}

static size_t count(const struct cli_option *options)
{
	size_t nr = 0;

	while (options[nr].name)
		nr++;
	return nr;
}

/* The same options as getopt wants them: names, and letters. */
static struct option *getopt_options(const struct cli_command *command, char *letters)
{
	size_t nr = count(command->options), i;
	struct option *list = xzalloc((nr + 1) * sizeof(*list));

	if (command->rest)
		*letters++ = '+';
	*letters++ = ':';
	for (i = 0; i < nr; i++) {
		const struct cli_option *option = &command->options[i];

		list[i].name = option->name;
		list[i].has_arg = option->value ? required_argument : no_argument;
		list[i].val = NUMBERED + i;
		if (!option->letter)
			continue;
		*letters++ = option->letter;
		if (option->value)
			*letters++ = ':';
	}
	*letters = '\0';
	return list;
}

static const struct cli_option *by_number(const struct cli_command *command, int number)
{
	const struct cli_option *option;

	if (number >= NUMBERED)
		return &command->options[number - NUMBERED];
	for (option = command->options; option->name; option++)
		if (option->letter == number)
			return option;
	return NULL;
}

int cli_parse(const struct cli_command *command, void *to, int argc, char **argv)
{
	char letters[128];
	struct option *list = getopt_options(command, letters);
	int number, ret = -1;

	optind = 0;
	opterr = 0;
	while ((number = getopt_long(argc, argv, letters, list, NULL)) >= 0) {
		if (number == '?' || number == ':') {
			report_error("%s: %s; see page_pinner %s --help", argv[optind - 1],
				     number == '?' ? "no such option" : "needs a value",
				     command->name);
			goto out;
		}
		if (set(by_number(command, number), to, optarg ? optarg : ""))
			goto out;
	}
	ret = optind;
out:
	free(list);
	return ret;
}
