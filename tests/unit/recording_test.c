// SPDX-License-Identifier: GPL-2.0
/*
 * From events to verdicts: short recordings, written as text, whose truth is
 * known.  Each verdict has one, and each trap that real recordings set.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "judge/classify.h"
#include "judge/findings.h"
#include "judge/ledger.h"
#include "show/rank.h"
#include "read/reader.h"
#include "trace/task.h"
#include "trace/trace.h"

struct run {
	struct trace trace;
	struct classifier *cl;
	struct findings f;
};

/* One event and its stack, innermost first, separated by blanks. */
static void put_event(FILE *out, const char *task, double at, const char *event,
		      const char *fields, const char *stack)
{
	char frames[512], *frame, *save;

	fprintf(out, "  %s [000] .....  %.6f: page_pinner_%s: %s\n", task, at, event, fields);
	fprintf(out, "  %s [000] .....  %.6f: <stack trace>\n", task, at);
	snprintf(frames, sizeof(frames), "%s", stack);
	for (frame = strtok_r(frames, " ", &save); frame; frame = strtok_r(NULL, " ", &save))
		fprintf(out, " => %s\n", frame);
}

#define FAIL_FIELDS(id, refcount, expected, kind)					\
	"pfn=0x10 order=0 refcount=" #refcount " expected=" #expected			\
	" mapcount=1 pincount=0 reason=alloc_contig kind=" kind " id=" #id		\
	" marked=" "new repeats=0 nid=0 mt=5 flags=0x0"
#define REF_FIELDS(id, refcount, delta)							\
	"pfn=0x10 order=0 refcount=" #refcount " delta=" #delta " reason=alloc_contig id=" #id
#define WATCH_FIELDS(refcount, delta)							\
	"pfn=0x10 order=0 refcount=" #refcount " delta=" #delta " reason=watch id=0"
#define END_FIELDS(id, refcount, why)							\
	"pfn=0x10 order=0 refcount=" #refcount " reason=alloc_contig id=" #id		\
	" why=" why " age_ns=1000 logged=1 dropped=0"

#define VICTIM "cma_take-114"
#define HOLDER "holder-108"
#define SCAN "isolate_migratepages_block isolate_migratepages_range alloc_contig_range_noprof"
#define PIPE_GET "try_get_folio gup_fast_fallback get_user_pages_fast __do_sys_vmsplice"
#define PIPE_PUT "generic_pipe_buf_release pipe_read vfs_read"
#define DRAIN "folios_put_refs folio_batch_move_lru lru_add_drain_cpu lru_add_drain_all"
#define ZAP "folios_put_refs free_pages_and_swap_cache tlb_batch_pages_flush exit_mmap"

static void fail_and_let_go(FILE *out)
{
	put_event(out, VICTIM, 1.0, "fail_alloc_contig", FAIL_FIELDS(1, 3, 2, "extra_ref"), SCAN);
	put_event(out, VICTIM, 1.1, "put", REF_FIELDS(1, 2, -1), SCAN);
}

static void run_text(struct run *run, char *text, size_t size)
{
	FILE *in = fmemopen(text, size, "r");
	struct ledger *ledger;

	memset(run, 0, sizeof(*run));
	trace_init(&run->trace, "test");
	run->cl = classifier_new(&run->trace);
	ledger = ledger_new(&run->trace, run->cl, &run->f);
	assert_int_equal(reader_text(&run->trace, in, ledger_feed, ledger), 0);
	ledger_finish(ledger);
	ledger_free(ledger);
	assert_int_equal(rank_findings(&run->f, &run->trace, NULL), 0);
	fclose(in);
}

static void end_run(struct run *run)
{
	findings_free(&run->f);
	classifier_free(run->cl);
	trace_fini(&run->trace);
}

static void check_verdict(void (*write)(FILE *out), enum verdict verdict, struct run *run)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	write(out);
	fclose(out);
	run_text(run, text, size);
	free(text);
	assert_int_equal(run->f.nr_failures, 1);
	assert_string_equal(verdict_name(run->f.failures[0]->verdict), verdict_name(verdict));
}

static const struct holder *only_holder(const struct run *run)
{
	assert_int_equal(run->f.nr_named, 1);
	return run->f.holders[0];
}

static int holder_pid(const struct run *run, const struct holder *h)
{
	assert_int_equal(h->nr_tasks, 1);
	return tasks_get(run->trace.tasks, h->tasks[0])->pid;
}

static void write_released(FILE *out)
{
	fail_and_let_go(out);
	put_event(out, HOLDER, 2.0, "put", REF_FIELDS(1, 1, -1), PIPE_PUT);
	put_event(out, HOLDER, 2.0, "unmark", END_FIELDS(1, 1, "settled"), PIPE_PUT);
}

static void put_without_get_is_named(void **state)
{
	struct run run;
	const struct holder *h;

	check_verdict(write_released, VERDICT_NAMED, &run);
	h = only_holder(&run);
	assert_false(h->acquired);
	assert_string_equal(h->release.function, "generic_pipe_buf_release");
	assert_int_equal(holder_pid(&run, h), 108);
	end_run(&run);
}

