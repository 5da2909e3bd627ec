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
	} rates[NR_PAGE_PINNER_KINDS];
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
	/* the last listener of this reason may have left since it was wanted */
	if (page_pinner_reason_wanted(fail->reason))
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

/* Where the mark of @folio is or would be; NULL: there can be none. */
static struct page_ext *page_pinner_page_ext(struct folio *folio)
{
	/*
	 * Device memory has none, except where it shares a section with RAM;
	 * nothing would end a mark there, for it is not freed to the allocator.
	 */
	if (folio_is_zone_device(folio) || page_pinner_blind())
		return NULL;
	return page_ext_get(&folio->page);
}

/* Are references to blame for a failure of this kind? */
static bool page_pinner_blames_refs(const struct page_pinner_fail *fail)
{
	switch (fail->kind) {
	case PAGE_PINNER_EXTRA_REF:
	case PAGE_PINNER_NOT_LRU:
	case PAGE_PINNER_SPLIT:
		return fail->refcount > fail->expected;
	default:
		return false;
	}
}

/* What is there now.  Of two values that belong together if it can be had. */
static void page_pinner_now(struct folio *folio, struct page_pinner_fail *fail,
			    struct page_pinner_sample *sample)
{
	int count, i;

	for (i = 0; i < 3; i++) {
		count = folio_ref_count(folio);
		page_pinner_sample(&folio->page, sample);
		fail->refcount_now = folio_ref_count(folio);
		if (fail->refcount_now == count)
			break;
	}
	fail->expected_now = sample->expected;
	fail->flags = sample->flags;
	fail->mapcount = sample->mapcount;
	fail->order = sample->order;
}

/* Report a failure that set no mark, and found none. */
static void page_pinner_report_unmarked(const struct page_pinner_fail *fail)
{
	if (page_pinner_unmarked_may_log(fail->kind))
		page_pinner_trace_fail(fail);
	else
		page_pinner_count(PAGE_PINNER_STAT_UNMARKED_DROPPED);
}

/* Mark @folio, or find its mark, and report.  RCU is held through @page_ext. */
static void page_pinner_report_marked(struct folio *folio, struct page_ext *page_ext,
				      struct page_pinner_fail *fail)
{
	struct page_pinner_sample sample;
	struct page_pinner_found found;
	bool new;

	if (!page_pinner_mark_set(page_ext, folio, fail->reason, &found, &new)) {
		fail->marked = PAGE_PINNER_MARK_REFUSED;
		page_pinner_report_unmarked(fail);
		return;
	}
	page_pinner_point(PAGE_PINNER_POINT_MARKED);
	page_pinner_now(folio, fail, &sample);
	/* not a failure of the past: let it be what the logged counts start from */
	if (fail->expected_now >= 0 && fail->expected_now + fail->own == fail->expected &&
	    fail->refcount_now > fail->expected)
		fail->refcount = fail->refcount_now;
	fail->id = found.id;
	fail->marked = new ? PAGE_PINNER_MARK_NEW : PAGE_PINNER_MARK_AGAIN;
	fail->repeats = page_pinner_repeat(&found, fail->reason);
	if (new || !fail->repeats || is_power_of_2(fail->repeats)) {
		page_pinner_budget_tell(&found);
		page_pinner_trace_fail(fail);
	} else {
		page_pinner_count(PAGE_PINNER_STAT_REPEATED);
	}

	/*
	 * The reference may have gone before the mark came, and no put will
	 * tell.  It is not enough that mappings and caches account for all:
	 * page_pinner_mark() may have been told to expect less.
	 */
	if (new && fail->refcount_now <= fail->expected &&
	    page_pinner_settled(&folio->page, &sample, fail->own, fail->refcount_now))
		page_pinner_mark_end(page_ext, &found, &sample, fail->refcount_now,
				     PAGE_PINNER_SETTLED);
}

/* Fill in what is there to be seen.  Returns false if nobody wants to know. */
static bool page_pinner_describe(struct folio *folio, struct page_pinner_fail *fail)
{
	struct page_pinner_sample sample;

	fail->pfn = folio_pfn(folio);
	fail->pincount = page_pinner_pincount(folio);
	fail->nid = folio_nid(folio);
	fail->mt = get_pageblock_migratetype(&folio->page);
	page_pinner_now(folio, fail, &sample);
	return !rcu_access_pointer(page_pinner_ctl.filter) ||
	       page_pinner_ranges_hit(&page_pinner_ctl.filter, fail->pfn, fail->order);
}

