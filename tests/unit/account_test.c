// SPDX-License-Identifier: GPL-2.0
/*
 * Who held a page, from the counts first and from names last: what outside
 * reviews and replayed bug reports got wrong names, or none, for.
 */
#include <string.h>

#include "scene.h"

#include "trace/event.h"

#define SKB_GET "folio_get skb_splice_from_iter tcp_sendmsg_locked"
#define SKB_PUT "folio_put skb_release_data tcp_ack handle_softirqs irq_exit_rcu"
#define UNKNOWN_GET "folio_get nobody_knows_get nobody_knows_start do_syscall_64"
#define UNKNOWN_PUT "folio_put nobody_knows_put nobody_knows_done process_one_work worker_thread kthread"
#define READ_GET "folio_try_get filemap_get_read_batch filemap_read vfs_read do_syscall_64"
#define READ_PUT "folio_put filemap_read vfs_read do_syscall_64"
#define COMPACT_GET "folio_try_get isolate_migratepages_block compact_zone kcompactd kthread"
#define COMPACT_PUT "folio_put putback_movable_pages compact_zone kcompactd kthread"
#define DRIVER_GET "folio_try_get filemap_get_entry shmem_read_folio_gfp gem_get_pages@gem"
#define DRIVER_PUT "folio_put gem_put_pages@gem gem_free@gem"
/* what the victim does, through a wrapper that no rule knows */
#define OWN_PUT "strange_wrapper other_wrapper alloc_contig_range"

static void again(struct scene *s, int32_t unexpected, int pid)
{
	struct pin_event ev = scene_fail(s, unexpected);
	char comm[16];

	snprintf(comm, sizeof(comm), "task%d", pid);
	ev.task = tasks_intern(s->trace.tasks, pid, comm);
	ev.marked = MARKED_AGAIN;
	scene_feed(s, ev);
}

static struct failure *end_and_judge(struct scene *s, unsigned int why)
{
	scene_end(s, why, 0);
	return scene_judge(s);
}

static void assert_verdict(const struct failure *failure, enum verdict verdict)
{
	assert_non_null(failure);
	assert_string_equal(verdict_name(failure->verdict), verdict_name(verdict));
}

static const struct claim *claim_of(struct scene *s, const struct failure *failure,
				    const char *class)
{
	size_t i;

	for (i = 0; i < failure->nr_claims; i++)
		if (!strcmp(scene_holder(s, failure, i)->class, class))
			return &failure->claims[i];
	return NULL;
}

static double said_of(const struct failure *failure)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < failure->nr_claims; i++)
		sum += failure->claims[i].refs * failure->claims[i].confidence;
	for (i = 0; i < failure->nr_candidates; i++)
		sum += failure->candidates[i].refs * failure->candidates[i].share;
	return sum;
}

static void assert_adds_up(const struct failure *failure)
{
	int32_t sum = 0;
	size_t i;

	for (i = 0; i < failure->nr_parts; i++)
		sum += failure->parts[i].refs;
	assert_true(failure->nr_parts > 0);
	assert_int_equal(sum, failure->refcount);
}

/* A1, reports.md 1: what a softirq drops on top of somebody is nobody's. */
static void interrupt_on_the_victim_is_not_self(void **state)
{
	struct failure *failure;
	struct scene s;
	int valued;

	for (valued = 0; valued < 2; valued++) {
		scene_open(&s, 3);
		if (valued)
			scene_valued(&s, 1, 1);
		scene_feed(&s, scene_fail(&s, 1));
		scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
		s.ctx = CTX_SOFTIRQ;
		scene_ref(&s, VICTIM, -1, SKB_PUT);
		failure = end_and_judge(&s, WHY_SETTLED);
		assert_verdict(failure, VERDICT_NAMED);
		assert_string_equal(scene_holder(&s, failure, 0)->class, "skb");
		assert_false(failure->claims[0].known);
		assert_true(failure->claims[0].atomic);
		scene_close(&s);
	}
}

