// SPDX-License-Identifier: GPL-2.0
/*
 * Columns of the table of holders; see columns.h.
 */
#include "show/columns.h"

#include <inttypes.h>
#include <string.h>

#include "show/rank.h"
#include "show/words.h"
#include "util.h"

static uint64_t number_rank(const struct holder *h) { return h->rank; }
static uint64_t number_failures(const struct holder *h) { return h->failures; }
static uint64_t number_pages(const struct holder *h) { return h->pages.nr; }
static uint64_t number_refs(const struct holder *h) { return h->refs; }
static uint64_t number_open(const struct holder *h) { return h->open; }
static uint64_t number_blocked(const struct holder *h) { return h->blocked_ns; }
static uint64_t number_first(const struct holder *h) { return h->first_ns; }
static uint64_t number_last(const struct holder *h) { return h->last_ns; }

static uint64_t number_min(const struct holder *h)
{
	return rank_held(h, 0);
}

static uint64_t number_median(const struct holder *h)
{
	return rank_held(h, 50);
}

static uint64_t number_p90(const struct holder *h)
{
	return rank_held(h, 90);
}

static uint64_t number_max(const struct holder *h)
{
	return rank_held(h, 100);
}

static void text_api(const struct view *r, const struct holder *h, char *to, size_t size)
{
	snprintf(to, size, "%s", h->pin ? "pin" : "get");
}

static void text_class(const struct view *r, const struct holder *h, char *to, size_t size)
{
	words_clean(to, size, h->class);
}

static void text_module(const struct view *r, const struct holder *h, char *to, size_t size)
{
	words_clean(to, size, h->module);
}

static void text_function(const struct view *r, const struct holder *h, char *to, size_t size)
{
	words_clean(to, size, words_function(h));
}

static void text_from(const struct view *r, const struct holder *h, char *to, size_t size)
{
	snprintf(to, size, "%s", h->acquired ? "held" : "released");
}

static void text_task(const struct view *r, const struct holder *h, char *to, size_t size)
{
	words_tasks(r->trace, h, " ", "-", to, size);
}

static void text_by(const struct view *r, const struct holder *h, char *to, size_t size)
{
	int used = snprintf(to, size, "%s by ", h->acquired ? "held" : "released");

	text_task(r, h, to + used, size - used);
}

static const struct column columns[] = {
	{ "rank", "#", 3, COLUMN_PLAIN, NULL, number_rank },
	{ "failures", "failures", 8, COLUMN_PLAIN, NULL, number_failures },
	{ "pages", "pages", 6, COLUMN_PLAIN, NULL, number_pages },
	{ "refs", "refs", 6, COLUMN_PLAIN, NULL, number_refs },
	{ "open", "open", 5, COLUMN_PLAIN, NULL, number_open },
	{ "api", "api", -4, COLUMN_PLAIN, text_api, NULL },
	{ "min", "min hold", 12, COLUMN_HOLD, NULL, number_min },
	{ "median", "median hold", 12, COLUMN_HOLD, NULL, number_median },
	{ "p90", "p90 hold", 12, COLUMN_HOLD, NULL, number_p90 },
	{ "max", "max hold", 12, COLUMN_HOLD, NULL, number_max },
	{ "blocked", "blocked", 10, COLUMN_TIME, NULL, number_blocked },
	{ "first", "first", 12, COLUMN_TIME, NULL, number_first },
	{ "last", "last", 12, COLUMN_TIME, NULL, number_last },
	{ "class", "class", -12, COLUMN_PLAIN, text_class, NULL },
	{ "module", "module", -12, COLUMN_PLAIN, text_module, NULL },
	{ "function", "function", -32, COLUMN_PLAIN, text_function, NULL },
	{ "from", "task has", -8, COLUMN_PLAIN, text_from, NULL },
	{ "task", "task", -24, COLUMN_PLAIN, text_task, NULL },
	{ "by", "task", -32, COLUMN_PLAIN, text_by, NULL },
};

static const struct column *find_column(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++)
		if (strlen(columns[i].name) == len && !memcmp(columns[i].name, name, len))
			return &columns[i];
	return NULL;
}

size_t columns_parse(const char *names, const struct column **to)
{
	size_t nr = 0, len;

	while (*names && nr < COLUMNS_MAX) {
		len = strcspn(names, ",");
		to[nr] = find_column(names, len);
		if (!to[nr++])
			return 0;
		names += len + (names[len] == ',');
	}
	return *names ? 0 : nr;
}

/* A hold whose get or whose put is not on record was at least so long. */
static void put_time(const struct view *r, const struct column *column, const struct holder *h,
		     char *to, size_t size)
{
	char time[32];

	snprintf(to, size, "%s%s", column->kind == COLUMN_HOLD && (!h->acquired || h->open) ? ">= " : "",
		 words_duration(r->trace, time, sizeof(time), column->number(h)));
}

void columns_cell(const struct view *r, const struct column *column, const struct holder *h,
		  bool people, char *to, size_t size)
{
	if (column->text)
		column->text(r, h, to, size);
	else if (column->kind != COLUMN_PLAIN && people)
		put_time(r, column, h, to, size);
	else
		snprintf(to, size, "%" PRIu64, column->number(h));
}

const char *columns_name(size_t i)
{
	return i < ARRAY_SIZE(columns) ? columns[i].name : NULL;
}
