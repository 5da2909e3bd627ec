// SPDX-License-Identifier: GPL-2.0
/*
 * What is held now: the debugfs files "scan" and "holders", of which
 * mm/page_pinner_look.c makes the rows.
 *
 * Both are walks over ranges of PFNs, and "holders" has the marks behind them.
 * A folio is listed if each look at it finds it held, until two agree.
 * Between them the batches of the LRU are drained and a tick goes by, once for
 * as many folios as fit in an iterator, so that what was just being faulted in,
 * moved or freed is gone.
 */

#include <linux/debugfs.h>
#include <linux/memblock.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/swap.h>

#include "page_pinner.h"

/* PFNs between two looks for a signal; a power of two. */
#define PAGE_PINNER_SCAN_PIECE	1024

/* Folios that wait for their second look, and the most looks at one. */
#define PAGE_PINNER_SCAN_BATCH	128
#define PAGE_PINNER_SCAN_LOOKS	5

/**
 * struct page_pinner_scan - an open file, and how far its walk is
 * @file: first, for page_pinner_ranges_write()
 * @ranges: as they were when it was opened
 * @last: PFNs end here, and the marks begin, if they are wanted
 * @marks: are marks wanted, too?
 * @nr: entries of @seen
 * @i: the one that is shown
 * @next: position behind all of @seen
 * @seen: what the walk found last
 * @open: the open gets of the folio that is shown
 */
struct page_pinner_scan {
	struct page_pinner_set_file file;
	struct page_pinner_ranges *ranges;
	unsigned long last;
	bool marks;
	unsigned int nr;
	unsigned int i;
	loff_t next;
	struct page_pinner_seen seen[PAGE_PINNER_SCAN_BATCH];
	struct page_pinner_open open;
};

/* === The walk ============================================================= */

/* The range that @pfn is in, or else the nearest one behind it. */
static unsigned long page_pinner_scan_from(const struct page_pinner_ranges *ranges,
					   unsigned long pfn, unsigned long *end, bool *hugetlb)
{
	unsigned long next = ULONG_MAX;
	unsigned int i;

	for (i = 0; ranges && i < ranges->nr; i++) {
		unsigned long start = max(pfn, ranges->range[i].start);

		if (start >= ranges->range[i].end || start > next)
			continue;
		/* where two begin, hugetlb asks for less */
		if (start == next && ranges->range[i].hugetlb)
			continue;
		next = start;
		*end = ranges->range[i].end;
		*hugetlb = ranges->range[i].hugetlb;
	}
	/* what begins behind it may ask for more */
	for (i = 0; next != ULONG_MAX && i < ranges->nr; i++)
		if (ranges->range[i].start > next)
			*end = min(*end, ranges->range[i].start);
	return next;
}

static void page_pinner_scan_add(struct page_pinner_scan *scan, unsigned long pfn, bool hugetlb)
{
	if (page_pinner_see(pfn, hugetlb, &scan->seen[scan->nr]))
		scan->seen[scan->nr++].pos = scan->next;
}

static int page_pinner_scan_pfns(struct page_pinner_scan *scan)
{
	unsigned long pfn = scan->next - 1, end = 0;
	bool hugetlb = false;

	for (; pfn < scan->last && scan->nr < PAGE_PINNER_SCAN_BATCH; pfn++) {
		if (pfn >= end) {
			pfn = page_pinner_scan_from(scan->ranges, pfn, &end, &hugetlb);
			if (pfn >= scan->last)
				break;
		}
		if (!(pfn % PAGE_PINNER_SCAN_PIECE)) {
			if (signal_pending(current))
				return -EINTR;
			cond_resched();
		}
		scan->next = pfn + 1;
		page_pinner_scan_add(scan, pfn, hugetlb);
	}
	scan->next = min(pfn, scan->last) + 1;
	return 0;
}

static int page_pinner_scan_marks(struct page_pinner_scan *scan)
{
	while (scan->nr < PAGE_PINNER_SCAN_BATCH) {
		unsigned long slot = scan->next - 1 - scan->last;
		unsigned long pfn = page_pinner_mark_next(&slot);
		struct page_pinner_sample sample;
		struct page *page;

		scan->next = scan->last + 1 + slot;
		if (pfn == ULONG_MAX)
			break;
		if (signal_pending(current))
			return -EINTR;
		cond_resched();
		page = pfn_to_online_page(pfn);
		/* what is watched was found in its range */
		if (page) {
			page_pinner_sample(page, &sample);
			if (!page_pinner_watched(page, sample.order))
				page_pinner_scan_add(scan, pfn, false);
		}
		scan->next++;
	}
	return 0;
}

