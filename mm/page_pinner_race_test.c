// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of page_pinner: interleavings.  What another CPU could do between
 * two steps of a hook is done there by a callback, on this CPU and every time.
 */

#include <kunit/test.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/pagemap.h>

#include "page_pinner_test.h"

/* === Coming in between ==================================================== */

/* What comes in between, once, and where. */
static struct {
	enum page_pinner_point point;
	void (*fn)(struct folio *folio);
	struct folio *folio;
} other;

static void come_between(enum page_pinner_point point)
{
	if (point != other.point)
		return;
	WRITE_ONCE(page_pinner_interleave, NULL);
	other.fn(other.folio);
}

static void let_between(enum page_pinner_point point, void (*fn)(struct folio *folio),
			struct folio *folio)
{
	other.point = point;
	other.fn = fn;
	other.folio = folio;
	WRITE_ONCE(page_pinner_interleave, come_between);
}

/* It did, and not only because we wanted it to. */
static void expect_came_between(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, READ_ONCE(page_pinner_interleave), NULL);
	WRITE_ONCE(page_pinner_interleave, NULL);
}

static void clear_mark(struct folio *folio)
{
	page_pinner_clear(folio_pfn(folio), folio_pfn(folio) + 1);
}

/* As clear_mark(), but of this mark alone, and in a hook, which must not sleep. */
static void end_mark(struct folio *folio)
{
	struct page_ext *page_ext = page_ext_get(&folio->page);
	struct page_pinner_sample sample;
	struct page_pinner_found found;

	if (page_ext && page_pinner_mark_find(page_ext, &found)) {
		page_pinner_sample(&folio->page, &sample);
		page_pinner_mark_end(page_ext, &found, &sample, folio_ref_count(folio),
				     PAGE_PINNER_CLEARED);
	}
	page_ext_put(page_ext);
}

static void mark_again(struct folio *folio)
{
	page_pinner_mark(folio, folio_ref_count(folio) - 1);
}

static void end_and_mark_again(struct folio *folio)
{
	end_mark(folio);
	mark_again(folio);
}

static void end_hold_and_mark_again(struct folio *folio)
{
	end_mark(folio);
	folio_get(folio);
	mark_again(folio);
}

static void detach_private(struct folio *folio)
{
	folio_detach_private(folio);
}

static bool has_flag(struct folio *folio)
{
	struct page_ext *page_ext = page_ext_get(&folio->page);
	bool flag = page_ext && test_bit(PAGE_EXT_PINNER, &page_ext->flags);

	page_ext_put(page_ext);
	return flag;
}

/* The last event of @type that was heard. */
static const struct heard *heard_last(struct kunit *test, enum heard_type type)
{
	int i;

	for (i = min_t(int, ear.nr, MAX_HEARD) - 1; i >= 0; i--) {
		if (ear.events[i].type == type)
			return &ear.events[i];
	}
	KUNIT_ASSERT_FALSE_MSG(test, true, "no event of type %d", type);
	return NULL;
}

static unsigned int heard_of_type(enum heard_type type)
{
	unsigned int i, nr = 0;

	for (i = 0; i < min_t(unsigned int, ear.nr, MAX_HEARD); i++)
		nr += ear.events[i].type == type;
	return nr;
}

/* === Marks that begin while others end ==================================== */

static void mark_set_while_another_ends_is_followed(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	int marked = page_pinner_marked();
	u32 first = mark(test, folio), second;

	let_between(PAGE_PINNER_POINT_ENDED, mark_again, folio);
	end_mark(folio);
	expect_came_between(test);
	KUNIT_ASSERT_EQ(test, heard_of_type(HEARD_FAIL), 1);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_FAIL)->fail.marked,
			PAGE_PINNER_MARK_NEW);
	second = heard_last(test, HEARD_FAIL)->fail.id;
	KUNIT_EXPECT_NE(test, second, first);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_UNMARK)->unmark.id, first);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked + 1);
	KUNIT_EXPECT_TRUE(test, has_flag(folio));
	hear_nothing();

	folio_get(folio);
	expect_ref(test, 1, 2, second);
	folio_put(folio);
	expect_ref(test, -1, 1, second);
	expect_freed(test, folio, second);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked);
}

static void fail_three_times(struct folio *folio)
{
	mark_again(folio);
	mark_again(folio);
	mark_again(folio);
}

/* Failures that overlap the end of a mark count for the next one of its slot. */
static void new_mark_is_told_whatever_its_slot_has_counted(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	let_between(PAGE_PINNER_POINT_MARKED, fail_three_times, folio);
	mark_again(folio);
	expect_came_between(test);
	KUNIT_EXPECT_EQ(test, heard_of_type(HEARD_FAIL), 4);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_FAIL)->fail.marked,
			PAGE_PINNER_MARK_NEW);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_FAIL)->fail.repeats, 3);
	clear_mark(folio);
	hear_nothing();
	folio_put(folio);
	expect_silence(test);
}

