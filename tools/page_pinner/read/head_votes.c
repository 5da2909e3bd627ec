// SPDX-License-Identifier: GPL-2.0
/*
 * The form that most lines of a text have; see heads.h.
 */
#include "read/heads.h"

#include <stdlib.h>

#include "util.h"

/* Torn lines and lines of strangers have forms, too. */
#define FORMS_MAX 32

struct form {
	struct columns c;
	uint64_t votes;
	uint64_t dashes[192];	/* votes for each place of the dash */
};

struct column_votes {
	struct form forms[FORMS_MAX];
	size_t nr;
};

struct column_votes *column_votes_new(void)
{
	return xzalloc(sizeof(struct column_votes));
}

void column_votes_free(struct column_votes *votes)
{
	free(votes);
}

void column_votes_add(struct column_votes *votes, const char *line, const char *name)
{
	struct columns seen;
	size_t i;

	if (!columns_guess(line, name, &seen))
		return;
	for (i = 0; i < votes->nr; i++)
		if (columns_same(&votes->forms[i].c, &seen))
			break;
	if (i == FORMS_MAX)
		return;
	if (i == votes->nr)
		votes->forms[votes->nr++].c = seen;
	votes->forms[i].votes++;
	votes->forms[i].dashes[seen.dash < 192 ? seen.dash : 0]++;
}

bool column_votes_decide(const struct column_votes *votes, struct columns *c)
{
	const struct form *best = NULL;
	size_t i;

	for (i = 0; i < votes->nr; i++)
		if (!best || votes->forms[i].votes > best->votes)
			best = &votes->forms[i];
	if (!best)
		return false;
	*c = best->c;
	c->dash = 0;
	/* no column for the names of tasks: somebody took blanks out */
	i = c->cpu == CPU_LATENCY ? COMM_WIDTH_LATENCY : COMM_WIDTH;
	for (; i < ARRAY_SIZE(best->dashes); i++)
		if (best->dashes[i] * 10 > best->votes * 9)
			c->dash = i;
	if (c->numbers > 1)
		c->cpu = CPU_BARE;
	/* blanks were taken out: where the task's name ends cannot be told */
	return c->task != TASK_BLANK || !c->numbers || c->aligned;
}
