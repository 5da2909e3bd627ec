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
	NR_PAGE_PINNER_REASONS
};

/**
 * enum page_pinner_kind - why it failed
 * @PAGE_PINNER_EXTRA_REF: more references than expected; marked
 * @PAGE_PINNER_NOT_LRU: off the LRU: in a per-CPU batch or isolated by
 *	somebody else; marked
 * @PAGE_PINNER_LOCKED: the folio lock was held
 * @PAGE_PINNER_WRITEBACK: under writeback
 * @PAGE_PINNER_BUFFERS: buffers or private data could not be released
 * @PAGE_PINNER_NO_MEMORY: no memory for the copy, or no try was made
 * @PAGE_PINNER_SPLIT: a large folio could not be split
 * @PAGE_PINNER_UNMOVABLE: not a kind of page that can be migrated
 * @PAGE_PINNER_BUSY: still in use at the last test; marked
 * @PAGE_PINNER_NO_EXTRA_REF: it failed though the counts agree
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
