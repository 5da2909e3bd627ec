/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page_pinner: find out who holds the reference that keeps a folio from being
 * migrated.  This is what code that migrates, isolates or frees folios calls;
 * the work is done in mm/page_pinner_fail.c.  The trace events are described
 * in include/trace/events/page_pinner.h, the refcount operations are in
 * <linux/page_pinner_ref.h>.
 */
#ifndef _LINUX_PAGE_PINNER_H
#define _LINUX_PAGE_PINNER_H

#include <linux/migrate_mode.h>
#include <linux/page_pinner_ref.h>

/**
 * enum page_pinner_reason - who wanted to migrate, isolate or free the folio
 * @PAGE_PINNER_NONE: not marked; never in an event
 * @PAGE_PINNER_WATCH: nobody yet, the folio lies in a watched range
 * @PAGE_PINNER_ALLOC_CONTIG: alloc_contig_range(), so CMA and gigantic pages
 * @PAGE_PINNER_COMPACTION: compaction
 * @PAGE_PINNER_LONGTERM_PIN: a FOLL_LONGTERM pin that must migrate first
 * @PAGE_PINNER_MEMORY_HOTPLUG: memory offlining
 * @PAGE_PINNER_MEMORY_FAILURE: memory failure, soft offlining
 * @PAGE_PINNER_SYSCALL: move_pages(2), migrate_pages(2) and cpusets
 * @PAGE_PINNER_MEMPOLICY_MBIND: mbind(2)
 * @PAGE_PINNER_NUMA_MISPLACED: NUMA balancing
 * @PAGE_PINNER_DEMOTION: demotion to a slower memory tier
 * @PAGE_PINNER_DAMON: a DAMON scheme
 * @PAGE_PINNER_OTHER: code outside this list, see page_pinner_mark()
 * @PAGE_PINNER_DEVICE: migration to or from a device's memory, by migrate_vma
 *	and migrate_device functions
 * @NR_PAGE_PINNER_REASONS: number of reasons, not a reason
 *
 * The numbers are part of the trace format: append only.
 */
enum page_pinner_reason {
	PAGE_PINNER_NONE,
	PAGE_PINNER_WATCH,
	PAGE_PINNER_ALLOC_CONTIG,
	PAGE_PINNER_COMPACTION,
	PAGE_PINNER_LONGTERM_PIN,
	PAGE_PINNER_MEMORY_HOTPLUG,
	PAGE_PINNER_MEMORY_FAILURE,
	PAGE_PINNER_SYSCALL,
	PAGE_PINNER_MEMPOLICY_MBIND,
	PAGE_PINNER_NUMA_MISPLACED,
	PAGE_PINNER_DEMOTION,
	PAGE_PINNER_DAMON,
	PAGE_PINNER_OTHER,
	PAGE_PINNER_DEVICE,
	NR_PAGE_PINNER_REASONS
};

/**
 * enum page_pinner_kind - why it failed
 * @PAGE_PINNER_EXTRA_REF: more references than expected
 * @PAGE_PINNER_NOT_LRU: off the LRU: in a per-CPU batch or isolated by
 *	somebody else
 * @PAGE_PINNER_LOCKED: the folio lock was held
 * @PAGE_PINNER_WRITEBACK: under writeback
 * @PAGE_PINNER_BUFFERS: buffers or private data could not be released
 * @PAGE_PINNER_NO_MEMORY: no memory for the copy, or no try was made
 * @PAGE_PINNER_SPLIT: a large folio could not be split
 * @PAGE_PINNER_UNMOVABLE: not a kind of page that can be migrated
 * @PAGE_PINNER_BUSY: in use, and nothing more could be found out
 * @PAGE_PINNER_NO_EXTRA_REF: the counts agree, and still try after try was
 *	refused: an accounting bug
 * @PAGE_PINNER_NOFS: in the page cache, and the caller may not enter a file
 *	system: its mask lacks __GFP_FS
 * @NR_PAGE_PINNER_KINDS: number of kinds, not a kind
 *
 * Only the first two and @PAGE_PINNER_SPLIT mark the folio, where it has more
 * references than expected: with the others no reference is to blame.
 *
 * The numbers are part of the trace format: append only.
 */
enum page_pinner_kind {
	PAGE_PINNER_EXTRA_REF,
	PAGE_PINNER_NOT_LRU,
	PAGE_PINNER_LOCKED,
	PAGE_PINNER_WRITEBACK,
	PAGE_PINNER_BUFFERS,
	PAGE_PINNER_NO_MEMORY,
	PAGE_PINNER_SPLIT,
	PAGE_PINNER_UNMOVABLE,
	PAGE_PINNER_BUSY,
	PAGE_PINNER_NO_EXTRA_REF,
	PAGE_PINNER_NOFS,
	NR_PAGE_PINNER_KINDS
};

