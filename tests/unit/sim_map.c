// SPDX-License-Identifier: GPL-2.0
/*
 * Mappings: faults, forks, zaps, and what replaces a page; see sim.h.  Order
 * and sizes of the steps are those of Linux 6.12; the stacks tell who calls.
 */
#include "sim.h"

#include "sim_paths.h"

/* zap_pte_range(): the mapping goes, mmu_gather keeps the reference. */
bool sim_path_zap(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (sim_mapped(s) <= 0)
		return false;
	a->n = sim_on(s, SIM_BIG_PUT) ? sim_between(s, 1, sim_mapped(s)) : 1;
	a->ref[0] = sim_fall(s, a->n, MAPPED);
	SLEEP(a, sim_gather(s));
	sim_put(s, a->who, a->ref[0], a->n, TLB_PUT "unmap_region -do_munmap __vm_munmap "
		"__x64_sys_munmap " SYSCALL);
	DONE();
}

/* The same of a VM_LOCKED mapping: munlock takes a reference in between. */
bool sim_path_zap_mlocked(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (sim_mapped(s) <= 0 || s->order)
		return false;
	a->ref[0] = sim_fall(s, 1, MAPPED);
	NEXT(a);
	a->ref[1] = sim_get(s, a->who, 1, GET "munlock_folio -zap_pte_range -unmap_page_range "
			    "unmap_vmas exit_mmap " SYSCALL);
	SLEEP(a, sim_gather(s));
	sim_put(s, a->who, a->ref[0], 1, TLB_PUT "exit_mmap -__mmput mmput do_exit " SYSCALL);
	SLEEP(a, sim_gather(s));
	sim_put(s, sim_anybody(s), a->ref[1], 1, BATCH_PUT "-mlock_folio_batch mlock_drain_local "
		"lru_add_drain " SYSCALL);
	DONE();
}

/* try_to_unmap_one(): rmap and reference go one after the other. */
bool sim_path_reclaim(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->lru)
		return false;
	a->who.task = KSWAPD;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "-isolate_lru_folios -shrink_inactive_list "
			    "-shrink_lruvec shrink_node -balance_pgdat kswapd !kthread");
	s->lru = false;
	a->flag = !s->order && sim_on(s, SIM_CROWD);
	if (a->flag)
		a->ref[2] = sim_get(s, sim_anybody(s), 1, GET "mlock_folio -mlock_pte_range "
				    "walk_page_range -apply_vma_lock_flags __x64_sys_mlock " SYSCALL);
	LOCK(s, a);
	while (sim_mapped(s) > 0 && !s->order) {
		a->ref[1] = sim_fall(s, 1, MAPPED);
		NEXT(a);
		if (a->flag) {
			a->flag = 0;	/* of a VM_LOCKED mapping */
			sim_put(s, a->who, a->ref[2], 1, BATCH_PUT "-mlock_folio_batch "
				"mlock_drain_local -try_to_unmap_one rmap_walk_anon "
				"try_to_unmap -shrink_folio_list -shrink_lruvec kswapd !kthread");
			NEXT(a);
		}
		sim_put(s, a->who, a->ref[1], 1, PUT "-try_to_unmap_one rmap_walk_anon "
			"try_to_unmap -shrink_folio_list -shrink_lruvec kswapd !kthread");
		NEXT(a);
		if (!sim_pick(s, 3))
			break;
	}
	UNLOCK(s);
	s->lru = true;
	if (a->flag)
		sim_put(s, sim_anybody(s), a->ref[2], 1, BATCH_PUT "-mlock_folio_batch "
			"mlock_drain_local lru_add_drain " SYSCALL);
	sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "-move_folios_to_lru -shrink_inactive_list "
		"-shrink_lruvec shrink_node -balance_pgdat kswapd !kthread");
	DONE();
}

