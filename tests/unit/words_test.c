// SPDX-License-Identifier: GPL-2.0
/*
 * Times, names and stacks in words.
 */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#include "show/words.h"

static void times_have_the_unit_that_they_are_in(void **state)
{
	struct trace trace;
	char text[64];

	trace_init(&trace, "none");
	assert_string_equal(words_time(&trace, 7248436999, text, sizeof(text)), "7.248436 s");
	assert_string_equal(words_duration(&trace, text, sizeof(text), 1234567890), "1.23 s");
	assert_string_equal(words_duration(&trace, text, sizeof(text), 999), "999 ns");
	/* what is no nanosecond is not made one */
	trace.clock = CLOCK_TICKS;
	assert_string_equal(words_time(&trace, 5000000000, text, sizeof(text)), "5000000000 ticks");
	assert_string_equal(words_duration(&trace, text, sizeof(text), 1234), "1234 ticks");
	trace.clock = CLOCK_NONE;
	assert_string_equal(words_time(&trace, 12, text, sizeof(text)), "event 12");
	assert_string_equal(words_duration(&trace, text, sizeof(text), 3), "3 events");
	trace_fini(&trace);
}

static void names_reach_no_terminal_raw(void **state)
{
	char text[16];

	assert_string_equal(words_clean(text, sizeof(text), "a\033[31mb\x7f\xff"), "a?[31mb??");
	assert_string_equal(words_clean(text, 4, "abcdef"), "abc");
	assert_string_equal(words_clean(text, sizeof(text), NULL), "");
}

static void stacks_are_short_unless_all_is_wanted(void **state)
{
	struct strbuf line = { 0 };
	struct scene s;
	struct view view = { 0 };
	uint32_t stack;

	scene_open(&s, 1);
	view.trace = &s.trace;
	stack = scene_stack(&s, "a b c@module d e f g h i j");
	words_frames(&view, stack, 1, &line);
	assert_string_equal(line.text, "b < c [module] < d < e < f < g < h < i < ...");
	line.len = 0;
	view.verbose = true;
	words_frames(&view, stack, 1, &line);
	assert_string_equal(line.text, "b < c [module] < d < e < f < g < h < i < j");
	line.len = 0;
	view.max_stack = 2;
	words_frames(&view, stack, 0, &line);
	assert_string_equal(line.text, "a < b < ...");
	line.len = 0;
	words_frames(&view, STACK_NONE, 0, &line);
	assert_string_equal(line.text, "unknown");
	free(line.text);
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_have_the_unit_that_they_are_in),
		cmocka_unit_test(names_reach_no_terminal_raw),
		cmocka_unit_test(stacks_are_short_unless_all_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
