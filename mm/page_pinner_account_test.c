// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of page_pinner: what the events say beside the refcount.  The
 * counts that are expected, the numbers of the operations, their contexts, and
 * who is to blame.
 */

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/pagemap.h>

#include "page_pinner_test.h"

/* === What is accounted for ================================================ */

struct state {
	unsigned int order;
	unsigned long mapping;
	bool swapcache;
	bool private;
	bool hugetlb;
	int mapcount;
};

static void set_mapcount(struct folio *folio, int mapcount)
{
	if (folio_test_large(folio))
		atomic_set(&folio->_large_mapcount, mapcount - 1);
	else
		atomic_set(&folio->_mapcount, mapcount - 1);
}

static void set_hugetlb(struct folio *folio, bool hugetlb)
{
#ifdef CONFIG_HUGETLB_PAGE
	if (hugetlb)
		__folio_set_hugetlb(folio);
	else if (folio_test_hugetlb(folio))
		__folio_clear_hugetlb(folio);
#endif
}

static void set_state(struct folio *folio, const struct state *state)
{
	folio->mapping = (void *)state->mapping;
	assign_bit(PG_swapbacked, &folio->flags, state->swapcache);
	assign_bit(PG_swapcache, &folio->flags, state->swapcache);
	assign_bit(PG_private, &folio->flags, state->private);
	set_hugetlb(folio, state->hugetlb);
	set_mapcount(folio, state->mapcount);
}

static void unset_state(struct folio *folio)
{
	static const struct state clean;

	set_state(folio, &clean);
}

/* In each state that migration knows of: what migration itself counts. */
static void rule_is_that_of_migration(struct kunit *test)
{
	static struct address_space mapping;
	const unsigned long mappings[] = {
		0, PAGE_MAPPING_ANON, PAGE_MAPPING_KSM, (unsigned long)&mapping,
	};
	struct page_pinner_sample sample;
	unsigned int i;

	for (i = 0; i < 2 * 4 * 2 * 2 * 2 * 3; i++) {
		const struct state state = {
			.order = i % 2 * 2,
			.mapping = mappings[i / 2 % 4],
			.swapcache = i / 8 % 2,
			.private = i / 16 % 2,
			.hugetlb = IS_ENABLED(CONFIG_HUGETLB_PAGE) && i / 32 % 2 && i % 2,
			.mapcount = i / 64 % 3,
		};
		struct folio *folio = folio_new(test, state.order);
		int expected;

		set_state(folio, &state);
		expected = folio_expected_ref_count(folio);
		page_pinner_sample(&folio->page, &sample);
		KUNIT_EXPECT_EQ_MSG(test, sample.expected, expected, "state %u", i);
		KUNIT_EXPECT_EQ_MSG(test, sample.mapcount, state.mapcount, "state %u", i);
		KUNIT_EXPECT_EQ_MSG(test, sample.order, state.order, "state %u", i);
		KUNIT_EXPECT_EQ_MSG(test, sample.hugetlb, state.hugetlb, "state %u", i);
		KUNIT_EXPECT_EQ_MSG(test, sample.user, state.hugetlb || state.mapping ||
				    state.mapcount, "state %u", i);
		unset_state(folio);
		folio_put(folio);
	}
	hear_nothing();
}

static void other_pages_have_no_rule(struct kunit *test)
{
	struct folio *folio = folio_new(test, 2);
	struct page_pinner_sample sample;

	page_pinner_sample(folio_page(folio, 3), &sample);
	KUNIT_EXPECT_EQ(test, sample.expected, -1);
	KUNIT_EXPECT_EQ(test, sample.order, 0);

	folio->mapping = (void *)PAGE_MAPPING_MOVABLE;
	page_pinner_sample(&folio->page, &sample);
	KUNIT_EXPECT_EQ(test, sample.expected, -1);
	KUNIT_EXPECT_FALSE(test, sample.user);
	folio->mapping = NULL;

	__SetPageOffline(&folio->page);
	page_pinner_sample(&folio->page, &sample);
	KUNIT_EXPECT_EQ(test, sample.expected, -1);
	KUNIT_EXPECT_EQ(test, sample.mapcount, 0);
	KUNIT_EXPECT_FALSE(test, sample.user);
	__ClearPageOffline(&folio->page);
	folio_put(folio);
}

