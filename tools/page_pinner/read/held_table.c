// SPDX-License-Identifier: GPL-2.0
/*
 * Rows of a table; see held_table.h.
 */
#define _GNU_SOURCE
#include "read/held_table.h"

#include <string.h>

#include "read/held_words.h"
#include "trace/event.h"
#include "trace/stack.h"
#include "util.h"

/* Columns that are asked for; the first ones have to be there. */
enum held_column {
	AT_PFN,
	AT_REFCOUNT,
	AT_EXPECTED,
	AT_REFS,
	AT_RECORD,
	AT_PID,
	AT_COMM,
	AT_STACK,
	NR_NEEDED,
	AT_ORDER = NR_NEEDED,
	AT_UNEXPECTED,
	AT_MAPCOUNT,
	AT_FLAGS,
	AT_CTX,
	AT_SINCE,
	AT_AGE,
	NR_ASKED
};

static const char *const names[NR_ASKED] = {
	[AT_PFN] = "pfn", [AT_ORDER] = "order", [AT_REFCOUNT] = "refcount",
	[AT_EXPECTED] = "expected", [AT_UNEXPECTED] = "unexpected",
	[AT_MAPCOUNT] = "mapcount", [AT_FLAGS] = "flags", [AT_REFS] = "refs",
	[AT_RECORD] = "record", [AT_CTX] = "ctx", [AT_PID] = "pid", [AT_COMM] = "comm",
	[AT_SINCE] = "since", [AT_AGE] = "age_ms", [AT_STACK] = "stack",
};

_Static_assert(NR_ASKED <= ARRAY_SIZE(((struct held_table *)0)->place), "room for each column");

static int split(const char *line, struct held_word *words)
{
	int nr = 0;

	while (nr < HELD_COLUMNS && held_word(&line, &words[nr]))
		nr++;
	return nr;
}

bool held_table_heading(struct held_table *table, const char *line)
{
	struct held_word words[HELD_COLUMNS];
	struct held_table found = { 0 };
	int i, k;

	found.nr = split(line, words);
	for (i = 0; i < NR_ASKED; i++) {
		found.place[i] = -1;
		for (k = 0; k < found.nr; k++)
			if (held_is(&words[k], names[i]))
				found.place[i] = k;
		if (found.place[i] < 0 && i < NR_NEEDED)
			return false;
	}
	*table = found;
	return true;
}

/* A row, and where its pieces are. */
struct row {
	const struct held_table *table;
	struct held_word words[HELD_COLUMNS];
};

/* A column that the table may lack; then the piece is "-". */
static const struct held_word *column(const struct row *row, enum held_column at)
{
	static const struct held_word none = { "-", 1 };

	return row->table->place[at] < 0 ? &none : &row->words[row->table->place[at]];
}

static bool read_folio(const struct row *row, struct held *held)
{
	const struct held_word *order = column(row, AT_ORDER), *flags = column(row, AT_FLAGS);
	const struct held_word *mapcount = column(row, AT_MAPCOUNT);
	int32_t unexpected;
	uint64_t value;

	if (!held_unsigned(column(row, AT_PFN), 16, UINT64_MAX >> 1, &held->pfn) ||
	    !held_int(column(row, AT_REFCOUNT), &held->refcount) ||
	    !held_int(column(row, AT_EXPECTED), &held->expected))
		return false;
	if (!held_is(order, "-")) {
		if (!held_unsigned(order, 10, 63, &value))
			return false;
		held->order = value;
	}
	if (!held_is(mapcount, "-")) {
		if (!held_int(mapcount, &held->mapcount))
			return false;
		held->has |= HAS_MAPCOUNT;
	}
	if (!held_is(flags, "-")) {
		if (!held_flags(flags, &held->flags))
			return false;
		held->has |= HAS_FLAGS;
	}
	/* the kernel says it itself: a digit that is missing shows */
	return held_is(column(row, AT_UNEXPECTED), "-") ||
	       (held_int(column(row, AT_UNEXPECTED), &unexpected) &&
		unexpected == (int64_t)held->refcount - held->expected);
}

static bool read_stack(const struct held_word *word, struct trace *trace, uint32_t *stack)
{
	struct held_word frame = { .text = word->text };
	const char *end = word->text + word->len, *arrow;
	uint64_t addrs[STACK_MAX];
	size_t nr = 0;

	*stack = STACK_NONE;
	if (held_is(word, "-"))
		return true;
	for (; frame.text <= end && nr < STACK_MAX; frame.text = arrow + 2) {
		arrow = memmem(frame.text, end - frame.text, "<-", 2);
		if (!arrow)
			arrow = end;
		frame.len = arrow - frame.text;
		if (!held_frame(trace->symbols, &frame, &addrs[nr++]))
			return false;
	}
	*stack = stacks_intern(trace->stacks, addrs, nr);
	return true;
}

static bool read_get(const struct row *row, struct trace *trace, struct held *held)
{
	static const struct held_word in_task = { "task", 4 };
	const struct held_word *ctx = column(row, AT_CTX);
	const struct held_word *since = column(row, AT_SINCE), *age = column(row, AT_AGE);

	return held_who(trace, held_is(ctx, "-") ? &in_task : ctx, column(row, AT_PID),
			column(row, AT_COMM), held) &&
	       (held_is(since, "-") || held_seconds(since, &held->since_ns)) &&
	       (held_is(age, "-") || held_age(age, &held->age_ns)) &&
	       read_stack(column(row, AT_STACK), trace, &held->stack);
}

bool held_table_row(const struct held_table *table, const char *line, struct trace *trace,
		    struct held *held)
{
	struct row row = { .table = table };

	memset(held, 0, sizeof(*held));
	if (split(line, row.words) != table->nr || !read_folio(&row, held) ||
	    !held_int(column(&row, AT_REFS), &held->refs) || held->refs <= 0 ||
	    !held_record_of(column(&row, AT_RECORD), &held->record))
		return false;
	if (held->record == HELD_UNRECORDED || held->record == HELD_REFUSED)
		return held_is(column(&row, AT_PID), "-") && held_is(column(&row, AT_STACK), "-");
	return read_get(&row, trace, held);
}
