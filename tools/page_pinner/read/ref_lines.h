/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of page_pinner events in place of those that tell the same: with their
 * number, their columns and, where it is told, a system.
 */
#ifndef PAGE_PINNER_REF_LINES_H
#define PAGE_PINNER_REF_LINES_H

#include <stdint.h>
#include <stdio.h>

#include "read/lines.h"
#include "read/page_failure.h"
#include "read/ref_page.h"

/**
 * struct ref_freed - a page that was freed under a mark whose end is not written yet
 * @pfn: of the page
 * @id: of the mark, 0 for none
 * @order: of the folio
 */
struct ref_freed {
	uint64_t pfn;
	uint32_t id;
	unsigned int order;
};

/**
 * ref_lines_failure - a page failed
 * @out: where to
 * @line: the line that tells it
 * @name: where the name of its event begins
 * @f: the failure
 */
void ref_lines_failure(FILE *out, const struct line *line, const char *name,
		       const struct page_failure *f);

/**
 * ref_lines_change - a count changed
 * @out: where to
 * @line: the line that tells it
 * @name: where the name of its event begins
 * @page: the page as it is then
 * @ref: the event
 * @delta: the change
 */
void ref_lines_change(FILE *out, const struct line *line, const char *name,
		      const struct ref_page *page, const struct page_ref *ref, int delta);

/**
 * ref_lines_unmark - a mark ended
 * @out: where to
 * @line: the next line that has an event
 * @name: where the name of its event begins
 * @freed: the page
 */
void ref_lines_unmark(FILE *out, const struct line *line, const char *name,
		      const struct ref_freed *freed);

#endif /* PAGE_PINNER_REF_LINES_H */
