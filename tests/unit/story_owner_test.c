// SPDX-License-Identifier: GPL-2.0
/*
 * Stories of whose a reference was: the task that gives it back is often another
 * than the one that took it, and now and then the one that is in its own way.
 */
#include "told.h"

#define UMEM_TAKES "pin_user_pages_fast ib_umem_get@ib_uverbs mlx5_ib_reg_user_mr@mlx5_ib " \
	"ib_uverbs_reg_mr@ib_uverbs __x64_sys_ioctl" SYSCALL
#define UMEM_GIVES "unpin_user_page_range_dirty_lock __ib_umem_release@ib_uverbs " \
	"ib_umem_release@ib_uverbs mlx5_ib_dereg_mr@mlx5_ib" WORKER

/* Who wants memory reclaims, and a driver's shrinker gives back what others took. */
static void shrinker_of_the_victim(struct page *p)
{
	told_cached(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 2);
	told_ref(p, VICTIM, -1, "drm_gem_put_pages put_pages@msm msm_gem_evict@msm "
		 "msm_gem_shrinker_scan@msm do_shrink_slab shrink_slab shrink_node "
		 "try_to_free_pages alloc_contig_range_noprof __cma_alloc dma_direct_alloc "
		 "drv_probe" SYSCALL);
	told_migrates(p);
}

/* The same, watched: who looked the page up is on record. */
static void shrinker_of_a_watched_page(struct page *p)
{
	told_cached(p);
	p->watched = true;
	told_ref(p, CULPRIT, 1, "shmem_read_folio_gfp drm_gem_get_pages msm_gem_pin_pages@msm "
		 "__x64_sys_ioctl" SYSCALL);
	told_attempts(p, 2);
	told_ref(p, VICTIM, -1, "drm_gem_put_pages put_pages@msm msm_gem_evict@msm "
		 "msm_gem_shrinker_scan@msm do_shrink_slab shrink_slab shrink_node "
		 "try_to_free_pages alloc_contig_range_noprof __cma_alloc" SYSCALL);
	told_migrates(p);
}

/* The same, called back when the victim unmaps. */
static void notifier_of_the_victim(struct page *p)
{
	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 2);
	told_ref(p, VICTIM, -1, "xpmem_unpin_pages@xpmem xpmem_invalidate_range@xpmem "
		 "__mmu_notifier_invalidate_range_start try_to_migrate_one rmap_walk_anon "
		 "try_to_migrate migrate_folio_unmap" MIGRATE);
	told_migrates(p);
}

/* A kworker fails (virtio-mem), and later gives back what a writer took. */
static void kworker_that_failed(struct page *p)
{
#define UNPLUGS " do_migrate_range offline_pages virtio_mem_run_wq@virtio_mem" WORKER
	int i;

	told_cached(p);
	told_ref(p, CULPRIT, 1, "");
	for (i = 0; i < 2; i++) {
		told_ref(p, VICTIM, 1, "isolate_folio_to_list" UNPLUGS);
		told_fails(p, 1, "migrate_folio_move migrate_pages_batch migrate_pages" UNPLUGS);
		told_ref(p, VICTIM, -1, "folio_putback_lru migrate_pages" UNPLUGS);
		told_wait(p, 20);
	}
	told_ref(p, VICTIM, -1, "nfs_page_group_destroy nfs_write_completion "
		 "rpc_async_schedule" WORKER);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/* What a task took itself and gives back itself is in its own way. */
static void victim_pinned_it(struct page *p)
{
	told_anonymous(p);
	told_ref(p, VICTIM, 1024, "");
	told_attempts(p, 2);
	told_ref(p, VICTIM, -1024, "unpin_user_pages gxp_unmap@gxp __x64_sys_ioctl" SYSCALL);
	told_migrates(p);
}

/* What the victim does when it succeeds at last, by another call, holds nothing. */
static void freeze_of_the_victim(struct page *p)
{
	told_cached(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1, "filemap_get_read_batch filemap_get_pages filemap_read "
		 "ext4_file_read_iter vfs_read" SYSCALL);
	told_ref(p, OTHERS, -1, "filemap_read ext4_file_read_iter vfs_read" SYSCALL);
	told_attempts(p, 3);
	told_wait(p, 6000);
	told_ref(p, CULPRIT, -1, "filemap_read ext4_file_read_iter vfs_read" SYSCALL);
	told_ref(p, VICTIM, 1, "folio_isolate_lru add_folio_for_migration do_pages_move" SYSCALL);
	told_ref(p, VICTIM, -2, "folio_migrate_mapping __migrate_folio migrate_folio_move "
		 "migrate_pages_batch migrate_pages do_pages_move" SYSCALL);
	scene_end(&p->s, WHY_FREED, 0);
}

/*
 * Two take by one driver, kworkers give back in whatever order: until the first
 * was given back both were in the way, and which one was after that nobody knows.
 */
static void two_of_one_driver(struct page *p)
{
	told_anonymous(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, CULPRIT, 1024, UMEM_TAKES);
	told_ref(p, SECOND, 1024, UMEM_TAKES);
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 2);
	told_ref(p, KWORKER, -1024, UMEM_GIVES);
	told_attempts(p, 2);
	told_ref(p, KWORKER, -1024, UMEM_GIVES);
	told_migrates(p);
}

static const struct story stories[] = {
	{ "shrinker_of_the_victim", shrinker_of_the_victim, VERDICT_NAMED, 0,
	  "drm_gem_put_pages" },
	{ "shrinker_of_a_watched_page", shrinker_of_a_watched_page, VERDICT_NAMED, CULPRIT },
	{ "notifier_of_the_victim", notifier_of_the_victim, VERDICT_NAMED, 0,
	  "xpmem_unpin_pages" },
	{ "kworker_that_failed", kworker_that_failed, VERDICT_NAMED, VICTIM },
	{ "victim_pinned_it", victim_pinned_it, VERDICT_SELF, VICTIM },
	{ "freeze_of_the_victim", freeze_of_the_victim, VERDICT_NAMED, CULPRIT },
	{ "two_of_one_driver", two_of_one_driver, VERDICT_NAMED, CULPRIT, NULL, SECOND, 2 },
};

static void stories_have_their_truth(void **state)
{
	assert_int_equal(told_faults(stories, sizeof(stories) / sizeof(stories[0])), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories_have_their_truth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
