// SPDX-License-Identifier: GPL-2.0
/*
 * Marks set and ended as fast as two processors can, against each other.
 *
 * Two kernel threads, bound to CPU 0 and 1, share the pages of one shmem file.
 * Each page has one expected reference, that of the page cache.  At random,
 * from a seed, a thread
 *
 *	looks a page up and lets it fail: more references than expected, so it
 *		is marked, or is already; its put settles the page, unless the
 *		other thread holds it too
 *	truncates a page, which the other may hold, look up or be marking
 *	marks a page of its own and frees it
 *	lets a page fail that has no reference too many: no mark
 *
 * until "marks" marks were set.  Probes on the events count the marks that
 * began and those that ended, and keep one bit for each id, which both turn
 * over.  All this is done while the module is loaded.  The probes stay: when
 * the LRU batches were drained, no id may be open.
 *
 * Files in /sys/module/page_pinner_marks/parameters/:
 *
 *	result	what came of it
 *	fill	write the budget (max_marked) to it, and the table of marks is
 *		filled to the last: so many pages must all get a mark of their
 *		own, each of which logs what happens to its page, and one more
 *		must be refused
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/shmem_fs.h>
#include <linux/sysfs.h>
#include <linux/vmalloc.h>
#include <trace/events/page_pinner.h>

#define STRESS_CPUS	2
#define STRESS_PAGES	4

static unsigned long marks = 100000;
module_param(marks, ulong, 0444);
MODULE_PARM_DESC(marks, "end when that many marks were set");

static unsigned long seed = 1;
module_param(seed, ulong, 0444);
MODULE_PARM_DESC(seed, "of the threads' choices");

/* Of the last fill: marks set, those of them that logged, and set beyond it. */
static uint filled, filled_logged, filled_over;

struct stress_thread {
	struct task_struct *task;
	struct completion done;
	struct rnd_state rnd;
};

static struct stress_thread threads[STRESS_CPUS];
static struct file *file;
static bool stop;

static atomic_long_t nr_began, nr_ended[3], nr_again, nr_refused, nr_bad;
/* One bit for each id from first_id on, turned at the begin and at the end. */
static unsigned long *ids;
static unsigned long nr_ids;
static u32 first_id;

/* The page of the last phase, and what was seen of it. */
static unsigned long fill_pfn = ULONG_MAX;
static u32 fill_id;
static u8 fill_marked;
static uint fill_events;

/* === Probes =============================================================== */

static void turn(u32 id)
{
	unsigned long nr = id - READ_ONCE(first_id);

	if (nr < nr_ids)
		change_bit(nr, ids);
	else
		atomic_long_inc(&nr_bad);
}

static void probe_fail(void *data, const struct page_pinner_fail *fail)
{
	if (fail->pfn == READ_ONCE(fill_pfn)) {
		fill_id = fail->id;
		fill_marked = fail->marked;
		return;
	}
	switch (fail->marked) {
	case PAGE_PINNER_MARK_NEW:
		atomic_long_inc(&nr_began);
		turn(fail->id);
		break;
	case PAGE_PINNER_MARK_AGAIN:
		atomic_long_inc(&nr_again);
		break;
	case PAGE_PINNER_MARK_REFUSED:
		atomic_long_inc(&nr_refused);
		break;
	}
}

static void probe_ref(void *data, const struct page_pinner_ref *ref)
{
	if (ref->pfn == READ_ONCE(fill_pfn) && ref->id == fill_id)
		fill_events++;
}

static void probe_unmark(void *data, const struct page_pinner_unmark *unmark)
{
	if (READ_ONCE(fill_pfn) != ULONG_MAX || !unmark->id)
		return;
	if (unmark->why < ARRAY_SIZE(nr_ended))
		atomic_long_inc(&nr_ended[unmark->why]);
	else
		atomic_long_inc(&nr_bad);
	turn(unmark->id);
}

