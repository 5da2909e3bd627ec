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
 * the caller can account for, the hook marks it: the PAGE_EXT_PINNER flag and
 * a slot number go into its page_ext, the particulars of the mark into that
 * slot of a table.  From then on each operation of <linux/page_ref.h> on the
 * folio emits an event with the count that the operation itself returned, so
 * a post-processor can tell whose references were those too many.  The mark
 * ends when the folio is freed, or when a put leaves no unexpected reference.
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
 * - struct page_pinner_ext::slot is the mark.  It is set and cleared by
 *   cmpxchg() alone, so each mark has one beginning and one end.  The flag in
 *   page_ext->flags only spares the others a look at the slot: page_owner
 *   updates that word with non-atomic bit operations, when a page is allocated
 *   or freed.  Marks are set while a reference is held, so setting the flag
 *   cannot be lost; clearing it can, and a flag without a slot means nothing.
 *
 * - A slot of the table is claimed with test_and_set_bit() on its bit in
 *   page_pinner_slots, filled, and published by the cmpxchg() above; readers
 *   find it through READ_ONCE() of page_pinner_ext::slot.  A reader may still
 *   look at a slot that was just given up: it compares the PFN, and what it
 *   may then write, counters of a budget, does no harm in a later owner.
 *   Slots are handed out in turn to make that rare.
 *
 * - page_ext_get() opens an RCU read-side section.  It holds off the removal
 *   of page_ext by memory offlining and, through synchronize_rcu() in
 *   page_pinner_unreg(), the end of all marks when nobody listens any more.
 *
 * - Watched and filtered ranges are replaced as a whole under RCU; see
 *   mm/page_pinner_debugfs.c for the writers.
 */

#define pr_fmt(fmt) "page_pinner: " fmt

#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/hugetlb.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "internal.h"
#include "page_pinner.h"

#define CREATE_TRACE_POINTS
#include <trace/events/page_pinner.h>

/* === Data ================================================================= */

/* What page_ext holds for each page: 16 bytes with the shared flags. */
struct page_pinner_ext {
	unsigned long slot;	/* index into page_pinner_marks, 0: no mark */
};

/* State of one diverted refcount operation, between begin and end. */
struct page_pinner_op {
	struct page_ext *page_ext;	/* non-NULL: RCU is held */
	struct page_pinner_mark *mark;	/* NULL: only watched */
	unsigned long pfn;
	unsigned long mapping;
	u32 id;
	int mapcount;
	int expected;
	u8 order;
	u8 reason;
};

/* Size of the table of marks; slot 0 is never used. */
#define PAGE_PINNER_SLOTS	(2UL * PAGE_PINNER_MAX_MARKED)
#define PAGE_PINNER_MAX_EVENTS	4096

DEFINE_STATIC_KEY_FALSE(page_pinner_key);
EXPORT_SYMBOL(page_pinner_key);

static bool page_pinner_on __ro_after_init;
static int page_pinner_listeners;	/* under tracepoints_mutex */

static struct page_pinner_mark *page_pinner_marks __read_mostly;
static unsigned long *page_pinner_slots __read_mostly;
static atomic_t page_pinner_next_slot = ATOMIC_INIT(0);
static atomic_t page_pinner_next_id = ATOMIC_INIT(0);
static atomic_t page_pinner_nr_marked = ATOMIC_INIT(0);

/* Number of marks by the low bits of their PFN: most folios have none there. */
#define PAGE_PINNER_FILTER	16384UL
static atomic_t *page_pinner_filter __read_mostly;

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

static bool page_pinner_watched(unsigned long pfn, unsigned int order)
{
	return rcu_access_pointer(page_pinner_ctl.watch) &&
	       page_pinner_ranges_hit(&page_pinner_ctl.watch, pfn, order);
}

/*
 * May @page be marked or watched?  Cheap, and right whenever it says no.  A
 * mark that is just being set may be overlooked; so may it by the full test.
 */
static __always_inline bool page_pinner_maybe(const struct page *page)
{
	unsigned long pfn;

	if (!atomic_read(&page_pinner_nr_marked) &&
	    !READ_ONCE(page_pinner_ctl.watch_end))
		return false;

	pfn = page_to_pfn(page);
	return atomic_read(&page_pinner_filter[pfn % PAGE_PINNER_FILTER]) ||
	       (pfn >= READ_ONCE(page_pinner_ctl.watch_start) &&
		pfn < READ_ONCE(page_pinner_ctl.watch_end));
}

/* === Budget =============================================================== */

