// SPDX-License-Identifier: GPL-2.0
/*
 * What the JSON writer makes of values, of hostile strings above all.
 */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#include "show/json.h"

static void expect(void (*write)(struct json *j), const char *text)
{
	struct json j = { .compact = true };
	char *out = NULL;
	size_t size;

	j.out = open_memstream(&out, &size);
	json_open(&j, NULL, '{');
	write(&j);
	json_close(&j, '}');
	fclose(j.out);
	while (size && out[size - 1] == '\n')
		out[--size] = '\0';
	assert_string_equal(out, text);
	free(out);
}

static void numbers(struct json *j)
{
	json_int(j, "a", INT64_MIN);
	json_uint(j, "b", UINT64_MAX);
	json_bool(j, "c", true);
	json_string(j, "d", NULL);
}

static void hostile(struct json *j)
{
	json_string(j, "a", "\"\\\n\033[31m\177");
}

static void broken_utf8(struct json *j)
{
	json_string(j, "a", "\xff\xc3");
}

static void nested(struct json *j)
{
	json_open(j, "a", '[');
	json_int(j, NULL, 1);
	json_int(j, NULL, 2);
	json_close(j, ']');
	json_open(j, "b", '{');
	json_close(j, '}');
}

static void values_are_exact(void **state)
{
	expect(numbers, "{\"a\":-9223372036854775808,\"b\":18446744073709551615,"
	       "\"c\":true,\"d\":null}");
}

static void strings_are_escaped(void **state)
{
	expect(hostile, "{\"a\":\"\\\"\\\\\\u000a\\u001b[31m\\u007f\"}");
}

static void bytes_that_are_no_utf8_do_not_pass(void **state)
{
	struct json j = { .compact = true };
	char *out = NULL;
	size_t size, i;

	j.out = open_memstream(&out, &size);
	broken_utf8(&j);
	fclose(j.out);
	for (i = 0; i < size; i++)
		assert_true(out[i] >= ' ' && out[i] < 0x7f);
	free(out);
}

static void commas_stand_between(void **state)
{
	expect(nested, "{\"a\":[1,2],\"b\":{}}");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_exact),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(bytes_that_are_no_utf8_do_not_pass),
		cmocka_unit_test(commas_stand_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
