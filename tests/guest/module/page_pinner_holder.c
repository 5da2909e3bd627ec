// SPDX-License-Identifier: GPL-2.0
/*
 * Test module of page_pinner: takes, pins and drops references to any page in
 * each way that the kernel offers, in any context.  Commands are written to
 * /dev/page_pinner_holder, one per write; reading it lists what is held and
 * the result of the last "balance".
 *
 *	take NAME WAY TARGET [n=REFS] [ms=TIME] [in=CONTEXT] [cpu=CPU]
 *	drop NAME [WAY] [n=REFS] [in=CONTEXT] [cpu=CPU]
 *	leak NAME			forget it, never to be dropped
 *	mark TARGET EXPECTED		page_pinner_mark()
 *	freeze TARGET COUNT		page_ref_freeze(), unfrozen at once
 *	count TARGET			its refcount, to be read
 *	dump TARGET			dump_page()
 *	storm TARGET [n=PAIRS] [in=CONTEXT] [cpu=CPU]
 *					references that are dropped at once
 *	balance ROUNDS PAIRS		see balance.h
 *
 * TARGET is "pfn:N", "hold:NAME", or "user:PID:ADDRESS".  Ways to take: get,
 * folio_get, try_get, add, inc, inc_return, gup, pin, isolate, lock, alloc and
 * alloc_movable (TARGET is "order:N").  Ways to drop: put, folio_put, put_refs, sub, dec,
 * dec_return, release_pages, folios_put, unpin, unisolate, unlock.  CONTEXT is task,
 * work, timer, irq or, on x86, nmi.
 *
 * With "pfn:" the caller vouches that the page does not go away meanwhile.
 *
 * Built as page_pinner_holder_np it declares itself proprietary and leaves
 * out what then cannot be linked.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/page_pinner.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/pid.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#ifdef HOLDER_NOT_GPL
#define HOLDER_DEVICE	"page_pinner_holder_np"
#else
#define HOLDER_DEVICE	"page_pinner_holder"
#include <trace/events/page_pinner.h>
#endif

#if defined(CONFIG_X86_LOCAL_APIC) && !defined(HOLDER_NOT_GPL)
#define HOLDER_NMI
#include <linux/nmi.h>
#include <asm/apic.h>
#endif

/* RCU as a function call is for GPL modules only, and try_get needs RCU. */
#if !defined(HOLDER_NOT_GPL) || \
	!(defined(CONFIG_PREEMPT_RCU) || defined(CONFIG_DEBUG_LOCK_ALLOC))
#define HOLDER_TRY_GET
#endif

/* === Holds ================================================================ */

struct hold {
	struct list_head list;
	char name[32];
	char way[16];
	struct page *page;
	int refs;
	bool timed;	/* dropped by a timer, and by nobody else */
#ifndef HOLDER_NOT_GPL
	struct delayed_work drop;
#endif
};

static LIST_HEAD(holds);
static DEFINE_MUTEX(holder_mutex);
static char holder_result[512];

static struct hold *hold_find(const char *name)
{
	struct hold *hold;

	list_for_each_entry(hold, &holds, list)
		if (!strcmp(hold->name, name))
			return hold;
	return NULL;
}

/* === Ways to take and to drop ============================================= */

/*
 * One operation, to be carried out in some context.  Each way is a function
 * of its own, never inlined, so that stacks tell them apart.
 */
struct holder_op {
	int (*fn)(struct page *page, int n);
	struct page *page;
	int n;
	int err;
};

static noinline int holder_get_page(struct page *page, int n)
{
	while (n--)
		get_page(page);
	return 0;
}

static noinline int holder_folio_get(struct page *page, int n)
{
	while (n--)
		folio_get(page_folio(page));
	return 0;
}

#ifdef HOLDER_TRY_GET
static noinline int holder_try_get(struct page *page, int n)
{
	while (n--)
		if (!folio_try_get(page_folio(page)))
			return -EBUSY;
	return 0;
}
#endif

static noinline int holder_ref_add(struct page *page, int n)
{
	page_ref_add(compound_head(page), n);
	return 0;
}

static noinline int holder_ref_inc(struct page *page, int n)
{
	while (n--)
		page_ref_inc(compound_head(page));
	return 0;
}

