// SPDX-License-Identifier: GPL-2.0
/*
 * Failures without a mark; see unmarked.h.
 */
#include "judge/unmarked.h"

#include <stdlib.h>
#include <string.h>

#include "judge/blame.h"
#include "judge/failure.h"
#include "judge/near.h"
#include "judge/verdict.h"
#include "util.h"

/* So many failures stand for themselves. */
#define ALONE 4096
/* Of so many pages it is known that they failed just now; a power of two. */
#define RECENT 64
/* At the next attempt a cause that stays is none that passes. */
#define PERSISTS 2

/* All that is told of a failure, but for the page and the time. */
struct key {
	uint32_t task;
	uint32_t stack;
	uint8_t reason;
	uint8_t kind;
	uint8_t marked;
	uint8_t persists;
	uint32_t verdict;
};

struct story {
	struct key key;
	const char *why;
	struct failure *shared;		/* the entry that counts, NULL while there is none */
};

/* A page that failed just now: when it fails again, that is one more attempt. */
struct recent {
	uint64_t pfn;
	uint8_t reason;
	uint8_t kind;
	uint64_t attempts;
	struct failure *failure;	/* NULL if it was left out */
};

struct unmarked {
	struct classifier *cl;
	struct findings *f;
	struct map stories;		/* by hash of their keys */
	struct story *last;		/* of these: the next one is most often the same */
	unsigned int alone;
	struct recent recent[RECENT];
};

struct unmarked *unmarked_new(struct classifier *cl, struct findings *f)
{
	struct unmarked *u = xzalloc(sizeof(*u));

	u->cl = cl;
	u->f = f;
	return u;
}

void unmarked_free(struct unmarked *u)
{
	size_t i;

	if (!u)
		return;
	for (i = 0; i < u->stories.room; i++)
		free(u->stories.slots[i].value);
	map_free(&u->stories);
	free(u);
}

static const char *why_unmarked(const struct pin_event *ev)
{
	switch (ev->marked) {
	case MARKED_REFUSED:
		return "the kernel refused the mark: its budget of marked pages is used up";
	case MARKED_NO_PAGE_EXT:
		return "device memory is never marked, so nothing was recorded of the page";
	default:
		return "the failure set no mark, so nothing was recorded of the page";
	}
}

static struct story *story_of(struct unmarked *u, const struct pin_event *ev, bool persists)
{
	struct judgement said;
	struct key key = {
		.task = ev->task, .stack = ev->stack, .reason = ev->reason, .kind = ev->kind,
		.marked = ev->marked, .persists = persists,
	};
	struct story *story;
	uint64_t hash;

	if (persists) {
		said.verdict = VERDICT_NOT_A_REFERENCE;
		said.why = "the same at every attempt, and never an unexpected reference";
	} else if (!verdict_by_kind(ev, &said)) {
		said.verdict = VERDICT_UNRESOLVED;
		said.why = why_unmarked(ev);
	}
	key.verdict = said.verdict;
	story = u->last;
	if (story && !memcmp(&story->key, &key, sizeof(key)) && story->why == said.why)
		return story;
	for (hash = hash_bytes(&key, sizeof(key)); ; hash++) {
		story = map_get(&u->stories, hash);
		if (!story)
			break;
		if (!memcmp(&story->key, &key, sizeof(key)) && story->why == said.why) {
			u->last = story;
			return story;
		}
	}
	story = xzalloc(sizeof(*story));
	story->key = key;
	story->why = said.why;
	map_put(&u->stories, hash, story);
	return story;
}

static struct failure *new_failure(struct unmarked *u, const struct story *story,
				   const struct pin_event *ev)
{
	struct failure *failure = findings_failure(u->f);
	struct blame nobody = { 0 };

	failure_describe(failure, ev, u->cl);
	failure->time_ns = failure->last_ns = failure->end_ns = ev->ts;
	failure->from_pfn = ev->pfn;
	failure->to_pfn = near_last_pfn(ev->pfn, ev->order);
	failure->verdict = story->key.verdict;
	failure->why = story->why;
	failure_asker(failure, ev, u->cl)->last_ns = ev->ts;
	blame_account(&nobody, failure, NULL);
	return failure;
}