static void interrupt_does_not_pair_with_the_task_below(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, SKB_GET);
	scene_ref(&s, OTHER, 1, SKB_GET);
	/* on top of HOLDER OTHER's buffer is freed, then HOLDER's on top of nobody */
	scene_ref(&s, HOLDER, -1, SKB_PUT);
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, SKB_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	if (failure->nr_claims) {
		assert_true(!failure->claims[0].known || failure->claims[0].confidence < 0.9);
		assert_string_equal(scene_holder(&s, failure, 0)->class, "skb");
	}
	scene_close(&s);
}

/* A2: the first attempt has another holder and another victim than the rest. */
static void every_attempt_has_its_holder_and_its_victim(void **state)
{
	struct failure *failure;
	const struct claim *pipe, *rdma;
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, OTHER, 1024, UMEM_GET);
	again(&s, 1024, BYSTANDER);
	again(&s, 1024, BYSTANDER);
	again(&s, 1024, BYSTANDER);
	scene_ref(&s, OTHER, -1024, UMEM_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	pipe = claim_of(&s, failure, "pipe");
	rdma = claim_of(&s, failure, "rdma");
	assert_non_null(pipe);
	assert_non_null(rdma);
	assert_int_equal(failure->attempts, 4);
	assert_int_equal(pipe->attempts, 1);
	assert_int_equal(rdma->attempts, 3);
	assert_true(rdma->blocked_ns > pipe->blocked_ns);
	assert_int_equal(failure->nr_askers, 2);
	assert_int_equal(failure->askers[0].attempts, 1);
	assert_int_equal(failure->askers[1].attempts, 3);
	assert_int_equal(tasks_get(s.trace.tasks, failure->askers[1].task)->pid, BYSTANDER);
	assert_true(failure->askers[1].blocked_ns > 0);
	scene_close(&s);
}

static void last_attempt_that_stays_blocked_shows(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, OTHER, 1024, UMEM_GET);
	again(&s, 1024, BYSTANDER);
	failure = scene_judge(&s);
	assert_verdict(failure, VERDICT_NEVER_RELEASED);
	assert_non_null(claim_of(&s, failure, "pipe"));
	assert_true(claim_of(&s, failure, "rdma")->open);
	scene_close(&s);
}

/* A3: Bob reads Alice's pipe, then Alice Bob's. */
static void crossed_pipes_are_nobodys_for_sure(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, VMSPLICE_GET);
	scene_ref(&s, OTHER, 1, VMSPLICE_GET);
	scene_ref(&s, OTHER, -1, VMSPLICE_PUT);
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "pipe");
	assert_true(failure->claims[0].confidence <= 0.5);
	assert_true(failure->claims[0].guess);
	scene_close(&s);
}

/* A4: unknown is never named. */
static void without_a_stack_nobody_is_named(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, "");
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_UNRESOLVED);
	assert_int_equal(failure->nr_claims, 0);
	assert_int_equal(failure->nr_candidates, 1);
	assert_non_null(strstr(failure->candidates[0].why_not, "stack"));
	assert_non_null(strstr(failure->why, "-T"));
	scene_close(&s);
}

/* A5, reports.md 6: shares sum to one, and both are shown with a reason. */
static void two_candidates_share_one_reference(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_ref(&s, OTHER, -1, "folio_put foo_release@foo");
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_UNRESOLVED);
	assert_int_equal(failure->nr_candidates, 2);
	assert_true(said_of(failure) <= 1.01);
	assert_non_null(failure->candidates[0].why_not);
	assert_string_equal(failure->candidates[0].site.function, "generic_pipe_buf_release");
	assert_adds_up(failure);
	scene_close(&s);
}

/* A6: the failure is written behind all that came under its mark. */
static void failure_may_be_written_last(void **state)
{
	struct pin_event fail;
	struct failure *failure;
	struct scene s;

	scene_open(&s, 2);
	fail = scene_fail(&s, 1);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	scene_end(&s, WHY_SETTLED, 0);
	scene_feed(&s, fail);
	failure = scene_judge(&s);
	assert_int_equal(s.findings.nr_failures, 1);
	assert_verdict(failure, VERDICT_NAMED);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "pipe");
	scene_close(&s);
}

/* A7: who clears the marks lets nothing go. */
static void cleared_is_not_let_go(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_valued(&s, 1, 1);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	failure = end_and_judge(&s, WHY_CLEARED);
	assert_verdict(failure, VERDICT_NEVER_RELEASED);
	assert_non_null(strstr(failure->why, "cleared"));
	scene_close(&s);
}

