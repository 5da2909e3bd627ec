/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What page_ref events tell of one page: how many references it has, and how many
 * of them can be accounted for.
 */
#ifndef PAGE_PINNER_REF_PAGE_H
#define PAGE_PINNER_REF_PAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "read/page_ref.h"

/* How the kernel counts the mappings of a page: from -1, as it does since 6.9, or from 0. */
enum ref_base {
	BASE_UNKNOWN,
	BASE_MINUS_ONE,
	BASE_ZERO,
};

/**
 * struct ref_held - a time in which a page had more references than are accounted for
 * @line: where it begins, 0 for none
 * @lines: so long it lasted
 * @count: its references
 * @expected: how many of them are accounted for, -1 if unknown
 * @most: as many as could be
 * @mapcount: how often it was mapped
 */
struct ref_held {
	uint64_t line;
	uint64_t lines;
	int count;
	int expected;
	int most;
	int mapcount;
};

/**
 * struct ref_page - one page
 * @known: its count is
 * @failed: it failed at some time
 * @told: a change of it was written
 * @order: of its folio
 * @count: its references
 * @skew: what the event told less what the changes add up to
 * @expected: how many are accounted for, -1 if unknown
 * @most: as many as could be
 * @mapcount: how often it is mapped
 * @id: of its mark, 0 for none
 * @now: it has more references than it should
 * @longest: it had for the longest time
 */
struct ref_page {
	bool known;
	bool failed;
	bool told;
	unsigned int order;
	int count;
	int skew;
	int expected;
	int most;
	int mapcount;
	uint32_t id;
	struct ref_held now;
	struct ref_held longest;
};

/**
 * ref_page_expect - how many references are accounted for behind a change
 * @page: the page
 * @base: how mappings are counted
 * @ref: the change
 */
void ref_page_expect(struct ref_page *page, enum ref_base base, const struct page_ref *ref);

/**
 * ref_page_change - change the count
 * @page: the page
 * @ref: the change
 *
 * The count was read behind the change, and that of another CPU may have come in
 * between: what the changes add up to goes before it, but for a difference that
 * stays.
 *
 * Return: the change.
 */
int ref_page_change(struct ref_page *page, const struct page_ref *ref);

/**
 * ref_page_rest - the count was the same up to here
 * @page: the page
 * @line: of the text
 */
void ref_page_rest(struct ref_page *page, uint64_t line);

/**
 * ref_page_hold - the count is another from here on
 * @page: the page
 * @line: of the text
 */
void ref_page_hold(struct ref_page *page, uint64_t line);

#endif /* PAGE_PINNER_REF_PAGE_H */
