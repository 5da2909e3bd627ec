// SPDX-License-Identifier: GPL-2.0
/*
 * Which failures are left, and how that is said.
 */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#include "filter.h"
#include "trace/event.h"

/* How many of one failure of a folio of order 9 at 0x1200 at 5 s are left. */
static size_t left(const struct options *opts)
{
	struct findings f = { 0 };
	struct failure *failure = findings_failure(&f);
	struct trace trace;
	size_t nr;

	trace_init(&trace, "none");
	failure->reason = REASON_COMPACTION;
	failure->order = 9;
	failure->pfn = 0x1200;
	failure->id = 4;
	failure->time_ns = 5000000000;
	failure->task = tasks_intern(trace.tasks, 42, "victim");
	filter_findings(&f, &trace, opts);
	nr = f.nr_failures;
	findings_free(&f);
	trace_fini(&trace);
	return nr;
}

#define OPTS(...) (&(struct options){ .to_ns = UINT64_MAX, ##__VA_ARGS__ })

static void any_page_of_a_folio_stands_for_it(void **state)
{
	assert_int_equal(left(OPTS(.by_pfn = true, .pfn = 0x1200)), 1);
	assert_int_equal(left(OPTS(.by_pfn = true, .pfn = 0x13ff)), 1);
	assert_int_equal(left(OPTS(.by_pfn = true, .pfn = 0x11ff)), 0);
	assert_int_equal(left(OPTS(.by_pfn = true, .pfn = 0x1400)), 0);
	assert_int_equal(left(OPTS(.by_pfn = true, .pfn = 0)), 0);
	assert_int_equal(left(OPTS(.by_pfn = true, .pfn = UINT64_MAX)), 0);
}

static void each_filter_filters(void **state)
{
	assert_int_equal(left(OPTS(.reason = "compaction")), 1);
	assert_int_equal(left(OPTS(.reason = "alloc_contig")), 0);
	assert_int_equal(left(OPTS(.comm = "victim")), 1);
	assert_int_equal(left(OPTS(.comm = "other")), 0);
	assert_int_equal(left(OPTS(.by_pid = true, .pid = 42)), 1);
	assert_int_equal(left(OPTS(.by_pid = true, .pid = 43)), 0);
	assert_int_equal(left(OPTS(.explain = 4)), 1);
	assert_int_equal(left(OPTS(.explain = 5)), 0);
	assert_int_equal(left(OPTS(.from_ns = 5000000000)), 1);
	assert_int_equal(left(OPTS(.from_ns = 5000000001)), 0);
	assert_int_equal(left(&(struct options){ .to_ns = 5000000000 }), 1);
	assert_int_equal(left(&(struct options){ .to_ns = 4999999999 }), 0);
}

static void filters_are_said_as_they_were_given(void **state)
{
	struct strbuf text = { 0 };

	filter_say(OPTS(), &text);
	assert_int_equal(text.len, 0);
	filter_say(OPTS(.reason = "compaction", .by_pfn = true, .pfn = 0x12,
			.from_ns = 1500000000), &text);
	assert_string_equal(text.text, "--reason=compaction --pfn=0x12 --time=1.500000000,");
	free(text.text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_page_of_a_folio_stands_for_it),
		cmocka_unit_test(each_filter_filters),
		cmocka_unit_test(filters_are_said_as_they_were_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
