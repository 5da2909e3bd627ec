// SPDX-License-Identifier: GPL-2.0
/*
 * The marks of page_pinner: where they are kept, how they begin and end.  The
 * notes on locking in mm/page_pinner.c are about this file first of all.
 */

#include <linux/bitmap.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/sched/clock.h>
#include <linux/vmalloc.h>
#include <trace/events/page_pinner.h>

#include "page_pinner.h"

/* === Data ================================================================= */

/* Size of the table of marks, twice what is ever used; slot 0 never is. */
#define PAGE_PINNER_SLOT_BITS	15
#define PAGE_PINNER_SLOTS	BIT(PAGE_PINNER_SLOT_BITS)

static_assert(PAGE_PINNER_SLOTS >= 2 * PAGE_PINNER_MAX_MARKED);

static struct page_pinner_mark *page_pinner_marks __read_mostly;
static unsigned long *page_pinner_slots __read_mostly;
static atomic_t page_pinner_next_slot = ATOMIC_INIT(0);
static atomic_t page_pinner_next_id = ATOMIC_INIT(0);
static atomic_t page_pinner_nr_marked = ATOMIC_INIT(0);

#ifdef CONFIG_PAGE_PINNER_KUNIT_TEST
void (*page_pinner_interleave)(enum page_pinner_point point);
#endif

/* === Words and counters =================================================== */

static struct page_pinner_ext *page_pinner_ext(struct page_ext *page_ext)
{
	return page_ext_data(page_ext, &page_pinner_ops);
}

/* The word of page_ext; of the id as much as fits in. */
static unsigned long page_pinner_word(const struct page_pinner_mark *mark, u32 id)
{
	return (unsigned long)(mark - page_pinner_marks) |
	       (unsigned long)id << PAGE_PINNER_SLOT_BITS;
}

static s64 page_pinner_tagged(u32 id, u32 value)
{
	return (u64)id << 32 | value;
}

static u32 page_pinner_tag(s64 tagged)
{
	return (u64)tagged >> 32;
}

/*
 * Count one more in a counter of the mark @id.  Returns the new number, or 0
 * where the mark has ended, and its slot may have a new owner.
 */
u32 page_pinner_tick(atomic64_t *counter, u32 id)
{
	s64 old = atomic64_read(counter);

	do {
		if (page_pinner_tag(old) != id || (u32)old == U32_MAX)
			return 0;
	} while (!atomic64_try_cmpxchg(counter, &old, old + 1));
	return (u32)old + 1;
}

/* Add @n to a counter of the mark @id, unless the mark has ended. */
bool page_pinner_tally(atomic64_t *counter, u32 id, int n)
{
	s64 old = atomic64_read(counter);

	do {
		if (page_pinner_tag(old) != id)
			return false;
	} while (!atomic64_try_cmpxchg(counter, &old, page_pinner_tagged(id, (u32)old + n)));
	return true;
}

/* Is @count lower than any that the mark has seen?  From now on it is not. */
bool page_pinner_is_new_low(const struct page_pinner_found *found, int count)
{
	atomic64_t *low = &found->mark->low;
	s64 old = atomic64_read(low);

	do {
		if (page_pinner_tag(old) != found->id || count >= (s32)old)
			return false;
	} while (!atomic64_try_cmpxchg(low, &old, page_pinner_tagged(found->id, count)));
	return true;
}

/* Count a failure under the mark.  Returns how many there were before it. */
u32 page_pinner_repeat(const struct page_pinner_found *found, u8 reason)
{
	u32 *repeats = &found->mark->repeats[reason];
	u32 nr = READ_ONCE(*repeats);

	/*
	 * Failures that race may get one number, and one that overlaps the end
	 * of the mark may count for the slot's next owner: either costs or
	 * spares an event that tells of a repetition.
	 */
	WRITE_ONCE(*repeats, nr + 1);
	return nr;
}

/* === Slots ================================================================ */

