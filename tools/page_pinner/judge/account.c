// SPDX-License-Identifier: GPL-2.0
/*
 * The account of an episode; see account.h.
 *
 * Nothing is decided event by event.  First the gets and puts of one task are
 * matched, whatever was expected (pair.c): passers-by.  Then rises of what was
 * expected take the gets that are left over and nearest by: these became
 * mappings.  What a later put returns is drawn from all that is there then: old
 * references, fallen ones, and those that others took and did not give back.
 * Only where one kind is left is the answer certain; else they share it.
 */
#include "judge/account.h"

#include <stdlib.h>
#include <string.h>

#include "judge/books.h"
#include "judge/certain.h"
#include "util.h"

static void index_spans(struct account *a)
{
	const struct pairing *pairing = a->t->pairing;
	size_t i;

	for (i = 0; i < a->t->ep->nr_ops; i++)
		a->span_of[i] = a->lone_of[i] = NO_OP;
	for (i = 0; i < pairing->nr; i++) {
		const struct span *span = &pairing->spans[i];
		uint64_t key;

		a->risen_at[i] = a->fell_at[i] = NO_OP;
		a->next_span[i] = NO_OP;
		if (span->get != NO_OP) {
			a->next_span[i] = a->span_of[span->get];
			a->span_of[span->get] = i;
		} else if (span->put != NO_OP && !span->own) {
			a->lone_of[span->put] = i;
			key = hash_bytes(span->class, strlen(span->class));
			if ((uintptr_t)map_get(&a->last_lone, key) < span->put + 1)
				map_put(&a->last_lone, key, (void *)(uintptr_t)(span->put + 1));
		}
	}
	for (i = 0; i < a->t->ep->nr_ops; i++)
		a->lones[i + 1] = a->lones[i] + (a->lone_of[i] != NO_OP);
}

struct account *account_new(const struct trial *t)
{
	struct account *a = xzalloc(sizeof(*a));
	size_t ops = t->ep->nr_ops + 1, spans = t->pairing->nr + 1;

	a->t = t;
	a->first_step = xzalloc((t->ep->nr_attempts + 1) * sizeof(*a->first_step));
	a->span_of = xzalloc(ops * sizeof(*a->span_of));
	a->lone_of = xzalloc(ops * sizeof(*a->lone_of));
	a->lones = xzalloc((ops + 1) * sizeof(*a->lones));
	a->next_span = xzalloc(spans * sizeof(*a->next_span));
	a->risen = xzalloc(spans * sizeof(*a->risen));
	a->doubtful = xzalloc(spans * sizeof(*a->doubtful));
	a->risen_at = xzalloc(spans * sizeof(*a->risen_at));
	a->fell_at = xzalloc(spans * sizeof(*a->fell_at));
	index_spans(a);
	rises_find(a);
	rises_explain(a);
	return a;
}

void account_free(struct account *a)
{
	if (!a)
		return;
	free(a->steps);
	free(a->first_step);
	free(a->span_of);
	free(a->lone_of);
	free(a->lones);
	map_free(&a->last_lone);
	free(a->next_span);
	free(a->risen);
	free(a->doubtful);
	free(a->risen_at);
	free(a->fell_at);
	free(a);
}

/* Does the count that an op found not follow from what came before it? */
static bool breaks_off(const struct episode *ep, size_t i, const struct attempt *at)
{
	const struct op *op = &ep->ops[i];

	if (op->cut)
		return false;
	if (i == at->pos)
		return episode_gap(ep, at) != 0;
	return i > 0 && episode_found(op) != ep->ops[i - 1].refcount;
}

/* Steps, gets and puts from one op to another move the pools. */
static void run(struct account *a, struct pool *pool, size_t step, size_t from, size_t to,
		struct stakes *out, const struct attempt *at)
{
	const struct trial *t = a->t;
	size_t i, k;

	for (i = from; i < to; i++) {
		for (; step < a->nr && a->steps[step].pos <= i; step++)
			pool_step(pool, a->steps[step].left);
		pool->gap |= t->ep->ops[i].missing > 0 || breaks_off(t->ep, i, at);
		for (k = a->span_of[i]; k != NO_OP; k = a->next_span[k]) {
			const struct span *span = &t->pairing->spans[k];

			if (span->put != NO_OP) {
				/* another task may have given it back, and this one an old one */
				if (shares_are_loose(a, k))
					pool_doubt(pool, k, span->units);
				continue;
			}
			pool_take(pool, k, span->units - a->risen[k]);
			if (a->doubtful[k])
				pool_doubt(pool, k, a->risen[k]);
		}
		k = a->lone_of[i];
		if (k != NO_OP) {
			struct drawn drawn;

			pool_draw(pool, k, &drawn);
			if (!out)
				continue;
			if (drawn.old > 0.01) {
				struct stake *stake;

				stake = stakes_add(out, k, t->pairing->spans[k].units,
						   drawn.old / t->pairing->spans[k].units,
						   stake_kind(t, &t->pairing->spans[k], at));
				if (pool->gap) {
					stake->share *= 0.5;
					stake->why_not = "operations before it are not on record";
				}
			}
		}
	}
	for (; step < a->nr && a->steps[step].pos <= to; step++)
		pool_step(pool, a->steps[step].left);
}

