// SPDX-License-Identifier: GPL-2.0
/*
 * Episodes: order, marks that follow each other, several failures of one mark.
 */
#include "scene.h"

#include "trace/event.h"

static void put_written_before_its_failure_still_counts(void **state)
{
	struct pin_event fail, put;
	struct scene s;

	scene_open(&s, 2);
	fail = scene_fail(&s, 1);
	put = scene_op(&s, HOLDER, -1, VMSPLICE_PUT);
	/* The put of another CPU was read first; its count comes behind the failure's. */
	scene_feed(&s, put);
	scene_feed(&s, fail);
	scene_end(&s, WHY_SETTLED, 0);
	/* Nothing proves that it was held, so nobody else may be named. */
	assert_true(scene_judge(&s)->verdict != VERDICT_SELF);
	if (s.findings.failures[0]->nr_claims)
		assert_string_equal(scene_holder(&s, s.findings.failures[0], 0)->class, "pipe");
	scene_close(&s);
}

static void events_of_two_cpus_are_chained_by_counts(void **state)
{
	struct pin_event a, b, c;
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	a = scene_op(&s, OTHER, 1, VMSPLICE_GET);
	b = scene_op(&s, KWORKER, -1, VMSPLICE_PUT);
	c = scene_op(&s, HOLDER, -1, "folio_put skb_release_data");
	scene_feed(&s, b);
	scene_feed(&s, a);
	scene_feed(&s, c);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(scene_judge(&s)->verdict, VERDICT_NAMED);
	assert_int_equal(s.findings.failures[0]->nr_claims, 1);
	assert_string_equal(scene_holder(&s, s.findings.failures[0], 0)->class, "skb");
	assert_int_equal(s.findings.paired, 1);
	scene_close(&s);
}

static void order_leaves_no_gap_where_there_was_none(void **state)
{
	struct episode *ep = episode_new(1, 1);
	struct pin_event ev = { .type = PIN_GET, .pfn = 1, .id = 1, .ts = 1 };
	static const int order[] = { 2, 0, 1, 4, 3 };
	int32_t counts[] = { 2, 3, 4, 3, 2 }, deltas[] = { 1, 1, 1, -1, -1 };
	size_t i;

	for (i = 0; i < 5; i++) {
		ev.task = 1 + i;
		ev.refcount = counts[order[i]];
		ev.delta = deltas[order[i]];
		if (!i) {
			/* The chain starts where the mark says. */
			struct pin_event fail = { .type = PIN_FAIL, .refcount = 1, .ts = 1,
						  .marked = MARKED_AGAIN };
			episode_op(ep, &(struct pin_event){ .refcount = 1, .delta = 1, .ts = 1 });
			episode_attempt(ep, &fail);
		}
		episode_op(ep, &ev);
	}
	assert_int_equal(episode_order(ep), 0);
	for (i = 0; i < 5; i++)
		assert_int_equal(ep->ops[i + 1].refcount, counts[i]);
	episode_free(ep);
}

/* One task's get and put cannot change places: an op between them was lost. */
static void events_of_one_task_keep_their_order(void **state)
{
	struct pin_event lost;
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, BYSTANDER, 1, LRU_GET);
	lost = scene_op(&s, BYSTANDER, -1, LRU_PUT);
	(void)lost;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, BYSTANDER, 1, LRU_GET);
	scene_ref(&s, BYSTANDER, -1, LRU_PUT);
	assert_int_equal(scene_judge(&s)->nr_claims, 0);
	scene_close(&s);
}

/* The kernel wrote three events under this mark: one did not arrive. */
static void fewer_events_than_were_written_are_unsafe(void **state)
{
	struct pin_event lost;
	struct scene s;

	scene_open(&s, 2);
	s.tells = true;
	s.logged = 0;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, 1, ISOLATE_GET);
	lost = scene_op(&s, VICTIM, -1, PUTBACK_PUT);
	(void)lost;
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(scene_judge(&s)->verdict, VERDICT_UNSAFE);
	assert_int_equal(s.trace.lost, 1);
	scene_close(&s);
}