static noinline int holder_ref_inc_return(struct page *page, int n)
{
	while (n--)
		if (page_ref_inc_return(compound_head(page)) <= 1)
			return -EINVAL;
	return 0;
}

/* Off the LRU as seen by all others: whoever clears PG_lru has isolated it. */
static noinline int holder_isolate(struct page *page, int n)
{
	struct folio *folio = page_folio(page);

	folio_get(folio);
	if (folio_test_clear_lru(folio))
		return 0;
	folio_put(folio);
	return -EBUSY;
}

static noinline int holder_unisolate(struct page *page, int n)
{
	struct folio *folio = page_folio(page);

	folio_set_lru(folio);
	folio_put(folio);
	return 0;
}

/* No reference, but in the way: who does not wait for the lock gives up. */
static noinline int holder_lock(struct page *page, int n)
{
	return folio_trylock(page_folio(page)) ? 0 : -EBUSY;
}

static noinline int holder_unlock(struct page *page, int n)
{
	folio_unlock(page_folio(page));
	return 0;
}

static noinline int holder_put_page(struct page *page, int n)
{
	while (n--)
		put_page(page);
	return 0;
}

static noinline int holder_folio_put(struct page *page, int n)
{
	struct folio *folio = page_folio(page);

	while (n--)
		folio_put(folio);
	return 0;
}

static noinline int holder_put_refs(struct page *page, int n)
{
	folio_put_refs(page_folio(page), n);
	return 0;
}

static noinline int holder_ref_sub(struct page *page, int n)
{
	struct folio *folio = page_folio(page);

	if (page_ref_sub_and_test(&folio->page, n))
		__folio_put(folio);
	return 0;
}

static noinline int holder_ref_dec(struct page *page, int n)
{
	struct folio *folio = page_folio(page);

	while (n--)
		if (page_ref_dec_and_test(&folio->page))
			__folio_put(folio);
	return 0;
}

static noinline int holder_ref_dec_return(struct page *page, int n)
{
	struct folio *folio = page_folio(page);

	while (n--)
		if (!page_ref_dec_return(&folio->page))
			__folio_put(folio);
	return 0;
}

static noinline int holder_release_pages(struct page *page, int n)
{
	struct page *pages[PAGEVEC_SIZE];
	int i;

	if (n > ARRAY_SIZE(pages))
		return -E2BIG;
	for (i = 0; i < n; i++)
		pages[i] = page;
	release_pages(pages, n);
	return 0;
}

static noinline int holder_folios_put(struct page *page, int n)
{
	struct folio_batch batch;

	if (n > PAGEVEC_SIZE)
		return -E2BIG;
	folio_batch_init(&batch);
	while (n--)
		folio_batch_add(&batch, page_folio(page));
	folios_put(&batch);
	return 0;
}

static noinline int holder_unpin(struct page *page, int n)
{
	while (n--)
		unpin_user_page(page);
	return 0;
}

struct holder_way {
	const char *name;
	int (*fn)(struct page *page, int n);
};

static const struct holder_way take_ways[] = {
	{ "get",		holder_get_page },
	{ "folio_get",		holder_folio_get },
#ifdef HOLDER_TRY_GET
	{ "try_get",		holder_try_get },
#endif
	{ "add",		holder_ref_add },
	{ "inc",		holder_ref_inc },
	{ "inc_return",		holder_ref_inc_return },
	{ "isolate",		holder_isolate },
	{ "lock",		holder_lock },
	{ }
};

static const struct holder_way drop_ways[] = {
	{ "put",		holder_put_page },
	{ "folio_put",		holder_folio_put },
	{ "put_refs",		holder_put_refs },
	{ "sub",		holder_ref_sub },
	{ "dec",		holder_ref_dec },
	{ "dec_return",		holder_ref_dec_return },
	{ "release_pages",	holder_release_pages },
	{ "folios_put",		holder_folios_put },
	{ "unpin",		holder_unpin },
	{ "unisolate",		holder_unisolate },
	{ "unlock",		holder_unlock },
	{ }
};

