// SPDX-License-Identifier: GPL-2.0
/*
 * The one table of what is known about functions of the kernel: which frames
 * to pass over, and which references are its own.  See rules.h for the
 * columns; the first line that matches counts, so the particular stand before
 * the general.  Names of 6.1, 6.12 and 7.x stand side by side.
 */
#include "judge/rules.h"

#include "util.h"

static const struct rule rules[] = {
	/* Frames of the recording machinery: never shown. */
	{ "own", ROLE_OWN, RULE_ANY,
	  "page_pinner_* __page_pinner_* __traceiter_* trace_event_raw_event_* "
	  "perf_trace_* __bpf_trace_* bpf_trace_run* trace_page_pinner_* "
	  "trace_event_buffer_commit trace_buffer_unlock_commit_regs "
	  "__ftrace_trace_stack __trace_stack stack_trace_save ftrace_stacktrace_count "
	  "perf_tp_event perf_trace_run_bpf_submit trace_call_bpf",
	  "tracing and this feature itself", .source = "mm/page_pinner.c" },

	/* Puts inside a long-term GUP that did not work out: its own pins. */
	{ "gup_longterm", ROLE_PINNER, RULE_PUT,
	  "__gup_longterm_locked check_and_migrate_movable_* "
	  "migrate_longterm_unpinnable_* collect_longterm_unpinnable_* "
	  "pofs_unpin unpin_folios_or_pages* __get_user_pages_remote_longterm "
	  "pin_user_pages* get_user_pages* memfd_pin_folios",
	  "a FOLL_LONGTERM pin drops its pins before it tries again",
	  .source = "mm/gup.c: __gup_longterm_locked" },
	{ "gup_longterm", ROLE_PINNER, RULE_GET,
	  "collect_longterm_unpinnable_* check_and_migrate_movable_* "
	  "migrate_longterm_unpinnable_*",
	  "the same, isolating", .source = "mm/gup.c: collect_longterm_unpinnable_folios" },

	/* Frames that many callers share: they name nobody. */
	{ "gup", ROLE_HELPER, RULE_ANY,
	  "try_grab_folio* try_grab_page grab_folio follow_page_* follow_trans_huge_* "
	  "follow_huge_* follow_devmap_* follow_pmd_mask follow_pud_mask follow_p4d_mask "
	  "gup_pte_range gup_pmd_range gup_pud_range gup_p4d_range gup_pgd_range "
	  "gup_huge_* gup_hugepte gup_fast_* gup_fast gup_must_unshare record_subpages "
	  "internal_get_user_pages_fast get_user_pages* pin_user_pages* pin_user_page* "
	  "__get_user_pages* __gup_longterm_locked __gup_device_huge* "
	  "get_user_page_fast_only lockless_pages_from_mm memfd_pin_folios "
	  "iov_iter_get_pages* __iov_iter_get_pages_alloc iov_iter_extract_* "
	  "hugetlb_follow_page_mask get_user_page_vma_remote faultin_page "
	  "gup_put_folio unpin_user_page* unpin_folio unpin_folios unpin_user_folio "
	  "put_user_page* sanity_check_pinned_pages",
	  "memory is looked up by its user's address, and given back",
	  .source = "mm/gup.c, lib/iov_iter.c" },
	{ "helper", ROLE_HELPER, RULE_ANY,
	  "folio_get folio_try_get* try_get_folio try_get_page get_page get_page_unless_zero "
	  "folio_ref_* page_ref_* page_cache_get_speculative page_cache_add_speculative "
	  "folio_put_testzero put_page_testzero arch_atomic_* raw_atomic_* atomic_*",
	  "inline functions of the headers, where the compiler keeps them",
	  .source = "include/linux/mm.h, include/linux/page_ref.h" },
	{ "helper", ROLE_HELPER, RULE_PUT,
	  "folio_put* __folio_put* put_page __put_page* put_pages_list "
	  "release_pages folios_put* __folio_batch_release __pagevec_release "
	  "folio_batch_release pagevec_release "
	  "free_folio_and_swap_cache free_page_and_swap_cache "
	  "put_devmap_managed_* free_zone_device_* "
	  "free_unref_* __free_pages free_pages* ___free_pages __free_page "
	  "uncharge_folio __mem_cgroup_uncharge* free_frozen_pages* "
	  "destroy_large_folio",
	  "the ways to put", .source = "mm/swap.c" },

	/* Per-CPU batches in front of the LRU lists. */
	{ "mlock_batch", ROLE_BATCH, RULE_ANY,
	  "mlock_folio mlock_new_folio munlock_folio mlock_folio_batch mlock_pagevec "
	  "mlock_drain* mlock_page* munlock_page mlock_page_drain*",
	  "mlock collects folios per CPU, each with a reference", "mm/mlock.c",
	  .lasting = "mlock_folio mlock_new_folio munlock_folio mlock_drain_local "
	  "mlock_drain_remote",
	  .hint = { "a per-CPU mlock batch",
	  "drained with the LRU batches" } },
	{ "lru_batch", ROLE_BATCH, RULE_ANY,
	  "folio_add_lru* folio_activate folio_mark_accessed mark_page_accessed "
	  "folio_rotate_reclaimable folio_mark_lazyfree deactivate_* folio_deactivate "
	  "folio_batch_* __folio_batch_add_and_move folio_batch_add_and_move "
	  "pagevec_lru_* pagevec_add_and_need_flush lru_add lru_add_* lru_cache_add* "
	  "lru_cache_drain_for_folio lru_cache_disable __lru_add_drain_all "
	  "lru_add_drain* lru_activate lru_deactivate* lru_lazyfree lru_move_tail "
	  "__lru_cache_activate_folio lru_note_cost* lru_add_page_tail "
	  "deactivate_file_folio __lru_cache_add __pagevec_lru_add* __activate_page* ",
	  "lists of folios to be put on an LRU, each with a reference", "mm/swap.c",
	  .lasting = "lru_add_drain_cpu lru_add_drain lru_add_drain_all folio_add_lru "
	  "folio_add_lru_vma folio_mark_accessed folio_rotate_reclaimable "
	  "lru_cache_disable",
	  .hint = { "a per-CPU batch of folios on their way to an LRU list",
	  "another CPU's batch is drained only by lru_add_drain_all: the caller "
	  "that failed may not do that" } },

	/* Migration, isolation, compaction, offlining. */
	{ "migration", ROLE_MIGRATE, RULE_ANY,
	  "migrate_* __migrate_* *_migrate_folio move_to_new_folio move_pages* "
	  "__unmap_and_move unmap_and_move* "
	  "folio_isolate_lru isolate_lru_page isolate_folio_to_list isolate_hugetlb "
	  "folio_isolate_hugetlb isolate_movable_* "
	  "putback_* folio_putback_* add_folio_for_migration add_page_for_migration "
	  "do_move_pages_to_node do_migrate_range test_pages_isolated "
	  "__test_page_isolated_in_pageblock alloc_contig_* __alloc_contig_* "
	  "offline_pages scan_movable_pages do_pages_move folio_migrate_* "
	  "queue_folios_* queue_pages_* soft_offline_* isolate_folio damon_pa_migrate* "
	  "__folio_migrate_mapping "
	  "replace_free_hugepage_folios isolate_or_dissolve_huge_* dissolve_free_* "
	  "mf_isolate_folio numamigrate_* "
	  "unmap_folio remap_page",
	  "references of whoever migrates", "mm/migrate.c",
	  .lasting = "migrate_pages putback_movable_pages isolate_lru_page folio_isolate_lru "
	  "folio_putback_lru alloc_contig_range* isolate_hugetlb "
	  "test_pages_isolated offline_pages soft_offline_page" },
	{ "compaction", ROLE_MIGRATE, RULE_ANY,
	  "isolate_migratepages* isolate_freepages* compact_* compaction_* "
	  "release_free_list kcompactd* sysctl_compaction_handler",
	  "references of the scanners", "mm/compaction.c",
	  .lasting = "isolate_migratepages_range isolate_freepages_range "
	  "try_to_compact_pages wakeup_kcompactd "
	  "compaction_suitable" },

	/* Mappings. */
	{ "migration_entry", ROLE_EXPECTED, RULE_ANY,
	  "try_to_migrate* remove_migration_pte* set_pmd_migration_entry remove_migration_pmd",
	  "a mapping makes way for a migration entry, or comes back", "mm/rmap.c, mm/migrate.c",
	  .lasting = "try_to_migrate remove_migration_ptes" },
	{ "rmap", ROLE_EXPECTED, RULE_PUT,
	  "zap_* unmap_page_range unmap_single_vma unmap_vmas tlb_* __tlb_* "
	  "free_pages_and_swap_cache try_to_unmap* page_remove_rmap folio_remove_rmap* "
	  "wp_page_copy do_wp_page wp_page_reuse do_cow_fault __do_fault "
	  "__split_huge_pmd* split_huge_pmd* wp_page_shared replace_page __replace_page "
	  "write_protect_page restore_exclusive_pte uprobe_write_opcode unmap_huge_* "
	  "__unmap_hugepage_range "
	  "madvise_free_* madvise_cold_* mremap move_page_tables remove_device_exclusive* "
	  "hugetlb_wp hugetlb_cow",
	  "a mapping went away", "mm/memory.c, mm/rmap.c, mm/mmu_gather.c",
	  .lasting = "tlb_finish_mmu tlb_flush_mmu free_pages_and_swap_cache "
	  "free_page_and_swap_cache free_folio_and_swap_cache unmap_vmas "
	  "zap_page_range_single zap_vma_ptes unmap_mapping_range unmap_mapping_pages try_to_unmap "
	  "__split_huge_pmd split_huge_pmd_address unmap_hugepage_range "
	  "__unmap_hugepage_range* zap_huge_pmd exit_mmap" },
	{ "fault", ROLE_EXPECTED, RULE_ANY,
	  "do_anonymous_page do_swap_page do_fault* do_read_fault do_shared_fault "
	  "finish_fault do_set_pmd do_numa_page do_huge_pmd_* __do_huge_pmd_* "
	  "filemap_map_* next_uptodate_* set_pte_range filemap_fault fault_dirty_shared_page "
	  "copy_present_* copy_nonpresent_* copy_pte_range copy_page_range copy_huge_pmd "
	  "insert_page* vm_insert_* set_huge_pmd __split_huge_pmd* wp_page_shared hugetlb_wp "
	  "restore_exclusive_pte replace_page __replace_page hugetlb_fault hugetlb_no_page "
	  "handle_mm_fault "
	  "__handle_mm_fault copy_hugetlb_page_range mfill_* wp_page_copy do_wp_page "
	  "map_anon_folio_* shmem_fault",
	  "a fault or a fork maps the page", "mm/memory.c",
	  .lasting = "handle_mm_fault copy_page_range hugetlb_fault do_huge_pmd_anonymous_page "
	  "do_huge_pmd_wp_page do_huge_pmd_numa_page" },

	/* Before invalidate_* of the page cache. */
	{ "bh_lru", ROLE_BATCH, RULE_ANY,
	  "invalidate_bh_lru* bh_lru_install __find_get_block lookup_bh_lru bdev_getblk "
	  "__getblk_slow __getblk_gfp __brelse",
	  "per-CPU buffer heads keep the page's buffers busy", "fs/buffer.c",
	  .hint = { "a per-CPU list of recent buffer heads",
	  "dropped by invalidate_bh_lrus" } },

	/* The page cache's and the swap cache's own references. */
	{ "page_cache", ROLE_EXPECTED, RULE_ANY,
	  "filemap_add_folio __filemap_add_folio add_to_page_cache* "
	  "filemap_remove_folio __filemap_remove_folio delete_from_page_cache* "
	  "filemap_free_folio page_cache_delete* truncate_* invalidate_* "
	  "mapping_evict_folio shmem_add_to_page_cache shmem_delete_from_page_cache "
	  "shmem_undo_range shmem_truncate_* shmem_free_swap remove_mapping __remove_mapping "
	  "remove_inode_hugepages hugetlb_add_to_page_cache shmem_replace_* "
	  "replace_page_cache_* folio_unmap_invalidate generic_error_remove_folio",
	  "the page cache holds one reference per page", "mm/filemap.c, mm/truncate.c",
	  .lasting = "truncate_inode_pages* truncate_inode_folio filemap_remove_folio "
	  "delete_from_page_cache_batch invalidate_inode_pages2* "
	  "invalidate_mapping_pages shmem_truncate_range remove_mapping "
	  "filemap_add_folio" },
	{ "swap_cache", ROLE_EXPECTED, RULE_ANY,
	  "add_to_swap* __add_to_swap* __delete_from_swap_cache delete_from_swap_cache "
	  "folio_free_swap try_to_free_swap free_swap_cache __try_to_reclaim_swap "
	  "read_swap_cache_* __read_swap_cache_async swap_cache_* clear_shadow_from_swap* "
	  "swapin_* swap_cluster_readahead swap_vma_readahead unuse_* "
	  "try_to_unuse",
	  "the swap cache holds one reference per page", "mm/swap_state.c",
	  .lasting = "delete_from_swap_cache free_swap_cache folio_free_swap add_to_swap "
	  "swap_cluster_readahead" },
	{ "buffers", ROLE_EXPECTED, RULE_ANY,
	  "drop_buffers try_to_free_buffers folio_attach_private folio_detach_private "
	  "attach_page_private detach_page_private create_empty_buffers "
	  "link_dev_buffers filemap_release_folio block_invalidate_folio "
	  "iomap_release_folio iomap_invalidate_folio folio_create_buffers",
	  "private data holds one reference", .source = "fs/buffer.c" },

	/* A poisoned page keeps a reference, so that nobody gets it. */
	{ "hwpoison", ROLE_KEPT, RULE_GET,
	  "get_hwpoison_page get_any_page __get_hwpoison_page* __get_unpoison_page "
	  "try_memory_failure_* page_handle_poison get_huge_page_for_hwpoison "
	  "__get_huge_page_for_hwpoison get_hwpoison_hugetlb_folio memory_failure*",
	  "memory that failed is kept out of use", "mm/memory-failure.c",
	  .lasting = "memory_failure",
	  .hint = { "memory that failed (hwpoison)",
	  "the page is lost on purpose: unpoison it or offline its memory" } },

	/* Short references of memory management. */
	{ "reclaim", ROLE_BRIEF, RULE_ANY,
	  "shrink_* isolate_lru_folios isolate_lru_pages move_folios_to_lru "
	  "move_pages_to_lru reclaim_* evict_folios isolate_folios scan_folios "
	  "pageout kswapd* balance_pgdat lru_gen_* get_pfn_folio walk_pte_range "
	  "memory_failure* try_memory_failure_*",
	  "reclaim isolates and puts back", "mm/vmscan.c",
	  .lasting = "try_to_free_pages reclaim_clean_pages_from_list memory_failure" },
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
	  "ext4_mb_put_buddy_* ext4_mb_init_* ext4_mb_use_best_found "
	  "ext4_mb_release_context ext4_mb_new_blocks "
	  "write_cache_pages writeback_* mpage_* filemap_fdatawa* "
	  "filemap_range_has_writeback filemap_write_and_wait_range mincore_* "
	  "page_idle_* kpage* stable_page_flags pagemap_* smaps_* "
	  "folio_wait_* __folio_lock* migration_entry_wait* softleaf_entry_wait*",
	  "found in the page cache, used, put", "mm/filemap.c",
	  .lasting = "__filemap_get_folio filemap_read filemap_fault filemap_get_folios* "
	  "filemap_get_entry generic_perform_write page_cache_ra_unbounded "
	  "shmem_get_folio write_cache_pages" },
	{ "idle", ROLE_BRIEF, RULE_ANY, "damon_* page_idle_get_folio", "idle tracking looks",
	  .source = "mm/damon" },
	{ "khugepaged", ROLE_BRIEF, RULE_ANY,
	  "khugepaged* hpage_collapse_* collapse_* __collapse_huge_* "
	  "release_pte_* retract_page_tables",
	  "khugepaged collects what it may collapse", .source = "mm/khugepaged.c" },
	{ "ksm", ROLE_BRIEF, RULE_ANY,
	  "ksm_* ksmd remove_rmap_item_from_tree remove_node_from_stable_tree remove_stable_node* "
	  "break_cow stable_tree_* unstable_tree_* cmp_and_merge_page "
	  "scan_get_next_rmap_item try_to_merge_* get_mergeable_page break_ksm",
	  "ksmd looks at pages", "mm/ksm.c",
	  .hint = { "ksmd, comparing or merging pages",
	  "short, but it comes back: echo 0 > /sys/kernel/mm/ksm/run to rule it out" } },
	{ "split", ROLE_MIGRATE, RULE_ANY,
	  "split_huge_page* __split_huge_page* split_folio* __folio_split "
	  "__split_unmapped_folio __folio_freeze_and_split_unmapped folio_split* "
	  "deferred_split_* try_to_split_folio",
	  "splitting freezes the count", "mm/huge_memory.c",
	  .lasting = "split_huge_page_to_list* split_folio_to_list deferred_split_folio" },

	/* The first reference of a page. */
	{ "alloc", ROLE_ALLOC, RULE_GET,
	  "prep_new_page get_page_from_freelist __alloc_pages* __alloc_frozen_pages* "
	  "alloc_pages* alloc_anon_folio vma_alloc_* folio_alloc* __folio_alloc* "
	  "filemap_alloc_folio shmem_alloc_* post_alloc_hook set_page_refcounted "
	  "folio_prealloc alloc_buddy_* alloc_hugetlb_* dequeue_hugetlb_* "
	  "split_free_pages split_page __split_page",
	  "a new page has one reference", .source = "mm/page_alloc.c" },

	/* Families of holders: a name for what is known to take references. */
	{ "pipe", ROLE_HOLDER, RULE_ANY,
	  "generic_pipe_buf_* pipe_* free_pipe_info iter_to_pipe vmsplice_* "
	  "__do_sys_vmsplice splice_* __splice_* do_splice* page_cache_pipe_buf_* "
	  "user_page_pipe_buf_* anon_pipe_buf_* __do_splice __se_sys_vmsplice "
	  "__x64_sys_vmsplice __arm64_sys_vmsplice",
	  "pipe buffers hold the pages given to vmsplice and splice", "fs/splice.c",
	  .hint = { "vmsplice, splice or tee into a pipe",
	  "the pages stay until somebody reads the pipe or closes it; vmsplice "
	  "takes no FOLL_LONGTERM pin" } },
	{ "rdma_hw", ROLE_HOLDER, RULE_ANY,
	  "hfi1_release_user_pages qib_release_user_pages usnic_uiom_put_pages",
	  "drivers that pin without ib_umem", "drivers/infiniband/hw",
	  .hint = { "memory registered with an RDMA device",
	  "pages stay until the application gives the registration back" } },
	{ "gem", ROLE_HOLDER, RULE_ANY,
	  "drm_gem_put_pages drm_gem_get_pages drm_gem_shmem_* shmem_sg_free_table "
	  "shmem_sg_alloc_table ttm_pool_*",
	  "buffer objects keep their pages", "drivers/gpu/drm",
	  .hint = { "a buffer object of a GPU driver (GEM, TTM), its pages in use by the "
	  "device",
	  "pages stay until the object is idle and evicted or its last handle is "
	  "closed" } },
	{ "gpu_userptr", ROLE_HOLDER, RULE_ANY,
	  "i915_gem_userptr_* etnaviv_gem_userptr_* radeon_ttm_tt_* amdgpu_ttm_tt_*",
	  "a device works on a process's memory", "drivers/gpu/drm",
	  .hint = { "memory of a process given to a GPU (userptr)",
	  "pages stay while the device may use them; an MMU notifier takes them "
	  "back" } },
	{ "nvidia", ROLE_HOLDER, RULE_ANY,
	  "os_lock_user_pages os_unlock_user_pages nv_* nvidia_* uvm_*",
	  "not in the tree: named in reports of 2021 and 2022", "reports",
	  .hint = { "the NVIDIA driver (os_lock_user_pages), from outside the kernel tree",
	  "pages stay until the process frees the registration with the driver" } },
	{ "video", ROLE_HOLDER, RULE_ANY,
	  "vb2_create_framevec vb2_destroy_framevec get_vaddr_frames put_vaddr_frames",
	  "video buffers in the user's memory", "drivers/media/common/videobuf2",
	  .hint = { "a video buffer (V4L2, USERPTR)",
	  "pages stay until the buffer is dequeued and freed" } },
	{ "habanalabs", ROLE_HOLDER, RULE_ANY,
	  "hl_pin_host_memory hl_unpin_host_memory",
	  "an accelerator works on host memory", "drivers/accel/habanalabs",
	  .hint = { "host memory mapped for an accelerator (habanalabs)",
	  "pages stay until they are unmapped from the device" } },
	{ "tee", ROLE_HOLDER, RULE_ANY,
	  "tee_shm_*",
	  "memory shared with a trusted world", "drivers/tee",
	  .hint = { "memory shared with a trusted environment (TEE)",
	  "pages stay until the session frees the shared memory" } },
	{ "vhost", ROLE_HOLDER, RULE_ANY,
	  "vhost_*",
	  "a guest's rings and buffers", "drivers/vhost",
	  .hint = { "a guest's memory in use by vhost",
	  "for vDPA as long as the guest's memory is mapped for the device" } },
	{ "tape", ROLE_HOLDER, RULE_ANY,
	  "sgl_map_user_pages sgl_unmap_user_pages st_release",
	  "direct I/O of a tape drive", "drivers/scsi/st.c",
	  .hint = { "a tape drive's I/O",
	  "gone when the command completes" } },
	{ "binder", ROLE_HOLDER, RULE_ANY,
	  "binder_*",
	  "pages of a process's binder buffer", "drivers/android/binder_alloc.c",
	  .hint = { "the buffer of an Android process for binder transactions",
	  "the shrinker frees pages of it that are idle; look at the process that "
	  "is not reading" } },
	{ "netfs", ROLE_HOLDER, RULE_ANY,
	  "nfs_direct_* nfs_release_request nfs_free_request nfs_page_* netfs_* "
	  "ceph_put_page_vector ceph_get_direct_page_vector p9_release_pages "
	  "p9_get_mapped_pages",
	  "requests to a file server hold their pages", "fs/nfs, fs/netfs, net/9p",
	  .hint = { "I/O of a network file system in flight",
	  "gone when the server answers: look at the server and the network" } },
	{ "superblock", ROLE_HOLDER, RULE_ANY,
	  "ext4_put_super kill_block_super ext4_fill_super",
	  "blocks that a mounted file system keeps", "fs/super.c",
	  .hint = { "buffers of a mounted file system",
	  "its superblock and descriptors stay until it is unmounted" } },
	{ "journal", ROLE_HOLDER, RULE_ANY,
	  "jbd2_* journal_* __jbd2_*",
	  "a journal keeps the buffers it has not written", "fs/jbd2",
	  .hint = { "the journal of a file system",
	  "gone after the next checkpoint" } },
	{ "xsk", ROLE_HOLDER, RULE_ANY,
	  "xdp_umem_* xsk_*",
	  "packets in a process's memory", "net/xdp/xdp_umem.c",
	  .hint = { "an AF_XDP umem",
	  "pages stay until the socket is closed" } },
	{ "bio", ROLE_HOLDER, RULE_ANY,
	  "bio_* __bio_* dio_* iomap_dio_* blkdev_* __blkdev_direct_IO* blk_*",
	  "direct I/O holds the user's pages until it completes", "block/bio.c",
	  .hint = { "direct I/O in flight (O_DIRECT)",
	  "gone when the I/O completes: look for a slow or stuck device" } },
	{ "io_uring", ROLE_HOLDER, RULE_ANY,
	  "io_* __io_*", "registered buffers and requests in flight", "io_uring/rsrc.c",
	  .hint = { "io_uring, by registered buffers (IORING_REGISTER_BUFFERS) or a request "
	  "in flight",
	  "unregister them, or register memory that lies outside CMA and "
	  "ZONE_MOVABLE" } },
	{ "skb", ROLE_HOLDER, RULE_ANY,
	  "skb_* __skb_* pskb_* __pskb_* ___pskb_* kfree_skb* consume_skb* sk_* tcp_* __tcp_* udp_* unix_* "
	  "napi_* page_pool_* net_* __netif_* zerocopy_* msg_zerocopy_* __zerocopy_*",
	  "socket buffers hold the pages they send", "net/core/skbuff.c",
	  .hint = { "sendfile, splice or MSG_ZEROCOPY to a socket",
	  "gone when the peer has acknowledged the data: look for a slow reader" } },
	{ "gup_test", ROLE_HOLDER, RULE_ANY,
	  "gup_test_* pin_longterm_test_* __gup_test_*", "mm/gup_test.c", "mm/gup_test.c",
	  .hint = { "the gup_test driver",
	  "a test is running" } },
	{ "udmabuf", ROLE_HOLDER, RULE_ANY,
	  "udmabuf_* *_udmabuf* begin_cpu_udmabuf", "dma-buf of a memfd",
	  "drivers/dma-buf/udmabuf.c",
	  .hint = { "a udmabuf made of a memfd",
	  "pages stay until the dma-buf is closed" } },
	{ "vfio", ROLE_HOLDER, RULE_ANY,
	  "vfio_* vaddr_get_pfns put_pfn iopt_* iommufd_* pfn_reader_*",
	  "a device that a guest owns reaches all the guest's memory",
	  "drivers/vfio/vfio_iommu_type1.c",
	  .hint = { "memory mapped for a device (VFIO, iommufd)",
	  "pages stay until the guest's memory is unmapped from the IOMMU" } },
	{ "rdma", ROLE_HOLDER, RULE_ANY,
	  "ib_umem_* __ib_umem_* rxe_* siw_* rds_*", "registered memory",
	  "drivers/infiniband/core/umem.c",
	  .hint = { "an RDMA memory region (ibv_reg_mr)",
	  "pages stay for as long as the region is registered; ib_umem asks for "
	  "FOLL_LONGTERM, so they should have left CMA and ZONE_MOVABLE first" } },
	{ "kvm", ROLE_HOLDER, RULE_ANY,
	  "kvm_* gfn_to_pfn* hva_to_pfn* sev_*", "guest memory in use by KVM",
	  "virt/kvm/kvm_main.c",
	  .hint = { "KVM",
	  "short for a page fault; for the guest's life for SEV" } },
	{ "fuse", ROLE_HOLDER, RULE_ANY, "fuse_*", "pages of requests to a server",
	  "fs/fuse/dev.c",
	  .hint = { "a request to a FUSE server",
	  "gone when the server answers: look at the server" } },
	{ "aio", ROLE_KEPT, RULE_GET, "aio_setup_ring ioctx_alloc", "the ring keeps its pages", "fs/aio.c",
	  .hint = { "the ring of an AIO context (io_setup)",
	  "the ring can be migrated; a failure is worth a report" } },
	{ "aio", ROLE_HOLDER, RULE_ANY, "aio_* free_ioctx", "the ring of an AIO context", "fs/aio.c",
	  .hint = { "the ring of an AIO context (io_setup)",
	  "the ring can be migrated; a failure is worth a report" } },
	{ "remote_vm", ROLE_HOLDER, RULE_ANY,
	  "process_vm_* __access_remote_vm access_remote_vm access_process_vm ptrace_* "
	  "get_arg_page copy_strings* get_cmdline proc_pid_cmdline_read mem_rw "
	  "generic_ptrace_*",
	  "another task's memory is read or written", "mm/process_vm_access.c",
	  .hint = { "another task's memory being read or written (process_vm_readv, ptrace, "
	  "/proc/PID/mem)",
	  "short, unless it repeats" } },
	{ "futex", ROLE_HOLDER, RULE_ANY, "get_futex_key futex_*",
	  "a futex looks at its page", "kernel/futex/core.c",
	  .hint = { "a futex on shared memory",
	  "for the moment in which its key is made" } },
};

