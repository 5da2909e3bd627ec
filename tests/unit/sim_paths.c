// SPDX-License-Identifier: GPL-2.0
/*
 * What memory management does to a folio beside the release that a test waits
 * for; see sim.h.  Order and sizes are those of Linux 6.12, the functions
 * named at each step say where.
 */
#include "sim.h"

#include "sim_paths.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

static int nr_pages(const struct sim *s)
{
	return 1 << s->order;
}

/* Mappings that have their reference: the page table lock is held till then. */
static int mapped(const struct sim *s)
{
	return s->mapped - s->owed;
}

static int gather(struct sim *s)
{
	return sim_on(s, SIM_LATE_PUT) ? sim_between(s, 2, 40) : sim_pick(s, 2);
}

static struct sim_who anybody(struct sim *s)
{
	static const uint8_t who[] = { CAROL, DAVE, ERIN, FRANK, GRACE, SIM_KWORKER };

	return (struct sim_who){ .task = who[sim_pick(s, ARRAY_LEN(who))] };
}

/* zap_pte_range(): the mapping goes, mmu_gather keeps the reference. */
static bool path_zap(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (mapped(s) <= 0)
		return false;
	a->n = sim_on(s, SIM_BIG_PUT) ? sim_between(s, 1, mapped(s)) : 1;
	a->ref[0] = sim_fall(s, a->n, MAPPED);
	SLEEP(a, gather(s));
	sim_put(s, a->who, a->ref[0], a->n, TLB_PUT "unmap_region -do_munmap __vm_munmap "
		"__x64_sys_munmap " SYSCALL);
	DONE();
}

/* The same of a VM_LOCKED mapping: munlock takes a reference in between. */
static bool path_zap_mlocked(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (mapped(s) <= 0 || s->order)
		return false;
	a->ref[0] = sim_fall(s, 1, MAPPED);
	NEXT(a);
	a->ref[1] = sim_get(s, a->who, 1, GET "munlock_folio -zap_pte_range -unmap_page_range "
			    "unmap_vmas exit_mmap " SYSCALL);
	SLEEP(a, gather(s));
	sim_put(s, a->who, a->ref[0], 1, TLB_PUT "exit_mmap -__mmput mmput do_exit " SYSCALL);
	SLEEP(a, gather(s));
	sim_put(s, anybody(s), a->ref[1], 1, BATCH_PUT "-mlock_folio_batch mlock_drain_local "
		"lru_add_drain " SYSCALL);
	DONE();
}

/* try_to_unmap_one(): rmap and reference go one after the other. */
static bool path_reclaim(struct sim *s, struct sim_actor *a)
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
		a->ref[2] = sim_get(s, anybody(s), 1, GET "mlock_folio -mlock_pte_range "
				    "walk_page_range -apply_vma_lock_flags __x64_sys_mlock " SYSCALL);
	LOCK(s, a);
	while (mapped(s) > 0 && !s->order) {
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
		sim_put(s, anybody(s), a->ref[2], 1, BATCH_PUT "-mlock_folio_batch "
			"mlock_drain_local lru_add_drain " SYSCALL);
	sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "-move_folios_to_lru -shrink_inactive_list "
		"-shrink_lruvec shrink_node -balance_pgdat kswapd !kthread");
	DONE();
}

/* copy_present_ptes(); the child exits, or does not. */
static bool path_fork(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (mapped(s) <= 0)
		return false;
	a->n = s->order ? sim_between(s, 1, mapped(s)) : 1;
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
	if (!sim_pick(s, 3) || mapped(s) < a->n)
		return false;
	a->who.task = GRACE;
	a->ref[0] = sim_fall(s, a->n, MAPPED);
	SLEEP(a, gather(s));
	sim_put(s, a->who, a->ref[0], a->n, TLB_PUT "exit_mmap -__mmput mmput do_exit " SYSCALL);
	DONE();
}