static int (*holder_way(const struct holder_way *ways, const char *name))
	(struct page *page, int n)
{
	for (; ways->name; ways++)
		if (!strcmp(ways->name, name))
			return ways->fn;
	return NULL;
}

static const char *holder_drop_of(const char *taken)
{
	if (!strcmp(taken, "pin"))
		return "unpin";
	if (!strcmp(taken, "isolate"))
		return "unisolate";
	if (!strcmp(taken, "lock"))
		return "unlock";
	return "put";
}

/* === User memory ========================================================== */

static struct mm_struct *holder_mm(pid_t nr)
{
#ifdef HOLDER_NOT_GPL
	return NULL;
#else
	struct pid *pid = find_get_pid(nr);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	struct mm_struct *mm = NULL;

	put_pid(pid);
	if (task) {
		mm = get_task_mm(task);
		put_task_struct(task);
	}
	return mm;
#endif
}

static void holder_mm_put(struct mm_struct *mm)
{
#ifndef HOLDER_NOT_GPL
	mmput(mm);
#endif
}

/* What a driver does that lets a device work on memory of a process. */
static noinline int holder_lock_user_pages(struct mm_struct *mm,
					   unsigned long addr, bool pin,
					   struct page **page)
{
	int locked = 1;
	long nr;

	mmap_read_lock(mm);
	if (pin)
		nr = pin_user_pages_remote(mm, addr, 1, 0, page, &locked);
	else
		nr = get_user_pages_remote(mm, addr, 1, 0, page, &locked);
	if (locked)
		mmap_read_unlock(mm);
	return nr == 1 ? 0 : nr ? (int)nr : -EFAULT;
}

static noinline void holder_unlock_user_pages(struct page *page, bool pin)
{
	if (pin)
		unpin_user_page(page);
	else
		put_page(page);
	barrier();	/* or it is a jump, and in no stack */
}

/* === Contexts ============================================================= */

enum holder_context { IN_TASK, IN_WORK, IN_TIMER, IN_IRQ, IN_NMI };

static noinline void holder_run(struct holder_op *op)
{
	op->err = op->fn(op->page, op->n);
}

static void holder_run_irq(void *op)
{
	holder_run(op);
	barrier();	/* or it is a jump, and in no stack */
}

#ifndef HOLDER_NOT_GPL
struct holder_deferred {
	struct work_struct work;
	struct timer_list timer;
	struct completion done;
	struct holder_op *op;
};

static void holder_run_work(struct work_struct *work)
{
	struct holder_deferred *d = container_of(work, typeof(*d), work);

	holder_run(d->op);
	complete(&d->done);
}

static void holder_run_timer(struct timer_list *timer)
{
	struct holder_deferred *d = container_of(timer, typeof(*d), timer);

	holder_run(d->op);
	complete(&d->done);
}

static int holder_run_deferred(struct holder_op *op, enum holder_context in, int cpu)
{
	struct holder_deferred d = { .op = op };

	init_completion(&d.done);
	if (in == IN_WORK) {
		INIT_WORK_ONSTACK(&d.work, holder_run_work);
		schedule_work_on(cpu, &d.work);
		wait_for_completion(&d.done);
		flush_work(&d.work);
		destroy_work_on_stack(&d.work);
	} else {
		timer_setup_on_stack(&d.timer, holder_run_timer, TIMER_PINNED);
		d.timer.expires = jiffies + 1;
		add_timer_on(&d.timer, cpu);
		wait_for_completion(&d.done);
		timer_delete_sync(&d.timer);
		destroy_timer_on_stack(&d.timer);
	}
	return op->err;
}
#else
static int holder_run_deferred(struct holder_op *op, enum holder_context in, int cpu)
{
	return -EOPNOTSUPP;
}
#endif

#ifdef HOLDER_NMI
static struct holder_op *holder_nmi_op;
static bool holder_nmi_done;

static int holder_run_nmi(unsigned int type, struct pt_regs *regs)
{
	struct holder_op *op = xchg(&holder_nmi_op, NULL);

	if (!op)
		return NMI_DONE;
	holder_run(op);
	/* op->err before it; pairs with holder_send_nmi() */
	smp_store_release(&holder_nmi_done, true);
	return NMI_HANDLED;
}