/*
 * A hot page can make tens of thousands of reference operations a second.
 * The first max_events of a mark are always logged.  After that each call
 * site, that is task and stack, may log PAGE_PINNER_SITE_RATE events a second
 * of it: a site that repeats itself tells nothing new, the rare release that
 * the reader waits for is another site.  Puts that reach a new low or settle
 * the folio are logged in any case.
 */
#define PAGE_PINNER_SITE_RATE	32
#define PAGE_PINNER_SITE_BITS	12
#define PAGE_PINNER_SITE_DEPTH	12

struct page_pinner_site {
	u32 second;
	u32 count;
};

static struct page_pinner_site page_pinner_sites[1 << PAGE_PINNER_SITE_BITS];

static bool page_pinner_site_may_log(unsigned long key)
{
	unsigned long entries[PAGE_PINNER_SITE_DEPTH];
	struct page_pinner_site *site;
	u32 now = jiffies / HZ;
	unsigned int i, nr;

	nr = stack_trace_save(entries, ARRAY_SIZE(entries), 3);
	key ^= hash_ptr(current, BITS_PER_LONG);
	for (i = 0; i < nr; i++)
		key = hash_long(key ^ entries[i], BITS_PER_LONG);

	site = &page_pinner_sites[hash_long(key, PAGE_PINNER_SITE_BITS)];
	if (READ_ONCE(site->second) != now) {
		WRITE_ONCE(site->second, now);
		WRITE_ONCE(site->count, 0);
	}
	if (READ_ONCE(site->count) >= PAGE_PINNER_SITE_RATE)
		return false;
	WRITE_ONCE(site->count, READ_ONCE(site->count) + 1);
	return true;
}

static bool page_pinner_may_log(struct page_pinner_op *op, int count, bool always)
{
	struct page_pinner_mark *mark = op->mark;

	if (!mark)
		return page_pinner_site_may_log(op->pfn);
	/* the slot may have a new owner if the mark ended during the operation */
	if (count < READ_ONCE(mark->low) && mark->id == op->id) {
		WRITE_ONCE(mark->low, count);
		always = true;
	}
	if (atomic_read(&mark->logged) < READ_ONCE(page_pinner_ctl.max_events))
		return true;
	return always || page_pinner_site_may_log(op->id);
}

/* === Marks ================================================================ */

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

static struct page_pinner_ext *page_pinner_ext(struct page_ext *page_ext)
{
	return page_ext_data(page_ext, &page_pinner_ops);
}

/* The mark of a page, or NULL.  RCU is held through @page_ext. */
static struct page_pinner_mark *page_pinner_mark_of(struct page_ext *page_ext,
						    unsigned long pfn)
{
	struct page_pinner_mark *mark;
	unsigned long slot;

	if (!test_bit(PAGE_EXT_PINNER, &page_ext->flags))
		return NULL;
	slot = READ_ONCE(page_pinner_ext(page_ext)->slot);
	if (!slot)
		return NULL;
	mark = &page_pinner_marks[slot];
	return READ_ONCE(mark->pfn) == pfn ? mark : NULL;
}

static unsigned long page_pinner_slot_claim(void)
{
	unsigned long slot;
	int i;

	if (atomic_inc_return(&page_pinner_nr_marked) >
	    READ_ONCE(page_pinner_ctl.max_marked))
		goto full;

	/* at most half of the slots are ever taken: a few tries find one */
	for (i = 0; i < 64; i++) {
		slot = (u32)atomic_inc_return(&page_pinner_next_slot) %
			PAGE_PINNER_SLOTS;
		if (slot && !test_and_set_bit(slot, page_pinner_slots))
			return slot;
	}
full:
	atomic_dec(&page_pinner_nr_marked);
	page_pinner_count(PAGE_PINNER_STAT_REFUSED);
	return 0;
}

static void page_pinner_slot_release(unsigned long slot)
{
	unsigned long pfn = page_pinner_marks[slot].pfn;

	atomic_dec(&page_pinner_filter[pfn % PAGE_PINNER_FILTER]);
	WRITE_ONCE(page_pinner_marks[slot].pfn, ULONG_MAX);
	/* pairs with page_pinner_slot_claim() and smp_rmb() in page_pinner_op_begin() */
	smp_mb__before_atomic();
	clear_bit(slot, page_pinner_slots);
	atomic_dec(&page_pinner_nr_marked);
}

static u32 page_pinner_new_id(void)
{
	u32 id;

	do {
		id = atomic_inc_return(&page_pinner_next_id);
	} while (!id);
	return id;
}

/*
 * Mark @folio, on which the caller holds a reference, or find its mark.
 * Returns the mark, or NULL where the budget is used up.
 */
