// SPDX-License-Identifier: GPL-2.0
/*
 * A seed is a story: which kernel, which folio, who is there, and in which
 * order their steps come; see sim.h.
 */
#include "sim.h"

#include <stdio.h>
#include <string.h>

#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"

const char *const sim_element_names[SIM_NR_ELEMENTS] = {
#define SIM_NAME(name, text) text,
	SIM_ELEMENTS(SIM_NAME)
#undef SIM_NAME
};

static const struct {
	int pid;
	const char *comm;
} people[SIM_NR_PEOPLE] = {
	[CMA_TAKE] = { 100, "cma_take" }, [MOVE_PAGES] = { 101, "move_pages" },
	[ALICE] = { 210, "alice" }, [BOB] = { 211, "bob" }, [CAROL] = { 212, "carol" },
	[DAVE] = { 213, "dave" }, [ERIN] = { 214, "erin" }, [FRANK] = { 215, "frank" },
	[GRACE] = { 216, "grace" }, [SIM_KWORKER] = { 31, "kworker/0:1" },
	[KSOFTIRQD] = { 16, "ksoftirqd/1" }, [SWAPPER] = { 0, "swapper/1" },
	[KCOMPACTD] = { 33, "kcompactd0" }, [KSWAPD] = { 34, "kswapd0" },
};

const char *sim_comm(enum sim_person person)
{
	return people[person].comm;
}

struct sim_actor *sim_actor(struct sim *s, sim_path path, enum sim_person person, int wait)
{
	struct sim_actor *a = &s->actors[s->nr_actors];

	if (s->nr_actors == SIM_MAX_ACTORS)
		return NULL;
	s->nr_actors++;
	*a = (struct sim_actor){ .path = path, .who.task = person, .wait = wait };
	return a;
}

/* Frank has Alice's pid, once she has exited. */
static bool may_run(const struct sim *s, const struct sim_actor *a)
{
	int i;

	if (!sim_on(s, SIM_REUSE) || a->who.task != FRANK)
		return true;
	for (i = 0; i < s->nr_actors; i++)
		if (s->actors[i].who.task == ALICE && !s->actors[i].done && !s->actors[i].exited)
			return false;
	return true;
}

/* A task does one thing at a time. */
static bool is_busy(const struct sim *s, const struct sim_actor *a)
{
	int i;

	for (i = 0; i < s->nr_actors; i++) {
		const struct sim_actor *other = &s->actors[i];

		if (other != a && other->who.task == a->who.task && !other->done &&
		    (other->in_call || (other->call && other->pc)))
			return true;
	}
	return false;
}

static struct sim_actor *next_actor(struct sim *s)
{
	struct sim_actor *ready[SIM_MAX_ACTORS];
	int nr = 0, i;

	for (i = 0; i < s->nr_actors; i++) {
		struct sim_actor *a = &s->actors[i];

		if (a->done || !may_run(s, a) || is_busy(s, a))
			continue;
		if (a->wait > 0)
			a->wait--;
		else
			ready[nr++] = a;
	}
	return nr ? ready[sim_pick(s, nr)] : NULL;
}

static bool all_done(const struct sim *s)
{
	int i;

	for (i = 0; i < s->nr_actors; i++)
		if (!s->actors[i].done)
			return false;
	return true;
}

static void live(struct sim *s)
{
	int steps, most = sim_on(s, SIM_LONG) ? 4000 : 600;

	for (steps = 0; steps < most && !s->gone && !s->over && !all_done(s); steps++) {
		struct sim_actor *a = next_actor(s);

		s->ts += 900;
		if (!a)
			continue;
		s->step++;
		s->current = a - s->actors;
		a->done = !a->path(s, a);
		if (a->done && s->locked == a)
			s->locked = NULL;
		assert_true(sim_adds_up(s));
	}
}

static void new_folio(struct sim *s)
{
	int nr;

	s->order = 0;
	if (sim_on(s, SIM_SPLIT) || (sim_on(s, SIM_BIG_PUT) && sim_pick(s, 2)))
		s->order = sim_pick(s, 2) ? 9 : 2;
	s->order0 = s->order;
	nr = 1 << s->order;
	s->anon = sim_on(s, SIM_NO_PUT) ? !!sim_pick(s, 5) :
		  sim_on(s, SIM_MAP_AROUND) ? !sim_pick(s, 5) : sim_pick(s, 2);
	s->lru = true;
	s->gone = false;
	s->locked = NULL;
	s->mapped = s->order == 9 ? 1 : s->order ? sim_between(s, 1, nr) : sim_between(s, 1, 3);
	s->cache = s->swap = s->priv = s->owed = 0;
	if (!s->anon) {
		s->cache = nr;
		s->mapped = sim_pick(s, 3) ? s->mapped : 0;
	} else if (!sim_pick(s, 4)) {
		s->swap = nr;
	}
	s->young = !s->anon && !s->nr_refs && !sim_pick(s, 5);
	if (s->young) {
		s->cache = s->mapped = s->count = 0;
		s->lru = false;
		sim_held_since_ever(s, 1);
		return;
	}
	s->count = sim_expected(s);
}