/* Commands come one at a time: see holder_mutex. */
static int holder_send_nmi(struct holder_op *op, int cpu)
{
	int err = register_nmi_handler(NMI_LOCAL, holder_run_nmi, 0, KBUILD_MODNAME);
	int us;

	if (err)
		return err;
	holder_nmi_done = false;
	xchg(&holder_nmi_op, op);
	preempt_disable();
	apic->send_IPI(cpu, NMI_VECTOR);
	preempt_enable();
	/* pairs with holder_run_nmi() */
	for (us = 0; us < USEC_PER_SEC && !smp_load_acquire(&holder_nmi_done); us++)
		udelay(1);
	/* not delivered: it must not come later */
	if (xchg(&holder_nmi_op, NULL))
		op->err = -ETIMEDOUT;
	unregister_nmi_handler(NMI_LOCAL, KBUILD_MODNAME);
	return op->err;
}
#else
static int holder_send_nmi(struct holder_op *op, int cpu)
{
	return -EOPNOTSUPP;
}
#endif

static int holder_run_in(struct holder_op *op, enum holder_context in, int cpu)
{
	int err;

	if (cpu < 0)
		cpu = raw_smp_processor_id();
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return -ENODEV;
	switch (in) {
	case IN_TASK:
		holder_run(op);
		return op->err;
	case IN_IRQ:
		err = smp_call_function_single(cpu, holder_run_irq, op, 1);
		return err ?: op->err;
	case IN_NMI:
		return holder_send_nmi(op, cpu);
	default:
		return holder_run_deferred(op, in, cpu);
	}
}

/* === Commands ============================================================= */

struct holder_args {
	int n;
	unsigned int ms;
	int cpu;
	enum holder_context in;
};

static int holder_parse_args(char *text, struct holder_args *args)
{
	static const char * const contexts[] = { "task", "work", "timer",
						 "irq", "nmi" };
	char *word;
	int i;

	args->n = 1;
	args->ms = 0;
	args->cpu = -1;
	args->in = IN_TASK;
	while ((word = strsep(&text, " "))) {
		if (!*word)
			continue;
		if (!strncmp(word, "n=", 2) && !kstrtoint(word + 2, 0, &args->n) &&
		    args->n > 0)
			continue;
		if (!strncmp(word, "ms=", 3) && !kstrtouint(word + 3, 0, &args->ms))
			continue;
		if (!strncmp(word, "cpu=", 4) && !kstrtoint(word + 4, 0, &args->cpu))
			continue;
		if (strncmp(word, "in=", 3))
			return -EINVAL;
		for (i = 0; i < ARRAY_SIZE(contexts); i++)
			if (!strcmp(word + 3, contexts[i]))
				break;
		if (i == ARRAY_SIZE(contexts))
			return -EINVAL;
		args->in = i;
	}
	return 0;
}

/* The page that TARGET means; of user memory, as it is now and no longer. */
static struct page *holder_target(char *target)
{
	unsigned long value, addr;
	struct mm_struct *mm;
	struct page *page;
	struct hold *hold;
	char *colon;
	int err;

	if (!target)
		return ERR_PTR(-EINVAL);
	if (!strncmp(target, "hold:", 5)) {
		hold = hold_find(target + 5);
		return hold ? hold->page : ERR_PTR(-ENOENT);
	}
	if (!strncmp(target, "pfn:", 4)) {
		err = kstrtoul(target + 4, 0, &value);
		if (err)
			return ERR_PTR(err);
		return pfn_valid(value) ? pfn_to_page(value) : ERR_PTR(-ENXIO);
	}
	if (strncmp(target, "user:", 5))
		return ERR_PTR(-EINVAL);
	target += 5;
	colon = strchr(target, ':');
	if (!colon)
		return ERR_PTR(-EINVAL);
	*colon = '\0';
	if (kstrtoul(target, 0, &value) || kstrtoul(colon + 1, 0, &addr))
		return ERR_PTR(-EINVAL);
	*colon = ':';
	mm = holder_mm(value);
	if (!mm)
		return ERR_PTR(-ESRCH);
	err = holder_lock_user_pages(mm, addr, false, &page);
	holder_mm_put(mm);
	if (err)
		return ERR_PTR(err);
	holder_unlock_user_pages(page, false);
	return page;
}

