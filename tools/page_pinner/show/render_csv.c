// SPDX-License-Identifier: GPL-2.0
/*
 * The table of holders as csv; see render.h.
 */
#include "show/render.h"

#include <string.h>

#include "show/columns.h"

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

static void put_csv(const struct view *r, const char *text)
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

void render_csv(const struct view *r)
{
	const struct column *list[COLUMNS_MAX];
	size_t nr = columns_parse(r->fields ? r->fields : all[r->by], list), i, k;
	char text[COLUMN_SIZE];

	for (k = 0; k < nr; k++)
		fprintf(r->out, "%s%s", k ? r->separator : "", list[k]->name);
	fputc('\n', r->out);
	for (i = 0; i < r->groups->nr_named; i++) {
		if (r->entries && i == r->entries)
			break;
		for (k = 0; k < nr; k++) {
			columns_cell(r, list[k], r->groups->holders[i], false, text, sizeof(text));
			if (k)
				fputs(r->separator, r->out);
			put_csv(r, text);
		}
		fputc('\n', r->out);
	}
}
