/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page that failed to migrate, as others than page_pinner tell it.
 */
#ifndef PAGE_PINNER_PAGE_FAILURE_H
#define PAGE_PINNER_PAGE_FAILURE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct page_failure - one page that failed
 * @line: where the text says so, or after which it is supposed
 * @pfn: of the page
 * @order: of its folio
 * @id: number of its mark
 * @again: it had that mark before
 * @refcount: its references then
 * @expected: how many of them are accounted for, -1 if unknown
 * @most: as many as could be
 * @mapcount: how often it was mapped
 * @own: references of the failing code in @expected
 * @reason: who wanted to migrate it, as the trace format calls it
 * @kind: why it failed, likewise
 */
struct page_failure {
	uint64_t line;
	uint64_t pfn;
	unsigned int order;
	uint32_t id;
	bool again;
	int refcount;
	int expected;
	int most;
	int mapcount;
	int own;
	const char *reason;
	const char *kind;
};

#endif /* PAGE_PINNER_PAGE_FAILURE_H */
