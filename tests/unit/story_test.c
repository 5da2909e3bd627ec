// SPDX-License-Identifier: GPL-2.0
/*
 * Stories of real paths of the kernel, each with a known truth: what bug
 * reports and the paths of design told, with the stacks that 6.12 has there.
 * Each is told three times: as compiled, with the innermost function of each
 * stack inlined, and with the suffixes that a compiler appends to names.
 */
#include "scene.h"

#include <stdio.h>
#include <string.h>

/* One folio, and what is expected of it. */
struct page {
	struct scene s;
	int32_t maps;		/* mappings, with a reference each */
	int32_t cache;		/* references of a cache and of private data */
	bool inlined;		/* the innermost function is nowhere to be seen */
	bool suffixed;
	bool again;		/* it failed before */
};

enum { CULPRIT = 200, SECOND, INNOCENT, OTHERS };

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

static const char *told(const struct page *p, const char *names, char *text, size_t room)
{
	size_t used = 0;
	const char *end;

	if (p->inlined && strchr(names, ' '))
		names = strchr(names, ' ') + 1;
	if (!p->suffixed)
		return names;
	for (; *names; names = *end ? end + 1 : end) {
		end = names + strcspn(names, " ");
		used += snprintf(text + used, room - used, "%.*s%s ",
				 (int)strcspn(names, " @"), names,
				 strcspn(names, " @") < (size_t)(end - names) ? "" :
				 ".llvm.4711");
		if (strcspn(names, " @") < (size_t)(end - names))
			used += snprintf(text + used - 1, room - used, "%.*s ",
					 (int)(end - names - strcspn(names, " @")),
					 names + strcspn(names, " @")) - 1;
	}
	return text;
}

static void sample(struct page *p)
{
	p->s.expected = p->maps + p->cache;
}

static void ref(struct page *p, int pid, int32_t delta, const char *names)
{
	char text[512];

	sample(p);
	if (p->s.id)
		scene_ref(&p->s, pid, delta, told(p, names, text, sizeof(text)));
	else
		p->s.count += delta;
}

/* In an interrupt on top of a task. */
static void softirq(struct page *p, int pid, int32_t delta, const char *names)
{
	p->s.ctx = CTX_SOFTIRQ;
	ref(p, pid, delta, names);
	p->s.ctx = CTX_TASK;
}

static void wait_ms(struct page *p, unsigned int ms)
{
	p->s.ts += ms * 1000000ull;
}

static void fails(struct page *p, int32_t own, const char *names)
{
	char text[512];
	struct pin_event ev;

	p->s.id = 1;
	p->s.own = own;
	sample(p);
	ev = scene_fail(&p->s, 0);
	ev.marked = p->again ? MARKED_AGAIN : MARKED_NEW;
	ev.stack = scene_stack(&p->s, told(p, names, text, sizeof(text)));
	p->again = true;
	scene_feed(&p->s, ev);
}

/* The victim isolates, unmaps, fails, maps again and puts back. */
static void attempt(struct page *p)
{
	int32_t maps = p->maps;

	ref(p, VICTIM, 1, ISOLATE);
	while (p->maps) {
		p->maps--;
		ref(p, VICTIM, -1, UNMAP);
	}
	fails(p, 1, "migrate_folio_move" MIGRATE);
	while (p->maps < maps) {
		ref(p, VICTIM, 1, REMAP);
		p->maps++;
	}
	ref(p, VICTIM, -1, PUTBACK);
	wait_ms(p, 20);
}

static void attempts(struct page *p, int nr)
{
	while (nr--)
		attempt(p);
}

/* With nothing in the way any more. */
static void migrates(struct page *p)
{
	wait_ms(p, 3);
	ref(p, VICTIM, 1, ISOLATE);
	while (p->maps) {
		p->maps--;
		ref(p, VICTIM, -1, UNMAP);
	}
	if (p->cache) {
		int32_t all = p->s.count, left = all - p->cache;

		ref(p, VICTIM, -all, "folio_migrate_mapping __migrate_folio" MIGRATE);
		p->cache = 0;
		ref(p, VICTIM, left, "folio_migrate_mapping __migrate_folio" MIGRATE);
	}
	ref(p, VICTIM, -p->s.count, "migrate_folio_done" MIGRATE);
	scene_end(&p->s, WHY_FREED, 0);
}

/* Folios as a driver, a file system and a process have them. */
static void anonymous(struct page *p)
{
	p->maps = p->s.count = 1;
}

static void cached(struct page *p)
{
	p->cache = p->s.count = 1;
}