/* A8: qemu/300 does not become bash/300. */
static void pid_that_is_used_again_is_another_task(void **state)
{
	struct failure *failure;
	struct pin_event ev;
	struct scene s;

	scene_open(&s, 2);
	scene_feed(&s, scene_fail(&s, 1));
	ev = scene_op(&s, 300, -1, VMSPLICE_PUT);
	ev.task = tasks_intern(s.trace.tasks, 300, "qemu");
	scene_feed(&s, ev);
	ev = scene_op(&s, 300, 1, READ_GET);
	ev.task = tasks_intern(s.trace.tasks, 300, "bash");
	scene_feed(&s, ev);
	scene_ref(&s, OTHER, -1, READ_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_string_equal(tasks_get(s.trace.tasks, failure->claims[0].task)->comm, "qemu");
	scene_close(&s);
}

/* B, reports.md 4: nobody knows the functions, a worker gives it back. */
static void built_in_code_meets_its_own_put(void **state)
{
	static const int32_t sizes[][2] = { { 1, -1 }, { 16, -1 }, { 1, -16 }, { 2, -1 } };
	struct failure *failure;
	struct scene s;
	int32_t left;
	size_t i;

	for (i = 0; i < 4; i++) {
		int32_t all = sizes[i][0] > -sizes[i][1] ? sizes[i][0] : -sizes[i][1];

		scene_open(&s, 1);
		s.id = 0;
		scene_valued(&s, 1, 0);
		for (left = all; left > 0; left -= sizes[i][0])
			scene_ref(&s, HOLDER, sizes[i][0], UNKNOWN_GET);
		s.id = 1;
		scene_feed(&s, scene_fail(&s, all));
		s.ctx = i == 3 ? CTX_SOFTIRQ : CTX_TASK;
		for (left = all; left > 0; left += sizes[i][1])
			scene_ref(&s, KWORKER, sizes[i][1], UNKNOWN_PUT);
		s.ctx = CTX_TASK;
		failure = end_and_judge(&s, WHY_SETTLED);
		assert_verdict(failure, VERDICT_NAMED);
		assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
		assert_string_equal(scene_holder(&s, failure, 0)->acquire.function,
				    "nobody_knows_get");
		assert_int_equal(s.findings.holders[0]->refs, all);
		scene_close(&s);
	}
}

static void unknown_code_is_named_if_nothing_else_is_left(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1, UNKNOWN_GET);
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, KWORKER, -1, UNKNOWN_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
	assert_true(failure->claims[0].confidence < 0.9);
	scene_close(&s);
}

static void unknown_never_outvotes_a_pipe(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, OWN_PUT);
	scene_ref(&s, BYSTANDER, -1, UNKNOWN_PUT);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "pipe");
	scene_close(&s);
}

/* B, reports.md 3: what lives over attempts is in the way, whatever it is called. */
static void long_short_references_are_named(void **state)
{
	static const struct {
		const char *get, *put;
	} ways[] = { { READ_GET, READ_PUT }, { COMPACT_GET, COMPACT_PUT } };
	struct failure *failure;
	struct scene s;
	size_t i;
	int valued;

	for (i = 0; i < 4; i++) {
		valued = i & 1;
		scene_open(&s, 1);
		if (valued)
			scene_valued(&s, 1, 0);
		s.id = 0;
		scene_ref(&s, HOLDER, 1, ways[i / 2].get);
		s.id = 1;
		scene_feed(&s, scene_fail(&s, 1));
		s.ts += 150000000;
		again(&s, 1, VICTIM);
		s.ts += 150000000;
		again(&s, 1, VICTIM);
		scene_ref(&s, HOLDER, -1, ways[i / 2].put);
		failure = end_and_judge(&s, WHY_SETTLED);
		assert_verdict(failure, VERDICT_NAMED);
		assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
		assert_int_equal(failure->claims[0].attempts, 3);
		scene_close(&s);
	}
}

