// SPDX-License-Identifier: GPL-2.0
/*
 * Refcounts in words: what is said adds up.
 */
#include <stdlib.h>
#include <string.h>

#include "scene.h"

#include "show/refcount.h"
#include "trace/event.h"

static struct trace trace;
static struct holder pipe_holder = { .class = "pipe", .rank = 3 };
static struct holder *holders[] = { &pipe_holder };
static struct findings findings = { .holders = holders, .nr_holders = 1 };
static const struct view view = { .trace = &trace, .f = &findings };

/* Both sides of "refcount N = A x + B y - C z" are the same number. */
static void adds_up(const char *text)
{
	char copy[256], *word, *rest;
	long count, sum = 0, sign = 1;

	assert_int_equal(sscanf(text, "refcount %ld =", &count), 1);
	strcpy(copy, strchr(text, '=') + 1);
	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (!strcmp(word, "+"))
			sign = 1;
		else if (!strcmp(word, "-"))
			sign = -1;
		else if (strspn(word, "-0123456789") == strlen(word))
			sum += sign * atol(word);
	}
	assert_int_equal(count, sum);
}

static void says(const struct failure *failure, const char *want)
{
	struct strbuf text = { 0 };

	refcount_say(&view, failure, &text);
	assert_string_equal(text.text, want);
	adds_up(text.text);
	free(text.text);
}

static void parts_are_told_apart(void **state)
{
	struct part parts[] = {
		{ .of = PART_EXPECTED, .refs = 3 },
		{ .of = PART_OWN, .refs = 1 },
		{ .of = PART_HOLDER, .holder = 0, .refs = 2 },
		{ .of = PART_SHORT, .refs = 1 },
		{ .of = PART_UNEXPLAINED, .refs = 1 },
	};
	struct failure failure = { .refcount = 8, .expected = 4, .mapcount = 2, .parts = parts,
				   .nr_parts = 5 };

	says(&failure, "refcount 8 = 2 mappings + 1 of caches and private data + 1 own + "
	     "2 pipe [3] + 1 short, of the kernel's own + 1 unexplained");
	failure.mapcount = 0;
	says(&failure, "refcount 8 = 3 of caches and private data + 1 own + 2 pipe [3] + "
	     "1 short, of the kernel's own + 1 unexplained");
	/* what the failing code has is not known: it may be among these */
	failure.own = -1;
	failure.mapcount = 2;
	says(&failure, "refcount 8 = 2 mappings + 1 of caches, private data or own + 1 own + "
	     "2 pipe [3] + 1 short, of the kernel's own + 1 unexplained");
	failure.own = 1;
	/* more mappings than were expected: nothing is told apart */
	failure.mapcount = 9;
	says(&failure, "refcount 8 = 3 of caches and private data + 1 own + 2 pipe [3] + "
	     "1 short, of the kernel's own + 1 unexplained");
}

static void less_than_expected_is_missing(void **state)
{
	struct part parts[] = {
		{ .of = PART_EXPECTED, .refs = 2 },
		{ .of = PART_UNEXPLAINED, .refs = -1023 },
	};
	struct failure failure = { .refcount = -1021, .expected = 2, .mapcount = 2,
				   .parts = parts, .nr_parts = 2 };

	says(&failure, "refcount -1021 = 2 mappings - 1023 missing");
	failure.nr_parts = 0;
	says(&failure, "refcount -1021 = 2 expected - 1023 missing");
}

static void without_an_account_it_adds_up_as_well(void **state)
{
	struct failure failure = { .refcount = 3, .expected = 2 };

	says(&failure, "refcount 3 = 2 expected + 1 unexpected");
	failure.refcount = 2;
	says(&failure, "refcount 2 = 2 expected");
}

/* 1024 is how a pin of a small folio counts, and of no other. */
static void pins_are_recognised(void **state)
{
	struct failure failure = { .refcount = 2050, .expected = 2 };

	says(&failure, "refcount 2050 = 2 expected + 2048 unexpected (2 FOLL_PINs)");
	failure.refcount = 1026;
	says(&failure, "refcount 1026 = 2 expected + 1024 unexpected (1 FOLL_PIN)");
	failure.order = 9;
	says(&failure, "refcount 1026 = 2 expected + 1024 unexpected");
}

static void last_of_a_page_is_all_that_is_known(void **state)
{
	struct failure failure = {
		.time_ns = 1000000000, .refcount = 1026, .expected = 2, .pincount = 1,
		.last = { .known = true, .ts = 3000000000, .refcount = 1025, .expected = 1,
			  .mapcount = 1, .flags = 0x21, .has = HAS_FLAGS },
	};
	struct strbuf text = { 0 };

	trace.kernel = "6.12.117";
	trace.last_ns = 5000000000;
	refcount_last(&view, &failure, &text);
	assert_string_equal(text.text, "held for at least 4.00 s; last seen 2.00 s after it failed: "
			    "refcount 1025, expected 1, unexpected 1024 (1 FOLL_PIN), pincount 1, "
			    "flags 0x21 (locked|lru)");
	/* bits of another kernel are not guessed */
	text.len = 0;
	trace.kernel = "5.10.1";
	refcount_last(&view, &failure, &text);
	assert_null(strstr(text.text, "lru"));
	free(text.text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_told_apart),
		cmocka_unit_test(less_than_expected_is_missing),
		cmocka_unit_test(without_an_account_it_adds_up_as_well),
		cmocka_unit_test(pins_are_recognised),
		cmocka_unit_test(last_of_a_page_is_all_that_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
