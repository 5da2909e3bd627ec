// SPDX-License-Identifier: GPL-2.0
/*
 * The refcount operations of page_pinner: each does what the operation of
 * <linux/page_ref.h> would have done, and logs it if the folio is marked or
 * watched.  mm/page_pinner.c tells the rest.
 */

#include <linux/mm.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/sched/clock.h>
#include <trace/events/page_pinner.h>

#include "page_pinner.h"

/* === Samples ============================================================== */

static bool page_pinner_in_swapcache(unsigned long flags)
{
	const unsigned long both = BIT(PG_swapbacked) | BIT(PG_swapcache);

	return IS_ENABLED(CONFIG_SWAP) && (flags & both) == both;
}

/*
 * References that are accounted for.  What folio_expected_ref_count() says,
 * but from values that were read once: that one asks for the type again after
 * its caller did, and warns, which it must not for a speculative reference to
 * a page that is just becoming a slab.
 *
 * And one more of pages that are reserved, for good, such as those of the vDSO,
 * which are mapped: that one is the kernel's own, from the beginning.
 */
static int page_pinner_rule(const struct page_pinner_sample *sample)
{
	int nr = 1 << sample->order;
	int expected = sample->mapcount;

	if (page_pinner_in_swapcache(sample->flags))
		expected += nr;
	if (!(sample->mapping & PAGE_MAPPING_ANON)) {
		if (sample->mapping)
			expected += nr;
		else if (sample->flags & BIT(PG_reserved))
			expected++;
		if (sample->flags & BIT(PG_private))
			expected++;
	}
	return expected;
}

/*
 * Look at @page, on which there need not be a reference: each word is read
 * once, nothing is followed, nothing can warn.  Without a reference the result
 * may be of a page that never was, but no number in it does harm.
 */
void page_pinner_sample(const struct page *page, struct page_pinner_sample *sample)
{
	const struct folio *folio = container_of(page, struct folio, page);
	unsigned long flags = READ_ONCE(page->flags);
	unsigned long mapping = (unsigned long)READ_ONCE(page->mapping);
	bool tail = READ_ONCE(page->compound_head) & 1;
	int type = atomic_read(&page->_mapcount);	/* or a mapcount - 1 */
	bool typed = page_type_has_type(type);
	bool movable_ops = (mapping & PAGE_MAPPING_FLAGS) == PAGE_MAPPING_MOVABLE;

	sample->flags = flags & PAGEFLAGS_MASK;
	sample->mapping = mapping;
	sample->order = 0;
	sample->hugetlb = typed && (unsigned int)type >> 24 == PGTY_hugetlb;
	sample->mapcount = typed ? 0 : type + 1;
	if (!tail && flags & BIT(PG_head)) {
		sample->order = min_t(unsigned int, READ_ONCE(folio->_flags_1) & 0xff,
				      PAGE_PINNER_MAX_ORDER);
		if (!typed || sample->hugetlb)
			sample->mapcount = atomic_read(&folio->_large_mapcount) + 1;
	}

	if (tail || movable_ops || (typed && !sample->hugetlb)) {
		sample->expected = -1;
		sample->user = false;
	} else {
		sample->expected = page_pinner_rule(sample);
		sample->user = sample->hugetlb ||
			       (!(flags & BIT(PG_reserved)) &&
				(mapping || sample->mapcount > 0));
	}
}

/* Is @expected of both made of the same? */
static bool page_pinner_same(const struct page_pinner_sample *a,
			     const struct page_pinner_sample *b)
{
	const unsigned long flags = BIT(PG_swapbacked) | BIT(PG_swapcache) |
				    BIT(PG_private) | BIT(PG_locked) | BIT(PG_head) |
				    BIT(PG_reserved);

	return a->mapcount == b->mapcount && a->mapping == b->mapping &&
	       a->order == b->order && !((a->flags ^ b->flags) & flags);
}

/*
 * @count references were left after @sample was taken: are all of them
 * expected, the @own ones of the caller included?  The folio may be gone.
 *
 * A cache, private data or a mapping that is being given up leaves @expected
 * first, and its put comes later; of a sample from before, @expected is too
 * large.  Those who add to it take the reference first, but for faults that
 * map around: they hold the folio lock, as do those who work on caches and
 * private data.  So nothing may have changed and the lock must be free.  If
 * that is not so, another put will tell.
 */
