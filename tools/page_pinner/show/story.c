// SPDX-License-Identifier: GPL-2.0
/*
 * Stories; see story.h.
 */
#include "show/story.h"

#include <stdlib.h>
#include <string.h>

#include "trace/task.h"

static const char *victim(const struct trace *trace, const struct failure *failure)
{
	return tasks_get(trace->tasks, failure->task)->comm;
}

static bool same_claims(const struct failure *a, const struct failure *b)
{
	size_t i;

	if (a->nr_claims != b->nr_claims)
		return false;
	for (i = 0; i < a->nr_claims; i++)
		if (a->claims[i].holder != b->claims[i].holder ||
		    a->claims[i].refs != b->claims[i].refs)
			return false;
	return true;
}

static bool same_story(const struct trace *trace, const struct failure *a,
		       const struct failure *b)
{
	return a->reason == b->reason && a->kind == b->kind && a->verdict == b->verdict &&
	       same_claims(a, b) && (a->why == b->why || !strcmp(a->why, b->why)) &&
	       (a->task == b->task || !strcmp(victim(trace, a), victim(trace, b)));
}

/*
 * Equal for stories that are the same; which they are is looked at then.  Names
 * are left out: of failures alike in all the rest few differ in them.
 */
static uint64_t story_hash(const struct failure *failure)
{
	return (uint64_t)failure->reason | failure->kind << 8 | failure->verdict << 16 |
	       (uint64_t)(failure->nr_claims & 0xff) << 24 |
	       (uint64_t)(failure->nr_claims ? failure->claims[0].holder + 1 : 0) << 32;
}

void stories_find(const struct findings *f, const struct trace *trace, bool each,
		  struct stories *to)
{
	struct map places = { 0 };
	size_t i, at;

	for (i = 0; i < f->nr_failures; i++) {
		const struct failure *failure = f->failures[i];
		uint64_t hash = story_hash(failure);
		size_t begin = (uintptr_t)map_get(&places, hash);
		struct story new = { .first = failure, .next = begin };

		for (at = each ? 0 : begin; at; at = to->list[at - 1].next)
			if (same_story(trace, to->list[at - 1].first, failure))
				break;
		if (!at) {
			VEC_PUSH(to->list, to->nr, to->room, new);
			at = to->nr;
			map_put(&places, hash, (void *)(uintptr_t)at);
		}
		to->list[at - 1].nr += failure->count;
		to->list[at - 1].last_ns = failure->count > 1 ? failure->last_ns : failure->time_ns;
		findings_pages(failure, &to->list[at - 1].pages);
	}
	map_free(&places);
}

void stories_free(struct stories *stories)
{
	size_t i;

	for (i = 0; i < stories->nr; i++)
		pageset_free(&stories->list[i].pages);
	free(stories->list);
	*stories = (struct stories){ 0 };
}
