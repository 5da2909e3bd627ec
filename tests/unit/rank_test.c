// SPDX-License-Identifier: GPL-2.0
/*
 * The order of holders, and the percentiles of how long they held.
 */
#include <string.h>

#include "scene.h"

static void percentiles_are_values_that_were_there(void **state)
{
	/* each with those before it: 1 to 9, and once 100 */
	struct hold ten[] = { { 1, 1, 1 }, { 2, 2, 2 }, { 3, 3, 3 }, { 4, 4, 4 }, { 5, 6, 6 },
			      { 7, 7, 7 }, { 8, 8, 8 }, { 9, 9, 9 }, { 100, 100, 10 } };
	struct hold one[] = { { 42, 42, 1 } };
	struct holder of_ten = { .holds = ten, .nr_holds = 9 };
	struct holder of_one = { .holds = one, .nr_holds = 1 }, of_none = { 0 };

	assert_int_equal(rank_held(&of_ten, 0), 1);
	assert_int_equal(rank_held(&of_ten, 100), 100);
	assert_in_range(rank_held(&of_ten, 50), 5, 6);
	assert_int_equal(rank_held(&of_ten, 90), 9);
	assert_int_equal(rank_held(&of_one, 0), 42);
	assert_int_equal(rank_held(&of_one, 90), 42);
	assert_int_equal(rank_held(&of_none, 50), 0);
}

static void keys_are_known_by_name(void **state)
{
	struct findings f = { 0 };
	struct trace trace;
	size_t i;

	trace_init(&trace, "none");
	for (i = 0; rank_key(i); i++)
		assert_int_equal(rank_findings(&f, &trace, rank_key(i)), 0);
	assert_true(i >= 6);
	assert_int_equal(rank_findings(&f, &trace, "no such key"), -1);
	trace_fini(&trace);
}

/* One page held for long by one, three pages held briefly by another. */
static void rank_by(const char *key, const char *first)
{
	struct scene s;
	int i;

	scene_open(&s, 2);
	for (i = 0; i < 4; i++) {
		s.pfn = 0x1000 + i;
		s.id = 1 + i;
		s.count = 2;
		scene_feed(&s, scene_fail(&s, 1));
		s.ts += i ? 1000 : 1000000000;
		scene_ref(&s, HOLDER, -1, i ? VMSPLICE_PUT : "folio_put skb_release_data");
		scene_end(&s, WHY_FREED, 0);
	}
	ledger_finish(s.ledger);
	assert_int_equal(rank_findings(&s.findings, &s.trace, key), 0);
	assert_int_equal(s.findings.nr_named, 2);
	assert_int_equal(s.findings.holders[0]->rank, 1);
	assert_int_equal(s.findings.holders[1]->rank, 2);
	assert_string_equal(s.findings.holders[0]->class, first);
	/* what a count was made of names them by their places, too */
	for (size_t k = 0; k < s.findings.nr_failures; k++) {
		const struct failure *failure = s.findings.failures[k];

		assert_int_equal(failure->nr_claims, 1);
		for (size_t p = 0; p < failure->nr_parts; p++)
			if (failure->parts[p].of == PART_HOLDER)
				assert_int_equal(failure->parts[p].holder,
						 failure->claims[0].holder);
	}
	scene_close(&s);
}

static void key_decides_who_is_first(void **state)
{
	rank_by(NULL, "pipe");
	rank_by("failures", "pipe");
	rank_by("pages", "pipe");
	rank_by("refs", "pipe");
	rank_by("max", "skb");
	rank_by("median", "skb");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(percentiles_are_values_that_were_there),
		cmocka_unit_test(keys_are_known_by_name),
		cmocka_unit_test(key_decides_who_is_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
