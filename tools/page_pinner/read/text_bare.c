// SPDX-License-Identifier: GPL-2.0
/*
 * A text without what others put around it and did to it; see text.h.
 */
#include "read/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/decode.h"
#include "read/husk.h"
#include "read/nameless.h"
#include "util.h"

/* So many lines with an event, or bytes, are looked at. */
#define SAMPLE_EVENTS 1024
#define SAMPLE_BYTES (4 << 20)

/* Lines put together and decoded. */
struct bare {
	struct lines *lines;
	const struct decode *decode;
	char *text;
	size_t room;
	struct line line;		/* the line that @text begins with */
	size_t len;			/* of @text */
	size_t last;			/* of the part that was put there last */
	struct line next;
	bool has_next;
};

static void bare_free(struct bare *b)
{
	free(b->text);
	free(b);
}

static bool next_line(struct bare *b)
{
	do {
		b->has_next = lines_next(b->lines, &b->next);
	} while (b->has_next && !b->next.torn &&
		 decode_leave_out(b->decode, b->next.text, b->next.nr));
	return b->has_next;
}

static void take(struct bare *b, size_t at)
{
	if (at + b->next.len >= b->room) {
		b->room = at + b->next.len + DECODE_ROOM;
		b->text = xrealloc(b->text, b->room, 1);
	}
	memcpy(b->text + at, b->next.text, b->next.len + 1);
	b->len = at + b->next.len;
	b->last = b->next.len;
	b->line.ended = b->next.ended;
	next_line(b);
}

/* Returns false at the end of the text. */
static bool bare_next(struct bare *b, struct line *line)
{
	if (!b->has_next)
		return false;
	*line = b->line = b->next;
	take(b, 0);
	while (!line->torn && b->has_next && !b->next.torn && b->len + b->next.len < DECODE_ROOM &&
	       decode_goes_on(b->decode, b->text + b->len - b->last, b->last, b->next.text))
		take(b, b->len - b->decode->quote);
	line->ended = b->line.ended;
	if (!line->torn)
		b->len = decode_text(b->decode, b->text, b->len);
	line->text = b->text;
	line->len = b->len;
	return true;
}

static void bare_start(struct bare *b, struct text *t, const struct decode *decode)
{
	b->lines = t->lines;
	b->decode = decode;
	next_line(b);
}

static bool is_event(const char *line)
{
	return strstr(line, "page_pinner_") || strstr(line, "page_ref_");
}

/* Returns how many bytes were looked at. */
static size_t learn_decode(struct text *t, struct decode *d)
{
	struct line line;
	size_t events = 0, held;

	lines_hold(t->lines);
	while (events < SAMPLE_EVENTS && lines_held(t->lines) < SAMPLE_BYTES &&
	       lines_next(t->lines, &line)) {
		if (line.torn)
			continue;
		events += is_event(line.text);
		decode_learn(d, line.text, line.len);
	}
	held = lines_held(t->lines);
	lines_rewind(t->lines);
	return events ? held : 0;
}

static void learn_husk(struct text *t, const struct decode *d, struct husk *h, size_t held)
{
	struct bare *b = xzalloc(sizeof(*b));
	struct line line;

	lines_hold(t->lines);
	bare_start(b, t, d);
	while (lines_held(t->lines) < held && bare_next(b, &line))
		if (!line.torn)
			husk_learn(h, line.text);
	lines_rewind(t->lines);
	bare_free(b);
}

static void rewrite(struct text *t, const struct decode *d, struct husk *h)
{
	struct bare *b = xzalloc(sizeof(*b));
	struct line line;
	const char *p;

	bare_start(b, t, d);
	while (bare_next(b, &line)) {
		if (h && !line.torn) {
			p = husk_strip(h, line.text);
			if (!p)
				continue;
			line.len -= p - line.text;
			line.text = p;
		}
		lines_put(t->bare, &line);
	}
	bare_free(b);
}

void text_uncover(struct text *t)
{
	struct decode *d = xzalloc(sizeof(*d));
	struct husk *h = xzalloc(sizeof(*h));
	size_t held = learn_decode(t, d);
	bool decoded = held && decode_decide(d), husked = false;

	if (held) {
		learn_husk(t, d, h, held);
		husked = husk_decide(h);
	}
	if (decoded || husked) {
		t->bare = nameless_stream(t->trace->file);
		t->failed = !t->bare;
	}
	if (t->bare) {
		rewrite(t, d, husked ? h : NULL);
		if (fflush(t->bare) || ferror(t->bare)) {
			nameless_fault(t->trace->file);
			t->failed = true;
		}
		rewind(t->bare);
		lines_free(t->lines);
		t->lines = lines_new_numbered(t->bare);
	}
	if (h->strange)
		report_error("%s: %" PRIu64 " lines of stacks have something else in front than "
			     "\"%s\": of another file? report each by itself", t->trace->file,
			     h->strange, h->forms[h->best].sample);
	free(h);
	free(d);
}