/* GUP wants an address, not a page. */
static int holder_take_user(struct hold *hold, char *target)
{
	unsigned long nr, addr;
	struct mm_struct *mm;
	char *colon;
	int err;

	if (!target || strncmp(target, "user:", 5))
		return -EINVAL;
	colon = strchr(target + 5, ':');
	if (!colon)
		return -EINVAL;
	*colon = '\0';
	if (kstrtoul(target + 5, 0, &nr) || kstrtoul(colon + 1, 0, &addr))
		return -EINVAL;
	mm = holder_mm(nr);
	if (!mm)
		return -ESRCH;
	err = holder_lock_user_pages(mm, addr, !strcmp(hold->way, "pin"), &hold->page);
	holder_mm_put(mm);
	return err;
}

static int holder_take_new(struct hold *hold, char *target)
{
	unsigned int order;
	gfp_t gfp;

	if (!target || strncmp(target, "order:", 6) || kstrtouint(target + 6, 0, &order))
		return -EINVAL;
	gfp = strcmp(hold->way, "alloc_movable") ? GFP_KERNEL : GFP_HIGHUSER_MOVABLE;
	hold->page = alloc_pages(gfp | __GFP_COMP | __GFP_NOWARN, order);
	return hold->page ? 0 : -ENOMEM;
}

static int holder_drop(struct hold *hold, const char *way, struct holder_args *args)
{
	struct holder_op op = { .page = hold->page, .n = args->n };
	int err;

	op.fn = holder_way(drop_ways, way);
	if (!op.fn || op.n > hold->refs)
		return -EINVAL;
	if (!strcmp(hold->way, "pin") != !strcmp(way, "unpin") ||
	    !strcmp(hold->way, "isolate") != !strcmp(way, "unisolate") ||
	    !strcmp(hold->way, "lock") != !strcmp(way, "unlock"))
		return -EINVAL;
	err = holder_run_in(&op, args->in, args->cpu);
	if (err)
		return err;
	hold->refs -= op.n;
	if (!hold->refs) {
		list_del(&hold->list);
		kfree(hold);
	}
	return 0;
}

#ifndef HOLDER_NOT_GPL
static struct workqueue_struct *holder_wq;

static void holder_timed_drop(struct work_struct *work)
{
	struct hold *hold = container_of(to_delayed_work(work), struct hold, drop);

	mutex_lock(&holder_mutex);
	if (!strcmp(hold->way, "pin") || !strcmp(hold->way, "gup")) {
		while (hold->refs--)
			holder_unlock_user_pages(hold->page, !strcmp(hold->way, "pin"));
		list_del(&hold->list);
		kfree(hold);
	} else {
		struct holder_args args = { .n = hold->refs, .cpu = -1 };

		holder_drop(hold, holder_drop_of(hold->way), &args);
	}
	mutex_unlock(&holder_mutex);
}

static void holder_drop_later(struct hold *hold, const struct holder_args *args)
{
	INIT_DELAYED_WORK(&hold->drop, holder_timed_drop);
	if (!args->ms)
		return;
	hold->timed = true;
	queue_delayed_work_on(args->cpu < 0 ? WORK_CPU_UNBOUND : args->cpu, holder_wq,
			      &hold->drop, msecs_to_jiffies(args->ms));
}

static int holder_drop_init(void)
{
	holder_wq = alloc_workqueue("page_pinner_holder", 0, 0);
	return holder_wq ? 0 : -ENOMEM;
}

static void holder_drop_exit(void)
{
	destroy_workqueue(holder_wq);
}
#else
static void holder_drop_later(struct hold *hold, const struct holder_args *args)
{
}

static int holder_drop_init(void)
{
	return 0;
}

static void holder_drop_exit(void)
{
}
#endif