struct list_head;
struct page_ext_operations;

#ifdef CONFIG_PAGE_PINNER

extern struct page_ext_operations page_pinner_ops;

void __page_pinner_free(struct page *page, unsigned int order);
void __page_pinner_migrate_failed(struct list_head *folios,
				  enum migrate_reason reason, int err);
void __page_pinner_try_failed(struct folio *folio, int err,
			      enum page_pinner_kind kind);
void __page_pinner_failed(struct folio *folio, enum page_pinner_reason reason,
			  int own, enum page_pinner_kind kind);
bool __page_pinner_wants(struct page *page, enum page_pinner_reason reason);
void __page_pinner_not_lru(struct page *page, enum page_pinner_reason reason);
void __page_pinner_unmovable(struct page *page, enum page_pinner_reason reason);
void __page_pinner_range_busy(unsigned long start, unsigned long end,
			      enum page_pinner_reason reason);
void __page_pinner_mark(struct folio *folio, int expected);
void __page_pinner_dump(const struct page *page);

/**
 * page_pinner_free - a page is being freed: its mark ends
 * @page: first page, with a refcount of 0
 * @order: of the block that is freed
 *
 * Called by every path that ends a folio's life: the page allocator's and
 * that of hugetlb, whose pages go back to a pool instead.
 *
 * Context: any, NMI included; takes no lock.
 */
static inline void page_pinner_free(struct page *page, unsigned int order)
{
	if (page_pinner_active() && unlikely(page_pinner_may(page)))
		__page_pinner_free(page, order);
}

/**
 * page_pinner_migrate_failed - migrate_pages() gives these folios up
 * @folios: list of isolated folios, linked by folio->lru
 * @reason: as passed to migrate_pages()
 * @err: what migrate_pages() will return; -ENOMEM also leaves folios on the
 *	list that were never tried
 *
 * Context: process context; the caller holds the isolation reference of each
 * folio, which the expected count includes.
 */
static inline void page_pinner_migrate_failed(struct list_head *folios,
					      enum migrate_reason reason,
					      int err)
{
	if (page_pinner_active())
		__page_pinner_migrate_failed(folios, reason, err);
}

/**
 * page_pinner_try_failed - one try to migrate a locked folio failed
 * @folio: which
 * @err: 0, -EAGAIN, -EBUSY, ...; nothing is noted for 0
 *
 * Notes what kept the folio from being migrated, for
 * page_pinner_migrate_failed() to report should all tries fail: by then the
 * folio is mapped and unlocked again and the cause may be gone.
 *
 * Context: process context; the caller holds the isolation reference and the
 * folio lock.
 */
static inline void page_pinner_try_failed(struct folio *folio, int err)
{
	if (page_pinner_active() && err)
		__page_pinner_try_failed(folio, err, NR_PAGE_PINNER_KINDS);
}

/**
 * page_pinner_lock_failed - one try to migrate a folio ended at its lock
 * @folio: which
 * @err: 0, -EAGAIN, -EBUSY, ...; nothing is noted for 0
 *
 * As page_pinner_try_failed(), for a caller that did not get the folio lock.
 *
 * Context: process context; the caller holds the isolation reference.
 */
static inline void page_pinner_lock_failed(struct folio *folio, int err)
{
	if (page_pinner_active() && err)
		__page_pinner_try_failed(folio, err, PAGE_PINNER_LOCKED);
}

/**
 * page_pinner_failed - a folio could not be taken off its LRU list
 * @folio: which
 * @reason: on whose behalf
 * @own: references to @folio that the caller itself holds: they are expected
 *
 * Finds out the kind.
 *
 * Context: any; the folio must not go away meanwhile.
 */
static inline void page_pinner_failed(struct folio *folio,
				      enum page_pinner_reason reason, int own)
{
	if (page_pinner_active())
		__page_pinner_failed(folio, reason, own, NR_PAGE_PINNER_KINDS);
}

/**
 * page_pinner_refused - a folio was refused, and the caller knows why
 * @folio: which
 * @reason: on whose behalf
 * @own: references to @folio that the caller itself holds, that of an
 *	isolation included: they are expected
 * @kind: why; %PAGE_PINNER_EXTRA_REF for a check of the refcount
 *
 * For code that migrates without migrate_pages(), and for folios that are
 * passed over for a cause that their state does not show.
 *
 * Context: any; the folio must not go away meanwhile.
 */
static inline void page_pinner_refused(struct folio *folio,
				       enum page_pinner_reason reason, int own,
				       enum page_pinner_kind kind)
{
	if (page_pinner_active())
		__page_pinner_failed(folio, reason, own, kind);
}