struct page_pinner_mark *page_pinner_mark_set(struct page_ext *page_ext,
					      struct folio *folio, u8 reason,
					      bool *new)
{
	struct page_pinner_ext *ext = page_pinner_ext(page_ext);
	unsigned long slot, old;
	struct page_pinner_mark *mark;

	*new = false;
	old = READ_ONCE(ext->slot);
	if (old)
		return &page_pinner_marks[old];

	slot = page_pinner_slot_claim();
	if (!slot)
		return NULL;

	mark = &page_pinner_marks[slot];
	memset(mark, 0, sizeof(*mark));
	mark->pfn = folio_pfn(folio);
	mark->start_ns = local_clock();
	mark->id = page_pinner_new_id();
	mark->low = folio_ref_count(folio);
	mark->reason = reason;

	atomic_inc(&page_pinner_filter[mark->pfn % PAGE_PINNER_FILTER]);
	/* publishes the mark; pairs with READ_ONCE() in page_pinner_mark_of() */
	old = cmpxchg(&ext->slot, 0, slot);
	if (old) {
		page_pinner_slot_release(slot);
		return &page_pinner_marks[old];
	}
	set_bit(PAGE_EXT_PINNER, &page_ext->flags);
	page_pinner_count(PAGE_PINNER_STAT_MARKED);
	*new = true;
	return mark;
}

/* End @mark, if it still is that of the page of @page_ext. */
void page_pinner_mark_end(struct page_ext *page_ext, struct page_pinner_mark *mark,
			  int refcount, u8 order, u8 why)
{
	unsigned long slot = mark - page_pinner_marks;
	struct page_pinner_unmark unmark = {
		.pfn = mark->pfn,
		.age_ns = local_clock() - mark->start_ns,
		.id = mark->id,
		.refcount = refcount,
		.logged = atomic_read(&mark->logged),
		.dropped = atomic_read(&mark->dropped),
		.order = order,
		.reason = mark->reason,
		.why = why,
	};

	if (cmpxchg(&page_pinner_ext(page_ext)->slot, slot, 0) != slot)
		return;
	clear_bit(PAGE_EXT_PINNER, &page_ext->flags);
	page_pinner_slot_release(slot);
	page_pinner_count(PAGE_PINNER_STAT_FREED + why);
	trace_page_pinner_unmark(&unmark);
}

void __page_pinner_free(struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);
	struct page_pinner_mark *mark;
	struct page_ext *page_ext;
	bool watched;

	if (!page_pinner_maybe(page))
		return;
	watched = page_pinner_watched(pfn, order);
	page_ext = page_ext_get(page);
	if (!page_ext)
		return;
	mark = page_pinner_mark_of(page_ext, pfn);
	if (mark) {
		page_pinner_mark_end(page_ext, mark, page_ref_count(page), order,
				     PAGE_PINNER_FREED);
	} else if (watched) {
		struct page_pinner_unmark unmark = {
			.pfn = pfn,
			.refcount = page_ref_count(page),
			.order = order,
			.reason = PAGE_PINNER_WATCH,
			.why = PAGE_PINNER_FREED,
		};

		trace_page_pinner_unmark(&unmark);
	}
	page_ext_put(page_ext);
}

/* === Refcount operations ================================================== */

/* Expected references, or -1 where there is no rule for this kind of page. */
int page_pinner_expected(struct folio *folio)
{
	if (page_has_type(&folio->page) && !folio_test_hugetlb(folio))
		return -1;
	if (__folio_test_movable(folio))
		return -1;
	return folio_expected_ref_count(folio);
}

/* Raw: may be read of a folio that somebody else is freeing. */
static int page_pinner_raw_mapcount(struct page *page, unsigned int order)
{
	struct folio *folio = (struct folio *)page;

	return atomic_read(order ? &folio->_large_mapcount : &page->_mapcount);
}

/*
 * Without a reference the page may change under us: then this is garbage, but
 * a number that can be shifted by, and the caller looks again.
 */
static unsigned int page_pinner_order(struct page *page)
{
	return min_t(unsigned int, compound_order(page), BITS_PER_LONG / 2 - 1);
}

/*
 * Is @page marked or watched?  If so, note what must be known before the
 * operation and stay in the RCU section until page_pinner_op_end().
 */