/* Times may go back a little: CPUs write on their own. */
static void widen(struct failure *failure, const struct pin_event *ev)
{
	struct extent extent = { failure->from_pfn, failure->to_pfn, failure->last_ns };

	near_widen(&extent, ev->pfn, ev->order, ev->ts);
	failure->from_pfn = extent.from_pfn;
	failure->to_pfn = extent.to_pfn;
	failure->last_ns = extent.last_ns;
	if (ev->ts < failure->time_ns)
		failure->time_ns = ev->ts;
}

static void count_attempts(struct failure *failure, struct asker *asker, uint64_t attempts,
			   uint64_t repeats)
{
	failure->attempts += attempts;
	failure->repeats += repeats;
	asker->attempts += attempts;
	if (failure->last_ns > asker->last_ns)
		asker->last_ns = failure->last_ns;
	if (failure->time_ns < asker->first_ns && asker == failure->askers)
		asker->first_ns = failure->time_ns;
}

/* The entry that one more failure of a story goes to. */
static struct failure *entry_for(struct unmarked *u, struct story *story,
				 const struct pin_event *ev)
{
	struct failure *shared = story->shared;

	if (u->alone < ALONE) {
		u->alone++;
		return new_failure(u, story, ev);
	}
	if (shared) {
		struct extent extent = { shared->from_pfn, shared->to_pfn, shared->last_ns };

		if (near_enough(&extent, ev->reason, ev->pfn, ev->order, ev->ts)) {
			shared->count++;
			pageset_add(&shared->pages, ev->pfn);
			return shared;
		}
	}
	story->shared = new_failure(u, story, ev);
	pageset_add(&story->shared->pages, ev->pfn);
	return story->shared;
}

static void add(struct unmarked *u, struct recent *recent, const struct pin_event *ev,
		bool persists)
{
	struct story *story = story_of(u, ev, persists);

	recent->failure = entry_for(u, story, ev);
	widen(recent->failure, ev);
	count_attempts(recent->failure, &recent->failure->askers[0], recent->attempts,
		       ev->repeats + recent->attempts);
}

/* A cause that persists is not transient, whoever holds nothing. */
static void note_persistence(struct unmarked *u, struct recent *recent,
			     const struct pin_event *ev)
{
	struct failure *failure = recent->failure;
	struct story *was, *story;

	if (failure->verdict != VERDICT_TRANSIENT || recent->attempts <= PERSISTS)
		return;
	if (failure->count == 1) {
		was = story_of(u, ev, false);
		if (was->shared == failure)
			was->shared = NULL;
		story = story_of(u, ev, true);
		failure->verdict = story->key.verdict;
		failure->why = story->why;
		return;
	}
	failure->count--;
	failure->attempts -= recent->attempts;
	failure->repeats -= recent->attempts;
	failure->askers[0].attempts -= recent->attempts;
	pageset_del(&failure->pages, ev->pfn);
	add(u, recent, ev, true);
}

/* Of many in one entry none can be left out later. */
static bool is_wanted(struct unmarked *u, const struct pin_event *ev)
{
	struct failure failure = { .time_ns = ev->ts, .last_ns = ev->ts, .count = 1 };

	if (!u->f->wanted)
		return true;
	failure_describe(&failure, ev, u->cl);
	return u->f->wanted(&failure, u->f->wanted_ctx);
}

void unmarked_feed(struct unmarked *u, const struct pin_event *ev)
{
	uint64_t what[2] = { ev->pfn, (uint64_t)ev->reason << 8 | ev->kind };
	struct recent *recent = &u->recent[hash_bytes(what, sizeof(what)) & (RECENT - 1)];
	struct failure *failure = recent->failure;

	/* an entry that counts failures is one task's */
	if (!recent->attempts || recent->pfn != ev->pfn || recent->reason != ev->reason ||
	    recent->kind != ev->kind ||
	    (failure && failure->pages.nr && failure->task != ev->task)) {
		*recent = (struct recent){
			.pfn = ev->pfn, .reason = ev->reason, .kind = ev->kind, .attempts = 1,
		};
		if (is_wanted(u, ev))
			add(u, recent, ev, false);
		else
			u->f->left_out++;
		return;
	}
	recent->attempts++;
	if (!failure)
		return;
	widen(failure, ev);
	count_attempts(failure, failure_asker(failure, ev, u->cl), 1, 1);
	note_persistence(u, recent, ev);
}
