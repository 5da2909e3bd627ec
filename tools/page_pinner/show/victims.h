/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Victims and holders: who was in whose way, and for how long.
 */
#ifndef PAGE_PINNER_VICTIMS_H
#define PAGE_PINNER_VICTIMS_H

#include <stddef.h>
#include <stdint.h>

#include "judge/findings.h"

/**
 * struct victim_of - what one holder did to one victim
 * @holder: index in &struct findings.holders
 * @failures: of the victim that it explains
 * @refs: its references in these
 */
struct victim_of {
	uint32_t holder;
	uint64_t failures;
	uint64_t refs;
};

/**
 * struct victim - a task that could not have its pages moved
 * @task: number of the task
 * @failures: all of its failures
 * @named: those that holders explain
 * @blocked_ns: time in which at least one of its pages was held, from the
 *	failure until the last of its holders let go
 * @until_ns: end of the time counted so far
 * @by: by holder, in the order of their ranks
 * @nr_by: how many
 * @room_by: allocated
 */
struct victim {
	uint32_t task;
	uint64_t failures;
	uint64_t named;
	uint64_t blocked_ns;
	uint64_t until_ns;
	struct victim_of *by;
	size_t nr_by, room_by;
};

/**
 * struct victims - all of them
 * @victims: those with the most explained failures first
 * @nr: how many
 * @room: allocated
 */
struct victims {
	struct victim *victims;
	size_t nr, room;
};

/**
 * victims_find - sum the failures up by victim
 * @f: ranked findings
 * @to: empty; to be released by victims_free()
 */
void victims_find(const struct findings *f, struct victims *to);

/**
 * victims_free - release everything in there
 * @victims: the victims
 */
void victims_free(struct victims *victims);

#endif
