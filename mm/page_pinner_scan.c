// SPDX-License-Identifier: GPL-2.0
/*
 * What is held now: the debugfs files "scan" and "holders".  The open gets are
 * kept by mm/page_pinner_holders.c.
 *
 * Nothing here takes a reference or a lock of a folio: a look at it is a
 * sample, taken twice where that decides whether it is listed.
 */

#include <linux/ctype.h>
#include <linux/debugfs.h>
#include <linux/kallsyms.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/sched/clock.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/swap.h>

#include "internal.h"
#include "page_pinner.h"

/* === One folio ============================================================ */

/* Somebody's page, mapped, cached or on an LRU list; not one of the kernel's. */
static bool page_pinner_is_anybodys(const struct page *page,
				    const struct page_pinner_sample *s)
{
	return s->user || PageLRU(page);
}

/*
 * How many unexpected references does the folio at @page have now?  Two looks
 * have to agree: what is just being mapped, moved or freed is not meant.
 * Return: 0 for none, for a tail, or where there is no rule.
 */
static int page_pinner_unexpected(const struct page *page, int *refcount,
				  struct page_pinner_sample *s)
{
	int before;

	if (PageTail(page) || PageReserved(page))
		return 0;
	before = page_ref_count(page);
	page_pinner_sample(page, s);
	if (before <= 0 || s->expected < 0 || before <= s->expected ||
	    !page_pinner_is_anybodys(page, s))
		return 0;
	cpu_relax();
	*refcount = page_ref_count(page);
	page_pinner_sample(page, s);
	if (*refcount != before || s->expected < 0)
		return 0;
	return max(*refcount - s->expected, 0);
}

/* One name of a stack, without the blanks that would end its column. */
static void page_pinner_show_frame(struct seq_file *m, unsigned long addr, bool first)
{
	char name[KSYM_SYMBOL_LEN];

	/* "name [module]" */
	sprint_symbol_no_offset(name, addr);
	strreplace(name, ' ', '@');
	seq_printf(m, "%s%s", first ? "" : "<-", name);
}

static void page_pinner_show_who(struct seq_file *m, const struct page_pinner_holder *holder)
{
	static const char * const ctx[] = { "task", "softirq", "hardirq", "nmi" };
	char comm[TASK_COMM_LEN];
	unsigned int i;

	for (i = 0; i < sizeof(comm) - 1 && holder->comm[i]; i++)
		comm[i] = isgraph(holder->comm[i]) ? holder->comm[i] : '_';
	comm[i] = '\0';
	seq_printf(m, "%s/%d %s %llu ", comm, holder->pid, ctx[holder->ctx & 3],
		   div_u64(local_clock() - holder->start_ns, NSEC_PER_MSEC));
	for (i = 0; i < holder->depth; i++)
		page_pinner_show_frame(m, holder->stack[i], !i);
	seq_putc(m, '\n');
}

static void page_pinner_show_head(struct seq_file *m)
{
	seq_puts(m, "pfn order refcount expected mapcount flags unexpected refs sure task ctx age_ms stack\n");
}

/* A row for each open get, and one for what is not on record. */
static void page_pinner_show_folio(struct seq_file *m, unsigned long pfn, int refcount,
				   const struct page_pinner_sample *s)
{
	int unexpected = refcount - s->expected, known = 0;
	struct page_pinner_holder holder;
	unsigned int i;

	for (i = 0; (i = page_pinner_holders_find(pfn, i, &holder)); )
		known += holder.refs;
	for (i = 0; (i = page_pinner_holders_find(pfn, i, &holder)); ) {
		seq_printf(m, "0x%lx %u %d %d %d 0x%lx %d %d %s ", pfn, s->order, refcount,
			   s->expected, s->mapcount, s->flags, unexpected, holder.refs,
			   known <= unexpected ? "yes" : "one_of");
		page_pinner_show_who(m, &holder);
	}
	if (known < unexpected)
		seq_printf(m, "0x%lx %u %d %d %d 0x%lx %d %d no - - - not_on_record\n", pfn,
			   s->order, refcount, s->expected, s->mapcount, s->flags,
			   unexpected, unexpected - known);
}

/* === scan ================================================================= */

/* An open file: the ranges as they were when it was opened. */
struct page_pinner_scan {
	struct page_pinner_set_file file;	/* first: for page_pinner_ranges_write() */
	struct page_pinner_ranges *ranges;
	struct page_pinner_sample sample;
	unsigned long pfn;
	int refcount;
};

/* The range that @pfn is in, or else the nearest one behind it. */
static unsigned long page_pinner_scan_from(const struct page_pinner_ranges *ranges,
					   unsigned long pfn, unsigned long *end, bool *hugetlb)
{
	unsigned long next = ULONG_MAX;
	unsigned int i;

	for (i = 0; ranges && i < ranges->nr; i++) {
		unsigned long start = max(pfn, ranges->range[i].start);

		if (start < ranges->range[i].end && start < next) {
			next = start;
			*end = ranges->range[i].end;
			*hugetlb = ranges->range[i].hugetlb;
		}
	}
	return next;
}

