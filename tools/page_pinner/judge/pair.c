// SPDX-License-Identifier: GPL-2.0
/*
 * Gets and puts of one episode; see pair.h.
 *
 * Each put is matched at once with the best open get of its own task, or of
 * its class where the class passes references between tasks.  Puts of holders
 * that found none wait for the end: what another task took in the same class
 * was handed over; what then remains was taken before the recording.
 */
#include "judge/pair.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* A FOLL_PIN of a small folio counts this many references. */
#define PIN_UNITS 1024

struct pairer {
	const struct episode *ep;
	struct classifier *cl;
	struct pairing *out;
	size_t *open;		/* spans without a put, oldest first */
	size_t nr_open, room_open;
};

static const struct stack_class *class_of(struct pairer *p, size_t op, unsigned int dir)
{
	return classify_stack(p->cl, p->ep->ops[op].stack, dir);
}

static bool pin_units(const struct episode *ep, int32_t units)
{
	return !ep->order && units && units % PIN_UNITS == 0;
}

/* A mapping is taken in a fault and dropped by zapping: one class to us. */
static bool same_class(const struct stack_class *a, const struct stack_class *b)
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

/*
 * How well an open get and a put fit, 0 for not at all.  Higher is better;
 * among equals the youngest get wins, as calls nest.
 */
static int fit(struct pairer *p, const struct span *span, size_t put,
	       const struct stack_class *gives, enum match *how)
{
	const struct stack_class *took = class_of(p, span->get, RULE_GET);
	bool task = p->ep->ops[span->get].task == p->ep->ops[put].task;
	bool same = same_class(took, gives);
	bool holds = took->role == ROLE_HOLDER;

	*how = task && same ? MATCH_TASK_CLASS : task ? MATCH_TASK : MATCH_CLASS;
	if (gives->role == ROLE_HOLDER) {
		if (!task)
			return 0;
		return same ? 90 : holds ? 60 : took->role == ROLE_BRIEF ? 40 : 0;
	}
	if (gives->role == ROLE_PINNER)
		return task ? took->role == ROLE_PINNER ? 90 : holds ? 80 : 0 : 0;
	if (holds || took->role == ROLE_PINNER)
		return 0;
	if (took->role == ROLE_BATCH || gives->role == ROLE_BATCH)
		return same ? task ? 90 : 80 : 0;
	if (same && (task || gives->role == ROLE_EXPECTED))
		return task ? 90 : 50;
	if (task && took->role == gives->role)
		return 70;
	if (task && (took->role == ROLE_BRIEF || gives->role == ROLE_BRIEF))
		return 60;
	*how = MATCH_REST;
	/* Expected references change hands: new page, fault, migration, zap. */
	if (took->role == ROLE_ALLOC)
		return task ? 30 : 20;
	if (gives->role != ROLE_BRIEF && took->role != ROLE_BRIEF &&
	    (gives->role == ROLE_EXPECTED || took->role == ROLE_EXPECTED))
		return task ? 25 : 10;
	return 0;
}

static void set_meaning(struct pairer *p, struct span *span)
{
	const struct stack_class *took = NULL, *gives = NULL, *by;

	if (span->get != NO_OP)
		took = class_of(p, span->get, RULE_GET);
	if (span->put != NO_OP)
		gives = class_of(p, span->put, RULE_PUT);
	by = gives ? gives : took;
	/* A lookup stays one, whoever asked for it puts it. */
	if (took && gives && took->role == ROLE_BRIEF)
		by = took;
	/* The first reference is the mapping's or the cache's by now. */
	if (took && gives && took->role == ROLE_ALLOC && gives->role == ROLE_BRIEF)
		by = took;
	span->role = by->role;
	span->class = by->class;
	span->pin = (took && took->pin) || (gives && gives->pin) ||
		    pin_units(p->ep, span->units);
}

static struct span *add_span(struct pairer *p, size_t get, size_t put, int32_t units)
{
	struct span span = { .get = get, .put = put, .more = NO_OP, .units = units };

	VEC_PUSH(p->out->spans, p->out->nr, p->out->room, span);
	return &p->out->spans[p->out->nr - 1];
}

static void close_open(struct pairer *p, size_t i)
{
	memmove(&p->open[i], &p->open[i + 1], (p->nr_open - i - 1) * sizeof(*p->open));
	p->nr_open--;
}

/* Give back @units of an open span; what is left of it stays open. */
static void match_put(struct pairer *p, size_t open, size_t put, int32_t units, enum match how)
{
	struct span *span = &p->out->spans[p->open[open]];
	size_t get = span->get;

	p->out->paired++;
	if (span->units > units) {
		span->units -= units;
		span = add_span(p, get, put, units);
	} else {
		close_open(p, open);
	}
	span->put = put;
	span->how = how;
	set_meaning(p, span);
}

static void feed_put(struct pairer *p, size_t put)
{
	const struct stack_class *gives = class_of(p, put, RULE_PUT);
	int32_t left = -p->ep->ops[put].delta;

	while (left > 0) {
		enum match how, best_how = MATCH_NONE;
		size_t best = NO_OP, i;
		int best_fit = 0, f;

		for (i = p->nr_open; i-- > 0;) {
			struct span *span = &p->out->spans[p->open[i]];

			/* A pin and plain references never release each other. */
			if (pin_units(p->ep, span->units) != pin_units(p->ep, left))
				continue;
			f = fit(p, span, put, gives, &how);
			if (f)
				f += span->units == left;
			if (f > best_fit) {
				best_fit = f;
				best = i;
				best_how = how;
			}
		}
		if (best == NO_OP)
			break;
		f = p->out->spans[p->open[best]].units;
		match_put(p, best, put, f < left ? f : left, best_how);
		left -= f < left ? f : left;
	}
	if (left > 0) {
		set_meaning(p, add_span(p, NO_OP, put, left));
		p->out->unmatched_puts++;
	}
}