/* finish_fault(): what filemap_fault() looked up becomes the mapping. */
static bool path_fault(struct sim *s, struct sim_actor *a)
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
static bool path_faults(struct sim *s, struct sim_actor *a)
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
	if (mapped(s) < a->n)
		return false;
	a->ref[0] = sim_fall(s, a->n, MAPPED);
	SLEEP(a, gather(s));
	sim_put(s, a->who, a->ref[0], a->n, TLB_PUT "exit_mmap -__mmput mmput do_exit " SYSCALL);
	DONE();
}

/* filemap_map_order0_folio(): rmap first, then the reference. */
static bool path_map_around(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->cache)
		return false;
	a->n = s->order && sim_on(s, SIM_BIG_PUT) ? sim_between(s, 1, nr_pages(s)) : 1;
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

/* do_swap_page(): frees the swap cache, maps with the lookup's reference. */
static bool path_swapin(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->swap || s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "filemap_get_entry swap_cache_get_folio "
			    "do_swap_page handle_mm_fault " FAULT);
	SLEEP(a, sim_on(s, SIM_OLD_RISES) ? sim_between(s, 5, 60) : sim_pick(s, 3));
	LOCK(s, a);
	if (s->swap && sim_pick(s, 2)) {
		a->ref[1] = sim_fall(s, 1, SWAP);
		NEXT(a);
		sim_put(s, a->who, a->ref[1], 1, "?page_ref_sub ?folio_ref_sub "
			"delete_from_swap_cache folio_free_swap do_swap_page handle_mm_fault "
			FAULT);
		NEXT(a);
	}
	sim_get_zero(s, a->who, GET_N "do_swap_page handle_mm_fault " FAULT);
	NEXT(a);
	sim_rise(s, a->ref[0], 1, MAPPED);
	DONE();
}

/* add_to_swap_cache(), and out of it again. */
static bool path_swap_cache(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->anon || s->swap)
		return false;
	a->n = nr_pages(s);
	a->ref[0] = sim_get(s, a->who, a->n, GET_N "add_to_swap_cache add_to_swap "
			    "-shrink_folio_list -shrink_lruvec kswapd !kthread");
	if (nr_pages(s) == a->n && !s->swap)
		sim_rise(s, a->ref[0], a->n, SWAP);
	SLEEP(a, sim_between(s, 1, 30));
	LOCK(s, a);
	if (s->swap != a->n || nr_pages(s) != a->n)
		return false;
	a->ref[0] = sim_fall(s, a->n, SWAP);
	SLEEP(a, gather(s) / 4);
	sim_put(s, a->who, a->ref[0], a->n, "?page_ref_sub ?folio_ref_sub "
		"delete_from_swap_cache folio_free_swap -free_swap_cache "
		"free_pages_and_swap_cache tlb_finish_mmu " SYSCALL);
	DONE();
}

/* truncate_inode_pages_range(): unmapped, out of the cache, then the lookup. */
static bool path_truncate(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->cache)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "-find_get_entry find_lock_entries "
			    "truncate_inode_pages_range evict " SYSCALL);
	LOCK(s, a);
	if (mapped(s) > 0) {
		a->n = mapped(s);
		a->ref[1] = sim_fall(s, a->n, MAPPED);
		SLEEP(a, gather(s) / 2);
		sim_put(s, a->who, a->ref[1], a->n, TLB_PUT "unmap_mapping_folio "
			"truncate_cleanup_folio truncate_inode_pages_range evict " SYSCALL);
		NEXT(a);
	}
	a->n = s->cache;
	if (a->n) {
		a->ref[1] = sim_fall(s, a->n, CACHE);
		SLEEP(a, gather(s) / 2);
		sim_put(s, a->who, a->ref[1], a->n, PUT_N "filemap_free_folio "
			"delete_from_page_cache_batch truncate_inode_pages_range evict " SYSCALL);
		UNLOCK(s);
		SLEEP(a, gather(s) / 2);
	}
	sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "__folio_batch_release "
		"truncate_inode_pages_range evict " SYSCALL);
	DONE();
}