/* page_owner writes that word as it was some time before. */
static void mark_does_not_hang_on_the_shared_flag(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	int marked = page_pinner_marked();
	u32 id = mark(test, folio);
	struct page_ext *page_ext;

	KUNIT_EXPECT_TRUE(test, has_flag(folio));
	page_ext = page_ext_get(&folio->page);
	KUNIT_ASSERT_NOT_NULL(test, page_ext);
	clear_bit(PAGE_EXT_PINNER, &page_ext->flags);
	page_ext_put(page_ext);

	folio_get(folio);
	expect_ref(test, 1, 2, id);
	folio_put(folio);
	expect_ref(test, -1, 1, id);
	page_pinner_mark(folio, 0);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_FAIL)->fail.id, id);
	expect_freed(test, folio, id);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked);
}

static void flag_goes_with_the_mark(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	KUNIT_EXPECT_FALSE(test, has_flag(folio));
	mark(test, folio);
	KUNIT_EXPECT_TRUE(test, has_flag(folio));
	clear_mark(folio);
	KUNIT_EXPECT_FALSE(test, has_flag(folio));
	hear_nothing();
	folio_put(folio);
	expect_silence(test);
}

static void listen_to_nothing(struct folio *folio)
{
	listen_all(false);
}

static void failure_that_outlives_the_listeners_leaves_no_mark(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	let_between(PAGE_PINNER_POINT_WANTED, listen_to_nothing, folio);
	page_pinner_mark(folio, 0);
	expect_came_between(test);
	if (page_pinner_listeners) {
		clear_mark(folio);
		kunit_mark_skipped(test, "others listen as well");
	} else {
		KUNIT_EXPECT_EQ(test, page_pinner_marked(), 0);
	}
	listen_all(true);
	hear_nothing();
	folio_put(folio);
	if (test->status != KUNIT_SKIPPED)
		expect_silence(test);
}

/* It keeps the key, and hears nothing. */
static void watch_is_no_listener(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, page_pinner_hold(), 0);
	failure_that_outlives_the_listeners_leaves_no_mark(test);
	page_pinner_drop();
}

/* Marks that live long and side by side do not use up the budget of others. */
static void long_runs_of_marks_refuse_nobody(struct kunit *test)
{
	const int nr = 200, rounds = 2 * PAGE_PINNER_MAX_MARKED + 1000;
	struct folio **folios = kunit_kcalloc(test, nr, sizeof(*folios), GFP_KERNEL);
	int marked = page_pinner_marked();
	struct folio *folio;
	int i, refused = 0;

	KUNIT_ASSERT_NOT_NULL(test, folios);
	for (i = 0; i < nr; i++) {
		folios[i] = folio_new(test, 0);
		mark(test, folios[i]);
	}
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked + nr);

	/* so many that each slot of the table has its turn */
	folio = folio_new(test, 0);
	for (i = 0; i < rounds; i++) {
		page_pinner_mark(folio, 0);
		refused += ear.events[0].fail.marked != PAGE_PINNER_MARK_NEW;
		clear_mark(folio);
		hear_nothing();
		cond_resched();
	}
	KUNIT_EXPECT_EQ(test, refused, 0);

	folio_put(folio);
	for (i = 0; i < nr; i++)
		folio_put(folios[i]);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked);
	hear_nothing();
}

/* === Marks that must not end ============================================== */

/* One reference of the cache, one of private data, one of a holder, one of us. */
static struct folio *held_folio(struct kunit *test, struct file **file)
{
	struct folio *folio = shmem_folio_new(test, file);

	folio_attach_private(folio, &other);
	folio_get(folio);
	KUNIT_ASSERT_EQ(test, folio_ref_count(folio), 4);
	return folio;
}

/* The put of the holder, the last of those that were too many. */
static void expect_holder(struct kunit *test, struct folio *folio, struct file *file,
			  u32 id)
{
	hear_nothing();
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].type, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.refcount, 1);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.id, id);
	KUNIT_EXPECT_EQ(test, ear.events[1].type, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.why, PAGE_PINNER_SETTLED);
	hear_nothing();
	fput(file);
}

static void stale_sample_settles_nothing(struct kunit *test)
{
	struct file *file;
	struct folio *folio = held_folio(test, &file);
	u32 id = mark(test, folio);

	/* sampled: cache and private data; then the latter is detached and put */
	let_between(PAGE_PINNER_POINT_SAMPLED, detach_private, folio);
	folio_put(folio);
	expect_came_between(test);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	KUNIT_EXPECT_EQ(test, heard_of_type(HEARD_PUT), 2);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_PUT)->ref.refcount, 2);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_PUT)->ref.expected, 2);
	KUNIT_EXPECT_EQ(test, heard_of_type(HEARD_UNMARK), 0);
	expect_holder(test, folio, file, id);
}

