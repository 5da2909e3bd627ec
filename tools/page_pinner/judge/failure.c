// SPDX-License-Identifier: GPL-2.0
/*
 * Failures from events; see failure.h.
 */
#include "judge/failure.h"

#include "util.h"

void failure_describe(struct failure *failure, const struct pin_event *ev,
		      struct classifier *cl)
{
	failure->id = ev->id;
	failure->reason = ev->reason;
	failure->kind = ev->kind;
	failure->marked = ev->marked;
	failure->order = ev->order;
	failure->pfn = ev->pfn;
	failure->refcount = ev->refcount;
	failure->expected = ev->expected;
	failure->mapcount = ev->mapcount;
	failure->pincount = ev->pincount;
	failure->own = ev->has & HAS_OWN ? ev->own : -1;
	failure->task = ev->task;
	failure->stack = ev->stack;
	failure->first = classify_stack(cl, ev->stack, RULE_GET)->first;
}

struct asker *failure_asker(struct failure *failure, const struct pin_event *ev,
			    struct classifier *cl)
{
	struct asker new = { .task = ev->task, .stack = ev->stack, .first_ns = ev->ts };
	size_t i;

	for (i = 0; i < failure->nr_askers; i++)
		if (failure->askers[i].task == ev->task)
			return &failure->askers[i];
	new.first = classify_stack(cl, ev->stack, RULE_GET)->first;
	VEC_PUSH(failure->askers, failure->nr_askers, failure->room_askers, new);
	return &failure->askers[failure->nr_askers - 1];
}
