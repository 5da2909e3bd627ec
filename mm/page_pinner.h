/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What mm/page_pinner.c (marks, refcount operations), mm/page_pinner_fail.c
 * (failure hooks) and mm/page_pinner_debugfs.c (controls) share.  See
 * <linux/page_pinner.h> for the interface to the rest of the kernel.
 */
#ifndef _MM_PAGE_PINNER_H
#define _MM_PAGE_PINNER_H

#include <linux/page_pinner.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct page_ext;

/**
 * struct page_pinner_mark - particulars of one mark
 * @pfn: of the marked head page; set before the mark is published
 * @start_ns: local_clock() at the failure
 * @id: number of the mark, never 0
 * @low: lowest refcount seen since
 * @logged: get and put events emitted
 * @dropped: get and put events suppressed by the budget
 * @repeats: failures under this mark by reason
 * @reason: of the failure that set the mark
 *
 * @low, @logged and @dropped are updated by concurrent hooks; a lost update
 * of @low costs one event more, the counters are atomic.
 */
struct page_pinner_mark {
	unsigned long pfn;
	u64 start_ns;
	u32 id;
	int low;
	atomic_t logged;
	atomic_t dropped;
	u32 repeats[NR_PAGE_PINNER_REASONS];
	u8 reason;
};

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

/* No more marks than this, whatever max_marked says. */
#define PAGE_PINNER_MAX_MARKED	16384U

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

/**
 * enum page_pinner_stat_item - what the debugfs file "stats" counts
 * @PAGE_PINNER_STAT_FAILED: failure events emitted
 * @PAGE_PINNER_STAT_REPEATED: failures of a marked folio not emitted again
 * @PAGE_PINNER_STAT_UNMARKED_DROPPED: failures without mark over their rate
 * @PAGE_PINNER_STAT_MARKED: marks set
 * @PAGE_PINNER_STAT_REFUSED: marks refused for lack of budget
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

bool page_pinner_ranges_hit(struct page_pinner_ranges __rcu **rp,
			    unsigned long pfn, unsigned int order);
int page_pinner_expected(struct folio *folio);
struct page_pinner_mark *page_pinner_mark_set(struct page_ext *page_ext,
					      struct folio *folio, u8 reason,
					      bool *new);
void page_pinner_mark_end(struct page_ext *page_ext, struct page_pinner_mark *mark,
			  int refcount, u8 order, u8 why);
void page_pinner_clear(unsigned long start, unsigned long end);
int page_pinner_marked(void);

#ifdef CONFIG_DEBUG_FS
void page_pinner_debugfs_init(void);
#else
static inline void page_pinner_debugfs_init(void)
{
}
#endif

#endif /* _MM_PAGE_PINNER_H */
