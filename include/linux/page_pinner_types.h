/* SPDX-License-Identifier: GPL-2.0 */
/*
 * page_pinner: what its trace events carry.  Of interest to those who emit the
 * events or listen to them from inside the kernel; the events themselves are
 * described in include/trace/events/page_pinner.h.
 */
#ifndef _LINUX_PAGE_PINNER_TYPES_H
#define _LINUX_PAGE_PINNER_TYPES_H

#include <linux/types.h>

/**
 * enum page_pinner_marked - what a failure did to the folio's mark
 * @PAGE_PINNER_MARK_NO: none set: no reference is to blame
 * @PAGE_PINNER_MARK_NEW: this failure marked the folio
 * @PAGE_PINNER_MARK_AGAIN: it was marked already, and keeps its id
 * @PAGE_PINNER_MARK_REFUSED: no mark: max_marked reached
 * @PAGE_PINNER_MARK_NO_PAGE_EXT: no mark: device memory, or other memory that
 *	has no page_ext to keep it in
 *
 * The numbers are part of the trace format: append only.
 */
enum page_pinner_marked {
	PAGE_PINNER_MARK_NO,
	PAGE_PINNER_MARK_NEW,
	PAGE_PINNER_MARK_AGAIN,
	PAGE_PINNER_MARK_REFUSED,
	PAGE_PINNER_MARK_NO_PAGE_EXT,
};

/**
 * enum page_pinner_why - why a mark ended
 * @PAGE_PINNER_FREED: the folio was freed
 * @PAGE_PINNER_SETTLED: no unexpected reference is left
 * @PAGE_PINNER_CLEARED: by a write to the debugfs file "clear", or because
 *	nobody listens any more
 *
 * The numbers are part of the trace format: append only.
 */
enum page_pinner_why {
	PAGE_PINNER_FREED,
	PAGE_PINNER_SETTLED,
	PAGE_PINNER_CLEARED,
};

/**
 * enum page_pinner_ctx - the context of an operation
 * @PAGE_PINNER_CTX_TASK: the task that the event names did it
 * @PAGE_PINNER_CTX_SOFTIRQ: a softirq did, in whichever task it found
 * @PAGE_PINNER_CTX_HARDIRQ: an interrupt did
 * @PAGE_PINNER_CTX_NMI: an NMI did
 *
 * The numbers are part of the trace format: append only.
 */
enum page_pinner_ctx {
	PAGE_PINNER_CTX_TASK,
	PAGE_PINNER_CTX_SOFTIRQ,
	PAGE_PINNER_CTX_HARDIRQ,
	PAGE_PINNER_CTX_NMI,
};

/**
 * struct page_pinner_fail - payload of the page_pinner_fail_* events
 * @pfn: of the head page
 * @flags: page flags of the head page
 * @id: of the mark, 0 if there is none
 * @refcount: references, those of the failing code included
 * @expected: references at which it would have succeeded
 * @own: references of the failing code that @expected includes
 * @refcount_now: references when the mark was set or met again
 * @expected_now: what mappings, caches and private data accounted for then,
 *	-1 where there is no rule
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
	int own;
	int refcount_now;
	int expected_now;
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
 * @flags: page flags of the head page
 * @id: of the mark, 0 for a folio that is only watched
 * @refcount: after the operation
 * @delta: of the operation
 * @expected: what mappings, caches and private data account for, -1 where
 *	there is no rule; like @flags and @mapcount sampled while the
 *	reference in question is held: before a put, after a get
 * @mapcount: page table mappings of the whole folio
 * @seq: number of the operation under its mark
 * @skipped: operations of the mark so far that were suppressed and cancel out
 * @order: of the folio
 * @reason: &enum page_pinner_reason of the mark
 * @ctx: &enum page_pinner_ctx
 * @late: written by a later operation of the same task
 */
struct page_pinner_ref {
	unsigned long pfn;
	unsigned long flags;
	u32 id;
	int refcount;
	int delta;
	int expected;
	int mapcount;
	u32 seq;
	u32 skipped;
	u8 order;
	u8 reason;
	u8 ctx;
	u8 late;
};

/**
 * struct page_pinner_unmark - payload of page_pinner_unmark
 * @pfn: of the head page
 * @flags: page flags of the head page
 * @age_ns: time since the mark was set
 * @id: of the mark, 0 for a folio that was only watched
 * @refcount: when the mark ended
 * @expected: what mappings, caches and private data accounted for then, -1
 *	where there is no rule
 * @mapcount: page table mappings of the whole folio
 * @logged: get and put events emitted under the mark
 * @dropped: get and put events that its budget suppressed
 * @skipped: those of them that cancel each other out
 * @seq: number of the unmark itself, the last of its mark
 * @order: of the folio
 * @reason: &enum page_pinner_reason of the mark
 * @why: &enum page_pinner_why
 * @ctx: &enum page_pinner_ctx
 */
struct page_pinner_unmark {
	unsigned long pfn;
	unsigned long flags;
	u64 age_ns;
	u32 id;
	int refcount;
	int expected;
	int mapcount;
	u32 logged;
	u32 dropped;
	u32 skipped;
	u32 seq;
	u8 order;
	u8 reason;
	u8 why;
	u8 ctx;
};

/* What the first and the last user of an event call; see mm/page_pinner.c. */
int page_pinner_reg(void);
void page_pinner_unreg(void);

#endif /* _LINUX_PAGE_PINNER_TYPES_H */
