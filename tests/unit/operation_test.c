// SPDX-License-Identifier: GPL-2.0
/*
 * Failures to operations: what belongs together, who was in the way of whom.
 */
#include <string.h>

#include "scene.h"

#include "show/operation.h"
#include "trace/event.h"

#define MS 1000000ull

/* A page that task @task could not have at @ms. */
static struct failure *failed(struct findings *f, uint32_t task, unsigned int reason, uint64_t pfn,
			      uint64_t ms)
{
	struct failure *failure = findings_failure(f);

	failure->task = task;
	failure->reason = reason;
	failure->pfn = pfn;
	failure->time_ns = failure->last_ns = ms * MS;
	failure->attempts = 1;
	failure->verdict = VERDICT_TRANSIENT;
	failure->why = "";
	return failure;
}

static void ask(struct failure *failure, uint32_t task, uint64_t from_ms, uint64_t to_ms)
{
	struct asker asker = { .task = task, .attempts = 2, .first_ns = from_ms * MS,
			       .last_ns = to_ms * MS };

	VEC_PUSH(failure->askers, failure->nr_askers, failure->room_askers, asker);
}

/* Holder number @holder held it from @from_ms to @to_ms. */
static struct claim *claim(struct findings *f, struct failure *failure, uint32_t holder,
			   uint64_t from_ms, uint64_t to_ms)
{
	struct claim c = { .holder = holder, .refs = 1, .confidence = 0.95, .attempts = 1,
			   .from_ns = from_ms * MS, .to_ns = to_ms * MS };

	while (f->nr_holders <= holder) {
		struct holder *h = xzalloc(sizeof(*h));

		h->acquired = true;
		h->id = h->rank = f->nr_holders + 1;
		VEC_PUSH(f->holders, f->nr_holders, f->room_holders, h);
	}
	failure->verdict = VERDICT_NAMED;
	VEC_PUSH(failure->claims, failure->nr_claims, failure->room_claims, c);
	return &failure->claims[failure->nr_claims - 1];
}

static void neighbours_are_one_allocation(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };

	failed(&f, 1, REASON_ALLOC_CONTIG, 0x1000, 10);
	failed(&f, 1, REASON_ALLOC_CONTIG, 0x1200, 20)->order = 9;
	failed(&f, 1, REASON_ALLOC_CONTIG, 0x1000, 30);
	operations_find(&f, &ops);
	assert_int_equal(ops.nr, 1);
	assert_int_equal(ops.list[0].nr, 3);
	assert_int_equal(ops.list[0].pages, 2);
	assert_int_equal(ops.list[0].from_pfn, 0x1000);
	assert_int_equal(ops.list[0].to_pfn, 0x13ff);
	assert_int_equal(ops.list[0].attempts, 3);
	operations_free(&ops);
	findings_free(&f);
}

static void others_are_not(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };

	failed(&f, 1, REASON_ALLOC_CONTIG, 0x1000, 10);
	failed(&f, 2, REASON_ALLOC_CONTIG, 0x1001, 10);	/* another task */
	failed(&f, 1, REASON_COMPACTION, 0x1001, 10);	/* another reason */
	failed(&f, 1, REASON_ALLOC_CONTIG, 0x9000, 11);	/* elsewhere */
	failed(&f, 1, REASON_ALLOC_CONTIG, 0x9001, 2000);	/* much later */
	operations_find(&f, &ops);
	assert_int_equal(ops.nr, 5);
	operations_free(&ops);
	findings_free(&f);
}

/* Compaction and GUP do not go by the order of pages. */
static void lists_are_scattered(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };

	failed(&f, 1, REASON_COMPACTION, 0x1000, 10);
	failed(&f, 1, REASON_COMPACTION, 0x900000, 20);
	failed(&f, 2, REASON_LONGTERM_PIN, 0x900000, 30);
	failed(&f, 2, REASON_LONGTERM_PIN, 0x10, 40);
	operations_find(&f, &ops);
	assert_int_equal(ops.nr, 2);
	operations_free(&ops);
	findings_free(&f);
}