/* A put while its reference is held, a get once its is. */
static void put_is_sampled_before_and_get_after(struct kunit *test)
{
	struct file *file;
	struct folio *folio = shmem_folio_new(test, &file);
	const struct page_pinner_ref *ref;

	mark(test, folio);
	folio_attach_private(folio, file);
	KUNIT_ASSERT_EQ(test, ear.nr, 1);
	ref = &ear.events[0].ref;
	KUNIT_EXPECT_EQ(test, ref->refcount, 3);
	/* get, then flag */
	KUNIT_EXPECT_EQ(test, ref->expected, 1);
	KUNIT_EXPECT_FALSE(test, ref->flags & BIT(PG_private));
	hear_nothing();

	folio_get(folio);
	ref = &heard_one(test, HEARD_GET)->ref;
	KUNIT_EXPECT_EQ(test, ref->refcount, 4);
	KUNIT_EXPECT_EQ(test, ref->expected, 2);
	KUNIT_EXPECT_TRUE(test, ref->flags & BIT(PG_private));
	KUNIT_EXPECT_EQ(test, ref->mapcount, 0);

	folio_detach_private(folio);
	ref = &heard_one(test, HEARD_PUT)->ref;
	/* flag, then put */
	KUNIT_EXPECT_EQ(test, ref->refcount, 3);
	KUNIT_EXPECT_EQ(test, ref->expected, 1);

	set_mapcount(folio, 1);
	folio_put(folio);
	ref = &ear.events[0].ref;
	KUNIT_EXPECT_EQ(test, ref->expected, 2);
	KUNIT_EXPECT_EQ(test, ref->mapcount, 1);
	set_mapcount(folio, 0);
	folio_put(folio);
	hear_nothing();
	fput(file);
}

static void watched_folio_is_sampled_too(struct kunit *test)
{
	struct file *file;
	struct folio *folio = shmem_folio_new(test, &file);
	const struct page_pinner_ref *ref;

	set_range(test, &page_pinner_ctl.watch);
	folio_get(folio);
	folio_put(folio);
	unset_range(&page_pinner_ctl.watch);
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	ref = &ear.events[0].ref;
	KUNIT_EXPECT_EQ(test, ref->id, 0);
	KUNIT_EXPECT_EQ(test, ref->seq, 0);
	KUNIT_EXPECT_EQ(test, ref->expected, 1);
	KUNIT_EXPECT_TRUE(test, ref->flags & BIT(PG_swapbacked));
	KUNIT_EXPECT_EQ(test, ear.events[1].ref.expected, 1);
	hear_nothing();
	folio_put(folio);
	fput(file);
}

/* === Numbers ============================================================== */

static void numbers_count_what_a_budget_suppresses(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	u32 max = page_pinner_ctl.max_events;
	const int pairs = 300;
	u32 last = 0;
	int i;

	WRITE_ONCE(page_pinner_ctl.max_events, 10);
	mark(test, folio);
	for (i = 0; i < pairs; i++) {
		folio_get(folio);
		folio_put(folio);
	}
	folio_put(folio);
	WRITE_ONCE(page_pinner_ctl.max_events, max);

	KUNIT_ASSERT_LT(test, ear.nr, MAX_HEARD);
	KUNIT_ASSERT_GT(test, ear.nr, 12);
	for (i = 0; i < ear.nr - 2; i++) {
		const struct page_pinner_ref *ref = &ear.events[i].ref;

		KUNIT_EXPECT_GT(test, ref->seq, last);
		/* the operations alternate, written or not */
		KUNIT_EXPECT_EQ(test, ref->seq % 2, ref->delta > 0);
		last = ref->seq;
	}
	KUNIT_EXPECT_EQ(test, ear.events[i].ref.seq, 2 * pairs + 1);
	KUNIT_ASSERT_EQ(test, ear.events[i + 1].type, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, ear.events[i + 1].unmark.seq, 2 * pairs + 2);
	hear_nothing();
}

