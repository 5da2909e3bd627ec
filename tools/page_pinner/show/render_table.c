// SPDX-License-Identifier: GPL-2.0
/*
 * The table of holders, for people and as csv; see render.h.
 */
#include "show/render.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "show/rank.h"
#include "trace/task.h"
#include "util.h"

#define CELL_SIZE 512
#define FIELDS_MAX 32

struct field {
	const char *name;
	const char *header;
	int width;		/* in the table for people; negative is left-aligned */
	bool time;		/* nanoseconds: people want a unit */
	void (*text)(const struct render *r, const struct holder *h, char *to, size_t size);
	uint64_t (*number)(const struct holder *h);
};

static uint64_t number_rank(const struct holder *h) { return h->rank; }
static uint64_t number_failures(const struct holder *h) { return h->failures; }
static uint64_t number_pages(const struct holder *h) { return h->pages.used; }
static uint64_t number_refs(const struct holder *h) { return h->refs; }
static uint64_t number_open(const struct holder *h) { return h->open; }
static uint64_t number_blocked(const struct holder *h) { return h->blocked_ns; }
static uint64_t number_first(const struct holder *h) { return h->first_ns; }
static uint64_t number_last(const struct holder *h) { return h->last_ns; }

static uint64_t number_min(const struct holder *h)
{
	return rank_percentile(h->holds, h->nr_holds, 0);
}

static uint64_t number_median(const struct holder *h)
{
	return rank_percentile(h->holds, h->nr_holds, 50);
}

static uint64_t number_p90(const struct holder *h)
{
	return rank_percentile(h->holds, h->nr_holds, 90);
}

static uint64_t number_max(const struct holder *h)
{
	return rank_percentile(h->holds, h->nr_holds, 100);
}

static void text_api(const struct render *r, const struct holder *h, char *to, size_t size)
{
	snprintf(to, size, "%s", h->pin ? "pin" : "get");
}

static void text_class(const struct render *r, const struct holder *h, char *to, size_t size)
{
	render_clean(to, size, h->class);
}

static void text_module(const struct render *r, const struct holder *h, char *to, size_t size)
{
	render_clean(to, size, h->module);
}

static void text_function(const struct render *r, const struct holder *h, char *to, size_t size)
{
	render_clean(to, size, render_function(h));
}

static void text_from(const struct render *r, const struct holder *h, char *to, size_t size)
{
	snprintf(to, size, "%s", h->acquired ? "held" : "released");
}

static void text_task(const struct render *r, const struct holder *h, char *to, size_t size)
{
	size_t i, used = 0;
	char comm[32];

	to[0] = '\0';
	for (i = 0; i < h->nr_tasks && i < 3 && used < size; i++) {
		const struct task *t = tasks_get(r->trace->tasks, h->tasks[i]);

		used += snprintf(to + used, size - used, "%s%s/%d", i ? " " : "",
				 render_clean(comm, sizeof(comm), t->comm), t->pid);
	}
	if (i < h->nr_tasks && used < size)
		snprintf(to + used, size - used, " and %zu more", h->nr_tasks - i);
	if (!h->nr_tasks)
		snprintf(to, size, "-");
}

static void text_by(const struct render *r, const struct holder *h, char *to, size_t size)
{
	int used = snprintf(to, size, "%s by ", h->acquired ? "held" : "released");

	text_task(r, h, to + used, size - used);
}

static const struct field fields[] = {
	{ "rank", "#", 3, false, NULL, number_rank },
	{ "failures", "failures", 8, false, NULL, number_failures },
	{ "pages", "pages", 6, false, NULL, number_pages },
	{ "refs", "refs", 6, false, NULL, number_refs },
	{ "open", "open", 5, false, NULL, number_open },
	{ "api", "api", -4, false, text_api, NULL },
	{ "min", "min", 10, true, NULL, number_min },
	{ "median", "median", 10, true, NULL, number_median },
	{ "p90", "p90", 10, true, NULL, number_p90 },
	{ "max", "max", 10, true, NULL, number_max },
	{ "blocked", "blocked", 10, true, NULL, number_blocked },
	{ "first", "first", 12, true, NULL, number_first },
	{ "last", "last", 12, true, NULL, number_last },
	{ "class", "class", -12, false, text_class, NULL },
	{ "module", "module", -12, false, text_module, NULL },
	{ "function", "function", -32, false, text_function, NULL },
	{ "from", "task has", -8, false, text_from, NULL },
	{ "task", "task", -24, false, text_task, NULL },
	{ "by", "task", -32, false, text_by, NULL },
};

/* What people are shown, widest first: the first that fits the terminal. */
static const char *const shown[NR_GROUP_BY][4] = {
	[GROUP_BY_HOLDER] = {
		"rank,failures,pages,refs,api,median,max,function,by",
		"rank,failures,refs,median,function,by",
		"rank,failures,function,by",
		"rank,failures,function",
	},
	[GROUP_BY_FUNCTION] = {
		"rank,failures,pages,refs,min,median,p90,max,module,function",
		"rank,failures,refs,median,max,function",
		"rank,failures,function",
		"rank,function",
	},
	[GROUP_BY_MODULE] = {
		"rank,failures,pages,refs,min,median,p90,max,module",
		"rank,failures,refs,median,max,module",
		"rank,failures,module",
		"rank,module",
	},
	[GROUP_BY_TASK] = {
		"rank,failures,pages,refs,min,median,p90,max,by",
		"rank,failures,refs,median,max,by",
		"rank,failures,by",
		"rank,by",
	},
};

