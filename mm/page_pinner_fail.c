// SPDX-License-Identifier: GPL-2.0
/*
 * The failure hooks of page_pinner: somebody could not migrate, isolate or
 * free a folio.  Find out why, mark the folio where a reference is to blame,
 * and emit the event of the reason.  How marks work and what these hooks may
 * do is told in mm/page_pinner.c; the hooks themselves are documented in
 * <linux/page_pinner.h>.
 */

#include <linux/hash.h>
#include <linux/hugetlb.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/sched.h>
#include <trace/events/page_pinner.h>

#include "internal.h"
#include "page_pinner.h"

/* === Reports ============================================================== */

/*
 * Failures that set no mark have no history to bound them: bound the rate.
 * Each kind by itself, or compaction without free pages would hide the rest.
 */
#define PAGE_PINNER_UNMARKED_RATE	200

static bool page_pinner_unmarked_may_log(u8 kind)
{
	static struct {
		u32 second;
		atomic_t count;
	} rates[PAGE_PINNER_NO_EXTRA_REF + 1];
	typeof(rates[0]) *rate = &rates[kind];
	u32 now = jiffies / HZ;

	if (READ_ONCE(rate->second) != now) {
		WRITE_ONCE(rate->second, now);
		atomic_set(&rate->count, 0);
	}
	return atomic_inc_return(&rate->count) <= PAGE_PINNER_UNMARKED_RATE;
}

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
			page_pinner_mark_end(page_ext, mark, count, fail->order,
					     PAGE_PINNER_SETTLED);
	} else {
		if (fail->refcount > fail->expected)
			fail->marked = PAGE_PINNER_MARK_REFUSED;
		if (page_pinner_unmarked_may_log(fail->kind))
			page_pinner_trace_fail(fail);
		else
			page_pinner_count(PAGE_PINNER_STAT_UNMARKED_DROPPED);
	}
	if (page_ext)
		page_ext_put(page_ext);
}

/* === Notes of single tries ================================================ */

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
	else if (err == -EAGAIN && folio_mapped(folio))
		/* the unmapping missed some of it: the counts were not asked */
		note.kind = PAGE_PINNER_BUSY;
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

/* === Hooks ================================================================ */

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
	else if (!folio_test_lru(folio))
		fail.kind = PAGE_PINNER_NOT_LRU;
	else if (fail.refcount > fail.expected)
		fail.kind = PAGE_PINNER_EXTRA_REF;
	else
		fail.kind = folio_test_writeback(folio) ? PAGE_PINNER_WRITEBACK :
							  PAGE_PINNER_NOT_LRU;
	page_pinner_report(folio, &fail, fail.expected);
}

void __page_pinner_check_failed(struct folio *folio,
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
	else if (fail.refcount > fail.expected)
		fail.kind = PAGE_PINNER_EXTRA_REF;
	else
		fail.kind = PAGE_PINNER_BUSY;
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

	if (!page_pinner_reason_wanted(reason))
		return;
	/* the head of a THP is seen too; a scan may begin inside a gigantic page */
	if (PageTail(page)) {
		if (!PageHuge(page))
			return;
		page = compound_head(page);
	}
	if (!page_pinner_is_user(page))
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