/* A thread of the kernel's own that two attempts of one call met by chance. */
static void ksmd_that_was_met_twice_is_not_blamed(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	scene_valued(&s, 1, 0);
	s.id = 0;
	scene_ref(&s, OTHER, 1, "ksm_next_page_pmd_entry walk_pgd_range __walk_page_range "
		  "walk_page_range_vma ksm_scan_thread kthread");
	s.id = 1;
	s.ts += 10000000;
	scene_feed(&s, scene_fail(&s, 1));
	s.ts += 16000000;
	again(&s, 1, VICTIM);
	s.ts += 4000000;
	scene_ref(&s, OTHER, -1, "folio_put ksm_scan_thread kthread");
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_TRANSIENT);
	assert_int_equal(failure->nr_claims, 0);
	scene_close(&s);
}

/*
 * Between two attempts the page leaves a pipe and is sent to a socket: a lookup
 * became a mapping, a batch was drained by another task, what another task had
 * mapped fell.  What the second attempt met are the socket's two.
 */
static void second_holder_is_named_by_its_gets(void **state)
{
	const struct claim *claim;
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_valued(&s, 2, 0);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, OTHER, 1, "folio_try_get filemap_get_entry shmem_get_folio_gfp shmem_fault "
		  "__do_fault __handle_mm_fault handle_mm_fault exc_page_fault");
	s.expected = 3;
	scene_ref(&s, OTHER, 1, "__folio_batch_add_and_move folio_mark_accessed "
		  "shmem_file_splice_read splice_direct_to_actor do_sendfile");
	scene_ref(&s, OTHER, 1, "skb_append_pagefrags skb_splice_from_iter tcp_sendmsg_locked "
		  "splice_direct_to_actor do_sendfile");
	scene_ref(&s, OTHER, 1, "skb_append_pagefrags skb_splice_from_iter tcp_sendmsg_locked "
		  "splice_direct_to_actor do_sendfile");
	scene_ref(&s, BYSTANDER, -1, "folios_put_refs folio_batch_move_lru lru_add_drain exit_mmap");
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	s.expected = 2;
	scene_ref(&s, HOLDER, -1, "folios_put_refs tlb_flush_mmu tlb_finish_mmu exit_mmap");
	again(&s, 2, VICTIM);
	s.ctx = CTX_SOFTIRQ;
	scene_ref(&s, BYSTANDER, -1, "folio_put skb_release_data __kfree_skb tcp_ack");
	scene_ref(&s, BYSTANDER, -1, "folio_put skb_release_data __kfree_skb tcp_ack");
	s.ctx = CTX_TASK;
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	claim = claim_of(&s, failure, "skb");
	assert_non_null(claim);
	assert_int_equal(tasks_get(s.trace.tasks, claim->task)->pid, OTHER);
	assert_true(claim->confidence >= 0.9);
	scene_close(&s);
}

/* B: +511 mapping references of a split in front of the failure. */
static void split_does_not_outvote_the_pipe(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 2);
	s.order = 9;
	s.id = 0;
	scene_valued(&s, 1, 0);
	scene_ref(&s, BYSTANDER, 511, "folio_ref_add strange_split_pmd strange_fault");
	s.expected = 512;
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "pipe");
	assert_adds_up(failure);
	scene_close(&s);
}

/* reports.md 2: with its get on record at least as much is named. */
static void watching_does_not_make_it_worse(void **state)
{
	struct failure *failure;
	struct scene s;
	int watched, valued;

	for (watched = 0; watched < 2; watched++)
		for (valued = 0; valued < 2; valued++) {
			scene_open(&s, 1);
			if (valued)
				scene_valued(&s, 1, 0);
			s.id = 0;
			if (watched)
				scene_ref(&s, HOLDER, 1, DRIVER_GET);
			else
				s.count++;
			s.id = 1;
			scene_feed(&s, scene_fail(&s, 1));
			scene_ref(&s, HOLDER, -1, DRIVER_PUT);
			failure = end_and_judge(&s, WHY_SETTLED);
			assert_verdict(failure, VERDICT_NAMED);
			assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
			assert_non_null(scene_holder(&s, failure, 0)->module);
			assert_string_equal(scene_holder(&s, failure, 0)->module, "gem");
			scene_close(&s);
		}
}

