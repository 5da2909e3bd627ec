// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of page_pinner: budgets.  What is suppressed cancels out, or the
 * events say that something is missing.
 */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/workqueue.h>

#include "page_pinner_test.h"

/* Operations on a folio before it is hot. */
#define HOT_OPS	4

static u32 max_events;

static void set_budget(u32 events)
{
	max_events = page_pinner_ctl.max_events;
	WRITE_ONCE(page_pinner_ctl.max_events, events);
}

static void unset_budget(void)
{
	WRITE_ONCE(page_pinner_ctl.max_events, max_events);
}

static void get_and_put(struct folio *folio, int pairs)
{
	while (pairs--) {
		folio_get(folio);
		folio_put(folio);
	}
}

/* A folio whose mark is over its budget, and whose user is known for it. */
static struct folio *hot_folio(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	set_budget(2);
	mark(test, folio);
	/* two events of the budget, two of one who was not seen before */
	get_and_put(folio, HOT_OPS / 2);
	KUNIT_EXPECT_EQ(test, ear.nr, HOT_OPS);
	hear_nothing();
	return folio;
}

struct by_other {
	struct work_struct work;
	struct folio *folio;
};

static void put_by_other(struct work_struct *work)
{
	folio_put(container_of(work, struct by_other, work)->folio);
}

/* Drop a reference to @folio, and be another task. */
static void put_elsewhere(struct folio *folio)
{
	struct by_other other = { .folio = folio };

	INIT_WORK_ONSTACK(&other.work, put_by_other);
	queue_work(system_unbound_wq, &other.work);
	flush_work(&other.work);
	destroy_work_on_stack(&other.work);
}

/* Each number behind those of hot_folio() is there, or is skipped. */
static void expect_no_loss(struct kunit *test)
{
	u32 seen = 0, most = 0, skipped = 0;
	unsigned int i;

	KUNIT_ASSERT_LE(test, ear.nr, MAX_HEARD);
	for (i = 0; i < ear.nr; i++) {
		const struct page_pinner_ref *ref = &ear.events[i].ref;

		if (ear.events[i].type != HEARD_GET && ear.events[i].type != HEARD_PUT)
			continue;
		seen++;
		most = max(most, ref->seq);
		skipped = max(skipped, ref->skipped);
	}
	KUNIT_EXPECT_EQ(test, most, HOT_OPS + seen + skipped);
}

static void what_cancels_out_is_skipped(struct kunit *test)
{
	struct folio *folio = hot_folio(test);
	const struct page_pinner_unmark *unmark;
	const int pairs = 1000;

	get_and_put(folio, pairs);
	/* nested, and of another size */
	folio_ref_add(folio, 3);
	get_and_put(folio, pairs);
	folio_ref_sub(folio, 1);
	folio_put_refs(folio, 2);
	expect_silence(test);

	folio_put(folio);
	unset_budget();
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.seq, 4 * pairs + 8);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.skipped, 4 * pairs + 3);
	unmark = &ear.events[1].unmark;
	KUNIT_EXPECT_EQ(test, unmark->logged, 5);
	KUNIT_EXPECT_EQ(test, unmark->dropped, 4 * pairs + 3);
	KUNIT_EXPECT_EQ(test, unmark->skipped, 4 * pairs + 3);
	hear_nothing();
}

/* While a task holds what nobody was told of, somebody else lets go. */
static void what_does_not_cancel_is_told(struct kunit *test)
{
	struct folio *folio = hot_folio(test);
	const struct heard *heard = ear.events;

	folio_ref_add(folio, 5);
	get_and_put(folio, 100);
	expect_silence(test);
	put_elsewhere(folio);
	folio_ref_sub(folio, 2);
	unset_budget();

	KUNIT_ASSERT_EQ(test, ear.nr, 3);
	KUNIT_EXPECT_EQ(test, heard[0].type, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, heard[0].ref.late, 0);
	KUNIT_EXPECT_EQ(test, heard[1].type, HEARD_GET);
	KUNIT_EXPECT_EQ(test, heard[1].ref.late, 1);
	KUNIT_EXPECT_EQ(test, heard[1].ref.delta, 5);
	KUNIT_EXPECT_EQ(test, heard[1].ref.refcount, 6);
	KUNIT_EXPECT_LT(test, heard[1].ref.seq, heard[0].ref.seq);
	KUNIT_EXPECT_EQ(test, heard[2].type, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, heard[2].ref.delta, -2);
	expect_no_loss(test);
	folio_put_refs(folio, 3);
	hear_nothing();
}

