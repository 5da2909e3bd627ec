/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of page_pinner share; mm/page_pinner.c tells how it works.
 * See <linux/page_pinner.h> for the interface to the rest of the kernel.
 */
#ifndef _MM_PAGE_PINNER_H
#define _MM_PAGE_PINNER_H

#include <linux/atomic.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/page_pinner_types.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct page_ext;

/* === Marks, mm/page_pinner_mark.c ========================================= */

/* No more marks than this, whatever max_marked says. */
#define PAGE_PINNER_MAX_MARKED	16384U
#define PAGE_PINNER_MAX_EVENTS	4096

/**
 * struct page_pinner_ext - what page_ext holds for each page
 * @word: slot and id of its mark, 0: no mark
 */
struct page_pinner_ext {
	unsigned long word;
};

/**
 * struct page_pinner_mark - particulars of one mark
 * @seq: its id, and the number of operations so far; closed by the unmark
 * @logged: its id, and the get and put events emitted
 * @dropped: its id, and the get and put events suppressed by the budget
 * @skipped: its id, and those of them that cancel each other out
 * @low: its id, and the lowest refcount seen since
 * @start_ns: local_clock() at the failure
 * @pfn: of the marked head page
 * @repeats: failures under this mark by reason
 * @reason: of the failure that set the mark
 *
 * The counters carry the id in their upper half, so that a hook which is late
 * does not write into those of the slot's next owner; see page_pinner_tick().
 * The others are set before the mark is published and stay.
 */
struct page_pinner_mark {
	atomic64_t seq;
	atomic64_t logged;
	atomic64_t dropped;
	atomic64_t skipped;
	atomic64_t low;
	u64 start_ns;
	unsigned long pfn;
	u32 repeats[NR_PAGE_PINNER_REASONS];
	u8 reason;
};

/**
 * struct page_pinner_found - a mark, as a page's page_ext named it
 * @mark: its slot; NULL: the page has no mark
 * @word: what page_ext held: slot and id
 * @id: number of the mark, never 0; 0 without a mark
 * @reason: of the failure that set the mark
 */
struct page_pinner_found {
	struct page_pinner_mark *mark;
	unsigned long word;
	u32 id;
	u8 reason;
};

/**
 * struct page_pinner_sample - what a page looked like at one moment
 * @flags: page flags, without zone, node and section
 * @mapping: page->mapping, never followed
 * @mapcount: page table mappings of the whole folio, 0 for pages with a type
 * @expected: references that mappings, caches and private data account for;
 *	-1 where there is no rule for this kind of page
 * @order: of the folio
 * @user: may user space or the page cache see it?
 * @hugetlb: is it a page of hugetlb?
 */
struct page_pinner_sample {
	unsigned long flags;
	unsigned long mapping;
	int mapcount;
	int expected;
	u8 order;
	bool user;
	bool hugetlb;
};

/* === Ranges and controls ================================================== */

/**
 * struct page_pinner_ranges - a set of PFN ranges, replaced as a whole
 * @rcu: readers are inside rcu_read_lock()
 * @nr: ranges in use
 * @range: first PFN and the PFN after the last
 */
struct page_pinner_ranges {
	struct rcu_head rcu;
	unsigned int nr;
	struct {
		unsigned long start;
		unsigned long end;
	} range[] __counted_by(nr);
};

/**
 * struct page_pinner_ctl - what an administrator can set
 * @max_marked: number of marks at which further ones are refused
 * @max_events: get and put events of one mark that are always logged
 * @watch: folios to follow before anything failed; NULL: none
 * @watch_start: no folio of @watch begins before this PFN
 * @watch_end: nor at or after this one; 0: none is watched
 * @filter: failures elsewhere are ignored; NULL: none is
 */
struct page_pinner_ctl {
	u32 max_marked;
	u32 max_events;
	struct page_pinner_ranges __rcu *watch;
	unsigned long watch_start;
	unsigned long watch_end;
	struct page_pinner_ranges __rcu *filter;
};

