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

#include "judge/certain.h"
#include "judge/pool.h"
#include "util.h"

/* How far from a rise its get is looked for, in ops. */
#define NEAR 256
/* A share that is sure, and the most of one that is not. */
#define SURE 0.95
#define UNSURE 0.85
/* A FOLL_PIN of a small folio counts this many references. */
#define PIN_UNITS 1024

/* A change of what was expected, seen at an op or at an attempt. */
struct step {
	size_t pos;		/* ops before it */
	int32_t left;		/* of the change: what nothing explains so far */
};

struct account {
	const struct trial *t;
	struct step *steps;
	size_t nr, room;
	size_t *first_step;	/* by attempt: the first step after it */
	size_t *span_of;	/* by op: its first span as a get, or NO_OP */
	size_t *next_span;	/* by span: the next of the same get */
	int32_t *risen;		/* by span: units that became expected */
	bool *doubtful;		/* by span: another may have done so in its place */
	size_t *risen_at;	/* by span: when; ops before it */
	size_t *fell_at;	/* by span: when these became unexpected again */
	size_t *lone_of;	/* by op: its span as a put without a get, or NO_OP */
	uint32_t *lones;	/* by op: puts without a get before it */
	struct map last_lone;	/* by class of the put: the last without a get, + 1 */
};

static bool frozen(const struct op *op)
{
	return !op->refcount || !episode_found(op);
}

static void add_sample(struct account *a, size_t pos, int32_t value, int32_t *last, bool *known)
{
	struct step step = { .pos = pos, .left = value - *last };

	if (*known && step.left)
		VEC_PUSH(a->steps, a->nr, a->room, step);
	*last = value;
	*known = true;
}

static void find_steps(struct account *a)
{
	const struct episode *ep = a->t->ep;
	size_t i, attempt = 0;
	int32_t last = 0;
	bool known = false;

	for (i = 0; i <= ep->nr_ops; i++) {
		for (; attempt < ep->nr_attempts && ep->attempts[attempt].pos <= i; attempt++) {
			add_sample(a, i, episode_expected(&ep->attempts[attempt].ev), &last,
				   &known);
			a->first_step[attempt] = a->nr;
		}
		if (i < ep->nr_ops && !frozen(&ep->ops[i]) && ep->ops[i].expected >= 0)
			add_sample(a, i, ep->ops[i].expected, &last, &known);
	}
}

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

/*
 * Was a pair of one task perhaps none: another task gave back what it took, and
 * it gave back an older one?  Only a common class or call tells; and a class does
 * not once others gave back references of it as well.
 */
static bool is_loose(const struct account *a, size_t index)
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

static bool is_pin(const struct account *a, int32_t units)
{
	return !a->t->ep->order && units % PIN_UNITS == 0;
}

/* May a get have become a mapping?  GUP, batches and pins do not. */
static bool may_rise(const struct account *a, const struct span *span)
{
	const struct stack_class *took;

	/* nor by its size: of a small folio only pins come in so many */
	if (is_pin(a, span->units))
		return false;
	if (span->own)
		return true;
	took = classify_stack(a->t->cl, a->t->ep->ops[span->get].stack, RULE_GET);
	return !took->positive && took->role != ROLE_BATCH && took->role != ROLE_PINNER;
}

/* Its name says that it is taken to become a mapping or a cache's. */
static bool is_mapped(const struct account *a, const struct span *span)
{
	const struct stack_class *took;

	if (span->own)
		return true;
	took = classify_stack(a->t->cl, a->t->ep->ops[span->get].stack, RULE_GET);
	return took->role == ROLE_EXPECTED || took->role == ROLE_MIGRATE ||
	       took->role == ROLE_ALLOC;
}

static bool left_over(const struct span *span)
{
	return span->put == NO_OP || span->how >= MATCH_CLASS;
}

/* A fall between a rise and the put of the get that took the rise. */
static struct step *fall_between(struct account *a, size_t step, size_t put)
{
	size_t i;

	for (i = step + 1; i < a->nr && i < step + NEAR && a->steps[i].pos <= put; i++)
		if (a->steps[i].left < 0)
			return &a->steps[i];
	return NULL;
}

/* One span takes as much of a rise as it has. */
static void take_rise(struct account *a, size_t index, size_t step)
{
	struct step *rise = &a->steps[step], *fall = NULL;
	const struct span *span = &a->t->pairing->spans[index];
	int32_t units = span->units - a->risen[index];

	if (units <= 0 || rise->left <= 0 || !may_rise(a, span))
		return;
	if (units > rise->left)
		units = rise->left;
	if (!left_over(span)) {
		fall = span->put > rise->pos ? fall_between(a, step, span->put) : NULL;
		if (!fall)
			return;
		if (units > -fall->left)
			units = -fall->left;
		fall->left += units;
		a->fell_at[index] = fall->pos;
	}
	rise->left -= units;
	a->risen[index] += units;
	a->doubtful[index] = !fall && !is_mapped(a, span);
	a->risen_at[index] = rise->pos;
}

