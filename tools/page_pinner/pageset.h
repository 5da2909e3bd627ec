/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of page frames.  Pages that fail or are held lie side by side more often
 * than not, and there are millions of them: a bit for each.
 */
#ifndef PAGE_PINNER_PAGESET_H
#define PAGE_PINNER_PAGESET_H

#include <stdint.h>

#include "util.h"

/**
 * struct pageset - which pages
 * @words: bits, as many as a pointer has, by PFN / their number
 * @key: of the word at hand
 * @word: that word
 * @changed: since it was looked up: @words has an older one, or none
 * @nr: how many pages are in it
 *
 * Zeroed memory is an empty set.
 */
struct pageset {
	struct map words;
	uint64_t key;
	uintptr_t word;
	bool changed;
	uint64_t nr;
};

/**
 * pageset_add - put a page in
 * @set: the set
 * @pfn: the page; in it already or not
 */
void pageset_add(struct pageset *set, uint64_t pfn);

/**
 * pageset_del - take a page out
 * @set: the set
 * @pfn: the page; in it or not
 */
void pageset_del(struct pageset *set, uint64_t pfn);

/**
 * pageset_join - put all pages of another set in
 * @set: the set
 * @other: the other
 */
void pageset_join(struct pageset *set, const struct pageset *other);

/**
 * pageset_free - release its memory
 * @set: the set, empty afterwards
 */
void pageset_free(struct pageset *set);

#endif
