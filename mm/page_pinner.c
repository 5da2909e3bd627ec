// SPDX-License-Identifier: GPL-2.0
/*
 * page_pinner: find out who holds the reference that keeps a folio from being
 * migrated.
 *
 * How it works
 * ============
 *
 * Code that gives up on migrating, isolating or freeing a folio calls one of
 * the page_pinner_*() failure hooks.  If the folio has more references than
 * the caller can account for, the hook marks it: a word in its page_ext names
 * a slot of a table, which holds the particulars of the mark.  From then on
 * each operation of <linux/page_ref.h> on the folio emits an event with the
 * count that the operation itself returned, and with what mappings, caches and
 * private data account for, so a post-processor can tell whose references were
 * those too many.  The mark ends when the folio is freed, or when a put leaves
 * no unexpected reference.
 *
 *	page_pinner.c		listeners, ranges
 *	page_pinner_mark.c	marks
 *	page_pinner_gate.c	what spares other folios the slow paths
 *	page_pinner_ref.c	refcount operations, samples
 *	page_pinner_budget.c	which of their events are written
 *	page_pinner_fail.c	failure hooks
 *	page_pinner_holders.c	open gets
 *	page_pinner_pool.c	where they are kept
 *	page_pinner_origin.c	what their stacks tell
 *	page_pinner_dump.c	what dump_page() says of them
 *	page_pinner_ranges.c	what is watched, filtered, scanned
 *	page_pinner_debugfs.c	controls
 *	page_pinner_scan.c	what is held now, in debugfs
 *
 * Watched ranges do the same for folios that did not fail yet.  They are
 * looked up by PFN and need no mark, so they survive free and reuse and cost
 * nothing to set up.
 *
 * Nothing of this runs unless the kernel was booted with page_pinner=on and
 * an event of the page_pinner trace system is enabled or something is watched:
 * then page_pinner_key turns on the failure hooks, and page_pinner_ref_key
 * diverts the operations of page_ref.h to the slow paths here, where
 * page_pinner_gate says that a folio may be marked or watched.  A failure marks
 * only while the event of its reason is enabled.
 *
 * Notes on locking
 * ================
 *
 * The hooks run in any context, NMI and lruvec->lru_lock included: they take
 * no lock but a raw spinlock for the counters of the gate, under which nothing
 * else is done, do not allocate, do not sleep and do not print.
 *
 * - struct page_pinner_ext::word is the mark: the number of a slot and the id
 *   of its owner.  It is set and cleared by cmpxchg() alone, so each mark has
 *   one beginning and one end, and nobody ends another mark than he found.
 *   The PAGE_EXT_PINNER flag follows it, for crash and drgn; nothing of ours
 *   reads the flag, because page_owner writes its word without atomic
 *   operations: when a page is allocated or freed, and to the destination of
 *   a migration, which may be marked.
 *
 * - A slot of the table is claimed with test_and_set_bit() on its bit in
 *   page_pinner_slots, filled, opened by its id, and published by the
 *   cmpxchg() above.  A reader may still look at a slot that was just given
 *   up: the id has changed then.  Counters carry the id beside the number and
 *   are updated by cmpxchg() of both.
 *
 * - page_pinner_mark::seq numbers the operations.  The unmark takes the last
 *   number and the id away in one atomic operation, so each number up to that
 *   of the unmark belongs to one operation that began under the mark.
 *
 * - page_ext_get() opens an RCU read-side section.  It holds off the removal
 *   of page_ext by memory offlining and, through synchronize_rcu() in
 *   page_pinner_unreg(), the end of all marks when nobody listens any more.
 *   A mark is set only if somebody still listens inside that section.
 *
 * - Watched and filtered ranges are replaced as a whole under RCU; see
 *   mm/page_pinner_debugfs.c for the writers.
 */

#define pr_fmt(fmt) "page_pinner: " fmt

#include <linux/kstrtox.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/page_ext.h>
#include <linux/mutex.h>
#include <linux/page_pinner.h>
#include <linux/string.h>

#include "page_pinner.h"

#define CREATE_TRACE_POINTS
#include <trace/events/page_pinner.h>

DEFINE_STATIC_KEY_FALSE(page_pinner_key);
EXPORT_SYMBOL(page_pinner_key);

static bool page_pinner_on __ro_after_init;
int page_pinner_listeners;		/* written under tracepoints_mutex */

/* Listeners and a watch hold the key. */
static DEFINE_MUTEX(page_pinner_key_mutex);
static int page_pinner_users;

static char page_pinner_boot_watch[256] __initdata;
unsigned int page_pinner_pool_wanted __ro_after_init = 8192;

struct page_pinner_ctl page_pinner_ctl = {
	.max_marked = PAGE_PINNER_MAX_MARKED,
	.max_events = PAGE_PINNER_MAX_EVENTS,
};

DEFINE_PER_CPU(unsigned long [NR_PAGE_PINNER_STATS], page_pinner_stat);

/* === Boot ================================================================= */

static bool page_pinner_need(void)
{
	return page_pinner_on;
}

struct page_ext_operations page_pinner_ops = {
	.size = sizeof(struct page_pinner_ext),
	.need = page_pinner_need,
	.need_shared_flags = true,
};

/* "on" or "off"; after "on", gets=NUMBER, and last of all watch=WORD,WORD,... */
static int __init page_pinner_setup(char *buf)
{
	char *word = strsep(&buf, ",");

	page_pinner_on = word && !strcmp(word, "on");
	if (!page_pinner_on && (!word || strcmp(word, "off")))
		pr_warn("page_pinner=%s is neither on nor off: stays off\n",
			word ?: "");
	while (page_pinner_on && buf) {
		if (!strncmp(buf, "watch=", 6)) {
			if (strscpy(page_pinner_boot_watch, buf + 6) < 0) {
				pr_warn("watch= is too long and watches nothing\n");
				*page_pinner_boot_watch = '\0';
			}
			break;
		}
		word = strsep(&buf, ",");
		if (strncmp(word, "gets=", 5) ||
		    kstrtouint(word + 5, 0, &page_pinner_pool_wanted))
			pr_warn("page_pinner=on,%s: neither gets=NUMBER nor watch=WORD,...: ignored\n",
				word);
	}
	return 0;
}
early_param("page_pinner", page_pinner_setup);

