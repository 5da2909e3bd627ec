/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Event streams made by hand.  A scene keeps the true refcount of one page at
 * a time, so that a test says who takes and drops, not what the events hold.
 */
#ifndef TEST_SCENE_H
#define TEST_SCENE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/classify.h"
#include "judge/findings.h"
#include "judge/ledger.h"
#include "show/rank.h"
#include "trace/stack.h"
#include "trace/task.h"
#include "trace/trace.h"

/* Stacks of what everybody does, innermost frame first. */
#define VMSPLICE_GET "try_grab_folio gup_fast_pte_range get_user_pages_fast " \
	"iov_iter_get_pages2 iter_to_pipe __do_sys_vmsplice"
#define VMSPLICE_PUT "folio_put generic_pipe_buf_release pipe_read vfs_read"
#define UMEM_GET "try_grab_folio gup_fast pin_user_pages_fast ib_umem_get@ib_uverbs"
#define UMEM_PUT "unpin_user_pages __ib_umem_release@ib_uverbs ib_umem_release@ib_uverbs"
#define LRU_GET "folio_get folio_add_lru do_anonymous_page"
#define LRU_PUT "folios_put_refs folio_batch_move_lru lru_add_drain_cpu"
#define FAULT_GET "folio_get do_anonymous_page handle_mm_fault"
#define ZAP_PUT "folio_put zap_pte_range unmap_page_range"
#define ISOLATE_GET "folio_try_get isolate_migratepages_block alloc_contig_range"
#define PUTBACK_PUT "folio_put putback_movable_pages alloc_contig_range"
#define FAIL_STACK "__page_pinner_fail migrate_pages __alloc_contig_migrate_range cma_alloc"

enum { VICTIM = 100, HOLDER, OTHER, KWORKER, BYSTANDER };

/**
 * struct scene - a recording in the making
 * @trace: the recording
 * @cl: built-in rules
 * @findings: results
 * @ledger: under test
 * @pfn: of the page that is acted on
 * @id: of its mark
 * @order: of its folio
 * @count: its refcount
 * @ts: time of the last event
 */
struct scene {
	struct trace trace;
	struct classifier *cl;
	struct findings findings;
	struct ledger *ledger;
	uint64_t pfn;
	uint32_t id;
	uint8_t order;
	int32_t count;
	uint64_t ts;
	uint32_t logged;	/* ops under the mark, if told in scene_end() */
	bool tells;
	bool valued;		/* events have the fields that the account is kept by */
	int32_t expected;	/* then: what mappings and caches account for now */
	int32_t own;		/* and what the failing code has itself */
	uint8_t ctx;		/* enum pin_ctx of what comes next */
	uint32_t seq;
	uint32_t skipped;	/* of those, what the kernel says cancels out */
};

/**
 * scene_open - one page with @count references, marked as number 1 once it fails
 * @s: the scene
 * @count: its references
 */
void scene_open(struct scene *s, int32_t count);

/**
 * scene_close - release everything
 * @s: the scene
 */
void scene_close(struct scene *s);

/**
 * scene_stack - the number of a stack
 * @s: the scene
 * @names: functions separated by blanks, innermost first; "name@module"
 *
 * Return: the number, STACK_NONE for an empty string.
 */
uint32_t scene_stack(struct scene *s, const char *names);

/**
 * scene_op - references are taken or dropped, the event is made but not fed
 * @s: the scene
 * @pid: by whom
 * @delta: how many
 * @names: the stack
 *
 * Return: the event, to be fed by scene_feed() when the test likes.
 */
struct pin_event scene_op(struct scene *s, int pid, int32_t delta, const char *names);

/**
 * scene_ref - the same, fed at once
 * @s: the scene
 * @pid: by whom
 * @delta: how many
 * @names: the stack
 */
void scene_ref(struct scene *s, int pid, int32_t delta, const char *names);

/**
 * scene_fail - a migration of alloc_contig by task VICTIM fails for an extra reference
 * @s: the scene
 * @unexpected: how many of the references are not expected
 *
 * Return: the event, not fed.
 */
struct pin_event scene_fail(struct scene *s, int32_t unexpected);

/**
 * scene_feed - the tool reads an event
 * @s: the scene
 * @ev: the event
 */
void scene_feed(struct scene *s, struct pin_event ev);

/**
 * scene_valued - from now on events say what was expected
 * @s: the scene
 * @expected: by mappings, caches and private data
 * @own: references of the failing code
 */
void scene_valued(struct scene *s, int32_t expected, int32_t own);

/**
 * scene_end - the mark ends
 * @s: the scene
 * @why: enum pin_why
 * @dropped: events that the kernel's budget left out
 */
void scene_end(struct scene *s, unsigned int why, uint32_t dropped);

/**
 * scene_lose - the recording has a hole
 * @s: the scene
 * @from_ns: since when
 */
void scene_lose(struct scene *s, uint64_t from_ns);

/**
 * scene_judge - the recording is over
 * @s: the scene
 *
 * Return: the first failure.
 */
struct failure *scene_judge(struct scene *s);

/**
 * scene_holder - who is blamed
 * @s: the scene, judged
 * @failure: for which failure
 * @i: index of the claim
 *
 * Return: the holder, NULL if there are fewer claims.
 */
struct holder *scene_holder(struct scene *s, const struct failure *failure, size_t i);

/**
 * scene_pid - the task of a claim
 * @s: the scene
 * @failure: the failure
 * @i: index of the claim
 *
 * Return: its pid.
 */
int scene_pid(struct scene *s, const struct failure *failure, size_t i);

#endif
