// SPDX-License-Identifier: GPL-2.0
/*
 * How well a get and a put fit; see pairer.h.
 */
#include "judge/pairer.h"

#include <string.h>

const struct stack_class *fit_class(struct pairer *p, size_t op, unsigned int dir)
{
	return classify_stack(p->cl, p->ep->ops[op].stack, dir);
}

bool fit_pin_units(const struct episode *ep, int32_t units)
{
	return units && episode_pins(ep, units);
}

/* A mapping is taken in a fault and dropped by zapping: one class to us. */
bool fit_same_class(const struct stack_class *a, const struct stack_class *b)
{
	if (a->role == ROLE_EXPECTED && b->role == ROLE_EXPECTED) {
		bool a_map = !strcmp(a->class, "fault") || !strcmp(a->class, "rmap");
		bool b_map = !strcmp(b->class, "fault") || !strcmp(b->class, "rmap");

		if (a_map && b_map)
			return true;
	}
	return !strcmp(a->class, b->class) &&
	       (!a->module || !b->module || !strcmp(a->module, b->module));
}

bool fit_held(const struct stack_class *sc)
{
	return sc->role == ROLE_HOLDER || sc->role == ROLE_KEPT;
}

/*
 * The API tells: what is unpinned was pinned, and what was pinned is unpinned by
 * functions that are out of line everywhere.
 */
bool pair_conflict(const struct stack_class *took, const struct stack_class *gives)
{
	if (gives->pin && !took->gup)
		return took->positive || !fit_held(took);
	return took->pin && !gives->gup && !gives->nameless;
}

/* Nobody knows what it is for. */
static bool fit_unknown(const struct stack_class *sc)
{
	return fit_held(sc) && !sc->positive;
}

/* The failing code's own: what its task drops first, but for what it held itself. */
int fit_own(const struct pairer *p, const struct span *own,
		   const struct stack_class *gives)
{
	if (own->pin)
		return gives->pin || gives->role == ROLE_PINNER ? 85 : p->ep->order ? 20 : 60;
	switch (gives->role) {
	case ROLE_MIGRATE:
		return 75;
	case ROLE_HOLDER:
	case ROLE_KEPT:
		return gives->positive ? 0 : 65;
	case ROLE_PINNER:
		return 80;
	case ROLE_EXPECTED:
	case ROLE_BATCH:
		return p->valued ? 14 : 0;
	default:
		return 55;
	}
}

/* How well a get and a put of one task fit, 0 for not at all. */
int fit_task(const struct pairer *p, const struct stack_class *took,
		    const struct stack_class *gives, bool nested, enum match *how)
{
	/* what is looked up is put in the same call, or the class says nothing */
	bool same = fit_same_class(took, gives) && (nested || took->role != ROLE_BRIEF);

	*how = same ? MATCH_TASK_CLASS : MATCH_TASK;
	if (same)
		return 90;
	if (pair_conflict(took, gives))
		return 0;
	/* two families that are both known are not one because both pin */
	if (took->pin && gives->pin && !(took->ruled && gives->ruled)) {
		return 85;
	}
	if (gives->role == ROLE_PINNER)
		return fit_held(took) ? 80 : 0;
	/* families that are both known hardly give back for each other */
	if (fit_held(took) && fit_held(gives) && took->ruled && gives->ruled)
		return p->valued ? 12 : 60;
	if (fit_unknown(took) || fit_unknown(gives)) {
		if (fit_held(took) && fit_held(gives))
			return 60;
		/* without the counts an expected one could hide a holder's */
		if (!p->valued && (took->role == ROLE_EXPECTED || took->role == ROLE_ALLOC ||
				   gives->role == ROLE_EXPECTED))
			return 0;
		return took->role == ROLE_BRIEF ? 40 : 15;
	}
	if (fit_held(gives))
		return fit_held(took) ? 60 : took->role == ROLE_BRIEF ? 40 :
		       took->role == ROLE_ALLOC ? 35 : 0;
	/* what is kept by design may be kept for the length of a call only */
	if (took->role == ROLE_KEPT && nested)
		return 70;
	if (fit_held(took) || took->role == ROLE_PINNER)
		return 0;
	if (took->role == ROLE_BATCH || gives->role == ROLE_BATCH)
		return 0;
	if (took->role == gives->role)
		return 70;
	if (took->role == ROLE_BRIEF || gives->role == ROLE_BRIEF)
		return 60;
	*how = MATCH_REST;
	if (took->role == ROLE_ALLOC)
		return 30;
	return gives->role == ROLE_EXPECTED || took->role == ROLE_EXPECTED ? 25 : 0;
}

/* Likewise of two tasks: batches, and what is expected, change hands. */
int fit_others(const struct pairer *p, const struct stack_class *took,
		      const struct stack_class *gives, enum match *how)
{
	bool same = fit_same_class(took, gives);

	*how = MATCH_CLASS;
	/* where the counts decide, who gave back what is not for names to say */
	if (p->valued)
		return 0;
	if (took->role == ROLE_BATCH || gives->role == ROLE_BATCH)
		return same ? 80 : 0;
	if (fit_held(took) || fit_held(gives))
		return 0;
	if (same)
		return gives->role == ROLE_EXPECTED ? 50 : 0;
	*how = MATCH_REST;
	if (took->role == ROLE_ALLOC)
		return gives->role == ROLE_PINNER ? 0 : 20;
	if (gives->role != ROLE_BRIEF && gives->role != ROLE_PINNER &&
	    (gives->role == ROLE_EXPECTED || took->role == ROLE_EXPECTED))
		return 10;
	return 0;
}

bool fit_nested(const struct pairer *p, size_t get, size_t put)
{
	return classify_nested(p->cl, p->ep->ops[get].stack, p->ep->ops[put].stack);
}

void fit_set_meaning(struct pairer *p, struct span *span)
{
	const struct stack_class *took = NULL, *gives = NULL, *by;

	if (span->own) {
		span->pin = fit_pin_units(p->ep, span->units);
		span->role = ROLE_MIGRATE;
		span->class = "migration";
		return;
	}
	if (span->get != NO_OP)
		took = fit_class(p, span->get, RULE_GET);
	if (span->put != NO_OP)
		gives = fit_class(p, span->put, RULE_PUT);
	by = gives ? gives : took;
	if (took && gives) {
		/* A lookup stays one, whoever asked for it puts it. */
		if (took->role == ROLE_BRIEF && !(fit_held(gives) && !gives->nameless &&
		    (gives->positive || (p->valued && !fit_nested(p, span->get, span->put)))))
			by = took;
		/* The first reference is the mapping's or the cache's by now. */
		if (took->role == ROLE_ALLOC && gives->role == ROLE_BRIEF)
			by = took;
		/* What is kept by design stays so; a wrapper tells nothing. */
		if (took->role == ROLE_KEPT || (fit_unknown(gives) && took->role != ROLE_BRIEF))
			by = took;
	}
	span->role = by->role;
	span->class = by->class;
	span->pin = (took && took->pin) || (gives && gives->pin) ||
		    fit_pin_units(p->ep, span->units);
}
