/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of other systems from which it is known that a page failed to migrate, or
 * that a range of pages could not be taken.
 */
#ifndef PAGE_PINNER_FAILURE_LINES_H
#define PAGE_PINNER_FAILURE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "read/lines.h"
#include "read/page_ref.h"

/**
 * struct failed_page - a page that failed
 * @line: where that is said
 * @timed: it happened there; else before that, nobody knows when
 * @counted: @refcount is told
 * @pfn: of the page
 * @order: of its folio
 * @refcount: its references
 * @expected: how many of them are accounted for, -1 if unknown
 * @mapcount: how often it is mapped, -1 if unknown
 * @own: references of the failing code in @expected
 * @reason: who wanted to migrate it, as the trace format calls it
 * @flags: names of its page flags
 */
struct failed_page {
	uint64_t line;
	bool timed;
	bool counted;
	uint64_t pfn;
	unsigned int order;
	int refcount;
	int expected;
	int mapcount;
	int own;
	const char *reason;
	const char *flags;
};

/**
 * struct failed_range - pages that could not all be taken
 * @line: where that is said
 * @first: the first of them
 * @count: how many
 * @reason: who wanted them
 */
struct failed_range {
	uint64_t line;
	uint64_t first;
	uint64_t count;
	const char *reason;
};

struct failure_lines;

/**
 * failure_lines_new - nothing was read
 *
 * Return: what is under way, released by failure_lines_free().
 */
struct failure_lines *failure_lines_new(void);

/**
 * failure_lines_free - release
 * @lines: what is under way, or NULL
 */
void failure_lines_free(struct failure_lines *lines);

/**
 * failure_lines_feed - read a line
 * @lines: what is under way
 * @line: the line
 * @ref: the page_ref event that it has, or NULL
 */
void failure_lines_feed(struct failure_lines *lines, const struct line *line,
			const struct page_ref *ref);

/**
 * failure_lines_finish - there are no more lines
 * @lines: what is under way
 */
void failure_lines_finish(struct failure_lines *lines);

/**
 * failure_lines_page - take the next page that is known to have failed
 * @lines: what is under way
 * @page: set; good until the next line is read
 *
 * Return: false if there is none.
 */
bool failure_lines_page(struct failure_lines *lines, struct failed_page *page);

/**
 * failure_lines_range - the range that the last line was about
 * @lines: what is under way
 * @range: set
 *
 * Return: false if it was about none.
 */
bool failure_lines_range(struct failure_lines *lines, struct failed_range *range);

/**
 * failure_lines_unnamed - migrations that failed without a word on the page
 * @lines: what is under way
 *
 * Return: how many.
 */
uint64_t failure_lines_unnamed(const struct failure_lines *lines);

/**
 * failure_name - the name of the event that tells of a failure
 * @line: the line
 *
 * Return: where the name begins, NULL if there are no columns in front of one.
 */
const char *failure_name(const char *line);

#endif /* PAGE_PINNER_FAILURE_LINES_H */
