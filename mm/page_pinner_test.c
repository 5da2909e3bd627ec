// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of page_pinner: marks folios of its own, works on their
 * refcounts, and compares what the trace events say with what was done.  It
 * listens through the tracepoints, as any user of the events would; only the
 * controls are reached directly, since there is no debugfs mount at boot.
 *
 * Needs a boot with page_pinner=on: all of it is skipped otherwise.
 */

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/pagemap.h>
#include <linux/pagevec.h>
#include <linux/shmem_fs.h>
#include <linux/slab.h>
#include <trace/events/page_pinner.h>

#include "page_pinner_test.h"

/* === What the events said ================================================= */

struct ear ear = { .lock = __RAW_SPIN_LOCK_UNLOCKED(ear.lock) };

static void hear(enum heard_type type, unsigned long pfn, const void *payload,
		 size_t size)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ear.lock, flags);
	if (pfn >= ear.start && pfn < ear.end) {
		if (ear.nr < MAX_HEARD) {
			ear.events[ear.nr].type = type;
			memcpy(&ear.events[ear.nr].fail, payload, size);
		}
		ear.nr++;
	}
	raw_spin_unlock_irqrestore(&ear.lock, flags);
}

static void hear_fail(void *data, const struct page_pinner_fail *fail)
{
	hear(HEARD_FAIL, fail->pfn, fail, sizeof(*fail));
}

static void hear_get(void *data, const struct page_pinner_ref *ref)
{
	hear(HEARD_GET, ref->pfn, ref, sizeof(*ref));
}

static void hear_put(void *data, const struct page_pinner_ref *ref)
{
	hear(HEARD_PUT, ref->pfn, ref, sizeof(*ref));
}

static void hear_unmark(void *data, const struct page_pinner_unmark *unmark)
{
	hear(HEARD_UNMARK, unmark->pfn, unmark, sizeof(*unmark));
}

void hear_nothing(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ear.lock, flags);
	ear.nr = 0;
	raw_spin_unlock_irqrestore(&ear.lock, flags);
}

void hear_folio(struct folio *folio)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ear.lock, flags);
	ear.start = folio_pfn(folio);
	ear.end = ear.start + folio_nr_pages(folio);
	ear.nr = 0;
	raw_spin_unlock_irqrestore(&ear.lock, flags);
}

/* The only event since the last call, which must be of this type. */
const struct heard *heard_one(struct kunit *test, enum heard_type type)
{
	KUNIT_ASSERT_EQ(test, ear.nr, 1);
	KUNIT_ASSERT_EQ(test, ear.events[0].type, type);
	ear.nr = 0;
	return &ear.events[0];
}

void expect_ref(struct kunit *test, int delta, int refcount, u32 id)
{
	const struct heard *heard = heard_one(test, delta < 0 ? HEARD_PUT : HEARD_GET);

	KUNIT_EXPECT_EQ(test, heard->ref.delta, delta);
	KUNIT_EXPECT_EQ(test, heard->ref.refcount, refcount);
	KUNIT_EXPECT_EQ(test, heard->ref.id, id);
}

void expect_silence(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ear.nr, 0);
	ear.nr = 0;
}

/* === Folios =============================================================== */

/* A folio with one reference that nobody else knows. */
struct folio *folio_new(struct kunit *test, unsigned int order)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_COMP, order);

	KUNIT_ASSERT_NOT_NULL(test, page);
	hear_folio(page_folio(page));
	return page_folio(page);
}

/* A folio of the page cache with one reference more, on no batch of the LRU. */
struct folio *shmem_folio_new(struct kunit *test, struct file **file)
{
	struct folio *folio;

	*file = shmem_file_setup("page_pinner", PAGE_SIZE, VM_NORESERVE);
	KUNIT_ASSERT_FALSE(test, IS_ERR(*file));
	folio = shmem_read_folio((*file)->f_mapping, 0);
	if (IS_ERR(folio)) {
		fput(*file);
		KUNIT_ASSERT_FALSE_MSG(test, true, "no shmem folio");
	}
	lru_add_drain_all();
	hear_folio(folio);
	return folio;
}

