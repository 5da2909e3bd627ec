// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks, symbols, names of the trace format, tables and percentiles.
 */
#include <string.h>

#include "trace/event.h"
#include "scene.h"
#include "trace/symbols.h"

static void equal_stacks_have_one_number(void **state)
{
	struct stacks *stacks = stacks_new();
	uint64_t frames[STACK_MAX + 8] = { 1, 2, 3 };
	uint32_t first = stacks_intern(stacks, frames, 3), i;
	size_t nr;

	for (i = 0; i < 2000; i++) {
		frames[3] = i;
		stacks_intern(stacks, frames, 4);
	}
	assert_int_equal(stacks_intern(stacks, frames, 3), first);
	assert_int_equal(stacks_count(stacks), 2002);
	assert_int_equal(stacks_intern(stacks, frames, 0), STACK_NONE);
	stacks_get(stacks, stacks_intern(stacks, frames, STACK_MAX + 8), &nr);
	assert_int_equal(nr, STACK_MAX);
	stacks_get(stacks, 1u << 30, &nr);
	assert_int_equal(nr, 0);
	stacks_free(stacks);
}

static void kallsyms_of_modules_and_clones(void **state)
{
	static const char text[] =
		"ffffffff81000000 T _stext\n"
		"ffffffff81001000 t foo.constprop.0\n"
		"zz garbage\n"
		"ffffffffc0000000 t bar\t[mod]";
	struct symbols *syms = symbols_new();

	assert_int_equal(symbols_parse_kallsyms(syms, text, strlen(text)), 3);
	assert_string_equal(symbols_find(syms, 0xffffffff81001004)->name, "foo");
	assert_string_equal(symbols_find(syms, 0xffffffffc0000010)->name, "bar");
	assert_string_equal(symbols_find(syms, 0xffffffffc0000010)->module, "mod");
	assert_string_equal(symbols_find(syms, 0x1000)->name, "0x1000");
	assert_false(symbols_find(syms, 0x1000)->known);
	symbols_free(syms);
}

static bool has_all_but_delta(void *ctx, const char *name)
{
	return strcmp(name, "delta");
}

static void event_fields_and_names(void **state)
{
	struct pin_event ev = { 0 };
	enum pin_type type;
	int64_t value;

	assert_true(event_type_of("page_pinner_fail_compaction", &type));
	assert_int_equal(type, PIN_FAIL);
	assert_false(event_type_of("page_ref_mod", &type));
	assert_true(event_set_field(&ev, "delta", -1024));
	assert_int_equal(ev.delta, -1024);
	assert_false(event_set_field(&ev, "nonsense", 1));
	assert_string_equal(event_missing_field(PIN_GET, has_all_but_delta, NULL), "delta");
	assert_null(event_missing_field(PIN_UNMARK, has_all_but_delta, NULL));
	assert_true(event_enum_value("kind", "writeback", &value));
	assert_int_equal(value, KIND_WRITEBACK);
	assert_false(event_enum_value("kind", "12x", &value));
	assert_string_equal(event_reason_name(999), "unknown");
}

static void table_finds_what_is_left_after_deletions(void **state)
{
	static int values[1000];
	struct map map = { 0 };
	uint64_t i;

	for (i = 0; i < 1000; i++)
		map_put(&map, i * 64, &values[i]);
	for (i = 0; i < 1000; i += 3)
		map_del(&map, i * 64);
	for (i = 0; i < 1000; i++)
		assert_ptr_equal(map_get(&map, i * 64), i % 3 ? &values[i] : NULL);
	assert_int_equal(map.used, 666);
	map_free(&map);
}

static void patterns(void **state)
{
	assert_true(glob_match("*_migrate_folio", "ext4_migrate_migrate_folio"));
	assert_true(glob_match("a*b*c", "aXbYbZc"));
	assert_false(glob_match("folio_put", "folio_put_refs"));
	assert_false(glob_match("a*b", "ac"));
}

static void keys_are_known(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	assert_int_equal(rank_findings(&s.findings, &s.trace, "no such key"), -1);
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_stacks_have_one_number),
		cmocka_unit_test(kallsyms_of_modules_and_clones),
		cmocka_unit_test(event_fields_and_names),
		cmocka_unit_test(table_finds_what_is_left_after_deletions),
		cmocka_unit_test(patterns),
		cmocka_unit_test(keys_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