/* copy_present_ptes(); the child exits, or does not. */
bool sim_path_fork(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (sim_mapped(s) <= 0)
		return false;
	a->n = s->order ? sim_between(s, 1, sim_mapped(s)) : 1;
	a->ref[0] = sim_get(s, a->who, a->n, GET_N "-copy_present_ptes -copy_pte_range "
			    "copy_page_range -dup_mmap copy_process kernel_clone " SYSCALL);
	NEXT(a);
	if (!sim_pick(s, 5)) {
		/* pinned: the child gets a copy */
		sim_put(s, a->who, a->ref[0], a->n, PUT "-copy_present_ptes -copy_pte_range "
			"copy_page_range -dup_mmap copy_process kernel_clone " SYSCALL);
		return false;
	}
	sim_rise(s, a->ref[0], a->n, MAPPED);
	SLEEP(a, sim_between(s, 1, 30));
	if (!sim_pick(s, 3) || sim_mapped(s) < a->n)
		return false;
	a->who.task = GRACE;
	a->ref[0] = sim_fall(s, a->n, MAPPED);
	SLEEP(a, sim_gather(s));
	sim_put(s, a->who, a->ref[0], a->n, TLB_PUT "exit_mmap -__mmput mmput do_exit " SYSCALL);
	DONE();
}

/* finish_fault(): what filemap_fault() looked up becomes the mapping. */
bool sim_path_fault(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->cache)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "filemap_get_entry __filemap_get_folio "
			    "filemap_fault -__do_fault -do_fault handle_mm_fault " FAULT);
	SLEEP(a, sim_on(s, SIM_OLD_RISES) ? sim_between(s, 5, 60) : sim_pick(s, 3));
	LOCK(s, a);
	if (!s->cache) {
		sim_put(s, a->who, a->ref[0], 1, PUT "filemap_fault -__do_fault -do_fault "
			"handle_mm_fault " FAULT);
		return false;
	}
	if (sim_pick(s, 2))
		sim_get_zero(s, a->who, GET_N "finish_fault -do_fault handle_mm_fault " FAULT);
	NEXT(a);
	sim_rise(s, a->ref[0], 1, MAPPED);
	DONE();
}

/* Faults one by one, all of them zapped at once. */
bool sim_path_faults(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->cache || s->order != 9)
		return false;
	a->n = a->i = sim_between(s, 8, 48);
	while (a->i--) {
		if (!s->cache)
			return false;
		a->ref[0] = sim_get(s, a->who, 1, TRY_GET "filemap_get_entry __filemap_get_folio "
				    "filemap_fault -__do_fault -do_fault handle_mm_fault " FAULT);
		LOCK(s, a);
		if (!s->cache) {
			sim_put(s, a->who, a->ref[0], 1, PUT "filemap_fault -__do_fault -do_fault "
				"handle_mm_fault " FAULT);
			return false;
		}
		sim_rise(s, a->ref[0], 1, MAPPED);
		UNLOCK(s);
		if (!sim_pick(s, 4))
			NEXT(a);
	}
	SLEEP(a, sim_pick(s, 10));
	if (sim_mapped(s) < a->n)
		return false;
	a->ref[0] = sim_fall(s, a->n, MAPPED);
	SLEEP(a, sim_gather(s));
	sim_put(s, a->who, a->ref[0], a->n, TLB_PUT "exit_mmap -__mmput mmput do_exit " SYSCALL);
	DONE();
}

/* filemap_map_order0_folio(): rmap first, then the reference. */
bool sim_path_map_around(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->cache)
		return false;
	a->n = s->order && sim_on(s, SIM_BIG_PUT) ? sim_between(s, 1, sim_nr_pages(s)) : 1;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "-next_uptodate_folio filemap_map_pages "
			    "-do_fault handle_mm_fault " FAULT);
	NEXT(a);
	if (!s->cache || s->locked)
		goto out;
	s->locked = a;
	sim_rise_owed(s, a->n);
	SLEEP(a, sim_on(s, SIM_MAP_AROUND) ? sim_pick(s, 4) : 0);
	sim_get_owed(s, a->who, a->n, GET_N "filemap_map_pages -do_fault handle_mm_fault " FAULT);
	NEXT(a);
