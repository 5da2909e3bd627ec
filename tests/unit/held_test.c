// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel says is held now: each piece of a line as a whole or not at
 * all, and what follows for folios and holders.
 */
#include "scene.h"

#include <string.h>

#include "judge/held.h"
#include "read/held_dump.h"
#include "read/held_table.h"
#include "read/held_words.h"
#include "trace/event.h"

#define HEADING "pfn order refcount expected unexpected mapcount type flags refs record ctx pid " \
	"comm since age_ms stack"

static struct held_word word(const char *text)
{
	return (struct held_word){ text, strlen(text) };
}

static void numbers_are_whole(void **state)
{
	static const char *const bad[] = { "", "-", "0x", "12x", "1 ", "4294967296", "+1", "0x12" };
	struct held_word w;
	int32_t value;
	uint64_t ns;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		w = word(bad[i]);
		assert_false(held_int(&w, &value));
	}
	w = word("-1");
	assert_true(held_int(&w, &value));
	assert_int_equal(value, -1);
	w = word("12.345678");
	assert_true(held_seconds(&w, &ns));
	assert_int_equal(ns, 12345678000);
	w = word("0.5");
	assert_true(held_seconds(&w, &ns));
	assert_int_equal(ns, 500000000);
	w = word("12.");
	assert_false(held_seconds(&w, &ns));
	w = word("12");
	assert_false(held_seconds(&w, &ns));
	w = word("99999999999.1");
	assert_false(held_seconds(&w, &ns));
	w = word("18446744073709551615");
	assert_false(held_age(&w, &ns));
}

static void frames_are_whole(void **state)
{
	static const char *const bad[] = {
		"", "name", "name+0x1", "name+0x1/", "name+0x1/0x2[", "name+0x1/0x2[]",
		"+0x1/0x2", "a+0x1/0x2<b+0x1/0x2", "na me+0x1/0x2", "name+1/2", "0x0", "[mod]",
	};
	struct trace trace;
	const struct symbol *sym;
	struct held_word w;
	uint64_t addr;
	size_t i;

	trace_init(&trace, "test");
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		w = word(bad[i]);
		assert_false(held_frame(trace.symbols, &w, &addr));
	}
	w = word("leak.isra.0+0x1a/0x2b[demo]");
	assert_true(held_frame(trace.symbols, &w, &addr));
	sym = symbols_find(trace.symbols, addr);
	assert_string_equal(sym->name, "leak");
	assert_string_equal(sym->module, "demo");
	w = word("leak+0x1a/0x2b [demo 0123456789abcdef]");
	assert_true(held_frame(trace.symbols, &w, &addr));
	assert_string_equal(symbols_find(trace.symbols, addr)->module, "demo");
	w = word("0xffffffff81000000");
	assert_true(held_frame(trace.symbols, &w, &addr));
	assert_true(addr == 0xffffffff81000000);
	trace_fini(&trace);
}

static void names_lose_their_escapes(void **state)
{
	struct held_word task = word("task"), irq = word("hardirq"), pid = word("7");
	struct held_word none = word("-"), comm = word("a\\040\\134\\001b");
	struct held_word cut = word("a\\04"), null = word("a\\000");
	struct held held = { 0 };
	struct trace trace;

	trace_init(&trace, "test");
	assert_true(held_who(&trace, &task, &pid, &comm, &held));
	assert_string_equal(tasks_get(trace.tasks, held.task)->comm, "a \\\001b");
	assert_int_equal(tasks_get(trace.tasks, held.task)->pid, 7);
	assert_false(held_who(&trace, &task, &pid, &cut, &held));
	assert_false(held_who(&trace, &task, &pid, &null, &held));
	assert_false(held_who(&trace, &task, &none, &comm, &held));
	assert_true(held_who(&trace, &irq, &none, &none, &held));
	assert_int_equal(held.ctx, CTX_HARDIRQ);
	/* an interrupt has no task, and is given none */
	assert_false(held_who(&trace, &irq, &pid, &comm, &held));
	trace_fini(&trace);
}