static int stress_register(void)
{
	int err = register_trace_page_pinner_fail_migrate(probe_fail, NULL);

	err = err ?: register_trace_page_pinner_get(probe_ref, NULL);
	err = err ?: register_trace_page_pinner_put(probe_ref, NULL);
	return err ?: register_trace_page_pinner_unmark(probe_unmark, NULL);
}

static void stress_unregister(void)
{
	unregister_trace_page_pinner_fail_migrate(probe_fail, NULL);
	unregister_trace_page_pinner_get(probe_ref, NULL);
	unregister_trace_page_pinner_put(probe_ref, NULL);
	unregister_trace_page_pinner_unmark(probe_unmark, NULL);
	tracepoint_synchronize_unregister();
}

/* === The threads ========================================================== */

static void stress_shared(unsigned long index, bool twice)
{
	struct page *page = shmem_read_mapping_page(file->f_mapping, index);
	struct folio *folio;

	if (IS_ERR(page))
		return;
	folio = page_folio(page);
	if (twice)
		folio_get(folio);
	page_pinner_mark(folio, 1);
	if (twice)
		folio_put(folio);
	folio_put(folio);
}

static void stress_own(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return;
	page_pinner_mark(page_folio(page), 0);
	put_page(page);
}

static void stress_truncate(unsigned long index)
{
	shmem_truncate_range(file_inode(file), (loff_t)index << PAGE_SHIFT,
			     ((loff_t)(index + 1) << PAGE_SHIFT) - 1);
}

/* No reference too many: this may set no mark. */
static void stress_in_order(unsigned long index)
{
	struct page *page = shmem_read_mapping_page(file->f_mapping, index);

	if (IS_ERR(page))
		return;
	page_pinner_mark(page_folio(page), 1000);
	put_page(page);
}