/* Further looks at all that was found.  Returns 0 or -EINTR. */
static int page_pinner_scan_again(struct page_pinner_scan *scan)
{
	unsigned int look, i, nr, steady = 0;

	for (look = 1; look < PAGE_PINNER_SCAN_LOOKS && steady < scan->nr; look++) {
		lru_add_drain_all();
		schedule_timeout_interruptible(1);
		if (signal_pending(current))
			return -EINTR;
		for (i = 0, nr = 0, steady = 0; i < scan->nr; i++) {
			if (!page_pinner_see_again(&scan->seen[i]))
				continue;
			steady += scan->seen[i].steady;
			scan->seen[nr++] = scan->seen[i];
		}
		scan->nr = nr;
	}
	return 0;
}

/*
 * Find the first folio at or behind @pos: position 0 is the heading, then come
 * PFNs, and the slots of marks.  Returns NULL at the end.
 */
static void *page_pinner_scan_at(struct page_pinner_scan *scan, loff_t *pos)
{
	int err = 0;

	while (scan->i < scan->nr && scan->seen[scan->i].pos < *pos)
		scan->i++;
	while (scan->i == scan->nr) {
		scan->nr = 0;
		scan->i = 0;
		scan->next = max(scan->next, *pos);
		if (scan->next <= scan->last)
			err = page_pinner_scan_pfns(scan);
		if (!err && scan->next > scan->last && scan->marks)
			err = page_pinner_scan_marks(scan);
		*pos = max(scan->next, *pos);
		if (!err && !scan->nr)
			return NULL;
		if (!err)
			err = page_pinner_scan_again(scan);
		if (err) {
			scan->nr = 0;
			return ERR_PTR(err);
		}
	}
	*pos = scan->seen[scan->i].pos;
	return &scan->seen[scan->i];
}

static void *page_pinner_scan_start(struct seq_file *m, loff_t *pos)
{
	struct page_pinner_scan *scan = m->private;

	if (*pos)
		return page_pinner_scan_at(scan, pos);
	/* once more from the beginning */
	scan->nr = 0;
	scan->i = 0;
	scan->next = 1;
	/* what waits in the batches of the LRU is held by nobody */
	lru_add_drain_all();
	return SEQ_START_TOKEN;
}

static void *page_pinner_scan_step(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return page_pinner_scan_at(m->private, pos);
}

static void page_pinner_scan_stop(struct seq_file *m, void *v)
{
}

static int page_pinner_scan_show(struct seq_file *m, void *v)
{
	struct page_pinner_scan *scan = m->private;

	if (v == SEQ_START_TOKEN)
		seq_puts(m, "pfn order refcount expected unexpected mapcount type flags refs record ctx pid comm since age_ms stack\n");
	else
		page_pinner_show_folio(m, v, &scan->open);
	return 0;
}

static const struct seq_operations page_pinner_scan_sops = {
	.start = page_pinner_scan_start,
	.next = page_pinner_scan_step,
	.stop = page_pinner_scan_stop,
	.show = page_pinner_scan_show,
};

/* === Files ================================================================ */

/* PFNs of memory, also of what was added since boot, are below it. */
static unsigned long page_pinner_last_pfn(void)
{
#ifdef CONFIG_SPARSEMEM
	return section_nr_to_pfn(__highest_present_section_nr + 1);
#else
	return max_pfn;
#endif
}

static int page_pinner_walk_open(struct file *file, struct page_pinner_ranges __rcu **set,
				 bool marks)
{
	struct page_pinner_scan *scan;
	int err;

	scan = kvzalloc(sizeof(*scan), GFP_KERNEL);
	if (!scan)
		return -ENOMEM;
	scan->file.set = set;
	scan->file.replace = (file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC);
	scan->marks = marks;
	scan->last = page_pinner_last_pfn();
	err = page_pinner_ranges_copy(set, &scan->ranges);
	if (!err)
		err = seq_open(file, &page_pinner_scan_sops);
	if (err) {
		kfree(scan->ranges);
		kvfree(scan);
		return err;
	}
	((struct seq_file *)file->private_data)->private = scan;
	return 0;
}

static int page_pinner_scan_open(struct inode *inode, struct file *file)
{
	return page_pinner_walk_open(file, inode->i_private, false);
}

static int page_pinner_holders_open(struct inode *inode, struct file *file)
{
	return page_pinner_walk_open(file, inode->i_private, true);
}

static int page_pinner_walk_release(struct inode *inode, struct file *file)
{
	struct page_pinner_scan *scan = ((struct seq_file *)file->private_data)->private;

	kfree(scan->ranges);
	kvfree(scan);
	return seq_release(inode, file);
}

const struct file_operations page_pinner_scan_fops = {
	.owner = THIS_MODULE,
	.open = page_pinner_scan_open,
	.read = seq_read,
	.write = page_pinner_ranges_write,
	.llseek = seq_lseek,
	.release = page_pinner_walk_release,
};

const struct file_operations page_pinner_holders_fops = {
	.owner = THIS_MODULE,
	.open = page_pinner_holders_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = page_pinner_walk_release,
};
