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
 *	page_pinner_ref.c	refcount operations, samples
 *	page_pinner_budget.c	which of their events are written
 *	page_pinner_fail.c	failure hooks
 *	page_pinner_debugfs.c	controls
 *
 * Watched ranges do the same for folios that did not fail yet.  They are
 * looked up by PFN and need no mark, so they survive free and reuse and cost
 * nothing to set up.
 *
 * Nothing of this runs unless the kernel was booted with page_pinner=on and
 * at least one event of the page_pinner trace system is enabled: then
 * page_pinner_key diverts the operations of page_ref.h to the slow paths
 * here.  A failure marks only while the event of its reason is enabled.
 *
 * Notes on locking
 * ================
 *
 * The hooks run in any context, NMI and lruvec->lru_lock included: they take
 * no lock, do not allocate, do not sleep and do not print.
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
 *   A mark is set only if page_pinner_key is still on inside that section.
 *
 * - Watched and filtered ranges are replaced as a whole under RCU; see
 *   mm/page_pinner_debugfs.c for the writers.
 */

#define pr_fmt(fmt) "page_pinner: " fmt

#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/string.h>

#include "page_pinner.h"

#define CREATE_TRACE_POINTS
#include <trace/events/page_pinner.h>

DEFINE_STATIC_KEY_FALSE(page_pinner_key);
EXPORT_SYMBOL(page_pinner_key);

static bool page_pinner_on __ro_after_init;
static int page_pinner_listeners;	/* under tracepoints_mutex */

struct page_pinner_ctl page_pinner_ctl = {
	.max_marked = PAGE_PINNER_MAX_MARKED,
	.max_events = PAGE_PINNER_MAX_EVENTS,
};

DEFINE_PER_CPU(unsigned long [NR_PAGE_PINNER_STATS], page_pinner_stat);

/* === Ranges =============================================================== */

bool page_pinner_ranges_hit(struct page_pinner_ranges __rcu **rp,
			    unsigned long pfn, unsigned int order)
{
	const struct page_pinner_ranges *ranges;
	unsigned long end = pfn + (1UL << order);
	unsigned int i;
	bool hit = false;

	rcu_read_lock();
	ranges = rcu_dereference(*rp);
	for (i = 0; ranges && i < ranges->nr; i++) {
		if (pfn < ranges->range[i].end && end > ranges->range[i].start) {
			hit = true;
			break;
		}
	}
	rcu_read_unlock();
	return hit;
}

bool page_pinner_watched(unsigned long pfn, unsigned int order)
{
	return rcu_access_pointer(page_pinner_ctl.watch) &&
	       page_pinner_ranges_hit(&page_pinner_ctl.watch, pfn, order);
}

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

static int __init page_pinner_setup(char *buf)
{
	page_pinner_on = buf && !strcmp(buf, "on");
	if (!page_pinner_on && (!buf || strcmp(buf, "off")))
		pr_warn("page_pinner=%s is neither on nor off: stays off\n",
			buf ?: "");
	return 0;
}
early_param("page_pinner", page_pinner_setup);

/* === Listeners ============================================================ */

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
	err = page_pinner_marks_alloc();
	if (err)
		return err;
	if (!page_pinner_listeners++)
		static_branch_enable(&page_pinner_key);
	return 0;
}

/**
 * page_pinner_unreg - the last user of an event of ours is gone
 *
 * When no event has a user any more, all marks end: puts are not seen from
 * here on, and a mark whose puts were missed would accuse the innocent later.
 *
 * Context: process context, under tracepoints_mutex.
 */
void page_pinner_unreg(void)
{
	if (!page_pinner_on || --page_pinner_listeners)
		return;
	static_branch_disable(&page_pinner_key);
	/* hooks that passed the key before have left after this */
	synchronize_rcu();
	page_pinner_clear(0, ULONG_MAX);
}

/*
 * Poisoned pages keep their marks in memory that goes offline.  page_ext goes
 * with it, from a notifier of default priority: be there before.
 */
static int page_pinner_memory_notify(struct notifier_block *nb,
				     unsigned long action, void *data)
{
	struct memory_notify *mn = data;

	if (action == MEM_OFFLINE)
		page_pinner_clear(mn->start_pfn, mn->start_pfn + mn->nr_pages);
	return NOTIFY_OK;
}

static int __init page_pinner_init(void)
{
	if (!page_pinner_on)
		return 0;
	hotplug_memory_notifier(page_pinner_memory_notify,
				DEFAULT_CALLBACK_PRI + 1);
	pr_info("on, waiting for a listener\n");
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