static bool page_pinner_op_begin(struct page *page, struct page_pinner_op *op)
{
	struct page_ext *page_ext = page_ext_get(page);

	if (!page_ext)
		return false;

	op->pfn = page_to_pfn(page);
	op->mark = page_pinner_mark_of(page_ext, op->pfn);
	if (op->mark) {
		op->id = op->mark->id;
		op->reason = op->mark->reason;
		/* a slot given up meanwhile: its PFN changed before the rest */
		smp_rmb();
		if (READ_ONCE(op->mark->pfn) != op->pfn)
			op->mark = NULL;
	}
	if (!op->mark && !page_pinner_watched(op->pfn, page_pinner_order(page))) {
		page_ext_put(page_ext);
		return false;
	}
	op->page_ext = page_ext;
	if (!op->mark) {
		op->id = 0;
		op->reason = PAGE_PINNER_WATCH;
	}
	return true;
}

/* To be called while a reference is held. */
static void page_pinner_op_sample(struct page *page, struct page_pinner_op *op)
{
	struct folio *folio = (struct folio *)page;

	op->order = page_pinner_order(page);
	op->mapcount = page_pinner_raw_mapcount(page, op->order);
	op->mapping = (unsigned long)READ_ONCE(page->mapping);
	op->expected = op->mark && !PageTail(page) ?
		       page_pinner_expected(folio) : -1;
}

/*
 * A put left @count references: are those all expected?  The folio may be
 * gone by now.  If it was unmapped or truncated since the sample was taken,
 * the sample is stale, and the put that belongs to that change will tell.
 */
static bool page_pinner_op_settles(struct page *page, struct page_pinner_op *op,
				   int count)
{
	return op->expected >= 0 && count > 0 && count <= op->expected &&
	       page_pinner_raw_mapcount(page, op->order) == op->mapcount &&
	       (unsigned long)READ_ONCE(page->mapping) == op->mapping;
}

static void page_pinner_op_end(struct page *page, struct page_pinner_op *op,
			       int delta, int count)
{
	bool settles = delta < 0 && page_pinner_op_settles(page, op, count);

	if (page_pinner_may_log(op, count, settles)) {
		struct page_pinner_ref ref = {
			.pfn = op->pfn,
			.id = op->id,
			.refcount = count,
			.delta = delta,
			.order = op->order,
			.reason = op->reason,
		};

		page_pinner_count(PAGE_PINNER_STAT_LOGGED);
		if (delta < 0)
			trace_page_pinner_put(&ref);
		else
			trace_page_pinner_get(&ref);
		/* Last: what an unmark has counted was written before it. */
		smp_mb__before_atomic();
		if (op->mark && READ_ONCE(op->mark->id) == op->id)
			atomic_inc(&op->mark->logged);
	} else {
		if (op->mark)
			atomic_inc(&op->mark->dropped);
		page_pinner_count(PAGE_PINNER_STAT_DROPPED);
	}
	if (settles)
		page_pinner_mark_end(op->page_ext, op->mark, count, op->order,
				     PAGE_PINNER_SETTLED);
	page_ext_put(op->page_ext);
}

/*
 * Each operation in two parts: the exported one, which for all but a few
 * folios is over after two or three loads and needs no stack frame, and the
 * one for folios that may be marked.
 */

static noinline int page_pinner_mod(struct page *page, int delta)
{
	struct page_pinner_op op;
	int count;

	if (!page_pinner_op_begin(page, &op))
		return atomic_add_return(delta, &page->_refcount);
	page_pinner_op_sample(page, &op);
	count = atomic_add_return(delta, &page->_refcount);
	page_pinner_op_end(page, &op, delta, count);
	return count;
}

/**
 * __page_pinner_mod - change the refcount of a page, and log it if marked
 * @page: which
 * @delta: how much
 *
 * Context: any, NMI included.
 * Return: the count after the operation.
 */
int __page_pinner_mod(struct page *page, int delta)
{
	if (likely(!page_pinner_maybe(page)))
		return atomic_add_return(delta, &page->_refcount);
	return page_pinner_mod(page, delta);
}
EXPORT_SYMBOL(__page_pinner_mod);

static noinline bool page_pinner_add_unless(struct page *page, int nr, int u)
{
	struct page_pinner_op op;
	int old;

	if (!page_pinner_op_begin(page, &op))
		return atomic_add_unless(&page->_refcount, nr, u);
	old = atomic_fetch_add_unless(&page->_refcount, nr, u);
	if (old == u) {
		page_ext_put(op.page_ext);
		return false;
	}
	page_pinner_op_sample(page, &op);
	page_pinner_op_end(page, &op, nr, old + nr);
	return true;
}

