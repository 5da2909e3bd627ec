/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace events of page_pinner: which folio could not be migrated, and every
 * change of its refcount from then on.  See Documentation/mm/page_pinner.rst
 * for use and mm/page_pinner.c for the implementation.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM page_pinner

#if !defined(_TRACE_PAGE_PINNER_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_PAGE_PINNER_H

#include <linux/page_pinner.h>
#include <linux/page_pinner_types.h>
#include <linux/tracepoint.h>

/**
 * DOC: The contract of the page_pinner trace events
 *
 * Life of a mark
 *	A page_pinner_fail_* event with marked=new starts a mark and carries
 *	a fresh @id.  While the mark lives, each successful change of the
 *	folio's refcount emits one page_pinner_get or page_pinner_put with
 *	that @id.  One page_pinner_unmark ends it.  @id is never 0 for a mark
 *	and grows with each mark, so two generations of one PFN never share
 *	one.  Folios in a watched range emit the same events before any
 *	failure, with id=0 and reason=watch.
 *
 * Exactness
 *	@refcount of get and put is what the atomic operation itself returned,
 *	not a later read.  Two CPUs may write their events in the other order
 *	than their operations took: (refcount - delta) of an event is the
 *	count that the operation found, so the true order of one folio's
 *	events can be restored.  An operation that had already looked for the
 *	mark when the mark was set is not logged: the chain of counts then
 *	shows a gap right after the failure.
 *
 * What is accounted for
 *	@expected of get, put and unmark is what mappings, caches and private
 *	data account for at that moment; (refcount - expected) is held by
 *	somebody else.  It is read beside the atomic operation and not with
 *	it: another CPU in between makes it one off for one event.  -1 stands
 *	where there is no rule: pages with a type other than hugetlb, with
 *	movable operations, and tail pages.
 *
 * Numbers
 *	@seq counts the operations under one mark from 1, whether their events
 *	were written, suppressed by the budget of the mark, or enabled by
 *	nobody; the unmark has the last number.  So a number that is missing
 *	is an operation that the recording does not know of, unless @skipped
 *	has grown by as many: of a folio that is used again and again, what one
 *	task took and gave back is counted there, where it left the count and
 *	@expected as they were.  An event may be
 *	written after one with a higher number, even after the unmark.  0 is
 *	not a number: folios that are only watched have it, and, with @id
 *	set, operations that overlap the end of their mark.
 *
 * Values
 *	All numbers of enums are append-only.  No field is a kernel address.
 *	@pfn is always that of the head page.  @flags is printed as a number
 *	and not by name, since what reads text has to find the end of a field
 *	and the same words in each kernel; the bits are those of the kernel
 *	that wrote them, see enum pageflags.
 */

/*
 * Each list is expanded twice: once to export the numbers to trace parsers,
 * once as the table of __print_symbolic().
 */
#define PAGE_PINNER_REASONS						\
	EM(PAGE_PINNER_WATCH,		"watch")			\
	EM(PAGE_PINNER_ALLOC_CONTIG,	"alloc_contig")			\
	EM(PAGE_PINNER_COMPACTION,	"compaction")			\
	EM(PAGE_PINNER_LONGTERM_PIN,	"longterm_pin")			\
	EM(PAGE_PINNER_MEMORY_HOTPLUG,	"memory_hotplug")		\
	EM(PAGE_PINNER_MEMORY_FAILURE,	"memory_failure")		\
	EM(PAGE_PINNER_SYSCALL,		"syscall")			\
	EM(PAGE_PINNER_MEMPOLICY_MBIND,	"mempolicy_mbind")		\
	EM(PAGE_PINNER_NUMA_MISPLACED,	"numa_misplaced")		\
	EM(PAGE_PINNER_DEMOTION,	"demotion")			\
	EM(PAGE_PINNER_DAMON,		"damon")			\
	EM(PAGE_PINNER_OTHER,		"other")			\
	EMe(PAGE_PINNER_DEVICE,		"device")

#define PAGE_PINNER_KINDS						\
	EM(PAGE_PINNER_EXTRA_REF,	"extra_ref")			\
	EM(PAGE_PINNER_NOT_LRU,		"not_lru")			\
	EM(PAGE_PINNER_LOCKED,		"locked")			\
	EM(PAGE_PINNER_WRITEBACK,	"writeback")			\
	EM(PAGE_PINNER_BUFFERS,		"buffers")			\
	EM(PAGE_PINNER_NO_MEMORY,	"no_memory")			\
	EM(PAGE_PINNER_SPLIT,		"split")			\
	EM(PAGE_PINNER_UNMOVABLE,	"unmovable")			\
	EM(PAGE_PINNER_BUSY,		"busy")				\
	EM(PAGE_PINNER_NO_EXTRA_REF,	"no_extra_ref")			\
	EMe(PAGE_PINNER_NOFS,		"nofs")