/* What a failure counts as its own is on record before it. */
static void failures_come_after_what_was_kept(struct kunit *test)
{
	struct folio *folio = hot_folio(test);

	folio_get(folio);
	expect_silence(test);
	page_pinner_mark(folio, 0);
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].type, HEARD_GET);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.late, 1);
	KUNIT_EXPECT_EQ(test, ear.events[1].type, HEARD_FAIL);
	unset_budget();
	folio_put_refs(folio, 2);
	hear_nothing();
}

/* Equal counts, but a reference became a mapping's: that does not cancel out. */
static void what_is_expected_has_to_come_back_too(struct kunit *test)
{
	struct folio *folio = hot_folio(test);

	folio_get(folio);
	folio_get(folio);
	atomic_set(&folio->_mapcount, 0);
	folio_put(folio);
	atomic_set(&folio->_mapcount, -1);
	expect_silence(test);
	page_pinner_mark(folio, 0);
	KUNIT_ASSERT_EQ(test, ear.nr, 4);
	KUNIT_EXPECT_EQ(test, ear.events[1].ref.expected, 0);
	KUNIT_EXPECT_EQ(test, ear.events[2].ref.expected, 1);
	KUNIT_EXPECT_EQ(test, ear.events[2].ref.delta, -1);
	unset_budget();
	folio_put_refs(folio, 2);
	hear_nothing();
}

/* Of a folio that is marked no task uses up what others may write. */
static void hot_task_leaves_others_their_budget(struct kunit *test)
{
	struct folio *folio = hot_folio(test);
	int i;

	/* never given back by whoever took it: cannot cancel out */
	folio_ref_add(folio, 1000);
	for (i = 0; i < 500; i++)
		folio_put(folio);
	KUNIT_EXPECT_LT(test, ear.nr, MAX_HEARD);
	hear_nothing();
	put_elsewhere(folio);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_PUT)->ref.delta, -1);
	folio_put_refs(folio, 500);
	unset_budget();
	hear_nothing();
}

static void hot_page_leaves_others_their_budget(struct kunit *test)
{
	struct page *page = alloc_pages(GFP_KERNEL, 1);
	struct folio *hot, *other;

	KUNIT_ASSERT_NOT_NULL(test, page);
	split_page(page, 1);
	hot = page_folio(page);
	other = page_folio(page + 1);
	hear_folio(hot);
	ear.end = ear.start + 2;
	set_range(test, &page_pinner_ctl.watch);
	get_and_put(hot, 100000);
	hear_nothing();
	folio_get(other);
	expect_ref(test, 1, 2, 0);
	folio_put(other);
	expect_ref(test, -1, 1, 0);
	unset_range(&page_pinner_ctl.watch);
	folio_put(hot);
	folio_put(other);
	hear_nothing();
}

static void watched_page_is_bounded(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	set_range(test, &page_pinner_ctl.watch);
	get_and_put(folio, 100000);
	unset_range(&page_pinner_ctl.watch);
	KUNIT_EXPECT_GE(test, ear.nr, 200);
	KUNIT_EXPECT_LT(test, ear.nr, 20000);
	hear_nothing();
	folio_put(folio);
	hear_nothing();
}

struct kunit_case page_pinner_budget_test_cases[] = {
	KUNIT_CASE(what_cancels_out_is_skipped),
	KUNIT_CASE(what_does_not_cancel_is_told),
	KUNIT_CASE(failures_come_after_what_was_kept),
	KUNIT_CASE(what_is_expected_has_to_come_back_too),
	KUNIT_CASE(hot_task_leaves_others_their_budget),
	KUNIT_CASE(hot_page_leaves_others_their_budget),
	KUNIT_CASE(watched_page_is_bounded),
	{}
};