extern struct page_pinner_ctl page_pinner_ctl;

/* Number of marks by the low bits of their PFN: most folios have none there. */
#define PAGE_PINNER_FILTER	16384UL
extern atomic_t *page_pinner_filter;
extern atomic_t page_pinner_nr_marked;

/**
 * page_pinner_maybe - may a page be marked or watched?
 * @page: which
 *
 * Cheap, and right whenever it says no.  A mark that is just being set may be
 * overlooked; so may it by the full test.
 *
 * Return: false if it is neither.
 */
static __always_inline bool page_pinner_maybe(const struct page *page)
{
	unsigned long pfn;

	if (!atomic_read(&page_pinner_nr_marked) &&
	    !READ_ONCE(page_pinner_ctl.watch_end))
		return false;

	pfn = page_to_pfn(page);
	return atomic_read(&page_pinner_filter[pfn % PAGE_PINNER_FILTER]) ||
	       (pfn >= READ_ONCE(page_pinner_ctl.watch_start) &&
		pfn < READ_ONCE(page_pinner_ctl.watch_end));
}

/* === Statistics =========================================================== */

/**
 * enum page_pinner_stat_item - what the debugfs file "stats" counts
 * @PAGE_PINNER_STAT_FAILED: failure events emitted
 * @PAGE_PINNER_STAT_REPEATED: failures of a marked folio not emitted again
 * @PAGE_PINNER_STAT_UNMARKED_DROPPED: failures without mark over their rate
 * @PAGE_PINNER_STAT_MARKED: marks set
 * @PAGE_PINNER_STAT_REFUSED: marks refused for lack of budget
 * @PAGE_PINNER_STAT_NO_PAGE_EXT: marks refused for want of page_ext
 * @PAGE_PINNER_STAT_FREED: marks ended because the folio was freed
 * @PAGE_PINNER_STAT_SETTLED: marks ended because nothing unexpected was left
 * @PAGE_PINNER_STAT_CLEARED: marks ended by "clear" or for lack of listeners
 * @PAGE_PINNER_STAT_LOGGED: get and put events emitted
 * @PAGE_PINNER_STAT_DROPPED: get and put events over their budget
 * @NR_PAGE_PINNER_STATS: number of items
 *
 * The three ways a mark ends are in the order of &enum page_pinner_why.
 */
enum page_pinner_stat_item {
	PAGE_PINNER_STAT_FAILED,
	PAGE_PINNER_STAT_REPEATED,
	PAGE_PINNER_STAT_UNMARKED_DROPPED,
	PAGE_PINNER_STAT_MARKED,
	PAGE_PINNER_STAT_REFUSED,
	PAGE_PINNER_STAT_NO_PAGE_EXT,
	PAGE_PINNER_STAT_FREED,
	PAGE_PINNER_STAT_SETTLED,
	PAGE_PINNER_STAT_CLEARED,
	PAGE_PINNER_STAT_LOGGED,
	PAGE_PINNER_STAT_DROPPED,
	NR_PAGE_PINNER_STATS
};

DECLARE_PER_CPU(unsigned long [NR_PAGE_PINNER_STATS], page_pinner_stat);

static inline void page_pinner_count(enum page_pinner_stat_item item)
{
	this_cpu_inc(page_pinner_stat[item]);
}

/* === Functions ============================================================ */

bool page_pinner_ranges_hit(struct page_pinner_ranges __rcu **rp,
			    unsigned long pfn, unsigned int order);
bool page_pinner_watched(unsigned long pfn, unsigned int order);

void page_pinner_sample(const struct page *page, struct page_pinner_sample *sample);
bool page_pinner_settled(struct page *page, const struct page_pinner_sample *sample,
			 int own, int count);

int page_pinner_marks_alloc(void);
bool page_pinner_mark_find(struct page_ext *page_ext, struct page_pinner_found *found);
bool page_pinner_mark_set(struct page_ext *page_ext, struct folio *folio, u8 reason,
			  struct page_pinner_found *found, bool *new);
