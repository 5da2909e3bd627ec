// SPDX-License-Identifier: GPL-2.0
/*
 * The controls of page_pinner in debugfs; Documentation/mm/page_pinner.rst
 * describes each file.  The marks themselves are in mm/page_pinner.c.
 *
 * watch and filter are sets of PFN ranges.  As with ftrace's filter files, ">"
 * replaces the set and ">>" adds to it.  A write is taken whole or not at all.
 */

#include <linux/cma.h>
#include <linux/debugfs.h>
#include <linux/kstrtox.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "page_pinner.h"

#define PAGE_PINNER_MAX_RANGES	64

/* Serialises writers of ranges; readers use RCU. */
static DEFINE_MUTEX(page_pinner_ctl_mutex);

/* === Ranges =============================================================== */

static int page_pinner_ranges_add(struct page_pinner_ranges *ranges,
				  unsigned long start, unsigned long last)
{
	if (last < start || last == ULONG_MAX)
		return -EINVAL;
	if (ranges->nr == PAGE_PINNER_MAX_RANGES)
		return -E2BIG;
	ranges->nr++;
	ranges->range[ranges->nr - 1].start = start;
	ranges->range[ranges->nr - 1].end = last + 1;
	return 0;
}

#ifdef CONFIG_CMA
struct page_pinner_cma {
	const char *name;
	struct page_pinner_ranges *ranges;
	bool found;
};

static int page_pinner_cma_match(struct cma *cma, void *data)
{
	struct page_pinner_cma *want = data;
	unsigned long start = PHYS_PFN(cma_get_base(cma));

	if (strcmp(cma_get_name(cma), want->name))
		return 0;
	want->found = true;
	return page_pinner_ranges_add(want->ranges, start, start +
				      (cma_get_size(cma) >> PAGE_SHIFT) - 1);
}

static int page_pinner_add_cma(struct page_pinner_ranges *ranges, const char *name)
{
	struct page_pinner_cma want = { .name = name, .ranges = ranges };
	int err = cma_for_each_area(page_pinner_cma_match, &want);

	return err ?: want.found ? 0 : -ENOENT;
}
#else
static int page_pinner_add_cma(struct page_pinner_ranges *ranges, const char *name)
{
	return -ENOENT;
}
#endif

static int page_pinner_add_block(struct page_pinner_ranges *ranges, const char *nr)
{
#ifdef CONFIG_MEMORY_HOTPLUG
	unsigned long pages = memory_block_size_bytes() >> PAGE_SHIFT;
	unsigned long block;
	int err = kstrtoul(nr, 0, &block);

	if (err)
		return err;
	if (block > ULONG_MAX / pages - 1)
		return -EINVAL;
	return page_pinner_ranges_add(ranges, block * pages,
				      (block + 1) * pages - 1);
#else
	return -ENOENT;
#endif
}

/* One word: PFN, FIRST-LAST, cma:NAME or memory:BLOCK. */
static int page_pinner_ranges_word(struct page_pinner_ranges *ranges, char *word)
{
	unsigned long start, last;
	char *dash;
	int err;

	if (!strncmp(word, "cma:", 4))
		return page_pinner_add_cma(ranges, word + 4);
	if (!strncmp(word, "memory:", 7))
		return page_pinner_add_block(ranges, word + 7);

	dash = strchr(word, '-');
	if (dash)
		*dash++ = '\0';
	err = kstrtoul(word, 0, &start);
	if (!err)
		err = kstrtoul(dash ?: word, 0, &last);
	return err ?: page_pinner_ranges_add(ranges, start, last);
}

static struct page_pinner_ranges *
page_pinner_ranges_parse(const struct page_pinner_ranges *old, char *text)
{
	struct page_pinner_ranges *ranges;
	char *word;
	int err;

	ranges = kzalloc(struct_size(ranges, range, PAGE_PINNER_MAX_RANGES),
			 GFP_KERNEL);
	if (!ranges)
		return ERR_PTR(-ENOMEM);
	if (old) {
		ranges->nr = old->nr;
		memcpy(ranges->range, old->range,
		       old->nr * sizeof(old->range[0]));
	}
	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		err = page_pinner_ranges_word(ranges, word);
		if (err) {
			kfree(ranges);
			return ERR_PTR(err);
		}
	}
	if (!ranges->nr) {
		kfree(ranges);
		return NULL;
	}
	return ranges;
}

