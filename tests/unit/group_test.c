// SPDX-License-Identifier: GPL-2.0
/*
 * Holders summed up by function, module and task; victims and their holders.
 */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#include "show/group.h"
#include "show/victims.h"

#define MS 1000000

/* One page each: @task lets go of it by @stack @held after the failure. */
static void hold(struct scene *s, uint32_t task, const char *stack, uint64_t held)
{
	s->pfn++;
	s->id++;
	s->count = 2;
	scene_feed(s, scene_fail(s, 1));
	s->ts += held;
	scene_ref(s, task, -1, stack);
	scene_end(s, WHY_FREED, 0);
}

/* Three by vmsplice of two tasks, one by a driver of one of them. */
static void make(struct scene *s)
{
	scene_open(s, 2);
	hold(s, HOLDER, VMSPLICE_PUT, 1 * MS);
	hold(s, HOLDER, VMSPLICE_PUT, 2 * MS);
	hold(s, OTHER, VMSPLICE_PUT, 9 * MS);
	hold(s, OTHER, "folio_put drv_free@drv", 40 * MS);
	ledger_finish(s->ledger);
	assert_int_equal(rank_findings(&s->findings, &s->trace, NULL), 0);
	assert_int_equal(s->findings.nr_named, 3);
}

static void functions_are_summed_up(void **state)
{
	struct findings g = { 0 };
	const struct holder *h;
	struct scene s;

	make(&s);
	group_findings(&s.findings, GROUP_BY_FUNCTION, NULL, &s.trace, &g);
	assert_int_equal(g.nr_named, 2);
	h = g.holders[0];
	assert_string_equal(h->release.function, "generic_pipe_buf_release");
	assert_int_equal(h->failures, 3);
	assert_int_equal(h->pages.nr, 3);
	assert_int_equal(h->refs, 3);
	assert_int_equal(h->nr_tasks, 2);
	/* of all three, not of what the two tasks came to */
	assert_int_equal(h->nr_holds, 3);
	assert_in_range(rank_held(h, 0), 1 * MS, 2 * MS - 1);
	assert_in_range(rank_held(h, 50), 2 * MS, 3 * MS);
	assert_in_range(rank_held(h, 100), 9 * MS, 10 * MS);
	findings_free(&g);
	scene_close(&s);
}

static void functions_of_two_modules_are_two(void **state)
{
	struct findings g = { 0 };
	struct scene s;

	scene_open(&s, 2);
	hold(&s, HOLDER, "folio_put probe@one", 1 * MS);
	hold(&s, HOLDER, "folio_put probe@two", 1 * MS);
	ledger_finish(s.ledger);
	rank_findings(&s.findings, &s.trace, NULL);
	group_findings(&s.findings, GROUP_BY_FUNCTION, NULL, &s.trace, &g);
	assert_int_equal(g.nr_named, 2);
	assert_string_not_equal(g.holders[0]->module, g.holders[1]->module);
	findings_free(&g);
	scene_close(&s);
}

static void modules_are_summed_up(void **state)
{
	struct findings g = { 0 };
	struct scene s;

	make(&s);
	group_findings(&s.findings, GROUP_BY_MODULE, NULL, &s.trace, &g);
	assert_int_equal(g.nr_named, 2);
	assert_string_equal(g.holders[0]->module, "[kernel]");
	assert_int_equal(g.holders[0]->failures, 3);
	assert_string_equal(g.holders[1]->module, "drv");
	assert_int_equal(g.holders[1]->failures, 1);
	findings_free(&g);
	scene_close(&s);
}

static void tasks_are_summed_up_and_ranked_by_the_key(void **state)
{
	struct findings g = { 0 };
	struct scene s;

	make(&s);
	group_findings(&s.findings, GROUP_BY_TASK, "max", &s.trace, &g);
	assert_int_equal(g.nr_named, 2);
	assert_int_equal(tasks_get(s.trace.tasks, g.holders[0]->tasks[0])->pid, OTHER);
	assert_int_equal(tasks_get(s.trace.tasks, g.holders[1]->tasks[0])->pid, HOLDER);
	assert_int_equal(g.holders[0]->failures, 2);
	assert_int_equal(g.holders[1]->failures, 2);
	findings_free(&g);
	scene_close(&s);
}

