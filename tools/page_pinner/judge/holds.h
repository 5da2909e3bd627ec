/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long references were held, of many failures that share an entry: few
 * numbers, however many holds they are.
 */
#ifndef PAGE_PINNER_HOLDS_H
#define PAGE_PINNER_HOLDS_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct hold - holds that took about as long
 * @ns: the shortest of them
 * @longest: the longest one, less than a hundredth more
 * @nr: how many
 */
struct hold {
	uint64_t ns;
	uint64_t longest;
	uint64_t nr;
};

/**
 * struct holds - all of one claim
 * @list: by length
 * @nr: how many entries
 * @room: allocated
 * @blocked_ns: how long the failures were blocked by them, summed
 */
struct holds {
	struct hold *list;
	size_t nr, room;
	uint64_t blocked_ns;
};

/**
 * holds_add - one more
 * @holds: the holds
 * @ns: how long it was
 */
void holds_add(struct holds *holds, uint64_t ns);

/**
 * holds_longest - the longest of all
 * @holds: the holds
 *
 * Return: how long it was.
 */
uint64_t holds_longest(const struct holds *holds);

#endif