static void counts_from_before_the_mark_settle_nothing(struct kunit *test)
{
	struct file *file;
	struct folio *folio = held_folio(test, &file);
	const struct page_pinner_fail *fail;

	let_between(PAGE_PINNER_POINT_MARKED, detach_private, folio);
	page_pinner_mark(folio, 3);
	expect_came_between(test);
	KUNIT_EXPECT_EQ(test, heard_of_type(HEARD_UNMARK), 0);
	fail = &heard_last(test, HEARD_FAIL)->fail;
	KUNIT_EXPECT_EQ(test, fail->refcount, 4);
	KUNIT_EXPECT_EQ(test, fail->expected, 3);
	KUNIT_EXPECT_EQ(test, fail->own, 1);
	KUNIT_EXPECT_EQ(test, fail->refcount_now, 3);
	KUNIT_EXPECT_EQ(test, fail->expected_now, 1);
	/* our own put leaves the cache and the holder */
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, heard_of_type(HEARD_UNMARK), 0);
	expect_holder(test, folio, file, fail->id);
}

/* A caller may expect less than mappings and caches account for. */
static void expectation_of_the_caller_counts(struct kunit *test)
{
	struct file *file;
	struct folio *folio = shmem_folio_new(test, &file);
	u32 id;

	folio_put(folio);
	hear_nothing();
	page_pinner_mark(folio, 0);
	KUNIT_EXPECT_EQ(test, ear.nr, 1);
	id = ear.events[0].fail.id;
	KUNIT_EXPECT_EQ(test, ear.events[0].fail.marked, PAGE_PINNER_MARK_NEW);
	hear_nothing();
	folio_get(folio);
	expect_ref(test, 1, 2, id);
	clear_mark(folio);
	folio_put(folio);
	hear_nothing();
	fput(file);
}

/* A fault that maps around adds its mappings first, and holds the folio lock. */
static void locked_folio_is_not_settled(struct kunit *test)
{
	struct file *file;
	struct folio *folio = shmem_folio_new(test, &file);
	u32 id;

	folio_get(folio);
	id = mark(test, folio);
	folio_lock(folio);
	atomic_set(&folio->_mapcount, 0);
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_PUT)->ref.expected, 2);
	atomic_set(&folio->_mapcount, -1);
	folio_unlock(folio);
	expect_holder(test, folio, file, id);
}

/* === Operations that overlap the end of a mark ============================ */

/* Numbered before the mark ended: the unmark counts it, and it is not lost. */
static void put_under_way_is_counted(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct heard *heard;
	u32 id;

	folio_get(folio);
	id = mark(test, folio);
	let_between(PAGE_PINNER_POINT_SAMPLED, end_mark, folio);
	folio_put(folio);
	expect_came_between(test);
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	heard = heard_last(test, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, heard->unmark.seq, 2);
	KUNIT_EXPECT_EQ(test, heard->unmark.refcount, 2);
	KUNIT_EXPECT_EQ(test, heard->unmark.logged, 0);
	heard = heard_last(test, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, heard->ref.id, id);
	KUNIT_EXPECT_EQ(test, heard->ref.seq, 1);
	hear_nothing();
	folio_put(folio);
	expect_silence(test);
}

/* Not numbered yet: it must take no number from the mark that comes next. */
static void late_operation_leaves_the_next_mark_alone(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct heard *heard;
	u32 first = mark(test, folio), second;

	let_between(PAGE_PINNER_POINT_FOUND, end_and_mark_again, folio);
	KUNIT_EXPECT_TRUE(test, folio_try_get(folio));
	expect_came_between(test);
	second = heard_last(test, HEARD_FAIL)->fail.id;
	heard = heard_last(test, HEARD_GET);
	KUNIT_EXPECT_EQ(test, heard->ref.id, first);
	KUNIT_EXPECT_EQ(test, heard->ref.seq, 0);
	hear_nothing();

	folio_put(folio);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.seq, 1);
	expect_ref(test, -1, 1, second);
	hear_nothing();
	folio_put(folio);
	heard = heard_last(test, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, heard->unmark.id, second);
	KUNIT_EXPECT_EQ(test, heard->unmark.seq, 3);
	KUNIT_EXPECT_EQ(test, heard->unmark.logged, 2);
	KUNIT_EXPECT_EQ(test, heard->unmark.dropped, 0);
	hear_nothing();
}

