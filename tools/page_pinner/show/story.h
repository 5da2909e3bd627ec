/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Failures that tell the same, but for the page and the time.
 */
#ifndef PAGE_PINNER_STORY_H
#define PAGE_PINNER_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/findings.h"
#include "trace/trace.h"

/**
 * struct story - failures alike
 * @first: the first of them
 * @nr: how many
 * @pages: which
 * @last_ns: when the last one began
 * @next: story with the same hash, from 1; 0 for none
 */
struct story {
	const struct failure *first;
	uint64_t nr;
	struct pageset pages;
	uint64_t last_ns;
	size_t next;
};

/**
 * struct stories - all of them
 * @list: in the order in which they begin
 * @nr: how many
 * @room: allocated
 */
struct stories {
	struct story *list;
	size_t nr, room;
};

/**
 * stories_find - put failures alike together
 * @f: ranked findings
 * @trace: the recording
 * @each: every failure is a story of its own
 * @to: empty; to be released by stories_free()
 */
void stories_find(const struct findings *f, const struct trace *trace, bool each,
		  struct stories *to);

/**
 * stories_free - release everything in there
 * @stories: the stories
 */
void stories_free(struct stories *stories);

#endif