static void new_build(struct sim *s)
{
	s->build.seed = sim_pick(s, 1u << 30);
	s->build.wrappers = sim_on(s, SIM_WRAPPERS);
	if (sim_on(s, SIM_UNKNOWN)) {
		s->build.unknown_holders = true;
		s->build.unknown_paths = sim_pick(s, 2);
		s->build.lto = !sim_pick(s, 3);
	}
}

static uint32_t some_elements(struct sim *s)
{
	unsigned int nr = sim_pick(s, 7);
	uint32_t elements = 0;

	while (nr--)
		elements |= 1u << sim_pick(s, SIM_NR_ELEMENTS);
	return elements;
}

static void add_everybody(struct sim *s)
{
	sim_add_holders(s);
	sim_add_victims(s);
	sim_add_paths(s);
}

void sim_story(struct sim *s, uint64_t seed, uint32_t elements, uint32_t without)
{
	int i;

	memset(s, 0, sizeof(*s));
	scene_open(&s->scene, 0);
	s->seed = s->state = seed;
	s->ts = 1000000;
	s->elements = some_elements(s);
	if (elements)
		s->elements = elements;
	s->elements &= ~without;
	for (i = 0; i < SIM_NR_PEOPLE; i++)
		if (i != FRANK || !sim_on(s, SIM_REUSE))
			s->tasks[i] = tasks_intern(s->scene.trace.tasks, people[i].pid,
						   people[i].comm);
	if (sim_on(s, SIM_REUSE))
		s->tasks[FRANK] = tasks_intern(s->scene.trace.tasks, people[ALICE].pid,
					       people[FRANK].comm);
	if (sim_on(s, SIM_BUDGET))
		s->max_events = sim_between(s, 2, 8);
	new_build(s);
	new_folio(s);
	add_everybody(s);
	live(s);
	/* The PFN is somebody else's from now on. */
	if (sim_on(s, SIM_REUSE) && s->gone && !s->over) {
		for (i = 0; i < s->nr_refs; i++)
			s->refs[i].live = false;
		s->nr_actors = 0;
		new_folio(s);
		add_everybody(s);
		live(s);
	}
}

void sim_end(struct sim *s)
{
	scene_close(&s->scene);
}

/* === The timeline ========================================================= */

static void print_stack(struct sim *s, uint32_t stack)
{
	const uint64_t *frames;
	size_t nr, i;

	frames = stacks_get(s->scene.trace.stacks, stack, &nr);
	for (i = 0; i < nr && i < 6; i++)
		printf(" %s", symbols_find(s->scene.trace.symbols, frames[i])->name);
}

static void print_fate(const struct sim *s, int rec)
{
	int i, k;

	for (i = 0; i < s->nr_refs; i++) {
		const struct sim_ref *ref = &s->refs[i];

		if (ref->get != rec && ref->put != rec)
			continue;
		printf(" [ref %d%s%s of actor %d", i, ref->own ? " own" : "",
		       ref->fallen ? " fallen" : "", ref->actor);
		for (k = 0; k < s->nr_attempts; k++)
			if (ref->blocked & (1u << k))
				printf(", blocks %d", k);
		printf("]");
	}
}

void sim_print(struct sim *s, const struct sim_telling *t)
{
	static const char *const types[] = { "FAIL", "get", "put", "unmark", "LOST" };
	int i;

	printf("# seed %llu, order %u %s, %s:", (unsigned long long)s->seed, s->order0,
	       s->anon ? "anon" : "file", t->watched ? "watched" : "from the failure on");
	for (i = 0; i < SIM_NR_ELEMENTS; i++)
		if (sim_on(s, i))
			printf(" %s;", sim_element_names[i]);
	printf(" holders' functions %s, paths' %s\n",
	       s->build.unknown_holders ? "unknown" : "known",
	       s->build.unknown_paths ? "unknown" : s->build.lto ? "inlined" : "known");
	for (i = 0; i < s->nr_recs; i++) {
		const struct sim_rec *rec = &s->recs[i];
		const struct pin_event *ev = &rec->ev;

		printf("# %3d %c%9llu %-11s%s id=%u seq=%-2u %-6s", i, t->told[i] ? ' ' : '-',
		       (unsigned long long)t->ts[i], sim_comm(rec->who.task),
		       rec->who.ctx ? " (irq)" : "", ev->id, ev->seq, types[ev->type]);
		if (ev->type == PIN_FAIL)
			printf(" %d > %d, now %d of %d own %d %s", ev->refcount, ev->expected,
			       ev->refcount_now, ev->expected_now, ev->own,
			       event_reason_name(ev->reason));
		else
			printf(" %+d = %d, expected %d", ev->delta, ev->refcount, ev->expected);
		if (ev->type == PIN_UNMARK)
			printf(" %s", event_why_name(ev->why));
		print_fate(s, i);
		print_stack(s, ev->stack);
		printf("\n");
	}
}
