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

#include "util.h"

/* A FOLL_PIN of a small folio counts this many references. */
#define PIN_UNITS 1024
/* So many open gets are tried for a put, the youngest first. */
#define TRIES 64

/* Open spans with something in common, oldest first; closed ones go when met. */
struct queue {
	size_t *spans;
	size_t nr, room;
};

struct pairer {
	const struct episode *ep;
	struct classifier *cl;
	struct pairing *out;
	struct map by_task;
	struct map by_kind;	/* of those that change tasks: role and class */
	bool valued;
};

static const struct stack_class *class_of(struct pairer *p, size_t op, unsigned int dir)
{
	return classify_stack(p->cl, p->ep->ops[op].stack, dir);
}

static bool pin_units(const struct episode *ep, int32_t units)
{
	return !ep->order && units && units % PIN_UNITS == 0;
}

bool pair_open_at(const struct span *span, size_t pos)
{
	size_t from = span->own ? span->at : span->get == NO_OP ? 0 : span->get + 1;

	return from <= pos && (span->put == NO_OP || span->put >= pos);
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

static bool held(const struct stack_class *sc)
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
		return took->positive || !held(took);
	return took->pin && !gives->gup && !gives->nameless;
}

/* Nobody knows what it is for. */
static bool unknown(const struct stack_class *sc)
{
	return held(sc) && !sc->positive;
}

