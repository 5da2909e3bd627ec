// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of page_pinner: the gate.  No mark and no watch is ever without
 * its byte and its bit, and what nobody asks for costs little.
 */

#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/cache.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/sizes.h>

#include "page_pinner_test.h"

static unsigned int open_bytes(void)
{
	unsigned int i, nr = 0;

	for (i = 0; i < BIT(PAGE_PINNER_GATE_BITS); i++)
		nr += page_pinner_gate.may[i];
	return nr;
}

static unsigned int open_bits(void)
{
	return bitmap_weight(page_pinner_filter, BIT(PAGE_PINNER_FILTER_BITS));
}

static void marks_open_the_gate_and_close_it(struct kunit *test)
{
	unsigned int bytes = open_bytes(), bits = open_bits(), i;
	struct folio *folios[100];

	if (page_pinner_marked())
		kunit_skip(test, "others mark as well");
	for (i = 0; i < ARRAY_SIZE(folios); i++) {
		folios[i] = folio_new(test, i % 3);
		mark(test, folios[i]);
	}
	for (i = 0; i < ARRAY_SIZE(folios); i++) {
		KUNIT_EXPECT_TRUE(test, page_pinner_may(&folios[i]->page));
		KUNIT_EXPECT_TRUE(test, page_pinner_maybe(&folios[i]->page));
	}
	KUNIT_EXPECT_GT(test, open_bytes(), bytes + 80);
	for (i = 0; i < ARRAY_SIZE(folios); i++)
		folio_put(folios[i]);
	KUNIT_EXPECT_EQ(test, open_bytes(), bytes);
	KUNIT_EXPECT_EQ(test, open_bits(), bits);
	hear_nothing();
}

static void mark_that_ends_leaves_the_byte_of_another(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	u32 id = mark(test, folio);

	KUNIT_EXPECT_TRUE(test, page_pinner_gate_add(&folio->page));
	page_pinner_gate_del(&folio->page);
	folio_get(folio);
	expect_ref(test, 1, 2, id);
	folio_put(folio);
	expect_ref(test, -1, 1, id);
	expect_freed(test, folio, id);
}

/* Pages of a watch, and heads of folios that may reach into it. */
#define NARROW_BYTES	(1 + PUD_SHIFT - PAGE_SHIFT)

static void narrow_watch_opens_its_own_bytes(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	unsigned int bytes = open_bytes();

	if (page_pinner_ctl.watch_end)
		kunit_skip(test, "others watch as well");
	if (!PAGE_PINNER_GATE_HASHES_ALL)
		kunit_skip(test, "pages that are not there have no address");
	set_range(test, &page_pinner_ctl.watch);
	KUNIT_EXPECT_TRUE(test, page_pinner_may(&folio->page));
	KUNIT_EXPECT_LE(test, open_bytes(), bytes + NARROW_BYTES);
	unset_range(&page_pinner_ctl.watch);
	KUNIT_EXPECT_LE(test, open_bytes(), bytes);
	folio_put(folio);
	hear_nothing();
}

static void wide_watch_opens_all_of_the_gate(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	unsigned int bytes = open_bytes();

	if (page_pinner_ctl.watch_end)
		kunit_skip(test, "others watch as well");
	mark(test, folio);
	set_range_of(test, &page_pinner_ctl.watch, ear.start, ear.start + (SZ_1G >> PAGE_SHIFT));
	KUNIT_EXPECT_EQ(test, open_bytes(), BIT(PAGE_PINNER_GATE_BITS));
	unset_range(&page_pinner_ctl.watch);
	KUNIT_EXPECT_TRUE(test, page_pinner_may(&folio->page));
	KUNIT_EXPECT_LE(test, open_bytes(), bytes + 1);
	folio_put(folio);
	hear_nothing();
}

static void watch_of_a_tail_lets_its_head_in(struct kunit *test)
{
	unsigned int order;

	if (page_pinner_ctl.watch_end)
		kunit_skip(test, "others watch as well");
	for (order = 1; order <= 4; order++) {
		struct folio *folio = folio_new(test, order);

		set_range_of(test, &page_pinner_ctl.watch, ear.end - 1, ear.end);
		folio_get(folio);
		folio_put(folio);
		unset_range(&page_pinner_ctl.watch);
		KUNIT_EXPECT_EQ(test, ear.nr, 2);
		hear_nothing();
		folio_put(folio);
	}
}

static void mark_that_ends_leaves_the_byte_of_a_watch(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	set_range(test, &page_pinner_ctl.watch);
	KUNIT_EXPECT_TRUE(test, page_pinner_gate_add(&folio->page));
	page_pinner_gate_del(&folio->page);
	folio_get(folio);
	unset_range(&page_pinner_ctl.watch);
	KUNIT_EXPECT_EQ(test, ear.nr, 1);
	hear_nothing();
	folio_put_refs(folio, 2);
}

