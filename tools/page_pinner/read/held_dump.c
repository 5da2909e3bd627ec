// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps in a kernel log; see held_dump.h.
 *
 * A dump is given out when its rows account for all unexpected references: the
 * kernel writes one for each.  Where they do not, or another dump came between
 * and nothing tells whose lines followed, no name is taken from it.
 */
#define _GNU_SOURCE
#include "read/held_dump.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read/held_words.h"
#include "trace/stack.h"
#include "util.h"

#define TAG "page_pinner: "
/* "T12345", "C0" */
#define CALLER_MAX 16
/* Rows of one dump: the kernel looks at no more entries for a page. */
#define ROWS_MAX 256
/* Callers that are told apart; nobody is in the middle of a dump on more CPUs. */
#define CALLERS_MAX 64

/* One dump under way. */
struct dump {
	char caller[CALLER_MAX];
	bool open;		/* its first line was seen */
	bool torn;		/* what follows may be another's */
	uint64_t line;
	struct held folio;
	int32_t unexpected;
	int64_t refs;		/* of its rows */
	struct held rows[ROWS_MAX];
	size_t nr;
	uint64_t addrs[STACK_MAX];	/* of the last row */
	size_t nr_addrs;
};

struct held_dumps {
	struct trace *trace;
	struct held_source *source;
	held_sink sink;
	void *ctx;
	struct dump **dumps;
	size_t nr, room;
};

struct held_dumps *held_dumps_new(struct trace *trace, struct held_source *source,
				  held_sink sink, void *ctx)
{
	struct held_dumps *dumps = xzalloc(sizeof(*dumps));

	dumps->trace = trace;
	dumps->source = source;
	dumps->sink = sink;
	dumps->ctx = ctx;
	return dumps;
}

static void unread(struct held_dumps *dumps, uint64_t line)
{
	dumps->source->unread++;
	if (!dumps->source->first_bad || line < dumps->source->first_bad)
		dumps->source->first_bad = line;
}

static bool on_record(enum held_record record)
{
	return record != HELD_UNRECORDED && record != HELD_REFUSED;
}

static void end_row(struct held_dumps *dumps, struct dump *dump)
{
	if (dump->nr && on_record(dump->rows[dump->nr - 1].record))
		dump->rows[dump->nr - 1].stack = stacks_intern(dumps->trace->stacks, dump->addrs,
							       dump->nr_addrs);
	dump->nr_addrs = 0;
}

static bool adds_up(const struct dump *dump)
{
	size_t i;

	if (dump->refs == dump->unexpected)
		return true;
	/* more than that is where the kernel says so itself */
	for (i = 0; i < dump->nr; i++)
		if (dump->rows[i].record != HELD_ONE_OF && dump->rows[i].record != HELD_BATCH)
			return false;
	return dump->refs > dump->unexpected;
}

/* No more of this dump comes. */
static void end_dump(struct held_dumps *dumps, struct dump *dump)
{
	uint64_t look = dumps->source->looks + 1;
	size_t i;

	if (!dump->open)
		return;
	dump->open = false;
	end_row(dumps, dump);
	dumps->source->looks++;
	dumps->source->logs++;
	if (dump->torn || !adds_up(dump)) {
		unread(dumps, dump->line);
		dump->nr = 0;
	}
	if (!dump->nr) {
		dump->folio.look = look;
		dumps->sink(dumps->ctx, &dump->folio);
	}
	for (i = 0; i < dump->nr; i++) {
		dump->rows[i].look = look;
		dumps->source->rows++;
		dumps->sink(dumps->ctx, &dump->rows[i]);
	}
}

void held_dumps_free(struct held_dumps *dumps)
{
	size_t i;

	if (!dumps)
		return;
	for (i = 0; i < dumps->nr; i++) {
		end_dump(dumps, dumps->dumps[i]);
		free(dumps->dumps[i]);
	}
	free(dumps->dumps);
	free(dumps);
}

/* Who printed a line, where the kernel says it: "[  T123] " in front of it. */
static void find_caller(const char *line, const char *tag, char *caller)
{
	const char *end = tag, *from;
	size_t len;

	caller[0] = '\0';
	while (end > line && end[-1] == ' ')
		end--;
	if (end == line || *--end != ']')
		return;
	for (from = end; from > line && isalnum((unsigned char)from[-1]); from--)
		;
	len = end - from;
	if (len < 2 || len >= CALLER_MAX || (*from != 'T' && *from != 'C'))
		return;
	memcpy(caller, from, len);
	caller[len] = '\0';
}

static struct dump *dump_of(struct held_dumps *dumps, const char *caller)
{
	struct dump *dump;
	size_t i;

	for (i = 0; i < dumps->nr; i++)
		if (!strcmp(dumps->dumps[i]->caller, caller))
			return dumps->dumps[i];
	if (dumps->nr == CALLERS_MAX) {
		/* the one that began first */
		dump = dumps->dumps[0];
		end_dump(dumps, dump);
		memmove(dumps->dumps, dumps->dumps + 1, (--dumps->nr) * sizeof(*dumps->dumps));
	} else {
		dump = xzalloc(sizeof(*dump));
	}
	strcpy(dump->caller, caller);
	VEC_PUSH(dumps->dumps, dumps->nr, dumps->room, dump);
	return dump;
}