static unsigned long page_pinner_slot_find(unsigned long start)
{
	unsigned long slot;

	/* others set and clear bits meanwhile: the taker tests and sets his */
	slot = data_race(find_next_zero_bit(page_pinner_slots, PAGE_PINNER_SLOTS, start));
	if (slot >= PAGE_PINNER_SLOTS)
		/* likewise */
		slot = data_race(find_next_zero_bit(page_pinner_slots, PAGE_PINNER_SLOTS, 1));
	return slot;
}

static unsigned long page_pinner_slot_claim(void)
{
	unsigned long slot;
	int i;

	if (atomic_inc_return(&page_pinner_nr_marked) >
	    READ_ONCE(page_pinner_ctl.max_marked))
		goto full;

	/*
	 * At most half of the slots are taken, wherever they are: a try fails
	 * only if another CPU took that very slot.  In turn, so that a slot
	 * rests before it is used again.
	 */
	for (i = 0; i < 1000; i++) {
		slot = (u32)atomic_inc_return(&page_pinner_next_slot) %
			PAGE_PINNER_SLOTS;
		slot = page_pinner_slot_find(max(slot, 1UL));
		if (slot < PAGE_PINNER_SLOTS &&
		    !test_and_set_bit(slot, page_pinner_slots))
			return slot;
	}
full:
	atomic_dec(&page_pinner_nr_marked);
	page_pinner_count(PAGE_PINNER_STAT_REFUSED);
	return 0;
}

static void page_pinner_slot_free(unsigned long slot)
{
	/* the last access of this owner; pairs with test_and_set_bit() above */
	smp_mb__before_atomic();
	clear_bit(slot, page_pinner_slots);
	atomic_dec(&page_pinner_nr_marked);
}

static void page_pinner_slot_release(struct page_pinner_mark *mark)
{
	unsigned long slot = mark - page_pinner_marks;

	page_pinner_gate_del(pfn_to_page(mark->pfn));
	page_pinner_slot_free(slot);
}

/* The id of the newest mark. */
u32 page_pinner_last_id(void)
{
	return atomic_read(&page_pinner_next_id);
}

static u32 page_pinner_new_id(void)
{
	u32 id;

	do {
		id = atomic_inc_return(&page_pinner_next_id);
	} while (!id);
	return id;
}

static void page_pinner_slot_fill(struct page_pinner_mark *mark, struct folio *folio,
				  u32 id, u8 reason)
{
	int i;

	WRITE_ONCE(mark->pfn, folio_pfn(folio));
	WRITE_ONCE(mark->start_ns, local_clock());
	WRITE_ONCE(mark->reason, reason);
	for (i = 0; i < NR_PAGE_PINNER_REASONS; i++)
		WRITE_ONCE(mark->repeats[i], 0);
	atomic64_set(&mark->logged, page_pinner_tagged(id, 0));
	atomic64_set(&mark->dropped, page_pinner_tagged(id, 0));
	atomic64_set(&mark->skipped, page_pinner_tagged(id, 0));
	atomic64_set(&mark->low, page_pinner_tagged(id, folio_ref_count(folio)));
	/*
	 * Opens it; pairs with atomic64_read_acquire() in page_pinner_mark_find().
	 * What comes before the operations are diverted has no numbers: then
	 * one is left out, so that it is seen that something is not known.
	 */
	atomic64_set_release(&mark->seq,
			     page_pinner_tagged(id, !READ_ONCE(page_pinner_ref_on)));
}

/* === Begin and end ======================================================== */

/*
 * The flag in page_ext->flags follows our word, for those who look from
 * outside.  Others write its word too, page_owner without atomic operations:
 * the flag may be wrong for a while or be lost, and nothing of ours reads it.
 */
static void page_pinner_flag_follow(struct page_ext *page_ext)
{
	unsigned long *word = &page_pinner_ext(page_ext)->word;
	bool marked;
	int i;

	/* once more if a mark began or ended on another CPU meanwhile */
	for (i = 0; i < 3; i++) {
		marked = READ_ONCE(*word);
		assign_bit(PAGE_EXT_PINNER, &page_ext->flags, marked);
		/* whoever changes the word after our look sets the flag after us */
		smp_mb__after_atomic();
		if (marked == !!READ_ONCE(*word))
			break;
	}
}

