/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A text of page_ref events, which tell of every page and of no failure, made
 * into one of page_pinner events of the pages that the same text, or the user,
 * says to have failed.
 *
 * Known are the failures of pages that dump_page() wrote of, of pages in a range
 * that CMA or the isolation gave up on and that had more references than can be
 * accounted for, and of pages that could not be frozen for a migration.
 */
#ifndef PAGE_PINNER_PAGE_REFS_H
#define PAGE_PINNER_PAGE_REFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "read/page_failure.h"

/**
 * struct page_refs - what is known of the pages
 * @asked: the user says that @pfn failed
 * @pfn: of that page
 * @failures: those of which the recording tells when they happened
 * @nr: how many
 * @ends: those of which it does not: it is supposed that they failed while they
 *	had more references than they should for the longest time
 * @nr_ends: how many
 * @next_end: the first of them that is to come yet, where they are read
 * @unnamed: migrations that failed of which it does not tell the page
 * @on_record: how many of the pages that failed have changes on record
 */
struct page_refs {
	bool asked;
	uint64_t pfn;
	struct page_failure *failures;
	size_t nr, room;
	struct page_failure *ends;
	size_t nr_ends, room_ends;
	size_t next_end;
	uint64_t unnamed;
	size_t on_record;
};

/**
 * page_refs_rewrite - make one text of the other
 * @refs: @asked and @pfn are set, all else is zero; set
 * @in: numbered lines, see lines.h; at its beginning
 * @out: numbered lines are written to it
 */
void page_refs_rewrite(struct page_refs *refs, FILE *in, FILE *out);

/**
 * page_refs_free - release what page_refs_rewrite() found
 * @refs: the pages
 */
void page_refs_free(struct page_refs *refs);

#endif /* PAGE_PINNER_PAGE_REFS_H */
