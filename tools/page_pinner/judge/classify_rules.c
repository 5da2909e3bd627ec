// SPDX-License-Identifier: GPL-2.0
/*
 * The one table of what is known about functions of the kernel: which frames
 * to pass over, and which references are its own.  See classify.h for the
 * columns; the first line that matches counts, so the particular stand before
 * the general.  Names of 6.1, 6.12 and 7.x stand side by side.
 */
#include "judge/classify.h"

#include "util.h"

static const struct rule rules[] = {
	/* Frames of the recording machinery: never shown. */
	{ "own", ROLE_OWN, RULE_ANY,
	  "page_pinner_* __page_pinner_* __traceiter_* trace_event_raw_event_* "
	  "perf_trace_* __bpf_trace_* bpf_trace_run* trace_page_pinner_* "
	  "trace_event_buffer_commit trace_buffer_unlock_commit_regs "
	  "__ftrace_trace_stack __trace_stack stack_trace_save ftrace_stacktrace_count "
	  "perf_tp_event perf_trace_run_bpf_submit trace_call_bpf",
	  "tracing and this feature itself", "mm/page_pinner.c" },

	/* Puts inside a long-term GUP that did not work out: its own pins. */
	{ "gup_longterm", ROLE_PINNER, RULE_PUT,
	  "__gup_longterm_locked check_and_migrate_movable_* "
	  "migrate_longterm_unpinnable_* collect_longterm_unpinnable_* "
	  "pofs_unpin unpin_folios_or_pages* __get_user_pages_remote_longterm",
	  "a FOLL_LONGTERM pin drops its pins before it tries again",
	  "mm/gup.c: __gup_longterm_locked" },
	{ "gup_longterm", ROLE_PINNER, RULE_GET,
	  "collect_longterm_unpinnable_* check_and_migrate_movable_* "
	  "migrate_longterm_unpinnable_*",
	  "the same, isolating", "mm/gup.c: collect_longterm_unpinnable_folios" },

	/* Frames that many callers share: they name nobody. */
	{ "helper", ROLE_HELPER, RULE_ANY,
	  "folio_get folio_try_get* try_get_folio try_get_page get_page "
	  "try_grab_folio* try_grab_page grab_folio folio_ref_* page_ref_* "
	  "follow_page_* follow_trans_huge_* follow_huge_* follow_devmap_* "
	  "follow_pmd_mask follow_pud_mask follow_p4d_mask follow_page_mask "
	  "gup_pte_range gup_pmd_range gup_pud_range gup_p4d_range gup_pgd_range "
	  "gup_huge_* gup_hugepte gup_fast_* gup_fast gup_must_unshare record_subpages "
	  "internal_get_user_pages_fast get_user_pages* pin_user_pages* pin_user_page* "
	  "__get_user_pages* __gup_longterm_locked __gup_device_huge* "
	  "get_user_page_fast_only lockless_pages_from_mm memfd_pin_folios "
	  "iov_iter_get_pages* __iov_iter_get_pages_alloc iov_iter_extract_* "
	  "hugetlb_follow_page_mask",
	  "the ways to get", "include/linux/mm.h, mm/gup.c, lib/iov_iter.c" },
	{ "helper", ROLE_HELPER, RULE_PUT,
	  "folio_put* __folio_put* put_page __put_page* put_user_page* put_pages_list "
	  "gup_put_folio unpin_user_page* unpin_folio unpin_folios unpin_user_folio "
	  "unpin_user_page_range_dirty_lock sanity_check_pinned_pages "
	  "release_pages folios_put* __folio_batch_release __pagevec_release "
	  "free_folio_and_swap_cache free_page_and_swap_cache "
	  "put_devmap_managed_* free_zone_device_* folio_ref_* page_ref_* "
	  "free_unref_* __free_pages free_pages* ___free_pages __free_page "
	  "uncharge_folio __mem_cgroup_uncharge* free_frozen_pages* "
	  "destroy_large_folio",
	  "the ways to put", "mm/swap.c, mm/gup.c" },

	/* Per-CPU batches in front of the LRU lists. */
	{ "mlock_batch", ROLE_BATCH, RULE_ANY,
	  "mlock_folio mlock_new_folio munlock_folio mlock_folio_batch mlock_pagevec "
	  "mlock_drain* mlock_page* munlock_page mlock_page_drain*",
	  "mlock collects folios per CPU, each with a reference", "mm/mlock.c" },
	{ "lru_batch", ROLE_BATCH, RULE_ANY,
	  "folio_add_lru* folio_activate folio_mark_accessed mark_page_accessed "
	  "folio_rotate_reclaimable folio_mark_lazyfree deactivate_* folio_deactivate "
	  "folio_batch_* __folio_batch_add_and_move folio_batch_add_and_move "
	  "pagevec_lru_* pagevec_add_and_need_flush lru_add_* lru_cache_add* "
	  "lru_cache_drain_for_folio lru_cache_disable __lru_add_drain_all "
	  "lru_add_drain* lru_activate lru_deactivate* lru_lazyfree lru_move_tail "
	  "__lru_cache_activate_folio lru_note_cost* lru_add_page_tail "
	  "deactivate_file_folio __lru_cache_add __pagevec_lru_add* __activate_page* ",
	  "lists of folios to be put on an LRU, each with a reference", "mm/swap.c" },

	/* Migration, isolation, compaction, offlining. */
	{ "migration", ROLE_MIGRATE, RULE_ANY,
	  "migrate_* __migrate_* *_migrate_folio move_to_new_folio move_pages* "
	  "try_to_migrate* remove_migration_pte* __unmap_and_move unmap_and_move* "
	  "folio_isolate_lru isolate_lru_page isolate_folio_to_list isolate_hugetlb "
	  "folio_isolate_hugetlb isolate_movable_* "
	  "putback_* folio_putback_* add_folio_for_migration add_page_for_migration "
	  "do_move_pages_to_node do_migrate_range test_pages_isolated "
	  "__test_page_isolated_in_pageblock alloc_contig_* __alloc_contig_* "
	  "offline_pages scan_movable_pages do_pages_move folio_migrate_* "
	  "queue_folios_* queue_pages_* soft_offline_* damon_pa_migrate* "
	  "__folio_migrate_mapping "
	  "replace_free_hugepage_folios isolate_or_dissolve_huge_* dissolve_free_* "
	  "mf_isolate_folio numamigrate_* set_pmd_migration_entry remove_migration_pmd "
	  "unmap_folio remap_page",
	  "references of whoever migrates", "mm/migrate.c" },
	{ "compaction", ROLE_MIGRATE, RULE_ANY,
	  "isolate_migratepages* isolate_freepages* compact_* compaction_* "
	  "release_free_list kcompactd* sysctl_compaction_handler",
	  "references of the scanners", "mm/compaction.c" },

	/* Mappings. */
	{ "rmap", ROLE_EXPECTED, RULE_PUT,
	  "zap_* unmap_page_range unmap_single_vma unmap_vmas tlb_* __tlb_* "
	  "free_pages_and_swap_cache try_to_unmap* page_remove_rmap folio_remove_rmap* "
	  "wp_page_copy do_wp_page wp_page_reuse do_cow_fault __do_fault "
	  "__split_huge_pmd* split_huge_pmd* unmap_huge_* __unmap_hugepage_range "
	  "madvise_free_* madvise_cold_* mremap move_page_tables remove_device_exclusive* "
	  "hugetlb_wp hugetlb_cow",
	  "a mapping went away", "mm/memory.c, mm/rmap.c, mm/mmu_gather.c" },
	{ "fault", ROLE_EXPECTED, RULE_ANY,
	  "do_anonymous_page do_swap_page do_fault* do_read_fault do_shared_fault "
	  "finish_fault do_set_pmd do_numa_page do_huge_pmd_* __do_huge_pmd_* "
	  "filemap_map_* next_uptodate_* set_pte_range filemap_fault fault_dirty_shared_page "
	  "copy_present_* copy_nonpresent_* copy_pte_range copy_page_range copy_huge_pmd "
	  "insert_page* vm_insert_* hugetlb_fault hugetlb_no_page handle_mm_fault "
	  "__handle_mm_fault copy_hugetlb_page_range mfill_* wp_page_copy do_wp_page "
	  "map_anon_folio_* shmem_fault",
	  "a fault or a fork maps the page", "mm/memory.c" },

	/* Before invalidate_* of the page cache. */
	{ "bh_lru", ROLE_BATCH, RULE_ANY,
	  "invalidate_bh_lru* bh_lru_install __find_get_block lookup_bh_lru bdev_getblk "
	  "__getblk_slow __getblk_gfp __brelse",
	  "per-CPU buffer heads keep the page's buffers busy", "fs/buffer.c" },

	/* The page cache's and the swap cache's own references. */
	{ "page_cache", ROLE_EXPECTED, RULE_ANY,
	  "filemap_add_folio __filemap_add_folio add_to_page_cache* "
	  "filemap_remove_folio __filemap_remove_folio delete_from_page_cache* "
	  "filemap_free_folio page_cache_delete* truncate_* invalidate_* "
	  "mapping_evict_folio shmem_add_to_page_cache shmem_delete_from_page_cache "
	  "shmem_undo_range shmem_truncate_* shmem_free_swap remove_mapping __remove_mapping "
	  "remove_inode_hugepages hugetlb_add_to_page_cache shmem_replace_* "
	  "replace_page_cache_* folio_unmap_invalidate generic_error_remove_folio",
	  "the page cache holds one reference per page", "mm/filemap.c, mm/truncate.c" },
	{ "swap_cache", ROLE_EXPECTED, RULE_ANY,
	  "add_to_swap* __add_to_swap* __delete_from_swap_cache delete_from_swap_cache "
	  "folio_free_swap try_to_free_swap free_swap_cache __try_to_reclaim_swap "
	  "read_swap_cache_* __read_swap_cache_async swap_cache_* clear_shadow_from_swap* "
	  "swapin_* swap_cluster_readahead swap_vma_readahead unuse_*",
	  "the swap cache holds one reference per page", "mm/swap_state.c" },
	{ "buffers", ROLE_EXPECTED, RULE_ANY,
	  "drop_buffers try_to_free_buffers folio_attach_private folio_detach_private "
	  "attach_page_private detach_page_private create_empty_buffers "
	  "link_dev_buffers filemap_release_folio block_invalidate_folio "
	  "iomap_release_folio iomap_invalidate_folio folio_create_buffers",
	  "private data holds one reference", "fs/buffer.c" },

	/* Short references of memory management. */
	{ "reclaim", ROLE_BRIEF, RULE_ANY,
	  "shrink_* isolate_lru_folios isolate_lru_pages move_folios_to_lru "
	  "move_pages_to_lru reclaim_* evict_folios isolate_folios scan_folios "
	  "pageout kswapd* balance_pgdat lru_gen_* get_pfn_folio walk_pte_range "
	  "memory_failure* try_memory_failure_*",
	  "reclaim isolates and puts back", "mm/vmscan.c" },
	{ "lookup", ROLE_BRIEF, RULE_ANY,
	  "filemap_get_* __filemap_get_folio find_get_* find_lock_* filemap_read* "
	  "filemap_update_page generic_file_* shmem_get_folio* shmem_file_* "
	  "shmem_read_* *_write_begin *_write_end generic_perform_write "
	  "read_pages page_cache_ra_* page_cache_sync_ra page_cache_async_ra "
	  "read_cache_* do_read_cache_* pagecache_get_page mapping_seek_hole_data "
	  "iomap_write_* iomap_file_* netfs_perform_write fuse_perform_write "
	  "fuse_send_write_pages btrfs_drop_pages btrfs_drop_folio "
	  "filemap_page_mkwrite ext4_page_mkwrite iomap_page_mkwrite block_page_mkwrite "
	  "ext4_mb_load_buddy* ext4_mb_unload_buddy ext4_mb_get_buddy_* "
	  "ext4_mb_put_buddy_* ext4_mb_init_* "
	  "write_cache_pages writeback_* mpage_* filemap_fdatawa* "
	  "filemap_range_has_writeback filemap_write_and_wait_range mincore_* "
	  "page_idle_* kpage* stable_page_flags pagemap_* smaps_* "
	  "folio_wait_* __folio_lock* migration_entry_wait* softleaf_entry_wait*",
	  "found in the page cache, used, put", "mm/filemap.c" },
	{ "idle", ROLE_BRIEF, RULE_ANY, "damon_* page_idle_get_folio", "idle tracking looks",
	  "mm/damon" },
	{ "khugepaged", ROLE_BRIEF, RULE_ANY,
	  "khugepaged* hpage_collapse_* collapse_* __collapse_huge_* "
	  "release_pte_* retract_page_tables",
	  "khugepaged collects what it may collapse", "mm/khugepaged.c" },
	{ "ksm", ROLE_BRIEF, RULE_ANY,
	  "ksm_* ksmd remove_rmap_item_from_tree remove_node_from_stable_tree remove_stable_node* "
	  "break_cow stable_tree_* unstable_tree_* cmp_and_merge_page "
	  "scan_get_next_rmap_item try_to_merge_* get_mergeable_page break_ksm",
	  "ksmd looks at pages", "mm/ksm.c" },
	{ "split", ROLE_MIGRATE, RULE_ANY,
	  "split_huge_page* __split_huge_page* split_folio* __folio_split "
	  "deferred_split_* __split_unmapped_folio try_to_split_folio",
	  "splitting freezes the count", "mm/huge_memory.c" },

	/* The first reference of a page. */
	{ "alloc", ROLE_ALLOC, RULE_GET,
	  "prep_new_page get_page_from_freelist __alloc_pages* __alloc_frozen_pages* "
	  "alloc_pages* alloc_anon_folio vma_alloc_* folio_alloc* __folio_alloc* "
	  "filemap_alloc_folio shmem_alloc_* post_alloc_hook set_page_refcounted "
	  "folio_prealloc alloc_buddy_* alloc_hugetlb_* dequeue_hugetlb_* "
	  "split_free_pages split_page __split_page",
	  "a new page has one reference", "mm/page_alloc.c" },

	/* Families of holders: a name for what is known to take references. */
	{ "pipe", ROLE_HOLDER, RULE_ANY,
	  "generic_pipe_buf_* pipe_* free_pipe_info iter_to_pipe vmsplice_* "
	  "__do_sys_vmsplice splice_* __splice_* do_splice* page_cache_pipe_buf_* "
	  "user_page_pipe_buf_* anon_pipe_buf_* __do_splice __se_sys_vmsplice "
	  "__x64_sys_vmsplice __arm64_sys_vmsplice",
	  "pipe buffers hold the pages given to vmsplice and splice", "fs/splice.c" },
	{ "bio", ROLE_HOLDER, RULE_ANY,
	  "bio_* __bio_* dio_* iomap_dio_* blkdev_* __blkdev_direct_IO* blk_*",
	  "direct I/O holds the user's pages until it completes", "block/bio.c" },
	{ "io_uring", ROLE_HOLDER, RULE_ANY,
	  "io_* __io_*", "registered buffers and requests in flight", "io_uring/rsrc.c" },
	{ "skb", ROLE_HOLDER, RULE_ANY,
	  "skb_* __skb_* kfree_skb* consume_skb* sk_* tcp_* __tcp_* udp_* unix_* "
	  "napi_* page_pool_* net_* __netif_* zerocopy_* msg_zerocopy_* __zerocopy_*",
	  "socket buffers hold the pages they send", "net/core/skbuff.c" },
	{ "gup_test", ROLE_HOLDER, RULE_ANY,
	  "gup_test_* pin_longterm_test_* __gup_test_*", "mm/gup_test.c", "mm/gup_test.c" },
	{ "udmabuf", ROLE_HOLDER, RULE_ANY,
	  "udmabuf_* *_udmabuf* begin_cpu_udmabuf", "dma-buf of a memfd",
	  "drivers/dma-buf/udmabuf.c" },
	{ "vfio", ROLE_HOLDER, RULE_ANY,
	  "vfio_* vaddr_get_pfns put_pfn iopt_* iommufd_* pfn_reader_*",
	  "a device that a guest owns reaches all the guest's memory",
	  "drivers/vfio/vfio_iommu_type1.c" },
	{ "rdma", ROLE_HOLDER, RULE_ANY,
	  "ib_umem_* __ib_umem_* rxe_* siw_* rds_*", "registered memory",
	  "drivers/infiniband/core/umem.c" },
	{ "kvm", ROLE_HOLDER, RULE_ANY,
	  "kvm_* gfn_to_pfn* hva_to_pfn* sev_*", "guest memory in use by KVM",
	  "virt/kvm/kvm_main.c" },
	{ "fuse", ROLE_HOLDER, RULE_ANY, "fuse_*", "pages of requests to a server",
	  "fs/fuse/dev.c" },
	{ "aio", ROLE_HOLDER, RULE_ANY, "aio_*", "the ring of an AIO context", "fs/aio.c" },
	{ "remote_vm", ROLE_HOLDER, RULE_ANY,
	  "process_vm_* __access_remote_vm access_remote_vm access_process_vm ptrace_* "
	  "get_arg_page copy_strings* get_cmdline proc_pid_cmdline_read mem_rw "
	  "generic_ptrace_*",
	  "another task's memory is read or written", "mm/process_vm_access.c" },
	{ "futex", ROLE_HOLDER, RULE_ANY, "get_futex_key futex_*",
	  "a futex looks at its page", "kernel/futex/core.c" },
};

const struct rule *classify_builtin_rules(size_t *nr)
{
	*nr = ARRAY_SIZE(rules);
	return rules;
}
