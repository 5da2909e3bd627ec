/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One event of the kernel's page_ref system (CONFIG_DEBUG_PAGE_REF) in a text:
 * one change of a refcount, of any page.
 */
#ifndef PAGE_PINNER_PAGE_REF_H
#define PAGE_PINNER_PAGE_REF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What its events' names begin with. */
#define PAGE_REF "page_ref_"

/**
 * struct page_ref - that
 * @pfn: of the page
 * @count: its references, read behind the change, and so possibly those of another
 * @mapcount: as the kernel had it, which may count from -1
 * @delta: the change, 0 if there was none
 * @val: what was asked for
 * @set: @val was put in place of the count
 * @tested: the page is freed if no reference is left
 * @freeze: it was to be frozen at @val references
 * @mapping: it has one
 * @flags: names of its page flags
 */
struct page_ref {
	uint64_t pfn;
	int count;
	int mapcount;
	int delta;
	int val;
	bool set;
	bool tested;
	bool freeze;
	bool mapping;
	char flags[192];
};

/**
 * page_ref_parse - read the fields
 * @text: from the event's name on
 * @ref: set
 *
 * Return: false if they are not those of such an event, or not all there.
 */
bool page_ref_parse(const char *text, struct page_ref *ref);

/**
 * page_ref_field - the number behind a word of an event
 * @text: the event's fields
 * @key: the word, with '='
 * @value: set to the number
 *
 * Return: false if there is none.
 */
bool page_ref_field(const char *text, const char *key, int64_t *value);

/**
 * page_ref_cached - references of the page cache, the swap cache and private data
 * @ref: the event
 *
 * Anonymous memory and that of tmpfs are not told apart by it.
 *
 * Return: how many, -1 if that is not known.
 */
int page_ref_cached(const struct page_ref *ref);

#endif /* PAGE_PINNER_PAGE_REF_H */
