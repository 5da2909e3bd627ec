/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paths of memory management, a step a call, and wrappers that stand innermost
 * in their stacks where a build has them out of line.
 */
#ifndef TEST_SIM_PATHS_H
#define TEST_SIM_PATHS_H

#define TRY_GET "?page_ref_add_unless ?folio_ref_add_unless ?folio_try_get "
#define GET "?page_ref_inc ?folio_ref_inc ?folio_get "
#define GET_N "?page_ref_add ?folio_ref_add "
#define PUT "?page_ref_dec_and_test ?put_page_testzero ?folio_put_testzero ?folio_put "
#define PUT_N "?page_ref_sub_and_test ?folio_ref_sub_and_test ?folio_put_refs "
#define BATCH_PUT "?page_ref_dec_and_test ?put_page_testzero ?folio_put_testzero folios_put_refs "
#define GUP "?page_ref_add_unless ?folio_ref_add_unless ?try_get_folio ?try_grab_folio_fast " \
	"-gup_fast_pte_range -gup_fast_pgd_range gup_fast_fallback "
#define UNPIN "?page_ref_sub_and_test ?folio_ref_sub_and_test ?folio_put_refs ?gup_put_folio "
#define SYSCALL "!x64_sys_call !do_syscall_64 !entry_SYSCALL_64_after_hwframe"
#define FAULT "!do_user_addr_fault !exc_page_fault !asm_exc_page_fault"
#define TLB_PUT "?page_ref_sub_and_test ?folio_ref_sub_and_test folios_put_refs " \
	"free_pages_and_swap_cache -__tlb_batch_free_encoded_pages -tlb_batch_pages_flush " \
	"-tlb_flush_mmu tlb_finish_mmu "

int sim_nr_pages(const struct sim *s);
int sim_mapped(const struct sim *s);
int sim_gather(struct sim *s);
struct sim_who sim_anybody(struct sim *s);

bool sim_path_zap(struct sim *s, struct sim_actor *a);
bool sim_path_zap_mlocked(struct sim *s, struct sim_actor *a);
bool sim_path_reclaim(struct sim *s, struct sim_actor *a);
bool sim_path_fork(struct sim *s, struct sim_actor *a);
bool sim_path_fault(struct sim *s, struct sim_actor *a);
bool sim_path_faults(struct sim *s, struct sim_actor *a);
bool sim_path_map_around(struct sim *s, struct sim_actor *a);
bool sim_path_pmd_split(struct sim *s, struct sim_actor *a);
bool sim_path_device_exclusive(struct sim *s, struct sim_actor *a);
bool sim_path_ksm(struct sim *s, struct sim_actor *a);
bool sim_path_cow(struct sim *s, struct sim_actor *a);
bool sim_path_swapin(struct sim *s, struct sim_actor *a);
bool sim_path_swap_cache(struct sim *s, struct sim_actor *a);
bool sim_path_truncate(struct sim *s, struct sim_actor *a);
bool sim_path_add_to_cache(struct sim *s, struct sim_actor *a);
bool sim_path_shmem_swap(struct sim *s, struct sim_actor *a);
bool sim_path_private(struct sim *s, struct sim_actor *a);
bool sim_path_split(struct sim *s, struct sim_actor *a);
bool sim_path_read(struct sim *s, struct sim_actor *a);
bool sim_path_hot(struct sim *s, struct sim_actor *a);
bool sim_path_drain(struct sim *s, struct sim_actor *a);
bool sim_path_activate(struct sim *s, struct sim_actor *a);
bool sim_path_mlock(struct sim *s, struct sim_actor *a);
bool sim_path_remote(struct sim *s, struct sim_actor *a);
bool sim_path_compaction(struct sim *s, struct sim_actor *a);

#endif