/* The failing code's own: what its task drops first, but for what it held itself. */
static int fit_own(const struct pairer *p, const struct span *own,
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
static int fit_task(const struct pairer *p, const struct stack_class *took,
		    const struct stack_class *gives, bool nested, enum match *how)
{
	/* what is looked up is put in the same call, or the class says nothing */
	bool same = same_class(took, gives) && (nested || took->role != ROLE_BRIEF);

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
		return held(took) ? 80 : 0;
	/* families that are both known hardly give back for each other */
	if (held(took) && held(gives) && took->ruled && gives->ruled)
		return p->valued ? 12 : 60;
	if (unknown(took) || unknown(gives)) {
		if (held(took) && held(gives))
			return 60;
		/* without the counts an expected one could hide a holder's */
		if (!p->valued && (took->role == ROLE_EXPECTED || took->role == ROLE_ALLOC ||
				   gives->role == ROLE_EXPECTED))
			return 0;
		return took->role == ROLE_BRIEF ? 40 : 15;
	}
	if (held(gives))
		return held(took) ? 60 : took->role == ROLE_BRIEF ? 40 :
		       took->role == ROLE_ALLOC ? 35 : 0;
	/* what is kept by design may be kept for the length of a call only */
	if (took->role == ROLE_KEPT && nested)
		return 70;
	if (held(took) || took->role == ROLE_PINNER)
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
static int fit_others(const struct pairer *p, const struct stack_class *took,
		      const struct stack_class *gives, enum match *how)
{
	bool same = same_class(took, gives);

	*how = MATCH_CLASS;
	/* where the counts decide, who gave back what is not for names to say */
	if (p->valued)
		return 0;
	if (took->role == ROLE_BATCH || gives->role == ROLE_BATCH)
		return same ? 80 : 0;
	if (held(took) || held(gives))
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

static bool is_nested(const struct pairer *p, size_t get, size_t put)
{
	return classify_nested(p->cl, p->ep->ops[get].stack, p->ep->ops[put].stack);
}

static void set_meaning(struct pairer *p, struct span *span)
{
	const struct stack_class *took = NULL, *gives = NULL, *by;

	if (span->own) {
		span->pin = pin_units(p->ep, span->units);
		span->role = ROLE_MIGRATE;
		span->class = "migration";
		return;
	}
	if (span->get != NO_OP)
		took = class_of(p, span->get, RULE_GET);
	if (span->put != NO_OP)
		gives = class_of(p, span->put, RULE_PUT);
	by = gives ? gives : took;
	if (took && gives) {
		/* A lookup stays one, whoever asked for it puts it. */
		if (took->role == ROLE_BRIEF && !(held(gives) && !gives->nameless &&
		    (gives->positive || (p->valued && !is_nested(p, span->get, span->put)))))
			by = took;
		/* The first reference is the mapping's or the cache's by now. */
		if (took->role == ROLE_ALLOC && gives->role == ROLE_BRIEF)
			by = took;
		/* What is kept by design stays so; a wrapper tells nothing. */
		if (took->role == ROLE_KEPT || (unknown(gives) && took->role != ROLE_BRIEF))
			by = took;
	}
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

static struct queue *queue_of(struct map *map, uint64_t key, bool make)
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

static uint64_t task_key(struct pairer *p, uint32_t task)
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
		queue = queue_of(&p->by_task, task_key(p, op->task), true);
		VEC_PUSH(queue->spans, queue->nr, queue->room, span);
	}
	if (took->role == ROLE_BATCH || took->role == ROLE_EXPECTED || took->role == ROLE_ALLOC) {
		queue = queue_of(&p->by_kind, kind_key(took), true);
		VEC_PUSH(queue->spans, queue->nr, queue->room, span);
	}
}

struct choice {
	size_t span;
	int fit;
	enum match how;
};

/* The best of the youngest open spans of a queue. */
static void try_queue(struct pairer *p, struct queue *queue, size_t put, int32_t left, bool task,
		      struct choice *best)
{
	const struct stack_class *gives = class_of(p, put, RULE_PUT);
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
		if (pin_units(p->ep, span->units) != pin_units(p->ep, left))
			continue;
		if (span->own)
			fit = fit_own(p, span, gives);
		else if (task)
			fit = fit_task(p, class_of(p, span->get, RULE_GET), gives,
				       is_nested(p, span->get, put), &how);
		else
			fit = fit_others(p, class_of(p, span->get, RULE_GET), gives, &how);
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
		set_meaning(p, span);
		part.units = units;
		VEC_PUSH(p->out->spans, p->out->nr, p->out->room, part);
		span = &p->out->spans[p->out->nr - 1];
	}
	span->put = put;
	span->how = how;
	set_meaning(p, span);
}

static void feed_put(struct pairer *p, size_t put)
{
	const struct op *op = &p->ep->ops[put];
	const struct stack_class *gives = class_of(p, put, RULE_PUT);
	int32_t left = -op->delta, units;

	while (left > 0) {
		struct choice best = { NO_OP, 0, MATCH_NONE };

		if (!op->atomic)
			try_queue(p, queue_of(&p->by_task, task_key(p, op->task), false), put,
				  left, true, &best);
		if (gives->role == ROLE_BATCH)
			try_queue(p, queue_of(&p->by_kind, kind_key(gives), false), put, left,
				  false, &best);
		else if (!held(gives))
			try_queue(p, queue_of(&p->by_kind, 2, false), put, left, false, &best);
		if (best.span == NO_OP)
			break;
		units = p->out->spans[best.span].units;
		units = units < left ? units : left;
		match_put(p, best.span, put, units, best.how);
		left -= units;
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
	struct queue *queue;
	size_t i;

	if (p->ep->order || op->delta % (PIN_UNITS - 1) || op->atomic)
		return false;
	queue = queue_of(&p->by_task, task_key(p, op->task), false);
	for (i = queue ? queue->nr : 0; i-- > 0 && i + TRIES > queue->nr;) {
		struct span *span = &p->out->spans[queue->spans[i]];

		if (span->own || span->put != NO_OP ||
		    span->units != op->delta / (PIN_UNITS - 1))
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
	int32_t units = p->ep->ops[get].delta;

	if (completes_pin(p, get))
		return;
	/* the first part of a fast pin was not on record yet */
	if (!p->ep->order && units % (PIN_UNITS - 1) == 0)
		units += units / (PIN_UNITS - 1);
	set_meaning(p, add_span(p, get, NO_OP, units));
	push_open(p, p->out->nr - 1, &p->ep->ops[get], class_of(p, get, RULE_GET));
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
	set_meaning(p, span);
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
	struct queue *queue = queue_of(&p->by_task, task_key(p, at->ev.task), true);
	int32_t own = at->ev.has & HAS_OWN ? at->ev.own : 0, pins;
	bool *used = xzalloc(queue->nr + 1);
	int nested;
	size_t i;

	for (nested = 1; nested >= 0; nested--) {
		for (i = queue->nr; i-- > 0 && own > 0;) {
			const struct span *span = &p->out->spans[queue->spans[i]];

			if (span->put != NO_OP || used[i] || span->units > own ||
			    (!span->own && !pair_is_own(p->ep, p->cl, span, at, nested)))
				continue;
			used[i] = true;
			own -= span->units;
		}
	}
	free(used);
	if (own <= 0 || at->ev.atomic)
		return;
	pins = p->ep->order ? 0 : own / PIN_UNITS * PIN_UNITS;
	add_own(p, queue, at, pins);
	add_own(p, queue, at, own - pins);
}

/* What is known of a class whose references went from one task to another. */
struct family {
	struct queue gets;	/* open ones */
	size_t next;		/* of @gets */
	size_t first;		/* put that changed hands or found no get */
	bool met, tasks, functions, crossed;
};

static struct family *family_of(struct map *families, const char *class, bool make)
{
	uint64_t key = hash_bytes(class, strlen(class));
	struct family *family = map_get(families, key);

	if (!family && make) {
		family = xzalloc(sizeof(*family));
		map_put(families, key, family);
	}
	return family;
}

static bool same_function(const struct stack_class *a, const struct stack_class *b)
{
	return !strcmp(a->function ? a->function : "", b->function ? b->function : "");
}

/* The oldest open get of its class and size that came before a put. */
static size_t find_handed(struct pairer *p, struct family *family, const struct span *put)
{
	const struct stack_class *gives = class_of(p, put->put, RULE_PUT);
	size_t i, tries = 0;

	while (family->next < family->gets.nr &&
	       p->out->spans[family->gets.spans[family->next]].put != NO_OP)
		family->next++;
	for (i = family->next; i < family->gets.nr && tries < TRIES; i++, tries++) {
		struct span *get = &p->out->spans[family->gets.spans[i]];

		if (get->put != NO_OP || get->get > put->put || get->units != put->units)
			continue;
		if (same_class(class_of(p, get->get, RULE_GET), gives))
			return family->gets.spans[i];
	}
	return NO_OP;
}

static bool changed_hands(const struct span *span)
{
	return span->role == ROLE_HOLDER && span->put != NO_OP && !span->own &&
	       (span->how == MATCH_NONE || span->how == MATCH_CLASS);
}

/*
 * Which of several puts of a class belongs to which get nobody can say from
 * the counts alone, once one was handed over: all of them are unsure.
 */
static void doubt_families(struct pairer *p, struct map *families)
{
	size_t i;

	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;
		const struct op *ops = p->ep->ops;

		if (!changed_hands(span))
			continue;
		family = family_of(families, span->class, true);
		if (!family->met) {
			family->met = true;
			family->first = i;
			continue;
		}
		const struct span *first = &p->out->spans[family->first];

		/* who gave back does not matter where it is known who took */
		family->tasks |= first->get == NO_OP || span->get == NO_OP ||
			ops[first->get].task != ops[span->get].task;
		family->functions |= !same_function(class_of(p, first->put, RULE_PUT),
						    class_of(p, span->put, RULE_PUT));
	}
	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;

		if (!changed_hands(span))
			continue;
		family = family_of(families, span->class, true);
		if (!family->crossed)
			continue;
		span->task_unsure |= family->tasks;
		span->function_unsure |= family->functions;
	}
}

/*
 * A put of the same task but of another family took a get that fits an
 * unmatched put as well, by its family: either may be the one that gave back
 * what was taken before the recording.
 */
static void doubt_matches(struct pairer *p)
{
	struct map last = { 0 };	/* by class of the get: its last lone put, + 1 */
	size_t i;

	for (i = 0; i < p->out->nr; i++) {
		struct span *lone = &p->out->spans[i];
		uint64_t key;

		if (lone->get != NO_OP || lone->own || lone->role != ROLE_HOLDER)
			continue;
		key = hash_bytes(lone->class, strlen(lone->class));
		if ((uintptr_t)map_get(&last, key) < lone->put + 1)
			map_put(&last, key, (void *)(uintptr_t)(lone->put + 1));
	}
	for (i = 0; last.used && i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		const char *class;

		if (span->how != MATCH_TASK || span->get == NO_OP || span->role != ROLE_HOLDER)
			continue;
		class = class_of(p, span->get, RULE_GET)->class;
		if (span->get >= (uintptr_t)map_get(&last, hash_bytes(class, strlen(class))))
			continue;
		span->function_unsure = true;
		for (size_t k = 0; k < p->out->nr; k++) {
			struct span *lone = &p->out->spans[k];

			if (lone->get == NO_OP && !lone->own && lone->role == ROLE_HOLDER &&
			    lone->put > span->get && !strcmp(lone->class, class))
				lone->function_unsure = true;
		}
		map_del(&last, hash_bytes(class, strlen(class)));
	}
	map_free(&last);
}

/* Pairs that only their task holds together, by family and task. */
static void find_loose(struct pairer *p, struct map *loose)
{
	size_t i;

	for (i = 0; i < p->out->nr; i++) {
		const struct span *span = &p->out->spans[i];
		const struct stack_class *took;

		if (span->own || span->get == NO_OP || span->how != MATCH_TASK)
			continue;
		took = class_of(p, span->get, RULE_GET);
		if (held(took) && took->ruled)
			map_put(loose, hash_bytes(took->class, strlen(took->class)) ^
				task_key(p, p->ep->ops[span->get].task), (void *)(uintptr_t)(i + 1));
	}
}

/* May @span, as well as the pair, have had the pair's put? */
static bool may_swap(struct pairer *p, const struct span *pair, const struct span *span)
{
	enum match how;

	if (pair == span || pair->how != MATCH_TASK || pair->units != span->units ||
	    pair->get > span->put)
		return false;
	if (span->get == NO_OP)
		return true;
	return span->get < pair->put &&
	       fit_task(p, class_of(p, span->get, RULE_GET), class_of(p, pair->put, RULE_PUT),
			is_nested(p, span->get, pair->put), &how) > 0;
}

/*
 * A put of the same task came before the one of the get's family and was matched
 * with it: they change partners.
 */
static void change_partners(struct pairer *p)
{
	struct map loose = { 0 };
	size_t i;

	find_loose(p, &loose);
	for (i = 0; loose.used && i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i], *pair;
		const struct stack_class *gives;
		size_t put, index;

		if (span->own || span->put == NO_OP || p->ep->ops[span->put].atomic ||
		    (span->get != NO_OP && span->how != MATCH_TASK))
			continue;
		gives = class_of(p, span->put, RULE_PUT);
		index = (uintptr_t)map_get(&loose, hash_bytes(gives->class, strlen(gives->class)) ^
					   task_key(p, p->ep->ops[span->put].task));
		pair = index && gives->ruled ? &p->out->spans[index - 1] : NULL;
		if (!pair || !may_swap(p, pair, span))
			continue;
		put = pair->put;
		pair->put = span->put;
		pair->how = MATCH_TASK_CLASS;
		span->put = put;
		set_meaning(p, span);
		set_meaning(p, pair);
	}
	map_free(&loose);
}