/* Of the failing code's own, what its task did not give back itself. */
static void keep_own(const struct account *a, struct pool *pool, size_t pos)
{
	size_t i;

	for (i = 0; i < a->t->pairing->nr; i++) {
		const struct span *span = &a->t->pairing->spans[i];

		if (span->own && span->at <= pos && span->put == NO_OP)
			pool_own(pool, span->units - a->risen[i]);
	}
}

/* The mark ended as nothing unexpected was left, and all of it is on record. */
static bool all_gone(const struct account *a, const struct pool *pool)
{
	const struct episode *ep = a->t->ep;

	return ep->ended && ep->why != WHY_CLEARED && !pool->gap && !ep->missing && !a->t->gaps &&
	       pool->moved < 0.01;
}

/* Where the count of unexpected ones is not known before the first op, it follows. */
static int32_t first_unexpected(const struct account *a)
{
	const struct episode *ep = a->t->ep;
	int32_t change = 0, unexpected;
	size_t i;

	for (i = 0; i < ep->nr_ops && !episode_frozen(&ep->ops[i]); i++) {
		if (ep->ops[i].expected >= 0) {
			unexpected = episode_found(&ep->ops[i]) - ep->ops[i].expected - change;
			return unexpected > 0 ? unexpected : 0;
		}
		change += ep->ops[i].delta;
	}
	return 0;
}

/* Nobody knows what it is, and before the next attempt it was gone. */
static bool may_be_fallen(const struct account *a, const struct attempt *at,
			  const struct stake *stake)
{
	const struct span *span = &a->t->pairing->spans[stake->span];
	const struct attempt *last = a->t->ep->attempts + a->t->ep->nr_attempts - 1;
	const struct stack_class *sc;

	if (span->own || span->get != NO_OP || stake->of != STAKE_HOLDER ||
	    (at < last && pair_open_at(span, at[1].pos)))
		return false;
	sc = stake_class(a->t, span);
	return !sc->positive && !sc->ruled;
}

/*
 * Of what was in the way some had been mappings until then: who unmaps gives them
 * back soon.  Which of those that nobody knows it was is not on record.
 */
static void doubt_fallen(const struct account *a, const struct attempt *at, struct stakes *out,
			 double fallen)
{
	double unknown = 0;
	size_t i, nr = 0;

	for (i = 0; i < out->nr; i++) {
		if (!may_be_fallen(a, at, &out->stakes[i]))
			continue;
		unknown += out->stakes[i].units * out->stakes[i].share;
		nr++;
	}
	/* one alone, or as many as were no mappings: none of them need be */
	if (fallen < SURE || nr < 2 || unknown < out->unexpected - fallen + 0.2)
		return;
	if (fallen > out->unexpected)
		fallen = out->unexpected;
	for (i = 0; i < out->nr; i++) {
		struct stake *stake = &out->stakes[i];

		if (!may_be_fallen(a, at, stake))
			continue;
		stake->share *= 1 - fallen / out->unexpected;
		stake->why_not = "it may have been a mapping that was given up";
	}
}

void account_weigh(struct account *a, size_t index, struct stakes *out)
{
	const struct attempt *at = &a->t->ep->attempts[index];
	struct pool pool;
	int32_t own = 0;
	double sum, fallen;
	size_t i;

	memset(out, 0, sizeof(*out));
	out->valued = true;
	out->unexpected = episode_unexpected(&at->ev);
	pool_init(&pool, a->t, first_unexpected(a));
	run(a, &pool, 0, 0, at->pos, NULL, at);
	fallen = pool.fallen.alive;
	sum = shares_of_gets(a, at, &pool, out, &own);
	if (sum > out->unexpected + 0.01)
		shares_limit(a, out, sum);
	pool_restart(&pool, out->unexpected > sum ? out->unexpected - sum : 0);
	keep_own(a, &pool, at->pos);
	pool_own(&pool, own);
	/* which one is missing nobody knows where there are no numbers */
	pool.gap = a->t->gaps && !a->t->ep->max_seq;
	for (i = 0; i < out->nr; i++)
		if (a->t->pairing->spans[out->stakes[i].span].put == NO_OP)
			pool_keep(&pool, out->stakes[i].span,
				  out->stakes[i].units * out->stakes[i].share);
	run(a, &pool, a->first_step[index], at->pos, a->t->ep->nr_ops, out, at);
	shares_level(out, all_gone(a, &pool));
	if (all_gone(a, &pool))
		shares_join(a, out);
	for (i = 0; i < out->nr; i++) {
		struct stake *stake = &out->stakes[i];

		if (a->t->pairing->spans[stake->span].put != NO_OP)
			continue;
		stake->release = pool_release(&pool, stake->span);
		if (pool_is_odd(&pool, stake->span)) {
			stake->share *= 0.5;
			stake->why_not = "what gave it back returns mappings";
		}
	}
	certain_keep(a->t, at, out, UNSURE);
	doubt_fallen(a, at, out, fallen);
	out->left = pool_left(&pool);
	out->became = pool.moved;
	out->gap = pool.gap || a->t->ep->missing;
	out->risen = a->risen;
}
