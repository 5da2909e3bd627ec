// SPDX-License-Identifier: GPL-2.0
/*
 * Every verdict from a stream of which the truth is known, and the cases in
 * which nobody may be named.
 */
#include "scene.h"

#include "trace/event.h"

static void expect(struct scene *s, enum verdict verdict)
{
	struct failure *failure = scene_judge(s);

	assert_non_null(failure);
	assert_string_equal(verdict_name(failure->verdict), verdict_name(verdict));
	if (verdict == VERDICT_UNRESOLVED || verdict == VERDICT_UNSAFE ||
	    verdict == VERDICT_TRANSIENT || verdict == VERDICT_NOT_A_REFERENCE ||
	    verdict == VERDICT_NO_HOLDER)
		assert_int_equal(failure->nr_claims, 0);
}

static void put_by_other_task_is_named_as_release(void **state)
{
	struct scene s;
	struct holder *h;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, VMSPLICE_PUT);
	scene_ref(&s, BYSTANDER, -1, ZAP_PUT);
	scene_end(&s, WHY_FREED, 0);
	expect(&s, VERDICT_NAMED);
	h = scene_holder(&s, s.findings.failures[0], 0);
	assert_string_equal(h->class, "pipe");
	assert_string_equal(h->release.function, "generic_pipe_buf_release");
	assert_false(h->acquired);
	assert_null(h->acquire.function);
	assert_int_equal(s.findings.failures[0]->nr_claims, 1);
	scene_close(&s);
}

static void watched_get_is_proof_and_names_the_task(void **state)
{
	struct scene s;
	struct holder *h;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	s.id = 7;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_NAMED);
	h = scene_holder(&s, s.findings.failures[0], 0);
	assert_true(h->acquired);
	assert_string_equal(h->acquire.function, "iter_to_pipe");
	assert_int_equal(scene_pid(&s, s.findings.failures[0], 0), HOLDER);
	scene_close(&s);
}

static void still_held_at_the_end_is_never_released(void **state)
{
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	expect(&s, VERDICT_NEVER_RELEASED);
	assert_int_equal(s.findings.failures[0]->nr_claims, 0);
	scene_close(&s);
}

static void never_released_with_its_get_is_named(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1024, UMEM_GET);
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1024));
	expect(&s, VERDICT_NEVER_RELEASED);
	assert_int_equal(s.findings.failures[0]->nr_claims, 1);
	assert_int_equal(scene_pid(&s, s.findings.failures[0], 0), HOLDER);
	assert_true(scene_holder(&s, s.findings.failures[0], 0)->pin);
	assert_string_equal(scene_holder(&s, s.findings.failures[0], 0)->module, "ib_uverbs");
	scene_close(&s);
}

static void own_reference_of_the_victim_is_self(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, VICTIM, 1, VMSPLICE_GET);
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_SELF);
	scene_close(&s);
}

static void other_longterm_pin_is_concurrent_pinner(void **state)
{
	struct scene s;

	scene_open(&s, 1025);
	scene_feed(&s, scene_fail(&s, 1024));
	scene_ref(&s, OTHER, -1024, "gup_put_folio unpin_user_pages __gup_longterm_locked");
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_CONCURRENT_PINNER);
	scene_close(&s);
}

static void gone_by_short_references_is_transient(void **state)
{
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, OTHER, -1, "folio_put shrink_folio_list");
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_TRANSIENT);
	scene_close(&s);
}

static void lock_is_not_a_reference(void **state)
{
	static const uint8_t kinds[] = { KIND_LOCKED, KIND_WRITEBACK, KIND_BUFFERS,
					 KIND_NO_MEMORY, KIND_UNMOVABLE };
	struct pin_event ev;
	struct scene s;
	size_t i;

	for (i = 0; i < sizeof(kinds); i++) {
		scene_open(&s, 2);
		ev = scene_fail(&s, 1);
		ev.kind = kinds[i];
		scene_feed(&s, ev);
		scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
		scene_end(&s, WHY_SETTLED, 0);
		expect(&s, VERDICT_NOT_A_REFERENCE);
		scene_close(&s);
	}
}

static void agreeing_counts_have_no_holder(void **state)
{
	struct pin_event ev;
	struct scene s;

	scene_open(&s, 1);
	ev = scene_fail(&s, 0);
	ev.kind = KIND_NO_EXTRA_REF;
	scene_feed(&s, ev);
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_NO_HOLDER);
	scene_close(&s);
}

