/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a put without a get may return: the unexpected references that are there
 * at a moment, by where they came from.  A put draws on all of them; where only
 * one kind is left, it is that one.
 */
#ifndef PAGE_PINNER_POOL_H
#define PAGE_PINNER_POOL_H

#include "judge/stake.h"

/* So many takers are told apart, the others are one. */
#define POOL_SOURCES 64

/**
 * struct kind - references that a put may return
 * @alive: how many are left, what several puts may have returned in shares
 * @most: how many may be left at most: only what is certain was taken off
 */
struct kind {
	double alive;
	double most;
};

/**
 * struct source - gets of one task and stack that it did not give back itself
 * @task: its number
 * @stack: where it took them
 * @before: they were taken before the attempt
 * @pin: they are pins
 * @mixed: gets of several that were not told apart
 * @total: references that were taken
 * @kind: of these, what is left
 * @release: op that gave them back if it can only be that one, else NO_OP
 * @odd: by its name that one gives back something else
 */
struct source {
	uint32_t task;
	uint32_t stack;
	bool before;
	bool pin;
	bool mixed;
	double total;
	struct kind kind;
	size_t release;
	bool odd;
};

/**
 * struct pool - references by where they came from
 * @t: the episode
 * @old: there from the start, nothing more is known
 * @pins: likewise, as many as make whole pins of a small folio
 * @fallen: became unexpected since
 * @back: old ones that became expected and unexpected again
 * @moved: old ones that became expected
 * @own: of the failing code, left to others
 * @sources: taken since
 * @nr: how many
 * @gap: operations are missing
 * @first: some were there before anything was on record
 */
struct pool {
	const struct trial *t;
	struct kind old;
	struct kind pins;
	struct kind fallen;
	struct kind back;
	double moved;
	struct kind own;
	struct source sources[POOL_SOURCES];
	size_t nr;
	bool gap;
	bool first;
};

/**
 * struct drawn - what a put may have returned
 * @old: references that were there from the start
 * @sure: no others could be meant, or names tell them apart
 */
struct drawn {
	double old;
	bool sure;
};

/**
 * pool_init - nothing but old ones
 * @pool: to be set up
 * @t: the episode
 * @old: how many
 */
void pool_init(struct pool *pool, const struct trial *t, double old);

/**
 * pool_restart - go on from an attempt
 * @pool: emptied
 * @old: how many there are that no get explains
 */
void pool_restart(struct pool *pool, double old);

/**
 * pool_keep - a get before the attempt whose reference may be there
 * @pool: the pool
 * @span: index of its span
 * @units: how many
 */
void pool_keep(struct pool *pool, size_t span, double units);

/**
 * pool_own - references of the failing code that its task did not give back
 * @pool: the pool
 * @units: how many
 */
void pool_own(struct pool *pool, double units);

/**
 * pool_take - a get whose task does not give it back
 * @pool: the pool
 * @span: index of its span
 * @units: how many
 */
void pool_take(struct pool *pool, size_t span, double units);

/**
 * pool_doubt - a get that became a mapping, or an older reference did
 * @pool: the pool
 * @span: index of its span
 * @units: how many
 */
void pool_doubt(struct pool *pool, size_t span, double units);

/**
 * pool_step - what is expected changed, and no get or put explains it
 * @pool: the pool
 * @change: by how much
 */
void pool_step(struct pool *pool, int32_t change);

/**
 * pool_draw - a put without a get
 * @pool: the pool
 * @span: index of its span
 * @drawn: set to what it may have returned
 */
void pool_draw(struct pool *pool, size_t span, struct drawn *drawn);

/**
 * pool_alive - how much of a get may be left
 * @pool: the pool
 * @span: index of its span
 *
 * Return: 0 to 1, and 1 only if that is sure.
 */
double pool_alive(const struct pool *pool, size_t span);

/**
 * pool_left - old references that nobody gave back on record
 * @pool: the pool
 *
 * Return: how many.
 */
double pool_left(const struct pool *pool);

/**
 * pool_release - the put that gave a get back, by elimination
 * @pool: the pool
 * @span: index of the get's span
 *
 * Return: index of the op, NO_OP if there is none or several could be it.
 */
size_t pool_release(const struct pool *pool, size_t span);

/**
 * pool_is_odd - does the put that gave a get back return something else by its name
 * @pool: the pool
 * @span: index of the get's span
 *
 * Return: true if it does: the get may have become a mapping unseen.
 */
bool pool_is_odd(const struct pool *pool, size_t span);

#endif
