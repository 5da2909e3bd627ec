// SPDX-License-Identifier: GPL-2.0
/*
 * Gets and puts that belong together in any story; see ties.h.
 */
#include "judge/ties.h"

#include <stdlib.h>
#include <string.h>

#include "judge/dues.h"
#include "util.h"

/* In longer episodes a call in common is enough for a pair. */
#define SPANS_MAX 600

/* Spans that a task has a part in, one behind the other. */
struct link {
	size_t span;
	size_t next;		/* 0: none */
};

struct ties {
	const struct trial *t;
	struct map by_task;	/* index in @links of the latest, never 0 */
	struct link *links;
	size_t nr, room;
	struct dues *dues;	/* with @links, once they are needed */
	struct map strangers;	/* by class and size: see has_stranger() */
	bool strangers_known;
};

size_t ties_common(const struct trial *t, const struct span *get, const struct span *put)
{
	const struct op *ops = t->ep->ops;

	if (ops[get->get].task != ops[put->put].task || get->get > put->put ||
	    ops[get->get].atomic || ops[put->put].atomic)
		return 0;
	return classify_common(t->cl, ops[get->get].stack, ops[put->put].stack);
}

static void add_link(struct ties *ties, uint32_t task, size_t span)
{
	struct link link = {
		.span = span, .next = (uintptr_t)map_get(&ties->by_task, task),
	};

	if (link.next && ties->links[link.next].span == span)
		return;
	map_put(&ties->by_task, task, (void *)(uintptr_t)ties->nr);
	VEC_PUSH(ties->links, ties->nr, ties->room, link);
}

/* Of each task its own references, and whatever it took or gave back. */
static void index_tasks(struct ties *ties)
{
	const struct op *ops = ties->t->ep->ops;
	struct link none = { 0 };
	size_t i;

	VEC_PUSH(ties->links, ties->nr, ties->room, none);
	for (i = 0; i < ties->t->pairing->nr; i++) {
		const struct span *span = &ties->t->pairing->spans[i];

		if (span->own) {
			add_link(ties, span->owner, i);
			continue;
		}
		if (span->get != NO_OP && !ops[span->get].atomic)
			add_link(ties, ops[span->get].task, i);
		if (span->put != NO_OP && !ops[span->put].atomic)
			add_link(ties, ops[span->put].task, i);
	}
	ties->dues = dues_new(ties->t->ep);
}

/* May the put of a pair have given back another reference that its task has? */
static bool is_rival(const struct trial *t, const struct span *pair, const struct span *other,
		     size_t depth)
{
	if (other == pair || other->units != pair->units)
		return false;
	if (other->own)
		return pair_open_at(other, pair->put) && other->put != pair->put;
	if ((other->put != NO_OP && ties_common(t, pair, other) > depth) ||
	    (other->get != NO_OP && ties_common(t, other, pair) > depth))
		return true;
	return other->get != NO_OP && pair_open_at(other, pair->put) &&
	       other->put != pair->put && ties_common(t, other, pair);
}

/*
 * Has one of them more of its call in common with somebody else, or has the task
 * another reference that the put may give back?  folio_putback_lru() takes the
 * batch's before it puts its own.
 */
static bool has_rival(struct ties *ties, const struct span *pair, size_t depth)
{
	const struct span *spans = ties->t->pairing->spans;
	uint32_t task = ties->t->ep->ops[pair->put].task;
	size_t i;

	if (!ties->links)
		index_tasks(ties);
	if (dues_open(ties->dues, pair->get, pair->put))
		return true;
	for (i = (uintptr_t)map_get(&ties->by_task, task); i; i = ties->links[i].next)
		if (is_rival(ties->t, pair, &spans[ties->links[i].span], depth))
			return true;
	return false;
}

static uint64_t stranger_key(const struct trial *t, const struct span *span, const char *class)
{
	bool pins = episode_pins(t->ep, span->units);

	return hash_bytes(class, strlen(class)) << 1 | pins;
}

/* Of each class the last put that is nobody's get, or no sure one's; + 1. */
static void find_strangers(struct ties *ties)
{
	const struct trial *t = ties->t;
	size_t i;

	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];
		uint64_t key;

		if (span->own || span->put == NO_OP ||
		    (span->get != NO_OP && span->how < MATCH_CLASS))
			continue;
		key = stranger_key(t, span, classify_stack(t->cl, t->ep->ops[span->put].stack,
							   RULE_PUT)->class);
		if ((uintptr_t)map_get(&ties->strangers, key) < span->put + 1)
			map_put(&ties->strangers, key, (void *)(uintptr_t)(span->put + 1));
	}
	ties->strangers_known = true;
}

/*
 * Somebody else gives back references of its family, taken nobody knows where:
 * that they are handed over is as likely as that they are not.
 */
static bool has_stranger(struct ties *ties, const struct span *pair, const char *class)
{
	if (!ties->strangers_known)
		find_strangers(ties);
	return (uintptr_t)map_get(&ties->strangers, stranger_key(ties->t, pair, class)) >
	       pair->get;
}

/* Known to belong together: by one call, or by a family that the table knows. */
static bool is_tight(struct ties *ties, const struct span *span)
{
	const struct stack_class *took, *gives;
	const struct trial *t = ties->t;
	size_t depth;

	if (span->own)
		return true;
	if (span->get == NO_OP || span->put == NO_OP || span->how > MATCH_TASK)
		return false;
	took = classify_stack(t->cl, t->ep->ops[span->get].stack, RULE_GET);
	gives = classify_stack(t->cl, t->ep->ops[span->put].stack, RULE_PUT);
	if (took->role == ROLE_BATCH || gives->role == ROLE_BATCH)
		return false;
	/* within one interrupt */
	if (t->ep->ops[span->get].atomic)
		return true;
	depth = ties_common(t, span, span);
	if (depth)
		return t->pairing->nr > SPANS_MAX || !has_rival(ties, span, depth);
	return span->how == MATCH_TASK_CLASS && took->ruled && gives->ruled &&
	       !strcmp(took->class, gives->class) && !has_stranger(ties, span, gives->class);
}

bool *ties_find(const struct trial *t)
{
	struct ties ties = { .t = t };
	bool *tight = xzalloc(t->pairing->nr + 1);
	size_t i;

	for (i = 0; i < t->pairing->nr; i++)
		tight[i] = is_tight(&ties, &t->pairing->spans[i]);
	map_free(&ties.by_task);
	map_free(&ties.strangers);
	free(ties.links);
	dues_free(ties.dues);
	return tight;
}