/* The mark of a page.  RCU is held through @page_ext. */
bool page_pinner_mark_find(struct page_ext *page_ext, struct page_pinner_found *found)
{
	struct page_pinner_mark *mark;
	unsigned long word;
	u32 id;

	found->mark = NULL;
	found->id = 0;
	word = READ_ONCE(page_pinner_ext(page_ext)->word);
	if (!word)
		return false;
	mark = &page_pinner_marks[word % PAGE_PINNER_SLOTS];
	/* pairs with atomic64_set_release() in page_pinner_slot_fill() */
	id = page_pinner_tag(atomic64_read_acquire(&mark->seq));
	if (!id || page_pinner_word(mark, id) != word)
		return false;
	found->reason = READ_ONCE(mark->reason);
	/* the slot was given up before another reason was written */
	smp_rmb();
	if (page_pinner_tag(atomic64_read(&mark->seq)) != id)
		return false;
	found->mark = mark;
	found->word = word;
	found->id = id;
	return true;
}

/*
 * Mark @folio, on which the caller holds a reference, or find its mark.
 * Returns false where there is no budget, or nobody listens any more.
 */
bool page_pinner_mark_set(struct page_ext *page_ext, struct folio *folio, u8 reason,
			  struct page_pinner_found *found, bool *new)
{
	unsigned long *word = &page_pinner_ext(page_ext)->word;
	struct page_pinner_mark *mark;
	unsigned long slot;

	*new = false;
	if (page_pinner_mark_find(page_ext, found))
		return true;
	/* inside the RCU section of @page_ext: page_pinner_unreg() waits before it clears */
	if (!READ_ONCE(page_pinner_listeners))
		return false;
	slot = page_pinner_slot_claim();
	if (!slot)
		return false;

	mark = &page_pinner_marks[slot];
	found->mark = mark;
	found->id = page_pinner_new_id();
	found->word = page_pinner_word(mark, found->id);
	found->reason = reason;
	/* before the mark is there: it may not be overlooked later */
	if (!page_pinner_gate_add(&folio->page)) {
		page_pinner_slot_free(slot);
		page_pinner_count(PAGE_PINNER_STAT_REFUSED);
		return false;
	}
	page_pinner_slot_fill(mark, folio, found->id, reason);

	/* publishes the mark; pairs with READ_ONCE() in page_pinner_mark_find() */
	if (cmpxchg(word, 0, found->word)) {
		atomic64_set(&mark->seq, 0);
		page_pinner_slot_release(mark);
		/* another failure was faster; its mark may have ended since */
		return page_pinner_mark_find(page_ext, found);
	}
	page_pinner_flag_follow(page_ext);
	page_pinner_count(PAGE_PINNER_STAT_MARKED);
	page_pinner_ref_demand();
	*new = true;
	return true;
}

static void page_pinner_unmark_fill(struct page_pinner_unmark *unmark,
				    const struct page_pinner_sample *sample)
{
	unmark->flags = sample->flags;
	unmark->expected = sample->expected;
	unmark->mapcount = sample->mapcount;
	unmark->order = sample->order;
	unmark->ctx = page_pinner_ctx();
}

/* End the mark that was found, unless somebody else does or has done. */
void page_pinner_mark_end(struct page_ext *page_ext, const struct page_pinner_found *found,
			  const struct page_pinner_sample *sample, int refcount, u8 why)
{
	struct page_pinner_mark *mark = found->mark;
	struct page_pinner_unmark unmark = {
		.id = found->id,
		.refcount = refcount,
		.reason = found->reason,
		.why = why,
	};

	if (cmpxchg(&page_pinner_ext(page_ext)->word, found->word, 0) != found->word)
		return;
	page_pinner_point(PAGE_PINNER_POINT_ENDED);
	page_pinner_flag_follow(page_ext);

	page_pinner_unmark_fill(&unmark, sample);
	/* closes it: whoever comes later finds another id, and gets no number */
	unmark.seq = (u32)atomic64_xchg(&mark->seq, 0) + 1;
	unmark.pfn = mark->pfn;
	unmark.age_ns = local_clock() - mark->start_ns;
	unmark.logged = page_pinner_ticks(&mark->logged);
	unmark.dropped = page_pinner_ticks(&mark->dropped);
	unmark.skipped = page_pinner_ticks(&mark->skipped);
	page_pinner_slot_release(mark);
	page_pinner_count(PAGE_PINNER_STAT_FREED + why);
	if (!page_pinner_watched(pfn_to_page(unmark.pfn), sample->order))
		page_pinner_holders_settle(unmark.pfn, U64_MAX);
	trace_page_pinner_unmark(&unmark);
}