static void a_failure_counts_once_for_its_group(void **state)
{
	struct findings g = { 0 };
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 2));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, OTHER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_FREED, 0);
	ledger_finish(s.ledger);
	rank_findings(&s.findings, &s.trace, NULL);
	assert_int_equal(s.findings.nr_named, 2);
	group_findings(&s.findings, GROUP_BY_FUNCTION, NULL, &s.trace, &g);
	assert_int_equal(g.nr_named, 1);
	assert_int_equal(g.holders[0]->failures, 1);
	assert_int_equal(g.holders[0]->refs, 2);
	findings_free(&g);
	scene_close(&s);
}

static struct failure *add_failure(struct findings *f, uint32_t task, uint64_t from, uint64_t to,
				   uint32_t holder)
{
	struct claim claim = { .holder = holder, .refs = 1, .from_ns = from, .to_ns = to };
	struct failure *failure = findings_failure(f);

	failure->task = task;
	failure->time_ns = from;
	if (to)
		VEC_PUSH(failure->claims, failure->nr_claims, failure->room_claims, claim);
	return failure;
}

static void victims_have_their_holders(void **state)
{
	struct findings f = { 0 };
	struct victims v = { 0 };

	add_failure(&f, 1, 10, 20, 1);
	add_failure(&f, 2, 12, 30, 0);
	add_failure(&f, 1, 15, 18, 0);		/* within the first */
	add_failure(&f, 1, 19, 25, 0);		/* five more */
	add_failure(&f, 1, 40, 50, 1);		/* after a gap: ten more */
	add_failure(&f, 1, 60, 0, 0);		/* nobody */
	victims_find(&f, &v);
	assert_int_equal(v.nr, 2);
	assert_int_equal(v.victims[0].task, 1);
	assert_int_equal(v.victims[0].failures, 5);
	assert_int_equal(v.victims[0].named, 4);
	assert_int_equal(v.victims[0].blocked_ns, 25);
	assert_int_equal(v.victims[0].nr_by, 2);
	assert_int_equal(v.victims[0].by[0].holder, 0);
	assert_int_equal(v.victims[0].by[0].failures, 2);
	assert_int_equal(v.victims[0].by[1].refs, 2);
	assert_int_equal(v.victims[1].blocked_ns, 18);
	assert_int_equal(v.victims[1].nr_by, 1);
	victims_free(&v);
	findings_free(&f);
}

/* One page, asked for twice: each time somebody else had it. */
static void victims_of_one_page_have_their_own(void **state)
{
	struct asker askers[] = {
		{ .task = 1, .first_ns = 10, .last_ns = 12 },
		{ .task = 2, .first_ns = 40, .last_ns = 40 },
	};
	struct claim claims[] = {
		{ .holder = 0, .refs = 1, .from_ns = 10, .to_ns = 30 },
		{ .holder = 1, .refs = 1, .from_ns = 35, .to_ns = 50 },
	};
	struct failure failure = {
		.task = 1, .count = 1, .time_ns = 10, .askers = askers, .nr_askers = 2,
		.claims = claims, .nr_claims = 2,
	};
	struct failure *list[] = { &failure };
	struct findings f = { .failures = list, .nr_failures = 1 };
	struct victims v = { 0 };

	victims_find(&f, &v);
	assert_int_equal(v.nr, 2);
	for (uint32_t i = 0; i < 2; i++) {
		assert_int_equal(v.victims[i].task, i + 1);
		assert_int_equal(v.victims[i].named, 1);
		assert_int_equal(v.victims[i].nr_by, 1);
		assert_int_equal(v.victims[i].by[0].holder, i);
	}
	assert_int_equal(v.victims[0].blocked_ns, 20);
	assert_int_equal(v.victims[1].blocked_ns, 10);
	victims_free(&v);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_are_summed_up),
		cmocka_unit_test(functions_of_two_modules_are_two),
		cmocka_unit_test(modules_are_summed_up),
		cmocka_unit_test(tasks_are_summed_up_and_ranked_by_the_key),
		cmocka_unit_test(a_failure_counts_once_for_its_group),
		cmocka_unit_test(victims_have_their_holders),
		cmocka_unit_test(victims_of_one_page_have_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