static void op_in_flight_when_the_mark_was_set_is_no_gap(void **state)
{
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 1));
	s.count--;	/* a put that did not see the mark yet */
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(scene_judge(&s)->verdict, VERDICT_NAMED);
	scene_close(&s);
}

static void reused_pfn_starts_anew(void **state)
{
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_FREED, 0);
	s.id = 2;
	s.count = 2;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, UMEM_PUT);
	scene_end(&s, WHY_FREED, 0);
	scene_judge(&s);
	assert_int_equal(s.findings.nr_failures, 2);
	assert_string_equal(scene_holder(&s, s.findings.failures[0], 0)->class, "pipe");
	assert_string_equal(scene_holder(&s, s.findings.failures[1], 0)->class, "rdma");
	scene_close(&s);
}

static void new_id_without_unmark_ends_the_old_mark(void **state)
{
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	s.id = 2;
	s.count = 2;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_FREED, 0);
	scene_judge(&s);
	assert_int_equal(s.findings.nr_failures, 2);
	assert_int_equal(s.findings.failures[0]->nr_claims, 0);
	assert_int_equal(s.findings.failures[1]->verdict, VERDICT_NAMED);
	scene_close(&s);
}

static void another_reason_of_one_mark_is_another_failure(void **state)
{
	struct pin_event ev;
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	ev = scene_fail(&s, 1);
	ev.reason = REASON_COMPACTION;
	ev.marked = MARKED_AGAIN;
	ev.repeats = 4;
	scene_feed(&s, ev);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_FREED, 0);
	scene_judge(&s);
	assert_int_equal(s.findings.nr_failures, 2);
	assert_int_equal(s.findings.failures[0]->repeats, 1);
	assert_int_equal(s.findings.failures[1]->repeats, 5);
	assert_int_equal(s.findings.nr_holders, 1);
	assert_int_equal(s.findings.holders[0]->failures, 2);
	assert_int_equal(s.findings.holders[0]->refs, 1);
	scene_close(&s);
}

static void unmark_of_an_older_mark_ends_nothing(void **state)
{
	struct scene s;

	scene_open(&s, 2);
	s.id = 5;
	scene_feed(&s, scene_fail(&s, 1));
	s.id = 4;
	scene_end(&s, WHY_CLEARED, 0);
	s.id = 5;
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_FREED, 0);
	assert_int_equal(scene_judge(&s)->verdict, VERDICT_NAMED);
	assert_int_equal(s.findings.ends, 1);
	scene_close(&s);
}

static void one_holder_of_many_pages_is_one_row(void **state)
{
	struct scene s;
	int i;

	scene_open(&s, 2);
	for (i = 0; i < 1000; i++) {
		s.pfn = 0x1000 + i;
		s.id = 1 + i;
		s.count = 2;
		scene_feed(&s, scene_fail(&s, 1));
		scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
		scene_end(&s, WHY_FREED, 0);
	}
	scene_judge(&s);
	assert_int_equal(s.findings.nr_holders, 1);
	assert_int_equal(s.findings.holders[0]->pages.nr, 1000);
	assert_int_equal(s.findings.holders[0]->failures, 1000);
	assert_int_equal(s.findings.holders[0]->refs, 1000);
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_written_before_its_failure_still_counts),
		cmocka_unit_test(events_of_two_cpus_are_chained_by_counts),
		cmocka_unit_test(order_leaves_no_gap_where_there_was_none),
		cmocka_unit_test(events_of_one_task_keep_their_order),
		cmocka_unit_test(fewer_events_than_were_written_are_unsafe),
		cmocka_unit_test(op_in_flight_when_the_mark_was_set_is_no_gap),
		cmocka_unit_test(reused_pfn_starts_anew),
		cmocka_unit_test(new_id_without_unmark_ends_the_old_mark),
		cmocka_unit_test(another_reason_of_one_mark_is_another_failure),
		cmocka_unit_test(unmark_of_an_older_mark_ends_nothing),
		cmocka_unit_test(one_holder_of_many_pages_is_one_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