/**
 * page_pinner_wants - would page_pinner_not_lru() have something to tell?
 * @page: which; the caller holds no reference
 * @reason: on whose behalf
 *
 * For a caller that has to drop a lock before it may call that.  Pages of the
 * kernel itself are on no LRU list by right and are not wanted.
 *
 * Context: any.
 * Return: true if somebody listens for @reason and @page is a user's.
 */
static inline bool page_pinner_wants(struct page *page,
				     enum page_pinner_reason reason)
{
	return page_pinner_active() && __page_pinner_wants(page, reason);
}

/**
 * page_pinner_not_lru - a page was passed over because it is on no LRU list
 * @page: which; the caller holds no reference
 * @reason: on whose behalf
 *
 * Takes a reference only where one is to blame: see page_pinner_wants().
 *
 * Context: any where folio_put() may be called: not under lruvec->lru_lock.
 */
static inline void page_pinner_not_lru(struct page *page,
				       enum page_pinner_reason reason)
{
	if (page_pinner_active())
		__page_pinner_not_lru(page, reason);
}

/**
 * page_pinner_unmovable - a pageblock could not be isolated for this page
 * @page: which; the caller holds no reference
 * @reason: on whose behalf
 *
 * As page_pinner_not_lru(): a user's page is told of, for it is not unmovable
 * but merely off the LRU.
 *
 * Context: process context, no locks.
 */
static inline void page_pinner_unmovable(struct page *page,
					 enum page_pinner_reason reason)
{
	if (page_pinner_active())
		__page_pinner_unmovable(page, reason);
}

/**
 * page_pinner_range_busy - pages of an isolated range are still in use
 * @start: first PFN that is neither free nor may be passed over
 * @end: PFN after the range
 * @reason: on whose behalf
 *
 * Every folio of the range with more references than expected is reported,
 * not the first alone.
 *
 * Context: process context, no locks.
 */
static inline void page_pinner_range_busy(unsigned long start,
					  unsigned long end,
					  enum page_pinner_reason reason)
{
	if (page_pinner_active())
		__page_pinner_range_busy(start, end, reason);
}

/**
 * page_pinner_mark - follow the references of a folio for a reason of one's own
 * @folio: which; the caller holds a reference
 * @expected: number of references that the caller expects, its own included
 *
 * For code that is not one of the built-in reasons but fails over references
 * all the same: memfd seals, guest_memfd conversion, drivers.  Emits
 * page_pinner_fail_migrate with reason=other, and marks the folio if it has
 * more references than @expected.
 *
 * Context: any.
 */
static inline void page_pinner_mark(struct folio *folio, int expected)
{
	if (page_pinner_active())
		__page_pinner_mark(folio, expected);
}

/**
 * page_pinner_dump - say who holds the unexpected references of a page
 * @page: which; it is being dumped and may be anything
 *
 * Context: any where printk() may be called.
 */
static inline void page_pinner_dump(const struct page *page)
{
	if (page_pinner_active())
		__page_pinner_dump(page);
}

#else /* !CONFIG_PAGE_PINNER */

static inline void page_pinner_free(struct page *page, unsigned int order)
{
}

static inline void page_pinner_migrate_failed(struct list_head *folios,
					      enum migrate_reason reason,
					      int err)
{
}

static inline void page_pinner_try_failed(struct folio *folio, int err)
{
}

static inline void page_pinner_lock_failed(struct folio *folio, int err)
{
}

static inline void page_pinner_failed(struct folio *folio,
				      enum page_pinner_reason reason, int own)
{
}

static inline void page_pinner_refused(struct folio *folio,
				       enum page_pinner_reason reason, int own,
				       enum page_pinner_kind kind)
{
}

static inline bool page_pinner_wants(struct page *page,
				     enum page_pinner_reason reason)
{
	return false;
}

static inline void page_pinner_not_lru(struct page *page,
				       enum page_pinner_reason reason)
{
}

/*
 * Not an inline function: even an empty one changes the stack frame of the
 * caller.  The arguments are checked and never evaluated.
 */
void __page_pinner_unmovable(struct page *page, enum page_pinner_reason reason);
#define page_pinner_unmovable(page, reason)			\
do {								\
	if (0)							\
		__page_pinner_unmovable(page, reason);		\
} while (0)

static inline void page_pinner_range_busy(unsigned long start,
					  unsigned long end,
					  enum page_pinner_reason reason)
{
}

static inline void page_pinner_mark(struct folio *folio, int expected)
{
}

static inline void page_pinner_dump(const struct page *page)
{
}

#endif /* CONFIG_PAGE_PINNER */

#endif /* _LINUX_PAGE_PINNER_H */