/* A folio that was only watched is freed: tells its generations apart. */
void page_pinner_unmark_watched(unsigned long pfn, const struct page_pinner_sample *sample,
				int refcount)
{
	struct page_pinner_unmark unmark = {
		.pfn = pfn,
		.refcount = refcount,
		.reason = PAGE_PINNER_WATCH,
		.why = PAGE_PINNER_FREED,
	};

	page_pinner_unmark_fill(&unmark, sample);
	trace_page_pinner_unmark(&unmark);
}

/* The PFN of the first mark in @slot or behind it, ULONG_MAX if there is none. */
unsigned long page_pinner_mark_next(unsigned long *slot)
{
	unsigned long found;

	/* pairs with smp_store_release() in page_pinner_marks_alloc() */
	if (!smp_load_acquire(&page_pinner_marks))
		return ULONG_MAX;
	/* others set and clear bits meanwhile: they are looked at as they are */
	found = data_race(find_next_bit(page_pinner_slots, PAGE_PINNER_SLOTS, *slot));
	*slot = found;
	return found < PAGE_PINNER_SLOTS ? READ_ONCE(page_pinner_marks[found].pfn) : ULONG_MAX;
}

bool page_pinner_is_marked(const struct page *page)
{
	struct page_ext *page_ext = page_ext_get(page);
	struct page_pinner_found found;
	bool marked;

	if (!page_ext)
		return false;
	marked = page_pinner_mark_find(page_ext, &found);
	page_ext_put(page_ext);
	return marked;
}

/* End the marks of @start..@end - 1; page_ext must still be there. */
void page_pinner_clear(unsigned long start, unsigned long end)
{
	unsigned long slot, pfn;

	for (slot = 0; (pfn = page_pinner_mark_next(&slot)) != ULONG_MAX; slot++) {
		struct page_pinner_sample sample;
		struct page_pinner_found found;
		struct page_ext *page_ext;
		struct page *page;

		if (pfn < start || pfn >= end || !pfn_valid(pfn))
			continue;
		page = pfn_to_page(pfn);
		page_ext = page_ext_get(page);
		if (!page_ext)
			continue;
		if (page_pinner_mark_find(page_ext, &found)) {
			page_pinner_sample(page, &sample);
			page_pinner_mark_end(page_ext, &found, &sample,
					     page_ref_count(page), PAGE_PINNER_CLEARED);
		}
		page_ext_put(page_ext);
		cond_resched();
	}
}

int page_pinner_marked(void)
{
	return atomic_read(&page_pinner_nr_marked);
}

/* Called under page_pinner_key_mutex.  What was allocated stays. */
int page_pinner_marks_alloc(void)
{
	int err = page_pinner_gate_alloc();
	struct page_pinner_mark *marks;

	if (err || page_pinner_marks)
		return err;
	marks = vcalloc(PAGE_PINNER_SLOTS, sizeof(*marks));
	page_pinner_slots = bitmap_zalloc(PAGE_PINNER_SLOTS, GFP_KERNEL);
	if (!marks || !page_pinner_slots) {
		vfree(marks);
		bitmap_free(page_pinner_slots);
		return -ENOMEM;
	}
	/* for debugfs, whose readers no key holds off */
	smp_store_release(&page_pinner_marks, marks);
	return 0;
}
