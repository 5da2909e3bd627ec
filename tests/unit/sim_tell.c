// SPDX-License-Identifier: GPL-2.0
/*
 * From what happened to a recording of it: clocks that differ, events that are
 * lost, fields, stacks and symbols that it lacks; see sim.h.
 */
#include "sim.h"

#include <stdlib.h>
#include <string.h>

#include "trace/stack.h"

/* Random, but the same in each telling of a story. */
static unsigned int draw(const struct sim *s, unsigned int what, unsigned int n)
{
	uint64_t z = (s->seed * 32768 + what) * 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 29)) * 0xbf58476d1ce4e5b9ull;
	return (z >> 32) % n;
}

/* What a task does next is written later than what it has done. */
static uint64_t time_to_next(const struct sim *s, int index)
{
	int i;

	for (i = index + 1; i < s->nr_recs; i++)
		if (s->recs[i].who.task == s->recs[index].who.task)
			return s->recs[i].ev.ts - s->recs[index].ev.ts;
	return 1000;
}

/*
 * The mark is set before its event is written; CPUs have clocks of their own.  So
 * little changes times alone, five times as much the order as well.
 */
static void skew(const struct sim *s, struct pin_event *ev, int index)
{
	static const int drift[] = { 0, 150, -230, 390 };
	const char *text = getenv("SIMULATOR_DRIFT");
	int times = text ? atoi(text) : 1;
	uint64_t late = 100 * times * draw(s, 14000 + index, 4);

	if (sim_on(s, SIM_SKEW) && ev->type == PIN_FAIL && late < time_to_next(s, index))
		ev->ts += late;
	if (sim_on(s, SIM_COARSE))
		ev->ts -= ev->ts % 4000;
	if (!sim_on(s, SIM_SKEW))
		return;
	if (draw(s, 1, 2))
		ev->ts += times * drift[(ev->cpu + draw(s, 2, 4)) % 4];
}

/* -e put alone, or without -e unmark: numbers are given, nothing is written. */
static bool is_enabled(const struct sim *s, const struct pin_event *ev)
{
	unsigned int which = draw(s, 8, 3);

	if (!sim_on(s, SIM_EVENTS))
		return true;
	return !((ev->type == PIN_GET && which != 1) || (ev->type == PIN_UNMARK && which));
}

static void not_logged(const struct sim *s, struct pin_event *ev, int index)
{
	int i;

	for (i = 0; ev->type == PIN_UNMARK && i < index; i++)
		if (s->recs[i].ev.id == ev->id && s->recs[i].ev.type == PIN_GET && ev->logged &&
		    !s->recs[i].suppressed && s->recs[i].ev.seq && !is_enabled(s, &s->recs[i].ev))
			ev->logged--;
}

static int by_time(const void *a, const void *b)
{
	const struct pin_event *x = a, *y = b;

	return x->ts < y->ts ? -1 : x->ts > y->ts;
}

/* Addresses, as a recorder without kallsyms leaves them. */
static uint32_t nameless(struct sim *s, uint32_t stack)
{
	uint64_t copy[STACK_MAX];
	const uint64_t *frames;
	size_t nr, i;

	frames = stacks_get(s->scene.trace.stacks, stack, &nr);
	for (i = 0; i < nr; i++)
		copy[i] = 0xffffffff81000000ull + (frames[i] * 0x9e3779b1u) % 0x1000000u;
	return stacks_intern(s->scene.trace.stacks, copy, nr);
}

static void strip(struct sim *s, struct sim_telling *t, struct pin_event *ev, int index)
{
	static const uint32_t kept[] = {
		0, 0, HAS_CTX, HAS_CTX | HAS_SEQ, ~(uint32_t)HAS_SEQ, ~(uint32_t)HAS_CTX,
		HAS_EXPECTED | HAS_OWN, ~(uint32_t)(HAS_REFCOUNT_NOW | HAS_EXPECTED_NOW),
	};

	if (sim_on(s, SIM_FIELDS)) {
		ev->has &= kept[draw(s, 3, 8)];
		t->no_fields = true;
	}
	if (sim_on(s, SIM_STACKS) && (draw(s, 4, 2) || !draw(s, 10000 + index, 3))) {
		ev->stack = STACK_NONE;
		t->no_stacks = true;
	}
	if (sim_on(s, SIM_SYMBOLS)) {
		ev->stack = nameless(s, ev->stack);
		t->no_symbols = true;
	}
	if (!(ev->has & HAS_SEQ))
		ev->seq = 0;
	if (!(ev->has & HAS_CTX))
		ev->ctx = 0;
	if (!(ev->has & HAS_EXPECTED) && ev->type != PIN_FAIL)
		ev->expected = 0;
	if (!(ev->has & HAS_OWN))
		ev->own = 0;
	if (!(ev->has & HAS_REFCOUNT_NOW))
		ev->refcount_now = 0;
	if (!(ev->has & HAS_EXPECTED_NOW))
		ev->expected_now = 0;
	if (!(ev->has & HAS_MAPCOUNT) && ev->type != PIN_FAIL)
		ev->mapcount = 0;
	/* A recorder that notes no interrupts, and no field that does. */
	if (sim_on(s, SIM_FIELDS) && !(ev->has & HAS_CTX) && draw(s, 5, 2))
		ev->atomic = false;
}

