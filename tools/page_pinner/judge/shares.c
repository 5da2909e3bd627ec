// SPDX-License-Identifier: GPL-2.0
/*
 * What was unexpected at one attempt, shared among the spans that may be meant;
 * see books.h.
 */
#include "judge/books.h"

#include <string.h>

/* Which of them are of one holder is looked for among so many. */
#define NEAR 256

/*
 * Was a pair of one task perhaps none: another task gave back what it took, and
 * it gave back an older one?  Only a common class or call tells; and a class does
 * not once others gave back references of it as well.
 */
bool shares_are_loose(const struct account *a, size_t index)
{
	const struct span *span = &a->t->pairing->spans[index];
	const struct stack_class *gives;
	uintptr_t last;

	if (span->get == NO_OP || span->put == NO_OP || a->risen[index])
		return false;
	if (stake_is_loose(a->t, span))
		return true;
	if (span->how != MATCH_TASK_CLASS ||
	    classify_nested(a->t->cl, a->t->ep->ops[span->get].stack,
			    a->t->ep->ops[span->put].stack))
		return false;
	gives = classify_stack(a->t->cl, a->t->ep->ops[span->put].stack, RULE_PUT);
	last = (uintptr_t)map_get(&a->last_lone, hash_bytes(gives->class, strlen(gives->class)));
	return last > span->get + 1;
}

/* Units of a span that were there and unexpected at a moment. */
static int32_t unexpected_units(const struct account *a, size_t index, size_t pos)
{
	const struct span *span = &a->t->pairing->spans[index];

	if (span->own || span->get == NO_OP || !pair_open_at(span, pos))
		return 0;
	if (a->risen[index] && a->risen_at[index] <= pos &&
	    (a->fell_at[index] == NO_OP || a->fell_at[index] > pos))
		return span->units - a->risen[index];
	return span->units;
}

/*
 * Of the failing task's references those that belong to what it was doing; of
 * these it leaves some to others.
 */
static void leave_own(struct account *a, const struct attempt *at, struct stakes *out,
		      int32_t *left)
{
	int32_t own[2], units;	/* single ones, pins of a small folio */
	size_t i;
	int nested;

	own[true] = a->t->ep->order ? 0 : at->ev.own / PIN_UNITS * PIN_UNITS;
	own[false] = at->ev.own - own[true];
	for (i = 0; i < a->t->pairing->nr; i++) {
		const struct span *span = &a->t->pairing->spans[i];

		if (span->own && span->at <= at->pos && pair_open_at(span, at->pos) &&
		    stake_is_victims(a->t, span, at))
			own[episode_pins(a->t->ep, span->units)] -= span->units;
	}
	for (nested = 1; nested >= 0; nested--) {
		for (i = out->nr; i-- > 0;) {
			struct stake *stake = &out->stakes[i];
			const struct span *span = &a->t->pairing->spans[stake->span];
			bool pin = episode_pins(a->t->ep, span->units);

			if (own[pin] <= 0 || !stake->units || !stake_is_victims(a->t, span, at) ||
			    !pair_is_own(a->t->ep, a->t->cl, span, at, nested))
				continue;
			units = stake->units < own[pin] ? stake->units : own[pin];
			stake->units -= units;
			own[pin] -= units;
			*left += span->put == NO_OP ? units : 0;
		}
	}
}

/* Gets on record: which of them were there, and how surely. */
double shares_of_gets(struct account *a, const struct attempt *at, const struct pool *before,
			 struct stakes *out, int32_t *own)
{
	struct stake *stake;
	double sum = 0;
	size_t i, to = 0;