bool page_pinner_settled(struct page *page, const struct page_pinner_sample *sample,
			 int own, int count)
{
	struct page_pinner_sample now;

	if (sample->expected < 0 || count <= 0 || count > sample->expected + own ||
	    sample->flags & BIT(PG_locked))
		return false;
	page_pinner_sample(page, &now);
	return page_pinner_same(sample, &now) && page_ref_count(page) == count;
}

/* === One operation ======================================================== */

/* State of one diverted refcount operation, between begin and end. */
struct page_pinner_op {
	struct page_ext *page_ext;	/* RCU is held through it */
	struct page_pinner_found found;	/* no mark: only watched */
	struct page_pinner_sample sample;
	unsigned long pfn;
	u64 start_ns;			/* not after the operation */
	u32 seq;
};

/*
 * Is @page marked or watched?  If so, stay in the RCU section until
 * page_pinner_op_end() or page_pinner_op_drop().
 */
static bool page_pinner_op_begin(struct page *page, struct page_pinner_op *op)
{
	struct page_ext *page_ext;

	if (page_pinner_blind())
		return false;
	page_ext = page_ext_get(page);
	if (!page_ext)
		return false;

	op->pfn = page_to_pfn(page);
	op->seq = 0;
	if (!page_pinner_mark_find(page_ext, &op->found)) {
		page_pinner_sample(page, &op->sample);
		if (!page_pinner_watched(page, op->sample.order)) {
			page_ext_put(page_ext);
			return false;
		}
		op->found.reason = PAGE_PINNER_WATCH;
	}
	op->page_ext = page_ext;
	op->start_ns = local_clock();
	page_pinner_point(PAGE_PINNER_POINT_FOUND);
	return true;
}

static void page_pinner_op_drop(struct page_pinner_op *op)
{
	page_ext_put(op->page_ext);
}

/*
 * Take a number under the mark.  Before an operation that cannot fail: by the
 * time a put is done, others may have dropped the rest and ended the mark.
 */
static void page_pinner_op_number(struct page_pinner_op *op)
{
	if (op->found.mark)
		op->seq = page_pinner_tick(&op->found.mark->seq, op->found.id);
}

/* To be called while a reference is held: before a put, after a get. */
static void page_pinner_op_sample(struct page *page, struct page_pinner_op *op)
{
	page_pinner_sample(page, &op->sample);
	page_pinner_point(PAGE_PINNER_POINT_SAMPLED);
}

/* Write an event of a folio that is marked, or watched: then @mark is NULL. */
void page_pinner_ref_write(struct page_pinner_ref *ref, struct page_pinner_mark *mark)
{
	if (mark)
		ref->skipped = page_pinner_ticks(&mark->skipped);
	page_pinner_count(PAGE_PINNER_STAT_LOGGED);
	if (ref->delta < 0)
		trace_page_pinner_put(ref);
	else
		trace_page_pinner_get(ref);
	/* Last, and fully ordered: what an unmark has counted was written before it. */
	if (mark)
		page_pinner_tick(&mark->logged, ref->id);
}

static void page_pinner_op_log(struct page_pinner_op *op, int delta, int count, bool settles)
{
	struct page_pinner_mark *mark = op->found.mark;
	struct page_pinner_ref ref = {
		.pfn = op->pfn,
		.flags = op->sample.flags,
		.id = op->found.id,
		.refcount = count,
		.delta = delta,
		.expected = op->sample.expected,
		.mapcount = op->sample.mapcount,
		.seq = op->seq,
		.order = op->sample.order,
		.reason = op->found.reason,
		.ctx = page_pinner_ctx(),
	};
	bool may;

	/* the end of what was unexpected, and what comes nearer to it, is never missing */
	if (mark)
		may = page_pinner_budget_marked(&ref, mark,
						page_pinner_is_new_low(&op->found, count) ||
						settles);
	else
		may = page_pinner_budget_watched(op->pfn, ref.ctx);
	if (may) {
		page_pinner_ref_write(&ref, mark);
		return;
	}
	page_pinner_count(PAGE_PINNER_STAT_DROPPED);
	if (mark)
		page_pinner_tick(&mark->dropped, op->found.id);
}