/* Marks with one reference more than expected; returns the id of the mark. */
u32 mark(struct kunit *test, struct folio *folio)
{
	const struct heard *heard;

	page_pinner_mark(folio, folio_ref_count(folio) - 1);
	heard = heard_one(test, HEARD_FAIL);
	KUNIT_ASSERT_EQ(test, heard->fail.marked, PAGE_PINNER_MARK_NEW);
	KUNIT_ASSERT_NE(test, heard->fail.id, 0);
	return heard->fail.id;
}

/* Drops the last reference of a marked folio: its put, then its end. */
void expect_freed(struct kunit *test, struct folio *folio, u32 id)
{
	hear_nothing();
	folio_put(folio);
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].type, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.refcount, 0);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.id, id);
	KUNIT_EXPECT_EQ(test, ear.events[1].type, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.id, id);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.refcount, 0);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.why, PAGE_PINNER_FREED);
	hear_nothing();
}

/* === Marks ================================================================ */

static void failure_marks_and_tells(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct page_pinner_fail *fail;
	int marked = page_pinner_marked();
	u32 id;

	folio_get(folio);
	expect_silence(test);
	page_pinner_mark(folio, 1);
	fail = &heard_one(test, HEARD_FAIL)->fail;
	KUNIT_EXPECT_EQ(test, fail->pfn, folio_pfn(folio));
	KUNIT_EXPECT_EQ(test, fail->refcount, 2);
	KUNIT_EXPECT_EQ(test, fail->expected, 1);
	KUNIT_EXPECT_EQ(test, fail->mapcount, 0);
	KUNIT_EXPECT_EQ(test, fail->pincount, 0);
	KUNIT_EXPECT_EQ(test, fail->repeats, 0);
	KUNIT_EXPECT_EQ(test, fail->order, 0);
	KUNIT_EXPECT_EQ(test, fail->nid, folio_nid(folio));
	KUNIT_EXPECT_EQ(test, fail->reason, PAGE_PINNER_OTHER);
	KUNIT_EXPECT_EQ(test, fail->kind, PAGE_PINNER_EXTRA_REF);
	KUNIT_EXPECT_EQ(test, fail->marked, PAGE_PINNER_MARK_NEW);
	KUNIT_EXPECT_NE(test, fail->id, 0);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked + 1);
	id = fail->id;

	folio_put(folio);
	expect_ref(test, -1, 1, id);
	expect_freed(test, folio, id);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked);
}

static void no_extra_reference_no_mark(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct page_pinner_fail *fail;

	page_pinner_mark(folio, 1);
	fail = &heard_one(test, HEARD_FAIL)->fail;
	KUNIT_EXPECT_EQ(test, fail->marked, PAGE_PINNER_MARK_NO);
	KUNIT_EXPECT_EQ(test, fail->kind, PAGE_PINNER_NO_EXTRA_REF);
	KUNIT_EXPECT_EQ(test, fail->id, 0);
	folio_get(folio);
	folio_put(folio);
	folio_put(folio);
	expect_silence(test);
}

/* What is not followed is bounded, but no kind of failure hides another. */
static void unmarked_failures_are_bounded_by_kind(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	int i;

	for (i = 0; i < 1000; i++)
		page_pinner_mark(folio, 1);
	/* two seconds' worth, if one begins meanwhile; others have had some of it */
	KUNIT_EXPECT_GE(test, ear.nr, 100);
	KUNIT_EXPECT_LE(test, ear.nr, 400);
	hear_nothing();

	page_pinner_failed(folio, PAGE_PINNER_OTHER, 1);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_FAIL)->fail.kind, PAGE_PINNER_NOT_LRU);
	folio_put(folio);
	expect_silence(test);
}

static void writeback_is_told_from_off_the_lru(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	folio_set_lru(folio);
	set_bit(PG_writeback, &folio->flags);
	page_pinner_failed(folio, PAGE_PINNER_OTHER, 1);
	clear_bit(PG_writeback, &folio->flags);
	folio_clear_lru(folio);
	KUNIT_EXPECT_EQ(test, heard_one(test, HEARD_FAIL)->fail.kind,
			PAGE_PINNER_WRITEBACK);
	folio_put(folio);
	expect_silence(test);
}

static void set_mapped(struct folio *folio, bool mapped)
{
	if (mapped)
		folio_get(folio);
	atomic_set(&folio->_mapcount, mapped ? 0 : -1);
	if (!mapped)
		folio_put(folio);
}

