// SPDX-License-Identifier: GPL-2.0
/*
 * The table of holders for people; see text_table.h.
 */
#include "show/text_table.h"

#include <stdlib.h>
#include <string.h>

#include "show/columns.h"
#include "show/group.h"
#include "show/words.h"
#include "util.h"

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

/* The same without what only failures have. */
static const char *const shown_held[NR_GROUP_BY][4] = {
	[GROUP_BY_HOLDER] = {
		"rank,pages,refs,api,median,max,function,by",
		"rank,pages,refs,median,function,by",
		"rank,pages,function,by",
		"rank,pages,function",
	},
	[GROUP_BY_FUNCTION] = {
		"rank,pages,refs,min,median,p90,max,module,function",
		"rank,pages,refs,median,max,function",
		"rank,pages,function",
		"rank,function",
	},
	[GROUP_BY_MODULE] = {
		"rank,pages,refs,min,median,p90,max,module",
		"rank,pages,refs,median,max,module",
		"rank,pages,module",
		"rank,module",
	},
	[GROUP_BY_TASK] = {
		"rank,pages,refs,min,median,p90,max,by",
		"rank,pages,refs,median,max,by",
		"rank,pages,by",
		"rank,by",
	},
};

/* Columns of text stand a little further off than those of numbers. */
static void put_cell(const struct view *r, const int *widths, size_t k, size_t nr,
		     const char *text)
{
	bool left = widths[k] < 0, wide = left && k;

	fprintf(r->out, "%s%*s", wide ? "  " : " ", left && k == nr - 1 ? 0 : widths[k], text);
}

static size_t nr_rows(const struct view *r)
{
	return r->entries && r->entries < r->groups->nr_named ? r->entries : r->groups->nr_named;
}

/* Numbers have the width of their column, text that of the longest in it. */
static int width_of(const struct view *r, const struct column *column)
{
	size_t longest = strlen(column->header), i, len;
	char text[COLUMN_SIZE];

	if (column->width > 0)
		return column->width;
	for (i = 0; i < nr_rows(r); i++) {
		columns_cell(r, column, r->groups->holders[i], true, text, sizeof(text));
		len = strlen(text);
		longest = len > longest ? len : longest;
	}
	return -(int)longest;
}

static size_t table_fields(const struct view *r, const struct column **to, int *widths)
{
	size_t nr, i, k;
	int width;

	for (i = 0; ; i++) {
		nr = columns_parse(r->fields ? r->fields :
				   (r->held ? shown_held : shown)[r->by][i], to);
		width = 2;
		for (k = 0; k < nr; k++) {
			widths[k] = width_of(r, to[k]);
			width += abs(widths[k]) + 1 + (widths[k] < 0);
		}
		if (r->fields || !r->width || width <= r->width || i + 1 == ARRAY_SIZE(shown[0]))
			return nr;
	}
}

void text_table(const struct view *r)
{
	const struct column *list[COLUMNS_MAX];
	int widths[COLUMNS_MAX];
	char text[COLUMN_SIZE];
	size_t nr, i, k;

	if (!r->groups->nr_named)
		return;
	nr = table_fields(r, list, widths);
	snprintf(text, sizeof(text), "Holders%s%s", r->by ? ", by " : "",
		 r->by ? group_name(r->by) : "");
	words_heading(r, text);
	fputc(' ', r->out);
	for (k = 0; k < nr; k++)
		put_cell(r, widths, k, nr, list[k]->header);
	fputc('\n', r->out);
	for (i = 0; i < nr_rows(r); i++) {
		fputc(' ', r->out);
		for (k = 0; k < nr; k++) {
			columns_cell(r, list[k], r->groups->holders[i], true, text, sizeof(text));
			put_cell(r, widths, k, nr, text);
		}
		fputc('\n', r->out);
	}
	if (i < r->groups->nr_named)
		fprintf(r->out, "  ... and %zu more (-E 0 shows all)\n", r->groups->nr_named - i);
}

