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

/* The same from a function that nobody knows: it did not pass, it blocked twice. */
static void unknown_code_of_the_victim(struct page *p)
{
	told_cached(p);
	told_ref(p, CULPRIT, 1, "");
	told_attempts(p, 2);
	told_ref(p, VICTIM, -1, "f_17 f_18 alloc_contig_range_noprof __cma_alloc "
		 "dma_direct_alloc drv_probe" SYSCALL);
	told_migrates(p);
}

/* Watched: by its name another family gives it back, but there is nothing else. */
static void given_back_by_another_name(struct page *p)
{
	told_cached(p);
	p->watched = true;
	told_ref(p, CULPRIT, 1, "splice_to_socket splice_direct_to_actor "
		 "__x64_sys_sendfile64" SYSCALL);
	told_attempts(p, 1);
	told_softirq(p, INNOCENT, 1, "__skb_frag_ref skb_try_coalesce tcp_queue_rcv "
		     "tcp_v4_rcv net_rx_action" SOFTIRQ);
	told_ref(p, OTHERS, -1, "skb_release_data __kfree_skb tcp_recvmsg_locked tcp_recvmsg "
		 "__sys_recvfrom" SYSCALL);
	told_attempts(p, 2);
	told_softirq(p, INNOCENT, -1, "skb_release_data __kfree_skb tcp_ack net_rx_action" SOFTIRQ);
	told_migrates(p);
}

/* FUSE: what read-ahead looked up, its function inlined, the server gives back. */
static void looked_up_for_a_server(struct page *p)
{
	told_cached(p);
	told_ref(p, OTHERS, 1, "");
	told_attempts(p, 1);
	told_ref(p, SECOND, 1, "read_pages page_cache_ra_unbounded filemap_get_pages "
		 "filemap_read vfs_read" SYSCALL);
	told_ref(p, OTHERS, -1, PIPE_PUT);
	told_attempts(p, 3);
	told_ref(p, CULPRIT, -1, "fuse_request_end fuse_dev_do_write fuse_dev_write "
		 "vfs_write" SYSCALL);
	told_migrates(p);
}

/* perf samples in an interrupt on top of anybody: taken and put in one go. */
static void interrupt_takes_and_puts(struct page *p)
{
#define SAMPLES "perf_prepare_sample __perf_event_overflow intel_pmu_handle_irq " \
	"perf_event_nmi_handler"
	int i;

	told_anonymous(p);
	told_ref(p, CULPRIT, 1, "");
	for (i = 0; i < 3; i++) {
		told_attempts(p, 1);
		told_softirq(p, i ? INNOCENT : VICTIM, 1, "f_21 " SAMPLES SOFTIRQ);
		told_softirq(p, i ? INNOCENT : VICTIM, -1, SAMPLES SOFTIRQ);
	}
	told_ref(p, CULPRIT, -1, "cam_unmap@cam cam_release@cam __fput" SYSCALL);
	told_migrates(p);
}

/*
 * Functions that nobody knows map and unmap beside it, the rise seen at an attempt:
 * either of the two may be what was in the way.
 */
static void unknown_mappers(struct page *p)
{
	p->maps = p->s.count = 2;
	told_ref(p, CULPRIT, 1, "");
	told_fails(p, 0, "migrate_hugetlbs migrate_pages" CMA);
	told_ref(p, INNOCENT, 1, "f_31 f_32 f_33" SYSCALL);
	p->maps++;
	told_fails(p, 0, "migrate_hugetlbs migrate_pages" CMA);
	told_ref(p, INNOCENT + 10, 1, "f_31 f_32 f_33" SYSCALL);
	/* it maps, the other unmaps: nothing shows that */
	told_ref(p, INNOCENT, -1, "f_34 f_35 f_36" SYSCALL);
	told_fails(p, 0, "migrate_hugetlbs migrate_pages" CMA);
	p->maps--;
	told_ref(p, INNOCENT + 10, -1, "f_34 f_35 f_36" SYSCALL);
	told_fails(p, 0, "migrate_hugetlbs migrate_pages" CMA);
	told_ref(p, CULPRIT, -1, "unpin_user_page vfl_unpin@vfl __x64_sys_ioctl" SYSCALL);
	scene_end(&p->s, WHY_SETTLED, 0);
}

/*
 * The first failure, and what the victim took for it, were lost: the numbers tell
 * that the others did not come before that, whatever the counts say.
 */
static void numbers_tell_the_order(struct page *p)
{
#define DROPS "mapping_try_invalidate drop_pagecache_sb drop_caches_sysctl_handler" SYSCALL
	int i;

	told_cached(p);
	p->watched = true;
	told_ref(p, CULPRIT, 1, "filemap_splice_read splice_file_to_pipe do_splice" SYSCALL);
	p->s.count++;
	p->s.id = 1;
	p->again = true;
	told_ref(p, VICTIM, -1, PUTBACK);
	for (i = 0; i < 3; i++) {
		told_wait(p, 20);
		told_ref(p, INNOCENT, 1, "find_lock_entries " DROPS);
		told_ref(p, INNOCENT, -1, "folios_put_refs " DROPS);
		if (i < 2)
			told_attempts(p, 1);
	}
	told_ref(p, CULPRIT, -1, PIPE_PUT);
	scene_end(&p->s, WHY_SETTLED, 0);
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
	{ "unknown_code_of_the_victim", unknown_code_of_the_victim, VERDICT_UNRESOLVED, 0 },
	{ "given_back_by_another_name", given_back_by_another_name, VERDICT_NAMED, CULPRIT },
	{ "looked_up_for_a_server", looked_up_for_a_server, VERDICT_NAMED, CULPRIT },
	{ "interrupt_takes_and_puts", interrupt_takes_and_puts, VERDICT_NAMED, CULPRIT },
	{ "unknown_mappers", unknown_mappers, VERDICT_NAMED, CULPRIT, .unsure = true },
	{ "numbers_tell_the_order", numbers_tell_the_order, VERDICT_NAMED, CULPRIT },
	{ "notifier_of_the_victim", notifier_of_the_victim, VERDICT_NAMED, 0,
	  "xpmem_unpin_pages" },
	{ "kworker_that_failed", kworker_that_failed, VERDICT_NAMED, VICTIM },
	{ "victim_pinned_it", victim_pinned_it, VERDICT_SELF, VICTIM },
	{ "freeze_of_the_victim", freeze_of_the_victim, VERDICT_NAMED, CULPRIT },
	{ "two_of_one_driver", two_of_one_driver, VERDICT_NAMED, CULPRIT, NULL, SECOND, 2 },
};

int main(void)
{
	return told_main(stories, sizeof(stories) / sizeof(stories[0]));
}