/*
 * The kind of failure after so many tries, during which an anonymous folio was
 * still mapped or, as it ought to be, was not.  After them it is.
 */
static u8 kind_of_vain_migration(struct kunit *test, int tries, bool still_mapped)
{
	struct folio *folio = folio_new(test, 0);
	LIST_HEAD(folios);
	u8 kind;
	int i;

	folio->mapping = (void *)PAGE_MAPPING_ANON;
	if (still_mapped)
		set_mapped(folio, true);
	for (i = 0; i < tries; i++)
		page_pinner_try_failed(folio, -EAGAIN);
	if (!still_mapped)
		set_mapped(folio, true);
	list_add(&folio->lru, &folios);
	page_pinner_migrate_failed(&folios, MR_SYSCALL, -EAGAIN);
	list_del(&folio->lru);
	kind = heard_one(test, HEARD_FAIL)->fail.kind;
	set_mapped(folio, false);
	folio->mapping = NULL;
	folio_put(folio);
	expect_silence(test);
	return kind;
}

static void counts_that_agree_are_suspect_after_three_tries(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kind_of_vain_migration(test, 2, false), PAGE_PINNER_BUSY);
	KUNIT_EXPECT_EQ(test, kind_of_vain_migration(test, 3, false),
			PAGE_PINNER_NO_EXTRA_REF);
}

static void still_mapped_is_no_accounting_bug(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, kind_of_vain_migration(test, 10, true), PAGE_PINNER_BUSY);
}

static void repeats_are_told_at_powers_of_two(struct kunit *test)
{
	static const u32 told[] = { 0, 1, 2, 4, 8, 16, 32 };
	struct folio *folio = folio_new(test, 0);
	int i;

	for (i = 0; i < 40; i++)
		page_pinner_mark(folio, 0);
	KUNIT_ASSERT_EQ(test, ear.nr, ARRAY_SIZE(told));
	for (i = 0; i < ARRAY_SIZE(told); i++) {
		KUNIT_EXPECT_EQ(test, ear.events[i].type, HEARD_FAIL);
		KUNIT_EXPECT_EQ(test, ear.events[i].fail.repeats, told[i]);
		KUNIT_EXPECT_EQ(test, ear.events[i].fail.id, ear.events[0].fail.id);
		KUNIT_EXPECT_EQ(test, ear.events[i].fail.marked,
				i ? PAGE_PINNER_MARK_AGAIN : PAGE_PINNER_MARK_NEW);
	}
	expect_freed(test, folio, ear.events[0].fail.id);
}

static void generations_have_ids_of_their_own(struct kunit *test)
{
	u32 last = 0;
	int i;

	for (i = 0; i < 20; i++) {
		struct folio *folio = folio_new(test, 0);
		u32 id = mark(test, folio);

		KUNIT_EXPECT_GT(test, id, last);
		last = id;
		expect_freed(test, folio, id);
	}
}

static void clear_ends_the_mark(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	unsigned long pfn = folio_pfn(folio);
	u32 id = mark(test, folio);
	const struct heard *heard;

	page_pinner_clear(pfn + 1, pfn + 2);
	expect_silence(test);
	page_pinner_clear(pfn, pfn + 1);
	heard = heard_one(test, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, heard->unmark.why, PAGE_PINNER_CLEARED);
	KUNIT_EXPECT_EQ(test, heard->unmark.id, id);
	KUNIT_EXPECT_EQ(test, heard->unmark.refcount, 1);
	folio_get(folio);
	folio_put(folio);
	folio_put(folio);
	expect_silence(test);
}

static void mark_settles_when_references_are_gone(struct kunit *test)
{
	struct file *file;
	struct folio *folio = shmem_folio_new(test, &file);
	u32 id;

	folio_get(folio);
	KUNIT_ASSERT_EQ(test, folio_ref_count(folio), 3);
	page_pinner_mark(folio, 1);
	id = heard_one(test, HEARD_FAIL)->fail.id;

	folio_put(folio);
	expect_ref(test, -1, 2, id);
	folio_put(folio);
	/* the page cache alone is left, and is expected */
	KUNIT_ASSERT_EQ(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].type, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.refcount, 1);
	KUNIT_EXPECT_EQ(test, ear.events[1].type, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.why, PAGE_PINNER_SETTLED);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.id, id);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.logged, 2);
	hear_nothing();
	fput(file);
}

