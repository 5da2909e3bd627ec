// SPDX-License-Identifier: GPL-2.0
/*
 * The open gets of one folio: which there are, which is meant, and which of
 * them go because what they took is expected by now.  Where they are kept is
 * the business of mm/page_pinner_pool.c; what an operation does to them, of
 * mm/page_pinner_holders.c.
 */

#include <linux/bitops.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/rcupdate.h>
#include <linux/sched/clock.h>

#include "page_pinner.h"

/**
 * page_pinner_recorded - references of a folio that are on record
 * @pfn: of the folio
 * @before_ns: of gets that ended before it, or PAGE_PINNER_EVER
 *
 * Context: any.
 * Return: their number; more than are unexpected where it is ambiguous.
 */
int page_pinner_recorded(unsigned long pfn, u64 before_ns)
{
	unsigned long mine = page_pinner_pool_mine(pfn);
	unsigned int i;
	int refs = 0;

	for_each_set_bit(i, &mine, PAGE_PINNER_WINDOW) {
		const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);

		if (holder && READ_ONCE(holder->start_ns) <= before_ns)
			refs += READ_ONCE(holder->refs);
	}
	return refs;
}

/**
 * page_pinner_close - take references from an open get
 * @pfn: of the folio
 * @i: number of the entry
 * @refs: the most to take; the get is over when all of its own are taken
 *
 * Context: any.
 * Return: how many were taken; 0: it is no longer there, or in other hands.
 */
int page_pinner_close(unsigned long pfn, unsigned int i, int refs)
{
	struct page_pinner_holder *holder = page_pinner_pool_claim(pfn, i);

	if (!holder)
		return 0;
	refs = min(refs, holder->refs);
	WRITE_ONCE(holder->refs, holder->refs - refs);
	if (!holder->refs)
		page_pinner_count(PAGE_PINNER_STAT_GETS_CLOSED);
	page_pinner_pool_release(pfn, i, holder->refs);
	return refs;
}

/**
 * page_pinner_spare - no more than so many references are not on record
 * @pfn: of the folio
 * @spare: what the entries learn that think of more
 *
 * Context: any.
 */
void page_pinner_spare(unsigned long pfn, int spare)
{
	unsigned long mine = page_pinner_pool_mine(pfn);
	unsigned int i;

	for_each_set_bit(i, &mine, PAGE_PINNER_WINDOW) {
		struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);

		/* a new owner of the entry has a better number, and writes it last */
		if (holder && READ_ONCE(holder->spare) > spare)
			WRITE_ONCE(holder->spare, spare);
	}
}

/**
 * page_pinner_accounted - unexpected references that there should be
 * @pfn: of the folio
 * @before_ns: by gets that ended before it, or PAGE_PINNER_EVER
 *
 * Those on record, and those that were without an entry at each of these gets.
 *
 * Context: any.
 * Return: their number.  If fewer are unexpected, the others are gone: given
 * back, or expected by now.
 */
int page_pinner_accounted(unsigned long pfn, u64 before_ns)
{
	unsigned long mine = page_pinner_pool_mine(pfn);
	int refs = 0, spare = INT_MAX;
	unsigned int i;

	for_each_set_bit(i, &mine, PAGE_PINNER_WINDOW) {
		const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);

		if (!holder || READ_ONCE(holder->start_ns) > before_ns)
			continue;
		refs += READ_ONCE(holder->refs);
		spare = min(spare, READ_ONCE(holder->spare));
	}
	return spare == INT_MAX ? 0 : refs + spare;
}

/**
 * page_pinner_holders_settle - forget the open gets of a folio
 * @pfn: of the folio
 * @before_ns: those that are not younger
 *
 * Context: any.
 */
void page_pinner_holders_settle(unsigned long pfn, u64 before_ns)
{
	unsigned long mine = page_pinner_pool_mine(pfn);
	unsigned int i;

	for_each_set_bit(i, &mine, PAGE_PINNER_WINDOW) {
		struct page_pinner_holder *holder = page_pinner_pool_claim(pfn, i);
		bool keep;

		if (!holder)
			continue;
		keep = holder->start_ns > before_ns;
		if (!keep)
			page_pinner_count(PAGE_PINNER_STAT_GETS_CLOSED);
		page_pinner_pool_release(pfn, i, keep);
	}
}

