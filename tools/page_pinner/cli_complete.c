// SPDX-License-Identifier: GPL-2.0
/*
 * The same table for a shell that completes words; see cli.h.
 */
#include "cli.h"

#include <string.h>

static const struct cli_option *find_long(const struct cli_command *command, const char *name,
					  size_t len)
{
	const struct cli_option *option;

	for (option = command->options; option->name; option++)
		if (strlen(option->name) == len && !memcmp(option->name, name, len))
			return option;
	return NULL;
}

/* The option whose value is the next word; NULL if @word takes none. */
static const struct cli_option *awaits_value(const struct cli_command *command, const char *word)
{
	const struct cli_option *option;

	if (!strncmp(word, "--", 2)) {
		option = find_long(command, word + 2, strlen(word + 2));
		return option && option->value ? option : NULL;
	}
	if (word[0] != '-' || !word[1] || word[2])
		return NULL;
	for (option = command->options; option->name; option++)
		if (option->letter == word[1])
			return option->value ? option : NULL;
	return NULL;
}

/* Values that begin like @begun, each behind @before. */
static void complete_value(const struct cli_option *option, const char *before, size_t before_len,
			   const char *begun, FILE *out)
{
	const char *comma = option->list ? strrchr(begun, ',') : NULL, *word;
	size_t kept = comma ? comma + 1 - begun : 0, i;

	if (option->file)
		fputs("@\n", out);
	for (i = 0; option->word && (word = option->word(i)); i++)
		if (!strncmp(word, begun + kept, strlen(begun + kept)))
			fprintf(out, "%.*s%.*s%s\n", (int)before_len, before, (int)kept, begun,
				word);
}

static void complete_word(const struct cli_command *command, const char *word, FILE *out)
{
	const char *equals = strchr(word, '=');
	const struct cli_option *option;

	if (strncmp(word, "--", 2) || !equals) {
		for (option = command->options; word[0] == '-' && option->name; option++) {
			char name[64];

			snprintf(name, sizeof(name), "--%s%s", option->name,
				 option->value ? "=" : "");
			if (!strncmp(name, word, strlen(word)))
				fprintf(out, "%s\n", name);
		}
		if (word[0] != '-' && command->files)
			fputs("@\n", out);
		return;
	}
	option = find_long(command, word + 2, equals - word - 2);
	if (option && option->value)
		complete_value(option, word, equals + 1 - word, equals + 1, out);
}

void cli_complete(const struct cli_command *const *commands, int nr, char **words, FILE *out)
{
	const struct cli_option *option;
	const char *last = nr ? words[nr - 1] : "";
	size_t i;

	for (i = 0; commands[i]; i++) {
		if (nr <= 1 && !strncmp(commands[i]->name, last, strlen(last)))
			fprintf(out, "%s\n", commands[i]->name);
		if (nr > 1 && !strcmp(commands[i]->name, words[0]))
			break;
	}
	if (nr <= 1 || !commands[i])
		return;
	option = nr > 2 ? awaits_value(commands[i], words[nr - 2]) : NULL;
	if (option)
		complete_value(option, "", 0, last, out);
	else
		complete_word(commands[i], last, out);
}
