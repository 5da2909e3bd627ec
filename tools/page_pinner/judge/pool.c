// SPDX-License-Identifier: GPL-2.0
/*
 * Sources of references; see pool.h.
 */
#include "judge/pool.h"

#include <string.h>

/* Less is none: shares are fractions. */
#define NONE 0.01

/* What several kinds share is never sure. */
#define UNSURE 0.85
/* By its name a put is not of a kind that weighs less. */
#define UNLIKELY 0.06

/* Kinds that a put may draw on: these, then the sources. */
enum { OLD, PINS, FALLEN, BACK, OWN, SOURCES };
#define NR_KINDS (SOURCES + POOL_SOURCES)

static void add(struct kind *kind, double units)
{
	kind->alive += units;
	kind->most += units;
}

/* So much of what may have become expected may as well not have. */
#define PERHAPS 0.3

static double take(struct kind *kind, double units)
{
	double part = units < kind->alive ? units : kind->alive;

	kind->alive -= part;
	return part;
}

static void take_surely(struct kind *kind, double units)
{
	take(kind, units);
	kind->most -= units;
	if (kind->most < NONE)
		kind->most = kind->alive = 0;
	if (kind->alive > kind->most)
		kind->alive = kind->most;
}

void pool_init(struct pool *pool, const struct trial *t, double old)
{
	double pins = 0;

	memset(pool, 0, sizeof(*pool));
	pool->t = t;
	if (!t->ep->order)
		pins = (long)(old + NONE) / PIN_UNITS * PIN_UNITS;
	add(&pool->pins, pins);
	add(&pool->old, old > pins ? old - pins : 0);
	pool->first = old > NONE;
}

void pool_restart(struct pool *pool, double old)
{
	bool first = pool->first;

	pool_init(pool, pool->t, old);
	pool->first = first;
}

static struct source *find_source(struct pool *pool, size_t span, bool before, bool make)
{
	const struct span *s = &pool->t->pairing->spans[span];
	const struct op *op = &pool->t->ep->ops[s->get];
	bool pin = episode_pins(pool->t->ep, s->units);
	struct source *source;
	size_t i;

	for (i = 0; i < pool->nr; i++) {
		source = &pool->sources[i];
		if (source->task == op->task && source->stack == op->stack &&
		    source->before == before && source->pin == pin)
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
				   .pin = pin, .release = NO_OP };
	return source;
}

static void add_units(struct pool *pool, size_t span, double units, bool before)
{
	struct source *source;

	if (units < NONE)
		return;
	source = find_source(pool, span, before, true);
	source->total += units;
	add(&source->kind, units);
}

void pool_keep(struct pool *pool, size_t span, double units)
{
	add_units(pool, span, units, true);
}

void pool_own(struct pool *pool, double units)
{
	if (units > NONE)
		add(&pool->own, units);
}

void pool_take(struct pool *pool, size_t span, double units)
{
	add_units(pool, span, units, false);
}

void pool_doubt(struct pool *pool, size_t span, double units)
{
	struct source *source = find_source(pool, span, false, true);

	source->total += units;
	source->kind.alive += units * PERHAPS;
	source->kind.most += units;
}

void pool_step(struct pool *pool, int32_t change)
{
	double part;

	if (change > 0) {
		part = change - take(&pool->fallen, change);
		pool->fallen.most = pool->fallen.alive;
		pool->moved += take(&pool->old, part);
	} else {
		part = -change < pool->moved ? -change : pool->moved;
		pool->moved -= part;
		add(&pool->back, part);
		add(&pool->fallen, -change - part);
	}
}

static struct kind *kind_of(struct pool *pool, size_t kind)
{
	switch (kind) {
	case OLD:
		return &pool->old;
	case PINS:
		return &pool->pins;
	case FALLEN:
		return &pool->fallen;
	case BACK:
		return &pool->back;
	case OWN:
		return &pool->own;
	}
	return &pool->sources[kind - SOURCES].kind;
}

/* Mappings, caches and new pages: a fault takes what zapping drops. */
static bool is_mapping(const struct stack_class *sc)
{
	return sc->role == ROLE_EXPECTED || sc->role == ROLE_ALLOC || sc->role == ROLE_MIGRATE;
}

/* Names break ties: how well a put by such a stack fits a kind. */
static double name_weight(const struct pool *pool, const struct span *span, size_t kind)
{
	const struct stack_class *gives, *took;
	const struct source *source;

	gives = classify_stack(pool->t->cl, pool->t->ep->ops[span->put].stack, RULE_PUT);
	if (gives->nameless)
		return 1;
	if (kind < FALLEN || kind == BACK)
		return gives->role != ROLE_EXPECTED ? 1 : gives->lasting ? 0.02 : 0.15;
	if (kind == FALLEN)
		return gives->positive || gives->role == ROLE_BATCH ? 0.05 : 1;
	if (kind == OWN)
		return gives->positive ? 0.05 : 1;
	source = &pool->sources[kind - SOURCES];
	if (source->mixed)
		return 1;
	took = classify_stack(pool->t->cl, source->stack, RULE_GET);
	if (took->nameless)
		return 1;
	if (!strcmp(took->class, gives->class))
		return 5;
	/* the API tells: pins are given back by unpin_*(), nothing else is */
	if (gives->pin && !took->gup && took->ruled)
		return 0.05;
	if (took->pin && !gives->gup)
		return 0.3;
	/* what was looked up is handed on to whoever has nothing else to give back */
	if (!pool->first && took->role == ROLE_BRIEF && gives->role == ROLE_HOLDER)
		return 1;
	/* two families that are both known do not give back for each other */
	if (took->ruled && gives->ruled)
		return is_mapping(took) && is_mapping(gives) ? 2 : 0.05;
	return took->pin && gives->pin ? 2 : took->ruled || gives->ruled ? 0.5 : 1;
}