static void blame_comes_first(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };
	struct failure *named;

	failed(&f, 1, REASON_COMPACTION, 0x1000, 10)->verdict = VERDICT_NOT_A_REFERENCE;
	named = failed(&f, 2, REASON_ALLOC_CONTIG, 0x1000, 500);
	claim(&f, named, 0, 100, 600);
	failed(&f, 2, REASON_ALLOC_CONTIG, 0x1001, 501);
	failed(&f, 3, REASON_MEMORY_HOTPLUG, 0x1000, 400)->verdict = VERDICT_UNRESOLVED;
	operations_find(&f, &ops);
	assert_int_equal(ops.nr, 3);
	assert_int_equal(ops.list[0].verdict, VERDICT_UNRESOLVED);
	/* one that is named says more than one that is not */
	assert_int_equal(ops.list[1].verdict, VERDICT_NAMED);
	assert_ptr_equal(ops.list[1].main, named);
	assert_int_equal(ops.list[1].verdicts[VERDICT_TRANSIENT], 1);
	assert_int_equal(ops.list[2].verdict, VERDICT_NOT_A_REFERENCE);
	operations_free(&ops);
	findings_free(&f);
}

/* Of those that nobody is to blame for, most decide. */
static void harmless_ones_are_counted(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };
	int i;

	failed(&f, 1, REASON_COMPACTION, 0x1000, 10);
	for (i = 0; i < 3; i++)
		failed(&f, 1, REASON_COMPACTION, 0x1001 + i, 11)->verdict = VERDICT_NOT_A_REFERENCE;
	operations_find(&f, &ops);
	assert_int_equal(ops.list[0].verdict, VERDICT_NOT_A_REFERENCE);
	assert_int_equal(ops.list[0].main->pfn, 0x1001);
	operations_free(&ops);
	findings_free(&f);
}

/* Two victims, one after the other: each has its own holder in its way. */
static void victims_have_their_own_holders(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };
	struct failure *failure = failed(&f, 1, REASON_ALLOC_CONTIG, 0x1000, 10);

	ask(failure, 1, 10, 20);
	ask(failure, 2, 5000, 6000);
	claim(&f, failure, 0, 5, 30);
	claim(&f, failure, 1, 4000, 7000);
	operations_find(&f, &ops);
	assert_int_equal(ops.nr, 2);
	assert_int_equal(ops.list[0].task, 1);
	assert_int_equal(ops.list[0].nr_by, 1);
	assert_int_equal(ops.list[0].by[0].holder, 0);
	assert_int_equal(ops.list[1].task, 2);
	assert_int_equal(ops.list[1].nr_by, 1);
	assert_int_equal(ops.list[1].by[0].holder, 1);
	operations_free(&ops);
	findings_free(&f);
}

static void times_are_bounds_where_they_must_be(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };
	struct failure *failure = failed(&f, 1, REASON_ALLOC_CONTIG, 0x1000, 10);

	claim(&f, failure, 0, 5, 30);
	claim(&f, failure, 1, 5, 40);
	claim(&f, failure, 2, 5, 50)->open = true;
	f.holders[1]->acquired = false;
	operations_find(&f, &ops);
	assert_int_equal(ops.list[0].nr_by, 3);
	assert_int_equal(ops.list[0].by[0].held_ns, 25 * MS);
	assert_false(ops.list[0].by[0].at_least);
	assert_true(ops.list[0].by[1].at_least);	/* since when is not on record */
	assert_true(ops.list[0].by[2].at_least);	/* until when is not */
	assert_true(ops.list[0].by[2].open);
	operations_free(&ops);
	findings_free(&f);
}

/* Two spans of one holder in one failure are one failure that it explains. */
static void spans_of_one_holder_are_summed(void **state)
{
	struct findings f = { 0 };
	struct operations ops = { 0 };
	struct failure *failure = failed(&f, 1, REASON_ALLOC_CONTIG, 0x1000, 10);

	claim(&f, failure, 0, 5, 30);
	claim(&f, failure, 0, 6, 20)->confidence = 0.5;
	failure = failed(&f, 1, REASON_ALLOC_CONTIG, 0x1001, 12);
	claim(&f, failure, 0, 5, 30);
	operations_find(&f, &ops);
	assert_int_equal(ops.list[0].nr_by, 1);
	assert_int_equal(ops.list[0].by[0].refs, 3);
	assert_int_equal(ops.list[0].by[0].pages, 2);
	assert_true(ops.list[0].by[0].confidence < 0.6);
	operations_free(&ops);
	findings_free(&f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbours_are_one_allocation),
		cmocka_unit_test(others_are_not),
		cmocka_unit_test(lists_are_scattered),
		cmocka_unit_test(blame_comes_first),
		cmocka_unit_test(harmless_ones_are_counted),
		cmocka_unit_test(victims_have_their_own_holders),
		cmocka_unit_test(times_are_bounds_where_they_must_be),
		cmocka_unit_test(spans_of_one_holder_are_summed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