out:
	sim_put(s, a->who, a->ref[0], 1, PUT "filemap_map_pages -do_fault handle_mm_fault " FAULT);
	DONE();
}

/* __split_huge_pmd_locked() of an anonymous THP */
bool sim_path_pmd_split(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->anon || s->order != 9 || s->mapped != 1)
		return false;
	a->ref[0] = sim_get(s, a->who, 511, GET_N "-__split_huge_pmd_locked __split_huge_pmd "
			    "-zap_pmd_range unmap_page_range madvise_dontneed_free " SYSCALL);
	NEXT(a);
	if (s->mapped != 1)
		return false;
	sim_rise_owed(s, 1);
	sim_rise(s, a->ref[0], 511, MAPPED);
	NEXT(a);
	s->mapped--;
	s->owed--;
	DONE();
}

/* page_make_device_exclusive_one(): the entry keeps the mapping's reference. */
bool sim_path_device_exclusive(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->anon || sim_mapped(s) <= 0 || s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "?try_grab_folio -follow_page_pte "
			    "__get_user_pages get_user_pages_remote make_device_exclusive_range "
			    "=dmirror_exclusive@test_hmm =dmirror_fops_unlocked_ioctl@test_hmm " SYSCALL);
	LOCK(s, a);
	if (sim_mapped(s) > 0) {
		a->ref[1] = sim_fall(s, 1, MAPPED);
		a->flag = 1;
	}
	NEXT(a);
	UNLOCK(s);
	sim_put(s, a->who, a->ref[0], 1, PUT "=dmirror_exclusive@test_hmm "
		"=dmirror_fops_unlocked_ioctl@test_hmm "
		SYSCALL);
	SLEEP(a, sim_between(s, 5, 60));
	if (!a->flag || !sim_pick(s, 3))
		return false;
	/* remove_device_exclusive_entry() */
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "-remove_device_exclusive_entry do_swap_page "
			    "handle_mm_fault " FAULT);
	LOCK(s, a);
	sim_rise(s, a->ref[1], 1, MAPPED);
	NEXT(a);
	sim_put(s, a->who, a->ref[0], 1, PUT "-remove_device_exclusive_entry do_swap_page "
		"handle_mm_fault " FAULT);
	DONE();
}

/* replace_page() of KSM: this folio is the one that is replaced. */
bool sim_path_ksm(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->anon || sim_mapped(s) <= 0 || s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "?try_grab_folio -follow_page_pte "
			    "-scan_get_next_rmap_item ksm_scan_thread !kthread");
	LOCK(s, a);
	if (sim_mapped(s) > 0) {
		a->ref[1] = sim_fall(s, 1, MAPPED);
		NEXT(a);
		sim_put(s, a->who, a->ref[1], 1, PUT "-replace_page -try_to_merge_one_page "
			"-cmp_and_merge_page ksm_scan_thread !kthread");
	}
	UNLOCK(s);
	NEXT(a);
	sim_put(s, a->who, a->ref[0], 1, PUT "ksm_scan_thread !kthread");
	DONE();
}

/* do_wp_page(), wp_page_copy(): one more, one mapping less, two put. */
bool sim_path_cow(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (sim_mapped(s) <= 0)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "do_wp_page handle_mm_fault " FAULT);
	NEXT(a);
	if (sim_mapped(s) > 0) {
		a->ref[1] = sim_fall(s, 1, MAPPED);
		NEXT(a);
		sim_put(s, a->who, a->ref[1], 1, PUT "-wp_page_copy do_wp_page handle_mm_fault "
			FAULT);
	}
	NEXT(a);
	sim_put(s, a->who, a->ref[0], 1, PUT "-wp_page_copy do_wp_page handle_mm_fault " FAULT);
	DONE();
}