/* reports.md 5: what is known of a page that nobody let go. */
static void nameless_leak_has_its_facts(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1026);
	scene_valued(&s, 1, 1);
	scene_feed(&s, scene_fail(&s, 1024));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	failure = scene_judge(&s);
	assert_verdict(failure, VERDICT_NEVER_RELEASED);
	assert_int_equal(failure->nr_claims, 0);
	assert_true(failure->last.known);
	assert_int_equal(failure->last.refcount, 1025);
	assert_int_equal(failure->last.expected, 1);
	assert_adds_up(failure);
	scene_close(&s);
}

/* reports.md 6: more was given back than taken. */
static void negative_count_is_an_accounting_bug(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, HOLDER, -1024, "unpin_user_page foo_release@foo");
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	failure = scene_judge(&s);
	assert_verdict(failure, VERDICT_BAD_COUNT);
	assert_string_equal(scene_holder(&s, failure, 0)->class, "foo");
	scene_close(&s);
}

/* reports.md 7: not every page without a mark is over the budget. */
static void device_memory_is_not_over_budget(void **state)
{
	struct pin_event ev;
	struct scene s;

	scene_open(&s, 2);
	s.id = 0;
	ev = scene_fail(&s, 1);
	ev.marked = MARKED_NO_PAGE_EXT;
	scene_feed(&s, ev);
	assert_null(strstr(scene_judge(&s)->why, "budget"));
	assert_non_null(strstr(s.findings.failures[0]->why, "device memory"));
	scene_close(&s);
}

/* reports.md 8: 24 of 24 attempts. */
static void what_persists_is_not_transient(void **state)
{
	struct failure *failure;
	struct pin_event ev;
	struct scene s;
	int i, marked;

	for (marked = 0; marked < 2; marked++) {
		scene_open(&s, 2);
		s.id = marked;
		for (i = 0; i < 24; i++) {
			ev = scene_fail(&s, 0);
			ev.kind = KIND_NOT_LRU;
			ev.marked = !marked ? MARKED_NO : i ? MARKED_AGAIN : MARKED_NEW;
			scene_feed(&s, ev);
		}
		failure = scene_judge(&s);
		assert_verdict(failure, VERDICT_NOT_A_REFERENCE);
		assert_int_equal(failure->attempts, 24);
		scene_close(&s);
	}
}

/* tool.md 0: the victim's own put through a wrapper that no rule knows. */
static void own_put_needs_no_name(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_valued(&s, 1, 1);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, "put_page_testzero strange_wrapper some_syscall");
	scene_ref(&s, HOLDER, -1, "put_page_testzero strange_release other_syscall");
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
	assert_string_equal(scene_holder(&s, failure, 0)->release.function, "strange_release");
	assert_true(failure->claims[0].confidence >= 0.9);
	scene_close(&s);
}

/* account.md 3, 4: unmapped beside the release, by functions that nobody knows. */
static void mapping_that_fell_is_a_candidate(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 4);
	scene_valued(&s, 2, 1);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	s.expected = 1;
	scene_ref(&s, BYSTANDER, -1, "folio_put unknown_a unknown_b");
	scene_ref(&s, HOLDER, -1, "folio_put unknown_c unknown_d");
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_UNRESOLVED);
	assert_int_equal(failure->nr_candidates, 2);
	assert_true(said_of(failure) <= 1.01);
	scene_close(&s);
}

/* A leak with its get on record; one put beside it leaves no part of a pin to chance. */
static void pin_is_there_as_a_whole(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_valued(&s, 2, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, PIN_UNITS, "try_grab_folio_fast foo_pin@foo foo_ioctl@foo");
	s.id = 1;
	scene_feed(&s, scene_fail(&s, PIN_UNITS));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	s.expected = 1;
	scene_ref(&s, BYSTANDER, -1, "folio_put unknown_a unknown_b");
	failure = scene_judge(&s);
	assert_verdict(failure, VERDICT_NEVER_RELEASED);
	assert_int_equal(failure->nr_claims, 1);
	assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
	assert_true(failure->claims[0].confidence >= 0.95);
	scene_close(&s);
}

static void lasting_name_tells_the_mapping(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 4);
	scene_valued(&s, 2, 1);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	s.expected = 1;
	scene_ref(&s, BYSTANDER, -1, "folios_put_refs free_pages_and_swap_cache strange "
		  "tlb_finish_mmu exit_mmap");
	scene_ref(&s, HOLDER, -1, "folio_put unknown_c unknown_d");
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
	scene_close(&s);
}