static void logged_is_what_somebody_enabled(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct page_pinner_unmark *unmark;

	listen(HEARD_GET, false);
	mark(test, folio);
	folio_get(folio);
	expect_silence(test);
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_PUT)->ref.seq, 2);
	folio_put(folio);
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	unmark = &ear.events[1].unmark;
	KUNIT_EXPECT_EQ(test, unmark->logged, 2);
	KUNIT_EXPECT_EQ(test, unmark->dropped, 0);
	KUNIT_EXPECT_EQ(test, unmark->seq, 4);
	hear_nothing();
	listen(HEARD_GET, true);
}

static void failed_operations_have_no_number(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	folio_get(folio);
	mark(test, folio);
	KUNIT_EXPECT_FALSE(test, folio_ref_freeze(folio, 1));
	KUNIT_EXPECT_FALSE(test, page_ref_add_unless(&folio->page, 1, 2));
	KUNIT_EXPECT_TRUE(test, folio_ref_freeze(folio, 2));
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_PUT)->ref.seq, 1);
	KUNIT_EXPECT_FALSE(test, folio_try_get(folio));
	folio_ref_unfreeze(folio, 1);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_GET)->ref.seq, 2);
	folio_put(folio);
	hear_nothing();
}

/* === Contexts ============================================================= */

static struct {
	struct folio *folio;
	struct completion done;
} from_irq;

static void put_from_irq(struct irq_work *work)
{
	folio_put(from_irq.folio);
	complete(&from_irq.done);
}

static void put_from_softirq(struct tasklet_struct *tasklet)
{
	folio_put(from_irq.folio);
	complete(&from_irq.done);
}

static void context_is_told(struct kunit *test)
{
	struct irq_work work = IRQ_WORK_INIT_HARD(put_from_irq);
	struct folio *folio = folio_new(test, 0);
	struct tasklet_struct tasklet;

	folio_ref_add(folio, 3);
	mark(test, folio);
	from_irq.folio = folio;
	init_completion(&from_irq.done);
	irq_work_queue(&work);
	wait_for_completion(&from_irq.done);
	irq_work_sync(&work);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_PUT)->ref.ctx, PAGE_PINNER_CTX_HARDIRQ);

	reinit_completion(&from_irq.done);
	tasklet_setup(&tasklet, put_from_softirq);
	tasklet_schedule(&tasklet);
	wait_for_completion(&from_irq.done);
	tasklet_kill(&tasklet);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_PUT)->ref.ctx, PAGE_PINNER_CTX_SOFTIRQ);

	folio_put(folio);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_PUT)->ref.ctx, PAGE_PINNER_CTX_TASK);
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.ctx, PAGE_PINNER_CTX_TASK);
	hear_nothing();
}

/* === Whom to blame ======================================================== */

static u8 kind_of_refusal(struct kunit *test, struct folio *folio,
			  enum page_pinner_kind kind, u8 marked)
{
	struct page_pinner_fail fail;

	page_pinner_refused(folio, PAGE_PINNER_OTHER, 1, kind);
	fail = heard_one(test, HEARD_FAIL)->fail;
	KUNIT_EXPECT_EQ(test, fail.marked, marked);
	KUNIT_EXPECT_EQ(test, fail.own, 1);
	page_pinner_clear(ear.start, ear.end);
	hear_nothing();
	return fail.kind;
}

static void kinds_that_blame_references_mark(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	KUNIT_EXPECT_EQ(test, PAGE_PINNER_BUSY,
			kind_of_refusal(test, folio, PAGE_PINNER_EXTRA_REF,
					PAGE_PINNER_MARK_NO));
	KUNIT_EXPECT_EQ(test, PAGE_PINNER_SPLIT,
			kind_of_refusal(test, folio, PAGE_PINNER_SPLIT,
					PAGE_PINNER_MARK_NO));
	folio_get(folio);
	KUNIT_EXPECT_EQ(test, PAGE_PINNER_EXTRA_REF,
			kind_of_refusal(test, folio, PAGE_PINNER_EXTRA_REF,
					PAGE_PINNER_MARK_NEW));
	KUNIT_EXPECT_EQ(test, PAGE_PINNER_SPLIT,
			kind_of_refusal(test, folio, PAGE_PINNER_SPLIT,
					PAGE_PINNER_MARK_NEW));
	KUNIT_EXPECT_EQ(test, PAGE_PINNER_NOFS,
			kind_of_refusal(test, folio, PAGE_PINNER_NOFS,
					PAGE_PINNER_MARK_NO));
	KUNIT_EXPECT_EQ(test, PAGE_PINNER_LOCKED,
			kind_of_refusal(test, folio, PAGE_PINNER_LOCKED,
					PAGE_PINNER_MARK_NO));
	folio_put_refs(folio, 2);
	expect_silence(test);
}

