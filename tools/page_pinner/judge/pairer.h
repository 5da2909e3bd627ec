/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How pair.c works, for the files that it is made of.
 *
 *	pair.c		each put takes a get, as they come
 *	fit.c		how well the two fit
 *	hands.c		what changed hands, once all are known
 */
#ifndef PAGE_PINNER_PAIRER_H
#define PAGE_PINNER_PAIRER_H

#include "judge/classify.h"
#include "judge/episode.h"
#include "judge/span.h"
#include "util.h"

/**
 * struct queue - open spans with something in common, oldest first
 * @spans: their indices; closed ones go when they are met
 * @nr: how many
 * @room: allocated
 */
struct queue {
	size_t *spans;
	size_t nr, room;
};

/**
 * struct pairer - an episode while its gets and puts are matched
 * @ep: the episode
 * @cl: says what the stacks mean
 * @out: its spans
 * @by_task: open ones
 * @by_kind: likewise those that change tasks, by role and class
 * @valued: the counts of what was expected are known
 */
struct pairer {
	const struct episode *ep;
	struct classifier *cl;
	struct pairing *out;
	struct map by_task;
	struct map by_kind;
	bool valued;
};

/**
 * pairer_task_key - by what spans of a task are found
 * @p: the pairer
 * @task: number of the task
 *
 * Return: the key.
 */
uint64_t pairer_task_key(struct pairer *p, uint32_t task);

/**
 * fit_class - what the stack of an op says
 * @p: the pairer
 * @op: the op
 * @dir: RULE_GET or RULE_PUT
 *
 * Return: its class.
 */
const struct stack_class *fit_class(struct pairer *p, size_t op, unsigned int dir);

/**
 * fit_pin_units - are so many references pins of a small folio
 * @ep: the episode
 * @units: in units of the count
 *
 * Return: true if they are.
 */
bool fit_pin_units(const struct episode *ep, int32_t units);

/**
 * fit_same_class - are both of one class
 * @a: what a stack says
 * @b: what another says
 *
 * Return: true if they are; mappings are one class.
 */
bool fit_same_class(const struct stack_class *a, const struct stack_class *b);

/**
 * fit_held - is it somebody's
 * @sc: what a stack says
 *
 * Return: true if it is not the kernel's own.
 */
bool fit_held(const struct stack_class *sc);

/**
 * fit_nested - were a get and a put part of one call
 * @p: the pairer
 * @get: the get
 * @put: the put
 *
 * Return: true if they were.
 */
bool fit_nested(const struct pairer *p, size_t get, size_t put);

/**
 * fit_set_meaning - role, class and pin of a span
 * @p: the pairer
 * @span: set by its get and its put
 */
void fit_set_meaning(struct pairer *p, struct span *span);

/**
 * fit_own - how well the failing code's own fits a put of its task
 * @p: the pairer
 * @own: its span
 * @gives: the put's stack
 *
 * Return: more for better, 0 for not at all.
 */
int fit_own(const struct pairer *p, const struct span *own, const struct stack_class *gives);

/**
 * fit_task - how well a get and a put of one task fit
 * @p: the pairer
 * @took: the get's stack
 * @gives: the put's
 * @nested: they are of one call
 * @how: set to why they belong together
 *
 * Return: more for better, 0 for not at all.
 */
int fit_task(const struct pairer *p, const struct stack_class *took,
	     const struct stack_class *gives, bool nested, enum match *how);

/**
 * fit_others - likewise of two tasks
 * @p: the pairer
 * @took: the get's stack
 * @gives: the put's
 * @how: set to why they belong together
 *
 * Return: more for better, 0 for not at all.
 */
int fit_others(const struct pairer *p, const struct stack_class *took,
	       const struct stack_class *gives, enum match *how);

/**
 * hands_change_partners - puts that took the get of another one's family
 * @p: the pairer, all ops are fed
 */
void hands_change_partners(struct pairer *p);

/**
 * hands_over - puts that gave back what another task took
 * @p: the pairer, all ops are fed
 */
void hands_over(struct pairer *p);

/**
 * hands_doubt - matches that another put fits as well
 * @p: the pairer, all ops are fed
 */
void hands_doubt(struct pairer *p);

#endif
