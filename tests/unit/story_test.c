// SPDX-License-Identifier: GPL-2.0
/*
 * Stories with neighbours: what bug reports and the paths of design told, with
 * the stacks that 6.12 has there, while others map, zap, swap and read beside it.
 */
#include "told.h"

/* VFIO of an older guest: given back by RCU, on top of the victim. */
static void rcu_on_top_of_the_victim(struct page *p)
{
	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 3);
	told_softirq(p, VICTIM, -1, "vfio_unpin_rcu_cb rcu_do_batch rcu_core" SOFTIRQ);
	told_migrates(p);
}

/* KVM: one virtual processor takes, another gives back. */
static void another_thread_gives_back(struct page *p)
{
	told_anonymous(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1, "get_user_pages_fast_only hva_to_pfn __kvm_faultin_pfn "
	    "kvm_tdp_page_fault kvm_arch_vcpu_ioctl_run kvm_vcpu_ioctl" SYSCALL);
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 3);
	told_ref(p, SECOND, -1, "kvm_release_pfn_clean kvm_mmu_unmap kvm_arch_vcpu_ioctl_run" SYSCALL);
	told_migrates(p);
}

/* NFS: a write takes, a kworker gives back. */
static void worker_of_a_file_system(struct page *p)
{
	told_cached(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1, "nfs_page_create_from_folio nfs_setup_write_request nfs_write_end "
	    "generic_perform_write nfs_file_write vfs_write" SYSCALL);
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 4);
	told_ref(p, KWORKER, -1, "nfs_page_group_destroy nfs_write_completion rpc_async_schedule" WORKER);
	told_migrates(p);
}

/* O_DIRECT: an interrupt on top of the victim ends the I/O. */
static void interrupt_ends_the_io(struct page *p)
{
	told_anonymous(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1, "__iov_iter_get_pages_alloc iov_iter_extract_pages "
	    "bio_iov_iter_get_pages __blkdev_direct_IO_async blkdev_read_iter vfs_read" SYSCALL);
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 2);
	told_softirq(p, VICTIM, -1, "bio_release_pages bio_check_pages_dirty blk_complete_reqs" SOFTIRQ);
	told_migrates(p);
}

/* A file is removed beside a page that somebody leaked. */
static void truncation_beside_a_leak(struct page *p)
{
	p->maps = p->cache = 1;
	p->s.count = 2;
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 1);
	p->maps--;
	told_ref(p, INNOCENT, -1, ZAP);
	told_attempts(p, 1);
	told_ref(p, OTHERS, 1, "find_lock_entries truncate_inode_pages_range evict" SYSCALL);
	p->cache--;
	told_ref(p, OTHERS, -1, "filemap_remove_folio truncate_inode_pages_range evict" SYSCALL);
	told_ref(p, OTHERS, -1, "folios_put_refs truncate_inode_pages_range evict" SYSCALL);
}

static void fork_beside(struct page *p)
{
	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 1);
	told_ref(p, INNOCENT, 1, "copy_present_ptes copy_pte_range copy_page_range dup_mmap "
	    "copy_process kernel_clone" SYSCALL);
	p->maps++;
	told_attempts(p, 1);
	p->maps--;
	told_ref(p, OTHERS, -1, ZAP);
	told_attempts(p, 1);
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	told_migrates(p);
}

/* kswapd isolates the page between all attempts. */
static void reclaim_beside(struct page *p)
{
	int i;

	told_cached(p);
	told_ref(p, CULPRIT, 1, "");
	for (i = 0; i < 3; i++) {
		told_attempts(p, 1);
		told_ref(p, INNOCENT, 1, "isolate_lru_folios shrink_inactive_list shrink_lruvec "
		    "shrink_node balance_pgdat kswapd" THREAD);
		told_wait(p, 4);
		told_ref(p, INNOCENT, -1, "move_folios_to_lru shrink_inactive_list shrink_lruvec "
		    "shrink_node balance_pgdat kswapd" THREAD);
	}
	told_ref(p, CULPRIT, -1, "myfs_release_batch myfs_file_release __fput" SYSCALL);
	told_migrates(p);
}

/* The page is swapped out and in again. */
static void swap_beside(struct page *p)
{
	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 1);
	told_ref(p, INNOCENT, 1, "isolate_lru_folios shrink_inactive_list shrink_node kswapd" THREAD);
	told_ref(p, INNOCENT, 1, "add_to_swap_cache add_to_swap shrink_folio_list kswapd" THREAD);
	p->cache++;
	p->maps--;
	told_ref(p, INNOCENT, -1, "try_to_unmap_one rmap_walk_anon try_to_unmap shrink_folio_list "
	    "kswapd" THREAD);
	told_ref(p, INNOCENT, -1, "move_folios_to_lru shrink_inactive_list kswapd" THREAD);
	told_attempts(p, 1);
	told_ref(p, OTHERS, 1, "swap_cache_get_folio do_swap_page handle_mm_fault exc_page_fault");
	p->maps++;
	p->cache--;
	told_ref(p, OTHERS, -1, "delete_from_swap_cache folio_free_swap do_swap_page "
	    "handle_mm_fault exc_page_fault");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	told_migrates(p);
}

/* Four children find the page in the swap cache, map it, and exit. */
static void readers_of_the_swap_cache(struct page *p)
{
	int i;

	p->maps = p->cache = 1;
	p->s.count = 2;
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 1);
	for (i = 0; i < 4; i++) {
		told_ref(p, INNOCENT + 10 + i, 1, "filemap_get_entry swap_cache_get_folio do_swap_page "
		    "handle_mm_fault exc_page_fault");
		p->maps++;
	}
	told_attempts(p, 1);
	for (i = 0; i < 4; i++) {
		p->maps--;
		told_ref(p, INNOCENT + 10 + i, -1, ZAP);
	}
	told_attempts(p, 1);
	told_ref(p, CULPRIT, -1, "mydrv_free@mydrv mydrv_release@mydrv __fput" SYSCALL);
	told_migrates(p);
}