/* hugetlb's are on no LRU list by right. */
static void hugetlb_is_not_off_the_lru(struct kunit *test)
{
	struct folio *folio = folio_new(test, 2);

	if (!IS_ENABLED(CONFIG_HUGETLB_PAGE)) {
		folio_put(folio);
		kunit_skip(test, "no CONFIG_HUGETLB_PAGE");
	}
	set_hugetlb(folio, true);
	page_pinner_failed(folio, PAGE_PINNER_OTHER, 1);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_FAIL)->fail.kind, PAGE_PINNER_BUSY);
	folio_get(folio);
	page_pinner_failed(folio, PAGE_PINNER_OTHER, 1);
	KUNIT_EXPECT_EQ(test, ear.events[0].fail.marked, PAGE_PINNER_MARK_NEW);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_FAIL)->fail.kind, PAGE_PINNER_EXTRA_REF);
	set_hugetlb(folio, false);
	folio_put_refs(folio, 2);
	hear_nothing();
}

/* Such as shares its section with RAM: nothing would end a mark there. */
static void device_memory_cannot_be_marked(struct kunit *test)
{
#ifdef CONFIG_ZONE_DEVICE
	struct folio *folio = folio_new(test, 0);
	enum zone_type zone = folio_zonenum(folio);
	const struct page_pinner_fail *fail;

	set_page_zone(&folio->page, ZONE_DEVICE);
	page_pinner_mark(folio, 0);
	set_page_zone(&folio->page, zone);
	fail = &heard_one(test, HEARD_FAIL)->fail;
	KUNIT_EXPECT_EQ(test, fail->kind, PAGE_PINNER_EXTRA_REF);
	KUNIT_EXPECT_EQ(test, fail->marked, PAGE_PINNER_MARK_NO_PAGE_EXT);
	KUNIT_EXPECT_EQ(test, fail->id, 0);
	folio_put(folio);
	expect_silence(test);
#else
	kunit_skip(test, "no CONFIG_ZONE_DEVICE");
#endif
}

/* A user's page, off the LRU, mapped once. */
static struct folio *user_folio_new(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	folio->mapping = (void *)PAGE_MAPPING_ANON;
	set_mapcount(folio, 1);
	return folio;
}

static void passing_over_touches_only_what_is_held(struct kunit *test)
{
	struct folio *folio = user_folio_new(test);
	const struct page_pinner_fail *fail;

	set_range(test, &page_pinner_ctl.watch);
	page_pinner_not_lru(&folio->page, PAGE_PINNER_OTHER);
	fail = &heard_one(test, HEARD_FAIL)->fail;
	KUNIT_EXPECT_EQ(test, fail->kind, PAGE_PINNER_NOT_LRU);
	KUNIT_EXPECT_EQ(test, fail->marked, PAGE_PINNER_MARK_NO);
	KUNIT_EXPECT_EQ(test, fail->expected, 1);

	/* locked: it is being migrated or split, and must not be disturbed */
	folio_ref_inc(folio);
	hear_nothing();
	__folio_set_locked(folio);
	page_pinner_not_lru(&folio->page, PAGE_PINNER_OTHER);
	page_pinner_range_busy(ear.start, ear.end, PAGE_PINNER_OTHER);
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].fail.kind, PAGE_PINNER_LOCKED);
	KUNIT_EXPECT_EQ(test, ear.events[0].fail.marked, PAGE_PINNER_MARK_NO);
	KUNIT_EXPECT_EQ(test, ear.events[1].fail.kind, PAGE_PINNER_LOCKED);
	hear_nothing();
	__folio_clear_locked(folio);

	page_pinner_not_lru(&folio->page, PAGE_PINNER_OTHER);
	KUNIT_ASSERT_EQ(test, ear.nr, 3);
	KUNIT_EXPECT_EQ(test, ear.events[0].type, HEARD_GET);
	fail = &ear.events[1].fail;
	KUNIT_EXPECT_EQ(test, fail->kind, PAGE_PINNER_NOT_LRU);
	KUNIT_EXPECT_EQ(test, fail->marked, PAGE_PINNER_MARK_NEW);
	KUNIT_EXPECT_EQ(test, fail->refcount, 3);
	KUNIT_EXPECT_EQ(test, fail->expected, 2);
	KUNIT_EXPECT_EQ(test, fail->own, 1);
	KUNIT_EXPECT_EQ(test, ear.events[2].type, HEARD_PUT);
	unset_range(&page_pinner_ctl.watch);

	set_mapcount(folio, 0);
	folio->mapping = NULL;
	folio_put_refs(folio, 2);
	hear_nothing();
}