/* === Operations =========================================================== */

struct op {
	const char *name;
	int before;	/* references when marked */
	int (*fn)(struct folio *folio);	/* what the primitive returned */
	int returns;
	int deltas[3];	/* of the events, in order; 0 ends the list */
};

static int op_get_page(struct folio *folio)
{
	get_page(&folio->page);
	return 0;
}

static int op_folio_get(struct folio *folio)
{
	folio_get(folio);
	return 0;
}

static int op_try_get(struct folio *folio)
{
	return folio_try_get(folio);
}

static int op_try_get_page(struct folio *folio)
{
	return try_get_page(&folio->page);
}

static int op_get_page_unless_zero(struct folio *folio)
{
	return get_page_unless_zero(&folio->page);
}

static int op_ref_add(struct folio *folio)
{
	page_ref_add(&folio->page, 5);
	return 0;
}

static int op_bias(struct folio *folio)
{
	folio_ref_add(folio, GUP_PIN_COUNTING_BIAS);
	return 0;
}

static int op_ref_inc(struct folio *folio)
{
	page_ref_inc(&folio->page);
	return 0;
}

static int op_inc_return(struct folio *folio)
{
	return page_ref_inc_return(&folio->page);
}

static int op_add_unless(struct folio *folio)
{
	return page_ref_add_unless(&folio->page, 2, 0);
}

static int op_add_unless_not(struct folio *folio)
{
	return page_ref_add_unless(&folio->page, 2, 3);
}

static int op_put_page(struct folio *folio)
{
	put_page(&folio->page);
	return 0;
}

static int op_folio_put(struct folio *folio)
{
	folio_put(folio);
	return 0;
}

static int op_put_refs(struct folio *folio)
{
	folio_put_refs(folio, 2);
	return 0;
}

static int op_ref_sub(struct folio *folio)
{
	page_ref_sub(&folio->page, 2);
	return 0;
}

static int op_ref_dec(struct folio *folio)
{
	page_ref_dec(&folio->page);
	return 0;
}

static int op_dec_return(struct folio *folio)
{
	return page_ref_dec_return(&folio->page);
}

static int op_dec_and_test(struct folio *folio)
{
	return page_ref_dec_and_test(&folio->page);
}

static int op_sub_and_test(struct folio *folio)
{
	return page_ref_sub_and_test(&folio->page, 2);
}

static int op_sub_return(struct folio *folio)
{
	return folio_ref_sub_return(folio, 2);
}

static int op_release_pages(struct folio *folio)
{
	struct page *pages[] = { &folio->page };

	release_pages(pages, ARRAY_SIZE(pages));
	return 0;
}

static int op_release_pages_twice(struct folio *folio)
{
	struct page *pages[] = { &folio->page, &folio->page };

	release_pages(pages, ARRAY_SIZE(pages));
	return 0;
}

static int op_folios_put(struct folio *folio)
{
	struct folio_batch batch;

	folio_batch_init(&batch);
	folio_batch_add(&batch, folio);
	folios_put(&batch);
	return 0;
}

static int op_freeze(struct folio *folio)
{
	int frozen = folio_ref_freeze(folio, 3);

	if (frozen)
		folio_ref_unfreeze(folio, 4);
	return frozen;
}

static int op_freeze_not(struct folio *folio)
{
	return folio_ref_freeze(folio, 2);
}

static int op_frozen_try_get(struct folio *folio)
{
	int got;

	if (!folio_ref_freeze(folio, 3))
		return -1;
	got = folio_try_get(folio);
	folio_ref_unfreeze(folio, 3);
	return got;
}