/* What is watched anew is let in before what was watched is no longer. */
static void watch_that_is_replaced_stays_open_until_then(struct kunit *test)
{
	struct folio *before = folio_new(test, 0), *after = folio_new(test, 0);
	struct page_pinner_ranges *ranges;
	unsigned int bytes = open_bytes();

	if (page_pinner_ctl.watch_end)
		kunit_skip(test, "others watch as well");
	/* a page may be the head of one behind it */
	if (folio_pfn(before) < folio_pfn(after))
		swap(before, after);
	set_range_of(test, &page_pinner_ctl.watch, folio_pfn(before), folio_pfn(before) + 1);
	ranges = ranges_new(test, folio_pfn(after), folio_pfn(after) + 1);
	page_pinner_gate_watch(ranges, true);
	KUNIT_EXPECT_TRUE(test, page_pinner_may(&before->page));
	KUNIT_EXPECT_TRUE(test, page_pinner_may(&after->page));
	page_pinner_gate_watch(ranges, false);
	KUNIT_EXPECT_TRUE(test, page_pinner_may(&after->page));
	if (PAGE_PINNER_GATE_HASHES_ALL)
		KUNIT_EXPECT_LE(test, open_bytes(), bytes + NARROW_BYTES);
	unset_range(&page_pinner_ctl.watch);
	kfree(ranges);
	folio_put(before);
	folio_put(after);
	hear_nothing();
}

/* PFNs of huge pages end in zeroes: a few of them must not open it to all. */
static void huge_pages_spread(struct kunit *test)
{
	DECLARE_BITMAP(bytes, BIT(PAGE_PINNER_GATE_BITS)) = { };
	const unsigned int nr = 512;
	struct page *page = pfn_to_page(0);
	unsigned int i;

	for (i = 0; i < nr; i++)
		set_bit(page_pinner_gate_hash(page + 512 * i), bytes);
	KUNIT_EXPECT_GT(test, bitmap_weight(bytes, BIT(PAGE_PINNER_GATE_BITS)), nr * 3 / 4);
}

static void gate_shares_no_line(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, (unsigned long)&page_pinner_gate % L1_CACHE_BYTES, 0);
	KUNIT_EXPECT_EQ(test, sizeof(page_pinner_gate) % L1_CACHE_BYTES, 0);
}

/* === On demand ============================================================ */

static bool key_comes_to(bool on)
{
	int i;

	for (i = 0; i < 100 && READ_ONCE(page_pinner_ref_on) != on; i++)
		msleep(20);
	return static_key_enabled(&page_pinner_ref_key) == on;
}

/* The second look finds that no mark has come since the first. */
static void look_twice(void)
{
	page_pinner_ref_follow();
	page_pinner_ref_follow();
}

static void demand_tells_what_it_missed(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	unsigned long flags;

	if (page_pinner_marked() || page_pinner_ctl.watch_end)
		kunit_skip(test, "others mark as well");
	WRITE_ONCE(page_pinner_ctl.on_demand, true);
	look_twice();
	KUNIT_EXPECT_FALSE(test, static_key_enabled(&page_pinner_ref_key));

	/* the key cannot come before interrupts do */
	local_irq_save(flags);
	page_pinner_mark(folio, 0);
	folio_get(folio);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_FAIL)->fail.refcount_now, 1);

	KUNIT_EXPECT_TRUE(test, key_comes_to(true));
	folio_get(folio);
	KUNIT_ASSERT_EQ(test, ear.nr, 1);
	/* a number is missing, and the chain of counts has a gap */
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.seq, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.refcount, 3);

	/* it stays while there is a mark, and a bit longer */
	look_twice();
	KUNIT_EXPECT_TRUE(test, static_key_enabled(&page_pinner_ref_key));
	folio_put_refs(folio, 3);
	look_twice();
	KUNIT_EXPECT_FALSE(test, static_key_enabled(&page_pinner_ref_key));
	WRITE_ONCE(page_pinner_ctl.on_demand, false);
	page_pinner_ref_follow();
	KUNIT_EXPECT_TRUE(test, static_key_enabled(&page_pinner_ref_key));
	hear_nothing();
}

/* Freed before anything was diverted: the mark may not meet the next owner. */
static void demand_leaves_no_mark_behind(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	unsigned long flags;

	if (page_pinner_marked() || page_pinner_ctl.watch_end)
		kunit_skip(test, "others mark as well");
	WRITE_ONCE(page_pinner_ctl.on_demand, true);
	look_twice();
	local_irq_save(flags);
	page_pinner_mark(folio, 0);
	folio_put(folio);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), 0);
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[1].type, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.seq, 2);
	WRITE_ONCE(page_pinner_ctl.on_demand, false);
	page_pinner_ref_follow();
	hear_nothing();
}

struct kunit_case page_pinner_gate_test_cases[] = {
	KUNIT_CASE(marks_open_the_gate_and_close_it),
	KUNIT_CASE(mark_that_ends_leaves_the_byte_of_another),
	KUNIT_CASE(narrow_watch_opens_its_own_bytes),
	KUNIT_CASE(wide_watch_opens_all_of_the_gate),
	KUNIT_CASE(watch_of_a_tail_lets_its_head_in),
	KUNIT_CASE(mark_that_ends_leaves_the_byte_of_a_watch),
	KUNIT_CASE(watch_that_is_replaced_stays_open_until_then),
	KUNIT_CASE(huge_pages_spread),
	KUNIT_CASE(gate_shares_no_line),
	KUNIT_CASE(demand_tells_what_it_missed),
	KUNIT_CASE(demand_leaves_no_mark_behind),
	{}
};