/* === Stories ============================================================== */

/* VFIO of an older guest: given back by RCU, on top of the victim. */
static void rcu_on_top_of_the_victim(struct page *p)
{
	anonymous(p);
	ref(p, CULPRIT, 1, "");
	attempts(p, 3);
	softirq(p, VICTIM, -1, "vfio_unpin_rcu_cb rcu_do_batch rcu_core" SOFTIRQ);
	migrates(p);
}

/* KVM: one virtual processor takes, another gives back. */
static void another_thread_gives_back(struct page *p)
{
	anonymous(p);
	ref(p, OTHERS, 1, "");
	attempt(p);
	ref(p, CULPRIT, 1, "get_user_pages_fast_only hva_to_pfn __kvm_faultin_pfn "
	    "kvm_tdp_page_fault kvm_arch_vcpu_ioctl_run kvm_vcpu_ioctl" SYSCALL);
	ref(p, OTHERS, -1, PIPE_PUT);
	attempts(p, 3);
	ref(p, SECOND, -1, "kvm_release_pfn_clean kvm_mmu_unmap kvm_arch_vcpu_ioctl_run" SYSCALL);
	migrates(p);
}

/* NFS: a write takes, a kworker gives back. */
static void worker_of_a_file_system(struct page *p)
{
	cached(p);
	ref(p, OTHERS, 1, "");
	attempt(p);
	ref(p, CULPRIT, 1, "nfs_page_create_from_folio nfs_setup_write_request nfs_write_end "
	    "generic_perform_write nfs_file_write vfs_write" SYSCALL);
	ref(p, OTHERS, -1, PIPE_PUT);
	attempts(p, 4);
	ref(p, KWORKER, -1, "nfs_page_group_destroy nfs_write_completion rpc_async_schedule" WORKER);
	migrates(p);
}

/* O_DIRECT: an interrupt on top of the victim ends the I/O. */
static void interrupt_ends_the_io(struct page *p)
{
	anonymous(p);
	ref(p, OTHERS, 1, "");
	attempt(p);
	ref(p, CULPRIT, 1, "__iov_iter_get_pages_alloc iov_iter_extract_pages "
	    "bio_iov_iter_get_pages __blkdev_direct_IO_async blkdev_read_iter vfs_read" SYSCALL);
	ref(p, OTHERS, -1, PIPE_PUT);
	attempts(p, 2);
	softirq(p, VICTIM, -1, "bio_release_pages bio_check_pages_dirty blk_complete_reqs" SOFTIRQ);
	migrates(p);
}

/* A file is removed beside a page that somebody leaked. */
static void truncation_beside_a_leak(struct page *p)
{
	p->maps = p->cache = 1;
	p->s.count = 2;
	ref(p, CULPRIT, 1, "");
	attempt(p);
	p->maps--;
	ref(p, INNOCENT, -1, ZAP);
	attempt(p);
	ref(p, OTHERS, 1, "find_lock_entries truncate_inode_pages_range evict" SYSCALL);
	p->cache--;
	ref(p, OTHERS, -1, "filemap_remove_folio truncate_inode_pages_range evict" SYSCALL);
	ref(p, OTHERS, -1, "folios_put_refs truncate_inode_pages_range evict" SYSCALL);
}

static void fork_beside(struct page *p)
{
	anonymous(p);
	ref(p, CULPRIT, 1, "");
	attempt(p);
	ref(p, INNOCENT, 1, "copy_present_ptes copy_pte_range copy_page_range dup_mmap "
	    "copy_process kernel_clone" SYSCALL);
	p->maps++;
	attempt(p);
	p->maps--;
	ref(p, OTHERS, -1, ZAP);
	attempt(p);
	ref(p, CULPRIT, -1, PIPE_PUT);
	migrates(p);
}

/* kswapd isolates the page between all attempts. */
static void reclaim_beside(struct page *p)
{
	int i;

	cached(p);
	ref(p, CULPRIT, 1, "");
	for (i = 0; i < 3; i++) {
		attempt(p);
		ref(p, INNOCENT, 1, "isolate_lru_folios shrink_inactive_list shrink_lruvec "
		    "shrink_node balance_pgdat kswapd" THREAD);
		wait_ms(p, 4);
		ref(p, INNOCENT, -1, "move_folios_to_lru shrink_inactive_list shrink_lruvec "
		    "shrink_node balance_pgdat kswapd" THREAD);
	}
	ref(p, CULPRIT, -1, "myfs_release_batch myfs_file_release __fput" SYSCALL);
	migrates(p);
}

