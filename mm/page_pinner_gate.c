// SPDX-License-Identifier: GPL-2.0
/*
 * The gate of page_pinner: what keeps operations on folios that are neither
 * marked nor watched out of the slow paths.
 *
 * Three tests, from cheap to exact: page_pinner_ref_key is off while no folio
 * could be marked or watched; a byte of page_pinner_gate, tested inline by each
 * operation, is 0 where none that hashes there is; and a bit of a larger filter
 * is tested by the slow path before it looks at page_ext.  All of them may be
 * set in vain, and none is ever missing: they are set before the mark is
 * published, and cleared after it is gone.
 *
 * A byte and not a bit, since that is one instruction less at each of the
 * hundreds of places; hashed by the address of the struct page, since that is
 * at hand there, and so that huge pages, whose PFNs end in zeroes, spread.
 */

#include <linux/bitmap.h>
#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/irq_work.h>
#include <linux/mutex.h>
#include <linux/page_pinner.h>
#include <linux/spinlock.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "page_pinner.h"

/* === Filters ============================================================== */

/* Nothing that is written now and then may share its lines. */
struct page_pinner_gate page_pinner_gate ____cacheline_aligned;
EXPORT_SYMBOL(page_pinner_gate);

static_assert(sizeof(page_pinner_gate) % L1_CACHE_BYTES == 0);
static_assert(sizeof(page_pinner_gate) == BIT(PAGE_PINNER_GATE_BITS));

unsigned long *page_pinner_filter __read_mostly;

/* Marks by byte of the gate and bit of the filter.  A leaf: nothing is done under it. */
static DEFINE_RAW_SPINLOCK(page_pinner_gate_lock);
static u16 page_pinner_gate_marks[BIT(PAGE_PINNER_GATE_BITS)];
static u8 *page_pinner_filter_marks;
static bool page_pinner_gate_watching;

/* The hooks run in NMIs too, where the lock may be that of whom we interrupted. */
static bool page_pinner_gate_trylock(unsigned long *flags)
{
	if (!in_nmi()) {
		raw_spin_lock_irqsave(&page_pinner_gate_lock, *flags);
		return true;
	}
	return raw_spin_trylock_irqsave(&page_pinner_gate_lock, *flags);
}

/* Let operations on @page in.  Returns false where that cannot be done now. */
bool page_pinner_gate_add(const struct page *page)
{
	u32 byte = page_pinner_gate_hash(page), bit = page_pinner_filter_hash(page);
	unsigned long flags;

	if (!page_pinner_gate_trylock(&flags))
		return false;
	page_pinner_gate_marks[byte]++;
	WRITE_ONCE(page_pinner_gate.may[byte], 1);
	/* full: it stays for ever, which costs time and loses nothing */
	if (page_pinner_filter_marks[bit] < U8_MAX)
		page_pinner_filter_marks[bit]++;
	set_bit(bit, page_pinner_filter);
	raw_spin_unlock_irqrestore(&page_pinner_gate_lock, flags);
	return true;
}

/* One mark less that page_pinner_gate_add() was called for. */
void page_pinner_gate_del(const struct page *page)
{
	u32 byte = page_pinner_gate_hash(page), bit = page_pinner_filter_hash(page);
	unsigned long flags;

	if (!page_pinner_gate_trylock(&flags)) {
		page_pinner_count(PAGE_PINNER_STAT_GATE_LEFT);
		return;
	}
	if (!--page_pinner_gate_marks[byte] && !page_pinner_gate_watching)
		WRITE_ONCE(page_pinner_gate.may[byte], 0);
	if (page_pinner_filter_marks[bit] < U8_MAX && !--page_pinner_filter_marks[bit])
		clear_bit(bit, page_pinner_filter);
	raw_spin_unlock_irqrestore(&page_pinner_gate_lock, flags);
}

/**
 * page_pinner_gate_watch - let operations on all folios in, or no longer
 * @watching: is anything watched?
 *
 * To be called before a watch is there, and after it is gone.  What is watched
 * is a range, and hashes everywhere.
 *
 * Context: process context.
 */
