// SPDX-License-Identifier: GPL-2.0
/*
 * Sources of references; see pool.h.
 */
#include "judge/pool.h"

#include <string.h>

#define PIN_UNITS 1024
/* Less is none: shares are fractions. */
#define NONE 0.01

/* Kinds that a put may draw on: three of them, then the sources. */
enum { OLD, FALLEN, BACK, SOURCES };
#define NR_KINDS (SOURCES + POOL_SOURCES)

void pool_init(struct pool *pool, const struct trial *t, double old)
{
	memset(pool, 0, sizeof(*pool));
	pool->t = t;
	pool->old = old;
}

void pool_restart(struct pool *pool, double old)
{
	pool_init(pool, pool->t, old);
}

static struct source *find_source(struct pool *pool, size_t span, bool before, bool make)
{
	const struct span *s = &pool->t->pairing->spans[span];
	const struct op *op = &pool->t->ep->ops[s->get];
	struct source *source;
	size_t i;

	for (i = 0; i < pool->nr; i++) {
		source = &pool->sources[i];
		if (source->task == op->task && source->stack == op->stack &&
		    source->before == before && source->pin == s->pin)
			return source;
	}
	if (!make)
		return NULL;
	if (pool->nr == POOL_SOURCES) {
		source = &pool->sources[POOL_SOURCES - 1];
		source->mixed = true;
		return source;
	}
	source = &pool->sources[pool->nr++];
	*source = (struct source){ .task = op->task, .stack = op->stack, .before = before,
				   .pin = s->pin, .release = NO_OP };
	return source;
}

static void add_units(struct pool *pool, size_t span, double units, bool before)
{
	struct source *source;

	if (units < NONE)
		return;
	source = find_source(pool, span, before, true);
	source->total += units;
	source->alive += units;
}

void pool_keep(struct pool *pool, size_t span, double units)
{
	add_units(pool, span, units, true);
}

void pool_take(struct pool *pool, size_t span, double units)
{
	add_units(pool, span, units, false);
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

void pool_step(struct pool *pool, int32_t change)
{
	double part;

	if (change > 0) {
		part = least(change, pool->fallen);
		pool->fallen -= part;
		part = least(change - part, pool->old);
		pool->old -= part;
		pool->moved += part;
	} else {
		part = least(-change, pool->moved);
		pool->moved -= part;
		pool->back += part;
		pool->fallen += -change - part;
	}
}

static double *kind_alive(struct pool *pool, size_t kind)
{
	switch (kind) {
	case OLD:
		return &pool->old;
	case FALLEN:
		return &pool->fallen;
	case BACK:
		return &pool->back;
	}
	return &pool->sources[kind - SOURCES].alive;
}

static bool is_pin(const struct pool *pool, int32_t units)
{
	return !pool->t->ep->order && units % PIN_UNITS == 0;
}

/* Names break ties: how well a put by such a stack fits a kind. */
static double name_weight(const struct pool *pool, const struct span *span, size_t kind)
{
	const struct stack_class *gives, *took;
	const struct source *source;

	gives = classify_stack(pool->t->cl, pool->t->ep->ops[span->put].stack, RULE_PUT);
	if (gives->nameless)
		return 1;
	if (kind == OLD || kind == BACK)
		return gives->role != ROLE_EXPECTED ? 1 : gives->lasting ? 0.02 : 0.15;
	if (kind == FALLEN)
		return gives->positive || gives->role == ROLE_BATCH ? 0.05 : 1;
	source = &pool->sources[kind - SOURCES];
	if (source->mixed)
		return 1;
	took = classify_stack(pool->t->cl, source->stack, RULE_GET);
	if (took->nameless)
		return 1;
	if (!strcmp(took->class, gives->class))
		return 5;
	/* two families that are both known do not give back for each other */
	return took->positive && gives->positive ? 0.02 : gives->positive ? 0.5 : 1;
}

/* Which kinds are there, and of a size that fits. */
static double find_kinds(struct pool *pool, const struct span *span, double weight[NR_KINDS])
{
	bool pin = is_pin(pool, span->units), whole = false;
	double sum = 0;
	size_t i;

	for (i = 0; i < SOURCES + pool->nr; i++) {
		double alive = *kind_alive(pool, i);

		weight[i] = alive < NONE ? 0 : 1;
		if (i >= SOURCES && pool->sources[i - SOURCES].pin != pin &&
		    !pool->t->ep->order)
			weight[i] = 0;
		whole |= weight[i] > 0 && alive > span->units - NONE;
	}
	for (i = 0; i < SOURCES + pool->nr; i++) {
		double alive = *kind_alive(pool, i);

		/* its size fits only those that have as many, if any has */
		if (span->units > 1 && whole && alive < span->units - NONE)
			weight[i] = 0;
		if (weight[i] > 0)
			weight[i] = alive * name_weight(pool, span, i);
		sum += weight[i];
	}
	return sum;
}

void pool_draw(struct pool *pool, size_t index, struct drawn *drawn)
{
	const struct span *span = &pool->t->pairing->spans[index];
	double weight[NR_KINDS], sum, left = span->units;
	int rounds = 4;

	memset(drawn, 0, sizeof(*drawn));
	while (left > NONE && rounds--) {
		double want = left;
		size_t i, kinds = 0, only = 0;

		sum = find_kinds(pool, span, weight);
		if (sum <= 0)
			return;
		for (i = 0; i < SOURCES + pool->nr; i++) {
			if (weight[i] <= 0)
				continue;
			kinds++;
			only = i;
		}
		for (i = 0; i < SOURCES + pool->nr; i++) {
			double *alive = kind_alive(pool, i);
			double part = least(want * weight[i] / sum, *alive);

			*alive -= part;
			left -= part;
			if (i == OLD)
				drawn->old += part;
			else if (i == BACK)
				drawn->old += part / 2;
		}
		if (kinds == 1 && only >= SOURCES)
			pool->sources[only - SOURCES].release = span->put;
	}
}

double pool_alive(const struct pool *pool, size_t span)
{
	const struct source *source = find_source((struct pool *)pool, span, false, false);

	if (!source || source->total < NONE)
		return 1;
	return source->alive / source->total;
}

size_t pool_release(const struct pool *pool, size_t span)
{
	const struct source *source = find_source((struct pool *)pool, span, true, false);

	return source && source->alive < NONE ? source->release : NO_OP;
}
