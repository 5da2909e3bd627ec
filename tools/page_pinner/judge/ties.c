// SPDX-License-Identifier: GPL-2.0
/*
 * Gets and puts that belong together in any story; see network.h.
 */
#include "judge/network.h"

#include <string.h>

#include "util.h"

/* In longer episodes a call in common is enough for a pair. */
#define SPANS_MAX 600

size_t network_common(const struct network *n, const struct span *get, const struct span *put)
{
	const struct op *ops = n->t->ep->ops;

	if (ops[get->get].task != ops[put->put].task || get->get > put->put ||
	    ops[get->get].atomic || ops[put->put].atomic)
		return 0;
	return classify_common(n->t->cl, ops[get->get].stack, ops[put->put].stack);
}

/*
 * What the failing task drops first after it failed is its own, whatever it took
 * in between.  Has it given back less than that so far?
 */
static bool own_is_due(const struct network *n, const struct span *pair)
{
	const struct episode *ep = n->t->ep;
	const struct op *put = &ep->ops[pair->put];
	size_t i, k;

	for (i = 0; i < ep->nr_attempts; i++) {
		const struct attempt *at = &ep->attempts[i];
		int32_t own = at->ev.has & HAS_OWN ? at->ev.own : 1;

		if (at->pos > pair->get || at->ev.task != put->task || put->atomic)
			continue;
		for (k = at->pos; k < pair->put && own > 0; k++)
			if (ep->ops[k].task == put->task && !ep->ops[k].atomic &&
			    ep->ops[k].delta < 0)
				own += ep->ops[k].delta;
		if (own > 0)
			return true;
	}
	return false;
}

/*
 * Has one of them more of its call in common with somebody else, or has the task
 * another reference that the put may give back?  folio_putback_lru() takes the
 * batch's before it puts its own.
 */
static bool has_rival(const struct network *n, const struct span *pair, size_t depth)
{
	const struct op *ops = n->t->ep->ops;
	size_t i;

	if (own_is_due(n, pair))
		return true;
	for (i = 0; i < n->t->pairing->nr; i++) {
		const struct span *other = &n->t->pairing->spans[i];

		if (other == pair || other->units != pair->units)
			continue;
		if (other->own) {
			if (other->owner == ops[pair->put].task && pair_open_at(other, pair->put) &&
			    other->put != pair->put)
				return true;
			continue;
		}
		if ((other->put != NO_OP && network_common(n, pair, other) > depth) ||
		    (other->get != NO_OP && network_common(n, other, pair) > depth))
			return true;
		if (other->get != NO_OP && pair_open_at(other, pair->put) &&
		    other->put != pair->put && network_common(n, other, pair))
			return true;
	}
	return false;
}

/*
 * Somebody else gives back references of its family, taken nobody knows where:
 * that they are handed over is as likely as that they are not.
 */
static bool has_stranger(const struct network *n, const struct span *pair, const char *class)
{
	size_t i;

	for (i = 0; i < n->t->pairing->nr; i++) {
		const struct span *other = &n->t->pairing->spans[i];

		if (other->own || other->put == NO_OP || other->put < pair->get ||
		    (other->get != NO_OP && other->how < MATCH_CLASS) ||
		    network_is_pin(n, other->units) != network_is_pin(n, pair->units))
			continue;
		if (!strcmp(network_gave(n, other)->class, class))
			return true;
	}
	return false;
}

/* Known to belong together: by one call, or by a family that the table knows. */
static bool is_tight(const struct network *n, const struct span *span)
{
	const struct stack_class *took, *gives;
	size_t depth;

	if (span->own)
		return true;
	if (span->get == NO_OP || span->put == NO_OP || span->how > MATCH_TASK)
		return false;
	took = network_took(n, span);
	gives = network_gave(n, span);
	if (took->role == ROLE_BATCH || gives->role == ROLE_BATCH)
		return false;
	/* within one interrupt */
	if (n->t->ep->ops[span->get].atomic)
		return true;
	depth = network_common(n, span, span);
	if (depth)
		return n->t->pairing->nr > SPANS_MAX || !has_rival(n, span, depth);
	return span->how == MATCH_TASK_CLASS && took->ruled && gives->ruled &&
	       !strcmp(took->class, gives->class) && !has_stranger(n, span, gives->class);
}

void network_find_tight(struct network *n)
{
	size_t i;

	n->tight = xzalloc(n->t->pairing->nr + 1);
	for (i = 0; i < n->t->pairing->nr; i++)
		n->tight[i] = is_tight(n, &n->t->pairing->spans[i]);
}

bool network_tight(const struct network *n, const struct span *span)
{
	return n->tight[span - n->t->pairing->spans];
}

/* A pair that may have been a mapping in between: taken, mapped, unmapped, put. */
static bool may_map(const struct network *n, const struct span *span)
{
	const struct stack_class *took;

	if (span->own || span->get == NO_OP)
		return true;
	took = network_took(n, span);
	return took->role == ROLE_EXPECTED || took->role == ROLE_MIGRATE ||
	       took->role == ROLE_ALLOC || !(took->ruled || took->positive || took->pin);
}

/* Whatever story is told, this pair is in it. */
bool network_settled(const struct network *n, const struct span *span)
{
	return !span->own && span->get != NO_OP && span->put != NO_OP && network_tight(n, span) &&
	       !may_map(n, span);
}
