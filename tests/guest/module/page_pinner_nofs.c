// SPDX-License-Identifier: GPL-2.0
/*
 * Direct compaction on behalf of a file system: it may not wait for one, and
 * so passes over all folios of the page cache.
 *
 * Takes all free blocks of the largest order, gives each back but for its last
 * page, and asks for a block of that order in a section that may not recurse
 * into file systems.  All happens when it is loaded, and nothing stays.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/mm.h>

#define MAX_BLOCKS	4096

static struct page *kept[MAX_BLOCKS];
static bool got;
module_param(got, bool, 0400);
MODULE_PARM_DESC(got, "was the block to be had in the end?");

static int __init nofs_init(void)
{
	const gfp_t all = (GFP_HIGHUSER_MOVABLE | __GFP_NOWARN | __GFP_NORETRY) &
			  ~__GFP_RECLAIM;
	unsigned int nr, i, last = (1U << MAX_PAGE_ORDER) - 1;
	struct page *page;
	unsigned int flags;

	for (nr = 0; nr < MAX_BLOCKS; nr++) {
		kept[nr] = alloc_pages(all, MAX_PAGE_ORDER);
		if (!kept[nr])
			break;
		split_page(kept[nr], MAX_PAGE_ORDER);
	}
	/* none before all are taken: or we would get it again */
	while (nr--) {
		for (i = 0; i < last; i++)
			__free_page(kept[nr] + i);
		kept[nr] += last;
		cond_resched();
	}

	flags = memalloc_nofs_save();
	page = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN | __GFP_NORETRY,
			   MAX_PAGE_ORDER);
	memalloc_nofs_restore(flags);
	got = page;
	if (page)
		__free_pages(page, MAX_PAGE_ORDER);

	for (i = 0; i < MAX_BLOCKS && kept[i]; i++)
		__free_page(kept[i]);
	return 0;
}

static void __exit nofs_exit(void)
{
}

module_init(nofs_init);
module_exit(nofs_exit);
MODULE_DESCRIPTION("Direct compaction that may not recurse into file systems");
MODULE_LICENSE("GPL");