/**
 * __page_pinner_add_unless - add references unless there are @u
 * @page: which; the caller holds no reference
 * @nr: how many to add
 * @u: count at which to fail, mostly 0
 *
 * Only success is logged: a failed attempt changes nothing.
 *
 * Context: any, NMI included.
 * Return: true if the references were added.
 */
bool __page_pinner_add_unless(struct page *page, int nr, int u)
{
	if (likely(!page_pinner_maybe(page)))
		return atomic_add_unless(&page->_refcount, nr, u);
	return page_pinner_add_unless(page, nr, u);
}
EXPORT_SYMBOL(__page_pinner_add_unless);

static noinline bool page_pinner_freeze(struct page *page, int count)
{
	struct page_pinner_op op;

	if (!page_pinner_op_begin(page, &op))
		return atomic_cmpxchg(&page->_refcount, count, 0) == count;
	page_pinner_op_sample(page, &op);
	if (atomic_cmpxchg(&page->_refcount, count, 0) != count) {
		page_ext_put(op.page_ext);
		return false;
	}
	page_pinner_op_end(page, &op, -count, 0);
	return true;
}

/**
 * __page_pinner_freeze - take the refcount from @count to 0
 * @page: which
 * @count: references that must be there, all of them the caller's to freeze
 *
 * Context: any.
 * Return: true if it was frozen; only that is logged.
 */
bool __page_pinner_freeze(struct page *page, int count)
{
	if (likely(!page_pinner_maybe(page)))
		return atomic_cmpxchg(&page->_refcount, count, 0) == count;
	return page_pinner_freeze(page, count);
}
EXPORT_SYMBOL(__page_pinner_freeze);

static noinline void page_pinner_set(struct page *page, int count)
{
	struct page_pinner_op op;
	int old;

	if (!page_pinner_op_begin(page, &op)) {
		atomic_set_release(&page->_refcount, count);
		return;
	}
	old = page_ref_count(page);
	page_pinner_op_sample(page, &op);
	atomic_set_release(&page->_refcount, count);
	if (old != count)
		page_pinner_op_end(page, &op, count - old, count);
	else
		page_ext_put(op.page_ext);
}

/**
 * __page_pinner_set - set the refcount of a page that nobody else can change
 * @page: frozen, being allocated, or being freed
 * @count: to set
 * @release: order earlier stores before it, as unfreezing must
 *
 * Context: any.
 */
void __page_pinner_set(struct page *page, int count, bool release)
{
	if (unlikely(page_pinner_maybe(page)))
		page_pinner_set(page, count);
	else if (release)
		atomic_set_release(&page->_refcount, count);
	else
		atomic_set(&page->_refcount, count);
}
EXPORT_SYMBOL(__page_pinner_set);

/* === Listeners ============================================================ */

/* End the marks of @start..@end - 1; page_ext must still be there. */
void page_pinner_clear(unsigned long start, unsigned long end)
{
	unsigned long slot;

	if (!page_pinner_marks)
		return;
	for_each_set_bit(slot, page_pinner_slots, PAGE_PINNER_SLOTS) {
		unsigned long pfn = READ_ONCE(page_pinner_marks[slot].pfn);
		struct page_ext *page_ext;
		struct page *page;

		if (pfn < start || pfn >= end || !pfn_valid(pfn))
			continue;
		page = pfn_to_page(pfn);
		page_ext = page_ext_get(page);
		if (page_ext) {
			page_pinner_mark_end(page_ext, &page_pinner_marks[slot],
					     page_ref_count(page),
					     page_pinner_order(page),
					     PAGE_PINNER_CLEARED);
			page_ext_put(page_ext);
		}
		cond_resched();
	}
}

int page_pinner_marked(void)
{
	return atomic_read(&page_pinner_nr_marked);
}

static int page_pinner_alloc(void)
{
	if (page_pinner_marks)
		return 0;
	page_pinner_slots = bitmap_zalloc(PAGE_PINNER_SLOTS, GFP_KERNEL);
	if (!page_pinner_slots)
		return -ENOMEM;
	page_pinner_filter = vcalloc(PAGE_PINNER_FILTER, sizeof(*page_pinner_filter));
	if (!page_pinner_filter)
		goto no_filter;
	page_pinner_marks = vcalloc(PAGE_PINNER_SLOTS, sizeof(*page_pinner_marks));
	if (!page_pinner_marks)
		goto no_marks;
	return 0;

no_marks:
	vfree(page_pinner_filter);
	page_pinner_filter = NULL;
no_filter:
	bitmap_free(page_pinner_slots);
	page_pinner_slots = NULL;
	return -ENOMEM;
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
	err = page_pinner_alloc();
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
	page_pinner_debugfs_init();
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