/* === Listeners ============================================================ */

/**
 * page_pinner_hold - divert the operations of page_ref.h
 *
 * Context: process context; takes page_pinner_key_mutex.
 * Return: 0, or -ENOMEM where there is no memory for marks or open gets.
 */
int page_pinner_hold(void)
{
	int err;

	mutex_lock(&page_pinner_key_mutex);
	err = page_pinner_marks_alloc();
	if (!err)
		err = page_pinner_pool_alloc();
	if (!err)
		page_pinner_origin_init();
	if (!err && !page_pinner_users++) {
		static_branch_enable(&page_pinner_key);
		page_pinner_ref_follow();
	}
	mutex_unlock(&page_pinner_key_mutex);
	return err;
}

/**
 * page_pinner_drop - what page_pinner_hold() did is no longer needed
 *
 * With the last user gone all marks and open gets end: puts are not seen from
 * here on, and what missed its put would accuse the innocent later.
 *
 * Context: process context; takes page_pinner_key_mutex.
 */
void page_pinner_drop(void)
{
	mutex_lock(&page_pinner_key_mutex);
	if (!--page_pinner_users) {
		static_branch_disable(&page_pinner_key);
		page_pinner_ref_follow();
		/* hooks that passed the key before have left after this */
		synchronize_rcu();
		page_pinner_clear(0, ULONG_MAX);
		page_pinner_pool_forget();
	}
	mutex_unlock(&page_pinner_key_mutex);
}

/**
 * page_pinner_reg - the first user of an event of ours appeared
 *
 * Called by the tracepoint code for each event, whether ftrace, perf or BPF
 * asks for it.
 *
 * Context: process context, under tracepoints_mutex.
 * Return: 0, or -ENOMEM where there is no memory for the table of marks.
 */
int page_pinner_reg(void)
{
	int err;

	if (!page_pinner_on) {
		pr_info_once("events stay silent: boot with page_pinner=on\n");
		return 0;
	}
	err = page_pinner_hold();
	if (err)
		return err;
	WRITE_ONCE(page_pinner_listeners, page_pinner_listeners + 1);
	return 0;
}

/**
 * page_pinner_unreg - the last user of an event of ours is gone
 *
 * When no event has a user any more, all marks end.  A watch may keep the key,
 * and the tracepoint is still on: hooks would go on marking what nobody sees.
 *
 * Context: process context, under tracepoints_mutex.
 */
void page_pinner_unreg(void)
{
	if (!page_pinner_on)
		return;
	WRITE_ONCE(page_pinner_listeners, page_pinner_listeners - 1);
	if (!page_pinner_listeners) {
		/* those that found a listener have set their mark after this */
		synchronize_rcu();
		page_pinner_clear(0, ULONG_MAX);
	}
	page_pinner_drop();
}

/*
 * Poisoned pages keep their marks in memory that goes offline.  page_ext goes
 * with it, from a notifier of default priority: be there before.
 */
static int page_pinner_memory_notify(struct notifier_block *nb,
				     unsigned long action, void *data)
{
	struct memory_notify *mn = data;

	if (action == MEM_OFFLINE) {
		page_pinner_clear(mn->start_pfn, mn->start_pfn + mn->nr_pages);
		/* whoever has claimed an entry has left it after this */
		synchronize_rcu();
		page_pinner_pool_forget();
	}
	return NOTIFY_OK;
}

/* Early, so that what drivers take when they start is on record. */
static int __init page_pinner_watch_init(void)
{
	struct page_pinner_ranges *watch;
	int err;

	if (!page_pinner_on || !*page_pinner_boot_watch)
		return 0;
	watch = page_pinner_ranges_parse(NULL, page_pinner_boot_watch);
	err = PTR_ERR_OR_ZERO(watch);
	if (!err) {
		mutex_lock(&page_pinner_ctl_mutex);
		err = page_pinner_ranges_install(&page_pinner_ctl.watch, watch);
		mutex_unlock(&page_pinner_ctl_mutex);
	}
	if (err)
		pr_warn("watch= was not understood and watches nothing: %d\n", err);
	return 0;
}
core_initcall_sync(page_pinner_watch_init);

static int __init page_pinner_init(void)
{
	if (!page_pinner_on)
		return 0;
	hotplug_memory_notifier(page_pinner_memory_notify,
				DEFAULT_CALLBACK_PRI + 1);
	pr_info("on, %s\n", page_pinner_active() ? "watching" : "waiting for a listener");
	return 0;
}
late_initcall(page_pinner_init);

EXPORT_TRACEPOINT_SYMBOL(page_pinner_fail_alloc_contig);
EXPORT_TRACEPOINT_SYMBOL(page_pinner_fail_compaction);
EXPORT_TRACEPOINT_SYMBOL(page_pinner_fail_longterm_pin);
EXPORT_TRACEPOINT_SYMBOL(page_pinner_fail_memory_hotplug);
EXPORT_TRACEPOINT_SYMBOL(page_pinner_fail_migrate);
EXPORT_TRACEPOINT_SYMBOL(page_pinner_get);
EXPORT_TRACEPOINT_SYMBOL(page_pinner_put);
EXPORT_TRACEPOINT_SYMBOL(page_pinner_unmark);
