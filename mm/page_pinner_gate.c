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

/*
 * So many pages of a watch open a byte each: with a quarter of the gate open,
 * most of what is not watched is still kept out.
 */
#define PAGE_PINNER_GATE_NARROW		(BIT(PAGE_PINNER_GATE_BITS) / 4)

/* Marks by byte of the gate and bit of the filter.  A leaf: nothing is done under it. */
static DEFINE_RAW_SPINLOCK(page_pinner_gate_lock);
static u16 page_pinner_gate_marks[BIT(PAGE_PINNER_GATE_BITS)];
static u8 *page_pinner_filter_marks;
/* Bytes at which folios that are watched may be. */
static DECLARE_BITMAP(page_pinner_gate_watched, BIT(PAGE_PINNER_GATE_BITS));
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
	if (!--page_pinner_gate_marks[byte] && !test_bit(byte, page_pinner_gate_watched))
		WRITE_ONCE(page_pinner_gate.may[byte], 0);
	if (page_pinner_filter_marks[bit] < U8_MAX && !--page_pinner_filter_marks[bit])
		clear_bit(bit, page_pinner_filter);
	raw_spin_unlock_irqrestore(&page_pinner_gate_lock, flags);
}

/* Are there so few pages in @ranges that each can open its byte alone? */
static bool page_pinner_gate_is_narrow(const struct page_pinner_ranges *ranges)
{
	unsigned long left = PAGE_PINNER_GATE_NARROW;
	unsigned int i;

	if (!PAGE_PINNER_GATE_HASHES_ALL)
		return false;
	for (i = 0; i < ranges->nr; i++) {
		if (ranges->range[i].end - ranges->range[i].start > left)
			return false;
		left -= ranges->range[i].end - ranges->range[i].start;
	}
	return true;
}

/* Each page of a range, and each head whose folio may reach into it. */
static void page_pinner_gate_open_range(unsigned long start, unsigned long end)
{
	unsigned long pfn;
	unsigned int order;

	for (order = 1; order <= PUD_SHIFT - PAGE_SHIFT; order++)
		__set_bit(page_pinner_gate_hash(pfn_to_page(ALIGN_DOWN(start, BIT(order)))),
			  page_pinner_gate_watched);
	for (pfn = start; pfn < end; pfn++)
		__set_bit(page_pinner_gate_hash(pfn_to_page(pfn)), page_pinner_gate_watched);
}

static void page_pinner_gate_open(const struct page_pinner_ranges *ranges)
{
	unsigned int i;

	if (!page_pinner_gate_is_narrow(ranges)) {
		bitmap_fill(page_pinner_gate_watched, BIT(PAGE_PINNER_GATE_BITS));
		return;
	}
	for (i = 0; i < ranges->nr; i++)
		page_pinner_gate_open_range(ranges->range[i].start, ranges->range[i].end);
}

/**
 * page_pinner_gate_watch - let operations on folios that are watched in
 * @ranges: what is watched; NULL: nothing
 * @more: beside what is watched already
 *
 * To be called with @more before a watch is there, and without it after the one
 * that it replaces is gone.  A narrow watch opens what its folios hash to, and
 * any other all of the gate.
 *
 * Context: process context.
 */
void page_pinner_gate_watch(const struct page_pinner_ranges *ranges, bool more)
{
	unsigned long flags;
	u32 i;

	raw_spin_lock_irqsave(&page_pinner_gate_lock, flags);
	if (!more)
		bitmap_zero(page_pinner_gate_watched, BIT(PAGE_PINNER_GATE_BITS));
	if (ranges)
		page_pinner_gate_open(ranges);
	WRITE_ONCE(page_pinner_gate_watching, ranges);
	for (i = 0; i < BIT(PAGE_PINNER_GATE_BITS); i++) {
		bool may = test_bit(i, page_pinner_gate_watched) || page_pinner_gate_marks[i];

		WRITE_ONCE(page_pinner_gate.may[i], may);
	}
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
