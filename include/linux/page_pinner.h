/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page_pinner: find out who holds the reference that keeps a folio from being
 * migrated.  Gates and types; the work is done in mm/page_pinner.c, the trace
 * events are described in include/trace/events/page_pinner.h.
 *
 * This header is included by <linux/page_ref.h> and so by nearly everything:
 * it must stay small and must not include page_ext.h or tracepoint.h.
 */
#ifndef _LINUX_PAGE_PINNER_H
#define _LINUX_PAGE_PINNER_H

#include <linux/atomic.h>
#include <linux/jump_label.h>
#include <linux/migrate_mode.h>
#include <linux/mm_types.h>

/**
 * enum page_pinner_reason - who wanted to migrate, isolate or free the folio
 * @PAGE_PINNER_NONE: not marked; never in an event
 * @PAGE_PINNER_WATCH: nobody yet, the folio lies in a watched range
 * @PAGE_PINNER_ALLOC_CONTIG: alloc_contig_range(), so CMA and gigantic pages
 * @PAGE_PINNER_COMPACTION: compaction
 * @PAGE_PINNER_LONGTERM_PIN: a FOLL_LONGTERM pin that must migrate first
 * @PAGE_PINNER_MEMORY_HOTPLUG: memory offlining
 * @PAGE_PINNER_MEMORY_FAILURE: soft offlining of a page
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
 * @PAGE_PINNER_EXTRA_REF: more references than expected: the only kind,
 *	with @PAGE_PINNER_NOT_LRU, that marks
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
};

/**
 * enum page_pinner_marked - what a failure did to the folio's mark
 * @PAGE_PINNER_MARK_NO: none set: no reference is to blame
 * @PAGE_PINNER_MARK_NEW: this failure marked the folio
 * @PAGE_PINNER_MARK_AGAIN: it was marked already, and keeps its id
 * @PAGE_PINNER_MARK_REFUSED: no mark: max_marked reached, or no page_ext
 *
 * The numbers are part of the trace format: append only.
 */
enum page_pinner_marked {
	PAGE_PINNER_MARK_NO,
	PAGE_PINNER_MARK_NEW,
	PAGE_PINNER_MARK_AGAIN,
	PAGE_PINNER_MARK_REFUSED,
};

/**
 * enum page_pinner_why - why a mark ended
 * @PAGE_PINNER_FREED: the folio was freed
 * @PAGE_PINNER_SETTLED: no unexpected reference is left
 * @PAGE_PINNER_CLEARED: by a write to the debugfs file "clear"
 *
 * The numbers are part of the trace format: append only.
 */
enum page_pinner_why {
	PAGE_PINNER_FREED,
	PAGE_PINNER_SETTLED,
	PAGE_PINNER_CLEARED,
};

/**
 * struct page_pinner_fail - payload of the page_pinner_fail_* events
 * @pfn: of the head page
 * @flags: page flags of the head page
 * @id: of the mark, 0 if there is none
 * @refcount: references, those of the failing code included
 * @expected: references at which it would have succeeded
 * @mapcount: page table mappings of the whole folio
 * @pincount: FOLL_PIN references, fuzzy for small folios
 * @repeats: earlier failures of this reason under this mark
 * @nid: NUMA node
 * @order: of the folio
 * @reason: &enum page_pinner_reason
 * @kind: &enum page_pinner_kind
 * @marked: &enum page_pinner_marked
 * @mt: migratetype of the pageblock
 */
struct page_pinner_fail {
	unsigned long pfn;
	unsigned long flags;
	u32 id;
	int refcount;
	int expected;
	int mapcount;
	int pincount;
	u32 repeats;
	int nid;
	u8 order;
	u8 reason;
	u8 kind;
	u8 marked;
	u8 mt;
};

/**
 * struct page_pinner_ref - payload of page_pinner_get and page_pinner_put
 * @pfn: of the head page
 * @id: of the mark, 0 for a folio that is only watched
 * @refcount: after the operation
 * @delta: of the operation
 * @order: of the folio
 * @reason: &enum page_pinner_reason of the mark
 */
struct page_pinner_ref {
	unsigned long pfn;
	u32 id;
	int refcount;
	int delta;
	u8 order;
	u8 reason;
};

/**
 * struct page_pinner_unmark - payload of page_pinner_unmark
 * @pfn: of the head page
 * @age_ns: time since the mark was set
 * @id: of the mark, 0 for a folio that was only watched
 * @refcount: when the mark ended
 * @logged: get and put events emitted under the mark
 * @dropped: get and put events that its budget suppressed
 * @order: of the folio
 * @reason: &enum page_pinner_reason of the mark
 * @why: &enum page_pinner_why
 */
