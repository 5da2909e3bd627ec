// SPDX-License-Identifier: GPL-2.0
/*
 * Which put gives back which get, seen through the spans of an episode.
 */
#include "scene.h"

#include "trace/event.h"

struct seen {
	struct pairing copy;
	struct span spans[32];
};

static void watch(void *ctx, const struct episode *ep, const struct pairing *pairing)
{
	struct seen *seen = ctx;
	size_t i;

	seen->copy = *pairing;
	for (i = 0; i < pairing->nr && i < 32; i++)
		seen->spans[i] = pairing->spans[i];
}

static void begin(struct scene *s, struct seen *seen, int32_t count)
{
	scene_open(s, count);
	ledger_watch(s->ledger, watch, seen);
	scene_feed(s, scene_fail(s, 1));
}

static const struct span *span_of_put(const struct seen *seen, size_t put)
{
	size_t i;

	for (i = 0; i < seen->copy.nr; i++)
		if (seen->spans[i].put == put)
			return &seen->spans[i];
	fail_msg("no span ends with op %zu", put);
	return NULL;
}

static void fast_pin_is_one_span(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 1, UMEM_GET);
	scene_ref(&s, HOLDER, 1023, UMEM_GET);
	scene_ref(&s, HOLDER, -1024, UMEM_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.nr, 1);
	assert_int_equal(seen.spans[0].units, 1024);
	assert_int_equal(seen.spans[0].get, 0);
	assert_int_equal(seen.spans[0].put, 2);
	assert_true(seen.spans[0].pin);
	assert_int_equal(seen.copy.paired, 1);
	assert_int_equal(seen.copy.unmatched_puts, 0);
	scene_close(&s);
}

static void fast_pins_of_two_tasks_do_not_mix(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 1, UMEM_GET);
	scene_ref(&s, OTHER, 1, UMEM_GET);
	scene_ref(&s, HOLDER, 1023, UMEM_GET);
	scene_ref(&s, OTHER, 1023, UMEM_GET);
	scene_ref(&s, HOLDER, -1024, UMEM_PUT);
	scene_ref(&s, OTHER, -1024, UMEM_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.paired, 2);
	assert_int_equal(span_of_put(&seen, 4)->get, 0);
	assert_int_equal(span_of_put(&seen, 5)->get, 1);
	scene_close(&s);
}

static void several_pins_and_their_first_references(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 3, UMEM_GET);
	scene_ref(&s, HOLDER, 3 * 1023, UMEM_GET);
	scene_ref(&s, HOLDER, -2 * 1024, UMEM_PUT);
	scene_ref(&s, HOLDER, -1024, UMEM_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.paired, 2);
	assert_int_equal(seen.copy.unmatched_puts, 0);
	assert_int_equal(seen.copy.open_gets, 0);
	assert_int_equal(span_of_put(&seen, 2)->units, 2 * 1024);
	assert_int_equal(span_of_put(&seen, 3)->units, 1024);
	scene_close(&s);
}

static void pin_of_a_large_folio_counts_one(void **state)
{
	struct seen seen;
	struct scene s;

	scene_open(&s, 600);
	s.order = 9;
	ledger_watch(s.ledger, watch, &seen);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, 1, UMEM_GET);
	scene_ref(&s, HOLDER, -1, UMEM_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.paired, 1);
	assert_true(seen.spans[0].pin);
	scene_close(&s);
}

static void pin_is_not_given_back_by_plain_puts(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 1024, UMEM_GET);
	scene_ref(&s, HOLDER, -1, UMEM_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.paired, 0);
	assert_int_equal(seen.copy.unmatched_puts, 1);
	assert_int_equal(seen.copy.open_gets, 1);
	scene_close(&s);
}

static void youngest_get_is_given_back_first(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(span_of_put(&seen, 2)->get, 1);
	assert_int_equal(seen.copy.open_gets, 1);
	scene_close(&s);
}

static void batch_of_two_is_drained_at_once_by_anyone(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 1, LRU_GET);
	scene_ref(&s, OTHER, 1, LRU_GET);
	scene_ref(&s, BYSTANDER, -2, LRU_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.paired, 2);
	assert_int_equal(seen.copy.open_gets, 0);
	assert_int_equal(seen.copy.unmatched_puts, 0);
	scene_close(&s);
}

static void batch_never_takes_a_holders_get(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, HOLDER, 1, LRU_GET);
	scene_ref(&s, HOLDER, -1, LRU_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(span_of_put(&seen, 2)->get, 1);
	scene_close(&s);
}

static void handed_over_reference_is_paired_across_tasks(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, OTHER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.nr, 1);
	assert_int_equal(seen.spans[0].how, MATCH_CLASS);
	assert_int_equal(seen.copy.unmatched_puts, 0);
	scene_close(&s);
}

static void put_is_not_handed_a_later_get(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, OTHER, -1, VMSPLICE_PUT);
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(span_of_put(&seen, 0)->get, NO_OP);
	assert_int_equal(seen.copy.open_gets, 1);
	scene_close(&s);
}

static void operation_without_effect_makes_no_span(void **state)
{
	struct seen seen;
	struct scene s;

	begin(&s, &seen, 2);
	scene_ref(&s, HOLDER, 0, FAULT_GET);
	scene_end(&s, WHY_SETTLED, 0);
	assert_int_equal(seen.copy.nr, 0);
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(fast_pin_is_one_span),
		cmocka_unit_test(fast_pins_of_two_tasks_do_not_mix),
		cmocka_unit_test(several_pins_and_their_first_references),
		cmocka_unit_test(pin_of_a_large_folio_counts_one),
		cmocka_unit_test(pin_is_not_given_back_by_plain_puts),
		cmocka_unit_test(youngest_get_is_given_back_first),
		cmocka_unit_test(batch_of_two_is_drained_at_once_by_anyone),
		cmocka_unit_test(batch_never_takes_a_holders_get),
		cmocka_unit_test(handed_over_reference_is_paired_across_tasks),
		cmocka_unit_test(put_is_not_handed_a_later_get),
		cmocka_unit_test(operation_without_effect_makes_no_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
