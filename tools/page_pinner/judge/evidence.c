// SPDX-License-Identifier: GPL-2.0
/*
 * Stakes by the stacks; see evidence.h.
 */
#include "judge/evidence.h"

#include <stdlib.h>
#include <string.h>

#include "judge/certain.h"
#include "util.h"

/* The most of a share that is not sure. */
#define UNSURE 0.85f

/* Tiers, the strongest first. */
enum tier {
	TIER_POSITIVE,		/* GUP, a pin, a module, a rule */
	TIER_BATCH,		/* batches and pins in the making */
	TIER_UNKNOWN,		/* a function that nobody knows */
	TIER_NAMELESS,		/* no stack or no names */
	TIER_STAYED,		/* one of the kernel's own, but it stayed */
	TIER_SHORT,
	NR_TIERS,
};

/* How much an explanation by such evidence is worth. */
static const float worth[NR_TIERS] = {
	[TIER_POSITIVE] = 1.0, [TIER_BATCH] = 0.85, [TIER_UNKNOWN] = 0.7, [TIER_STAYED] = 0.8,
	[TIER_NAMELESS] = 0.5,
};

/*
 * The budget drops events of call sites that repeat themselves: where a task
 * has pairs of the same class, a put without a get is one whose get was
 * dropped, not one that was taken before.
 */
static bool looks_sampled(const struct trial *t, const struct span *span)
{
	size_t i;

	if (!t->ep->dropped || span->get != NO_OP || span->own)
		return false;
	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *other = &t->pairing->spans[i];

		if (other->get != NO_OP && !strcmp(other->class, span->class) &&
		    t->ep->ops[other->get].task == t->ep->ops[span->put].task)
			return true;
	}
	return false;
}

static enum tier tier_of(const struct trial *t, const struct span *span,
			 const struct attempt *at, enum stake_of of)
{
	const struct stack_class *sc, *took;

	if (of == STAKE_SHORT)
		return TIER_SHORT;
	if (of == STAKE_BATCH || of == STAKE_PINNER)
		return TIER_BATCH;
	sc = stake_class(t, span);
	took = span->get != NO_OP ?
		classify_stack(t->cl, t->ep->ops[span->get].stack, RULE_GET) : sc;
	/* a first reference that is still there is a mapping's by now */
	if (span->role == ROLE_ALLOC)
		return TIER_SHORT;
	if (span->role != ROLE_HOLDER && span->role != ROLE_KEPT)
		return TIER_STAYED;
	if (sc->positive || took->positive)
		return TIER_POSITIVE;
	return sc->nameless && took->nameless ? TIER_NAMELESS : TIER_UNKNOWN;
}

struct found {
	size_t span;
	int32_t units;
	enum stake_of of;
	enum tier tier;
};

struct weighing {
	struct found *found;
	size_t nr, room;
	int32_t sum[NR_TIERS];
};

static void collect(const struct trial *t, const struct attempt *at, struct weighing *w)
{
	size_t i;

	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];
		struct found found = { .span = i, .units = span->units };

		if (span->own || !pair_open_at(span, at->pos) || looks_sampled(t, span))
			continue;
		found.of = stake_kind(t, span, at);
		found.tier = tier_of(t, span, at, found.of);
		if (found.tier == TIER_SHORT)
			continue;
		w->sum[found.tier] += found.units;
		VEC_PUSH(w->found, w->nr, w->room, found);
	}
}

/*
 * An open get and a put without one, of functions that nobody knows: by
 * elimination the same reference, given back by somebody else.  The get stays.
 *
 * Return: the op that gave the only open one back, or NO_OP.
 */
static size_t eliminate(const struct trial *t, struct weighing *w)
{
	int32_t open = 0;
	size_t i, gets = 0, puts = 0, put = NO_OP, to = 0;

	for (i = 0; i < w->nr; i++) {
		const struct span *span = &t->pairing->spans[w->found[i].span];

		if (w->found[i].tier == TIER_UNKNOWN && span->get != NO_OP && span->put == NO_OP) {
			open += w->found[i].units;
			gets++;
		}
	}
	for (i = 0; i < w->nr; i++) {
		const struct found *found = &w->found[i];
		const struct span *span = &t->pairing->spans[found->span];

		if (found->tier == TIER_UNKNOWN && span->get == NO_OP && found->units <= open) {
			open -= found->units;
			w->sum[TIER_UNKNOWN] -= found->units;
			put = span->put;
			puts++;
		} else {
			w->found[to++] = *found;
		}
	}
	w->nr = to;
	return gets == 1 && puts && !open ? put : NO_OP;
}

void evidence_weigh(const struct trial *t, const struct attempt *at, struct stakes *out)
{
	struct weighing w = { 0 };
	int32_t left[NR_TIERS];
	size_t i, put;

	memset(out, 0, sizeof(*out));
	out->unexpected = episode_unexpected(&at->ev);
	collect(t, at, &w);
	put = eliminate(t, &w);
	left[0] = out->unexpected;
	for (i = 1; i < NR_TIERS; i++)
		left[i] = left[i - 1] > w.sum[i - 1] ? left[i - 1] - w.sum[i - 1] : 0;
	for (i = 0; i < w.nr; i++) {
		const struct found *found = &w.found[i];
		int32_t sum = w.sum[found->tier], rest = left[found->tier];
		double share = sum > rest ? (double)rest / sum : 1;
		struct stake *stake;

		stake = stakes_add(out, found->span, found->units, share * worth[found->tier],
				   found->of);
		if (found->tier == TIER_UNKNOWN && t->pairing->spans[found->span].put == NO_OP)
			stake->release = put;
		if (!rest)
			stake->why_not = "others explain the count, with better evidence";
		else if (sum > rest)
			stake->why_not = "one of several that could be meant";
	}
	free(w.found);
	certain_alone(t, at, out, UNSURE);
}
