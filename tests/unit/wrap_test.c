// SPDX-License-Identifier: GPL-2.0
/*
 * Sentences on a terminal of some width.
 */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#include "show/wrap.h"

static void expect(int width, const char *text, const char *wanted)
{
	char *got = NULL;
	size_t size;
	FILE *out = open_memstream(&got, &size);

	wrap_put(out, width, 2, text);
	fclose(out);
	assert_string_equal(got, wanted);
	free(got);
}

static void lines_break_between_words(void **state)
{
	expect(0, "one two three", "  one two three\n");
	expect(9, "one two three", "  one two\n    three\n");
	expect(8, "one two three", "  one\n    two\n    three\n");
}

static void a_word_that_does_not_fit_stands_alone(void **state)
{
	expect(6, "a_rather_long_word b", "  a_rather_long_word\n    b\n");
	expect(6, "", "  \n");
}

static void escapes_take_no_room(void **state)
{
	expect(9, "\033[1mone\033[0m two three", "  \033[1mone\033[0m two\n    three\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_break_between_words),
		cmocka_unit_test(a_word_that_does_not_fit_stands_alone),
		cmocka_unit_test(escapes_take_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
