// SPDX-License-Identifier: GPL-2.0
/*
 * What a failing task still has to give back; see dues.h.
 *
 * What it drops first after it failed is its own, whatever it took in between.
 */
#include "judge/dues.h"

#include <stdlib.h>

#include "util.h"

/* A put of a task, and how much it gave back up to there. */
struct drop {
	uint32_t task;
	size_t at;
	int64_t sum;
};

/* An attempt, and the put with which its task has given back all it owed. */
struct due {
	uint32_t task;
	size_t pos;
	size_t until;	/* of this attempt and those of the task before it, the last */
};

struct dues {
	const struct episode *ep;
	struct drop *drops;
	size_t nr_drops, room_drops;
	struct due *dues;
	size_t nr, room;
};

static int by_place(uint32_t a_task, size_t a, uint32_t b_task, size_t b)
{
	if (a_task != b_task)
		return a_task < b_task ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int compare_drops(const void *a, const void *b)
{
	const struct drop *x = a, *y = b;

	return by_place(x->task, x->at, y->task, y->at);
}

static int compare_dues(const void *a, const void *b)
{
	const struct due *x = a, *y = b;

	return by_place(x->task, x->pos, y->task, y->pos);
}

static void find_drops(struct dues *d)
{
	size_t i;

	for (i = 0; i < d->ep->nr_ops; i++) {
		const struct op *op = &d->ep->ops[i];
		struct drop drop = { .task = op->task, .at = i, .sum = -(int64_t)op->delta };

		if (!op->atomic && op->delta < 0)
			VEC_PUSH(d->drops, d->nr_drops, d->room_drops, drop);
	}
	if (d->nr_drops)
		qsort(d->drops, d->nr_drops, sizeof(*d->drops), compare_drops);
	for (i = 1; i < d->nr_drops; i++)
		if (d->drops[i].task == d->drops[i - 1].task)
			d->drops[i].sum += d->drops[i - 1].sum;
}

/* The first drop of a task at or behind a place, or of the next task. */
static size_t first_drop(const struct dues *d, uint32_t task, size_t at)
{
	size_t low = 0, high = d->nr_drops;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_place(d->drops[middle].task, d->drops[middle].at, task, at) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The op with which the task of an attempt has given back so many. */
static size_t paid_by(const struct dues *d, const struct attempt *at, int32_t owed)
{
	size_t low = first_drop(d, at->ev.task, at->pos), high;
	int64_t before = low && d->drops[low - 1].task == at->ev.task ? d->drops[low - 1].sum : 0;
	size_t end = first_drop(d, at->ev.task, SIZE_MAX);

	for (high = end; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (d->drops[middle].sum - before < owed)
			low = middle + 1;
		else
			high = middle;
	}
	return low < end ? d->drops[low].at : SIZE_MAX;
}

struct dues *dues_new(const struct episode *ep)
{
	struct dues *d = xzalloc(sizeof(*d));
	size_t i;

	d->ep = ep;
	find_drops(d);
	for (i = 0; i < ep->nr_attempts; i++) {
		const struct attempt *at = &ep->attempts[i];
		int32_t owed = at->ev.has & HAS_OWN ? at->ev.own : 1;
		struct due due = { .task = at->ev.task, .pos = at->pos };

		if (owed <= 0)
			continue;
		due.until = paid_by(d, at, owed);
		VEC_PUSH(d->dues, d->nr, d->room, due);
	}
	if (d->nr)
		qsort(d->dues, d->nr, sizeof(*d->dues), compare_dues);
	for (i = 1; i < d->nr; i++)
		if (d->dues[i].task == d->dues[i - 1].task &&
		    d->dues[i].until < d->dues[i - 1].until)
			d->dues[i].until = d->dues[i - 1].until;
	return d;
}

void dues_free(struct dues *dues)
{
	if (!dues)
		return;
	free(dues->drops);
	free(dues->dues);
	free(dues);
}

bool dues_open(const struct dues *dues, size_t get, size_t put)
{
	const struct op *op = &dues->ep->ops[put];
	size_t low = 0, high = dues->nr;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct due *due = &dues->dues[middle];

		if (by_place(due->task, due->pos, op->task, get) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return !op->atomic && low && dues->dues[low - 1].task == op->task &&
	       dues->dues[low - 1].until >= put;
}
