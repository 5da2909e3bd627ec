// SPDX-License-Identifier: GPL-2.0
/*
 * Gets and puts of one episode; see pair.h.
 *
 * Each put is matched at once with the best open get of its own task; what
 * interrupts do has no task.  Batches, mappings and caches pass references
 * between tasks.  Puts of holders that found none wait for the end: what another
 * task took in the same class was handed over; what then remains was taken
 * before the recording.
 */
#include "judge/pair.h"

#include <stdlib.h>
#include <string.h>

#include "judge/pairer.h"
#include "util.h"

/* So many open gets are tried for a put, the youngest first. */
#define TRIES 64

bool pair_open_at(const struct span *span, size_t pos)
{
	size_t from = span->own ? span->at : span->get == NO_OP ? 0 : span->get + 1;

	return from <= pos && (span->put == NO_OP || span->put >= pos);
}

static struct span *add_span(struct pairer *p, size_t get, size_t put, int32_t units)
{
	struct span span = { .get = get, .put = put, .more = NO_OP, .units = units };

	VEC_PUSH(p->out->spans, p->out->nr, p->out->room, span);
	return &p->out->spans[p->out->nr - 1];
}

static struct queue *pairer_queue(struct map *map, uint64_t key, bool make)
{
	struct queue *queue = map_get(map, key);

	if (!queue && make) {
		queue = xzalloc(sizeof(*queue));
		map_put(map, key, queue);
	}
	return queue;
}

static void free_queues(struct map *map)
{
	size_t i;

	for (i = 0; i < map->room; i++) {
		struct queue *queue = map->slots[i].value;

		if (queue)
			free(queue->spans);
		free(queue);
	}
	map_free(map);
}

uint64_t pairer_task_key(struct pairer *p, uint32_t task)
{
	return (uint32_t)classify_pid(p->cl, task) + 1ull;
}

/* Mappings, caches and new pages share one queue, each batch has its own. */
static uint64_t kind_key(const struct stack_class *sc)
{
	return sc->role == ROLE_BATCH ? hash_bytes(sc->class, strlen(sc->class)) | 1 : 2;
}

static void push_open(struct pairer *p, size_t span, const struct op *op,
		      const struct stack_class *took)
{
	struct queue *queue;

	if (!op->atomic) {
		queue = pairer_queue(&p->by_task, pairer_task_key(p, op->task), true);
		VEC_PUSH(queue->spans, queue->nr, queue->room, span);
	}
	if (took->role == ROLE_BATCH || took->role == ROLE_EXPECTED || took->role == ROLE_ALLOC) {
		queue = pairer_queue(&p->by_kind, kind_key(took), true);
		VEC_PUSH(queue->spans, queue->nr, queue->room, span);
	}
}

struct choice {
	size_t span;
	int fit;
	enum match how;
};

/* The best of the youngest open spans of a queue. */
static void pairer_try_queue(struct pairer *p, struct queue *queue, size_t put, int32_t left, bool task,
		      struct choice *best)
{
	const struct stack_class *gives = fit_class(p, put, RULE_PUT);
	size_t i, tries = 0;

	if (!queue)
		return;
	while (queue->nr && p->out->spans[queue->spans[queue->nr - 1]].put != NO_OP)
		queue->nr--;
	for (i = queue->nr; i-- > 0 && tries < TRIES;) {
		struct span *span = &p->out->spans[queue->spans[i]];
		enum match how = MATCH_TASK;
		int fit;

		if (span->put != NO_OP)
			continue;
		tries++;
		/* A pin and plain references never release each other. */
		if (fit_pin_units(p->ep, span->units) != fit_pin_units(p->ep, left))
			continue;
		if (span->own)
			fit = fit_own(p, span, gives);
		else if (task)
			fit = fit_task(p, fit_class(p, span->get, RULE_GET), gives,
				       fit_nested(p, span->get, put), &how);
		else
			fit = fit_others(p, fit_class(p, span->get, RULE_GET), gives, &how);
		if (fit)
			fit += span->units == left;
		if (fit > best->fit)
			*best = (struct choice){ queue->spans[i], fit, how };
	}
}

/* Give back @units of an open span; what is left of it stays open. */
static void match_put(struct pairer *p, size_t open, size_t put, int32_t units, enum match how)
{
	struct span *span = &p->out->spans[open];
	struct span part = *span;

	p->out->paired++;
	if (span->units > units) {
		span->units -= units;
		fit_set_meaning(p, span);
		part.units = units;
		VEC_PUSH(p->out->spans, p->out->nr, p->out->room, part);
		span = &p->out->spans[p->out->nr - 1];
	}
	span->put = put;
	span->how = how;
	fit_set_meaning(p, span);
}

/* What the same interrupt had just taken. */
static bool same_interrupt(struct pairer *p, size_t put)
{
	const struct op *op = &p->ep->ops[put], *before = op - 1;
	const struct span *last = p->out->nr ? &p->out->spans[p->out->nr - 1] : NULL;

	return op->atomic && last && put && last->get == put - 1 && last->put == NO_OP &&
	       last->units == -op->delta && before->atomic && before->task == op->task &&
	       classify_nested(p->cl, before->stack, op->stack);
}