/* The page is swapped out and in again. */
static void swap_beside(struct page *p)
{
	anonymous(p);
	ref(p, CULPRIT, 1, "");
	attempt(p);
	ref(p, INNOCENT, 1, "isolate_lru_folios shrink_inactive_list shrink_node kswapd" THREAD);
	ref(p, INNOCENT, 1, "add_to_swap_cache add_to_swap shrink_folio_list kswapd" THREAD);
	p->cache++;
	p->maps--;
	ref(p, INNOCENT, -1, "try_to_unmap_one rmap_walk_anon try_to_unmap shrink_folio_list "
	    "kswapd" THREAD);
	ref(p, INNOCENT, -1, "move_folios_to_lru shrink_inactive_list kswapd" THREAD);
	attempt(p);
	ref(p, OTHERS, 1, "swap_cache_get_folio do_swap_page handle_mm_fault exc_page_fault");
	p->maps++;
	p->cache--;
	ref(p, OTHERS, -1, "delete_from_swap_cache folio_free_swap do_swap_page "
	    "handle_mm_fault exc_page_fault");
	attempt(p);
	ref(p, CULPRIT, -1, PIPE_PUT);
	migrates(p);
}

/* Four children find the page in the swap cache, map it, and exit. */
static void readers_of_the_swap_cache(struct page *p)
{
	int i;

	p->maps = p->cache = 1;
	p->s.count = 2;
	ref(p, CULPRIT, 1, "");
	attempt(p);
	for (i = 0; i < 4; i++) {
		ref(p, INNOCENT + 10 + i, 1, "filemap_get_entry swap_cache_get_folio do_swap_page "
		    "handle_mm_fault exc_page_fault");
		p->maps++;
	}
	attempt(p);
	for (i = 0; i < 4; i++) {
		p->maps--;
		ref(p, INNOCENT + 10 + i, -1, ZAP);
	}
	attempt(p);
	ref(p, CULPRIT, -1, "mydrv_free@mydrv mydrv_release@mydrv __fput" SYSCALL);
	migrates(p);
}

/* A uprobe replaces the page that a pipe holds. */
static void uprobe_beside(struct page *p)
{
	p->maps = p->cache = 1;
	p->s.count = 2;
	ref(p, CULPRIT, 1, "");
	attempt(p);
	ref(p, INNOCENT, 1, "get_user_page_vma_remote uprobe_write_opcode install_breakpoint "
	    "register_for_each_vma uprobe_register perf_trace_event_init" SYSCALL);
	p->maps--;
	ref(p, INNOCENT, -1, "__replace_page uprobe_write_opcode install_breakpoint "
	    "register_for_each_vma uprobe_register perf_trace_event_init" SYSCALL);
	ref(p, INNOCENT, -1, "uprobe_write_opcode install_breakpoint register_for_each_vma "
	    "uprobe_register perf_trace_event_init" SYSCALL);
	attempt(p);
	ref(p, CULPRIT, -1, PIPE_PUT);
	migrates(p);
}

/* ksmd looks at the page between the attempts. */
static void ksm_beside(struct page *p)
{
	int i;

	anonymous(p);
	ref(p, CULPRIT, 1, "");
	for (i = 0; i < 3; i++) {
		attempt(p);
		ref(p, INNOCENT, 1, "follow_page_pte get_mergeable_page ksm_scan_thread" THREAD);
		ref(p, INNOCENT, -1, "cmp_and_merge_page ksm_scan_thread" THREAD);
	}
	ref(p, CULPRIT, -1, PIPE_PUT);
	migrates(p);
}

/* A PMD is split under a held THP. */
static void split_of_a_pmd_beside(struct page *p)
{
	p->s.order = 9;
	anonymous(p);
	ref(p, CULPRIT, 1, "");
	attempt(p);
	ref(p, INNOCENT, 511, "__split_huge_pmd_locked __split_huge_pmd change_huge_pmd "
	    "mprotect_fixup" SYSCALL);
	p->maps += 511;
	fails(p, 0, "migrate_folio_move" MIGRATE);
	wait_ms(p, 9);
	ref(p, CULPRIT, -1, PIPE_PUT);
	p->maps -= 512;
	ref(p, INNOCENT, -512, ZAP);
	scene_end(&p->s, WHY_FREED, 0);
}

