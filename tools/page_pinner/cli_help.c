// SPDX-License-Identifier: GPL-2.0
/*
 * The same table for readers; see cli.h.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

#define COLUMN 24
#define WIDTH 80

/* The sentence of an option, with its valid words in the place of each @. */
static void about(const struct cli_option *option, struct strbuf *to)
{
	const char *text = option->about, *word;
	size_t i;

	for (; *text; text++) {
		if (*text != '@') {
			strbuf_add(to, "%c", *text);
			continue;
		}
		for (i = 0; (word = option->word(i)); i++)
			strbuf_add(to, "%s%s", !i ? "" : option->word(i + 1) ? ", " : " or ", word);
	}
}

/* Words from column COLUMN on, as many lines as that takes. */
static void put_wrapped(FILE *out, const char *text, int at)
{
	size_t len;

	for (; *text; text += len + strspn(text + len, " ")) {
		len = strcspn(text, " ");
		if (at > COLUMN && at + 1 + (int)len >= WIDTH) {
			fprintf(out, "\n%*s", COLUMN, "");
			at = COLUMN;
		} else if (at > COLUMN) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, len, out);
		at += len;
	}
	fputc('\n', out);
}

static void put_option(const struct cli_option *option, FILE *out)
{
	struct strbuf text = { 0 };
	int at;

	if (option->letter)
		at = fprintf(out, "  -%c, --%s", option->letter, option->name);
	else
		at = fprintf(out, "      --%s", option->name);
	if (option->value)
		at += fprintf(out, "=%s", option->value);
	at += fprintf(out, "%*s", at < COLUMN - 1 ? COLUMN - at : 2, "");
	about(option, &text);
	put_wrapped(out, text.text, at < COLUMN ? COLUMN : at);
	free(text.text);
}

void cli_help(const struct cli_command *command, FILE *out)
{
	const struct cli_option *option;
	size_t i;

	fprintf(out, "usage: page_pinner %s [OPTION...] %s\n%s\n\n", command->name,
		command->operands, command->about);
	for (option = command->options; option->name; option++)
		put_option(option, out);
	if (command->notes)
		fprintf(out, "\n%s\n", command->notes);
	fputs("\nExamples:\n", out);
	for (i = 0; command->examples[i]; i++)
		fprintf(out, "  %s\n", command->examples[i]);
	fprintf(out, "\nExit status: %s\n", command->status);
}

/* Hyphens are minus signs, and a line never begins with a request. */
static void put_roff(FILE *out, const char *text)
{
	bool begins = true;

	for (; *text; text++) {
		if (begins && (*text == '.' || *text == '\''))
			fputs("\\&", out);
		if (*text == '-')
			fputc('\\', out);
		if (*text == '\\')
			fputs("\\e", out);
		else
			fputc(*text, out);
		begins = *text == '\n';
	}
}

void cli_manual(const struct cli_command *command, FILE *out)
{
	const struct cli_option *option;
	struct strbuf text = { 0 };

	for (option = command->options; option->name; option++) {
		fputs(".TP\n.B ", out);
		if (option->letter)
			fprintf(out, "\\-%c, ", option->letter);
		fputs("\\-\\-", out);
		put_roff(out, option->name);
		if (option->value)
			fprintf(out, "=\\fI%s\\fR", option->value);
		text.len = 0;
		about(option, &text);
		/* the sentence of --help, as one */
		fputc('\n', out);
		if (text.text[0] >= 'a' && text.text[0] <= 'z')
			text.text[0] += 'A' - 'a';
		put_roff(out, text.text);
		fputs(".\n", out);
		if (option->more) {
			put_roff(out, option->more);
			fputc('\n', out);
		}
	}
	free(text.text);
}
