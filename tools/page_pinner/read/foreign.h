/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Texts that are no recording of page_pinner: what they are, and what would
 * help.
 */
#ifndef PAGE_PINNER_FOREIGN_H
#define PAGE_PINNER_FOREIGN_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct foreign - what was seen in a text
 * @seen: lines of each kind
 * @pfn: of the first page that dump_page() wrote of
 * @refcount: its
 * @mapcount: its
 */
struct foreign {
	uint64_t seen[16];
	uint64_t pfn;
	int refcount;
	int mapcount;
};

/**
 * foreign_note - look at a line
 * @foreign: what was seen so far
 * @line: the line
 */
void foreign_note(struct foreign *foreign, const char *line);

/**
 * foreign_event - is it the line of an event, of whatever system
 * @line: the line
 *
 * Return: true if it has a time that a name follows.
 */
bool foreign_event(const char *line);

/**
 * foreign_tell - say what a text without a page_pinner event is
 * @foreign: what was seen
 * @file: its name
 */
void foreign_tell(const struct foreign *foreign, const char *file);

#endif