/*
 * Report that @folio failed, and mark it where references are to blame.  The
 * caller holds a reference.  @fail has reason, kind, refcount, expected and
 * own filled in, of the present or of the past.
 */
static void page_pinner_report(struct folio *folio, struct page_pinner_fail *fail)
{
	struct page_ext *page_ext;

	if (!page_pinner_describe(folio, fail))
		return;
	page_pinner_point(PAGE_PINNER_POINT_WANTED);
	if (!page_pinner_blames_refs(fail)) {
		page_pinner_report_unmarked(fail);
		return;
	}
	page_ext = page_pinner_page_ext(folio);
	if (!page_ext) {
		page_pinner_count(PAGE_PINNER_STAT_NO_PAGE_EXT);
		fail->marked = PAGE_PINNER_MARK_NO_PAGE_EXT;
		page_pinner_report_unmarked(fail);
		return;
	}
	page_pinner_report_marked(folio, page_ext, fail);
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
	unsigned long pfn;
	pid_t pid;
	int refcount;
	int expected;
	u8 kind;
	u8 agreed;		/* tries in a row that found counts in order */
};

/* Whoever sets the bit may touch the note; who finds it set does without. */
static struct {
	unsigned long busy;
	struct page_pinner_note note;
} page_pinner_notes[1 << PAGE_PINNER_NOTE_BITS];

static u8 page_pinner_kind_of_try(int err, const struct page_pinner_sample *sample)
{
	if (sample->flags & BIT(PG_writeback))
		return PAGE_PINNER_WRITEBACK;
	if (sample->flags & BIT(PG_private))
		return PAGE_PINNER_BUFFERS;
	if (err != -EAGAIN)
		return PAGE_PINNER_UNMOVABLE;
	/* the unmapping missed some of it: the counts were not asked */
	return sample->mapcount ? PAGE_PINNER_BUSY : PAGE_PINNER_NO_EXTRA_REF;
}

void __page_pinner_try_failed(struct folio *folio, int err, enum page_pinner_kind kind)
{
	struct page_pinner_note note = {
		.pfn = folio_pfn(folio),
		.pid = current->pid,
		.refcount = folio_ref_count(folio),
		.kind = kind,
	};
	typeof(page_pinner_notes[0]) *slot =
		&page_pinner_notes[hash_long(note.pfn, PAGE_PINNER_NOTE_BITS)];
	struct page_pinner_sample sample;

	page_pinner_sample(&folio->page, &sample);
	if (sample.expected < 0)
		return;
	note.expected = sample.expected + 1;
	if (note.refcount > note.expected)
		note.kind = PAGE_PINNER_EXTRA_REF;
	else if (kind == NR_PAGE_PINNER_KINDS)
		note.kind = page_pinner_kind_of_try(err, &sample);

	if (test_and_set_bit_lock(0, &slot->busy))
		return;
	if (note.kind == PAGE_PINNER_NO_EXTRA_REF) {
		note.agreed = 1;
		if (slot->note.pfn == note.pfn && slot->note.pid == note.pid)
			note.agreed = min(slot->note.agreed + 1, U8_MAX);
	}
	slot->note = note;
	page_pinner_point(PAGE_PINNER_POINT_NOTED);
	clear_bit_unlock(0, &slot->busy);
}