static int stress_thread(void *data)
{
	struct stress_thread *t = data;

	while (!READ_ONCE(stop) && atomic_long_read(&nr_began) < marks) {
		u32 choice = prandom_u32_state(&t->rnd);
		unsigned long index = (choice >> 8) % STRESS_PAGES;

		switch (choice % 16) {
		case 0:
			stress_truncate(index);
			break;
		case 1:
		case 2:
			stress_own();
			break;
		case 3:
			stress_in_order(index);
			break;
		case 4:
		case 5:
			stress_shared(index, true);
			break;
		default:
			stress_shared(index, false);
			break;
		}
		cond_resched();
	}
	complete(&t->done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int stress_run(void)
{
	struct stress_thread *t;
	int i, started, err = 0;

	for (started = 0; started < STRESS_CPUS; started++) {
		t = &threads[started];
		init_completion(&t->done);
		prandom_seed_state(&t->rnd, seed * STRESS_CPUS + started);
		t->task = kthread_create(stress_thread, t, "marks/%d", started);
		if (IS_ERR(t->task)) {
			err = PTR_ERR(t->task);
			break;
		}
		kthread_bind(t->task, started);
	}
	for (i = 0; !err && i < started; i++)
		wake_up_process(threads[i].task);
	for (i = 0; !err && i < started; i++)
		if (wait_for_completion_interruptible(&threads[i].done))
			err = -EINTR;
	WRITE_ONCE(stop, true);
	for (i = 0; i < started; i++)
		kthread_stop(threads[i].task);
	return err;
}

/* === The budget =========================================================== */

/* Marks a new page.  Return: it, as an error pointer if that was refused. */
static struct page *fill_one(void)
{
	struct page *page = alloc_page(GFP_KERNEL);

	if (!page)
		return ERR_PTR(-ENOMEM);
	fill_events = 0;
	fill_marked = PAGE_PINNER_MARK_NO;
	WRITE_ONCE(fill_pfn, page_to_pfn(page));
	page_pinner_mark(page_folio(page), 0);
	if (fill_marked != PAGE_PINNER_MARK_NEW) {
		put_page(page);
		return ERR_PTR(-EBUSY);
	}
	get_page(page);
	put_page(page);
	if (fill_events == 2)
		filled_logged++;
	return page;
}

static int stress_fill(uint fill)
{
	struct page **pages = vcalloc(fill + 1, sizeof(*pages));
	uint i;

	if (!pages)
		return -ENOMEM;
	filled_logged = 0;
	for (i = 0; i <= fill; i++) {
		struct page *page = fill_one();

		if (IS_ERR(page)) {
			if (page == ERR_PTR(-ENOMEM))
				pr_info("no memory for page %u\n", i);
			break;
		}
		pages[i] = page;
		cond_resched();
	}
	filled = min(i, fill);
	filled_over = i - filled;
	while (i--)
		put_page(pages[i]);
	WRITE_ONCE(fill_pfn, ULONG_MAX);
	vfree(pages);
	return 0;
}

static int fill_set(const char *text, const struct kernel_param *kp)
{
	uint fill;
	int err = kstrtouint(text, 0, &fill);

	/* at load time nobody listens yet */
	if (err || !ids)
		return err ?: -EBUSY;
	return stress_fill(fill);
}

static const struct kernel_param_ops fill_ops = {
	.set = fill_set,
};
module_param_cb(fill, &fill_ops, NULL, 0200);

/* === Module =============================================================== */

static int result_get(char *text, const struct kernel_param *kp)
{
	int n;

	n = sysfs_emit(text, "began=%lu freed=%lu settled=%lu cleared=%lu ",
		       atomic_long_read(&nr_began),
		       atomic_long_read(&nr_ended[PAGE_PINNER_FREED]),
		       atomic_long_read(&nr_ended[PAGE_PINNER_SETTLED]),
		       atomic_long_read(&nr_ended[PAGE_PINNER_CLEARED]));
	n += sysfs_emit_at(text, n, "again=%lu refused=%lu bad=%lu open=%d ",
			   atomic_long_read(&nr_again), atomic_long_read(&nr_refused),
			   atomic_long_read(&nr_bad),
			   ids ? bitmap_weight(ids, nr_ids) : 0);
	return n + sysfs_emit_at(text, n, "filled=%u logged=%u over=%u\n",
				 filled, filled_logged, filled_over);
}

static const struct kernel_param_ops result_ops = {
	.get = result_get,
};
module_param_cb(result, &result_ops, NULL, 0400);

/* Ids grow with each mark: learn the last one from a mark. */
static u32 stress_last_id(void)
{
	struct page *page = fill_one();

	if (!IS_ERR(page))
		put_page(page);
	WRITE_ONCE(fill_pfn, ULONG_MAX);
	return IS_ERR(page) ? 0 : fill_id;
}

static int __init stress_init(void)
{
	int err;

	if (num_online_cpus() < STRESS_CPUS)
		return -ENODEV;
	/* an id may be used up by a mark that another was quicker to set */
	nr_ids = 4 * marks + 100000;
	ids = vzalloc(BITS_TO_LONGS(nr_ids) * sizeof(long));
	if (!ids)
		return -ENOMEM;
	err = stress_register();
	if (err)
		goto out;
	file = shmem_file_setup("marks", STRESS_PAGES * PAGE_SIZE, VM_NORESERVE);
	if (IS_ERR(file)) {
		err = PTR_ERR(file);
		goto out;
	}
	WRITE_ONCE(first_id, stress_last_id() + 1);
	err = stress_run();
	shmem_truncate_range(file_inode(file), 0, LLONG_MAX);
	fput(file);
	if (!err)
		return 0;
out:
	stress_unregister();
	vfree(ids);
	return err;
}

static void __exit stress_exit(void)
{
	stress_unregister();
	vfree(ids);
}

module_init(stress_init);
module_exit(stress_exit);
MODULE_DESCRIPTION("Sets and ends marks of page_pinner on two processors");
MODULE_LICENSE("GPL");