static int holder_cmd_take(char *text)
{
	char *name = strsep(&text, " "), *way = strsep(&text, " ");
	char *target = strsep(&text, " ");
	struct holder_args args;
	struct holder_op op;
	struct hold *hold;
	int err;

	if (!name || !*name || !way || !target || hold_find(name))
		return -EINVAL;
	err = holder_parse_args(text, &args);
	if (err)
		return err;
	hold = kzalloc(sizeof(*hold), GFP_KERNEL);
	if (!hold)
		return -ENOMEM;
	strscpy(hold->name, name, sizeof(hold->name));
	strscpy(hold->way, way, sizeof(hold->way));

	if (!strcmp(way, "gup") || !strcmp(way, "pin")) {
		err = args.n == 1 ? holder_take_user(hold, target) : -EINVAL;
	} else if (!strcmp(way, "alloc") || !strcmp(way, "alloc_movable")) {
		err = args.n == 1 ? holder_take_new(hold, target) : -EINVAL;
	} else {
		op.fn = holder_way(take_ways, way);
		op.page = holder_target(target);
		op.n = args.n;
		if (!op.fn || ((!strcmp(way, "isolate") || !strcmp(way, "lock")) && op.n != 1))
			err = -EINVAL;
		else if (IS_ERR(op.page))
			err = PTR_ERR(op.page);
		else
			err = holder_run_in(&op, args.in, args.cpu);
		hold->page = op.page;
	}
	if (err) {
		kfree(hold);
		return err;
	}
	hold->refs = args.n;
	list_add_tail(&hold->list, &holds);
	holder_drop_later(hold, &args);
	return 0;
}

static int holder_cmd_drop(char *text)
{
	char *name = strsep(&text, " "), *way = NULL;
	struct holder_args args;
	struct hold *hold;
	int err;

	/* the way is the first word, unless that is an argument */
	if (text && !memchr(text, '=', strcspn(text, " ")))
		way = strsep(&text, " ");
	err = holder_parse_args(text, &args);
	if (err)
		return err;
	hold = name ? hold_find(name) : NULL;
	if (!hold)
		return -ENOENT;
	if (hold->timed)
		return -EBUSY;
	if (!way || !*way) {
		if ((!strcmp(hold->way, "pin") || !strcmp(hold->way, "gup")) &&
		    args.in == IN_TASK) {
			holder_unlock_user_pages(hold->page, !strcmp(hold->way, "pin"));
			list_del(&hold->list);
			kfree(hold);
			return 0;
		}
		return holder_drop(hold, holder_drop_of(hold->way), &args);
	}
	return holder_drop(hold, way, &args);
}

static int holder_cmd_leak(char *text)
{
	char *name = strsep(&text, " ");
	struct hold *hold = name ? hold_find(name) : NULL;

	if (!hold)
		return -ENOENT;
	if (hold->timed)
		return -EBUSY;
	list_del(&hold->list);
	kfree(hold);
	return 0;
}

static int holder_cmd_mark(char *text)
{
	struct page *page = holder_target(strsep(&text, " "));
	int expected;

	if (IS_ERR(page))
		return PTR_ERR(page);
	if (!text || kstrtoint(strim(text), 0, &expected))
		return -EINVAL;
	page_pinner_mark(page_folio(page), expected);
	return 0;
}

static int holder_cmd_freeze(char *text)
{
	struct page *page = holder_target(strsep(&text, " "));
	int count;

	if (IS_ERR(page))
		return PTR_ERR(page);
	if (!text || kstrtoint(strim(text), 0, &count) || count < 1)
		return -EINVAL;
	page = compound_head(page);
	if (!page_ref_freeze(page, count))
		return -EBUSY;
	page_ref_unfreeze(page, count);
	return 0;
}

static int holder_cmd_count(char *text)
{
	struct page *page = holder_target(strsep(&text, " "));

	if (IS_ERR(page))
		return PTR_ERR(page);
	scnprintf(holder_result, sizeof(holder_result), "count=%d\n",
		  page_ref_count(compound_head(page)));
	return 0;
}

static int holder_cmd_dump(char *text)
{
	struct page *page = holder_target(strsep(&text, " "));

	if (IS_ERR(page))
		return PTR_ERR(page);
	dump_page(page, KBUILD_MODNAME);
	return 0;
}

static noinline int holder_storm(struct page *page, int n)
{
	while (n--) {
		get_page(page);
		put_page(page);
		/* on its own CPU an interrupt is but a function called without them */
		if (!(n % 1024) && !in_interrupt() && !irqs_disabled())
			cond_resched();
	}
	return 0;
}

