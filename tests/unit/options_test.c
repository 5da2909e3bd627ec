// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments to options.
 */
#include <string.h>

#include "scene.h"

#include "options.h"
#include "show/group.h"

#define ARGS(...) ((char *[]){ "report", __VA_ARGS__, NULL })
#define COUNT(a) ((int)(sizeof(a) / sizeof(char *)) - 1)
#define PARSE(opts, ...) options_parse(opts, &report_command, COUNT(((char *[]){ "report", __VA_ARGS__, NULL })), \
				       ARGS(__VA_ARGS__))

static void defaults_are_those_of_the_manual(void **state)
{
	char *argv[] = { "report", NULL };
	struct options o;

	assert_int_equal(options_parse(&o, &report_command, 1, argv), 0);
	assert_string_equal(o.input, "trace.dat");
	assert_null(o.output);
	assert_int_equal(o.format, FORMAT_TEXT);
	assert_int_equal(o.from_ns, 0);
	assert_true(o.to_ns == UINT64_MAX);
}

static void values_arrive(void **state)
{
	struct options o;

	assert_int_equal(PARSE(&o, "-i", "a", "--time=1.5,2", "--pfn=0x10", "--pid=7",
			       "--format=jsonl", "--max-stack=3", "-E", "9", "--no-pager"), 0);
	assert_string_equal(o.input, "a");
	assert_true(o.from_ns == 1500000000 && o.to_ns == 2000000000);
	assert_true(o.by_pfn && o.pfn == 16 && o.by_pid && o.pid == 7);
	assert_int_equal(o.format, FORMAT_JSONL);
	assert_int_equal(o.max_stack, 3);
	assert_int_equal(o.entries, 9);
	assert_true(o.no_pager);
}

static void nonsense_is_refused(void **state)
{
	struct options o;

	assert_int_equal(PARSE(&o, "--format=xml"), -1);
	assert_int_equal(PARSE(&o, "--time=1"), -1);
	assert_int_equal(PARSE(&o, "--time=a,b"), -1);
	assert_int_equal(PARSE(&o, "--time=,"), -1);
	assert_int_equal(PARSE(&o, "--time=.,2"), -1);
	assert_int_equal(PARSE(&o, "--time=2,1"), -1);
	assert_int_equal(PARSE(&o, "--time=18446744074,"), -1);
	assert_int_equal(PARSE(&o, "--time=0,99999999999999999999"), -1);
	assert_int_equal(PARSE(&o, "--pfn=-1"), -1);
	assert_int_equal(PARSE(&o, "--pfn="), -1);
	assert_int_equal(PARSE(&o, "-E", "99999999999999999999"), -1);
	assert_int_equal(PARSE(&o, "--color=red"), -1);
	assert_int_equal(PARSE(&o, "--no-such-option"), -1);
	assert_int_equal(PARSE(&o, "--reason=foo"), -1);
	assert_int_equal(PARSE(&o, "--reason=watch"), -1);
	assert_int_equal(PARSE(&o, "--reason="), -1);
	assert_int_equal(PARSE(&o, "--explain=0"), -1);
	assert_int_equal(PARSE(&o, "--explain=4294967296"), -1);
	assert_int_equal(PARSE(&o, "--by=color"), -1);
	assert_int_equal(PARSE(&o, "--key=beauty"), -1);
	assert_int_equal(PARSE(&o, "--fields=rank,beauty"), -1);
	assert_int_equal(PARSE(&o, "--fields=rank,"), -1);
	assert_int_equal(PARSE(&o, "--pid=4294967296"), -1);
	assert_int_equal(PARSE(&o, "a", "b"), -1);
}

static void words_mean_their_number(void **state)
{
	struct options o;
	char text[64];
	enum group_by by;

	for (by = 0; by < NR_GROUP_BY; by++) {
		snprintf(text, sizeof(text), "--by=%s", group_name(by));
		assert_int_equal(PARSE(&o, text), 0);
		assert_int_equal(o.by, by);
	}
	assert_int_equal(PARSE(&o, "--format=folded"), 0);
	assert_int_equal(o.format, FORMAT_FOLDED);
	assert_int_equal(PARSE(&o, "--color=always"), 0);
	assert_true(o.color);
	assert_int_equal(PARSE(&o, "-x", ";"), 0);
	assert_int_equal(o.format, FORMAT_CSV);
}

static void either_time_may_lack(void **state)
{
	struct options o;

	assert_int_equal(PARSE(&o, "--time=,2"), 0);
	assert_true(!o.from_ns && o.to_ns == 2000000000);
	assert_int_equal(PARSE(&o, "--time=.5,"), 0);
	assert_true(o.from_ns == 500000000 && o.to_ns == UINT64_MAX);
	assert_int_equal(PARSE(&o, "--time=18446744072,"), 0);
	assert_true(o.from_ns == 18446744072000000000u);
}

static void text_is_short_unless_more_is_wanted(void **state)
{
	struct options o;

	assert_int_equal(PARSE(&o, "a"), 0);
	assert_int_equal(o.entries, 20);
	assert_int_equal(PARSE(&o, "-v"), 0);
	assert_int_equal(o.entries, 0);
	assert_int_equal(PARSE(&o, "-E", "0"), 0);
	assert_int_equal(o.entries, 0);
	assert_int_equal(PARSE(&o, "--format=csv"), 0);
	assert_int_equal(o.entries, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_those_of_the_manual),
		cmocka_unit_test(values_arrive),
		cmocka_unit_test(words_mean_their_number),
		cmocka_unit_test(either_time_may_lack),
		cmocka_unit_test(text_is_short_unless_more_is_wanted),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