/* account.md 2: the get of a fault is no holder's, before or after the rise. */
static void fault_takes_the_rise(void **state)
{
	struct failure *failure;
	struct scene s;
	int first;

	for (first = 0; first < 2; first++) {
		scene_open(&s, 3);
		scene_valued(&s, 1, 1);
		scene_feed(&s, scene_fail(&s, 1));
		scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
		s.expected += first;
		scene_ref(&s, BYSTANDER, 1, FAULT_GET);
		s.expected += !first;
		scene_ref(&s, HOLDER, -1, "folio_put unknown_c unknown_d");
		failure = end_and_judge(&s, WHY_SETTLED);
		assert_verdict(failure, VERDICT_NAMED);
		assert_int_equal(failure->nr_claims, 1);
		assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
		scene_close(&s);
	}
}

/* account.md 4: a put of 512 gives back 512 gets, not the one that was in the way. */
static void size_tells_the_truncation(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 514);
	s.order = 9;
	scene_valued(&s, 512, 1);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	s.expected = 0;
	scene_ref(&s, BYSTANDER, -512, "folio_put_refs unknown_a unknown_b");
	scene_ref(&s, HOLDER, -1, "folio_put unknown_c unknown_d");
	failure = end_and_judge(&s, WHY_FREED);
	assert_verdict(failure, VERDICT_NAMED);
	assert_int_equal(failure->nr_claims, 1);
	assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
	scene_close(&s);
}

/* account.md 8: across a gap amounts, no names. */
static void gap_in_the_numbers_leaves_no_names(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 3);
	scene_valued(&s, 1, 1);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	(void)scene_op(&s, BYSTANDER, 1, UNKNOWN_GET);
	scene_ref(&s, HOLDER, -1, "folio_put unknown_c unknown_d");
	scene_ref(&s, OTHER, -1, "folio_put unknown_e unknown_f");
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_int_equal(failure->nr_claims, 0);
	assert_adds_up(failure);
	scene_close(&s);
}

/* What a hot page's budget left out cancels out, as the kernel says; or it lacks one. */
static void what_cancels_out_is_no_gap(void **state)
{
	uint32_t lost;

	for (lost = 0; lost < 2; lost++) {
		struct failure *failure;
		struct pin_event late;
		struct scene s;

		scene_open(&s, 3);
		scene_valued(&s, 1, 1);
		scene_feed(&s, scene_fail(&s, 1));
		scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
		s.seq += 100;
		s.skipped = 100 - lost;
		late = scene_op(&s, VICTIM, 1, UNKNOWN_PUT);
		late.late = 1;
		scene_ref(&s, HOLDER, -1, "folio_put unknown_c unknown_d");
		late.ts = s.ts;
		scene_feed(&s, late);
		scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
		scene_end(&s, WHY_SETTLED, 100);
		failure = scene_judge(&s);
		if (lost) {
			assert_int_equal(failure->nr_claims, 0);
		} else {
			assert_verdict(failure, VERDICT_NAMED);
			assert_int_equal(failure->nr_claims, 1);
			assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
			assert_true(failure->claims[0].confidence > 0.75);
		}
		scene_close(&s);
	}
}

/*
 * What the kernel still kept back when the mark ended, as it did not cancel out
 * yet, and wrote afterwards: nothing is missing.
 */
static void what_comes_behind_the_end_is_no_gap(void **state)
{
	int written;

	for (written = 0; written < 2; written++) {
		struct pin_event late, back;
		struct failure *failure;
		struct scene s;

		scene_open(&s, 3);
		scene_valued(&s, 1, 1);
		scene_feed(&s, scene_fail(&s, 1));
		scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
		s.seq += 100;
		s.skipped = 100;
		late = scene_op(&s, VICTIM, 1, UNKNOWN_PUT);
		late.late = 1;
		back = scene_op(&s, VICTIM, -1, PUTBACK_PUT);
		scene_ref(&s, HOLDER, -1, "folio_put unknown_c unknown_d");
		scene_end(&s, WHY_SETTLED, 101);
		late.ts = back.ts = s.ts;
		if (written) {
			scene_feed(&s, late);
			scene_feed(&s, back);
		}
		failure = scene_judge(&s);
		assert_int_equal(s.findings.dropped, written ? 0 : 1);
		if (written) {
			assert_verdict(failure, VERDICT_NAMED);
			assert_int_equal(failure->nr_claims, 1);
			assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
		} else {
			assert_int_equal(failure->nr_claims, 0);
		}
		scene_close(&s);
	}
}