static void busy_range_is_looked_at_first(struct kunit *test)
{
	struct folio *folio = user_folio_new(test);

	set_range(test, &page_pinner_ctl.watch);
	page_pinner_range_busy(ear.start, ear.end, PAGE_PINNER_OTHER);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_FAIL)->fail.kind, PAGE_PINNER_BUSY);
	folio_ref_inc(folio);
	hear_nothing();
	page_pinner_range_busy(ear.start, ear.end, PAGE_PINNER_OTHER);
	KUNIT_ASSERT_EQ(test, ear.nr, 3);
	KUNIT_EXPECT_EQ(test, ear.events[1].fail.kind, PAGE_PINNER_EXTRA_REF);
	KUNIT_EXPECT_EQ(test, ear.events[1].fail.marked, PAGE_PINNER_MARK_NEW);
	unset_range(&page_pinner_ctl.watch);
	set_mapcount(folio, 0);
	folio->mapping = NULL;
	folio_put_refs(folio, 2);
	hear_nothing();
}

/* What a caller asks before it drops a lock for our sake. */
static void only_pages_of_users_are_wanted(struct kunit *test)
{
	struct folio *folio = folio_new(test, 2);
	struct page *page = &folio->page;

	KUNIT_EXPECT_FALSE(test, page_pinner_wants(page, PAGE_PINNER_OTHER));
	__SetPageOffline(page);
	KUNIT_EXPECT_FALSE(test, page_pinner_wants(page, PAGE_PINNER_OTHER));
	__ClearPageOffline(page);
	folio->mapping = (void *)PAGE_MAPPING_ANON;
	KUNIT_EXPECT_TRUE(test, page_pinner_wants(page, PAGE_PINNER_OTHER));
	/* the tail of a THP: its head is scanned, too */
	KUNIT_EXPECT_FALSE(test, page_pinner_wants(folio_page(folio, 1), PAGE_PINNER_OTHER));
	listen(HEARD_FAIL, false);
	KUNIT_EXPECT_FALSE(test, page_pinner_wants(page, PAGE_PINNER_OTHER));
	listen(HEARD_FAIL, true);
	folio->mapping = NULL;
	folio_put(folio);
	expect_silence(test);
}

struct kunit_case page_pinner_account_test_cases[] = {
	KUNIT_CASE(rule_is_that_of_migration),
	KUNIT_CASE(other_pages_have_no_rule),
	KUNIT_CASE(put_is_sampled_before_and_get_after),
	KUNIT_CASE(watched_folio_is_sampled_too),
	KUNIT_CASE(numbers_count_what_a_budget_suppresses),
	KUNIT_CASE(logged_is_what_somebody_enabled),
	KUNIT_CASE(failed_operations_have_no_number),
	KUNIT_CASE(context_is_told),
	KUNIT_CASE(kinds_that_blame_references_mark),
	KUNIT_CASE(hugetlb_is_not_off_the_lru),
	KUNIT_CASE(device_memory_cannot_be_marked),
	KUNIT_CASE(passing_over_touches_only_what_is_held),
	KUNIT_CASE(busy_range_is_looked_at_first),
	KUNIT_CASE(only_pages_of_users_are_wanted),
	{}
};
