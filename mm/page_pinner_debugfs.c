// SPDX-License-Identifier: GPL-2.0
/*
 * The controls of page_pinner in debugfs; Documentation/mm/page_pinner.rst
 * describes each file.  The marks themselves are in mm/page_pinner.c.
 *
 * watch and filter are sets of PFN ranges.  As with ftrace's filter files, ">"
 * replaces the set and ">>" adds to it.  A write is taken whole or not at all.
 */

#include <linux/debugfs.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "page_pinner.h"

/* === watch and filter ===================================================== */

static int page_pinner_ranges_show(struct seq_file *m, void *v)
{
	struct page_pinner_set_file *open = m->private;
	const struct page_pinner_ranges *ranges;
	unsigned int i;

	rcu_read_lock();
	ranges = rcu_dereference(*open->set);
	for (i = 0; ranges && i < ranges->nr; i++)
		seq_printf(m, "0x%lx-0x%lx%s\n", ranges->range[i].start,
			   ranges->range[i].end - 1,
			   ranges->range[i].hugetlb ? " hugetlb" : "");
	rcu_read_unlock();
	return 0;
}

static int page_pinner_ranges_open(struct inode *inode, struct file *file)
{
	struct page_pinner_set_file *open;
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

/**
 * page_pinner_ranges_write - take ranges from a file
 * @file: of a seq_file whose private data begins with a page_pinner_set_file
 * @buf: words
 * @len: of @buf, less than a page
 * @ppos: ignored
 *
 * Context: process context.
 * Return: @len, or -EINVAL, -ENOENT, -E2BIG, ...: then nothing was taken.
 */
ssize_t page_pinner_ranges_write(struct file *file, const char __user *buf,
				 size_t len, loff_t *ppos)
{
	struct page_pinner_set_file *open = ((struct seq_file *)file->private_data)->private;
	struct page_pinner_ranges *old, *new;
	char *text;
	int err;

	if (len >= PAGE_SIZE)
		return -E2BIG;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);

	mutex_lock(&page_pinner_ctl_mutex);
	old = rcu_dereference_protected(*open->set,
					lockdep_is_held(&page_pinner_ctl_mutex));
	new = page_pinner_ranges_parse(open->replace ? NULL : old, text);
	err = PTR_ERR_OR_ZERO(new);
	if (!err)
		err = page_pinner_ranges_install(open->set, new);
	if (!err)
		open->replace = false;
	mutex_unlock(&page_pinner_ctl_mutex);

	kfree(text);
	return err ?: len;
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
	[PAGE_PINNER_STAT_GETS_OPENED]	= "gets_opened",
	[PAGE_PINNER_STAT_GETS_CLOSED]	= "gets_closed",
	[PAGE_PINNER_STAT_GETS_REFUSED]	= "gets_refused",
	[PAGE_PINNER_STAT_GETS_BUSY]	= "gets_busy",
};

static int page_pinner_stats_show(struct seq_file *m, void *v)
{
	unsigned int i;
	int cpu;

	seq_printf(m, "listening %d\n", page_pinner_active());
	seq_printf(m, "diverting %d\n", static_key_enabled(&page_pinner_ref_key));
	seq_printf(m, "marked %d\n", page_pinner_marked());
	seq_printf(m, "open_gets %lu\n", page_pinner_pool_used());
	seq_printf(m, "open_gets_pool %lu\n", page_pinner_pool_size());
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
	debugfs_create_file("scan", 0600, dir, &page_pinner_ctl.scan,
			    &page_pinner_scan_fops);
	debugfs_create_file("holders", 0400, dir, &page_pinner_ctl.watch,
			    &page_pinner_holders_fops);
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