static const struct op ops[] = {
	{ "get_page", 3, op_get_page, 0, { 1 } },
	{ "folio_get", 3, op_folio_get, 0, { 1 } },
	{ "folio_try_get", 3, op_try_get, true, { 1 } },
	{ "try_get_page", 3, op_try_get_page, true, { 1 } },
	{ "get_page_unless_zero", 3, op_get_page_unless_zero, true, { 1 } },
	{ "page_ref_add", 3, op_ref_add, 0, { 5 } },
	{ "folio_ref_add by the pin bias", 3, op_bias, 0, { GUP_PIN_COUNTING_BIAS } },
	{ "page_ref_inc", 3, op_ref_inc, 0, { 1 } },
	{ "page_ref_inc_return", 3, op_inc_return, 4, { 1 } },
	{ "page_ref_add_unless", 3, op_add_unless, true, { 2 } },
	{ "failed page_ref_add_unless", 3, op_add_unless_not, false, { } },
	{ "put_page", 3, op_put_page, 0, { -1 } },
	{ "folio_put", 3, op_folio_put, 0, { -1 } },
	{ "folio_put_refs", 3, op_put_refs, 0, { -2 } },
	{ "page_ref_sub", 3, op_ref_sub, 0, { -2 } },
	{ "page_ref_dec", 3, op_ref_dec, 0, { -1 } },
	{ "page_ref_dec_return", 3, op_dec_return, 2, { -1 } },
	{ "page_ref_dec_and_test", 3, op_dec_and_test, false, { -1 } },
	{ "page_ref_sub_and_test", 3, op_sub_and_test, false, { -2 } },
	{ "folio_ref_sub_return", 3, op_sub_return, 1, { -2 } },
	{ "release_pages", 3, op_release_pages, 0, { -1 } },
	{ "release_pages of one page twice", 3, op_release_pages_twice, 0, { -1, -1 } },
	{ "folios_put", 3, op_folios_put, 0, { -1 } },
	{ "freeze and unfreeze", 3, op_freeze, true, { -3, 4 } },
	{ "failed freeze", 3, op_freeze_not, false, { } },
	{ "folio_try_get while frozen", 3, op_frozen_try_get, false, { -3, 3 } },
};

static void op_name(const struct op *op, char *desc)
{
	strscpy(desc, op->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(op, ops, op_name);

/* On single pages and on large folios: exactly the events of the table. */
static void op_is_logged_once(struct kunit *test)
{
	const struct op *op = test->param_value;
	unsigned int order, i;

	for (order = 0; order <= 2; order += 2) {
		struct folio *folio = folio_new(test, order);
		int count = op->before;
		u32 id;

		folio_ref_add(folio, count - 1);
		id = mark(test, folio);
		KUNIT_EXPECT_EQ(test, op->fn(folio), op->returns);

		for (i = 0; i < ARRAY_SIZE(op->deltas) && op->deltas[i]; i++) {
			const struct page_pinner_ref *ref = &ear.events[i].ref;

			KUNIT_ASSERT_GT(test, ear.nr, i);
			count += op->deltas[i];
			KUNIT_EXPECT_EQ(test, ear.events[i].type,
					op->deltas[i] < 0 ? HEARD_PUT : HEARD_GET);
			KUNIT_EXPECT_EQ(test, ref->delta, op->deltas[i]);
			KUNIT_EXPECT_EQ(test, ref->refcount, count);
			KUNIT_EXPECT_EQ(test, ref->id, id);
			KUNIT_EXPECT_EQ(test, ref->order, order);
			KUNIT_EXPECT_EQ(test, ref->reason, PAGE_PINNER_OTHER);
			KUNIT_EXPECT_EQ(test, ref->pfn, folio_pfn(folio));
		}
		KUNIT_EXPECT_EQ(test, ear.nr, i);
		KUNIT_EXPECT_EQ(test, folio_ref_count(folio), count);

		hear_nothing();
		if (count > 1) {
			folio_put_refs(folio, count - 1);
			expect_ref(test, 1 - count, 1, id);
		}
		expect_freed(test, folio, id);
	}
}

static void unmarked_is_silent(struct kunit *test)
{
	struct folio *marked = folio_new(test, 0);
	struct folio *other;
	u32 id = mark(test, marked);
	int i;

	other = folio_new(test, 0);
	folio_ref_add(other, 2);
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		ops[i].fn(other);
		KUNIT_EXPECT_GT(test, folio_ref_count(other), 0);
		folio_ref_add(other, 3 - folio_ref_count(other));
	}
	folio_put_refs(other, 3);
	expect_silence(test);

	hear_folio(marked);
	expect_freed(test, marked, id);
}

static void tail_is_logged_on_the_head(struct kunit *test)
{
	struct folio *folio = folio_new(test, 2);
	u32 id = mark(test, folio);

	get_page(folio_page(folio, 3));
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.pfn, folio_pfn(folio));
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.order, 2);
	expect_ref(test, 1, 2, id);
	put_page(folio_page(folio, 1));
	expect_ref(test, -1, 1, id);
	expect_freed(test, folio, id);
}

