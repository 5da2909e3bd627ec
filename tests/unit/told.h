/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stories of real paths of the kernel, each with a known truth, and how they are
 * told: as compiled, with the innermost function of each stack inlined, with the
 * suffixes that a compiler appends to names, and without the later fields.
 */
#ifndef TEST_TOLD_H
#define TEST_TOLD_H

#include "scene.h"

/**
 * struct page - one folio, and what is expected of it
 * @s: the recording
 * @maps: mappings, with a reference each
 * @cache: references of a cache and of private data
 * @again: it failed before
 * @watched: what comes before it fails is on record, too
 * @inlined: the innermost function of each stack is nowhere to be seen
 * @suffixed: the compiler appended something to all names
 * @plain: events do not say what was expected
 */
struct page {
	struct scene s;
	int32_t maps;
	int32_t cache;
	bool again;
	bool watched;
	bool inlined;
	bool suffixed;
	bool plain;
};

enum { CULPRIT = 200, SECOND, INNOCENT, OTHERS };

/**
 * struct story - one story and its truth
 * @name: of the story
 * @tell: tells it
 * @verdict: what must be said of it as compiled
 * @culprit: whose task the report must name, 0: nobody's
 * @function: by which it must name him instead, NULL: by his task
 * @second: task that must be named as well, 0: nobody's
 * @attempts: the most that anybody blocked, 0: all
 * @unsure: the recording fits other stories as well: it may name others, but not surely
 */
struct story {
	const char *name;
	void (*tell)(struct page *p);
	enum verdict verdict;
	int culprit;
	const char *function;
	int second;
	uint64_t attempts;
	bool unsure;
};

/* Outer frames, and stacks of what everybody does, innermost function first. */
#define SYSCALL " do_syscall_64 entry_SYSCALL_64_after_hwframe"
#define THREAD " kthread ret_from_fork ret_from_fork_asm"
#define WORKER " process_one_work worker_thread" THREAD
#define SOFTIRQ " handle_softirqs irq_exit_rcu sysvec_apic_timer_interrupt " \
	"asm_sysvec_apic_timer_interrupt"
#define CMA " alloc_contig_range_noprof __cma_alloc dma_direct_alloc drv_probe" SYSCALL
#define MIGRATE " migrate_pages_batch migrate_pages __alloc_contig_migrate_range" CMA
#define UNMAP "try_to_migrate_one rmap_walk_anon try_to_migrate migrate_folio_unmap" MIGRATE
#define REMAP "remove_migration_pte rmap_walk_anon remove_migration_ptes" MIGRATE
#define ISOLATE "isolate_migratepages_block isolate_migratepages_range " \
	"__alloc_contig_migrate_range" CMA
#define PUTBACK "folio_putback_lru" MIGRATE
#define ZAP "folios_put_refs free_pages_and_swap_cache tlb_finish_mmu exit_mmap do_exit" SYSCALL
#define PIPE_PUT "generic_pipe_buf_release free_pipe_info pipe_release __fput" SYSCALL

/**
 * told_ref - references are taken or dropped
 * @p: the folio
 * @pid: by whom
 * @delta: how many
 * @names: the stack
 */
void told_ref(struct page *p, int pid, int32_t delta, const char *names);

/**
 * told_softirq - the same, in an interrupt on top of a task
 * @p: the folio
 * @pid: the task
 * @delta: how many
 * @names: the stack
 */
void told_softirq(struct page *p, int pid, int32_t delta, const char *names);

/**
 * told_wait - time goes by
 * @p: the folio
 * @ms: how much
 */
void told_wait(struct page *p, unsigned int ms);

/**
 * told_fails - its migration fails
 * @p: the folio
 * @own: references of the failing code
 * @names: the stack
 */
void told_fails(struct page *p, int32_t own, const char *names);

/**
 * told_attempts - the victim isolates, unmaps, maps again, fails and puts back
 * @p: the folio
 * @nr: so many times
 */
void told_attempts(struct page *p, int nr);

/**
 * told_call - one call of the victim's, which tries again at once
 * @p: the folio
 * @tries: so many times, with its own references all the while
 */
void told_call(struct page *p, int tries);

/**
 * told_migrates - an attempt with nothing in the way any more
 * @p: the folio
 */
void told_migrates(struct page *p);

/**
 * told_anonymous - the folio is a process's
 * @p: the folio
 */
void told_anonymous(struct page *p);

/**
 * told_cached - the folio is a file's
 * @p: the folio
 */
void told_cached(struct page *p);

/**
 * told_main - tell stories in all ways and judge the reports, as a test program
 * @stories: the stories
 * @nr: how many
 *
 * What is not true in a report is printed.
 *
 * Return: for main().
 */
int told_main(const struct story *stories, size_t nr);

#endif