#define PAGE_PINNER_MARKS						\
	EM(PAGE_PINNER_MARK_NO,		"no")				\
	EM(PAGE_PINNER_MARK_NEW,	"new")				\
	EM(PAGE_PINNER_MARK_AGAIN,	"again")			\
	EM(PAGE_PINNER_MARK_REFUSED,	"refused")			\
	EMe(PAGE_PINNER_MARK_NO_PAGE_EXT, "no_page_ext")

#define PAGE_PINNER_WHYS						\
	EM(PAGE_PINNER_FREED,		"freed")			\
	EM(PAGE_PINNER_SETTLED,		"settled")			\
	EMe(PAGE_PINNER_CLEARED,	"cleared")

#define PAGE_PINNER_CTXS						\
	EM(PAGE_PINNER_CTX_TASK,	"task")				\
	EM(PAGE_PINNER_CTX_SOFTIRQ,	"softirq")			\
	EM(PAGE_PINNER_CTX_HARDIRQ,	"hardirq")			\
	EMe(PAGE_PINNER_CTX_NMI,	"nmi")

#undef EM
#undef EMe
#define EM(a, b)	TRACE_DEFINE_ENUM(a);
#define EMe(a, b)	TRACE_DEFINE_ENUM(a);

PAGE_PINNER_REASONS
PAGE_PINNER_KINDS
PAGE_PINNER_MARKS
PAGE_PINNER_WHYS
PAGE_PINNER_CTXS

#undef EM
#undef EMe
#define EM(a, b)	{ a, b },
#define EMe(a, b)	{ a, b }

/**
 * DOC: Events page_pinner_fail_*: a folio could not be migrated, isolated or freed
 *
 * Emitted by mm/page_pinner_fail.c after the mark, if any, is set.  Context
 * is that of the failing code: process context, for compaction also under
 * lruvec->lru_lock with interrupts off.  A marked folio cannot go away
 * meanwhile, but its counts can change while they are read.
 *
 * Fields:
 *	@pfn:		of the head page
 *	@id:		of the mark; 0 if the folio is not marked
 *	@refcount:	references at the decision, the failing code's own
 *			included
 *	@expected:	references at which it would have succeeded; what is
 *			above it is unexpected
 *	@mapcount:	page table mappings of the whole folio
 *	@pincount:	FOLL_PIN references; for small folios refcount / 1024
 *			and so fuzzy, exact for large folios
 *	@order:		of the folio
 *	@reason:	who wanted to migrate, &enum page_pinner_reason
 *	@kind:		why it failed, &enum page_pinner_kind
 *	@marked:	what became of the mark, &enum page_pinner_marked
 *	@repeats:	failures of this reason that this mark has seen before
 *			this one; events are emitted for the first and then
 *			for every power of two
 *	@nid:		NUMA node
 *	@mt:		migratetype of the pageblock, an enum migratetype
 *	@flags:		page flags of the head page
 *	@own:		references of the failing code that @expected includes
 *	@refcount_now:	references when the mark was set or met again, else
 *			when the event was written: where the failure is told
 *			from a note of an earlier try, @refcount is older.
 *			An operation that found the mark before the counts were
 *			read is among them and has an event as well
 *	@expected_now:	what mappings, caches and private data accounted for
 *			at that time, without @own; -1 where there is no rule
 */
DECLARE_EVENT_CLASS(page_pinner_fail,

	TP_PROTO(const struct page_pinner_fail *fail),

	TP_ARGS(fail),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long, flags)
		__field(unsigned int, id)
		__field(int, refcount)
		__field(int, expected)
		__field(int, mapcount)
		__field(int, pincount)
		__field(unsigned int, repeats)
		__field(int, nid)
		__field(unsigned char, order)
		__field(unsigned char, reason)
		__field(unsigned char, kind)
		__field(unsigned char, marked)
		__field(unsigned char, mt)
		__field(int, own)
		__field(int, refcount_now)
		__field(int, expected_now)
	),

	TP_fast_assign(
		__entry->pfn = fail->pfn;
		__entry->flags = fail->flags;
		__entry->id = fail->id;
		__entry->refcount = fail->refcount;
		__entry->expected = fail->expected;
		__entry->mapcount = fail->mapcount;
		__entry->pincount = fail->pincount;
		__entry->repeats = fail->repeats;
		__entry->nid = fail->nid;
		__entry->order = fail->order;
		__entry->reason = fail->reason;
		__entry->kind = fail->kind;
		__entry->marked = fail->marked;
		__entry->mt = fail->mt;
		__entry->own = fail->own;
		__entry->refcount_now = fail->refcount_now;
		__entry->expected_now = fail->expected_now;
	),

	TP_printk("pfn=0x%lx order=%u refcount=%d expected=%d mapcount=%d pincount=%d reason=%s kind=%s id=%u marked=%s repeats=%u nid=%d mt=%u flags=0x%lx own=%d refcount_now=%d expected_now=%d",
		__entry->pfn, __entry->order, __entry->refcount,
		__entry->expected, __entry->mapcount, __entry->pincount,
		__print_symbolic(__entry->reason, PAGE_PINNER_REASONS),
		__print_symbolic(__entry->kind, PAGE_PINNER_KINDS),
		__entry->id,
		__print_symbolic(__entry->marked, PAGE_PINNER_MARKS),
		__entry->repeats, __entry->nid, __entry->mt, __entry->flags,
		__entry->own, __entry->refcount_now, __entry->expected_now)
);