/* A page with a type has no mapcount to ask for, and asking would warn. */
static void typed_page_is_followed_without_warning(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct heard *heard;
	u32 id;

	__SetPageOffline(&folio->page);
	page_pinner_mark(folio, 0);
	heard = heard_one(test, HEARD_FAIL);
	KUNIT_EXPECT_EQ(test, heard->fail.mapcount, 0);
	id = heard->fail.id;
	folio_get(folio);
	expect_ref(test, 1, 2, id);
	folio_put(folio);
	expect_ref(test, -1, 1, id);
	__ClearPageOffline(&folio->page);
	expect_freed(test, folio, id);
}

/* === Bounds =============================================================== */

static void max_marked_refuses_and_counts(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	u32 max = page_pinner_ctl.max_marked;
	const struct heard *heard;

	WRITE_ONCE(page_pinner_ctl.max_marked, page_pinner_marked());
	page_pinner_mark(folio, 0);
	WRITE_ONCE(page_pinner_ctl.max_marked, max);

	heard = heard_one(test, HEARD_FAIL);
	KUNIT_EXPECT_EQ(test, heard->fail.marked, PAGE_PINNER_MARK_REFUSED);
	KUNIT_EXPECT_EQ(test, heard->fail.id, 0);
	folio_put(folio);
	expect_silence(test);
}

static void budget_never_drops_the_end(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	u32 max = page_pinner_ctl.max_events;
	const struct page_pinner_unmark *unmark;
	const struct heard *last;
	int i, pairs = 1000;

	WRITE_ONCE(page_pinner_ctl.max_events, 10);
	mark(test, folio);
	for (i = 0; i < pairs; i++) {
		folio_get(folio);
		folio_put(folio);
	}
	folio_put(folio);
	WRITE_ONCE(page_pinner_ctl.max_events, max);

	/* bounded by the budget and by the rates of two call sites */
	KUNIT_ASSERT_LT(test, ear.nr, MAX_HEARD);
	KUNIT_ASSERT_GE(test, ear.nr, 12);
	last = &ear.events[ear.nr - 2];
	KUNIT_EXPECT_EQ(test, last->type, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, last->ref.refcount, 0);
	KUNIT_ASSERT_EQ(test, last[1].type, HEARD_UNMARK);
	unmark = &last[1].unmark;
	KUNIT_EXPECT_EQ(test, unmark->logged, ear.nr - 1);
	KUNIT_EXPECT_EQ(test, unmark->logged + unmark->dropped, 2 * pairs + 1);
	hear_nothing();
}

/* === Ranges =============================================================== */

/* A set of one range, for kfree(). */
struct page_pinner_ranges *ranges_new(struct kunit *test, unsigned long start,
				      unsigned long end)
{
	struct page_pinner_ranges *ranges;

	ranges = kzalloc(struct_size(ranges, range, 1), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, ranges);
	ranges->nr = 1;
	ranges->range[0].start = start;
	ranges->range[0].end = end;
	return ranges;
}

/* Such a set, installed as debugfs would do. */
void set_range_of(struct kunit *test, struct page_pinner_ranges __rcu **set,
		  unsigned long start, unsigned long end)
{
	struct page_pinner_ranges *ranges = ranges_new(test, start, end);

	if (set == &page_pinner_ctl.watch)
		page_pinner_gate_watch(ranges, true);
	rcu_assign_pointer(*set, ranges);
	if (set == &page_pinner_ctl.watch) {
		WRITE_ONCE(page_pinner_ctl.watch_start, 0);
		WRITE_ONCE(page_pinner_ctl.watch_end, end);
	}
}

/* The range that is heard. */
void set_range(struct kunit *test, struct page_pinner_ranges __rcu **set)
{
	set_range_of(test, set, ear.start, ear.end);
}