static void feed_put(struct pairer *p, size_t put)
{
	const struct op *op = &p->ep->ops[put];
	const struct stack_class *gives = fit_class(p, put, RULE_PUT);
	int32_t left = -op->delta, units;

	if (same_interrupt(p, put)) {
		match_put(p, p->out->nr - 1, put, left, MATCH_TASK);
		return;
	}
	while (left > 0) {
		struct choice best = { NO_OP, 0, MATCH_NONE };

		if (!op->atomic)
			pairer_try_queue(p, pairer_queue(&p->by_task, pairer_task_key(p, op->task), false), put,
				  left, true, &best);
		if (gives->role == ROLE_BATCH)
			pairer_try_queue(p, pairer_queue(&p->by_kind, kind_key(gives), false), put, left,
				  false, &best);
		else if (!fit_held(gives))
			pairer_try_queue(p, pairer_queue(&p->by_kind, 2, false), put, left, false, &best);
		if (best.span == NO_OP)
			break;
		units = p->out->spans[best.span].units;
		units = units < left ? units : left;
		match_put(p, best.span, put, units, best.how);
		left -= units;
	}
	if (left > 0) {
		fit_set_meaning(p, add_span(p, NO_OP, put, left));
		p->out->unmatched_puts++;
	}
}

/* A fast FOLL_PIN of a small folio comes as +n and +n * 1023. */
static bool completes_pin(struct pairer *p, size_t get)
{
	const struct op *op = &p->ep->ops[get];
	struct queue *queue;
	size_t i;

	if (p->ep->order || op->delta % (PIN_UNITS - 1) || op->atomic)
		return false;
	queue = pairer_queue(&p->by_task, pairer_task_key(p, op->task), false);
	for (i = queue ? queue->nr : 0; i-- > 0 && i + TRIES > queue->nr;) {
		struct span *span = &p->out->spans[queue->spans[i]];

		if (span->own || span->put != NO_OP ||
		    span->units != op->delta / (PIN_UNITS - 1))
			continue;
		span->units += op->delta;
		span->more = get;
		fit_set_meaning(p, span);
		return true;
	}
	return false;
}

static void feed_get(struct pairer *p, size_t get)
{
	int32_t units = p->ep->ops[get].delta;

	if (completes_pin(p, get))
		return;
	/* the first part of a fast pin was not on record yet */
	if (!p->ep->order && units % (PIN_UNITS - 1) == 0)
		units += units / (PIN_UNITS - 1);
	fit_set_meaning(p, add_span(p, get, NO_OP, units));
	push_open(p, p->out->nr - 1, &p->ep->ops[get], fit_class(p, get, RULE_GET));
}

static void add_own(struct pairer *p, struct queue *queue, const struct attempt *at, int32_t units)
{
	struct span *span;

	if (units <= 0)
		return;
	span = add_span(p, NO_OP, NO_OP, units);
	span->own = true;
	span->at = at->pos;
	span->owner = at->ev.task;
	fit_set_meaning(p, span);
	if (at->ev.reason == REASON_LONGTERM_PIN && p->ep->order)
		span->pin = true;
	VEC_PUSH(queue->spans, queue->nr, queue->room, p->out->nr - 1);
}

bool pair_is_own(const struct episode *ep, struct classifier *cl, const struct span *span,
		 const struct attempt *at, bool nested)
{
	const struct op *get = &ep->ops[span->get];

	if (nested)
		return classify_nested(cl, get->stack, at->ev.stack);
	return !classify_stack(cl, get->stack, RULE_GET)->positive;
}

/*
 * References of the failing code that were taken before anything was on
 * record: as if its task had taken them just before it failed.
 */
static void feed_attempt(struct pairer *p, const struct attempt *at)
{
	struct queue *queue = pairer_queue(&p->by_task, pairer_task_key(p, at->ev.task), true);
	int32_t own = at->ev.has & HAS_OWN ? at->ev.own : 0;
	int32_t left[2];	/* single ones, pins of a small folio */
	bool *used = xzalloc(queue->nr + 1);
	int nested;
	size_t i;

	left[true] = p->ep->order ? 0 : own / PIN_UNITS * PIN_UNITS;
	left[false] = own - left[true];
	for (nested = 1; nested >= 0; nested--) {
		for (i = queue->nr; i-- > 0 && left[0] + left[1] > 0;) {
			const struct span *span = &p->out->spans[queue->spans[i]];
			bool pin = fit_pin_units(p->ep, span->units);

			if (span->put != NO_OP || used[i] || span->units > left[pin] ||
			    (!span->own && !pair_is_own(p->ep, p->cl, span, at, nested)))
				continue;
			used[i] = true;
			left[pin] -= span->units;
		}
	}
	free(used);
	if (at->ev.atomic)
		return;
	add_own(p, queue, at, left[true]);
	add_own(p, queue, at, left[false]);
}

void pair_episode(const struct episode *ep, struct classifier *cl, struct pairing *out)
{
	struct pairer p = { .ep = ep, .cl = cl, .out = out, .valued = episode_valued(ep) };
	size_t i, attempt = 0;

	memset(out, 0, sizeof(*out));
	for (i = 0; i <= ep->nr_ops; i++) {
		for (; attempt < ep->nr_attempts && ep->attempts[attempt].pos == i; attempt++)
			feed_attempt(&p, &ep->attempts[attempt]);
		if (i == ep->nr_ops)
			break;
		if (ep->ops[i].delta > 0)
			feed_get(&p, i);
		else if (ep->ops[i].delta < 0)
			feed_put(&p, i);
	}
	hands_change_partners(&p);
	hands_over(&p);
	hands_doubt(&p);
	for (i = 0; i < out->nr; i++)
		out->open_gets += out->spans[i].get != NO_OP && out->spans[i].put == NO_OP;
	free_queues(&p.by_task);
	free_queues(&p.by_kind);
}

void pairing_free(struct pairing *pairing)
{
	free(pairing->spans);
	memset(pairing, 0, sizeof(*pairing));
}