#define DEFINE_PAGE_PINNER_FAIL(name)					\
	DEFINE_EVENT_FN(page_pinner_fail, name,				\
		TP_PROTO(const struct page_pinner_fail *fail),		\
		TP_ARGS(fail),						\
		page_pinner_reg, page_pinner_unreg)

/* A page of a contiguous allocation could not be taken. */
DEFINE_PAGE_PINNER_FAIL(page_pinner_fail_alloc_contig);
/* Compaction skipped the folio or failed to migrate it. */
DEFINE_PAGE_PINNER_FAIL(page_pinner_fail_compaction);
/* A FOLL_LONGTERM pin could not move the folio out of CMA or ZONE_MOVABLE. */
DEFINE_PAGE_PINNER_FAIL(page_pinner_fail_longterm_pin);
/* Memory offlining could not isolate or migrate the folio. */
DEFINE_PAGE_PINNER_FAIL(page_pinner_fail_memory_hotplug);
/* Any other migrate_reason, devices, page_pinner_mark(); @reason tells which. */
DEFINE_PAGE_PINNER_FAIL(page_pinner_fail_migrate);

/**
 * DOC: Events page_pinner_get and page_pinner_put: a marked or watched folio's refcount changed
 *
 * Emitted by the slow paths behind include/linux/page_ref.h right after the
 * atomic operation, in any context down to NMI, inside an RCU read-side
 * section.  After a put that leaves other references, the folio may already
 * be gone when the event is written: a put is sampled before the operation,
 * while its reference is still held, and a get after it.
 *
 * Fields:
 *	@pfn:		of the head page
 *	@id:		of the mark; 0 for a watched folio without a mark
 *	@refcount:	after the operation
 *	@delta:		signed, as the operation made it: a freeze from 3
 *			is -3, an unfreeze to 2 is 2
 *	@order:		of the folio
 *	@reason:	of the mark, &enum page_pinner_reason
 *	@expected:	what mappings, caches and private data account for, -1
 *			where there is no rule
 *	@mapcount:	page table mappings of the whole folio
 *	@flags:		page flags of the head page
 *	@ctx:		&enum page_pinner_ctx: but for task, the task that the
 *			event names is not the one that did it
 *	@seq:		number of the operation under its mark; 0: none
 *	@skipped:	operations under this mark that were suppressed so far
 *			because they cancel each other out
 *	@late:		1: written by a later operation of the same task; time and
 *			stack are of that one
 */
DECLARE_EVENT_CLASS(page_pinner_ref,

	TP_PROTO(const struct page_pinner_ref *ref),

	TP_ARGS(ref),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned int, id)
		__field(int, refcount)
		__field(int, delta)
		__field(unsigned char, order)
		__field(unsigned char, reason)
		__field(unsigned char, ctx)
		__field(int, expected)
		__field(int, mapcount)
		__field(unsigned int, seq)
		__field(unsigned long, flags)
		__field(unsigned int, skipped)
		__field(unsigned char, late)
	),

	TP_fast_assign(
		__entry->pfn = ref->pfn;
		__entry->id = ref->id;
		__entry->refcount = ref->refcount;
		__entry->delta = ref->delta;
		__entry->order = ref->order;
		__entry->reason = ref->reason;
		__entry->ctx = ref->ctx;
		__entry->expected = ref->expected;
		__entry->mapcount = ref->mapcount;
		__entry->seq = ref->seq;
		__entry->flags = ref->flags;
		__entry->skipped = ref->skipped;
		__entry->late = ref->late;
	),

	TP_printk("pfn=0x%lx order=%u refcount=%d delta=%d reason=%s id=%u expected=%d mapcount=%d flags=0x%lx ctx=%s seq=%u skipped=%u late=%u",
		__entry->pfn, __entry->order, __entry->refcount,
		__entry->delta,
		__print_symbolic(__entry->reason, PAGE_PINNER_REASONS),
		__entry->id, __entry->expected, __entry->mapcount,
		__entry->flags,
		__print_symbolic(__entry->ctx, PAGE_PINNER_CTXS),
		__entry->seq, __entry->skipped, __entry->late)
);

