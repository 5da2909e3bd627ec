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

/* All blocks that are to be had, and of each its last page.  Return: how many. */
static unsigned int fragment(unsigned int from)
{
	const gfp_t gfp = (GFP_HIGHUSER_MOVABLE | __GFP_NOWARN | __GFP_NORETRY) &
			  ~__GFP_RECLAIM;
	unsigned int to, i, last = (1U << MAX_PAGE_ORDER) - 1;

	for (to = from; to < MAX_BLOCKS; to++) {
		kept[to] = alloc_pages(gfp, MAX_PAGE_ORDER);
		if (!kept[to])
			break;
		split_page(kept[to], MAX_PAGE_ORDER);
	}
	/* not before: or we would get them again */
	for (; from < to; from++) {
		for (i = 0; i < last; i++)
			__free_page(kept[from] + i);
		kept[from] += last;
		cond_resched();
	}
	return to;
}

static int __init nofs_init(void)
{
	unsigned int nr = 0, old, flags;
	struct page *page;

	/* again: a watermark keeps some until the others are back */
	do {
		old = nr;
		nr = fragment(old);
	} while (nr > old);

	flags = memalloc_nofs_save();
	page = alloc_pages(GFP_HIGHUSER_MOVABLE | __GFP_NOWARN | __GFP_NORETRY,
			   MAX_PAGE_ORDER);
	memalloc_nofs_restore(flags);
	got = page;
	if (page)
		__free_pages(page, MAX_PAGE_ORDER);

	while (nr--)
		__free_page(kept[nr]);
	return 0;
}

static void __exit nofs_exit(void)
{
}

module_init(nofs_init);
module_exit(nofs_exit);
MODULE_DESCRIPTION("Direct compaction that may not recurse into file systems");
MODULE_LICENSE("GPL");