struct page_pinner_unmark {
	unsigned long pfn;
	u64 age_ns;
	u32 id;
	int refcount;
	u32 logged;
	u32 dropped;
	u8 order;
	u8 reason;
	u8 why;
};

struct list_head;
struct page_ext_operations;

#ifdef CONFIG_PAGE_PINNER

extern struct page_ext_operations page_pinner_ops;

/* Slow paths; see mm/page_pinner.c.  Inlined callers live in modules too. */
DECLARE_STATIC_KEY_FALSE(page_pinner_key);
int __page_pinner_mod(struct page *page, int delta);
bool __page_pinner_add_unless(struct page *page, int nr, int u);
bool __page_pinner_freeze(struct page *page, int count);
void __page_pinner_set(struct page *page, int count, bool release);
void __page_pinner_free(struct page *page, unsigned int order);
void __page_pinner_migrate_failed(struct list_head *folios,
				  enum migrate_reason reason, int err);
void __page_pinner_try_failed(struct folio *folio, int err, bool locked);
void __page_pinner_isolate_failed(struct folio *folio,
				  enum page_pinner_reason reason, int own);
void __page_pinner_check_failed(struct folio *folio,
				enum page_pinner_reason reason, int own);
void __page_pinner_not_lru(struct page *page, enum page_pinner_reason reason);
void __page_pinner_range_busy(unsigned long start, unsigned long end,
			      enum page_pinner_reason reason);
void __page_pinner_mark(struct folio *folio, int expected);
int page_pinner_reg(void);
void page_pinner_unreg(void);

/**
 * page_pinner_active - does anybody listen to the events of page_pinner?
 *
 * A static branch: true only after a boot with page_pinner=on and while at
 * least one event of the page_pinner trace system is enabled.
 *
 * Context: any.
 * Return: true if the slow paths must be taken.
 */
static __always_inline bool page_pinner_active(void)
{
	return static_branch_unlikely(&page_pinner_key);
}

/*
 * The operations of <linux/page_ref.h>.  While the key is on, the slow path
 * does the operation in place of the caller: only so is the count that it
 * left known exactly, and only so can the mark be looked up before the last
 * reference may go away.
 */

static inline void page_pinner_ref_add(struct page *page, int nr)
{
	if (page_pinner_active())
		__page_pinner_mod(page, nr);
	else
		atomic_add(nr, &page->_refcount);
}

static inline void page_pinner_ref_sub(struct page *page, int nr)
{
	if (page_pinner_active())
		__page_pinner_mod(page, -nr);
	else
		atomic_sub(nr, &page->_refcount);
}

static inline void page_pinner_ref_inc(struct page *page)
{
	if (page_pinner_active())
		__page_pinner_mod(page, 1);
	else
		atomic_inc(&page->_refcount);
}

static inline void page_pinner_ref_dec(struct page *page)
{
	if (page_pinner_active())
		__page_pinner_mod(page, -1);
	else
		atomic_dec(&page->_refcount);
}

static inline int page_pinner_ref_sub_return(struct page *page, int nr)
{
	if (page_pinner_active())
		return __page_pinner_mod(page, -nr);
	return atomic_sub_return(nr, &page->_refcount);
}

static inline int page_pinner_ref_inc_return(struct page *page)
{
	if (page_pinner_active())
		return __page_pinner_mod(page, 1);
	return atomic_inc_return(&page->_refcount);
}

static inline int page_pinner_ref_dec_return(struct page *page)
{
	if (page_pinner_active())
		return __page_pinner_mod(page, -1);
	return atomic_dec_return(&page->_refcount);
}

static inline bool page_pinner_ref_sub_and_test(struct page *page, int nr)
{
	if (page_pinner_active())
		return __page_pinner_mod(page, -nr) == 0;
	return atomic_sub_and_test(nr, &page->_refcount);
}

static inline bool page_pinner_ref_dec_and_test(struct page *page)
{
	if (page_pinner_active())
		return __page_pinner_mod(page, -1) == 0;
	return atomic_dec_and_test(&page->_refcount);
}

static inline bool page_pinner_ref_add_unless(struct page *page, int nr, int u)
{
	if (page_pinner_active())
		return __page_pinner_add_unless(page, nr, u);
	return atomic_add_unless(&page->_refcount, nr, u);
}

static inline bool page_pinner_ref_freeze(struct page *page, int count)
{
	if (page_pinner_active())
		return __page_pinner_freeze(page, count);
	return likely(atomic_cmpxchg(&page->_refcount, count, 0) == count);
}

static inline void page_pinner_ref_unfreeze(struct page *page, int count)
{
	if (page_pinner_active())
		__page_pinner_set(page, count, true);
	else
		atomic_set_release(&page->_refcount, count);
}

