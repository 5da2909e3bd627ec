// SPDX-License-Identifier: GPL-2.0
/*
 * A contended load for compaction, the same each time: memory in which every
 * second page is the kernel's and off all LRU lists, and a processor that
 * holds lruvec->lru_lock most of the time.
 *
 * When it is loaded it takes movable memory, keeps every second page of the
 * lowest and gives most others back: compaction begins below, and the holes
 * are the first that a process then gets.  Above it keeps one page of every
 * block, as compaction moves nothing into free blocks.  Then, in /sys/module/
 * page_pinner_contend/parameters/:
 *
 *	hog	1: a kernel thread on CPU 1 takes lru_lock, holds it until
 *		somebody waits and then for a while that a seed decides; 0: it
 *		ends
 *	waited	how often somebody waited for lru_lock
 *	writes	how often CPU 0 wrote lru_lock: each time that it took it, and
 *		each time that it gave it up.  A watchpoint counts, so that the
 *		number does not depend on who was faster
 *
 * The lock is that of the node: boot with cgroup_disable=memory.
 */
#include <linux/gfp.h>
#include <linux/hw_breakpoint.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/perf_event.h>
#include <linux/prandom.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>

#define WORK_CPU	0
#define HOG_CPU		1

static unsigned long pages = 8192;
module_param(pages, ulong, 0444);
MODULE_PARM_DESC(pages, "how many holes between as many pages");

static unsigned long look = 100000;
module_param(look, ulong, 0444);
MODULE_PARM_DESC(look, "among how many pages, at least twice as many");

static struct page **taken;
static struct task_struct *hog;
static unsigned long waited;
static unsigned long writes;
static struct perf_event * __percpu *watchpoint;

static spinlock_t *lru_lock(void)
{
	return &NODE_DATA(first_online_node)->__lruvec.lru_lock;
}

static void on_write(struct perf_event *event, struct perf_sample_data *data,
		     struct pt_regs *regs)
{
	if (smp_processor_id() == WORK_CPU)
		writes++;
}

static int watch_lock(void)
{
	struct perf_event_attr attr;

	hw_breakpoint_init(&attr);
	attr.bp_addr = (unsigned long)lru_lock();
	attr.bp_len = HW_BREAKPOINT_LEN_4;
	attr.bp_type = HW_BREAKPOINT_W;
	watchpoint = register_wide_hw_breakpoint(&attr, on_write, NULL);
	return PTR_ERR_OR_ZERO((void __force *)watchpoint);
}

static int hog_thread(void *data)
{
	spinlock_t *lock = lru_lock();
	struct rnd_state rnd;
	unsigned long flags;
	u32 turns;

	prandom_seed_state(&rnd, 1);
	while (!kthread_should_stop()) {
		spin_lock_irqsave(lock, flags);
		/* until somebody waits, and a little longer */
		for (turns = 0; turns < 2000 && !spin_is_contended(lock); turns++)
			cpu_relax();
		if (spin_is_contended(lock)) {
			waited++;
			for (turns = prandom_u32_state(&rnd) % 32; turns; turns--)
				cpu_relax();
		}
		spin_unlock_irqrestore(lock, flags);
		cond_resched();
	}
	return 0;
}

static void hog_stop(void)
{
	kthread_stop(hog);
	hog = NULL;
	unregister_wide_hw_breakpoint(watchpoint);
}

static int hog_set(const char *text, const struct kernel_param *kp)
{
	bool on;
	int err = kstrtobool(text, &on);

	if (err || on == !!hog)
		return err ?: -EINVAL;
	if (!on) {
		hog_stop();
		return 0;
	}
	waited = 0;
	writes = 0;
	err = watch_lock();
	if (err)
		return err;
	hog = kthread_create(hog_thread, NULL, "lru_hog");
	if (IS_ERR(hog)) {
		err = PTR_ERR(hog);
		hog = NULL;
		unregister_wide_hw_breakpoint(watchpoint);
		return err;
	}
	kthread_bind(hog, HOG_CPU);
	wake_up_process(hog);
	return 0;
}

static const struct kernel_param_ops hog_ops = {
	.set = hog_set,
};
module_param_cb(hog, &hog_ops, NULL, 0200);

module_param(waited, ulong, 0444);
module_param(writes, ulong, 0444);

static int by_pfn(const void *a, const void *b)
{
	const struct page *x = *(struct page **)a, *y = *(struct page **)b;

	return x < y ? -1 : x > y;
}

static int __init contend_init(void)
{
	unsigned long i, nr;

	taken = vcalloc(look, sizeof(*taken));
	if (!taken)
		return -ENOMEM;
	for (nr = 0; nr < look; nr++) {
		taken[nr] = alloc_page((GFP_HIGHUSER_MOVABLE | __GFP_NOWARN |
					__GFP_NORETRY) & ~__GFP_RECLAIM);
		if (!taken[nr])
			break;
		cond_resched();
	}
	sort(taken, nr, sizeof(*taken), by_pfn, NULL);
	for (i = nr; i--;) {
		if (i < 2 * pages ? i % 2 : !(page_to_pfn(taken[i]) % pageblock_nr_pages))
			continue;
		__free_page(taken[i]);
		taken[i] = NULL;
	}
	return 0;
}

static void __exit contend_exit(void)
{
	unsigned long i;

	if (hog)
		hog_stop();
	for (i = 0; i < look; i++)
		if (taken[i])
			__free_page(taken[i]);
	vfree(taken);
}

module_init(contend_init);
module_exit(contend_exit);
MODULE_DESCRIPTION("Contended memory for compaction, the same each time");
MODULE_LICENSE("GPL");
