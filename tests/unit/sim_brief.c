// SPDX-License-Identifier: GPL-2.0
/*
 * Short references: lookups, batches, other migrators; see sim.h.
 */
#include "sim.h"

#include "sim_paths.h"

bool sim_path_read(struct sim *s, struct sim_actor *a)
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

/* Takes it and gives it back, again and again: what a budget is for. */
bool sim_path_hot(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	for (a->i = 40; a->i; a->i--) {
		a->ref[0] = sim_get(s, a->who, 1, TRY_GET "isolate_migratepages_block "
				    "isolate_migratepages_range __alloc_contig_migrate_range "
				    "alloc_contig_range_noprof cma_alloc " SYSCALL);
		sim_put(s, a->who, a->ref[0], 1, PUT "isolate_migratepages_block "
			"isolate_migratepages_range __alloc_contig_migrate_range "
			"alloc_contig_range_noprof cma_alloc " SYSCALL);
		SLEEP(a, sim_pick(s, 4));
	}
	DONE();
}

/* folio_activate(), drained by whoever comes; also lru_add, by the victim. */
bool sim_path_drain(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	SLEEP(a, sim_between(s, 1, 25));
	a->who = sim_anybody(s);
	s->lru = true;
	sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "-folio_batch_move_lru lru_add_drain_cpu "
		"lru_add_drain " SYSCALL);
	DONE();
}

bool sim_path_activate(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "-folio_activate folio_mark_accessed "
			    "filemap_read vfs_read " SYSCALL);
	SLEEP(a, sim_between(s, 1, 25));
	if (sim_pick(s, 3))
		sim_put(s, sim_anybody(s), a->ref[0], 1, BATCH_PUT "-folio_batch_move_lru "
			"lru_add_drain_cpu lru_add_drain " SYSCALL);
	else
		sim_put(s, a->who, a->ref[0], 1, BATCH_PUT "-folio_batch_move_lru "
			"-folio_batch_add_and_move folio_mark_accessed filemap_read vfs_read "
			SYSCALL);
	DONE();
}

bool sim_path_mlock(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	if (s->order)
		return false;
	a->ref[0] = sim_get(s, a->who, 1, GET "mlock_folio -mlock_pte_range walk_page_range "
			    "-apply_vma_lock_flags __x64_sys_mlock " SYSCALL);
	SLEEP(a, sim_between(s, 1, 15));
	sim_put(s, sim_pick(s, 2) ? a->who : sim_anybody(s), a->ref[0], 1, BATCH_PUT
		"-mlock_folio_batch mlock_drain_local lru_add_drain " SYSCALL);
	DONE();
}

/* process_vm_readv(): on a large folio all at once, back in groups. */
bool sim_path_remote(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	a->n = s->order ? sim_between(s, 1, sim_nr_pages(s) < 16 ? sim_nr_pages(s) : 16) : 1;
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
bool sim_path_compaction(struct sim *s, struct sim_actor *a)
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