/* The first folio from @pfn on that is held; 0 if there is none. */
static unsigned long page_pinner_scan_next(struct page_pinner_scan *scan, unsigned long pfn)
{
	unsigned long end = 0, last = section_nr_to_pfn(__highest_present_section_nr + 1);
	bool hugetlb = false;

	for (; pfn < last; pfn++) {
		struct page *page;

		if (pfn >= end) {
			pfn = page_pinner_scan_from(scan->ranges, pfn, &end, &hugetlb);
			if (pfn >= last)
				break;
		}
		if (!(pfn % 1024)) {
			if (signal_pending(current))
				break;
			cond_resched();
		}
		page = pfn_to_online_page(pfn);
		if (!page || (hugetlb && !PageHuge(page)))
			continue;
		if (page_pinner_unexpected(page, &scan->refcount, &scan->sample) > 0)
			return pfn;
	}
	return 0;
}

/* Position 0 is the heading, PFN + 1 a folio.  No folio worth listing has PFN 0. */
static void *page_pinner_scan_at(struct page_pinner_scan *scan, loff_t *pos, unsigned long pfn)
{
	pfn = page_pinner_scan_next(scan, pfn);
	scan->pfn = pfn;
	*pos = pfn ? pfn + 1 : (loff_t)LONG_MAX;
	return pfn ? scan : NULL;
}

static void *page_pinner_scan_start(struct seq_file *m, loff_t *pos)
{
	if (!*pos)
		return SEQ_START_TOKEN;
	if (*pos == LONG_MAX)
		return NULL;
	return page_pinner_scan_at(m->private, pos, *pos - 1);
}

static void *page_pinner_scan_step(struct seq_file *m, void *v, loff_t *pos)
{
	return page_pinner_scan_at(m->private, pos, *pos ? *pos : 1);
}

static void page_pinner_scan_stop(struct seq_file *m, void *v)
{
}

static int page_pinner_scan_show(struct seq_file *m, void *v)
{
	struct page_pinner_scan *scan = m->private;

	if (v == SEQ_START_TOKEN)
		page_pinner_show_head(m);
	else
		page_pinner_show_folio(m, scan->pfn, scan->refcount, &scan->sample);
	return 0;
}

static const struct seq_operations page_pinner_scan_sops = {
	.start = page_pinner_scan_start,
	.next = page_pinner_scan_step,
	.stop = page_pinner_scan_stop,
	.show = page_pinner_scan_show,
};

static int page_pinner_scan_open(struct inode *inode, struct file *file)
{
	struct page_pinner_scan *scan;

	scan = __seq_open_private(file, &page_pinner_scan_sops, sizeof(*scan));
	if (!scan)
		return -ENOMEM;
	scan->file.set = inode->i_private;
	scan->file.replace = (file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC);
	/* what waits in the batches of the LRU is held by nobody */
	if (file->f_mode & FMODE_READ)
		lru_add_drain_all();
	scan->ranges = page_pinner_ranges_copy(scan->file.set);
	return 0;
}

static int page_pinner_scan_release(struct inode *inode, struct file *file)
{
	struct page_pinner_scan *scan = ((struct seq_file *)file->private_data)->private;

	kfree(scan->ranges);
	return seq_release_private(inode, file);
}

const struct file_operations page_pinner_scan_fops = {
	.owner = THIS_MODULE,
	.open = page_pinner_scan_open,
	.read = seq_read,
	.write = page_pinner_ranges_write,
	.llseek = seq_lseek,
	.release = page_pinner_scan_release,
};

/* === holders ============================================================== */

/*
 * Position 0 is the heading; then come the slots of the pool, for folios with
 * open gets, and the slots of the marks, for those without any.
 */
static unsigned long page_pinner_holders_pfn(unsigned long *slot)
{
	unsigned long pool = page_pinner_holders_size(), mark;
	struct page_pinner_holder holder;
	unsigned long pfn;

	if (*slot < pool) {
		pfn = page_pinner_holders_next(slot);
		if (pfn != ULONG_MAX)
			return pfn;
	}
	mark = *slot - pool;
	while ((pfn = page_pinner_mark_next(&mark)) != ULONG_MAX &&
	       page_pinner_holders_find(pfn, 0, &holder))
		mark++;
	*slot = pool + mark;
	return pfn;
}

static void *page_pinner_holders_at(struct page_pinner_scan *scan, loff_t *pos)
{
	unsigned long slot = *pos - 1, pfn;

	for (; (pfn = page_pinner_holders_pfn(&slot)) != ULONG_MAX; slot++) {
		struct page *page = pfn_to_online_page(pfn);

		if (signal_pending(current))
			break;
		cond_resched();
		if (page && page_pinner_unexpected(page, &scan->refcount, &scan->sample) > 0) {
			*pos = slot + 1;
			scan->pfn = pfn;
			return scan;
		}
	}
	*pos = slot + 1;
	return NULL;
}

static void *page_pinner_holders_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? page_pinner_holders_at(m->private, pos) : SEQ_START_TOKEN;
}

static void *page_pinner_holders_step(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return page_pinner_holders_at(m->private, pos);
}

static const struct seq_operations page_pinner_holders_sops = {
	.start = page_pinner_holders_start,
	.next = page_pinner_holders_step,
	.stop = page_pinner_scan_stop,
	.show = page_pinner_scan_show,
};

static int page_pinner_holders_open(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &page_pinner_holders_sops,
				sizeof(struct page_pinner_scan));
}

const struct file_operations page_pinner_holders_fops = {
	.owner = THIS_MODULE,
	.open = page_pinner_holders_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = seq_release_private,
};