void unset_range(struct page_pinner_ranges __rcu **set)
{
	struct page_pinner_ranges *ranges;

	if (set == &page_pinner_ctl.watch)
		WRITE_ONCE(page_pinner_ctl.watch_end, 0);
	ranges = rcu_replace_pointer(*set, NULL, true);
	if (set == &page_pinner_ctl.watch)
		page_pinner_gate_watch(NULL, false);
	synchronize_rcu();
	kfree(ranges);
}

static void watched_range_is_logged(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	const struct heard *heard;

	set_range(test, &page_pinner_ctl.watch);
	folio_get(folio);
	heard = heard_one(test, HEARD_GET);
	KUNIT_EXPECT_EQ(test, heard->ref.id, 0);
	KUNIT_EXPECT_EQ(test, heard->ref.reason, PAGE_PINNER_WATCH);
	KUNIT_EXPECT_EQ(test, heard->ref.refcount, 2);

	folio_put_refs(folio, 2);
	unset_range(&page_pinner_ctl.watch);
	/* what follows is the page's next life, if it had one already */
	KUNIT_ASSERT_GE(test, ear.nr, 2);
	KUNIT_EXPECT_EQ(test, ear.events[0].type, HEARD_PUT);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.refcount, 0);
	KUNIT_EXPECT_EQ(test, ear.events[0].ref.delta, -2);
	KUNIT_EXPECT_EQ(test, ear.events[1].type, HEARD_UNMARK);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.id, 0);
	KUNIT_EXPECT_EQ(test, ear.events[1].unmark.why, PAGE_PINNER_FREED);
	hear_nothing();
}

static void watched_tail_watches_the_folio(struct kunit *test)
{
	struct folio *folio = folio_new(test, 2);

	/* the last page alone is watched */
	ear.start = ear.end - 1;
	set_range(test, &page_pinner_ctl.watch);
	ear.start = folio_pfn(folio);
	folio_get(folio);
	unset_range(&page_pinner_ctl.watch);
	expect_ref(test, 1, 2, 0);
	folio_put_refs(folio, 2);
	expect_silence(test);
}

static void failure_outside_the_filter_is_ignored(struct kunit *test)
{
	struct folio *inside = folio_new(test, 0), *outside;
	u32 id;

	set_range(test, &page_pinner_ctl.filter);
	outside = folio_new(test, 0);
	page_pinner_mark(outside, 0);
	expect_silence(test);
	hear_folio(inside);
	id = mark(test, inside);
	unset_range(&page_pinner_ctl.filter);
	expect_freed(test, inside, id);
	folio_put(outside);
}

/* === Suite ================================================================ */

static bool listening[4];

void listen(enum heard_type type, bool on)
{
	if (listening[type] == on)
		return;
	switch (type) {
	case HEARD_FAIL:
		if (on)
			on = !register_trace_page_pinner_fail_migrate(hear_fail, NULL);
		else
			unregister_trace_page_pinner_fail_migrate(hear_fail, NULL);
		break;
	case HEARD_GET:
		if (on)
			on = !register_trace_page_pinner_get(hear_get, NULL);
		else
			unregister_trace_page_pinner_get(hear_get, NULL);
		break;
	case HEARD_PUT:
		if (on)
			on = !register_trace_page_pinner_put(hear_put, NULL);
		else
			unregister_trace_page_pinner_put(hear_put, NULL);
		break;
	case HEARD_UNMARK:
		if (on)
			on = !register_trace_page_pinner_unmark(hear_unmark, NULL);
		else
			unregister_trace_page_pinner_unmark(hear_unmark, NULL);
		break;
	}
	listening[type] = on;
}

void listen_all(bool on)
{
	listen(HEARD_UNMARK, on);
	listen(HEARD_GET, on);
	listen(HEARD_PUT, on);
	listen(HEARD_FAIL, on);
	if (!on)
		tracepoint_synchronize_unregister();
}

/* A failure whose event nobody enabled must leave no mark. */
static void reason_not_enabled_no_mark(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	int marked = page_pinner_marked();

	listen(HEARD_FAIL, false);
	page_pinner_mark(folio, 0);
	KUNIT_EXPECT_EQ(test, page_pinner_marked(), marked);
	folio_get(folio);
	folio_put(folio);
	folio_put(folio);
	expect_silence(test);
}