/* What U says of each attempt: gone before the second one, which has another. */
static void refcount_adds_up(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 4);
	scene_valued(&s, 2, 1);
	scene_feed(&s, scene_fail(&s, 1));
	scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
	scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
	failure = end_and_judge(&s, WHY_SETTLED);
	assert_verdict(failure, VERDICT_NAMED);
	assert_int_equal(failure->nr_parts, 3);
	assert_int_equal(failure->parts[0].of, PART_EXPECTED);
	assert_int_equal(failure->parts[0].refs, 2);
	assert_int_equal(failure->parts[1].of, PART_OWN);
	assert_int_equal(failure->parts[2].of, PART_HOLDER);
	assert_adds_up(failure);
	scene_close(&s);
}

/* Kept by design: nobody leaked. */
static void poisoned_page_is_kept(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_valued(&s, 1, 0);
	scene_ref(&s, OTHER, 1, "folio_try_get get_hwpoison_page memory_failure");
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1));
	failure = scene_judge(&s);
	assert_verdict(failure, VERDICT_KEPT);
	scene_close(&s);
}

static void holder_that_exited_is_told(void **state)
{
	struct failure *failure;
	struct scene s;

	scene_open(&s, 1);
	s.id = 0;
	scene_ref(&s, HOLDER, 1024, UMEM_GET);
	s.id = 1;
	scene_feed(&s, scene_fail(&s, 1024));
	scene_ref(&s, HOLDER, -1, "folios_put_refs tlb_finish_mmu exit_mmap do_exit");
	failure = scene_judge(&s);
	assert_verdict(failure, VERDICT_NEVER_RELEASED);
	assert_true(failure->claims[0].exited);
	scene_close(&s);
}

static void watched_folios_have_a_balance(void **state)
{
	const struct taker *taker;
	struct scene s;
	int i;

	scene_open(&s, 1);
	s.id = 0;
	for (i = 0; i < 3; i++)
		scene_ref(&s, HOLDER, 1, DRIVER_GET);
	scene_ref(&s, HOLDER, -1, DRIVER_PUT);
	scene_judge(&s);
	taker = findings_taker(&s.findings, "gem_get_pages", NULL);
	assert_int_equal(taker->took, 0);
	assert_int_equal(s.findings.nr_takers, 2);
	taker = s.findings.takers[0];
	assert_string_equal(taker->module, "gem");
	assert_int_equal(taker->took, 3);
	assert_int_equal(taker->gave, 1);
	assert_int_equal(taker->pages.nr, 1);
	assert_true(taker->open_ns > 0);
	scene_close(&s);
}

/* A verdict may not depend on what other pages did. */
static void other_pages_do_not_matter(void **state)
{
	enum verdict alone;
	struct scene s;
	int others;

	for (others = 0; others < 2; others++) {
		scene_open(&s, 2);
		if (others) {
			s.pfn = 0x99;
			s.id = 9;
			scene_feed(&s, scene_fail(&s, 1));
			scene_end(&s, WHY_SETTLED, 0);
			s.pfn = 0x1234;
			s.id = 1;
		}
		scene_feed(&s, scene_fail(&s, 1));
		scene_ref(&s, HOLDER, -1, VMSPLICE_PUT);
		scene_judge(&s);
		if (!others)
			alone = s.findings.failures[0]->verdict;
		else
			assert_int_equal(s.findings.failures[1]->verdict, alone);
		scene_close(&s);
	}
}