void page_pinner_gate_watch(bool watching)
{
	unsigned long flags;
	u32 i;

	raw_spin_lock_irqsave(&page_pinner_gate_lock, flags);
	WRITE_ONCE(page_pinner_gate_watching, watching);
	for (i = 0; i < BIT(PAGE_PINNER_GATE_BITS); i++)
		WRITE_ONCE(page_pinner_gate.may[i], watching || page_pinner_gate_marks[i]);
	raw_spin_unlock_irqrestore(&page_pinner_gate_lock, flags);
	page_pinner_ref_follow();
}

/* What was allocated stays. */
int page_pinner_gate_alloc(void)
{
	if (page_pinner_filter)
		return 0;
	page_pinner_filter_marks = vzalloc(BIT(PAGE_PINNER_FILTER_BITS));
	if (!page_pinner_filter_marks)
		return -ENOMEM;
	page_pinner_filter = vzalloc(BIT(PAGE_PINNER_FILTER_BITS) / BITS_PER_BYTE);
	if (page_pinner_filter)
		return 0;
	vfree(page_pinner_filter_marks);
	return -ENOMEM;
}

/* === The key ============================================================== */

/*
 * While somebody listens, the failure hooks and the free hooks are on.  The
 * operations are as well, unless on_demand is set: then they are from the first
 * mark or watch on until there has been none for a while.  The first numbers
 * of a mark that was set before are not known (see page_pinner_slot_fill()).
 */
#define PAGE_PINNER_IDLE	(10 * HZ)

DEFINE_STATIC_KEY_FALSE(page_pinner_ref_key);
EXPORT_SYMBOL(page_pinner_ref_key);

bool page_pinner_ref_on __read_mostly;	/* on each processor, for sure */

static DEFINE_MUTEX(page_pinner_ref_mutex);
static u32 page_pinner_idle_id;		/* last mark when it was looked for last */

static bool page_pinner_ref_wanted(void)
{
	u32 id = page_pinner_last_id();
	bool idle = id == page_pinner_idle_id && !page_pinner_marked();

	page_pinner_idle_id = id;
	if (!page_pinner_active())
		return false;
	return !READ_ONCE(page_pinner_ctl.on_demand) ||
	       READ_ONCE(page_pinner_gate_watching) || !idle;
}

static void page_pinner_ref_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(page_pinner_ref_later, page_pinner_ref_work);

/**
 * page_pinner_ref_follow - divert the operations if, and only if, that is of use
 *
 * Context: process context.
 */
void page_pinner_ref_follow(void)
{
	bool on;

	mutex_lock(&page_pinner_ref_mutex);
	on = page_pinner_ref_wanted();
	if (!on) {
		WRITE_ONCE(page_pinner_ref_on, false);
		/* pairs with the count of marks, which is raised before a mark looks here */
		smp_mb();
		on = page_pinner_active() && page_pinner_marked();
	}
	if (on) {
		static_branch_enable(&page_pinner_ref_key);
		WRITE_ONCE(page_pinner_ref_on, true);
		if (READ_ONCE(page_pinner_ctl.on_demand))
			mod_delayed_work(system_wq, &page_pinner_ref_later, PAGE_PINNER_IDLE);
	} else {
		static_branch_disable(&page_pinner_ref_key);
	}
	mutex_unlock(&page_pinner_ref_mutex);
}

static void page_pinner_ref_work(struct work_struct *work)
{
	page_pinner_ref_follow();
}

static void page_pinner_ref_irq(struct irq_work *work)
{
	mod_delayed_work(system_wq, &page_pinner_ref_later, 0);
}

static DEFINE_IRQ_WORK(page_pinner_ref_soon, page_pinner_ref_irq);

/**
 * page_pinner_ref_demand - there is a mark
 *
 * Context: any.
 */
void page_pinner_ref_demand(void)
{
	if (!READ_ONCE(page_pinner_ref_on))
		irq_work_queue(&page_pinner_ref_soon);
}