/* A fast FOLL_PIN of a small folio comes as +n and +n * 1023. */
static bool completes_pin(struct pairer *p, size_t get)
{
	const struct op *op = &p->ep->ops[get];
	struct span *span;
	size_t i;

	if (p->ep->order || op->delta % (PIN_UNITS - 1))
		return false;
	for (i = p->nr_open; i-- > 0;) {
		span = &p->out->spans[p->open[i]];
		if (p->ep->ops[span->get].task != op->task)
			continue;
		if (span->units != op->delta / (PIN_UNITS - 1))
			continue;
		span->units += op->delta;
		span->more = get;
		set_meaning(p, span);
		return true;
	}
	return false;
}

static void feed_get(struct pairer *p, size_t get)
{
	if (completes_pin(p, get))
		return;
	set_meaning(p, add_span(p, get, NO_OP, p->ep->ops[get].delta));
	VEC_PUSH(p->open, p->nr_open, p->room_open, p->out->nr - 1);
}

/*
 * Handed over: an unmatched put of a holder, and an open get of the same class
 * in another task.  Which of several puts belongs to which get nobody can say
 * from the counts alone: all spans of such a class are marked unsure.
 */
static void doubt_class(struct pairer *p, const char *class)
{
	const struct span *first = NULL;
	bool tasks = false, functions = false;
	size_t i;

	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		const struct stack_class *a, *b;

		if (span->role != ROLE_HOLDER || strcmp(span->class, class) ||
		    span->put == NO_OP ||
		    (span->how != MATCH_NONE && span->how != MATCH_CLASS))
			continue;
		if (!first) {
			first = span;
			continue;
		}
		a = class_of(p, first->put, RULE_PUT);
		b = class_of(p, span->put, RULE_PUT);
		tasks |= p->ep->ops[first->put].task != p->ep->ops[span->put].task;
		functions |= strcmp(a->function ? a->function : "", b->function ? b->function : "");
		if (first->get == NO_OP || span->get == NO_OP ||
		    p->ep->ops[first->get].task != p->ep->ops[span->get].task)
			tasks = true;
	}
	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];

		if (span->role == ROLE_HOLDER && !strcmp(span->class, class) &&
		    (span->how == MATCH_NONE || span->how == MATCH_CLASS)) {
			span->task_unsure |= tasks;
			span->function_unsure |= functions;
		}
	}
}

static bool hand_over(struct pairer *p, struct span *put)
{
	const struct stack_class *gives = class_of(p, put->put, RULE_PUT);
	size_t i;

	for (i = 0; i < p->nr_open; i++) {
		struct span *get = &p->out->spans[p->open[i]];
		const struct stack_class *took = class_of(p, get->get, RULE_GET);

		if (took->role != ROLE_HOLDER || get->get > put->put ||
		    get->units != put->units || !same_class(took, gives))
			continue;
		get->put = put->put;
		get->how = MATCH_CLASS;
		set_meaning(p, get);
		close_open(p, i);
		return true;
	}
	return false;
}

static void hand_overs(struct pairer *p)
{
	size_t i = 0;

	while (i < p->out->nr) {
		struct span *span = &p->out->spans[i];
		const char *class = span->class;

		if (span->get != NO_OP || span->role != ROLE_HOLDER || !hand_over(p, span)) {
			i++;
			continue;
		}
		p->out->paired++;
		p->out->unmatched_puts--;
		/* Open spans are named by index: it is removed only at the end. */
		span->role = ROLE_OWN;
		i++;
		doubt_class(p, class);
	}
	for (i = 0; i < p->out->nr;) {
		if (p->out->spans[i].role == ROLE_OWN)
			p->out->spans[i] = p->out->spans[--p->out->nr];
		else
			i++;
	}
}

/*
 * A put of the same task but of another family took a get that fits an
 * unmatched put as well, by its family: either may be the one that gave back
 * what was taken before the recording.
 */
static void doubt_families(struct pairer *p)
{
	size_t i, k;

	for (i = 0; i < p->out->nr; i++) {
		struct span *lone = &p->out->spans[i];

		if (lone->get != NO_OP || lone->role != ROLE_HOLDER)
			continue;
		for (k = 0; k < p->out->nr; k++) {
			struct span *span = &p->out->spans[k];

			if (span->how != MATCH_TASK || span->get == NO_OP ||
			    span->role != ROLE_HOLDER || span->get > lone->put ||
			    !same_class(class_of(p, span->get, RULE_GET),
					class_of(p, lone->put, RULE_PUT)))
				continue;
			lone->function_unsure = true;
			span->function_unsure = true;
		}
	}
}

void pair_episode(const struct episode *ep, struct classifier *cl, struct pairing *out)
{
	struct pairer p = { .ep = ep, .cl = cl, .out = out };
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < ep->nr_ops; i++) {
		if (ep->ops[i].delta > 0)
			feed_get(&p, i);
		else if (ep->ops[i].delta < 0)
			feed_put(&p, i);
	}
	hand_overs(&p);
	doubt_families(&p);
	out->open_gets = p.nr_open;
	free(p.open);
}

void pairing_free(struct pairing *pairing)
{
	free(pairing->spans);
	memset(pairing, 0, sizeof(*pairing));
}