/* filemap_add_folio(): a reference for each page, then it is in the cache. */
static bool path_add_to_cache(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->young)
		return false;
	s->refs[0].actor = s->current;
	LOCK(s, a);
	a->n = nr_pages(s);
	a->ref[1] = sim_get(s, a->who, a->n, GET_N "__filemap_add_folio filemap_add_folio "
			    "page_cache_ra_unbounded filemap_read vfs_read " SYSCALL);
	NEXT(a);
	sim_rise(s, a->ref[1], a->n, CACHE);
	s->young = false;
	NEXT(a);
	s->lru = true;
	UNLOCK(s);
	SLEEP(a, sim_pick(s, 8));
	sim_put(s, a->who, 0, 1, BATCH_PUT "?folio_batch_release filemap_read vfs_read " SYSCALL);
	DONE();
}

/*
 * shmem_writepage(): the swap cache takes references that a file's folio is not
 * expected to have, then the page cache gives up its own.
 */
static bool path_shmem_swap(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	LOCK(s, a);
	if (!s->cache || s->mapped || s->priv || s->anon)
		return false;
	a->n = nr_pages(s);
	a->ref[0] = sim_get(s, a->who, a->n, GET_N "add_to_swap_cache -shmem_writepage "
			    "-shrink_folio_list -shrink_lruvec kswapd !kthread");
	NEXT(a);
	a->ref[1] = sim_fall(s, a->n, CACHE);
	sim_put(s, a->who, a->ref[1], a->n, PUT_N "-shmem_delete_from_page_cache "
		"-shmem_writepage -shrink_folio_list -shrink_lruvec kswapd !kthread");
	UNLOCK(s);
	SLEEP(a, sim_between(s, 10, 80));
	sim_put(s, a->who, a->ref[0], a->n, "?page_ref_sub ?folio_ref_sub "
		"delete_from_swap_cache -shmem_swapin_folio shmem_get_folio_gfp " SYSCALL);
	DONE();
}

/* folio_attach_private(), folio_detach_private() */
static bool path_private(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	LOCK(s, a);
	if (!s->cache || s->priv)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "?folio_attach_private create_empty_buffers "
			    "block_write_begin ext4_write_begin generic_perform_write " SYSCALL);
	NEXT(a);
	sim_rise(s, a->ref[0], 1, PRIVATE);
	UNLOCK(s);
	SLEEP(a, sim_between(s, 2, 25));
	LOCK(s, a);
	if (!s->priv)
		return false;
	a->who = anybody(s);
	a->ref[0] = sim_fall(s, 1, PRIVATE);
	NEXT(a);
	sim_put(s, a->who, a->ref[0], 1, PUT "?folio_detach_private -drop_buffers "
		"try_to_free_buffers filemap_release_folio -shrink_folio_list !kthread");
	DONE();
}