/* Soft offline takes and isolates for itself, three times. */
static void soft_offline_of_a_held_page(struct page *p)
{
#define SOFT " soft_offline_page madvise_inject_error do_madvise" SYSCALL
	int i;

	anonymous(p);
	ref(p, CULPRIT, 1, "");
	for (i = 0; i < 3; i++) {
		ref(p, VICTIM, 1, "get_any_page get_hwpoison_page" SOFT);
		ref(p, VICTIM, 1, "folio_isolate_lru isolate_folio" SOFT);
		ref(p, VICTIM, -1, "soft_offline_in_use_page" SOFT);
		p->maps--;
		ref(p, VICTIM, -1, "try_to_migrate_one try_to_migrate migrate_pages_batch "
		    "migrate_pages" SOFT);
		fails(p, 1, "migrate_folio_move migrate_pages_batch migrate_pages" SOFT);
		ref(p, VICTIM, 1, "remove_migration_pte remove_migration_ptes "
		    "migrate_pages_batch migrate_pages" SOFT);
		p->maps++;
		ref(p, VICTIM, -1, "folio_putback_lru migrate_pages_batch migrate_pages" SOFT);
		wait_ms(p, 20);
	}
	ref(p, CULPRIT, -1, PIPE_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* 16 pins of a small folio, dropped at once by a kworker. */
static void pins_dropped_at_once(struct page *p)
{
	int i;

	anonymous(p);
	ref(p, OTHERS, 1, "");
	attempt(p);
	for (i = 0; i < 16; i++)
		ref(p, CULPRIT, 1024, "pin_user_pages_fast amdgpu_ttm_tt_get_user_pages@amdgpu "
		    "amdgpu_cs_ioctl@amdgpu" SYSCALL);
	ref(p, OTHERS, -1, PIPE_PUT);
	attempts(p, 2);
	ref(p, KWORKER, -16384, "unpin_user_pages amdgpu_ttm_tt_unpopulate@amdgpu" WORKER);
	migrates(p);
}

/* tee(2): one pipe's buffer becomes two; the second stays longer. */
static void tee_of_a_pipe(struct page *p)
{
	anonymous(p);
	ref(p, SECOND, 1, "");
	attempt(p);
	ref(p, CULPRIT, 1, "generic_pipe_buf_get link_pipe do_tee __x64_sys_tee" SYSCALL);
	attempt(p);
	ref(p, SECOND, -1, "generic_pipe_buf_release pipe_read vfs_read" SYSCALL);
	attempts(p, 2);
	ref(p, CULPRIT, -1, PIPE_PUT);
	migrates(p);
}

/* Taken, and its task exits without giving it back. */
static void task_exits_and_leaks(struct page *p)
{
	anonymous(p);
	ref(p, OTHERS, 1, "");
	attempt(p);
	ref(p, CULPRIT, 1, "get_user_pages_fast leaky_ioctl@leaky __x64_sys_ioctl" SYSCALL);
	ref(p, OTHERS, -1, PIPE_PUT);
	attempt(p);
	p->maps--;
	ref(p, CULPRIT, -1, ZAP);
	attempts(p, 3);
}

/* XPMEM: a fault of one process takes, another gives back. */
static void fault_of_a_driver_takes(struct page *p)
{
	anonymous(p);
	ref(p, OTHERS, 1, "");
	attempt(p);
	ref(p, CULPRIT, 1, "xpmem_ensure_valid_page@xpmem xpmem_fault_handler@xpmem __do_fault "
	    "do_fault handle_mm_fault exc_page_fault");
	ref(p, OTHERS, -1, PIPE_PUT);
	attempts(p, 3);
	ref(p, SECOND, -1, "xpmem_unpin_pages@xpmem xpmem_detach@xpmem __x64_sys_ioctl" SYSCALL);
	migrates(p);
}

/* More is given back than was taken. */
static void given_back_twice(struct page *p)
{
	anonymous(p);
	ref(p, CULPRIT, 1, "");
	attempt(p);
	ref(p, CULPRIT, -1024, "unpin_user_pages badrv_close@badrv __fput" SYSCALL);
}

/* Nobody ever gives it back, and nobody is on record. */
static void nothing_is_on_record(struct page *p)
{
	anonymous(p);
	ref(p, CULPRIT, 1, "");
	attempts(p, 3);
}

/* === Truth ================================================================ */

static const struct story {
	const char *name;
	void (*tell)(struct page *p);
	enum verdict verdict;
	int culprit;		/* whose task the report knows, 0: nobody's */
	const char *function;	/* by which it knows him where the get is not on record */
} stories[] = {
	{ "rcu_on_top_of_the_victim", rcu_on_top_of_the_victim, VERDICT_NAMED, 0,
	  "vfio_unpin_rcu_cb" },
	{ "another_thread_gives_back", another_thread_gives_back, VERDICT_NAMED, CULPRIT },
	{ "worker_of_a_file_system", worker_of_a_file_system, VERDICT_NAMED, CULPRIT },
	{ "interrupt_ends_the_io", interrupt_ends_the_io, VERDICT_NAMED, CULPRIT },
	{ "truncation_beside_a_leak", truncation_beside_a_leak, VERDICT_NEVER_RELEASED, 0 },
	{ "fork_beside", fork_beside, VERDICT_NAMED, CULPRIT },
	{ "reclaim_beside", reclaim_beside, VERDICT_NAMED, CULPRIT },
	{ "swap_beside", swap_beside, VERDICT_NAMED, CULPRIT },
	{ "readers_of_the_swap_cache", readers_of_the_swap_cache, VERDICT_NAMED, CULPRIT },
	{ "uprobe_beside", uprobe_beside, VERDICT_NAMED, CULPRIT },
	{ "ksm_beside", ksm_beside, VERDICT_NAMED, CULPRIT },
	{ "split_of_a_pmd_beside", split_of_a_pmd_beside, VERDICT_NAMED, CULPRIT },
	{ "soft_offline_of_a_held_page", soft_offline_of_a_held_page, VERDICT_NAMED, CULPRIT },
	{ "pins_dropped_at_once", pins_dropped_at_once, VERDICT_NAMED, CULPRIT },
	{ "tee_of_a_pipe", tee_of_a_pipe, VERDICT_NAMED, CULPRIT },
	{ "task_exits_and_leaks", task_exits_and_leaks, VERDICT_NEVER_RELEASED, CULPRIT },
	{ "fault_of_a_driver_takes", fault_of_a_driver_takes, VERDICT_NAMED, CULPRIT },
	{ "given_back_twice", given_back_twice, VERDICT_BAD_COUNT, CULPRIT },
	{ "nothing_is_on_record", nothing_is_on_record, VERDICT_NEVER_RELEASED, 0 },
};

/* Is a claim about one that was in the way?  In these stories others are too. */
static bool is_true(const struct story *story, struct page *p, const struct failure *failure,
		    size_t i)
{
	int pid = scene_pid(&p->s, failure, i);

	/* the first of two, or what gave back what another took */
	return failure->claims[i].atomic || pid == story->culprit || pid == SECOND ||
	       pid == OTHERS || (pid == KWORKER && !scene_holder(&p->s, failure, i)->acquired);
}

static bool is_culprit(const struct story *story, struct page *p, const struct failure *failure,
		       size_t i)
{
	const struct holder *holder = scene_holder(&p->s, failure, i);

	if (story->function)
		return holder->release.function &&
		       strstr(holder->release.function, story->function);
	return scene_pid(&p->s, failure, i) == story->culprit;
}

static int judge(const struct story *story, struct page *p, const char *how)
{
	const struct failure *failure = scene_judge(&p->s);
	bool named = !story->culprit && !story->function;
	int faults = 0;
	size_t i;

	for (i = 0; i < failure->nr_claims; i++) {
		const struct claim *claim = &failure->claims[i];

		if (claim->confidence > 0.5 && !is_true(story, p, failure, i)) {
			print_error("%s, %s: %d is blamed (%.2f)\n", story->name, how,
				    scene_pid(&p->s, failure, i), claim->confidence);
			faults++;
		}
		named |= claim->confidence > 0.5 && is_culprit(story, p, failure, i);
	}
	if (p->inlined)
		return faults;
	if (failure->verdict != story->verdict) {
		print_error("%s, %s: verdict %d, not %d: %s\n", story->name, how,
			    failure->verdict, story->verdict, failure->why);
		faults++;
	}
	if (!named) {
		print_error("%s, %s: the culprit is not named\n", story->name, how);
		faults++;
	}
	return faults;
}

static int told_so(const struct story *story, bool inlined, bool suffixed)
{
	struct page p = { .inlined = inlined, .suffixed = suffixed };
	int faults;

	scene_open(&p.s, 0);
	p.s.id = 0;
	scene_valued(&p.s, 0, 0);
	story->tell(&p);
	faults = judge(story, &p, inlined ? "inlined" : suffixed ? "suffixed" : "as it is");
	scene_close(&p.s);
	return faults;
}

static void stories_have_their_truth(void **state)
{
	int faults = 0;
	size_t i;

	for (i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		faults += told_so(&stories[i], false, false);
		faults += told_so(&stories[i], true, false);
		faults += told_so(&stories[i], false, true);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_have_their_truth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