	for (i = 0; i < a->t->pairing->nr; i++) {
		const struct span *span = &a->t->pairing->spans[i];
		int32_t units = unexpected_units(a, i, at->pos);

		if (units <= 0)
			continue;
		stake = stakes_add(out, i, units, span->put == NO_OP ? pool_alive(before, i) : 1,
				   stake_kind(a->t, span, at));
		stake->released = shares_are_loose(a, i) && a->lones[span->put] > a->lones[span->get];
	}
	leave_own(a, at, out, own);
	for (i = 0; i < out->nr; i++) {
		if (out->stakes[i].units <= 0 || out->stakes[i].share < 0.01)
			continue;
		sum += out->stakes[i].units * out->stakes[i].share;
		out->stakes[to++] = out->stakes[i];
	}
	out->nr = to;
	return sum;
}

/* More gets are left over than was unexpected: the evidence decides, else all share. */
void shares_limit(struct account *a, struct stakes *out, double sum)
{
	double strong = 0, rest;
	size_t i;

	for (i = 0; i < out->nr; i++) {
		const struct span *span = &a->t->pairing->spans[out->stakes[i].span];

		if (!rises_may(a, span))
			strong += out->stakes[i].units * out->stakes[i].share;
	}
	rest = strong < out->unexpected ? out->unexpected - strong : 0;
	for (i = 0; i < out->nr; i++) {
		struct stake *stake = &out->stakes[i];
		bool is_strong = !rises_may(a, &a->t->pairing->spans[stake->span]);
		double all = is_strong ? strong : sum - strong;
		double have = is_strong ? out->unexpected < strong ? out->unexpected : strong :
			rest;

		if (all > have + 0.01) {
			stake->share *= have / all;
			stake->why_not = "one of several that could be meant";
		}
	}
}

/*
 * What one reference surely is, it is not in shares of others as well.  If all
 * are known to be gone the shares make up for all of them.
 */
void shares_level(struct stakes *out, bool gone)
{
	double sure = 0, unsure = 0, rest;
	size_t i;

	for (i = 0; i < out->nr; i++) {
		double part = out->stakes[i].units * out->stakes[i].share;

		*(out->stakes[i].share > SURE ? &sure : &unsure) += part;
	}
	rest = out->unexpected > sure ? out->unexpected - sure : 0;
	for (i = 0; i < out->nr && unsure > 0.01; i++) {
		struct stake *stake = &out->stakes[i];

		if (stake->share > SURE || (unsure <= rest && !gone))
			continue;
		stake->share *= rest / unsure;
		if (stake->share > UNSURE)
			stake->share = UNSURE;
	}
}

/* Of one holder: puts by the same stack, and by one task or by nobody's. */
static bool alike(const struct account *a, const struct stake *x, const struct stake *y)
{
	const struct span *s = &a->t->pairing->spans[x->span], *r = &a->t->pairing->spans[y->span];
	const struct op *ops = a->t->ep->ops;

	return s->get == NO_OP && r->get == NO_OP && !s->own && !r->own &&
	       ops[s->put].stack == ops[r->put].stack && ops[s->put].atomic == ops[r->put].atomic &&
	       (ops[s->put].task == ops[r->put].task || ops[s->put].atomic ||
		s->role == ROLE_BATCH);
}

/* Which of them it was is unsure, but not whose. */
void shares_join(const struct account *a, struct stakes *out)
{
	size_t i, k;

	for (i = 0; i < out->nr; i++) {
		struct stake *first = &out->stakes[i];
		double sum = first->units * first->share;

		if (first->share > SURE || first->share < 0.01 || first->units != 1)
			continue;
		for (k = i + 1; k < out->nr && k < i + NEAR; k++)
			if (out->stakes[k].share <= SURE && alike(a, first, &out->stakes[k]))
				sum += out->stakes[k].units * out->stakes[k].share;
		if (sum < 0.9)
			continue;
		first->share = 1;
		sum -= 1;
		for (k = i + 1; k < out->nr && k < i + NEAR; k++) {
			struct stake *other = &out->stakes[k];

			if (other->share > SURE || !alike(a, first, other))
				continue;
			other->share = sum > 0.9 && other->units == 1 ? 1 : 0;
			sum -= other->share;
		}
	}
}