/* A pin gives back a pin, as long as there is one. */
static bool fits_pin(const struct pool *pool, const struct span *span, size_t kind)
{
	bool pin = span->units % PIN_UNITS == 0;

	if (pool->t->ep->order)
		return true;
	if (kind >= SOURCES)
		return pool->sources[kind - SOURCES].pin == pin;
	return (kind == PINS) == pin;
}

/* How much each kind that is there, and of a size that fits, weighs. */
static double find_kinds(struct pool *pool, const struct span *span, double weight[NR_KINDS],
			 bool *sure, size_t *only)
{
	size_t nr = SOURCES + pool->nr, i, likely = 0;
	bool whole = false, pin = false;
	double sum = 0;

	for (i = 0; i < nr; i++) {
		weight[i] = kind_of(pool, i)->most < NONE ? 0 : 1;
		pin |= weight[i] > 0 && fits_pin(pool, span, i);
	}
	for (i = 0; i < nr; i++) {
		if (pin && !fits_pin(pool, span, i))
			weight[i] = 0;
		whole |= weight[i] > 0 && kind_of(pool, i)->most > span->units - NONE;
	}
	for (i = 0; i < nr; i++) {
		const struct kind *kind = kind_of(pool, i);

		/* its size fits only those that have as many, if any has */
		if (span->units > 1 && whole && kind->most < span->units - NONE)
			weight[i] = 0;
		if (weight[i] <= 0)
			continue;
		weight[i] = name_weight(pool, span, i);
		if (weight[i] > UNLIKELY) {
			likely++;
			*only = i;
		}
		if (kind->alive < span->units)
			weight[i] *= 0.05 + kind->alive / span->units;
		sum += weight[i];
	}
	/* names may speak against the only one that is there */
	for (i = 0; i < nr && !likely; i++) {
		if (weight[i] <= 0)
			continue;
		*only = i;
		likely = weight[i] >= sum - NONE * NONE ? 1 : 0;
	}
	*sure = likely == 1;
	return sum;
}

/* By its name it gives back what somebody held, no mapping. */
static bool is_somebodys(const struct pool *pool, const struct span *span)
{
	const struct stack_class *gives;

	gives = classify_stack(pool->t->cl, pool->t->ep->ops[span->put].stack, RULE_PUT);
	return gives->role == ROLE_HOLDER && gives->positive;
}

/* One kind alone: it is that one, as far as there is enough of it. */
static double draw_only(struct pool *pool, size_t only, const struct span *span, double left)
{
	struct kind *kind = kind_of(pool, only);
	double part = left < kind->most ? left : kind->most;

	take_surely(kind, part);
	if (only >= SOURCES) {
		struct source *source = &pool->sources[only - SOURCES];

		source->release = span->put;
		source->odd |= name_weight(pool, span, only) <= UNLIKELY &&
			!is_somebodys(pool, span);
	}
	return part;
}

void pool_draw(struct pool *pool, size_t index, struct drawn *drawn)
{
	const struct span *span = &pool->t->pairing->spans[index];
	double weight[NR_KINDS], sum, part, left = span->units;
	size_t i, only = 0;
	int rounds = 4;
	bool sure;

	memset(drawn, 0, sizeof(*drawn));
	drawn->sure = true;
	while (left > NONE && rounds--) {
		double want = left;

		sum = find_kinds(pool, span, weight, &sure, &only);
		if (sum <= 0)
			break;
		if (sure) {
			part = draw_only(pool, only, span, left);
			left -= part;
			if (only == OLD || only == PINS)
				drawn->old += part;
			else if (only == BACK)
				drawn->old += part / 2;
			continue;
		}
		drawn->sure = false;
		for (i = 0; i < SOURCES + pool->nr; i++) {
			if (weight[i] <= 0)
				continue;
			part = take(kind_of(pool, i), want * weight[i] / sum);
			left -= part;
			if (i == OLD || i == PINS)
				drawn->old += part;
			else if (i == BACK)
				drawn->old += part / 2;
		}
		if (want - left < NONE)
			break;
	}
	if (!drawn->sure && drawn->old > UNSURE * span->units)
		drawn->old = UNSURE * span->units;
}

double pool_alive(const struct pool *pool, size_t span)
{
	const struct source *source = find_source((struct pool *)pool, span, false, false);
	double share;

	if (!source || source->total < NONE)
		return 1;
	share = source->kind.alive / source->total;
	if (source->kind.most > source->total - NONE && share > 1 - NONE)
		return 1;
	return share < UNSURE ? share : UNSURE;
}

double pool_left(const struct pool *pool)
{
	return pool->old.alive + pool->pins.alive;
}

size_t pool_release(const struct pool *pool, size_t span)
{
	const struct source *source = find_source((struct pool *)pool, span, true, false);

	return source && source->kind.most < NONE ? source->release : NO_OP;
}

bool pool_is_odd(const struct pool *pool, size_t span)
{
	const struct source *source = find_source((struct pool *)pool, span, true, false);

	return source && source->odd;
}
