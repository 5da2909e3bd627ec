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

/**
 * struct page_pinner_mark - particulars of one mark
 * @pfn: of the marked head page; set before the mark is published
 * @start_ns: local_clock() at the failure
 * @id: number of the mark, never 0
 * @low: lowest refcount seen since
 * @logged: get and put events emitted
 * @dropped: get and put events suppressed by the budget
 * @repeats: failures under this mark by reason
 * @reason: of the failure that set the mark
 *
 * @low, @logged and @dropped are updated by concurrent hooks; a lost update
 * of @low costs one event more, the counters are atomic.
 */
struct page_pinner_mark {
	unsigned long pfn;
	u64 start_ns;
	u32 id;
	int low;
	atomic_t logged;
	atomic_t dropped;
	u32 repeats[NR_PAGE_PINNER_REASONS];
	u8 reason;
};

/* State of one diverted refcount operation, between begin and end. */
struct page_pinner_op {
	struct page_ext *page_ext;	/* non-NULL: RCU is held */
	struct page_pinner_mark *mark;	/* NULL: only watched */
	unsigned long pfn;
	unsigned long slot;
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

struct page_pinner_ctl page_pinner_ctl = {
	.max_marked = PAGE_PINNER_MAX_MARKED,
	.max_events = PAGE_PINNER_MAX_EVENTS,
};

DEFINE_PER_CPU(unsigned long [NR_PAGE_PINNER_STATS], page_pinner_stat);

static void page_pinner_count(enum page_pinner_stat_item item)
{
	this_cpu_inc(page_pinner_stat[item]);
}

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

/* Failures that set no mark have no history to bound them: bound the rate. */
#define PAGE_PINNER_UNMARKED_RATE	200

static bool page_pinner_unmarked_may_log(void)
{
	static u32 second;
	static atomic_t count;
	u32 now = jiffies / HZ;

	if (READ_ONCE(second) != now) {
		WRITE_ONCE(second, now);
		atomic_set(&count, 0);
	}
	return atomic_inc_return(&count) <= PAGE_PINNER_UNMARKED_RATE;
}

static bool page_pinner_may_log(struct page_pinner_op *op, int count, bool always)
{
	struct page_pinner_mark *mark = op->mark;

	if (!mark)
		return page_pinner_site_may_log(op->pfn);
	if (count < READ_ONCE(mark->low)) {
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
	if (!buf || kstrtobool(buf, &page_pinner_on)) {
		page_pinner_on = false;
		pr_warn("page_pinner=%s is neither on nor off: stays off\n",
			buf ?: "");
	}
	return 0;
}
early_param("page_pinner", page_pinner_setup);

static struct page_pinner_ext *page_pinner_ext(struct page_ext *page_ext)
{
	return page_ext_data(page_ext, &page_pinner_ops);
}

/* The mark of a page, or NULL.  RCU is held through @page_ext. */
static struct page_pinner_mark *page_pinner_mark_of(struct page_ext *page_ext,
						    unsigned long pfn,
						    unsigned long *slotp)
{
	struct page_pinner_mark *mark;
	unsigned long slot;

	if (!test_bit(PAGE_EXT_PINNER, &page_ext->flags))
		return NULL;
	slot = READ_ONCE(page_pinner_ext(page_ext)->slot);
	if (!slot)
		return NULL;
	mark = &page_pinner_marks[slot];
	*slotp = slot;
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
	WRITE_ONCE(page_pinner_marks[slot].pfn, ULONG_MAX);
	/* pairs with test_and_set_bit() in page_pinner_slot_claim() */
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
static struct page_pinner_mark *page_pinner_mark_set(struct page_ext *page_ext,
						     struct folio *folio,
						     u8 reason, bool *new)
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

/* End the mark in @slot of the page of @page_ext, unless somebody else did. */
static void page_pinner_mark_end(struct page_ext *page_ext, unsigned long slot,
				 int refcount, u8 order, u8 why)
{
	struct page_pinner_mark *mark = &page_pinner_marks[slot];
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
	unsigned long slot;
	bool watched;

	watched = page_pinner_watched(pfn, order);
	if (!watched && !atomic_read(&page_pinner_nr_marked))
		return;
	page_ext = page_ext_get(page);
	if (!page_ext)
		return;
	mark = page_pinner_mark_of(page_ext, pfn, &slot);
	if (mark) {
		page_pinner_mark_end(page_ext, slot, page_ref_count(page),
				     order, PAGE_PINNER_FREED);
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
static int page_pinner_expected(struct folio *folio)
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
static __always_inline bool page_pinner_op_begin(struct page *page,
						 struct page_pinner_op *op)
{
	struct page_ext *page_ext;
	bool watch;

	watch = rcu_access_pointer(page_pinner_ctl.watch);
	if (!watch && !atomic_read(&page_pinner_nr_marked))
		return false;

	page_ext = page_ext_get(page);
	if (!page_ext)
		return false;

	op->pfn = page_to_pfn(page);
	op->mark = page_pinner_mark_of(page_ext, op->pfn, &op->slot);
	if (!op->mark && !(watch && page_pinner_watched(op->pfn,
							page_pinner_order(page)))) {
		page_ext_put(page_ext);
		return false;
	}
	op->page_ext = page_ext;
	op->id = op->mark ? op->mark->id : 0;
	op->reason = op->mark ? op->mark->reason : PAGE_PINNER_WATCH;
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

		if (op->mark)
			atomic_inc(&op->mark->logged);
		page_pinner_count(PAGE_PINNER_STAT_LOGGED);
		if (delta < 0)
			trace_page_pinner_put(&ref);
		else
			trace_page_pinner_get(&ref);
	} else {
		if (op->mark)
			atomic_inc(&op->mark->dropped);
		page_pinner_count(PAGE_PINNER_STAT_DROPPED);
	}
	if (settles)
		page_pinner_mark_end(op->page_ext, op->slot, count, op->order,
				     PAGE_PINNER_SETTLED);
	page_ext_put(op->page_ext);
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
	struct page_pinner_op op;
	int count;

	if (!page_pinner_op_begin(page, &op))
		return atomic_add_return(delta, &page->_refcount);
	page_pinner_op_sample(page, &op);
	count = atomic_add_return(delta, &page->_refcount);
	page_pinner_op_end(page, &op, delta, count);
	return count;
}
EXPORT_SYMBOL(__page_pinner_mod);

/* As atomic_add_unless(), but tells the count that was found. */
static int page_pinner_fetch_add_unless(struct page *page, int nr, int u)
{
	return atomic_fetch_add_unless(&page->_refcount, nr, u);
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
	struct page_pinner_op op;
	int old;

	if (!page_pinner_op_begin(page, &op))
		return atomic_add_unless(&page->_refcount, nr, u);
	old = page_pinner_fetch_add_unless(page, nr, u);
	if (old == u) {
		page_ext_put(op.page_ext);
		return false;
	}
	page_pinner_op_sample(page, &op);
	page_pinner_op_end(page, &op, nr, old + nr);
	return true;
}
EXPORT_SYMBOL(__page_pinner_add_unless);

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
EXPORT_SYMBOL(__page_pinner_freeze);

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
	struct page_pinner_op op;
	int old;

	if (!page_pinner_op_begin(page, &op)) {
		if (release)
			atomic_set_release(&page->_refcount, count);
		else
			atomic_set(&page->_refcount, count);
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
EXPORT_SYMBOL(__page_pinner_set);

/* === Failures ============================================================= */

static bool page_pinner_reason_wanted(u8 reason)
{
	switch (reason) {
	case PAGE_PINNER_ALLOC_CONTIG:
		return trace_page_pinner_fail_alloc_contig_enabled();
	case PAGE_PINNER_COMPACTION:
		return trace_page_pinner_fail_compaction_enabled();
	case PAGE_PINNER_LONGTERM_PIN:
		return trace_page_pinner_fail_longterm_pin_enabled();
	case PAGE_PINNER_MEMORY_HOTPLUG:
		return trace_page_pinner_fail_memory_hotplug_enabled();
	default:
		return trace_page_pinner_fail_migrate_enabled();
	}
}

static void page_pinner_trace_fail(const struct page_pinner_fail *fail)
{
	page_pinner_count(PAGE_PINNER_STAT_FAILED);
	switch (fail->reason) {
	case PAGE_PINNER_ALLOC_CONTIG:
		trace_page_pinner_fail_alloc_contig(fail);
		break;
	case PAGE_PINNER_COMPACTION:
		trace_page_pinner_fail_compaction(fail);
		break;
	case PAGE_PINNER_LONGTERM_PIN:
		trace_page_pinner_fail_longterm_pin(fail);
		break;
	case PAGE_PINNER_MEMORY_HOTPLUG:
		trace_page_pinner_fail_memory_hotplug(fail);
		break;
	default:
		trace_page_pinner_fail_migrate(fail);
		break;
	}
}

/* Of a large folio exact; of a small one what the GUP bias leaves to guess. */
static int page_pinner_pincount(struct folio *folio)
{
	if (folio_has_pincount(folio))
		return atomic_read(&folio->_pincount);
	return max(folio_ref_count(folio), 0) / GUP_PIN_COUNTING_BIAS;
}

static void page_pinner_fill(struct page_pinner_fail *fail, struct folio *folio)
{
	fail->pfn = folio_pfn(folio);
	fail->flags = READ_ONCE(folio->flags) & PAGEFLAGS_MASK;
	fail->mapcount = page_has_type(&folio->page) &&
			 !folio_test_hugetlb(folio) ? 0 : folio_mapcount(folio);
	fail->pincount = page_pinner_pincount(folio);
	fail->nid = folio_nid(folio);
	fail->order = folio_order(folio);
	fail->mt = get_pageblock_migratetype(&folio->page);
}

/* Count one more failure under @mark.  Return: shall it be reported? */
static bool page_pinner_repeat(struct page_pinner_mark *mark,
			       struct page_pinner_fail *fail)
{
	u32 *repeats = &mark->repeats[fail->reason];
	u32 nr = READ_ONCE(*repeats);

	fail->repeats = nr;
	WRITE_ONCE(*repeats, nr + 1);
	return nr == 0 || is_power_of_2(nr);
}

/*
 * Report that @folio failed, and mark it where references are to blame.
 * @fail has reason, kind, refcount and expected filled in; @expected is what
 * would be expected right now, which differs where @fail tells of the past.
 */
static void page_pinner_report(struct folio *folio, struct page_pinner_fail *fail,
			       int expected)
{
	struct page_pinner_mark *mark = NULL;
	struct page_ext *page_ext;
	bool new = false;

	page_pinner_fill(fail, folio);
	if (rcu_access_pointer(page_pinner_ctl.filter) &&
	    !page_pinner_ranges_hit(&page_pinner_ctl.filter, fail->pfn, fail->order))
		return;

	page_ext = page_ext_get(&folio->page);
	if (page_ext && fail->refcount > fail->expected)
		mark = page_pinner_mark_set(page_ext, folio, fail->reason, &new);
	if (mark) {
		/* what the chain of logged counts starts from */
		int count = folio_ref_count(folio);

		if (count > expected && expected == fail->expected)
			fail->refcount = count;
		fail->id = mark->id;
		fail->marked = new ? PAGE_PINNER_MARK_NEW : PAGE_PINNER_MARK_AGAIN;
		if (!page_pinner_repeat(mark, fail))
			page_pinner_count(PAGE_PINNER_STAT_REPEATED);
		else
			page_pinner_trace_fail(fail);
		if (new && count <= expected)
			page_pinner_mark_end(page_ext, mark - page_pinner_marks,
					     count, fail->order,
					     PAGE_PINNER_SETTLED);
	} else {
		if (fail->refcount > fail->expected)
			fail->marked = PAGE_PINNER_MARK_REFUSED;
		if (page_pinner_unmarked_may_log())
			page_pinner_trace_fail(fail);
		else
			page_pinner_count(PAGE_PINNER_STAT_UNMARKED_DROPPED);
	}
	if (page_ext)
		page_ext_put(page_ext);
}

static const u8 page_pinner_reason_of[MR_TYPES] = {
	[MR_COMPACTION]		= PAGE_PINNER_COMPACTION,
	[MR_MEMORY_FAILURE]	= PAGE_PINNER_MEMORY_FAILURE,
	[MR_MEMORY_HOTPLUG]	= PAGE_PINNER_MEMORY_HOTPLUG,
	[MR_SYSCALL]		= PAGE_PINNER_SYSCALL,
	[MR_MEMPOLICY_MBIND]	= PAGE_PINNER_MEMPOLICY_MBIND,
	[MR_NUMA_MISPLACED]	= PAGE_PINNER_NUMA_MISPLACED,
	[MR_CONTIG_RANGE]	= PAGE_PINNER_ALLOC_CONTIG,
	[MR_LONGTERM_PIN]	= PAGE_PINNER_LONGTERM_PIN,
	[MR_DEMOTION]		= PAGE_PINNER_DEMOTION,
	[MR_DAMON]		= PAGE_PINNER_DAMON,
};

/*
 * What kept folios from being migrated in the latest try, by PFN and task.
 * A note may be overwritten by another folio's: then the report says what can
 * still be seen at the end.
 */
#define PAGE_PINNER_NOTE_BITS	8
/* So many tries in a row must find the counts in order to call it a bug. */
#define PAGE_PINNER_NOTE_AGREED	3

struct page_pinner_note {
	unsigned long pfn;	/* written last, read first and again */
	pid_t pid;
	int refcount;
	int expected;
	u8 kind;
	u8 agreed;		/* tries in a row that found counts in order */
};

static struct page_pinner_note page_pinner_notes[1 << PAGE_PINNER_NOTE_BITS];

static struct page_pinner_note *page_pinner_note_of(unsigned long pfn)
{
	return &page_pinner_notes[hash_long(pfn, PAGE_PINNER_NOTE_BITS)];
}

void __page_pinner_try_failed(struct folio *folio, int err, bool locked)
{
	unsigned long pfn = folio_pfn(folio);
	struct page_pinner_note *slot = page_pinner_note_of(pfn);
	struct page_pinner_note note = { .pid = current->pid };
	int expected = page_pinner_expected(folio);

	if (!err || expected < 0)
		return;
	note.refcount = folio_ref_count(folio);
	note.expected = expected + 1;
	if (note.refcount > note.expected)
		note.kind = PAGE_PINNER_EXTRA_REF;
	else if (!locked)
		note.kind = PAGE_PINNER_LOCKED;
	else if (folio_test_writeback(folio))
		note.kind = PAGE_PINNER_WRITEBACK;
	else if (folio_test_private(folio))
		note.kind = PAGE_PINNER_BUFFERS;
	else if (err == -EAGAIN)
		note.kind = PAGE_PINNER_NO_EXTRA_REF;
	else
		note.kind = PAGE_PINNER_UNMOVABLE;

	if (note.kind == PAGE_PINNER_NO_EXTRA_REF) {
		note.agreed = 1;
		if (READ_ONCE(slot->pfn) == pfn && slot->pid == note.pid)
			note.agreed = min(slot->agreed + 1, U8_MAX);
	}
	WRITE_ONCE(slot->pfn, 0);
	smp_wmb();	/* pairs with smp_rmb() in page_pinner_note_take() */
	slot->pid = note.pid;
	slot->refcount = note.refcount;
	slot->expected = note.expected;
	slot->kind = note.kind;
	slot->agreed = note.agreed;
	smp_wmb();	/* likewise */
	WRITE_ONCE(slot->pfn, pfn);
}

/* The note of this task's latest try at @pfn, if there is one; it is used up. */
static bool page_pinner_note_take(unsigned long pfn, struct page_pinner_note *note)
{
	struct page_pinner_note *slot = page_pinner_note_of(pfn);

	if (READ_ONCE(slot->pfn) != pfn)
		return false;
	smp_rmb();	/* pairs with smp_wmb() in __page_pinner_try_failed() */
	*note = *slot;
	smp_rmb();	/* likewise */
	if (READ_ONCE(slot->pfn) != pfn || note->pid != current->pid)
		return false;
	WRITE_ONCE(slot->pfn, 0);
	return true;
}

/* Nothing to be seen now and nothing was noted: what is the likely cause? */
static u8 page_pinner_guess(struct folio *folio, int err)
{
	if (folio_test_locked(folio))
		return PAGE_PINNER_LOCKED;
	if (folio_test_writeback(folio))
		return PAGE_PINNER_WRITEBACK;
	if (err == -ENOMEM)
		return PAGE_PINNER_NO_MEMORY;
	return PAGE_PINNER_BUSY;
}

/*
 * Fill in kind and counts of a folio that migrate_pages() gave up.
 * Return: the references that are expected now.
 */
static int page_pinner_judge(struct folio *folio, int err,
			      struct page_pinner_fail *fail)
{
	int expected = page_pinner_expected(folio);
	struct page_pinner_note note;
	bool noted = page_pinner_note_take(folio_pfn(folio), &note);

	if (expected < 0) {
		fail->expected = fail->refcount;
		fail->kind = PAGE_PINNER_UNMOVABLE;
		return fail->expected;
	}
	fail->expected = ++expected;
	if (fail->refcount > fail->expected) {
		fail->kind = PAGE_PINNER_EXTRA_REF;
	} else if (!noted) {
		fail->kind = page_pinner_guess(folio, err);
	} else {
		fail->kind = note.kind;
		if (note.kind == PAGE_PINNER_NO_EXTRA_REF &&
		    note.agreed < PAGE_PINNER_NOTE_AGREED)
			fail->kind = PAGE_PINNER_BUSY;
		if (note.kind == PAGE_PINNER_EXTRA_REF) {
			fail->refcount = note.refcount;
			fail->expected = note.expected;
		}
	}
	return expected;
}

void __page_pinner_migrate_failed(struct list_head *folios,
				  enum migrate_reason mr, int err)
{
	u8 reason = page_pinner_reason_of[mr] ?: PAGE_PINNER_OTHER;
	struct folio *folio;

	if (!page_pinner_reason_wanted(reason))
		return;

	list_for_each_entry(folio, folios, lru) {
		struct page_pinner_fail fail = { .reason = reason };

		fail.refcount = folio_ref_count(folio);
		/* only our own reference is left: freed when put back */
		if (fail.refcount == 1)
			continue;
		page_pinner_report(folio, &fail, page_pinner_judge(folio, err, &fail));
	}
}

void __page_pinner_isolate_failed(struct folio *folio,
				  enum page_pinner_reason reason, int own)
{
	struct page_pinner_fail fail = { .reason = reason };
	int expected;

	if (!page_pinner_reason_wanted(reason))
		return;
	expected = page_pinner_expected(folio);
	fail.refcount = folio_ref_count(folio);
	fail.expected = expected < 0 ? fail.refcount : expected + own;
	if (expected < 0)
		fail.kind = PAGE_PINNER_UNMOVABLE;
	else if (folio_test_lru(folio) && fail.refcount > fail.expected)
		fail.kind = PAGE_PINNER_EXTRA_REF;
	else
		fail.kind = PAGE_PINNER_NOT_LRU;
	page_pinner_report(folio, &fail, fail.expected);
}

/*
 * A page that user space or the page cache may see, not one of the kernel's.
 * May be asked without a reference.
 */
static bool page_pinner_is_user(const struct page *page)
{
	if (page_has_type(page))
		return PageHuge(page);
	return !PageReserved(page) && !__PageMovable(page) &&
	       (READ_ONCE(page->mapping) || atomic_read(&page->_mapcount) >= 0);
}

void __page_pinner_not_lru(struct page *page, enum page_pinner_reason reason)
{
	struct folio *folio;

	if (!page_pinner_reason_wanted(reason) || PageTail(page) ||
	    !page_pinner_is_user(page))
		return;
	folio = folio_get_nontail_page(page);
	if (!folio)
		return;
	if (page_pinner_is_user(page))
		__page_pinner_isolate_failed(folio, reason, 1);
	folio_put(folio);
}

void __page_pinner_range_busy(unsigned long start, unsigned long end,
			      enum page_pinner_reason reason)
{
	unsigned long pfn = start;
	bool blamed = false;

	if (!page_pinner_reason_wanted(reason))
		return;

	for (; pfn < end; pfn++) {
		struct page_pinner_fail fail = { .reason = reason };
		struct page *page = pfn_to_online_page(pfn);
		struct folio *folio;
		unsigned long next;

		if (!(pfn % 1024))
			cond_resched();
		if (!page || PageBuddy(page))
			continue;
		folio = page_folio(page);
		if (!folio_try_get(folio))
			continue;
		next = folio_pfn(folio) + folio_nr_pages(folio) - 1;
		if (page_folio(page) == folio && page_pinner_is_user(&folio->page)) {
			fail.refcount = folio_ref_count(folio);
			fail.expected = page_pinner_expected(folio) + 1;
			fail.kind = fail.refcount > fail.expected ?
				    PAGE_PINNER_EXTRA_REF : PAGE_PINNER_BUSY;
			/* what was not even tried is in use by right */
			if (fail.kind == PAGE_PINNER_EXTRA_REF) {
				page_pinner_report(folio, &fail, fail.expected);
				blamed = true;
			} else if (!blamed && pfn == start) {
				page_pinner_report(folio, &fail, fail.expected);
			}
			pfn = max(pfn, next);
		}
		folio_put(folio);
	}
}

void __page_pinner_mark(struct folio *folio, int expected)
{
	struct page_pinner_fail fail = {
		.reason = PAGE_PINNER_OTHER,
		.expected = expected,
	};

	if (!page_pinner_reason_wanted(fail.reason))
		return;
	fail.refcount = folio_ref_count(folio);
	fail.kind = fail.refcount > expected ? PAGE_PINNER_EXTRA_REF :
					       PAGE_PINNER_NO_EXTRA_REF;
	page_pinner_report(folio, &fail, fail.expected);
}
EXPORT_SYMBOL(__page_pinner_mark);

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
			page_pinner_mark_end(page_ext, slot, page_ref_count(page),
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
	page_pinner_marks = vcalloc(PAGE_PINNER_SLOTS, sizeof(*page_pinner_marks));
	if (!page_pinner_marks) {
		bitmap_free(page_pinner_slots);
		page_pinner_slots = NULL;
		return -ENOMEM;
	}
	return 0;
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