/* === watch and filter ===================================================== */

/* An open file of ranges: seq_file's private data. */
struct page_pinner_open {
	struct page_pinner_ranges __rcu **set;
	bool replace;	/* opened with O_TRUNC and nothing written yet */
};

/*
 * The bounds of what is watched, for a quick look.  A folio is found by its
 * head, which may lie before the range that its tail reaches into.
 */
static void page_pinner_watch_bounds(const struct page_pinner_ranges *ranges)
{
	unsigned long start = ULONG_MAX, end = 0;
	unsigned int i;

	for (i = 0; ranges && i < ranges->nr; i++) {
		start = min(start, ranges->range[i].start);
		end = max(end, ranges->range[i].end);
	}
	WRITE_ONCE(page_pinner_ctl.watch_start,
		   ALIGN_DOWN(start, PUD_SIZE / PAGE_SIZE));
	WRITE_ONCE(page_pinner_ctl.watch_end, end);
}

static void page_pinner_ranges_install(struct page_pinner_ranges __rcu **set,
				       struct page_pinner_ranges *new)
{
	struct page_pinner_ranges *old;

	if (set == &page_pinner_ctl.watch && new)
		page_pinner_gate_watch(true);
	if (set == &page_pinner_ctl.watch)
		page_pinner_watch_bounds(new);
	old = rcu_replace_pointer(*set, new,
				  lockdep_is_held(&page_pinner_ctl_mutex));
	if (set == &page_pinner_ctl.watch && !new)
		page_pinner_gate_watch(false);
	if (old)
		kfree_rcu(old, rcu);
}

static int page_pinner_ranges_show(struct seq_file *m, void *v)
{
	struct page_pinner_open *open = m->private;
	const struct page_pinner_ranges *ranges;
	unsigned int i;

	rcu_read_lock();
	ranges = rcu_dereference(*open->set);
	for (i = 0; ranges && i < ranges->nr; i++)
		seq_printf(m, "0x%lx-0x%lx\n", ranges->range[i].start,
			   ranges->range[i].end - 1);
	rcu_read_unlock();
	return 0;
}

static int page_pinner_ranges_open(struct inode *inode, struct file *file)
{
	struct page_pinner_open *open;
	int err;

	open = kzalloc(sizeof(*open), GFP_KERNEL);
	if (!open)
		return -ENOMEM;
	open->set = inode->i_private;
	open->replace = (file->f_mode & FMODE_WRITE) && (file->f_flags & O_TRUNC);
	err = single_open(file, page_pinner_ranges_show, open);
	if (err)
		kfree(open);
	return err;
}

static ssize_t page_pinner_ranges_write(struct file *file,
					const char __user *buf, size_t len,
					loff_t *ppos)
{
	struct page_pinner_open *open = ((struct seq_file *)file->private_data)->private;
	struct page_pinner_ranges *old, *new;
	char *text;

	if (len >= PAGE_SIZE)
		return -E2BIG;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);

	mutex_lock(&page_pinner_ctl_mutex);
	old = rcu_dereference_protected(*open->set,
					lockdep_is_held(&page_pinner_ctl_mutex));
	new = page_pinner_ranges_parse(open->replace ? NULL : old, text);
	if (!IS_ERR(new)) {
		page_pinner_ranges_install(open->set, new);
		open->replace = false;
	}
	mutex_unlock(&page_pinner_ctl_mutex);

	kfree(text);
	return IS_ERR(new) ? PTR_ERR(new) : len;
}

static int page_pinner_ranges_release(struct inode *inode, struct file *file)
{
	kfree(((struct seq_file *)file->private_data)->private);
	return single_release(inode, file);
}

static const struct file_operations page_pinner_ranges_fops = {
	.owner = THIS_MODULE,
	.open = page_pinner_ranges_open,
	.read = seq_read,
	.write = page_pinner_ranges_write,
	.llseek = seq_lseek,
	.release = page_pinner_ranges_release,
};

/* === Numbers ============================================================== */

static int page_pinner_max_marked_get(void *data, u64 *val)
{
	*val = READ_ONCE(page_pinner_ctl.max_marked);
	return 0;
}