void page_pinner_mark_end(struct page_ext *page_ext, const struct page_pinner_found *found,
			  const struct page_pinner_sample *sample, int refcount, u8 why);
void page_pinner_unmark_watched(unsigned long pfn, const struct page_pinner_sample *sample,
				int refcount);
bool page_pinner_is_new_low(const struct page_pinner_found *found, int count);
u32 page_pinner_repeat(const struct page_pinner_found *found, u8 reason);
u32 page_pinner_tick(atomic64_t *counter, u32 id);
bool page_pinner_tally(atomic64_t *counter, u32 id, int n);
void page_pinner_clear(unsigned long start, unsigned long end);
int page_pinner_marked(void);

bool page_pinner_budget_watched(unsigned long pfn, u8 ctx);
bool page_pinner_budget_marked(const struct page_pinner_ref *ref,
			       struct page_pinner_mark *mark, bool must);
void page_pinner_budget_tell(const struct page_pinner_found *found);
void page_pinner_ref_write(struct page_pinner_ref *ref, struct page_pinner_mark *mark);

/**
 * page_pinner_ticks - the number in a counter of &struct page_pinner_mark
 * @counter: which
 *
 * Return: the lower half, without the id.
 */
static inline u32 page_pinner_ticks(const atomic64_t *counter)
{
	return atomic64_read(counter);
}

/**
 * page_pinner_blind - is this an NMI that must not look at marks?
 *
 * Where a 64-bit atomic is a spinlock, an NMI may have interrupted its owner.
 * What an NMI does to marked folios is not logged there.
 *
 * Return: true if so.
 */
static inline bool page_pinner_blind(void)
{
	return IS_ENABLED(CONFIG_GENERIC_ATOMIC64) && in_nmi();
}

/**
 * page_pinner_ctx - the context that an event names
 *
 * Return: &enum page_pinner_ctx
 */
static inline u8 page_pinner_ctx(void)
{
	if (in_nmi())
		return PAGE_PINNER_CTX_NMI;
	if (in_hardirq())
		return PAGE_PINNER_CTX_HARDIRQ;
	if (in_serving_softirq())
		return PAGE_PINNER_CTX_SOFTIRQ;
	return PAGE_PINNER_CTX_TASK;
}

/* === Interleavings, for the KUnit suite =================================== */

/**
 * enum page_pinner_point - where another CPU may come in between
 * @PAGE_PINNER_POINT_WANTED: a failure is wanted, the mark not yet looked for
 * @PAGE_PINNER_POINT_MARKED: a failure has set its mark
 * @PAGE_PINNER_POINT_FOUND: an operation has found the mark
 * @PAGE_PINNER_POINT_SAMPLED: and has sampled the folio
 * @PAGE_PINNER_POINT_DONE: and is done, but not yet logged
 * @PAGE_PINNER_POINT_ENDED: a mark has left its page's page_ext
 * @PAGE_PINNER_POINT_NOTED: a failed try has written its note
 */
enum page_pinner_point {
	PAGE_PINNER_POINT_WANTED,
	PAGE_PINNER_POINT_MARKED,
	PAGE_PINNER_POINT_FOUND,
	PAGE_PINNER_POINT_SAMPLED,
	PAGE_PINNER_POINT_DONE,
	PAGE_PINNER_POINT_ENDED,
	PAGE_PINNER_POINT_NOTED,
};

#ifdef CONFIG_PAGE_PINNER_KUNIT_TEST
extern void (*page_pinner_interleave)(enum page_pinner_point point);

static inline void page_pinner_point(enum page_pinner_point point)
{
	void (*interleave)(enum page_pinner_point) = READ_ONCE(page_pinner_interleave);

	if (unlikely(interleave))
		interleave(point);
}
#else
static inline void page_pinner_point(enum page_pinner_point point)
{
}
#endif

#endif /* _MM_PAGE_PINNER_H */