/* The note of this task's latest try at @pfn, if there is one; it is used up. */
static bool page_pinner_note_take(unsigned long pfn, struct page_pinner_note *note)
{
	typeof(page_pinner_notes[0]) *slot =
		&page_pinner_notes[hash_long(pfn, PAGE_PINNER_NOTE_BITS)];
	bool found;

	if (test_and_set_bit_lock(0, &slot->busy))
		return false;
	*note = slot->note;
	found = note->pfn == pfn && note->pid == current->pid;
	if (found)
		slot->note.pfn = 0;
	clear_bit_unlock(0, &slot->busy);
	return found;
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

/* Fill in kind and counts of a folio that migrate_pages() gave up. */
static void page_pinner_judge(struct folio *folio, int err,
			      struct page_pinner_fail *fail)
{
	struct page_pinner_sample sample;
	struct page_pinner_note note;
	bool noted = page_pinner_note_take(folio_pfn(folio), &note);

	page_pinner_sample(&folio->page, &sample);
	if (sample.expected < 0) {
		fail->expected = fail->refcount;
		fail->kind = PAGE_PINNER_UNMOVABLE;
		return;
	}
	fail->expected = sample.expected + fail->own;
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
}

void __page_pinner_migrate_failed(struct list_head *folios,
				  enum migrate_reason mr, int err)
{
	u8 reason = page_pinner_reason_of[mr] ?: PAGE_PINNER_OTHER;
	struct folio *folio;

	if (!page_pinner_reason_wanted(reason))
		return;

	list_for_each_entry(folio, folios, lru) {
		struct page_pinner_fail fail = { .reason = reason, .own = 1 };

		fail.refcount = folio_ref_count(folio);
		/* only our own reference is left: freed when put back */
		if (fail.refcount == 1)
			continue;
		page_pinner_judge(folio, err, &fail);
		page_pinner_report(folio, &fail);
	}
}

/* What a folio that nothing more is known of failed over. */
static u8 page_pinner_kind_of(const struct page_pinner_sample *sample, bool extra)
{
	if (sample->expected < 0)
		return PAGE_PINNER_UNMOVABLE;
	/* hugetlb's are on no LRU list by right */
	if (!sample->hugetlb && !(sample->flags & BIT(PG_lru)))
		return PAGE_PINNER_NOT_LRU;
	if (extra)
		return PAGE_PINNER_EXTRA_REF;
	if (sample->flags & BIT(PG_writeback))
		return PAGE_PINNER_WRITEBACK;
	if (sample->hugetlb)
		return PAGE_PINNER_BUSY;
	/* it has come back to its list meanwhile */
	return PAGE_PINNER_NOT_LRU;
}

static void page_pinner_report_as(struct folio *folio, enum page_pinner_reason reason,
				  int own, enum page_pinner_kind kind)
{
	struct page_pinner_fail fail = {
		.reason = reason,
		.own = own,
		.kind = kind,
		.refcount = folio_ref_count(folio),
	};
	struct page_pinner_sample sample;
	bool extra;

	page_pinner_sample(&folio->page, &sample);
	fail.expected = sample.expected < 0 ? fail.refcount : sample.expected + own;
	extra = fail.refcount > fail.expected;
	if (kind == NR_PAGE_PINNER_KINDS)
		fail.kind = page_pinner_kind_of(&sample, extra);
	else if (kind == PAGE_PINNER_EXTRA_REF && !extra)
		fail.kind = sample.expected < 0 ? PAGE_PINNER_UNMOVABLE : PAGE_PINNER_BUSY;
	page_pinner_report(folio, &fail);
}

void __page_pinner_failed(struct folio *folio, enum page_pinner_reason reason,
			  int own, enum page_pinner_kind kind)
{
	if (page_pinner_reason_wanted(reason))
		page_pinner_report_as(folio, reason, own, kind);
}

/* === Pages that somebody scans past ======================================= */

/*
 * Nobody holds a reference for us here.  One of ours, however short, can make
 * those fail who migrate or split the folio: their freeze finds it.  So look
 * first, tell from the look what sets no mark, and take a reference only where
 * one too many is there already.  A locked folio is left alone even then: it is
 * being migrated, split or read, and what it has too many is theirs.
 */

/*
 * The page to look at, or NULL: the head of a THP is scanned itself, but a scan
 * may begin inside a gigantic page.
 */
static struct page *page_pinner_scanned(struct page *page)
{
	if (!PageTail(page))
		return page;
	return PageHuge(page) ? compound_head(page) : NULL;
}

/* Is it in use by a user?  The kernel's own pages are of no interest. */
static bool page_pinner_look(const struct page *page, struct page_pinner_sample *sample)
{
	page_pinner_sample(page, sample);
	return sample->user && page_ref_count(page) > 0;
}

static bool page_pinner_may_touch(const struct page *page,
				  const struct page_pinner_sample *sample)
{
	return !(sample->flags & BIT(PG_locked)) &&
	       page_ref_count(page) > sample->expected;
}

/* Report a page that was only looked at: no mark. */
static void page_pinner_report_seen(struct page *page, enum page_pinner_reason reason,
				    enum page_pinner_kind kind,
				    const struct page_pinner_sample *sample)
{
	struct page_pinner_fail fail = {
		.reason = reason,
		.kind = kind,
		.refcount = page_ref_count(page),
		.expected = sample->expected,
	};

	/* a head when it was looked at; what became of it, the counts will show */
	if (page_pinner_describe(container_of(page, struct folio, page), &fail))
		page_pinner_report_unmarked(&fail);
}

/*
 * Report a page that seems to have a reference too many, with one of our own.
 * Return: whether it really has.
 */
static bool page_pinner_report_held(struct page *page, enum page_pinner_reason reason,
				    enum page_pinner_kind kind)
{
	struct folio *folio = folio_get_nontail_page(page);
	struct page_pinner_sample sample;
	bool blamed;

	if (!folio)
		return false;
	page_pinner_sample(&folio->page, &sample);
	blamed = sample.user && folio_ref_count(folio) > sample.expected + 1;
	if (blamed)
		page_pinner_report_as(folio, reason, 1, kind);
	folio_put(folio);
	return blamed;
}

bool __page_pinner_wants(struct page *page, enum page_pinner_reason reason)
{
	struct page_pinner_sample sample;

	if (!page_pinner_reason_wanted(reason))
		return false;
	page = page_pinner_scanned(page);
	return page && page_pinner_look(page, &sample);
}

void __page_pinner_not_lru(struct page *page, enum page_pinner_reason reason)
{
	struct page_pinner_sample sample;
	u8 kind;

	if (!page_pinner_reason_wanted(reason))
		return;
	page = page_pinner_scanned(page);
	if (!page || !page_pinner_look(page, &sample))
		return;

	kind = page_pinner_kind_of(&sample, false);
	if (sample.hugetlb && sample.order > MAX_PAGE_ORDER)
		/* whatever its counts are: what is as large is not moved */
		kind = PAGE_PINNER_UNMOVABLE;
	else if (page_pinner_may_touch(page, &sample) &&
		 page_pinner_report_held(page, reason, NR_PAGE_PINNER_KINDS))
		return;
	else if (sample.flags & BIT(PG_locked))
		kind = PAGE_PINNER_LOCKED;
	page_pinner_report_seen(page, reason, kind, &sample);
}

void __page_pinner_unmovable(struct page *page, enum page_pinner_reason reason)
{
	/* a block of CMA is refused for what it is, not for its first page */
	if (!is_migrate_cma_page(page))
		__page_pinner_not_lru(compound_head(page), reason);
}

void __page_pinner_range_busy(unsigned long start, unsigned long end,
			      enum page_pinner_reason reason)
{
	struct page_pinner_sample sample;
	bool blamed = false;
	unsigned long pfn;

	if (!page_pinner_reason_wanted(reason))
		return;

	for (pfn = start; pfn < end; pfn++) {
		struct page *page = pfn_to_online_page(pfn);

		if (!(pfn % 1024))
			cond_resched();
		if (!page || PageBuddy(page))
			continue;
		if (PageTail(page)) {
			/* of a folio that reaches into the range: once */
			if (pfn != start)
				continue;
			page = compound_head(page);
		}
		if (!page_pinner_look(page, &sample))
			continue;
		if (page_pinner_may_touch(page, &sample) &&
		    page_pinner_report_held(page, reason, PAGE_PINNER_EXTRA_REF))
			blamed = true;
		else if (pfn == start && !blamed)
			/* what comes after was not even tried: in use by right */
			page_pinner_report_seen(page, reason,
						sample.flags & BIT(PG_locked) ?
						PAGE_PINNER_LOCKED : PAGE_PINNER_BUSY,
						&sample);
	}
}

/* === For others =========================================================== */

void __page_pinner_mark(struct folio *folio, int expected)
{
	struct page_pinner_fail fail = {
		.reason = PAGE_PINNER_OTHER,
		.expected = expected,
	};
	struct page_pinner_sample sample;

	if (!page_pinner_reason_wanted(fail.reason))
		return;
	page_pinner_sample(&folio->page, &sample);
	if (sample.expected >= 0)
		fail.own = max(expected - sample.expected, 0);
	fail.refcount = folio_ref_count(folio);
	fail.kind = fail.refcount > expected ? PAGE_PINNER_EXTRA_REF :
					       PAGE_PINNER_NO_EXTRA_REF;
	page_pinner_report(folio, &fail);
}
EXPORT_SYMBOL(__page_pinner_mark);
