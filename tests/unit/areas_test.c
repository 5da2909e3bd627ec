// SPDX-License-Identifier: GPL-2.0
/*
 * Areas of CMA from binary records: what kernels wrote and what damage makes of it.
 */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#include <event-parse.h>

#include "trace/areas.h"

#define COMMON										\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"		\
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"		\
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"	\
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

#define NUMBERS										\
	"\tfield:unsigned long pfn;\toffset:16;\tsize:8;\tsigned:0;\n"			\
	"\tfield:const struct page * page;\toffset:24;\tsize:8;\tsigned:0;\n"		\
	"\tfield:unsigned long count;\toffset:32;\tsize:8;\tsigned:0;\n"

struct bench {
	struct tep_handle *tep;
	struct area_layout *layout;
	struct areas areas;
	_Alignas(8) char data[128];
};

/* An event of this name, whose first field is @field. */
static void set_up(struct bench *b, const char *name, const char *field)
{
	struct tep_event *event;
	char text[2048];

	memset(b, 0, sizeof(*b));
	b->tep = tep_alloc();
	snprintf(text, sizeof(text), "name: %s\nID: 7\nformat:\n" COMMON "%s" NUMBERS
		 "\nprint fmt: \"x\"\n", name, field);
	assert_int_equal(tep_parse_event(b->tep, text, strlen(text), "cma"), 0);
	event = tep_find_event_by_name(b->tep, "cma", name);
	b->layout = area_layout_new(event);
}

static void tear_down(struct bench *b)
{
	areas_free(&b->areas);
	free(b->layout);
	tep_free(b->tep);
}

static void put(struct bench *b, size_t at, size_t size, uint64_t value)
{
	memcpy(b->data + at, &value, size);
}

#define DATA_LOC "\tfield:__data_loc char[] name;\toffset:8;\tsize:4;\tsigned:0;\n"
#define REL_LOC "\tfield:__rel_loc char[] name;\toffset:8;\tsize:4;\tsigned:0;\n"
#define ARRAY "\tfield:char name[8];\toffset:8;\tsize:8;\tsigned:0;\n"

static void fill(struct bench *b, uint64_t place)
{
	put(b, 8, 4, place);
	put(b, 16, 8, 0x100);
	put(b, 32, 8, 16);
	strcpy(b->data + 40, "reserved");
}

static void name_is_found_where_the_format_says(void **state)
{
	static const struct {
		const char *field;
		uint64_t place;
	} forms[] = { { DATA_LOC, 9 << 16 | 40 }, { REL_LOC, 9 << 16 | 28 } };
	struct bench b;

	for (size_t i = 0; i < 2; i++) {
		set_up(&b, "cma_alloc_busy_retry", forms[i].field);
		assert_non_null(b.layout);
		fill(&b, forms[i].place);
		area_read(b.layout, b.data, 49, &b.areas);
		assert_string_equal(areas_find(&b.areas, 0x100, 0x10f), "reserved");
		assert_null(areas_find(&b.areas, 0x100, 0x110));
		assert_null(areas_find(&b.areas, 0xff, 0x100));
		tear_down(&b);
	}
	set_up(&b, "cma_release", ARRAY);
	fill(&b, 0);
	memcpy(b.data + 8, "eightchr", 8);
	area_read(b.layout, b.data, 49, &b.areas);
	assert_string_equal(areas_find(&b.areas, 0x105, 0x105), "eightchr");
	tear_down(&b);
}

static void damage_names_nothing(void **state)
{
	static const uint64_t places[] = {
		9 << 16 | 128, 0xffffffff, 90u << 16 | 40, 0 << 16 | 40, 9u << 16 | 0xffff,
	};
	struct bench b;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		set_up(&b, "cma_alloc_finish", DATA_LOC);
		fill(&b, places[i]);
		area_read(b.layout, b.data, 49, &b.areas);
		assert_int_equal(b.areas.nr, 0);
		tear_down(&b);
	}
	set_up(&b, "cma_alloc_finish", DATA_LOC);
	fill(&b, 9 << 16 | 40);
	for (size_t size = 0; size < 49; size++) {
		area_read(b.layout, b.data, size, &b.areas);
		assert_int_equal(b.areas.nr, 0);
	}
	tear_down(&b);
	/* what has no pages, or is none of CMA's */
	set_up(&b, "cma_alloc_start", DATA_LOC);
	assert_null(b.layout);
	tear_down(&b);
	set_up(&b, "cma_alloc_busy_retry", "\tfield:int other;\toffset:8;\tsize:4;\tsigned:1;\n");
	assert_null(b.layout);
	tear_down(&b);
}

static void number_of_areas_is_bounded(void **state)
{
	struct areas areas = { 0 };
	char name[16];

	for (unsigned int i = 1; i < 1000; i++) {
		snprintf(name, sizeof(name), "area%u", i);
		areas_add(&areas, name, strlen(name), i * 16, 16);
	}
	assert_int_equal(areas.nr, AREAS_MAX);
	assert_string_equal(areas_find(&areas, 16, 16), "area1");
	areas_add(&areas, "area1", 5, UINT64_MAX - 1, 4);
	assert_string_equal(areas_find(&areas, 32, 47), "area2");
	areas_free(&areas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_is_found_where_the_format_says),
		cmocka_unit_test(damage_names_nothing),
		cmocka_unit_test(number_of_areas_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
