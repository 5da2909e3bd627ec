// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks to classes: one stack at least that only this line of the table
 * catches, the frames that are passed over, and rules of the user's.
 */
#include <string.h>

#include "scene.h"

static const struct {
	const char *stack, *class;
	unsigned int dir;
	enum role role;
} known[] = {
	{ "folio_put __gup_longterm_locked", "gup_longterm", RULE_PUT, ROLE_PINNER },
	{ "collect_longterm_unpinnable_folios", "gup_longterm", RULE_GET, ROLE_PINNER },
	{ "folio_get mlock_new_folio", "mlock_batch", RULE_GET, ROLE_BATCH },
	{ "folios_put_refs mlock_folio_batch", "mlock_batch", RULE_PUT, ROLE_BATCH },
	{ "folio_get folio_mark_accessed", "lru_batch", RULE_GET, ROLE_BATCH },
	{ "folios_put_refs folio_batch_move_lru", "lru_batch", RULE_PUT, ROLE_BATCH },
	{ "folio_put migrate_pages_batch", "migration", RULE_PUT, ROLE_MIGRATE },
	{ "__folio_migrate_mapping __migrate_folio", "migration", RULE_PUT, ROLE_MIGRATE },
	{ "folio_try_get isolate_migratepages_block", "compaction", RULE_GET, ROLE_MIGRATE },
	{ "folio_put zap_pte_range", "rmap", RULE_PUT, ROLE_EXPECTED },
	{ "folio_get do_anonymous_page", "fault", RULE_GET, ROLE_EXPECTED },
	{ "folio_get __filemap_add_folio", "page_cache", RULE_GET, ROLE_EXPECTED },
	{ "folio_put truncate_inode_pages_range", "page_cache", RULE_PUT, ROLE_EXPECTED },
	{ "folio_get add_to_swap_cache", "swap_cache", RULE_GET, ROLE_EXPECTED },
	{ "folio_put drop_buffers", "buffers", RULE_PUT, ROLE_EXPECTED },
	{ "folio_put invalidate_bh_lru", "bh_lru", RULE_PUT, ROLE_BATCH },
	{ "folio_put shrink_folio_list", "reclaim", RULE_PUT, ROLE_BRIEF },
	{ "folio_try_get filemap_get_entry", "lookup", RULE_GET, ROLE_BRIEF },
	/* seen: dd was blamed, by ext4's names for it */
	{ "folio_put ext4_da_write_end generic_perform_write", "lookup", RULE_PUT, ROLE_BRIEF },
	{ "folio_put ext4_mb_new_blocks ext4_ext_map_blocks", "lookup", RULE_PUT, ROLE_BRIEF },
	{ "folio_put ext4_free_data_in_buddy ext4_process_freed_data", "ext4_free_data_in_buddy",
	  RULE_PUT, ROLE_HOLDER },
	{ "folio_put ext4_mb_unload_buddy ext4_mb_regular_allocator", "lookup", RULE_PUT,
	  ROLE_BRIEF },
	{ "folio_put damon_get_folio", "idle", RULE_PUT, ROLE_BRIEF },
	{ "folio_put hpage_collapse_scan_file", "khugepaged", RULE_PUT, ROLE_BRIEF },
	{ "folio_put ksm_do_scan", "ksm", RULE_PUT, ROLE_BRIEF },
	{ "folio_put split_huge_page_to_list_to_order", "split", RULE_PUT, ROLE_MIGRATE },
	{ "set_page_refcounted get_page_from_freelist", "alloc", RULE_GET, ROLE_ALLOC },
	{ "folio_put generic_pipe_buf_release", "pipe", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_folio bio_release_pages", "bio", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_page io_buffer_unmap", "io_uring", RULE_PUT, ROLE_HOLDER },
	{ "folio_put skb_release_data", "skb", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_pages gup_test_ioctl", "gup_test", RULE_PUT, ROLE_HOLDER },
	{ "unpin_folio udmabuf_release", "udmabuf", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_page vfio_unpin_pages_remote", "vfio", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_pages ib_umem_release", "rdma", RULE_PUT, ROLE_HOLDER },
	{ "folio_put kvm_release_pfn_clean", "kvm", RULE_PUT, ROLE_HOLDER },
	{ "folio_put fuse_copy_page", "fuse", RULE_PUT, ROLE_HOLDER },
	{ "folio_put aio_free_ring", "aio", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_pages process_vm_rw_core", "remote_vm", RULE_PUT, ROLE_HOLDER },
	{ "folio_put futex_wait_setup", "futex", RULE_PUT, ROLE_HOLDER },
	{ "get_any_page soft_offline_page", "hwpoison", RULE_GET, ROLE_KEPT },
	{ "set_page_refcounted aio_setup_ring", "aio", RULE_GET, ROLE_KEPT },
	{ "unpin_user_pages hfi1_release_user_pages", "rdma_hw", RULE_PUT, ROLE_HOLDER },
	{ "folio_put drm_gem_put_pages", "gem", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_page amdgpu_ttm_tt_unpopulate", "gpu_userptr", RULE_PUT, ROLE_HOLDER },
	{ "put_page os_unlock_user_pages", "nvidia", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_pages vb2_destroy_framevec", "video", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_pages hl_unpin_host_memory", "habanalabs", RULE_PUT, ROLE_HOLDER },
	{ "put_page tee_shm_release", "tee", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_page vhost_vdpa_unmap", "vhost", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_pages sgl_unmap_user_pages", "tape", RULE_PUT, ROLE_HOLDER },
	{ "__free_page binder_alloc_free_page", "binder", RULE_PUT, ROLE_HOLDER },
	{ "folio_put nfs_direct_release_pages", "netfs", RULE_PUT, ROLE_HOLDER },
	{ "folio_put ext4_put_super", "superblock", RULE_PUT, ROLE_HOLDER },
	{ "folio_put jbd2_journal_put_journal_head", "journal", RULE_PUT, ROLE_HOLDER },
	{ "unpin_user_pages xdp_umem_unpin_pages", "xsk", RULE_PUT, ROLE_HOLDER },
	{ "folio_put try_to_migrate_one rmap_walk_anon try_to_migrate migrate_pages_batch",
	  "migration_entry", RULE_PUT, ROLE_EXPECTED },
	{ "folio_get remove_migration_pte rmap_walk_anon remove_migration_ptes",
	  "migration_entry", RULE_GET, ROLE_EXPECTED },
};

static void each_class_has_its_stack(void **state)
{
	const struct stack_class *sc;
	struct scene s;
	size_t i;

	scene_open(&s, 1);
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		sc = classify_stack(s.cl, scene_stack(&s, known[i].stack), known[i].dir);
		assert_string_equal(sc->class, known[i].class);
		assert_int_equal(sc->role, known[i].role);
	}
	scene_close(&s);
}

/* A line of the table that nothing above names is a line nobody tests. */
static void each_line_of_the_table_is_tested(void **state)
{
	const struct rule *rules;
	size_t nr, i, k;

	rules = classify_builtin_rules(&nr);
	for (i = 0; i < nr; i++) {
		if (rules[i].role == ROLE_OWN || rules[i].role == ROLE_HELPER)
			continue;
		for (k = 0; k < sizeof(known) / sizeof(known[0]); k++)
			if (!strcmp(known[k].class, rules[i].class) &&
			    (known[k].dir & rules[i].dir))
				break;
		if (k == sizeof(known) / sizeof(known[0]))
			fail_msg("class %s has no stack here", rules[i].class);
		assert_true(*rules[i].why && *rules[i].source);
	}
}

static void own_frames_are_never_shown(void **state)
{
	const struct stack_class *sc;
	struct scene s;

	scene_open(&s, 1);
	sc = classify_stack(s.cl, scene_stack(&s, "trace_event_raw_event_page_pinner_ref "
			"__traceiter_page_pinner_put __page_pinner_put folio_put foo_free@foo"),
			RULE_PUT);
	assert_int_equal(sc->first, 3);
	assert_int_equal(sc->frame, 4);
	assert_string_equal(sc->function, "foo_free");
	assert_non_null(sc->module);
	assert_string_equal(sc->module, "foo");
	assert_string_equal(sc->class, "foo");
	/* what the feature itself takes, through a helper that is not inlined */
	sc = classify_stack(s.cl, scene_stack(&s, "page_pinner_add_unless page_ref_add_unless "
			"__page_pinner_range_busy test_pages_isolated alloc_contig_range"),
			RULE_GET);
	assert_int_equal(sc->first, 3);
	assert_string_equal(sc->function, "test_pages_isolated");
	assert_string_equal(sc->class, "migration");
	scene_close(&s);
}

static void driver_in_an_mmu_notifier_is_a_holder(void **state)
{
	const struct stack_class *sc;
	struct scene s;

	scene_open(&s, 1);
	sc = classify_stack(s.cl, scene_stack(&s, "unpin_user_page gpu_invalidate@gpu "
			"__mmu_notifier_invalidate_range_start try_to_migrate_one"), RULE_PUT);
	assert_int_equal(sc->role, ROLE_HOLDER);
	assert_non_null(sc->module);
	assert_string_equal(sc->module, "gpu");
	assert_true(sc->pin);
	scene_close(&s);
}

static void who_pins_is_the_caller_of_gup(void **state)
{
	const struct stack_class *sc;
	struct scene s;

	scene_open(&s, 1);
	sc = classify_stack(s.cl, scene_stack(&s, "gup_put_folio migrate_longterm_unpinnable_folios "
			"__gup_longterm_locked pin_user_pages foo_register@foo do_syscall_64"), RULE_PUT);
	assert_int_equal(sc->role, ROLE_PINNER);
	assert_string_equal(sc->class, "gup_longterm");
	assert_string_equal(sc->function, "foo_register");
	assert_non_null(sc->module);
	assert_string_equal(sc->module, "foo");
	/* a stack that was cut off there still has a name */
	sc = classify_stack(s.cl, scene_stack(&s, "gup_put_folio __gup_longterm_locked"), RULE_PUT);
	assert_string_equal(sc->function, "__gup_longterm_locked");
	scene_close(&s);
}

/* Which wrappers are out of line is an accident of compiler and options. */
static void wrapper_out_of_line_is_nobody(void **state)
{
	static const char *const wrappers[] = {
		"put_page_testzero folio_putback_lru putback_movable_pages",
		"folio_put_testzero folio_put folio_putback_lru putback_movable_pages",
		"page_ref_dec_and_test __folio_put folio_putback_lru putback_movable_pages",
		"some_new_wrapper putback_lru_folio putback_movable_pages alloc_contig_range",
	};
	const struct stack_class *sc;
	struct scene s;
	size_t i;

	scene_open(&s, 1);
	for (i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++) {
		sc = classify_stack(s.cl, scene_stack(&s, wrappers[i]), RULE_PUT);
		assert_int_equal(sc->role, ROLE_MIGRATE);
		assert_false(sc->positive);
	}
	sc = classify_stack(s.cl, scene_stack(&s, "put_page_testzero folio_put"), RULE_PUT);
	assert_true(sc->nameless);
	scene_close(&s);
}

static void evidence_is_gup_a_module_or_a_rule(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	assert_true(classify_stack(s.cl, scene_stack(&s, "try_grab_folio gup_fast foo"),
				   RULE_GET)->positive);
	assert_true(classify_stack(s.cl, scene_stack(&s, "folio_put foo@bar"),
				   RULE_PUT)->positive);
	assert_true(classify_stack(s.cl, scene_stack(&s, VMSPLICE_PUT), RULE_PUT)->positive);
	assert_false(classify_stack(s.cl, scene_stack(&s, "folio_put foo"), RULE_PUT)->positive);
	assert_false(classify_stack(s.cl, scene_stack(&s, "folio_put foo"), RULE_PUT)->nameless);
	assert_true(classify_stack(s.cl, STACK_NONE, RULE_PUT)->nameless);
	scene_close(&s);
}

static void context_is_told_by_the_stack(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	assert_int_equal(classify_stack(s.cl, scene_stack(&s, "folio_put skb_release_data "
			"tcp_ack handle_softirqs irq_exit_rcu"), RULE_PUT)->context,
			CONTEXT_INTERRUPT);
	assert_int_equal(classify_stack(s.cl, scene_stack(&s, "folio_put foo process_one_work "
			"worker_thread kthread ret_from_fork"), RULE_PUT)->context,
			CONTEXT_KTHREAD);
	assert_int_equal(classify_stack(s.cl, scene_stack(&s, "folios_put_refs tlb_finish_mmu "
			"exit_mmap do_exit"), RULE_PUT)->context, CONTEXT_EXIT);
	scene_close(&s);
}

/* An unknown release in a softirq on top of a task that unmaps is no mapping's. */
static void what_was_interrupted_tells_nothing(void **state)
{
	const struct stack_class *sc;
	struct scene s;

	scene_open(&s, 1);
	sc = classify_stack(s.cl, scene_stack(&s, "folio_put nobody_knows_done handle_softirqs "
			"irq_exit_rcu free_pages_and_swap_cache tlb_finish_mmu exit_mmap"), RULE_PUT);
	assert_int_equal(sc->role, ROLE_HOLDER);
	assert_string_equal(sc->function, "nobody_knows_done");
	scene_close(&s);
}

/* A wrapper that no rule knows is a part of what called it, if that is the kernel's own. */
static void what_nobody_knows_is_its_callers(void **state)
{
	const struct stack_class *sc;
	struct scene s;

	scene_open(&s, 1);
	sc = classify_stack(s.cl, scene_stack(&s, "new_put folio_batch_move_lru folio_putback_lru "
			"putback_movable_pages"), RULE_PUT);
	assert_string_equal(sc->class, "lru_batch");
	assert_true(sc->ruled);
	/* what a known wrapper calls is one */
	sc = classify_stack(s.cl, scene_stack(&s, "new_unpin unpin_user_pages foo_release"),
			    RULE_PUT);
	assert_string_equal(sc->function, "foo_release");
	assert_true(sc->pin);
	/* who registered a callback does not do what called it */
	sc = classify_stack(s.cl, scene_stack(&s, "foo_scan do_shrink_slab shrink_slab "
			"shrink_node try_to_free_pages"), RULE_PUT);
	assert_int_equal(sc->role, ROLE_HOLDER);
	sc = classify_stack(s.cl, scene_stack(&s, "foo_close remove_vma exit_mmap"), RULE_PUT);
	assert_int_equal(sc->role, ROLE_HOLDER);
	scene_close(&s);
}

/* A system call that does nothing but GUP is who takes what GUP finds. */
static void a_system_call_may_be_the_holder(void **state)
{
	const struct stack_class *sc;
	struct scene s;

	scene_open(&s, 1);
	sc = classify_stack(s.cl, scene_stack(&s, "try_get_folio get_user_pages_fast "
			"iov_iter_get_pages2 __do_sys_newcall do_syscall_64"), RULE_GET);
	assert_string_equal(sc->function, "__do_sys_newcall");
	assert_false(sc->nameless);
	sc = classify_stack(s.cl, scene_stack(&s, "try_get_folio get_user_pages_fast "
			"x64_sys_call do_syscall_64"), RULE_GET);
	assert_true(sc->nameless);
	scene_close(&s);
}

static void empty_stack_is_unknown(void **state)
{
	struct scene s;

	scene_open(&s, 1);
	assert_string_equal(classify_stack(s.cl, STACK_NONE, RULE_PUT)->class, "unknown");
	scene_close(&s);
}

static void rule_of_the_user_goes_first(void **state)
{
	static const struct rule rule = { "mine", ROLE_BRIEF, RULE_PUT, "generic_pipe_*",
					  "", "" };
	struct scene s;

	scene_open(&s, 1);
	classifier_add_rule(s.cl, &rule);
	assert_string_equal(classify_stack(s.cl, scene_stack(&s, VMSPLICE_PUT),
					   RULE_PUT)->class, "mine");
	assert_string_equal(classify_stack(s.cl, scene_stack(&s, "generic_pipe_buf_get"),
					   RULE_GET)->class, "pipe");
	scene_close(&s);
}

/* A function is asked for in both directions: what is known of one is not of the other. */
static void rule_is_for_its_direction(void **state)
{
	static const struct rule rule = { "mine", ROLE_BRIEF, RULE_PUT, "generic_pipe_*",
					  "", "" };
	struct scene s;
	uint32_t stack;

	scene_open(&s, 1);
	classifier_add_rule(s.cl, &rule);
	stack = scene_stack(&s, "generic_pipe_buf_get");
	assert_string_equal(classify_stack(s.cl, stack, RULE_GET)->class, "pipe");
	assert_string_equal(classify_stack(s.cl, stack, RULE_PUT)->class, "mine");
	scene_close(&s);
}

/* A reader that stalls has it all the time; who got what was looked up may keep it. */
static void what_was_looked_up_is_its_askers_unless_put_there(void **state)
{
	const struct stack_class *sc;
	struct scene s;

	scene_open(&s, 1);
	sc = classify_stack(s.cl, scene_stack(&s, "folio_put filemap_read vfs_read ksys_pread64"),
			    RULE_PUT);
	assert_int_equal(sc->role, ROLE_BRIEF);
	assert_string_equal(sc->caller, "filemap_read");
	sc = classify_stack(s.cl, scene_stack(&s, "folio_try_get filemap_get_entry "
					      "__filemap_get_folio some_fs_load"), RULE_GET);
	assert_int_equal(sc->role, ROLE_BRIEF);
	assert_string_equal(sc->caller, "some_fs_load");
	scene_close(&s);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_class_has_its_stack),
		cmocka_unit_test(each_line_of_the_table_is_tested),
		cmocka_unit_test(own_frames_are_never_shown),
		cmocka_unit_test(driver_in_an_mmu_notifier_is_a_holder),
		cmocka_unit_test(who_pins_is_the_caller_of_gup),
		cmocka_unit_test(wrapper_out_of_line_is_nobody),
		cmocka_unit_test(evidence_is_gup_a_module_or_a_rule),
		cmocka_unit_test(context_is_told_by_the_stack),
		cmocka_unit_test(what_was_interrupted_tells_nothing),
		cmocka_unit_test(what_nobody_knows_is_its_callers),
		cmocka_unit_test(a_system_call_may_be_the_holder),
		cmocka_unit_test(empty_stack_is_unknown),
		cmocka_unit_test(rule_of_the_user_goes_first),
		cmocka_unit_test(rule_is_for_its_direction),
		cmocka_unit_test(what_was_looked_up_is_its_askers_unless_put_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