#define DEFINE_PAGE_PINNER_REF(name)					\
	DEFINE_EVENT_FN(page_pinner_ref, name,				\
		TP_PROTO(const struct page_pinner_ref *ref),		\
		TP_ARGS(ref),						\
		page_pinner_reg, page_pinner_unreg)

/* The refcount went up; delta is positive (0 is possible and logged here). */
DEFINE_PAGE_PINNER_REF(page_pinner_get);
/* The refcount went down; delta is negative. */
DEFINE_PAGE_PINNER_REF(page_pinner_put);

/**
 * DOC: Event page_pinner_unmark: a mark ended
 *
 * Emitted by the free path with the refcount at 0, by the put that settled
 * the folio, or by a write to the debugfs file "clear".  For a watched folio
 * that was never marked, why=freed with id=0 tells its generations apart.
 *
 * Fields:
 *	@pfn:		of the head page
 *	@id:		of the mark that ended; 0 if only watched
 *	@refcount:	at that time
 *	@age_ns:	time since the mark was set
 *	@logged:	get and put events that somebody had enabled and that
 *			the mark emitted so far, each of them older than this
 *			event: fewer in a recording means that some were lost.
 *			More are possible, at most one per CPU: of operations
 *			that overlap the end of the mark
 *	@dropped:	get and put events that its budget suppressed
 *	@skipped:	those of them that cancel each other out; what is left of
 *			@dropped is a loss
 *	@order:		of the folio
 *	@reason:	of the mark, &enum page_pinner_reason
 *	@why:		&enum page_pinner_why
 *	@expected:	what mappings, caches and private data accounted for,
 *			-1 where there is no rule
 *	@mapcount:	page table mappings of the whole folio
 *	@flags:		page flags of the head page
 *	@ctx:		&enum page_pinner_ctx
 *	@seq:		number of this event, the last of the mark; 0 if it
 *			was only watched
 */
TRACE_EVENT_FN(page_pinner_unmark,

	TP_PROTO(const struct page_pinner_unmark *unmark),

	TP_ARGS(unmark),

	TP_STRUCT__entry(
		__field(unsigned long, pfn)
		__field(unsigned long long, age_ns)
		__field(unsigned int, id)
		__field(int, refcount)
		__field(unsigned int, logged)
		__field(unsigned int, dropped)
		__field(unsigned char, order)
		__field(unsigned char, reason)
		__field(unsigned char, why)
		__field(unsigned char, ctx)
		__field(int, expected)
		__field(int, mapcount)
		__field(unsigned int, seq)
		__field(unsigned long, flags)
		__field(unsigned int, skipped)
	),

	TP_fast_assign(
		__entry->pfn = unmark->pfn;
		__entry->age_ns = unmark->age_ns;
		__entry->id = unmark->id;
		__entry->refcount = unmark->refcount;
		__entry->logged = unmark->logged;
		__entry->dropped = unmark->dropped;
		__entry->order = unmark->order;
		__entry->reason = unmark->reason;
		__entry->why = unmark->why;
		__entry->ctx = unmark->ctx;
		__entry->expected = unmark->expected;
		__entry->mapcount = unmark->mapcount;
		__entry->seq = unmark->seq;
		__entry->flags = unmark->flags;
		__entry->skipped = unmark->skipped;
	),

	TP_printk("pfn=0x%lx order=%u refcount=%d reason=%s id=%u why=%s age_ns=%llu logged=%u dropped=%u expected=%d mapcount=%d flags=0x%lx ctx=%s seq=%u skipped=%u",
		__entry->pfn, __entry->order, __entry->refcount,
		__print_symbolic(__entry->reason, PAGE_PINNER_REASONS),
		__entry->id,
		__print_symbolic(__entry->why, PAGE_PINNER_WHYS),
		__entry->age_ns, __entry->logged, __entry->dropped,
		__entry->expected, __entry->mapcount, __entry->flags,
		__print_symbolic(__entry->ctx, PAGE_PINNER_CTXS),
		__entry->seq, __entry->skipped),

	page_pinner_reg, page_pinner_unreg
);

#undef EM
#undef EMe

#endif /* _TRACE_PAGE_PINNER_H */

/* This part must be outside protection */
#include <trace/define_trace.h>