static void two_candidates_for_one_reference_are_unresolved(void **state)
{
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, OTHER, -1, "folio_put skb_release_data consume_skb");
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_UNRESOLVED);
	scene_close(&s);
}

static void loss_while_marked_is_unsafe(void **state)
{
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_lose(&s, s.ts);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_UNSAFE);
	scene_close(&s);
}

static void loss_that_ended_behind_the_mark_is_unsafe(void **state)
{
	struct scene s;
	uint64_t from;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	from = s.ts;
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	s.ts += 1000;
	scene_lose(&s, from);
	expect(&s, VERDICT_UNSAFE);
	scene_close(&s);
}

static void loss_before_the_failure_takes_the_get_alone(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_lose(&s, s.ts);
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_NAMED);
	assert_false(scene_holder(&s, s.findings.failures[0], 0)->acquired);
	scene_close(&s);
}

/* The watch ended, the page was freed, and what failed is another folio. */
static void what_was_taken_before_the_watch_ended_is_no_proof(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	s.id = 1;
	s.count = 3;
	scene_feed(&s, scene_fail(&s, 1));
	failure = scene_judge(&s);
	assert_int_equal(failure->verdict, VERDICT_NEVER_RELEASED);
	assert_int_equal(failure->nr_claims, 0);
	scene_close(&s);
}

static void several_holders_are_all_named(void **state)
{
	struct scene s;

	scene_open(&s, 4);
	scene_feed(&s, scene_fail(&s, 3));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, KWORKER, -1, "folio_put skb_release_data consume_skb");
	scene_ref(&s, OTHER, -1, "folio_put foo_release@foo");
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_NAMED);
	assert_int_equal(s.findings.failures[0]->nr_claims, 3);
	assert_int_equal(s.findings.nr_holders, 3);
	scene_close(&s);
}

static void drained_batch_becomes_the_holder(void **state)
{
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 2));
	scene_ref(&s, BYSTANDER, -2, LRU_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	expect(&s, VERDICT_NAMED);
	assert_string_equal(scene_holder(&s, s.findings.failures[0], 0)->class, "lru_batch");
	scene_close(&s);
}

static void suppressed_events_make_nobody_a_holder(void **state)
{
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_end(&s, WHY_SETTLED, 5);
	expect(&s, VERDICT_UNSAFE);
	assert_int_equal(s.findings.dropped, 5);
	scene_close(&s);
}

static void unmarked_failures_are_counted_not_explained(void **state)
{
	struct pin_event ev;
	struct scene s;

	scene_open(&s, 2);
	s.id = 0;
	ev = scene_fail(&s, 1);
	ev.marked = MARKED_REFUSED;
	scene_feed(&s, ev);
	scene_feed(&s, ev);
	expect(&s, VERDICT_UNRESOLVED);
	assert_int_equal(s.findings.nr_failures, 1);
	assert_int_equal(s.findings.failures[0]->attempts, 2);
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_by_other_task_is_named_as_release),
		cmocka_unit_test(watched_get_is_proof_and_names_the_task),
		cmocka_unit_test(still_held_at_the_end_is_never_released),
		cmocka_unit_test(never_released_with_its_get_is_named),
		cmocka_unit_test(own_reference_of_the_victim_is_self),
		cmocka_unit_test(other_longterm_pin_is_concurrent_pinner),
		cmocka_unit_test(gone_by_short_references_is_transient),
		cmocka_unit_test(lock_is_not_a_reference),
		cmocka_unit_test(agreeing_counts_have_no_holder),
		cmocka_unit_test(two_candidates_for_one_reference_are_unresolved),
		cmocka_unit_test(loss_while_marked_is_unsafe),
		cmocka_unit_test(loss_that_ended_behind_the_mark_is_unsafe),
		cmocka_unit_test(loss_before_the_failure_takes_the_get_alone),
		cmocka_unit_test(what_was_taken_before_the_watch_ended_is_no_proof),
		cmocka_unit_test(several_holders_are_all_named),
		cmocka_unit_test(drained_batch_becomes_the_holder),
		cmocka_unit_test(suppressed_events_make_nobody_a_holder),
		cmocka_unit_test(unmarked_failures_are_counted_not_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