static void columns_are_found_by_name(void **state)
{
	struct held_table table = { 0 };
	struct trace trace;
	struct held held;

	trace_init(&trace, "test");
	assert_false(held_table_heading(&table, "pfn order refcount"));
	assert_int_equal(table.nr, 0);
	assert_true(held_table_heading(&table,
				       "new stack comm pid record refs expected refcount pfn"));
	assert_true(held_table_row(&table, "9 a+0x1/0x2<-b+0x1/0x2 x 5 held 1 2 3 0x40", &trace,
				   &held));
	assert_int_equal(held.pfn, 0x40);
	assert_int_equal(held.refcount, 3);
	assert_int_equal(held.expected, 2);
	assert_int_equal(held.has, 0);
	assert_int_equal(held.since_ns, 0);
	assert_false(held_table_row(&table, "9 a+0x1/0x2 x 5 held 1 2 3 0x40 0", &trace, &held));
	assert_false(held_table_row(&table, "a+0x1/0x2 x 5 held 1 2 3 0x40", &trace, &held));
	trace_fini(&trace);
}

/* Folios that come of rows. */
struct stage {
	struct trace trace;
	struct classifier *cl;
	struct findings f;
	struct held_ledger *ledger;
	struct held_table table;
	uint64_t look;
	uint64_t missing;
};

static void stage_open(struct stage *s)
{
	memset(s, 0, sizeof(*s));
	trace_init(&s->trace, "test");
	s->cl = classifier_new(&s->trace);
	s->ledger = held_new(&s->trace, s->cl, &s->f);
	assert_true(held_table_heading(&s->table, HEADING));
	s->look = 1;
}

static void stage_row(struct stage *s, const char *row)
{
	struct held held;

	assert_true(held_table_row(&s->table, row, &s->trace, &held));
	held.look = s->look;
	held_feed(s->ledger, &held);
}

static void stage_end(struct stage *s)
{
	s->missing = held_finish(s->ledger);
	rank_findings(&s->f, &s->trace, NULL);
}

static void stage_close(struct stage *s)
{
	held_free(s->ledger);
	findings_free(&s->f);
	classifier_free(s->cl);
	trace_fini(&s->trace);
}

#define PIN "try_grab_folio_fast+0x1/0x2<-pin_user_pages_fast+0x1/0x2<-ib_umem_get+0x1/0x2[ib_uverbs]"

static void a_fast_pin_is_one_reference(void **state)
{
	struct stage s;

	stage_open(&s);
	stage_row(&s, "0x10 0 1025 1 1024 1 anon 0x0 1 held task 5 a 1.000000 9 " PIN);
	stage_row(&s, "0x10 0 1025 1 1024 1 anon 0x0 1023 held task 5 a 1.000001 9 " PIN);
	/* of another task, and of another time: references of their own */
	stage_row(&s, "0x20 0 1025 1 1024 1 anon 0x0 1 held task 5 a 1.000000 9 " PIN);
	stage_row(&s, "0x20 0 1025 1 1024 1 anon 0x0 1023 held task 6 b 1.000001 9 " PIN);
	stage_row(&s, "0x30 0 2049 1 2048 1 anon 0x0 1024 held task 5 a 1.000000 9 " PIN);
	stage_row(&s, "0x30 0 2049 1 2048 1 anon 0x0 1024 held task 5 a 1.500000 9 " PIN);
	stage_end(&s);
	assert_int_equal(s.missing, 0);
	assert_int_equal(s.f.folios[0]->nr_claims, 1);
	assert_int_equal(s.f.folios[0]->claims[0].refs, 1);
	assert_int_equal(s.f.folios[1]->nr_claims, 2);
	assert_int_equal(s.f.folios[2]->nr_claims, 2);
	assert_int_equal(s.f.folios[2]->claims[1].refs, 1);
	assert_true(s.f.holders[0]->pin);
	assert_string_equal(s.f.holders[0]->module, "ib_uverbs");
	stage_close(&s);
}

static void shares_of_a_reference_sum_to_one(void **state)
{
	struct stage s;
	double sum = 0;
	size_t i;

	stage_open(&s);
	stage_row(&s, "0x10 0 2 1 1 1 anon 0x0 1 one_of task 5 a 1.000000 9 one+0x1/0x2");
	stage_row(&s, "0x10 0 2 1 1 1 anon 0x0 1 one_of task 6 b 1.000000 9 two+0x1/0x2");
	stage_row(&s, "0x10 0 2 1 1 1 anon 0x0 1 one_of task 7 c 1.000000 9 three+0x1/0x2");
	stage_row(&s, "0x20 0 3 1 2 1 anon 0x0 1 held task 5 a 1.000000 9 one+0x1/0x2");
	stage_row(&s, "0x20 0 3 1 2 1 anon 0x0 1 unrecorded - - - - - -");
	stage_end(&s);
	for (i = 0; i < 3; i++) {
		assert_true(s.f.folios[0]->claims[i].guess);
		sum += s.f.folios[0]->claims[i].confidence;
	}
	assert_true(sum > 0.99 && sum < 1.01);
	assert_int_equal(s.f.folios[0]->surplus, 2);
	/* what is older may have gone in its place: no proof */
	assert_true(s.f.folios[1]->claims[0].confidence < 0.9);
	assert_false(s.f.folios[1]->claims[0].guess);
	stage_close(&s);
}

