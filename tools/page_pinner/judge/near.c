// SPDX-License-Identifier: GPL-2.0
/*
 * Failures of one operation; see near.h.
 */
#include "judge/near.h"

#include "trace/event.h"

/* Failures further apart belong to different operations. */
#define APART_NS 1000000000ull
/* The same in pages: the next place that an allocator tries, a memory block. */
#define APART_ALLOC 1024
#define APART_HOTPLUG 32768

uint64_t near_last_pfn(uint64_t pfn, unsigned int order)
{
	return pfn + (1ull << (order & 63)) - 1;
}

/* Compaction, GUP and move_pages go by other lists than the order of pages. */
bool near_enough(const struct extent *extent, unsigned int reason, uint64_t pfn,
		 unsigned int order, uint64_t ts)
{
	uint64_t pages = reason == REASON_ALLOC_CONTIG ? APART_ALLOC : APART_HOTPLUG;

	if (ts > extent->last_ns + APART_NS)
		return false;
	if (reason != REASON_ALLOC_CONTIG && reason != REASON_MEMORY_HOTPLUG)
		return true;
	return near_last_pfn(pfn, order) + pages >= extent->from_pfn &&
	       pfn <= extent->to_pfn + pages;
}

void near_widen(struct extent *extent, uint64_t pfn, unsigned int order, uint64_t last_ns)
{
	if (pfn < extent->from_pfn)
		extent->from_pfn = pfn;
	if (near_last_pfn(pfn, order) > extent->to_pfn)
		extent->to_pfn = near_last_pfn(pfn, order);
	if (last_ns > extent->last_ns)
		extent->last_ns = last_ns;
}
