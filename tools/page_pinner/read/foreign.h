/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Texts that are no recording of page_pinner: what they are, and what would
 * help.
 */
#ifndef PAGE_PINNER_FOREIGN_H
#define PAGE_PINNER_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/dump_page.h"

/* So many pages that were dumped are told of. */
#define FOREIGN_DUMPS 3

/**
 * struct foreign - what was seen in a text
 * @seen: lines of each kind
 * @dumps: pages that dump_page() wrote of, the first ones
 * @nr_dumps: how many were begun
 */
struct foreign {
	uint64_t seen[16];
	struct dump_page dumps[FOREIGN_DUMPS];
	size_t nr_dumps;
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
 * foreign_page_refs - can the text have a story that page_ref events tell
 * @foreign: what was seen so far
 *
 * Return: true if there were some, or a dump of a page.
 */
bool foreign_page_refs(const struct foreign *foreign);

/**
 * foreign_tell - say what a text without a page_pinner event is
 * @foreign: what was seen
 * @file: its name
 */
void foreign_tell(const struct foreign *foreign, const char *file);

#endif