static int holder_cmd_storm(char *text)
{
	struct holder_op op = { .fn = holder_storm };
	struct holder_args args;
	int err;

	op.page = holder_target(strsep(&text, " "));
	if (IS_ERR(op.page))
		return PTR_ERR(op.page);
	err = holder_parse_args(text, &args);
	if (err)
		return err;
	op.n = args.n;
	return holder_run_in(&op, args.in, args.cpu);
}

#ifdef HOLDER_NOT_GPL
static int holder_cmd_balance(char *text)
{
	return -EOPNOTSUPP;
}
#else
#include "balance.h"
#endif

/* === Device =============================================================== */

static const struct {
	const char *name;
	int (*fn)(char *text);
} holder_cmds[] = {
	{ "take",	holder_cmd_take },
	{ "drop",	holder_cmd_drop },
	{ "leak",	holder_cmd_leak },
	{ "mark",	holder_cmd_mark },
	{ "freeze",	holder_cmd_freeze },
	{ "count",	holder_cmd_count },
	{ "dump",	holder_cmd_dump },
	{ "storm",	holder_cmd_storm },
	{ "balance",	holder_cmd_balance },
};

static ssize_t holder_write(struct file *file, const char __user *buf, size_t len,
			    loff_t *ppos)
{
	char line[160], *text = line, *cmd;
	int i, err = -EINVAL;

	if (len >= sizeof(line))
		return -E2BIG;
	if (copy_from_user(line, buf, len))
		return -EFAULT;
	line[len] = '\0';
	text = strim(line);
	cmd = strsep(&text, " ");

	mutex_lock(&holder_mutex);
	for (i = 0; i < ARRAY_SIZE(holder_cmds); i++)
		if (!strcmp(cmd, holder_cmds[i].name))
			err = holder_cmds[i].fn(text);
	mutex_unlock(&holder_mutex);
	return err ?: len;
}

static ssize_t holder_read(struct file *file, char __user *buf, size_t len,
			   loff_t *ppos)
{
	struct hold *hold;
	ssize_t ret;
	size_t n = 0;
	char *text = kmalloc(PAGE_SIZE, GFP_KERNEL);

	if (!text)
		return -ENOMEM;
	mutex_lock(&holder_mutex);
	n += scnprintf(text + n, PAGE_SIZE - n, "%s", holder_result);
	list_for_each_entry(hold, &holds, list)
		n += scnprintf(text + n, PAGE_SIZE - n, "%s way=%s pfn=0x%lx refs=%d\n",
			       hold->name, hold->way,
			       page_to_pfn(compound_head(hold->page)), hold->refs);
	mutex_unlock(&holder_mutex);
	ret = simple_read_from_buffer(buf, len, ppos, text, n);
	kfree(text);
	return ret;
}

static const struct file_operations holder_fops = {
	.owner = THIS_MODULE,
	.read = holder_read,
	.write = holder_write,
};

static struct miscdevice holder_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = HOLDER_DEVICE,
	.fops = &holder_fops,
	.mode = 0600,
};

static int __init holder_init(void)
{
	int err = holder_drop_init();

	if (err)
		return err;
	err = misc_register(&holder_device);
	if (err)
		holder_drop_exit();
	return err;
}

static void __exit holder_exit(void)
{
	struct hold *hold;

	misc_deregister(&holder_device);
	mutex_lock(&holder_mutex);
	while ((hold = list_first_entry_or_null(&holds, struct hold, list))) {
		struct holder_args args = { .n = hold->refs, .cpu = -1 };

		if (hold->timed) {
			mutex_unlock(&holder_mutex);
			msleep(20);
			mutex_lock(&holder_mutex);
			continue;
		}
		holder_drop(hold, holder_drop_of(hold->way), &args);
	}
	mutex_unlock(&holder_mutex);
	holder_drop_exit();
}

module_init(holder_init);
module_exit(holder_exit);
MODULE_DESCRIPTION("Takes and drops page references for tests of page_pinner");
#ifdef HOLDER_NOT_GPL
MODULE_LICENSE("Proprietary");
#else
MODULE_LICENSE("GPL");
#endif
