/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Wrappers that stand innermost, where a build has them out of line.
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
#define SYSCALL "-do_syscall_x64 !do_syscall_64 !entry_SYSCALL_64_after_hwframe"
#define FAULT "-do_user_addr_fault !exc_page_fault !asm_exc_page_fault"
#define TLB_PUT "?page_ref_sub_and_test ?folio_ref_sub_and_test folios_put_refs " \
	"free_pages_and_swap_cache -__tlb_batch_free_encoded_pages -tlb_batch_pages_flush " \
	"-tlb_flush_mmu tlb_finish_mmu "

#endif
