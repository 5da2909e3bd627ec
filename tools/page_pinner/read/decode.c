// SPDX-License-Identifier: GPL-2.0
/*
 * Characters and lines as they were; see decode.h.
 */
#define _GNU_SOURCE
#include "read/decode.h"

#include <ctype.h>
#include <string.h>

#include "read/frames.h"
#include "trace/event.h"
#include "util.h"

/* Narrower than any terminal: a text of such lines has stacks alone. */
#define WIDTH_MIN 60
/* Fewer lines prove nothing. */
#define LINES_MIN 8

static const char nbsp[] = "\xc2\xa0";

static const struct {
	const char *name;
	char is;
} entities[] = {
	{ "&gt;", '>' }, { "&lt;", '<' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&#39;", '\'' },
	{ "&nbsp;", ' ' },
}, tabs[] = {
	{ "\\x09", '\t' }, { "#011", '\t' },
};

static bool is_blank(const char *p)
{
	return !p[strspn(p, " \t")];
}

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* An equals sign that no mail would have left. */
static bool has_equals(const char *p)
{
	while ((p = strchr(p, '=')) != NULL)
		if (*++p && (hex(p[0]) < 0 || hex(p[1]) < 0))
			return true;
	return false;
}

/* "7.248436: ", "[001]" */
static bool has_columns(const char *p)
{
	size_t digits;

	for (; *p; p++) {
		digits = strspn(p + 1, "0123456789");
		if ((*p == '.' && digits > 2 && p[1 + digits] == ':') ||
		    (*p == '[' && digits > 2 && p[1 + digits] == ']'))
			return true;
	}
	return false;
}

/* What begins a line of a trace is not the rest of another one. */
static bool can_go_on(const char *next)
{
	const char *p = next + strspn(next, " ");

	/* a frame may be broken itself */
	return *next && *next != '\t' && *next != '#' && !has_columns(next) &&
	       strncmp(p, "=> ", 3) && (p == next || strspn(p, "0123456789abcdef") < 8) &&
	       !frames_like(next);
}

/* A mail breaks lines there, and may take the blank away. */
static bool begins_word(const char *p)
{
	size_t len = 0;
	char name[32];

	while (len < sizeof(name) - 1 && (islower((unsigned char)p[len]) || p[len] == '_'))
		len++;
	memcpy(name, p, len);
	name[len] = '\0';
	return p[len] == '=' ? event_field(name) != NULL : !strncmp(p, "page_pinner", 11);
}

void decode_learn(struct decode *d, const char *line, size_t len)
{
	const char *event = strstr(line, "page_pinner");
	bool goes_on;

	d->marks += strstr(line, "\x1b[") != NULL;
	d->spaces += strstr(line, nbsp) != NULL;
	d->tabs += strstr(line, "\\x09") || strstr(line, "#011");
	d->entities += strstr(line, "=&gt; ") != NULL;
	d->arrows += strstr(line, "=> ") != NULL;
	d->events += event && strchr(event, ':');
	d->quoted += strstr(line, "=3D") != NULL;
	d->equals += has_equals(line);
	d->blank[d->lines++ % 2] += is_blank(line);
	if (len > DECODE_WIDTH_MAX)
		len = DECODE_WIDTH_MAX;
	d->length[len]++;
	goes_on = d->last && can_go_on(line);
	if (goes_on) {
		d->broken[d->last]++;
		d->between += !d->blank_last && begins_word(line);
	}
	d->blank_last = len && line[len - 1] == ' ';
	d->last = goes_on || has_columns(line) ? len : 0;
}

/*
 * A terminal breaks each line that is too long in the same column, and no other: a
 * mail breaks them between words.
 */
static size_t find_width(const struct decode *d)
{
	uint64_t longer = 0, shorter = 0;
	size_t width, i;

	for (width = DECODE_WIDTH_MAX; width > WIDTH_MIN && !d->broken[width]; width--)
		longer += d->length[width];
	for (i = 0; i < width; i++)
		shorter += d->broken[i];
	return d->broken[width] > 2 && d->length[width] > longer * 50 &&
	       d->broken[width] > shorter * 20 &&
	       d->between * 4 < d->broken[width] * 3 ? width : 0;
}

/* Which lines are blank, nearly all of them, where those between them are not. */
static int find_spacing(const struct decode *d)
{
	uint64_t half = d->lines / 2;

	if (half < LINES_MIN)
		return 0;
	if (d->blank[1] * 20 > half * 19 && d->blank[0] * 2 < half)
		return 1;
	return d->blank[0] * 20 > half * 19 && d->blank[1] * 2 < half ? 2 : 0;
}

bool decode_decide(struct decode *d)
{
	uint64_t many = d->lines / 4;

	if (d->events) {
		d->unmark = d->marks > many;
		d->space = d->spaces > d->lines / 20;
		d->tab = d->tabs > many;
		d->entity = d->entities > d->arrows;
		d->quote = d->quoted > 2 && d->equals * 20 < d->quoted;
		d->skip = find_spacing(d);
		d->width = d->quote ? 0 : find_width(d);
	}
	return d->unmark || d->space || d->tab || d->entity || d->quote || d->skip || d->width;
}

bool decode_leave_out(const struct decode *d, const char *line, uint64_t nr)
{
	return d->skip && (int)(nr % 2) == d->skip - 1 && is_blank(line);
}

bool decode_goes_on(const struct decode *d, const char *line, size_t len, const char *next)
{
	if (d->quote)
		return len && line[len - 1] == '=' && *next;
	return d->width && len == d->width && can_go_on(next);
}

/* "ESC [ 0 ; 32 m" and its like; returns what follows. */
static const char *skip_mark(const char *p)
{
	const char *q = p + 2;

	while (*q && strchr("0123456789;:?<=>!\"' ", *q))
		q++;
	return *q >= '@' && *q <= '~' ? q + 1 : p;
}

/* Returns what follows the character that stands at @p by another name, NULL if none does. */
static const char *take(const struct decode *d, const char *p, char *c)
{
	size_t i;

	if (d->space && !strncmp(p, nbsp, 2)) {
		*c = ' ';
		return p + 2;
	}
	if (d->quote && *p == '=' && hex(p[1]) >= 0 && hex(p[2]) >= 0) {
		*c = hex(p[1]) << 4 | hex(p[2]);
		return *c ? p + 3 : NULL;
	}
	for (i = 0; d->entity && *p == '&' && i < ARRAY_SIZE(entities); i++)
		if (!strncmp(p, entities[i].name, strlen(entities[i].name))) {
			*c = entities[i].is;
			return p + strlen(entities[i].name);
		}
	for (i = 0; d->tab && i < ARRAY_SIZE(tabs); i++)
		if (!strncmp(p, tabs[i].name, 4)) {
			*c = tabs[i].is;
			return p + 4;
		}
	return NULL;
}

size_t decode_text(const struct decode *d, char *text, size_t len)
{
	const char *p = text, *next;
	char *out = text;

	while (p < text + len) {
		next = d->unmark && p[0] == '\x1b' && p[1] == '[' ? skip_mark(p) : p;
		if (next != p) {
			p = next;
			continue;
		}
		next = take(d, p, out);
		if (!next)
			*out = *p;
		out++;
		p = next ? next : p + 1;
	}
	*out = '\0';
	return out - text;
}
