// SPDX-License-Identifier: GPL-2.0
/*
 * The page cache, the swap cache, private data, and splits; see sim.h.  Order
 * and sizes of the steps are those of Linux 6.12; the stacks tell who calls.
 */
#include "sim.h"

#include "sim_paths.h"

/* do_swap_page(): frees the swap cache, maps with the lookup's reference. */
bool sim_path_swapin(struct sim *s, struct sim_actor *a)
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
bool sim_path_swap_cache(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->anon || s->swap)
		return false;
	a->n = sim_nr_pages(s);
	a->ref[0] = sim_get(s, a->who, a->n, GET_N "add_to_swap_cache add_to_swap "
			    "-shrink_folio_list -shrink_lruvec kswapd !kthread");
	if (sim_nr_pages(s) == a->n && !s->swap)
		sim_rise(s, a->ref[0], a->n, SWAP);
	SLEEP(a, sim_between(s, 1, 30));
	LOCK(s, a);
	if (s->swap != a->n || sim_nr_pages(s) != a->n)
		return false;
	a->ref[0] = sim_fall(s, a->n, SWAP);
	SLEEP(a, sim_gather(s) / 4);
	sim_put(s, a->who, a->ref[0], a->n, "?page_ref_sub ?folio_ref_sub "
		"delete_from_swap_cache folio_free_swap -free_swap_cache "
		"free_pages_and_swap_cache tlb_finish_mmu " SYSCALL);
	DONE();
}

/* truncate_inode_pages_range(): unmapped, out of the cache, then the lookup. */
bool sim_path_truncate(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->cache)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "-find_get_entry find_lock_entries "
			    "truncate_inode_pages_range evict " SYSCALL);
	LOCK(s, a);
	if (sim_mapped(s) > 0) {
		a->n = sim_mapped(s);
		a->ref[1] = sim_fall(s, a->n, MAPPED);
		SLEEP(a, sim_gather(s) / 2);
		sim_put(s, a->who, a->ref[1], a->n, TLB_PUT "unmap_mapping_folio "
			"truncate_cleanup_folio truncate_inode_pages_range evict " SYSCALL);
		NEXT(a);
	}
	a->n = s->cache;
	if (a->n) {
		a->ref[1] = sim_fall(s, a->n, CACHE);
		SLEEP(a, sim_gather(s) / 2);
		sim_put(s, a->who, a->ref[1], a->n, PUT_N "filemap_free_folio "
			"delete_from_page_cache_batch truncate_inode_pages_range evict " SYSCALL);
		UNLOCK(s);
		SLEEP(a, sim_gather(s) / 2);
	}
	sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "__folio_batch_release "
		"truncate_inode_pages_range evict " SYSCALL);
	DONE();
}

/* filemap_add_folio(): a reference for each page, then it is in the cache. */
bool sim_path_add_to_cache(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->young)
		return false;
	s->refs[0].actor = s->current;
	LOCK(s, a);
	a->n = sim_nr_pages(s);
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
bool sim_path_shmem_swap(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	LOCK(s, a);
	if (!s->cache || s->mapped || s->priv || s->anon)
		return false;
	a->n = sim_nr_pages(s);
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
bool sim_path_private(struct sim *s, struct sim_actor *a)
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
	a->who = sim_anybody(s);
	a->ref[0] = sim_fall(s, 1, PRIVATE);
	NEXT(a);
	sim_put(s, a->who, a->ref[0], 1, PUT "?folio_detach_private -drop_buffers "
		"try_to_free_buffers filemap_release_folio -shrink_folio_list !kthread");
	DONE();
}

/* split_huge_page_to_list_to_order(), where nobody has an extra reference. */
bool sim_path_split(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (!s->order || s->swap)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, TRY_GET "deferred_split_scan shrink_slab "
			    "shrink_node kswapd !kthread");
	LOCK(s, a);
	while (sim_mapped(s) > 0 && sim_mapped(s) <= 16) {
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