static void page_pinner_op_end(struct page *page, struct page_pinner_op *op,
			       int delta, int count)
{
	bool settles = delta < 0 && op->found.mark &&
		       page_pinner_settled(page, &op->sample, 0, count);

	page_pinner_point(PAGE_PINNER_POINT_DONE);
	/* an event that nobody enabled is not logged, nor is it missed */
	if (delta < 0 ? trace_page_pinner_put_enabled() : trace_page_pinner_get_enabled())
		page_pinner_op_log(op, delta, count, settles);
	if (settles)
		page_pinner_mark_end(op->page_ext, &op->found, &op->sample, count,
				     PAGE_PINNER_SETTLED);
	page_ext_put(op->page_ext);
}

/* === Operations =========================================================== */

/*
 * Each in two parts: the exported one, which for all but a few folios is over
 * after two or three loads and needs no stack frame, and the one for folios
 * that may be marked.
 */

static noinline int page_pinner_mod(struct page *page, int delta)
{
	struct page_pinner_op op;
	int count;

	if (!page_pinner_op_begin(page, &op))
		return atomic_add_return(delta, &page->_refcount);
	page_pinner_op_number(&op);
	if (delta < 0)
		page_pinner_op_sample(page, &op);
	count = atomic_add_return(delta, &page->_refcount);
	if (delta >= 0)
		page_pinner_op_sample(page, &op);
	page_pinner_holders_account(page, &op.sample, delta, count, op.start_ns);
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
		page_pinner_op_drop(&op);
		return false;
	}
	page_pinner_op_number(&op);
	page_pinner_op_sample(page, &op);
	page_pinner_holders_account(page, &op.sample, nr, old + nr, op.start_ns);
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
		page_pinner_op_drop(&op);
		return false;
	}
	page_pinner_op_number(&op);
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

/* With release semantics, for either kind of caller. */
static noinline void page_pinner_set(struct page *page, int count, bool taken)
{
	int old = page_ref_count(page);
	struct page_pinner_op op;

	if (old == count || !page_pinner_op_begin(page, &op)) {
		atomic_set_release(&page->_refcount, count);
		return;
	}
	page_pinner_op_number(&op);
	if (count < old)
		page_pinner_op_sample(page, &op);
	atomic_set_release(&page->_refcount, count);
	if (count > old)
		page_pinner_op_sample(page, &op);
	/*
	 * A new page begins with references that somebody took: who leaks it has
	 * no other get.  Only where memory is to stay movable, or the kernel's own
	 * pages, which stay, would soon have all entries; and not what alloc_contig
	 * takes as a whole, whose pageblocks are isolated.
	 */
	if (taken && !old && page_pinner_stays_movable(page))
		page_pinner_holders_account(page, &op.sample, count, count, op.start_ns);
	page_pinner_op_end(page, &op, count - old, count);
}

/**
 * __page_pinner_unfreeze - give a frozen page its references back
 * @page: which
 * @count: to set; orders earlier stores before it
 *
 * Context: any.
 */
void __page_pinner_unfreeze(struct page *page, int count)
{
	if (unlikely(page_pinner_maybe(page)))
		page_pinner_set(page, count, false);
	else
		atomic_set_release(&page->_refcount, count);
}
EXPORT_SYMBOL(__page_pinner_unfreeze);

/**
 * __page_pinner_set - set the refcount of a page that nobody else can change
 * @page: being allocated, or being freed
 * @count: to set
 *
 * Context: any.
 */
void __page_pinner_set(struct page *page, int count)
{
	if (unlikely(page_pinner_maybe(page)))
		page_pinner_set(page, count, true);
	else
		atomic_set(&page->_refcount, count);
}
EXPORT_SYMBOL(__page_pinner_set);

/* === Free ================================================================= */

void __page_pinner_free(struct page *page, unsigned int order)
{
	struct page_pinner_sample sample;
	struct page_pinner_found found;
	struct page_ext *page_ext;
	unsigned long pfn;

	if (!page_pinner_maybe(page) || page_pinner_blind())
		return;
	page_ext = page_ext_get(page);
	if (!page_ext)
		return;
	pfn = page_to_pfn(page);
	page_pinner_sample(page, &sample);
	sample.order = order;
	if (page_pinner_mark_find(page_ext, &found))
		page_pinner_mark_end(page_ext, &found, &sample, page_ref_count(page),
				     PAGE_PINNER_FREED);
	else if (page_pinner_watched(page, order))
		page_pinner_unmark_watched(pfn, &sample, page_ref_count(page));
	page_pinner_holders_settle(pfn, U64_MAX);
	page_ext_put(page_ext);
}