static void write_watched(FILE *out)
{
	put_event(out, HOLDER, 0.5, "get", WATCH_FIELDS(2, 1), PIPE_GET);
	put_event(out, VICTIM, 0.9, "get", WATCH_FIELDS(3, 1), SCAN);
	fail_and_let_go(out);
	put_event(out, "kworker/0:1-9", 2.0, "put", REF_FIELDS(1, 1, -1), PIPE_PUT);
	put_event(out, "kworker/0:1-9", 2.0, "unmark", END_FIELDS(1, 1, "settled"), PIPE_PUT);
}

/* The get proves who held, whoever gives the reference back. */
static void get_on_record_names_the_task(void **state)
{
	struct run run;
	const struct holder *h;

	check_verdict(write_watched, VERDICT_NAMED, &run);
	h = only_holder(&run);
	assert_true(h->acquired);
	assert_int_equal(holder_pid(&run, h), 108);
	end_run(&run);
}

static void write_never(FILE *out)
{
	fail_and_let_go(out);
}

static void no_put_is_never_released(void **state)
{
	struct run run;

	check_verdict(write_never, VERDICT_NEVER_RELEASED, &run);
	assert_int_equal(run.f.nr_named, 0);
	end_run(&run);
}

static void write_gone(FILE *out)
{
	put_event(out, VICTIM, 1.0, "fail_alloc_contig", FAIL_FIELDS(1, 3, 2, "extra_ref"), SCAN);
	put_event(out, VICTIM, 1.1, "put", REF_FIELDS(1, 1, -1), SCAN);
	put_event(out, VICTIM, 1.1, "unmark", END_FIELDS(1, 1, "settled"), SCAN);
}

/* It went unseen, in the gap right after the failure: nobody is blamed. */
static void gap_after_the_mark_is_transient(void **state)
{
	struct run run;

	check_verdict(write_gone, VERDICT_TRANSIENT, &run);
	assert_int_equal(run.f.nr_named, 0);
	end_run(&run);
}

static void write_locked(FILE *out)
{
	put_event(out, VICTIM, 1.0, "fail_alloc_contig",
		  "pfn=0x10 order=0 refcount=2 expected=2 mapcount=1 pincount=0 "
		  "reason=alloc_contig kind=locked id=0 marked=no repeats=0 nid=0 mt=5 flags=0x0",
		  SCAN);
}

static void locked_is_not_a_reference(void **state)
{
	struct run run;

	check_verdict(write_locked, VERDICT_NOT_A_REFERENCE, &run);
	end_run(&run);
}

static void write_accounting(FILE *out)
{
	put_event(out, VICTIM, 1.0, "fail_alloc_contig",
		  "pfn=0x10 order=0 refcount=2 expected=2 mapcount=1 pincount=0 reason=alloc_contig "
		  "kind=no_extra_ref id=0 marked=no repeats=0 nid=0 mt=5 flags=0x0", SCAN);
}

static void agreeing_counts_are_no_holder(void **state)
{
	struct run run;

	check_verdict(write_accounting, VERDICT_NO_HOLDER, &run);
	end_run(&run);
}

static void write_self(FILE *out)
{
	fail_and_let_go(out);
	put_event(out, VICTIM, 2.0, "put", REF_FIELDS(1, 1, -1), PIPE_PUT);
	put_event(out, VICTIM, 2.0, "unmark", END_FIELDS(1, 1, "settled"), PIPE_PUT);
}

static void victim_that_holds_is_self(void **state)
{
	struct run run;

	check_verdict(write_self, VERDICT_SELF, &run);
	end_run(&run);
}

static void write_lru(FILE *out)
{
	fail_and_let_go(out);
	put_event(out, "kworker/1:0-7", 2.0, "put", REF_FIELDS(1, 1, -1), DRAIN);
	put_event(out, "kworker/1:0-7", 2.0, "unmark", END_FIELDS(1, 1, "settled"), DRAIN);
}

/* Noise elsewhere; here the batch is what explains the failure. */
static void guilty_lru_batch_is_named(void **state)
{
	struct run run;
	const struct holder *h;

	check_verdict(write_lru, VERDICT_NAMED, &run);
	h = only_holder(&run);
	assert_string_equal(h->class, "lru_batch");
	end_run(&run);
}

static void write_innocent(FILE *out)
{
	fail_and_let_go(out);
	/* a passing user of the same family, paired */
	put_event(out, "innocent-200", 1.5, "get", REF_FIELDS(1, 3, 1), PIPE_GET);
	put_event(out, "innocent-200", 1.6, "put", REF_FIELDS(1, 2, -1), PIPE_PUT);
	/* an unmapping belongs to the expected references */
	put_event(out, "mapper-201", 1.7, "put", REF_FIELDS(1, 1, -1), ZAP);
	put_event(out, HOLDER, 2.0, "put", REF_FIELDS(1, 0, -1), "put_page driver_unlock");
	put_event(out, HOLDER, 2.0, "unmark", END_FIELDS(1, 0, "freed"), "free_pages_prepare");
}