/*
 * Without running numbers two silent losses that cancel out leave no trace at
 * all: such a recording loses one event.
 */
static bool is_lost(const struct sim *s, int index, bool lost_one)
{
	if (sim_on(s, SIM_LOSS_UNTOLD) && !(lost_one && sim_on(s, SIM_FIELDS)) &&
	    !draw(s, 3000 + index, 14))
		return true;
	return sim_on(s, SIM_LOSS_TOLD) && !draw(s, 6000 + index / 3, 12);
}

/*
 * Before the failure nothing is numbered: a hole behind which the count is what it
 * was before it shows in nothing but being told.
 */
static void find_hole(const struct sim *s, int *from, int *to)
{
	int end, first, i, k;

	*from = *to = 0;
	for (end = 0; end < s->nr_recs; end++)
		if (s->recs[end].ev.id || s->recs[end].ev.type == PIN_UNMARK)
			break;
	if (!sim_on(s, SIM_LOSS_TOLD) || !end)
		return;
	first = draw(s, 9, end);
	for (i = (first + 1) % end; i != first; i = (i + 1) % end) {
		/* one gives it back, another takes it */
		for (k = end - 1; k > i && s->recs[i].ev.delta < 0; k--) {
			if (s->recs[k].ev.refcount ==
			    s->recs[i].ev.refcount - s->recs[i].ev.delta) {
				*from = i;
				*to = k + 1;
				return;
			}
		}
	}
}

static void put_in_file(struct sim *s, struct sim_telling *t)
{
	bool hole = false, lost_one = false, told = sim_on(s, SIM_LOSS_TOLD);
	/* Some watch from the start, others from a while before the failure. */
	int from = draw(s, 6, 3) ? 0 : draw(s, 7, 12), i;
	int hole_from, hole_to;
	uint64_t last = 0;

	find_hole(s, &hole_from, &hole_to);
	for (i = 0; i < s->nr_recs; i++) {
		const struct sim_rec *rec = &s->recs[i];
		struct pin_event *ev = &t->file[t->nr];

		if (rec->suppressed) {
			t->lossy |= !rec->skipped;
			continue;
		}
		if (!rec->ev.id && (!t->watched || i < from))
			continue;
		if (!is_enabled(s, &rec->ev)) {
			t->lossy = true;
			continue;
		}
		if (is_lost(s, i, lost_one) || (i >= hole_from && i < hole_to)) {
			t->lossy = lost_one = true;
			hole |= told;
			continue;
		}
		if (hole) {
			*ev++ = (struct pin_event){
				.type = PIN_LOST, .ts = rec->ev.ts, .from_ns = last, .lost = 1,
			};
			t->nr++;
			hole = false;
		}
		*ev = rec->ev;
		not_logged(s, ev, i);
		last = ev->ts;
		strip(s, t, ev, i);
		skew(s, ev, i);
		t->told[i] = true;
		t->ts[i] = ev->ts;
		t->nr++;
	}
}

/* Loss is told at its place in the file, after the events before it. */
static void order(struct sim_telling *t)
{
	int i, k;

	/* by_time() and stable: few events are out of place */
	for (i = 1; i < t->nr; i++) {
		struct pin_event ev = t->file[i];

		for (k = i; k > 0 && by_time(&ev, &t->file[k - 1]) < 0; k--)
			t->file[k] = t->file[k - 1];
		t->file[k] = ev;
	}
}

void sim_tell(struct sim *s, bool watched, struct sim_telling *t)
{
	t->watched = watched;
	t->nr = 0;
	t->lossy = t->no_fields = t->no_stacks = t->no_symbols = false;
	memset(t->told, 0, sizeof(t->told));
	put_in_file(s, t);
	order(t);
}
