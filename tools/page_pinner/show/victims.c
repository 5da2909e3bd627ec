// SPDX-License-Identifier: GPL-2.0
/*
 * Victims and holders; see victims.h.
 */
#include "show/victims.h"

#include <stdlib.h>

#include "util.h"

static int compare_victims(const void *a, const void *b)
{
	const struct victim *x = a, *y = b;

	if (x->named != y->named)
		return x->named > y->named ? -1 : 1;
	if (x->failures != y->failures)
		return x->failures > y->failures ? -1 : 1;
	return x->task < y->task ? -1 : x->task > y->task;
}

static int compare_by(const void *a, const void *b)
{
	const struct victim_of *x = a, *y = b;

	return x->holder < y->holder ? -1 : x->holder > y->holder;
}

static void add_holder(struct victim *victim, uint64_t count, const struct claim *sum)
{
	struct victim_of by = { .holder = sum->holder };
	size_t i;

	for (i = 0; i < victim->nr_by; i++)
		if (victim->by[i].holder == sum->holder)
			break;
	if (i == victim->nr_by)
		VEC_PUSH(victim->by, victim->nr_by, victim->room_by, by);
	victim->by[i].failures += count;
	victim->by[i].refs += sum->refs * count;
}

/* Failures come in the order of time: count what was not counted before. */
static void add_time(struct victim *victim, uint64_t from_ns, uint64_t to_ns, uint64_t most_ns)
{
	uint64_t more_ns = findings_beyond(&victim->until_ns, from_ns, to_ns);

	victim->blocked_ns += more_ns < most_ns ? more_ns : most_ns;
}

static void add_failure(struct victim *victim, const struct failure *failure,
			const struct asker *asker)
{
	uint64_t from_ns = asker ? asker->first_ns : failure->time_ns, to_ns = 0;
	bool any, named = false;
	struct claim sum;
	size_t i, k;

	for (i = 0; i < failure->nr_claims; i = k) {
		any = false;
		for (k = findings_sum(failure, i, &sum); i < k; i++) {
			if (asker && !findings_concern(&failure->claims[i], asker))
				continue;
			any = true;
			if (failure->claims[i].to_ns > to_ns)
				to_ns = failure->claims[i].to_ns;
		}
		if (any)
			add_holder(victim, failure->count, &sum);
		named |= any;
	}
	victim->failures += failure->count;
	victim->named += named ? failure->count : 0;
	/* of many in one entry not all of the time between the first and the last one */
	add_time(victim, from_ns, to_ns, failure->blocked_ns ? failure->blocked_ns : UINT64_MAX);
}

static struct victim *victim_of(struct victims *to, struct map *places, uint32_t task)
{
	struct victim victim = { .task = task };
	/* places count from 1: 0 is none */
	size_t place = (uintptr_t)map_get(places, task);

	if (!place) {
		VEC_PUSH(to->victims, to->nr, to->room, victim);
		place = to->nr;
		map_put(places, task, (void *)(uintptr_t)place);
	}
	return &to->victims[place - 1];
}

void victims_find(const struct findings *f, struct victims *to)
{
	struct map places = { 0 };
	size_t i, k;

	for (i = 0; i < f->nr_failures; i++) {
		const struct failure *failure = f->failures[i];

		for (k = 0; k < failure->nr_askers; k++)
			add_failure(victim_of(to, &places, failure->askers[k].task), failure,
				    &failure->askers[k]);
		if (!failure->nr_askers)
			add_failure(victim_of(to, &places, failure->task), failure, NULL);
	}
	map_free(&places);
	for (i = 0; i < to->nr; i++)
		if (to->victims[i].nr_by)
			qsort(to->victims[i].by, to->victims[i].nr_by,
			      sizeof(*to->victims[i].by), compare_by);
	if (to->nr)
		qsort(to->victims, to->nr, sizeof(*to->victims), compare_victims);
}

void victims_free(struct victims *victims)
{
	size_t i;

	for (i = 0; i < victims->nr; i++)
		free(victims->victims[i].by);
	free(victims->victims);
	victims->victims = NULL;
	victims->nr = victims->room = 0;
}