/* What ends with a jump leaves no frame of unpin_user_page(): the folio's count of pins tells. */
static void pins_of_large_folios_are_counted(void **state)
{
	int32_t pins;

	for (pins = 1; pins <= 2; pins++) {
		struct failure *failure;
		struct pin_event fail;
		struct scene s;

		scene_open(&s, 5);
		s.order = 9;
		scene_valued(&s, 2, 1);
		fail = scene_fail(&s, 2);
		fail.pincount = pins;
		scene_feed(&s, fail);
		scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
		scene_ref(&s, HOLDER, -2, "folio_put_refs io_buffer_unmap __io_sqe_buffers_unregister");
		failure = end_and_judge(&s, WHY_SETTLED);
		assert_verdict(failure, VERDICT_NAMED);
		/* one pin of two references: whose it is only a name could tell */
		assert_int_equal(scene_holder(&s, failure, 0)->pin, pins == 2);
		scene_close(&s);
	}
}

/* What is short is gone at once, or its task was starved; what stays is in the way. */
static void a_short_reference_that_stayed_is_named(void **state)
{
	static const struct { uint64_t ns; bool named; } stays[] = {
		{ 1000000, false }, { 700000000, false }, { 1200000000, true },
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		struct failure *failure;
		struct scene s;

		scene_open(&s, 4);
		scene_valued(&s, 2, 1);
		scene_feed(&s, scene_fail(&s, 1));
		scene_ref(&s, VICTIM, -1, PUTBACK_PUT);
		s.ts += stays[i].ns;
		scene_ref(&s, HOLDER, -1, "folio_put filemap_read vfs_read ksys_pread64");
		failure = end_and_judge(&s, WHY_SETTLED);
		assert_int_equal(failure->nr_claims, stays[i].named);
		if (stays[i].named)
			assert_int_equal(scene_pid(&s, failure, 0), HOLDER);
		scene_close(&s);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(interrupt_on_the_victim_is_not_self),
		cmocka_unit_test(interrupt_does_not_pair_with_the_task_below),
		cmocka_unit_test(every_attempt_has_its_holder_and_its_victim),
		cmocka_unit_test(last_attempt_that_stays_blocked_shows),
		cmocka_unit_test(crossed_pipes_are_nobodys_for_sure),
		cmocka_unit_test(without_a_stack_nobody_is_named),
		cmocka_unit_test(two_candidates_share_one_reference),
		cmocka_unit_test(failure_may_be_written_last),
		cmocka_unit_test(cleared_is_not_let_go),
		cmocka_unit_test(pid_that_is_used_again_is_another_task),
		cmocka_unit_test(built_in_code_meets_its_own_put),
		cmocka_unit_test(unknown_code_is_named_if_nothing_else_is_left),
		cmocka_unit_test(unknown_never_outvotes_a_pipe),
		cmocka_unit_test(long_short_references_are_named),
		cmocka_unit_test(ksmd_that_was_met_twice_is_not_blamed),
		cmocka_unit_test(second_holder_is_named_by_its_gets),
		cmocka_unit_test(split_does_not_outvote_the_pipe),
		cmocka_unit_test(watching_does_not_make_it_worse),
		cmocka_unit_test(nameless_leak_has_its_facts),
		cmocka_unit_test(negative_count_is_an_accounting_bug),
		cmocka_unit_test(device_memory_is_not_over_budget),
		cmocka_unit_test(what_persists_is_not_transient),
		cmocka_unit_test(own_put_needs_no_name),
		cmocka_unit_test(mapping_that_fell_is_a_candidate),
		cmocka_unit_test(pin_is_there_as_a_whole),
		cmocka_unit_test(lasting_name_tells_the_mapping),
		cmocka_unit_test(fault_takes_the_rise),
		cmocka_unit_test(size_tells_the_truncation),
		cmocka_unit_test(gap_in_the_numbers_leaves_no_names),
		cmocka_unit_test(what_cancels_out_is_no_gap),
		cmocka_unit_test(what_comes_behind_the_end_is_no_gap),
		cmocka_unit_test(refcount_adds_up),
		cmocka_unit_test(poisoned_page_is_kept),
		cmocka_unit_test(holder_that_exited_is_told),
		cmocka_unit_test(watched_folios_have_a_balance),
		cmocka_unit_test(other_pages_do_not_matter),
		cmocka_unit_test(pins_of_large_folios_are_counted),
		cmocka_unit_test(a_short_reference_that_stayed_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
