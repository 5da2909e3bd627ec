// SPDX-License-Identifier: GPL-2.0
/*
 * A text by lines; see lines.h.
 *
 * The buffer holds what was read and not yet given out and, while holding, what
 * was given out since.  The end of the line that is out is overwritten with a
 * NUL and put back before the next one is looked for.
 */
#define _GNU_SOURCE
#include "read/lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define CHUNK (1 << 16)
/* No line of a trace is longer: one that is must not cost all memory. */
#define LINE_MAX_LEN (1 << 16)

struct lines {
	FILE *in;
	char *buf;
	size_t room;
	size_t first;		/* kept from here on, while holding */
	size_t at;		/* the next line begins here */
	size_t end;		/* read up to here */
	char *patched;		/* a NUL stands here in place of @was */
	char was;
	uint64_t nr, held_nr;
	bool holding;
	bool inside, held_inside;	/* of a line that is too long */
	bool eof;
	bool numbered;
};

struct lines *lines_new(FILE *in)
{
	struct lines *lines = xzalloc(sizeof(*lines));

	lines->in = in;
	lines->room = 2 * CHUNK;
	lines->buf = xrealloc(NULL, lines->room + 1, 1);
	return lines;
}

struct lines *lines_new_numbered(FILE *in)
{
	struct lines *lines = lines_new(in);

	lines->numbered = true;
	return lines;
}

/* What was torn is so when it is read again. */
void lines_put(FILE *out, const struct line *line)
{
	fprintf(out, "%" PRIu64 "\t", line->nr);
	if (line->torn)
		putc('\0', out);
	fwrite(line->text, 1, line->len, out);
	if (line->ended)
		putc('\n', out);
}

void lines_free(struct lines *lines)
{
	if (!lines)
		return;
	free(lines->buf);
	free(lines);
}

static void unpatch(struct lines *lines)
{
	if (lines->patched)
		*lines->patched = lines->was;
	lines->patched = NULL;
}

/* Returns false at the end of the stream. */
static bool fill(struct lines *lines)
{
	size_t keep = lines->holding ? lines->first : lines->at, got;

	if (lines->eof)
		return false;
	if (keep && keep >= lines->end - keep) {
		memcpy(lines->buf, lines->buf + keep, lines->end - keep);
		lines->first -= lines->holding ? keep : lines->first;
		lines->at -= keep;
		lines->end -= keep;
	}
	if (lines->end + CHUNK > lines->room) {
		lines->room = lines->room * 2 + CHUNK;
		lines->buf = xrealloc(lines->buf, lines->room + 1, 1);
	}
	got = fread(lines->buf + lines->end, 1, CHUNK, lines->in);
	lines->end += got;
	lines->eof = !got;
	return got > 0;
}

/* The number that lines_put() wrote in front. */
static char *take_number(char *text, char *end, struct line *line)
{
	uint64_t nr = 0;
	char *p = text;

	for (; p < end && *p >= '0' && *p <= '9'; p++)
		nr = nr * 10 + (*p - '0');
	if (p == end || *p != '\t')
		return text;
	line->nr = nr;
	return p + 1;
}

static void set_line(struct lines *lines, struct line *line, char *end)
{
	char *text = lines->buf + lines->at, *null;

	if (lines->numbered)
		text = take_number(text, end, line);
	line->torn = false;
	/* a serial console has more of them, and in front as well */
	while (text < end && *text == '\r')
		text++;
	while (end > text && end[-1] == '\r')
		end--;
	/* a page of systrace has its trace in a string of a script */
	if (end - text >= 3 && !memcmp(end - 3, "\\n\\", 3))
		end -= 3;
	lines->patched = end;
	lines->was = *end;
	*end = '\0';
	null = memrchr(text, '\0', end - text);
	if (null) {
		line->torn = true;
		text = null + 1;
	}
	line->text = text;
	line->len = end - text;
}

bool lines_next(struct lines *lines, struct line *line)
{
	size_t looked = 0;
	char *newline;

	unpatch(lines);
	for (;;) {
		newline = memchr(lines->buf + lines->at + looked, '\n',
				 lines->end - lines->at - looked);
		looked = lines->end - lines->at;
		if (newline || looked > LINE_MAX_LEN || !fill(lines))
			break;
	}
	if (!newline && !looked)
		return false;
	line->nr = lines->nr += !lines->inside;
	line->ended = newline != NULL;
	if (!newline && looked > LINE_MAX_LEN) {
		*line = (struct line){ .text = "", .nr = lines->nr, .ended = true, .torn = true };
		lines->at += looked;
		lines->inside = true;
		return true;
	}
	set_line(lines, line, newline ? newline : lines->buf + lines->end);
	lines->at = (newline ? newline + 1 : lines->buf + lines->end) - lines->buf;
	line->torn |= lines->inside;
	lines->inside = false;
	return true;
}

void lines_hold(struct lines *lines)
{
	lines->holding = true;
	lines->first = lines->at;
	lines->held_nr = lines->nr;
	lines->held_inside = lines->inside;
}

size_t lines_held(const struct lines *lines)
{
	return lines->holding ? lines->at - lines->first : 0;
}

void lines_rewind(struct lines *lines)
{
	unpatch(lines);
	if (!lines->holding)
		return;
	lines->at = lines->first;
	lines->nr = lines->held_nr;
	lines->inside = lines->held_inside;
	lines->holding = false;
}