/* __split_huge_pmd_locked() of an anonymous THP */
static bool path_pmd_split(struct sim *s, struct sim_actor *a)
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
static bool path_device_exclusive(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->anon || mapped(s) <= 0 || s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "?try_grab_folio -follow_page_pte "
			    "__get_user_pages get_user_pages_remote make_device_exclusive_range "
			    "=dmirror_exclusive =dmirror_fops_unlocked_ioctl " SYSCALL);
	LOCK(s, a);
	if (mapped(s) > 0) {
		a->ref[1] = sim_fall(s, 1, MAPPED);
		a->flag = 1;
	}
	NEXT(a);
	UNLOCK(s);
	sim_put(s, a->who, a->ref[0], 1, PUT "=dmirror_exclusive =dmirror_fops_unlocked_ioctl "
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
static bool path_ksm(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->anon || mapped(s) <= 0 || s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "?try_grab_folio -follow_page_pte "
			    "-scan_get_next_rmap_item ksm_scan_thread !kthread");
	LOCK(s, a);
	if (mapped(s) > 0) {
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
static bool path_cow(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (mapped(s) <= 0)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "do_wp_page handle_mm_fault " FAULT);
	NEXT(a);
	if (mapped(s) > 0) {
		a->ref[1] = sim_fall(s, 1, MAPPED);
		NEXT(a);
		sim_put(s, a->who, a->ref[1], 1, PUT "-wp_page_copy do_wp_page handle_mm_fault "
			FAULT);
	}
	NEXT(a);
	sim_put(s, a->who, a->ref[0], 1, PUT "-wp_page_copy do_wp_page handle_mm_fault " FAULT);
	DONE();
}

static bool path_read(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->cache)
		return false;
	for (a->i = sim_on(s, SIM_LONG) ? 250 : sim_between(s, 1, 3); a->i; a->i--) {
		a->ref[0] = sim_get(s, a->who, 1, TRY_GET "filemap_get_read_batch "
				    "-filemap_get_pages filemap_read vfs_read " SYSCALL);
		SLEEP(a, sim_pick(s, 4));
		sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "?folio_batch_release filemap_read "
			"vfs_read " SYSCALL);
		NEXT(a);
	}
	DONE();
}

/* folio_activate(), drained by whoever comes; also lru_add, by the victim. */
bool sim_path_drain(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	SLEEP(a, sim_between(s, 1, 25));
	a->who = anybody(s);
	s->lru = true;
	sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "-folio_batch_move_lru lru_add_drain_cpu "
		"lru_add_drain " SYSCALL);
	DONE();
}

static bool path_activate(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "-folio_activate folio_mark_accessed "
			    "filemap_read vfs_read " SYSCALL);
	SLEEP(a, sim_between(s, 1, 25));
	a->who = sim_pick(s, 3) ? anybody(s) : a->who;
	sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "-folio_batch_move_lru "
		"-folio_batch_add_and_move folio_mark_accessed filemap_read vfs_read " SYSCALL);
	DONE();
}

static bool path_mlock(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "mlock_folio -mlock_pte_range walk_page_range "
			    "-apply_vma_lock_flags __x64_sys_mlock " SYSCALL);
	SLEEP(a, sim_between(s, 1, 15));
	sim_put(s, sim_pick(s, 2) ? a->who : anybody(s), a->ref[0], 1, BATCH_PUT
		"-mlock_folio_batch mlock_drain_local lru_add_drain " SYSCALL);
	DONE();
}

/* process_vm_readv(): on a large folio all at once, back in groups. */
static bool path_remote(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	a->n = s->order ? sim_between(s, 1, nr_pages(s) < 16 ? nr_pages(s) : 16) : 1;
	a->ref[0] = sim_get(s, a->who, a->n * (s->order ? 1 : 1024), "?page_ref_add "
			    "?folio_ref_add ?try_grab_folio __get_user_pages "
			    "pin_user_pages_remote process_vm_rw " SYSCALL);
	NEXT(a);
	while (a->n) {
		a->i = s->order ? sim_between(s, 1, a->n) : 1;
		sim_put(s, a->who, a->ref[0], a->i * (s->order ? 1 : 1024), UNPIN
			"unpin_user_pages_dirty_lock process_vm_rw " SYSCALL);
		a->n -= a->i;
		NEXT(a);
	}
	DONE();
}

/* Compaction has it for a while; kcompactd of another zone's allocation. */
static bool path_compaction(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->lru)
		return false;
	a->who.task = KCOMPACTD;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "?folio_get_nontail_page "
			    "-isolate_migratepages_block compact_zone kcompactd !kthread");
	s->lru = false;
	SLEEP(a, sim_between(s, 1, 30));
	s->lru = true;
	sim_put(s, a->who, a->ref[0], 1, PUT "folio_putback_lru putback_movable_pages "
		"compact_zone kcompactd !kthread");
	DONE();
}