static void batches_are_nobody(void **state)
{
	struct stage s;

	stage_open(&s);
	/* by the kernel's word, or by the rules */
	stage_row(&s, "0x10 0 2 1 1 1 anon 0x0 1 batch task 5 a 1.000000 9 inlined+0x1/0x2");
	stage_row(&s, "0x20 0 2 1 1 1 anon 0x0 1 held task 5 a 1.000000 9 folio_add_lru+0x1/0x2");
	stage_end(&s);
	assert_int_equal(s.f.nr_named, 0);
	assert_int_equal(s.f.folios[0]->batched, 1);
	assert_int_equal(s.f.folios[1]->batched, 1);
	assert_int_equal(s.f.noise[0]->events, 2);
	stage_close(&s);
}

/* Each attempt to migrate has a reference of its own: no holder, and no other story. */
static void who_migrates_is_no_holder(void **state)
{
	struct stage s;
	struct held held;
	int i;

	stage_open(&s);
	for (i = 0; i < 3; i++) {
		static const char *const rows[] = {
			"0x10 0 3 1 2 1 anon 0x0 1 held task 6 b 2.000000 9 do_migrate_range+0x1/0x2",
			"0x10 0 3 1 2 1 anon 0x0 1 held task 6 b 3.000000 9 do_migrate_range+0x1/0x2",
			"0x10 0 3 1 2 1 anon 0x0 1 held task 6 b 4.000000 9 do_migrate_range+0x1/0x2",
		};

		assert_true(held_table_row(&s.table, rows[i], &s.trace, &held));
		held.look = i + 1;
		held.log = true;
		held_feed(s.ledger, &held);
		assert_true(held_table_row(&s.table, "0x10 0 3 1 2 1 anon 0x0 1 held task 5 a "
					   "1.000000 9 one+0x1/0x2", &s.trace, &held));
		held.look = i + 1;
		held.log = true;
		held_feed(s.ledger, &held);
	}
	stage_end(&s);
	assert_int_equal(s.f.nr_folios, 1);
	assert_int_equal(s.f.nr_named, 1);
	assert_string_equal(s.f.holders[0]->acquire.function, "one");
	assert_int_equal(s.f.holders[0]->refs, 1);
	stage_close(&s);
}

static void the_later_look_counts(void **state)
{
	struct stage s;

	stage_open(&s);
	stage_row(&s, "0x10 0 2 1 1 1 anon 0x0 1 held task 5 a 1.000000 9 one+0x1/0x2");
	stage_row(&s, "0x20 0 2 1 1 1 anon 0x0 1 held task 5 a 1.000000 9 one+0x1/0x2");
	s.look = 2;
	stage_row(&s, "0x10 0 2 1 1 1 anon 0x0 1 held task 6 b 2.000000 9 two+0x1/0x2");
	stage_end(&s);
	assert_int_equal(s.f.nr_folios, 2);
	assert_int_equal(s.f.nr_named, 2);
	assert_int_equal(tasks_get(s.trace.tasks, s.f.folios[0]->claims[0].task)->pid, 6);
	assert_int_equal(s.f.open_gets, 2);
	stage_close(&s);
}

static void rows_that_are_missing_show(void **state)
{
	struct stage s;

	stage_open(&s);
	stage_row(&s, "0x10 0 4 1 3 1 anon 0x0 1 held task 5 a 1.000000 9 one+0x1/0x2");
	stage_end(&s);
	assert_int_equal(s.missing, 1);
	assert_int_equal(s.f.folios[0]->unrecorded, 2);
	stage_close(&s);
}

/* Rows of dumps, as they come. */
struct taken {
	struct held rows[8];
	size_t nr;
};

static void take(void *ctx, const struct held *held)
{
	struct taken *taken = ctx;

	assert_true(taken->nr < 8);
	taken->rows[taken->nr++] = *held;
}

static void dump_lines(struct taken *taken, struct held_source *source, struct trace *trace,
		       const char *const *lines)
{
	struct held_dumps *dumps = held_dumps_new(trace, source, take, taken);
	uint64_t nr = 0;

	for (; *lines; lines++)
		held_dumps_line(dumps, *lines, ++nr, true);
	held_dumps_free(dumps);
}

