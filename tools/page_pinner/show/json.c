// SPDX-License-Identifier: GPL-2.0
/*
 * Writing JSON; see json.h.
 */
#include "show/json.h"

#include <inttypes.h>
#include <stddef.h>

static void put_text(struct json *j, const char *text);

static void begin(struct json *j, const char *name)
{
	bool inlined = j->compact || (j->inline_depth && j->depth >= j->inline_depth);
	int i;

	if (j->comma)
		fputs(inlined && !j->compact ? ", " : ",", j->out);
	if (j->depth && !inlined) {
		fputc('\n', j->out);
		for (i = 0; i < j->depth; i++)
			fputs("  ", j->out);
	}
	if (name) {
		put_text(j, name);
		fputs(j->compact ? ":" : ": ", j->out);
	}
	j->comma = true;
}

void json_open(struct json *j, const char *name, char bracket)
{
	begin(j, name);
	fputc(bracket, j->out);
	j->depth++;
	j->comma = false;
}

void json_open_inline(struct json *j, const char *name, char bracket)
{
	json_open(j, name, bracket);
	if (!j->inline_depth)
		j->inline_depth = j->depth;
}

void json_close(struct json *j, char bracket)
{
	bool inlined = j->compact || (j->inline_depth && j->depth >= j->inline_depth);
	int i;

	if (j->inline_depth == j->depth)
		j->inline_depth = 0;
	j->depth--;
	if (!inlined && j->comma) {
		fputc('\n', j->out);
		for (i = 0; i < j->depth; i++)
			fputs("  ", j->out);
	}
	fputc(bracket, j->out);
	j->comma = true;
	if (!j->depth)
		fputc('\n', j->out);
}

/* Length of the UTF-8 sequence at @s, 0 if it is none. */
static int utf8_length(const unsigned char *s)
{
	int len = s[0] < 0x80 ? 1 : s[0] >= 0xc2 && s[0] < 0xe0 ? 2 :
		  s[0] >= 0xe0 && s[0] < 0xf0 ? 3 : s[0] >= 0xf0 && s[0] < 0xf5 ? 4 : 0;
	int i;

	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, and what lies beyond Unicode. */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

static void put_text(struct json *j, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	int len;

	fputc('"', j->out);
	while (*s) {
		len = utf8_length(s);
		if (!len) {
			fputs("\\ufffd", j->out);
			s++;
		} else if (*s == '"' || *s == '\\') {
			fprintf(j->out, "\\%c", *s++);
		} else if (*s < ' ' || *s == 0x7f) {
			fprintf(j->out, "\\u%04x", *s++);
		} else {
			fwrite(s, 1, len, j->out);
			s += len;
		}
	}
	fputc('"', j->out);
}

void json_string(struct json *j, const char *name, const char *value)
{
	begin(j, name);
	if (value)
		put_text(j, value);
	else
		fputs("null", j->out);
}

void json_int(struct json *j, const char *name, int64_t value)
{
	begin(j, name);
	fprintf(j->out, "%" PRId64, value);
}

void json_uint(struct json *j, const char *name, uint64_t value)
{
	begin(j, name);
	fprintf(j->out, "%" PRIu64, value);
}

void json_real(struct json *j, const char *name, double value)
{
	/* rounded down: what shares of one thing add up to stays at most 1 */
	int cents = (int)(value * 100 + 0.0001);

	begin(j, name);
	/* Not "%.2f": the decimal point depends on the locale. */
	fprintf(j->out, "%d.%02d", cents / 100, cents % 100);
}

void json_bool(struct json *j, const char *name, bool value)
{
	begin(j, name);
	fputs(value ? "true" : "false", j->out);
}