/* split_huge_page_to_list_to_order(), where nobody has an extra reference. */
static bool path_split(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->order || s->swap)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "deferred_split_scan shrink_slab "
			    "shrink_node kswapd !kthread");
	LOCK(s, a);
	while (mapped(s) > 0 && mapped(s) <= 16) {
		a->ref[1] = sim_fall(s, 1, MAPPED);
		a->i++;
		sim_put(s, a->who, a->ref[1], 1, PUT "-try_to_migrate_one rmap_walk_anon "
			"try_to_migrate -unmap_folio split_huge_page_to_list_to_order "
			"deferred_split_scan kswapd !kthread");
		NEXT(a);
	}
	if (!s->mapped && !s->swap && !s->priv && s->count == sim_expected(s) + 1) {
		sim_split(s, a->who);
		if (a->i > 1)
			a->i = 1;	/* this small folio's own */
	}
	while (a->i--) {
		a->ref[1] = sim_get(s, a->who, 1, GET "remove_migration_pte rmap_walk_anon "
				    "remove_migration_ptes -remap_page "
				    "split_huge_page_to_list_to_order deferred_split_scan !kthread");
		sim_rise(s, a->ref[1], 1, MAPPED);
		NEXT(a);
	}
	sim_put(s, a->who, a->ref[0], 1, PUT "deferred_split_scan shrink_slab shrink_node "
		"kswapd !kthread");
	DONE();
}

static const struct {
	sim_path path;
	enum sim_element element;	/* chosen by it, SIM_NR_ELEMENTS: always may be */
} paths[] = {
	{ path_zap, SIM_LATE_PUT },
	{ path_zap, SIM_NR_ELEMENTS },
	{ path_zap_mlocked, SIM_LATE_PUT },
	{ path_reclaim, SIM_NR_ELEMENTS },
	{ path_fork, SIM_NR_ELEMENTS },
	{ path_fault, SIM_OLD_RISES },
	{ path_fault, SIM_NR_ELEMENTS },
	{ path_map_around, SIM_MAP_AROUND },
	{ path_swapin, SIM_OLD_RISES },
	{ path_swap_cache, SIM_LATE_PUT },
	{ path_faults, SIM_BIG_PUT },
	{ path_read, SIM_LONG },
	{ path_truncate, SIM_BIG_PUT },
	{ path_truncate, SIM_LATE_PUT },
	{ path_shmem_swap, SIM_NO_PUT },
	{ path_private, SIM_LATE_PUT },
	{ path_pmd_split, SIM_BIG_PUT },
	{ path_device_exclusive, SIM_NO_PUT },
	{ path_ksm, SIM_CROWD },
	{ path_cow, SIM_BIG_PUT },
	{ path_read, SIM_NR_ELEMENTS },
	{ path_activate, SIM_CROWD },
	{ path_mlock, SIM_CROWD },
	{ path_remote, SIM_BIG_PUT },
	{ path_compaction, SIM_CROWD },
	{ path_split, SIM_SPLIT },
};

static void add(struct sim *s, sim_path path)
{
	sim_actor(s, path, sim_between(s, CAROL, GRACE),
		  path == path_split && sim_pick(s, 2) ? 0 : (int)sim_pick(s, 45));
}

void sim_add_paths(struct sim *s)
{
	unsigned int i, nr;

	if (s->young)
		sim_actor(s, path_add_to_cache, ERIN, 0);
	for (i = 0; i < ARRAY_LEN(paths); i++)
		if (paths[i].element != SIM_NR_ELEMENTS && sim_on(s, paths[i].element))
			for (nr = sim_pick(s, 3); nr; nr--)
				add(s, paths[i].path);
	for (nr = sim_pick(s, sim_on(s, SIM_CROWD) ? 6 : 4); nr; nr--) {
		do {
			i = sim_pick(s, ARRAY_LEN(paths));
		} while (paths[i].element != SIM_NR_ELEMENTS);
		add(s, paths[i].path);
	}
}