/* Words that alternate with names: "refcount 3 expected 1". */
static bool take(const char **p, const char *name, struct held_word *value)
{
	struct held_word word;

	return held_word(p, &word) && held_is(&word, name) && held_word(p, value);
}

/* "pfn 0x7c03 order 0 refcount 3 expected 1 unexpected 2" */
static bool read_folio(const char *p, struct held *held, int32_t *unexpected)
{
	struct held_word pfn, order, refcount, expected, more;
	uint64_t value;

	memset(held, 0, sizeof(*held));
	if (!take(&p, "pfn", &pfn) || !take(&p, "order", &order) ||
	    !take(&p, "refcount", &refcount) || !take(&p, "expected", &expected) ||
	    !take(&p, "unexpected", &more))
		return false;
	if (!held_unsigned(&pfn, 16, UINT64_MAX >> 1, &held->pfn) ||
	    !held_unsigned(&order, 10, 63, &value) || !held_int(&refcount, &held->refcount) ||
	    !held_int(&expected, &held->expected) || !held_int(&more, unexpected))
		return false;
	held->order = value;
	return *unexpected > 0 && *unexpected == (int64_t)held->refcount - held->expected;
}

/* "pfn 0x7c03" at the end of a row, from kernels that say so: of this dump? */
static bool read_end(const char *p, const struct held *held)
{
	struct held_word pfn;
	const char *rest = p;
	uint64_t value;

	if (!held_word(&rest, &pfn))
		return true;
	return take(&p, "pfn", &pfn) && held_unsigned(&pfn, 16, UINT64_MAX >> 1, &value) &&
	       value == held->pfn && !held_word(&p, &pfn);
}

/* "1 held, task 312 comm x since 12.345678 age_ms 8123 pfn 0x7c03", "1 unrecorded" */
static bool read_row(struct held_dumps *dumps, const char *p, struct held *held)
{
	struct held_word refs, record, ctx, pid, comm, since, age;

	if (!held_word(&p, &refs) || !held_int(&refs, &held->refs) || held->refs <= 0 ||
	    !held_word(&p, &record))
		return false;
	record.len -= record.text[record.len - 1] == ',';
	if (!held_record_of(&record, &held->record))
		return false;
	if (!on_record(held->record))
		return read_end(p, held);
	return held_word(&p, &ctx) && held_word(&p, &pid) && take(&p, "comm", &comm) &&
	       take(&p, "since", &since) && take(&p, "age_ms", &age) && read_end(p, held) &&
	       held_who(dumps->trace, &ctx, &pid, &comm, held) &&
	       held_seconds(&since, &held->since_ns) && held_age(&age, &held->age_ns);
}

static void begin_dump(struct held_dumps *dumps, struct dump *dump, const char *p, uint64_t nr)
{
	/* two at a time, and nobody says whose the lines are */
	bool mixed = dump->open && !*dump->caller && dump->refs < dump->unexpected;

	if (mixed)
		dump->torn = true;
	end_dump(dumps, dump);
	dump->torn = mixed;
	dump->nr = 0;
	dump->refs = 0;
	dump->line = nr;
	dump->open = read_folio(p, &dump->folio, &dump->unexpected);
	dump->folio.log = true;
	if (!dump->open)
		unread(dumps, nr);
}

static void add_row(struct held_dumps *dumps, struct dump *dump, const char *p)
{
	struct held row = dump->folio;

	end_row(dumps, dump);
	if (dump->nr == ROWS_MAX || !read_row(dumps, p, &row)) {
		dump->torn = true;
		return;
	}
	dump->refs += row.refs;
	dump->rows[dump->nr++] = row;
}

static void add_frame(struct held_dumps *dumps, struct dump *dump, const char *p)
{
	struct held_word frame = { .text = p + strspn(p, " ") };
	bool expected = dump->nr && on_record(dump->rows[dump->nr - 1].record);

	frame.len = strlen(frame.text);
	while (frame.len && frame.text[frame.len - 1] == ' ')
		frame.len--;
	if (!expected || dump->nr_addrs == STACK_MAX ||
	    !held_frame(dumps->trace->symbols, &frame, &dump->addrs[dump->nr_addrs]))
		dump->torn = true;
	else
		dump->nr_addrs++;
}

/* A number, or a frame behind more blanks: what else comes after the tag is not ours. */
static bool is_row(const char *p)
{
	p += strspn(p, "0123456789");
	return *p == ' ' && (!strncmp(p, " held", 5) || !strncmp(p, " one_of", 7) ||
			     !strncmp(p, " batch", 6) || !strncmp(p, " unrecorded", 11) ||
			     !strncmp(p, " refused", 8));
}

bool held_dumps_line(struct held_dumps *dumps, const char *line, uint64_t nr, bool whole)
{
	const char *tag = strstr(line, TAG), *p = tag ? tag + strlen(TAG) : "";
	char caller[CALLER_MAX];
	struct dump *dump;

	if (!tag || (strncmp(p, "pfn 0x", 6) && *p != ' ' && !is_row(p)))
		return false;
	find_caller(line, tag, caller);
	dump = dump_of(dumps, caller);
	if (!strncmp(p, "pfn 0x", 6)) {
		begin_dump(dumps, dump, p, nr);
	} else if (!dump->open) {
		/* the beginning of the log was overwritten */
		unread(dumps, nr);
	} else if (*p == ' ') {
		add_frame(dumps, dump, p);
	} else {
		add_row(dumps, dump, p);
	}
	dump->torn |= !whole;
	return true;
}