/* A put that another ends the mark under must not end the next one. */
static void late_put_does_not_settle_the_next_mark(struct kunit *test)
{
	struct file *file;
	struct folio *folio = shmem_folio_new(test, &file);
	u32 second;

	mark(test, folio);
	let_between(PAGE_PINNER_POINT_DONE, end_hold_and_mark_again, folio);
	folio_put(folio);
	expect_came_between(test);
	KUNIT_ASSERT_EQ(test, heard_of_type(HEARD_UNMARK), 1);
	second = heard_last(test, HEARD_FAIL)->fail.id;
	KUNIT_EXPECT_NE(test, heard_last(test, HEARD_UNMARK)->unmark.id, second);
	expect_holder(test, folio, file, second);
}

/* === Types ================================================================ */

static void give_back(struct folio *folio)
{
	folio_put(folio);
}

/*
 * Between the reference that another CPU takes and its entry, the count says
 * that one more is not on record: which is no reason to keep what is given back.
 */
static void put_beside_a_get_under_way_is_its_own(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	unsigned long pfn = folio_pfn(folio);
	u32 id = mark(test, folio);

	folio_get(folio);
	let_between(PAGE_PINNER_POINT_SAMPLED, give_back, folio);
	folio_get(folio);
	expect_came_between(test);
	KUNIT_EXPECT_EQ(test, page_pinner_recorded(pfn, PAGE_PINNER_EVER), 1);
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, page_pinner_recorded(pfn, PAGE_PINNER_EVER), 0);
	expect_freed(test, folio, id);
}

static void make_typed(struct folio *folio)
{
	__SetPageOffline(&folio->page);
}

/*
 * A speculative reference may be to a page that is just becoming a slab or the
 * like: there is no rule for it then, and nothing to warn of.
 */
static void page_that_gets_a_type_meanwhile_has_no_rule(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct heard *heard;
	u32 id = mark(test, folio);

	let_between(PAGE_PINNER_POINT_FOUND, make_typed, folio);
	KUNIT_EXPECT_TRUE(test, folio_try_get(folio));
	expect_came_between(test);
	heard = heard_one(test, HEARD_GET);
	KUNIT_EXPECT_EQ(test, heard->ref.expected, -1);
	KUNIT_EXPECT_EQ(test, heard->ref.mapcount, 0);
	__ClearPageOffline(&folio->page);
	folio_put(folio);
	expect_ref(test, -1, 1, id);
	expect_freed(test, folio, id);
}

/* === Notes ================================================================ */

static void note_otherwise(struct folio *folio)
{
	atomic_set(&folio->_mapcount, 0);
	page_pinner_lock_failed(folio, -EAGAIN);
}

/* Two writers of one note: it is of one of them, not a mixture of both. */
static void note_has_one_writer(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	LIST_HEAD(folios);

	folio->mapping = (void *)PAGE_MAPPING_ANON;
	folio_get(folio);
	let_between(PAGE_PINNER_POINT_NOTED, note_otherwise, folio);
	page_pinner_try_failed(folio, -EAGAIN);
	expect_came_between(test);
	list_add(&folio->lru, &folios);
	page_pinner_migrate_failed(&folios, MR_SYSCALL, -EAGAIN);
	list_del(&folio->lru);
	/* what the first one saw, extra references, although none are left */
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_FAIL)->fail.kind, PAGE_PINNER_EXTRA_REF);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_FAIL)->fail.expected, 1);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_FAIL)->fail.refcount, 2);
	KUNIT_EXPECT_EQ(test, heard_last(test, HEARD_FAIL)->fail.expected_now, 1);
	clear_mark(folio);
	atomic_set(&folio->_mapcount, -1);
	folio->mapping = NULL;
	folio_put_refs(folio, 2);
	hear_nothing();
}

struct kunit_case page_pinner_race_test_cases[] = {
	KUNIT_CASE(mark_set_while_another_ends_is_followed),
	KUNIT_CASE(new_mark_is_told_whatever_its_slot_has_counted),
	KUNIT_CASE(mark_does_not_hang_on_the_shared_flag),
	KUNIT_CASE(flag_goes_with_the_mark),
	KUNIT_CASE(failure_that_outlives_the_listeners_leaves_no_mark),
	KUNIT_CASE(watch_is_no_listener),
	KUNIT_CASE_SLOW(long_runs_of_marks_refuse_nobody),
	KUNIT_CASE(stale_sample_settles_nothing),
	KUNIT_CASE(counts_from_before_the_mark_settle_nothing),
	KUNIT_CASE(expectation_of_the_caller_counts),
	KUNIT_CASE(locked_folio_is_not_settled),
	KUNIT_CASE(put_under_way_is_counted),
	KUNIT_CASE(late_operation_leaves_the_next_mark_alone),
	KUNIT_CASE(late_put_does_not_settle_the_next_mark),
	KUNIT_CASE(put_beside_a_get_under_way_is_its_own),
	KUNIT_CASE(page_that_gets_a_type_meanwhile_has_no_rule),
	KUNIT_CASE(note_has_one_writer),
	{}
};