/* What csv has. */
static const char *const all[NR_GROUP_BY] = {
	[GROUP_BY_HOLDER] = "rank,failures,pages,refs,open,api,min,median,p90,max,blocked,first,"
		"last,class,module,function,from,task",
	[GROUP_BY_FUNCTION] = "rank,failures,pages,refs,open,min,median,p90,max,blocked,first,"
		"last,module,function",
	[GROUP_BY_MODULE] = "rank,failures,pages,refs,open,min,median,p90,max,blocked,first,"
		"last,module",
	[GROUP_BY_TASK] = "rank,failures,pages,refs,open,min,median,p90,max,blocked,first,"
		"last,from,task",
};

const char *render_fields(void)
{
	return all[GROUP_BY_HOLDER];
}

static const struct field *find_field(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if (strlen(fields[i].name) == len && !memcmp(fields[i].name, name, len))
			return &fields[i];
	return NULL;
}

/* Names to fields; returns how many, 0 if one of them is unknown. */
static size_t parse_fields(const char *names, const struct field **to)
{
	size_t nr = 0, len;

	while (*names && nr < FIELDS_MAX) {
		len = strcspn(names, ",");
		to[nr] = find_field(names, len);
		if (!to[nr++])
			return 0;
		names += len + (names[len] == ',');
	}
	return *names ? 0 : nr;
}

bool render_has_fields(const char *names)
{
	const struct field *list[FIELDS_MAX];

	return parse_fields(names, list) > 0;
}

static void cell(const struct render *r, const struct field *field, const struct holder *h,
		 bool people, char *to, size_t size)
{
	if (field->text)
		field->text(r, h, to, size);
	else if (field->time && people)
		render_duration(to, size, field->number(h));
	else
		snprintf(to, size, "%" PRIu64, field->number(h));
}

/* Columns of text stand a little further off than those of numbers. */
static void put_cell(const struct render *r, const struct field **list, size_t k, size_t nr,
		     const char *text)
{
	bool left = list[k]->width < 0, wide = left && k && list[k - 1]->width > 0;

	fprintf(r->out, "%s%*s", wide ? "  " : " ", left && k == nr - 1 ? 0 : list[k]->width, text);
}

static size_t table_fields(const struct render *r, const struct field **to)
{
	size_t nr, i, k;
	int width;

	if (r->fields)
		return parse_fields(r->fields, to);
	for (i = 0; ; i++) {
		nr = parse_fields(shown[r->by][i], to);
		width = 2;
		for (k = 0; k < nr; k++)
			width += abs(to[k]->width) + 1 + (to[k]->width < 0);
		if (!r->width || width <= r->width || i + 1 == ARRAY_SIZE(shown[0]))
			return nr;
	}
}

void render_table(const struct render *r)
{
	const struct field *list[FIELDS_MAX];
	size_t nr = table_fields(r, list), i, k;
	char text[CELL_SIZE];

	if (!r->groups->nr_named)
		return;
	fprintf(r->out, "\n%sHolders%s%s%s\n ", r->color ? "\033[1m" : "",
		r->by ? ", by " : "", r->by ? group_name(r->by) : "", r->color ? "\033[0m" : "");
	for (k = 0; k < nr; k++)
		put_cell(r, list, k, nr, list[k]->header);
	fputc('\n', r->out);
	for (i = 0; i < r->groups->nr_named; i++) {
		if (r->entries && i == r->entries) {
			fprintf(r->out, "  ... and %zu more (-E 0 shows all)\n", r->groups->nr_named - i);
			break;
		}
		fputc(' ', r->out);
		for (k = 0; k < nr; k++) {
			cell(r, list[k], r->groups->holders[i], true, text, sizeof(text));
			put_cell(r, list, k, nr, text);
		}
		fputc('\n', r->out);
	}
}

static void put_csv(const struct render *r, const char *text)
{
	if (!strpbrk(text, "\"\r\n") && !strstr(text, r->separator)) {
		fputs(text, r->out);
		return;
	}
	fputc('"', r->out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', r->out);
		fputc(*text, r->out);
	}
	fputc('"', r->out);
}

void render_csv(const struct render *r)
{
	const struct field *list[FIELDS_MAX];
	size_t nr = parse_fields(r->fields ? r->fields : all[r->by], list), i, k;
	char text[CELL_SIZE];

	for (k = 0; k < nr; k++)
		fprintf(r->out, "%s%s", k ? r->separator : "", list[k]->name);
	fputc('\n', r->out);
	for (i = 0; i < r->groups->nr_named; i++) {
		if (r->entries && i == r->entries)
			break;
		for (k = 0; k < nr; k++) {
			cell(r, list[k], r->groups->holders[i], false, text, sizeof(text));
			if (k)
				fputs(r->separator, r->out);
			put_csv(r, text);
		}
		fputc('\n', r->out);
	}
}