static void dumps_are_kept_apart(void **state)
{
	static const char *const callers[] = {
		"[T1] page_pinner: pfn 0x10 order 0 refcount 2 expected 1 unexpected 1",
		"[T2] page_pinner: pfn 0x20 order 0 refcount 2 expected 1 unexpected 1",
		"[T2] page_pinner: 1 held, task 6 comm b since 1.000000 age_ms 9",
		"[T1] page_pinner: 1 held, task 5 comm a since 1.000000 age_ms 9",
		"[T2] page_pinner:  two+0x1/0x2",
		"[T1] page_pinner:  one+0x1/0x2",
		NULL
	};
	static const char *const nobody[] = {
		"page_pinner: pfn 0x10 order 0 refcount 2 expected 1 unexpected 1",
		"page_pinner: pfn 0x20 order 0 refcount 2 expected 1 unexpected 1",
		"page_pinner: 1 held, task 6 comm b since 1.000000 age_ms 9",
		"page_pinner:  two+0x1/0x2",
		NULL
	};
	static const char *const its_own[] = {
		"page_pinner: pfn 0x10 order 0 refcount 3 expected 1 unexpected 2",
		"page_pinner: 1 held, task 5 comm a since 1.000000 age_ms 9 pfn 0x10",
		"page_pinner:  one+0x1/0x2",
		"page_pinner: 1 unrecorded pfn 0x10",
		NULL
	};
	static const char *const of_another[] = {
		"page_pinner: pfn 0x10 order 0 refcount 2 expected 1 unexpected 1",
		"page_pinner: 1 held, task 6 comm b since 1.000000 age_ms 9 pfn 0x20",
		"page_pinner:  two+0x1/0x2",
		NULL
	};
	static const char *const nothing_of_another[] = {
		"page_pinner: pfn 0x10 order 0 refcount 2 expected 1 unexpected 1",
		"page_pinner: 1 unrecorded pfn 0x20",
		NULL
	};
	struct held_source source = { 0 };
	struct taken taken = { .nr = 0 };
	struct trace trace;
	size_t i, nr;

	trace_init(&trace, "test");
	dump_lines(&taken, &source, &trace, callers);
	assert_int_equal(taken.nr, 2);
	assert_int_equal(source.unread, 0);
	for (i = 0; i < 2; i++) {
		const struct held *row = &taken.rows[i];
		const uint64_t *frames = stacks_get(trace.stacks, row->stack, &nr);

		assert_int_equal(nr, 1);
		assert_string_equal(symbols_find(trace.symbols, frames[0])->name,
				    row->pfn == 0x10 ? "one" : "two");
		assert_int_equal(tasks_get(trace.tasks, row->task)->pid, row->pfn == 0x10 ? 5 : 6);
	}
	taken.nr = 0;
	dump_lines(&taken, &source, &trace, nobody);
	assert_int_equal(taken.nr, 2);
	assert_int_equal(taken.rows[0].refs, 0);
	assert_int_equal(taken.rows[1].refs, 0);
	assert_int_equal(source.unread, 2);

	/* rows that name their page are of no other one */
	taken.nr = 0;
	dump_lines(&taken, &source, &trace, its_own);
	assert_int_equal(taken.nr, 2);
	assert_int_equal(taken.rows[0].refs, 1);
	assert_int_equal(taken.rows[1].record, HELD_UNRECORDED);
	assert_int_equal(source.unread, 2);
	taken.nr = 0;
	dump_lines(&taken, &source, &trace, of_another);
	dump_lines(&taken, &source, &trace, nothing_of_another);
	assert_int_equal(taken.nr, 2);
	assert_int_equal(taken.rows[0].refs, 0);
	assert_int_equal(taken.rows[1].refs, 0);
	assert_int_equal(source.unread, 4);
	trace_fini(&trace);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_whole),
		cmocka_unit_test(frames_are_whole),
		cmocka_unit_test(names_lose_their_escapes),
		cmocka_unit_test(columns_are_found_by_name),
		cmocka_unit_test(a_fast_pin_is_one_reference),
		cmocka_unit_test(shares_of_a_reference_sum_to_one),
		cmocka_unit_test(batches_are_nobody),
		cmocka_unit_test(who_migrates_is_no_holder),
		cmocka_unit_test(the_later_look_counts),
		cmocka_unit_test(rows_that_are_missing_show),
		cmocka_unit_test(dumps_are_kept_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
