// SPDX-License-Identifier: GPL-2.0
/*
 * What an episode forgets to stay small, and what it must keep.
 */
#include "scene.h"

#include "judge/episode.h"
#include "trace/event.h"
#include "judge/forget.h"

#define LOOKUP_GET "filemap_get_entry filemap_read vfs_read"
#define LOOKUP_PUT "folio_put filemap_read vfs_read"

static void read_in_a_loop(struct scene *s, int rounds)
{
	while (rounds--) {
		scene_ref(s, OTHER, 1, LOOKUP_GET);
		scene_ref(s, OTHER, -1, LOOKUP_PUT);
		scene_ref(s, BYSTANDER, 1, UMEM_GET);
		scene_ref(s, BYSTANDER, -1, UMEM_PUT);
	}
}

static void loops_do_not_hide_the_holder(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 1));
	read_in_a_loop(&s, 5000);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	read_in_a_loop(&s, 5000);
	scene_ref(&s, BYSTANDER, -1, ZAP_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	failure = scene_judge(&s);
	assert_int_equal(failure->verdict, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "pipe");
	assert_int_equal(s.findings.gets, 20000);
	assert_int_equal(s.findings.paired, 20000);
	assert_int_equal(s.findings.unmatched_puts, 2);
	assert_int_equal(s.findings.nr_noise, 2);
	assert_int_equal(s.findings.noise[0]->events, 20000);
	scene_close(&s);
}

static void memory_of_a_loop_is_bounded(void **state)
{
	struct episode *ep = episode_new(1, 1);
	struct pin_event ev;
	struct scene s;
	int i;

	scene_open(&s, 3);
	for (i = 0; i < 20000; i++) {
		ev = i % 2 ? scene_op(&s, OTHER, -1, LOOKUP_PUT) :
			     scene_op(&s, OTHER, 1, LOOKUP_GET);
		episode_op(ep, &ev);
		forget_pairs(ep, s.cl, &s.findings);
		assert_true(ep->nr_ops <= 1024);
	}
	assert_int_equal(episode_order(ep), 0);
	assert_true(ep->forgotten > 18000);
	episode_free(ep);
	scene_close(&s);
}

static void gaps_are_remembered(void **state)
{
	struct episode *ep = episode_new(1, 1);
	struct pin_event ev;
	struct scene s;
	int i;

	scene_open(&s, 3);
	for (i = 0; i < 4000; i++) {
		ev = i % 2 ? scene_op(&s, OTHER, -1, LOOKUP_PUT) :
			     scene_op(&s, OTHER, 1, LOOKUP_GET);
		episode_op(ep, &ev);
		if (i % 1000 == 501)
			s.count += 40;
		forget_pairs(ep, s.cl, &s.findings);
	}
	assert_int_equal(episode_order(ep), 4);
	assert_int_equal(episode_order(ep), 4);
	episode_free(ep);
	scene_close(&s);
}

static void fast_pins_are_forgotten_whole(void **state)
{
	struct failure *failure;
	struct scene s;
	int i;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	for (i = 0; i < 2000; i++) {
		scene_ref(&s, BYSTANDER, 1, UMEM_GET);
		scene_ref(&s, BYSTANDER, 1023, UMEM_GET);
		scene_ref(&s, BYSTANDER, -1024, UMEM_PUT);
	}
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	failure = scene_judge(&s);
	assert_int_equal(failure->verdict, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "pipe");
	assert_int_equal(s.findings.open_gets, 0);
	scene_close(&s);
}

static void watched_get_is_proof_for_a_second_mark(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, OTHER, 1, VMSPLICE_GET);
	s.id = 7;
	scene_feed(&s, scene_fail(&s, 2));
	scene_ref(&s, OTHER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_CLEARED, 0);
	s.id = 0;
	read_in_a_loop(&s, 600);
	s.id = 9;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	scene_judge(&s);
	assert_int_equal(s.findings.nr_failures, 2);
	failure = s.findings.failures[1];
	assert_int_equal(failure->verdict, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_true(scene_holder(&s, failure, 0)->acquired);
	assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
	scene_close(&s);
}

static void references_in_the_way_are_kept(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	s.id = 7;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	read_in_a_loop(&s, 1000);
	scene_end(&s, WHY_SETTLED, 0);
	failure = scene_judge(&s);
	assert_int_equal(failure->verdict, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
	scene_close(&s);
}

static void stale_watch_is_no_proof(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	/* Nobody watched any more: it was freed, and is another page now. */
	s.count = 4;
	s.id = 7;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, OTHER, -1, UMEM_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	failure = scene_judge(&s);
	assert_int_equal(failure->verdict, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_false(scene_holder(&s, failure, 0)->acquired);
	assert_int_equal(scene_pid(&s, failure, 0), OTHER);
	scene_close(&s);
}

/* A page that is tried for hours: all attempts count, few are looked at. */
static void attempts_stand_for_each_other(void **state)
{
	struct failure *failure;
	struct pin_event ev;
	struct scene s;
	int i;

	scene_open(&s, 3);
	for (i = 0; i < 3000; i++) {
		ev = scene_fail(&s, 1);
		ev.marked = i ? MARKED_AGAIN : MARKED_NEW;
		scene_feed(&s, ev);
		scene_ref(&s, OTHER, 1, LOOKUP_GET);
		scene_ref(&s, OTHER, -1, LOOKUP_PUT);
	}
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	failure = scene_judge(&s);
	assert_int_equal(failure->verdict, VERDICT_NAMED);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "pipe");
	assert_int_equal(failure->attempts, 3000);
	assert_int_equal(failure->blocked, 3000);
	assert_int_equal(failure->nr_askers, 1);
	assert_int_equal(failure->askers[0].attempts, 3000);
	assert_int_equal(failure->claims[0].attempts, 3000);
	assert_int_equal(failure->last_ns, ev.ts);
	scene_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loops_do_not_hide_the_holder),
		cmocka_unit_test(memory_of_a_loop_is_bounded),
		cmocka_unit_test(gaps_are_remembered),
		cmocka_unit_test(fast_pins_are_forgotten_whole),
		cmocka_unit_test(watched_get_is_proof_for_a_second_mark),
		cmocka_unit_test(references_in_the_way_are_kept),
		cmocka_unit_test(stale_watch_is_no_proof),
		cmocka_unit_test(attempts_stand_for_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