static void passing_users_are_not_blamed(void **state)
{
	struct run run;

	check_verdict(write_innocent, VERDICT_NAMED, &run);
	assert_int_equal(holder_pid(&run, only_holder(&run)), 108);
	end_run(&run);
}

static void write_pin(FILE *out)
{
	put_event(out, VICTIM, 1.0, "fail_alloc_contig", FAIL_FIELDS(1, 1026, 2, "extra_ref"), SCAN);
	put_event(out, VICTIM, 1.1, "put", REF_FIELDS(1, 1025, -1), SCAN);
	/* somebody else's pin, taken fast: two operations, one reference */
	put_event(out, "other-300", 1.2, "get", REF_FIELDS(1, 1026, 1), "try_grab_folio_fast pin_user_pages_fast ib_umem_get");
	put_event(out, "other-300", 1.2, "get", REF_FIELDS(1, 2049, 1023), "try_grab_folio_fast pin_user_pages_fast ib_umem_get");
	put_event(out, "other-300", 1.3, "put", REF_FIELDS(1, 1025, -1024), "gup_put_folio unpin_user_page ib_umem_release");
	put_event(out, HOLDER, 2.0, "put", REF_FIELDS(1, 1, -1024), "gup_put_folio unpin_user_page bio_release_pages");
	put_event(out, HOLDER, 2.0, "unmark", END_FIELDS(1, 1, "settled"), "gup_put_folio");
}

static void fast_pin_is_one_reference(void **state)
{
	struct run run;
	const struct holder *h;

	check_verdict(write_pin, VERDICT_NAMED, &run);
	h = only_holder(&run);
	assert_true(h->pin);
	assert_int_equal(h->refs, 1);
	assert_int_equal(holder_pid(&run, h), 108);
	end_run(&run);
}

static void write_two(FILE *out)
{
	put_event(out, VICTIM, 1.0, "fail_alloc_contig", FAIL_FIELDS(1, 4, 2, "extra_ref"), SCAN);
	put_event(out, VICTIM, 1.1, "put", REF_FIELDS(1, 3, -1), SCAN);
	put_event(out, HOLDER, 2.0, "put", REF_FIELDS(1, 2, -1), PIPE_PUT);
	put_event(out, "second-109", 3.0, "put", REF_FIELDS(1, 1, -1), PIPE_PUT);
	put_event(out, "second-109", 3.0, "unmark", END_FIELDS(1, 1, "settled"), PIPE_PUT);
}

/* The first release does not end the story. */
static void two_tasks_are_two_holders(void **state)
{
	struct run run;

	check_verdict(write_two, VERDICT_NAMED, &run);
	assert_int_equal(run.f.nr_named, 2);
	assert_int_not_equal(holder_pid(&run, run.f.holders[0]), holder_pid(&run, run.f.holders[1]));
	end_run(&run);
}

static void write_lost(FILE *out)
{
	fail_and_let_go(out);
	fprintf(out, "CPU:0 [LOST 17 EVENTS]\n");
	put_event(out, HOLDER, 2.0, "put", REF_FIELDS(1, 1, -1), PIPE_PUT);
	put_event(out, HOLDER, 2.0, "unmark", END_FIELDS(1, 1, "settled"), PIPE_PUT);
}

static void lost_events_are_unsafe(void **state)
{
	struct run run;

	check_verdict(write_lost, VERDICT_UNSAFE, &run);
	assert_int_equal(run.trace.lost, 17);
	assert_int_equal(run.f.nr_named, 0);
	end_run(&run);
}

static void write_early_put(FILE *out)
{
	/* another CPU's put is written before the failure that set the mark */
	put_event(out, HOLDER, 0.9, "put", REF_FIELDS(1, 2, -1), PIPE_PUT);
	put_event(out, VICTIM, 1.0, "fail_alloc_contig", FAIL_FIELDS(1, 3, 2, "extra_ref"), SCAN);
	put_event(out, VICTIM, 1.1, "put", REF_FIELDS(1, 1, -1), SCAN);
	put_event(out, VICTIM, 1.1, "unmark", END_FIELDS(1, 1, "settled"), SCAN);
}

/* The mark is set before its event is written: a put under the mark came after it. */
static void early_put_comes_after_its_failure(void **state)
{
	struct run run;

	check_verdict(write_early_put, VERDICT_NAMED, &run);
	assert_string_equal(only_holder(&run)->class, "pipe");
	end_run(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(put_without_get_is_named),
		cmocka_unit_test(get_on_record_names_the_task),
		cmocka_unit_test(no_put_is_never_released),
		cmocka_unit_test(gap_after_the_mark_is_transient),
		cmocka_unit_test(locked_is_not_a_reference),
		cmocka_unit_test(agreeing_counts_are_no_holder),
		cmocka_unit_test(victim_that_holds_is_self),
		cmocka_unit_test(guilty_lru_batch_is_named),
		cmocka_unit_test(passing_users_are_not_blamed),
		cmocka_unit_test(fast_pin_is_one_reference),
		cmocka_unit_test(two_tasks_are_two_holders),
		cmocka_unit_test(lost_events_are_unsafe),
		cmocka_unit_test(early_put_comes_after_its_failure),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