static int page_pinner_max_marked_set(void *data, u64 val)
{
	if (val > PAGE_PINNER_MAX_MARKED)
		return -ERANGE;
	WRITE_ONCE(page_pinner_ctl.max_marked, val);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(page_pinner_max_marked_fops, page_pinner_max_marked_get,
			 page_pinner_max_marked_set, "%llu\n");

static int page_pinner_max_events_get(void *data, u64 *val)
{
	*val = READ_ONCE(page_pinner_ctl.max_events);
	return 0;
}

static int page_pinner_max_events_set(void *data, u64 val)
{
	if (val > INT_MAX)
		return -ERANGE;
	WRITE_ONCE(page_pinner_ctl.max_events, val);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(page_pinner_max_events_fops, page_pinner_max_events_get,
			 page_pinner_max_events_set, "%llu\n");

static int page_pinner_on_demand_get(void *data, u64 *val)
{
	*val = READ_ONCE(page_pinner_ctl.on_demand);
	return 0;
}

static int page_pinner_on_demand_set(void *data, u64 val)
{
	if (val > 1)
		return -EINVAL;
	WRITE_ONCE(page_pinner_ctl.on_demand, val);
	page_pinner_ref_follow();
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(page_pinner_on_demand_fops, page_pinner_on_demand_get,
			 page_pinner_on_demand_set, "%llu\n");

static int page_pinner_clear_set(void *data, u64 val)
{
	if (val != 1)
		return -EINVAL;
	page_pinner_clear(0, ULONG_MAX);
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(page_pinner_clear_fops, NULL, page_pinner_clear_set,
			 "%llu\n");

/* === stats ================================================================ */

static const char * const page_pinner_stat_names[NR_PAGE_PINNER_STATS] = {
	[PAGE_PINNER_STAT_FAILED]	= "failures",
	[PAGE_PINNER_STAT_REPEATED]	= "failures_repeated",
	[PAGE_PINNER_STAT_UNMARKED_DROPPED] = "failures_dropped",
	[PAGE_PINNER_STAT_MARKED]	= "marks",
	[PAGE_PINNER_STAT_REFUSED]	= "marks_refused",
	[PAGE_PINNER_STAT_NO_PAGE_EXT]	= "marks_no_page_ext",
	[PAGE_PINNER_STAT_FREED]	= "marks_freed",
	[PAGE_PINNER_STAT_SETTLED]	= "marks_settled",
	[PAGE_PINNER_STAT_CLEARED]	= "marks_cleared",
	[PAGE_PINNER_STAT_LOGGED]	= "events_logged",
	[PAGE_PINNER_STAT_DROPPED]	= "events_dropped",
	[PAGE_PINNER_STAT_GATE_LEFT]	= "gate_left",
};

static int page_pinner_stats_show(struct seq_file *m, void *v)
{
	unsigned int i;
	int cpu;

	seq_printf(m, "listening %d\n", page_pinner_active());
	seq_printf(m, "diverting %d\n", static_key_enabled(&page_pinner_ref_key));
	seq_printf(m, "marked %d\n", page_pinner_marked());
	for (i = 0; i < NR_PAGE_PINNER_STATS; i++) {
		unsigned long sum = 0;

		for_each_possible_cpu(cpu)
			sum += per_cpu(page_pinner_stat[i], cpu);
		seq_printf(m, "%s %lu\n", page_pinner_stat_names[i], sum);
	}
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(page_pinner_stats);

static int __init page_pinner_debugfs_init(void)
{
	struct dentry *dir;

	if (!page_pinner_ops.need())
		return 0;
	dir = debugfs_create_dir("page_pinner", NULL);
	debugfs_create_file("watch", 0600, dir, &page_pinner_ctl.watch,
			    &page_pinner_ranges_fops);
	debugfs_create_file("filter", 0600, dir, &page_pinner_ctl.filter,
			    &page_pinner_ranges_fops);
	debugfs_create_file("max_marked", 0600, dir, NULL,
			    &page_pinner_max_marked_fops);
	debugfs_create_file("max_events", 0600, dir, NULL,
			    &page_pinner_max_events_fops);
	debugfs_create_file("on_demand", 0600, dir, NULL,
			    &page_pinner_on_demand_fops);
	debugfs_create_file("clear", 0200, dir, NULL, &page_pinner_clear_fops);
	debugfs_create_file("stats", 0400, dir, NULL, &page_pinner_stats_fops);
	return 0;
}
late_initcall(page_pinner_debugfs_init);