/**
 * page_pinner_find - the newest open get of a folio that is as wanted
 * @pfn: of the folio
 * @want: how
 * @nr: set to the number of those that are
 *
 * Context: any.
 * Return: the number of its entry, or -1.
 */
int page_pinner_find(unsigned long pfn, const struct page_pinner_want *want, int *nr)
{
	unsigned long mine = page_pinner_pool_mine(pfn);
	int found = -1;
	u64 newest = 0;
	unsigned int i;

	*nr = 0;
	for_each_set_bit(i, &mine, PAGE_PINNER_WINDOW) {
		const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);
		u64 start;

		if (!holder || (want->pid && READ_ONCE(holder->pid) != want->pid) ||
		    (want->refs && READ_ONCE(holder->refs) != want->refs) ||
		    (want->origin >= 0 && READ_ONCE(holder->origin) != want->origin))
			continue;
		start = READ_ONCE(holder->start_ns);
		if (start > want->before_ns)
			continue;
		++*nr;
		if (start >= newest) {
			newest = start;
			found = i;
		}
	}
	return found;
}

/* Take what page tables took, newest first: it was mapped, and is so no more. */
static void page_pinner_unmapped(unsigned long pfn, int excess, u64 before_ns)
{
	const struct page_pinner_want mapped = {
		.before_ns = before_ns, .origin = PAGE_PINNER_ORIGIN_MAPPING,
	};
	int tries = PAGE_PINNER_WINDOW, found, nr;

	while (excess > 0 && tries--) {
		found = page_pinner_find(pfn, &mapped, &nr);
		if (found < 0)
			return;
		excess -= page_pinner_close(pfn, found, excess);
	}
}

/**
 * page_pinner_risen - references on record are expected by now
 * @pfn: of the folio
 * @expected: references
 * @excess: how many are on record too many
 * @before_ns: of gets that ended before it
 *
 * Those of the newest gets at which fewer were expected.  Or what page tables
 * took was expected meanwhile, and is gone again.
 *
 * Context: any.
 */
void page_pinner_risen(unsigned long pfn, int expected, int excess, u64 before_ns)
{
	int tries = PAGE_PINNER_WINDOW;

	while (excess > 0 && tries--) {
		unsigned long mine = page_pinner_pool_mine(pfn);
		int refs = 0, found = -1;
		u64 newest = 0;
		unsigned int i;

		for_each_set_bit(i, &mine, PAGE_PINNER_WINDOW) {
			const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);
			u64 start;

			if (!holder || READ_ONCE(holder->expected) >= expected)
				continue;
			start = READ_ONCE(holder->start_ns);
			if (start > before_ns || start < newest)
				continue;
			newest = start;
			found = i;
			refs = min(excess, expected - READ_ONCE(holder->expected));
		}
		if (found < 0)
			break;
		excess -= page_pinner_close(pfn, found, refs);
	}
	page_pinner_unmapped(pfn, excess, before_ns);
}

/**
 * page_pinner_holders_review - has any of the open gets become expected?
 * @page: head of the folio
 * @sample: how it looks
 * @refcount: at that moment
 *
 * For readers, who may come long after the last operation.
 *
 * Context: any.
 */
void page_pinner_holders_review(const struct page *page,
				const struct page_pinner_sample *sample, int refcount)
{
	unsigned long pfn = page_to_pfn(page);
	u64 now = local_clock();

	if (sample->expected < 0 || refcount <= 0 || (sample->flags & BIT(PG_locked)))
		return;
	/* page_pinner_pool_forget() passes over an entry that is claimed: it waits for us */
	rcu_read_lock();
	page_pinner_risen(pfn, sample->expected, page_pinner_accounted(pfn, now) -
			  (refcount - sample->expected), now);
	rcu_read_unlock();
}

/**
 * page_pinner_open_take - all open gets of a folio, read once
 * @pfn: of the folio
 * @open: set to copies of them
 *
 * What others do to them meanwhile makes no difference to who counts the copies
 * and then shows them.
 *
 * Context: any.
 */
void page_pinner_open_take(unsigned long pfn, struct page_pinner_open *open)
{
	int spare = INT_MAX;
	unsigned int i;

	open->nr = 0;
	open->refs = 0;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		struct page_pinner_holder *copy = &open->holder[open->nr];

		if (!page_pinner_pool_copy(pfn, i, copy))
			continue;
		open->refs += copy->refs;
		spare = min(spare, copy->spare);
		open->nr++;
	}
	open->accounted = open->refs + (open->nr ? spare : 0);
}