static inline void page_pinner_ref_set(struct page *page, int count)
{
	if (page_pinner_active())
		__page_pinner_set(page, count, false);
	else
		atomic_set(&page->_refcount, count);
}

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
	if (page_pinner_active())
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
 * page_pinner_try_failed - one try to migrate a folio failed
 * @folio: which
 * @err: 0, -EAGAIN, -EBUSY, ...; nothing is noted for 0
 * @locked: does the caller hold the folio lock?
 *
 * Notes what kept the folio from being migrated, for
 * page_pinner_migrate_failed() to report should all tries fail: by then the
 * folio is mapped and unlocked again and the cause may be gone.
 *
 * Context: process context; the caller holds the isolation reference.
 */
static inline void page_pinner_try_failed(struct folio *folio, int err, bool locked)
{
	if (page_pinner_active())
		__page_pinner_try_failed(folio, err, locked);
}

/**
 * page_pinner_isolate_failed - a folio could not be taken off its LRU list
 * @folio: which
 * @reason: on whose behalf
 * @own: references to @folio that the caller itself holds: they are expected
 *
 * Context: any; the folio must not go away meanwhile.
 */
static inline void page_pinner_isolate_failed(struct folio *folio,
					      enum page_pinner_reason reason,
					      int own)
{
	if (page_pinner_active())
		__page_pinner_isolate_failed(folio, reason, own);
}

/**
 * page_pinner_check_failed - a check of its refcount refused an isolated folio
 * @folio: which
 * @reason: on whose behalf
 * @own: references to @folio that the caller itself holds, that of the
 *	isolation included: they are expected
 *
 * For code that migrates without migrate_pages().
 *
 * Context: process context; the folio is locked and off its LRU list.
 */
static inline void page_pinner_check_failed(struct folio *folio,
					    enum page_pinner_reason reason,
					    int own)
{
	if (page_pinner_active())
		__page_pinner_check_failed(folio, reason, own);
}

/**
 * page_pinner_not_lru - a page was passed over because it is on no LRU list
 * @page: which; the caller holds no reference
 * @reason: on whose behalf
 *
 * Pages of the kernel itself are on no LRU list by right and are ignored.
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
 * all the same: memory failure, memfd seals, guest_memfd conversion, drivers.
 * Emits page_pinner_fail_migrate with reason=other, and marks the folio if it
 * has more references than @expected.
 *
 * Context: any.
 */
static inline void page_pinner_mark(struct folio *folio, int expected)
{
	if (page_pinner_active())
		__page_pinner_mark(folio, expected);
}

#else /* !CONFIG_PAGE_PINNER */

/*
 * Macros, not inline functions: another layer of inlining changes what the
 * compiler makes of the callers, and without the feature no object may differ
 * from one that never heard of it.
 */
#define page_pinner_active()			0

#define page_pinner_ref_add(page, nr)		atomic_add(nr, &(page)->_refcount)
#define page_pinner_ref_sub(page, nr)		atomic_sub(nr, &(page)->_refcount)
#define page_pinner_ref_inc(page)		atomic_inc(&(page)->_refcount)
#define page_pinner_ref_dec(page)		atomic_dec(&(page)->_refcount)
#define page_pinner_ref_sub_return(page, nr)	atomic_sub_return(nr, &(page)->_refcount)
#define page_pinner_ref_inc_return(page)	atomic_inc_return(&(page)->_refcount)
#define page_pinner_ref_dec_return(page)	atomic_dec_return(&(page)->_refcount)
#define page_pinner_ref_sub_and_test(page, nr)	atomic_sub_and_test(nr, &(page)->_refcount)
#define page_pinner_ref_dec_and_test(page)	atomic_dec_and_test(&(page)->_refcount)
#define page_pinner_ref_add_unless(page, nr, u)	atomic_add_unless(&(page)->_refcount, nr, u)
#define page_pinner_ref_freeze(page, count)	\
({						\
	int __count = (count);			\
	likely(atomic_cmpxchg(&(page)->_refcount, __count, 0) == __count); \
})
#define page_pinner_ref_unfreeze(page, count)	atomic_set_release(&(page)->_refcount, count)
#define page_pinner_ref_set(page, count)	atomic_set(&(page)->_refcount, count)

#define page_pinner_free(...)			do { } while (0)
#define page_pinner_migrate_failed(...)		do { } while (0)
#define page_pinner_try_failed(...)		do { } while (0)
#define page_pinner_isolate_failed(...)		do { } while (0)
#define page_pinner_check_failed(...)		do { } while (0)
#define page_pinner_not_lru(...)		do { } while (0)
#define page_pinner_range_busy(...)		do { } while (0)
#define page_pinner_mark(...)			do { } while (0)

#endif /* CONFIG_PAGE_PINNER */

#endif /* _LINUX_PAGE_PINNER_H */