static void last_listener_takes_the_marks_along(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);

	mark(test, folio);
	listen_all(false);
	if (page_pinner_listeners)
		kunit_mark_skipped(test, "others listen as well");
	else
		KUNIT_EXPECT_EQ(test, page_pinner_marked(), 0);
	listen_all(true);
	hear_nothing();
	folio_get(folio);
	folio_put_refs(folio, 2);
	if (test->status != KUNIT_SKIPPED)
		expect_silence(test);
}

static int page_pinner_test_init(struct kunit *test)
{
	listen_all(true);
	if (!page_pinner_active())
		kunit_skip(test, "boot with page_pinner=on");
	return 0;
}

static void page_pinner_test_exit(struct kunit *test)
{
	WRITE_ONCE(page_pinner_interleave, NULL);
	listen_all(false);
	ear.start = 0;
	ear.end = 0;
}

static struct kunit_case page_pinner_test_cases[] = {
	KUNIT_CASE(failure_marks_and_tells),
	KUNIT_CASE(no_extra_reference_no_mark),
	/* before the next one, which uses up what may be told in a second */
	KUNIT_CASE(counts_that_agree_are_suspect_after_three_tries),
	KUNIT_CASE(unmarked_failures_are_bounded_by_kind),
	KUNIT_CASE(writeback_is_told_from_off_the_lru),
	KUNIT_CASE(still_mapped_is_no_accounting_bug),
	KUNIT_CASE(repeats_are_told_at_powers_of_two),
	KUNIT_CASE(generations_have_ids_of_their_own),
	KUNIT_CASE(clear_ends_the_mark),
	KUNIT_CASE(mark_settles_when_references_are_gone),
	KUNIT_CASE_PARAM(op_is_logged_once, op_gen_params),
	KUNIT_CASE(unmarked_is_silent),
	KUNIT_CASE(tail_is_logged_on_the_head),
	KUNIT_CASE(typed_page_is_followed_without_warning),
	KUNIT_CASE(max_marked_refuses_and_counts),
	KUNIT_CASE(budget_never_drops_the_end),
	KUNIT_CASE(watched_range_is_logged),
	KUNIT_CASE(watched_tail_watches_the_folio),
	KUNIT_CASE(failure_outside_the_filter_is_ignored),
	KUNIT_CASE(reason_not_enabled_no_mark),
	KUNIT_CASE(last_listener_takes_the_marks_along),
	{}
};

static struct kunit_suite page_pinner_test_suite = {
	.name = "page_pinner",
	.init = page_pinner_test_init,
	.exit = page_pinner_test_exit,
	.test_cases = page_pinner_test_cases,
};

static struct kunit_suite page_pinner_race_test_suite = {
	.name = "page_pinner_race",
	.init = page_pinner_test_init,
	.exit = page_pinner_test_exit,
	.test_cases = page_pinner_race_test_cases,
};

static struct kunit_suite page_pinner_account_test_suite = {
	.name = "page_pinner_account",
	.init = page_pinner_test_init,
	.exit = page_pinner_test_exit,
	.test_cases = page_pinner_account_test_cases,
};

static struct kunit_suite page_pinner_holders_test_suite = {
	.name = "page_pinner_holders",
	.init = page_pinner_test_init,
	.exit = page_pinner_test_exit,
	.test_cases = page_pinner_holders_test_cases,
};

static struct kunit_suite page_pinner_budget_test_suite = {
	.name = "page_pinner_budget",
	.init = page_pinner_test_init,
	.exit = page_pinner_test_exit,
	.test_cases = page_pinner_budget_test_cases,
};

static struct kunit_suite page_pinner_gate_test_suite = {
	.name = "page_pinner_gate",
	.init = page_pinner_test_init,
	.exit = page_pinner_test_exit,
	.test_cases = page_pinner_gate_test_cases,
};

kunit_test_suites(&page_pinner_test_suite, &page_pinner_race_test_suite,
		  &page_pinner_account_test_suite, &page_pinner_budget_test_suite,
		  &page_pinner_gate_test_suite, &page_pinner_holders_test_suite);

MODULE_DESCRIPTION("KUnit suite of page_pinner");
MODULE_LICENSE("GPL");