static void take_rise_at(struct account *a, size_t op, size_t step)
{
	size_t i;

	for (i = a->span_of[op]; i != NO_OP && a->steps[step].left > 0; i = a->next_span[i])
		take_rise(a, i, step);
}

/* The failing code's own references may be restored as mappings. */
static void take_own(struct account *a, size_t step)
{
	const struct pairing *pairing = a->t->pairing;
	size_t i;

	for (i = 0; i < pairing->nr; i++)
		if (pairing->spans[i].own && pairing->spans[i].put == NO_OP &&
		    pairing->spans[i].at <= a->steps[step].pos)
			take_rise(a, i, step);
}

static void explain_rises(struct account *a)
{
	size_t nr = a->t->ep->nr_ops, i, far;

	for (i = 0; i < a->nr; i++) {
		size_t pos = a->steps[i].pos;

		for (far = 0; far < NEAR && a->steps[i].left > 0; far++) {
			if (pos >= far + 1)
				take_rise_at(a, pos - far - 1, i);
			if (pos + far < nr)
				take_rise_at(a, pos + far, i);
		}
		if (a->steps[i].left > 0)
			take_own(a, i);
	}
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
	find_steps(a);
	explain_rises(a);
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
				if (is_loose(a, k))
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
			own[is_pin(a, span->units)] -= span->units;
	}
	for (nested = 1; nested >= 0; nested--) {
		for (i = out->nr; i-- > 0;) {
			struct stake *stake = &out->stakes[i];
			const struct span *span = &a->t->pairing->spans[stake->span];
			bool pin = is_pin(a, span->units);

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
static double weigh_gets(struct account *a, const struct attempt *at, const struct pool *before,
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
		stake->released = is_loose(a, i) && a->lones[span->put] > a->lones[span->get];
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
static void share_out(struct account *a, struct stakes *out, double sum)
{
	double strong = 0, rest;
	size_t i;

	for (i = 0; i < out->nr; i++) {
		const struct span *span = &a->t->pairing->spans[out->stakes[i].span];

		if (!may_rise(a, span))
			strong += out->stakes[i].units * out->stakes[i].share;
	}
	rest = strong < out->unexpected ? out->unexpected - strong : 0;
	for (i = 0; i < out->nr; i++) {
		struct stake *stake = &out->stakes[i];
		bool is_strong = !may_rise(a, &a->t->pairing->spans[stake->span]);
		double all = is_strong ? strong : sum - strong;
		double have = is_strong ? out->unexpected < strong ? out->unexpected : strong :
			rest;

		if (all > have + 0.01) {
			stake->share *= have / all;
			stake->why_not = "one of several that could be meant";
		}
	}
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

/*
 * What one reference surely is, it is not in shares of others as well.  If all
 * are known to be gone the shares make up for all of them.
 */
static void level(struct stakes *out, bool gone)
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
static void join_alike(const struct account *a, struct stakes *out)
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

/* Where the count of unexpected ones is not known before the first op, it follows. */
static int32_t first_unexpected(const struct account *a)
{
	const struct episode *ep = a->t->ep;
	int32_t change = 0, unexpected;
	size_t i;

	for (i = 0; i < ep->nr_ops && !frozen(&ep->ops[i]); i++) {
		if (ep->ops[i].expected >= 0) {
			unexpected = episode_found(&ep->ops[i]) - ep->ops[i].expected - change;
			return unexpected > 0 ? unexpected : 0;
		}
		change += ep->ops[i].delta;
	}
	return 0;
}

void account_weigh(struct account *a, size_t index, struct stakes *out)
{
	const struct attempt *at = &a->t->ep->attempts[index];
	struct pool pool;
	int32_t own = 0;
	double sum;
	size_t i;

	memset(out, 0, sizeof(*out));
	out->valued = true;
	out->unexpected = episode_unexpected(&at->ev);
	pool_init(&pool, a->t, first_unexpected(a));
	run(a, &pool, 0, 0, at->pos, NULL, at);
	sum = weigh_gets(a, at, &pool, out, &own);
	if (sum > out->unexpected + 0.01)
		share_out(a, out, sum);
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
	level(out, all_gone(a, &pool));
	if (all_gone(a, &pool))
		join_alike(a, out);
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
	out->left = pool_left(&pool);
	out->became = pool.moved;
	out->gap = pool.gap || a->t->ep->missing;
	out->risen = a->risen;
}
