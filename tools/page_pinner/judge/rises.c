// SPDX-License-Identifier: GPL-2.0
/*
 * Rises and falls of what was expected, and the gets that explain the rises;
 * see books.h.
 */
#include "judge/books.h"

/* How far from a rise its get is looked for, in ops. */
#define NEAR 256

static void add_sample(struct account *a, size_t pos, int32_t value, int32_t *last, bool *known)
{
	struct step step = { .pos = pos, .left = value - *last };

	if (*known && step.left)
		VEC_PUSH(a->steps, a->nr, a->room, step);
	*last = value;
	*known = true;
}

void rises_find(struct account *a)
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
		if (i < ep->nr_ops && !episode_frozen(&ep->ops[i]) && ep->ops[i].expected >= 0)
			add_sample(a, i, ep->ops[i].expected, &last, &known);
	}
}

/* May a get have become a mapping?  GUP, batches and pins do not. */
bool rises_may(const struct account *a, const struct span *span)
{
	const struct stack_class *took;

	/* nor by its size: of a small folio only pins come in so many */
	if (episode_pins(a->t->ep, span->units))
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

	if (units <= 0 || rise->left <= 0 || !rises_may(a, span))
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

void rises_explain(struct account *a)
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