static void hand_overs(struct pairer *p)
{
	struct map families = { 0 };
	size_t i, to = 0;

	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;

		if (span->get == NO_OP || span->put != NO_OP ||
		    !held(class_of(p, span->get, RULE_GET)))
			continue;
		family = family_of(&families, class_of(p, span->get, RULE_GET)->class, true);
		VEC_PUSH(family->gets.spans, family->gets.nr, family->gets.room, i);
	}
	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;
		size_t get;

		if (span->get != NO_OP || span->own || span->role != ROLE_HOLDER)
			continue;
		family = family_of(&families, span->class, false);
		get = family ? find_handed(p, family, span) : NO_OP;
		if (get == NO_OP)
			continue;
		family->crossed = true;
		p->out->spans[get].put = span->put;
		p->out->spans[get].how = MATCH_CLASS;
		set_meaning(p, &p->out->spans[get]);
		p->out->paired++;
		p->out->unmatched_puts--;
		span->role = ROLE_OWN;
	}
	for (i = 0; i < p->out->nr; i++)
		if (p->out->spans[i].role != ROLE_OWN)
			p->out->spans[to++] = p->out->spans[i];
	p->out->nr = to;
	doubt_families(p, &families);
	for (i = 0; i < families.room; i++) {
		struct family *family = families.slots[i].value;

		if (family)
			free(family->gets.spans);
		free(family);
	}
	map_free(&families);
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
	change_partners(&p);
	hand_overs(&p);
	doubt_matches(&p);
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
