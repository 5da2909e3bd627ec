// SPDX-License-Identifier: GPL-2.0
/*
 * Lines that were wrapped; see unfold.h.
 */
#include "read/unfold.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read/envelope.h"
#include "read/fields.h"
#include "read/foreign.h"
#include "util.h"

/* What is put together is not longer: a hostile text could have no end. */
#define JOINED_MAX 4096

/* Widths that explain every break so far. */
struct widths {
	size_t least;
	size_t most;
};

/*
 * A tab is one character to some, and goes on to the next eighth column to others; and
 * a line may have been quoted before it was wrapped, or afterwards.
 */
enum { TAB_ONE, TAB_EIGHT, TAB_EIGHT_UNQUOTED, TABS };

struct unfold {
	struct widths widths[TABS];
	uint64_t breaks;
	bool sums;		/* the second time: lines are put together */
	FILE *out;
	char joined[JOINED_MAX + 1];
	size_t len;		/* of @joined */
	size_t last[TABS];	/* columns of the line that was put there last, without blanks behind */
	size_t blanks;		/* those behind it */
	struct line first;	/* the line that @joined begins with; its text is gone */
};

static size_t trimmed(const char *text)
{
	size_t len = strlen(text);

	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len;
}

static size_t columns(const char *text, size_t len, int tab)
{
	const char *end = text + len;
	size_t column = 0;

	if (tab == TAB_EIGHT_UNQUOTED)
		envelope_quotes(&text);
	for (; text < end; text++)
		column += *text == '\t' && tab != TAB_ONE ? 8 - column % 8 : 1;
	return column;
}

static const char *unquoted(const char *line)
{
	envelope_quotes(&line);
	return line + strspn(line, " \t");
}

/* "key=value" */
static bool begins_field(const char *p)
{
	size_t len = 0;

	while (islower((unsigned char)p[len]) || p[len] == '_')
		len++;
	return len && p[len] == '=' && p[len + 1] && strncmp(p, "cpus=", 5);
}

/* "12.345678: ", "1234us: ", "1234us+: " */
static bool begins_time(const char *p)
{
	size_t len = strspn(p, "0123456789");

	if (!len)
		return false;
	p += len;
	if (*p == '.') {
		len = strspn(p + 1, "0123456789");
		p += len > 2 ? len + 1 : 0;
	} else if (!strncmp(p, "us", 2)) {
		p += 2 + (strchr("+!#*@$", p[2]) && p[2]);
	} else {
		return false;
	}
	return *p == ':' && (!p[1] || p[1] == ' ');
}