/* A uprobe replaces the page that a pipe holds. */
static void uprobe_beside(struct page *p)
{
	p->maps = p->cache = 1;
	p->s.count = 2;
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 1);
	told_ref(p, INNOCENT, 1, "get_user_page_vma_remote uprobe_write_opcode install_breakpoint "
	    "register_for_each_vma uprobe_register perf_trace_event_init" SYSCALL);
	p->maps--;
	told_ref(p, INNOCENT, -1, "__replace_page uprobe_write_opcode install_breakpoint "
	    "register_for_each_vma uprobe_register perf_trace_event_init" SYSCALL);
	told_ref(p, INNOCENT, -1, "uprobe_write_opcode install_breakpoint register_for_each_vma "
	    "uprobe_register perf_trace_event_init" SYSCALL);
	told_attempts(p, 1);
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	told_migrates(p);
}

/* ksmd looks at the page between the attempts. */
static void ksm_beside(struct page *p)
{
	int i;

	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	for (i = 0; i < 3; i++) {
		told_attempts(p, 1);
		told_ref(p, INNOCENT, 1, "follow_page_pte get_mergeable_page ksm_scan_thread" THREAD);
		told_ref(p, INNOCENT, -1, "cmp_and_merge_page ksm_scan_thread" THREAD);
	}
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	told_migrates(p);
}

/* A PMD is split under a held THP. */
static void split_of_a_pmd_beside(struct page *p)
{
	p->s.order = 9;
	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 1);
	told_ref(p, INNOCENT, 511, "__split_huge_pmd_locked __split_huge_pmd change_huge_pmd "
	    "mprotect_fixup" SYSCALL);
	p->maps += 511;
	told_fails(p, 0, "migrate_folio_move" MIGRATE);
	told_wait(p, 9);
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	p->maps -= 512;
	told_ref(p, INNOCENT, -512, ZAP);
	scene_end(&p->s, WHY_FREED, 0);
}

/* Soft offline takes and isolates for itself, three times. */
static void soft_offline_of_a_held_page(struct page *p)
{
#define SOFT " soft_offline_page madvise_inject_error do_madvise" SYSCALL
	int i;

	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	for (i = 0; i < 3; i++) {
		told_ref(p, VICTIM, 1, "get_any_page get_hwpoison_page" SOFT);
		told_ref(p, VICTIM, 1, "folio_isolate_lru isolate_folio" SOFT);
		told_ref(p, VICTIM, -1, "soft_offline_in_use_page" SOFT);
		p->maps--;
		told_ref(p, VICTIM, -1, "try_to_migrate_one try_to_migrate migrate_pages_batch "
		    "migrate_pages" SOFT);
		told_fails(p, 1, "migrate_folio_move migrate_pages_batch migrate_pages" SOFT);
		told_ref(p, VICTIM, 1, "remove_migration_pte remove_migration_ptes "
		    "migrate_pages_batch migrate_pages" SOFT);
		p->maps++;
		told_ref(p, VICTIM, -1, "folio_putback_lru migrate_pages_batch migrate_pages" SOFT);
		told_wait(p, 20);
	}
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* 16 pins of a small folio, dropped at once by a kworker. */
static void pins_dropped_at_once(struct page *p)
{
	int i;

	told_anonymous(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	for (i = 0; i < 16; i++)
		told_ref(p, CULPRIT, 1024, "pin_user_pages_fast amdgpu_ttm_tt_get_user_pages@amdgpu "
		    "amdgpu_cs_ioctl@amdgpu" SYSCALL);
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 2);
	told_ref(p, KWORKER, -16384, "unpin_user_pages amdgpu_ttm_tt_unpopulate@amdgpu" WORKER);
	told_migrates(p);
}

/* tee(2): one pipe's buffer becomes two; the second stays longer. */
static void tee_of_a_pipe(struct page *p)
{
	told_anonymous(p);
	told_ref(p, SECOND, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1, "generic_pipe_buf_get link_pipe do_tee __x64_sys_tee" SYSCALL);
	told_attempts(p, 1);
	told_ref(p, SECOND, -1, "generic_pipe_buf_release pipe_read vfs_read" SYSCALL);
	told_attempts(p, 2);
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	told_migrates(p);
}

/* Taken, and its task exits without giving it back. */
static void task_exits_and_leaks(struct page *p)
{
	told_anonymous(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1, "get_user_pages_fast leaky_ioctl@leaky __x64_sys_ioctl" SYSCALL);
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 1);
	p->maps--;
	told_ref(p, CULPRIT, -1, ZAP);
	told_attempts(p, 3);
}

/* XPMEM: a fault of one process takes, another gives back. */
static void fault_of_a_driver_takes(struct page *p)
{
	told_anonymous(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1, "xpmem_ensure_valid_page@xpmem xpmem_fault_handler@xpmem __do_fault "
	    "do_fault handle_mm_fault exc_page_fault");
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 3);
	told_ref(p, SECOND, -1, "xpmem_unpin_pages@xpmem xpmem_detach@xpmem __x64_sys_ioctl" SYSCALL);
	told_migrates(p);
}

/* More is given back than was taken. */
static void given_back_twice(struct page *p)
{
	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, -1024, "unpin_user_pages badrv_close@badrv __fput" SYSCALL);
}

/* Nobody ever gives it back, and nobody is on record. */
static void nothing_is_on_record(struct page *p)
{
	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 3);
}

static const struct story stories[] = {
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

int main(void)
{
	return told_main(stories, sizeof(stories) / sizeof(stories[0]));
}