static const struct context contexts[] = {
	{ CONTEXT_INTERRUPT,
	  "__do_softirq handle_softirqs handle_irq_event* __handle_irq_event_percpu "
	  "irq_work_run* __sysvec_* __flush_smp_call_function_queue",
	  "what runs there runs for anybody" },
	{ CONTEXT_KTHREAD,
	  "kthread worker_thread smpboot_thread_fn kthread_worker_fn io_wq_worker "
	  "cpu_startup_entry do_idle vhost_task_fn",
	  "works for others, as a rule" },
	{ CONTEXT_ENTRY,
	  "entry_SYSCALL* do_syscall* x64_sys_call ia32_sys_call entry_INT80* do_int80* "
	  "do_fast_syscall* invoke_syscall* el0* do_el0_svc ret_from_fork* "
	  "process_one_work process_scheduled_works start_secondary secondary_startup* "
	  "__x64_sys_* __arm64_sys_* __se_sys_* __do_sys_* ksys_* asm_exc_page_fault "
	  "exc_page_fault do_user_addr_fault do_page_fault do_mem_abort do_translation_fault "
	  "vfs_* do_iter_* new_sync_* task_work_run __fput ____fput exit_to_user_mode* "
	  "syscall_exit_to_user_mode* irqentry_exit*",
	  "how a task enters the kernel" },
	{ CONTEXT_EXIT, "do_exit", "its task is gone after that" },
	{ CONTEXT_CALLBACK, "do_shrink_slab shrink_slab* __mmu_notifier_* mn_itree_* "
	  "mn_hlist_*",
	  "whoever reclaims or unmaps makes others give back what they have" },
	{ CONTEXT_CLOSE, "remove_vma* vma_close", "a driver gives back what it has mapped" },
};

const struct context *classify_contexts(size_t *nr)
{
	*nr = ARRAY_SIZE(contexts);
	return contexts;
}

const struct rule *classify_builtin_rules(size_t *nr)
{
	*nr = ARRAY_SIZE(rules);
	return rules;
}