/* "task-1 [000] d....", "task-1 0d....", or the same of perf */
static bool ends_in_cpu(const char *line)
{
	const char *p = strrchr(line, '['), *word;
	size_t digits = p ? strspn(p + 1, "0123456789") : 0, len = trimmed(line);

	if (digits && p[1 + digits] == ']' && p > line && p[-1] == ' ' && strlen(p) < digits + 16)
		return true;
	for (word = line + len; word > line && word[-1] != ' '; word--)
		;
	digits = strspn(word, "0123456789");
	len = line + len - word;
	return digits && len > digits + 1 && len < digits + 10 &&
	       digits + strspn(word + digits, "abcdefghijklmnopqrstuvwxyz"
			       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.#") >= len;
}

/* A stack's line, whose object or address is not there. */
static bool is_bare_frame(const char *line)
{
	const char *p = unquoted(line);

	if (strchr(p, '('))
		return false;
	return !strncmp(p, "=> ", 3) || (strspn(p, "0123456789abcdef") > 7 && strchr(p, ' '));
}

/* An address alone, and the name that belongs to it. */
static bool is_split_frame(const char *line, const char *p)
{
	const char *address = unquoted(line);
	size_t digits = strspn(address, "0123456789abcdef");

	if (digits < 8 || digits != trimmed(address) || isdigit((unsigned char)*p))
		return false;
	while (isalnum((unsigned char)*p) || *p == '_' || *p == '.')
		p++;
	return !strncmp(p, "+0x", 3);
}

/* Columns and a name with a colon; other events, too. */
static bool is_event(const char *line)
{
	const char *p = unquoted(line);
	size_t end = trimmed(line);
	struct anchor a;

	if (foreign_event(line) || anchor_find(line, strlen(line), &a))
		return true;
	return strncmp(p, "=> ", 3) && *p != '#' && end && (line[end - 1] == ':' || strstr(p, ": "));
}

static bool ends_in(const char *text, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && !memcmp(text + len - n, word, n);
}

/* The rest of a line of dump_page(). */
static bool is_split_dump(const char *before, size_t end, const char *p)
{
	static const char *const ends[] = {
		" console:", " page:", " flags:", " raw:", " page dumped",
	};
	static const char *const words[] = {
		"refcount:", "mapcount:", "mapping:", "index:", "pfn:",
	};
	bool page = strstr(before, "page:") && strstr(before, "count:");
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if ((page && !strncmp(p, words[i], strlen(words[i]))) ||
		    ends_in(before, end, ends[i]))
			return true;
	return false;
}

/* "<stack trace >", wherever it was broken; its last character looks like a quote. */
static bool is_split_marker(const char *before, size_t end, const char *line, const char *p)
{
	size_t len = trimmed(line);

	if (ends_in(before, end, "<stack trace"))
		return !*p && ends_in(line, len, ">");
	return ends_in(before, end, "<stack") && !strncmp(p, "trace", 5);
}

/* The name behind the time, the period, the CPU or the task, and in front of its fields. */
static bool name_can_follow(const char *before, size_t end)
{
	const char *p;

	for (p = before; *p; p += strcspn(p, " "), p += strspn(p, " "))
		if (begins_field(p))
			return false;
	return before[end - 1] == ']' || isdigit((unsigned char)before[end - 1]) ||
	       (before[end - 1] == ':' && strchr("0123456789s+!#*@$", before[end - 2]));
}

bool unfold_goes_on(const char *before, const char *line)
{
	const char *p = unquoted(line);
	size_t end = trimmed(before);

	if (end && is_split_marker(before, end, line, p))
		return true;
	/* an event of its own, whatever its task is called */
	if (!*p || !end || foreign_event(line))
		return false;
	if (begins_field(p))
		return is_event(before);
	if (begins_time(p))
		return ends_in_cpu(before) && !foreign_event(before);
	/* the first frame stands behind the name of trace-cmd's stack */
	if (ends_in(before, end, "kernel_stack:") && !strncmp(p, "=> ", 3))
		return true;
	if (ends_in(before, end, "=>"))
		return !p[strcspn(p, " \t:=")] || p[strcspn(p, " \t:=")] == ' ';
	if (*p == '(')
		return is_bare_frame(before) || (is_event(before) && strchr(before, '='));
	if (is_split_frame(before, p) || is_split_dump(before, end, p))
		return true;
	if (!strncmp(p, "page_pinner", 11) || !strncmp(p, "page_ref", 8))
		return end > 2 && name_can_follow(before, end);
	return before[end - 1] == ':' && !strncmp(p, "<stack trace", 12);
}

static void put_joined(struct unfold *u)
{
	struct line line = u->first;

	if (u->sums && line.nr) {
		line.text = u->joined;
		line.len = u->len;
		lines_put(u->out, &line);
	}
}

static void note_last(struct unfold *u, const char *text)
{
	size_t len = trimmed(text);
	int tab;

	u->blanks = strlen(text) - len;
	for (tab = 0; tab < TABS; tab++)
		u->last[tab] = columns(text, len, tab);
}

/* That line was not too long. */
static void note_fit(struct unfold *u)
{
	int tab;

	for (tab = 0; tab < TABS; tab++)
		if (u->last[tab] > u->widths[tab].least)
			u->widths[tab].least = u->last[tab];
}

/* With a word more it would have been; how many blanks were taken out is not known. */
static void note_break(struct unfold *u, size_t word)
{
	size_t blanks = u->blanks ? u->blanks : 1, most;
	int tab;

	note_fit(u);
	if (u->joined[trimmed(u->joined) - 1] == ':')
		return;
	for (tab = 0; tab < TABS; tab++) {
		most = u->last[tab] + blanks + word - 1;
		if (most < u->widths[tab].most)
			u->widths[tab].most = most;
	}
}

static void begin(struct unfold *u, const struct line *line)
{
	size_t len = line->len;

	put_joined(u);
	u->first = *line;
	u->len = 0;
	if (len > JOINED_MAX) {
		/* no mail's */
		if (u->sums)
			lines_put(u->out, line);
		u->first.nr = 0;
		len = 0;
	}
	memcpy(u->joined, line->text, len);
	u->joined[len] = '\0';
	u->len = len;
	note_last(u, u->joined);
}

static void go_on(struct unfold *u, const struct line *line)
{
	const char *p = *unquoted(line->text) ? unquoted(line->text) : ">";
	size_t word = strcspn(p, " \t"), len = strlen(p);

	note_break(u, word);
	u->breaks++;
	u->len = trimmed(u->joined);
	/* trace-cmd has its frames behind a tab */
	u->joined[u->len++] = *p == '=' ? '\t' : ' ';
	memcpy(u->joined + u->len, p, len + 1);
	u->len += len;
	note_last(u, line->text);
	u->first.ended = line->ended;
}

static void read_lines(struct unfold *u, FILE *in)
{
	struct lines *lines;
	struct line line;

	rewind(in);
	u->first.nr = 0;
	u->joined[0] = '\0';
	u->len = u->breaks = 0;
	lines = lines_new_numbered(in);
	while (lines_next(lines, &line)) {
		if (u->first.nr && !line.torn && !u->first.torn &&
		    u->len + 2 + line.len < JOINED_MAX && unfold_goes_on(u->joined, line.text)) {
			go_on(u, &line);
			continue;
		}
		begin(u, &line);
		/* what was left whole was not too long */
		if (is_event(u->joined))
			note_fit(u);
	}
	put_joined(u);
	lines_free(lines);
}

static bool one_width(const struct unfold *u)
{
	int tab;

	for (tab = 0; tab < TABS; tab++)
		if (u->widths[tab].least <= u->widths[tab].most)
			return true;
	return false;
}

uint64_t unfold_rewrite(FILE *in, FILE *out)
{
	struct unfold *u = xzalloc(sizeof(*u));
	uint64_t breaks = 0;
	int tab;

	u->out = out;
	for (tab = 0; tab < TABS; tab++)
		u->widths[tab].most = SIZE_MAX;
	read_lines(u, in);
	if (one_width(u)) {
		u->sums = true;
		read_lines(u, in);
		breaks = u->breaks;
	}
	free(u);
	return breaks;
}
