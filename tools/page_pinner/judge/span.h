/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What pairing makes of an episode: spans, from a get to the put that answers it.
 */
#ifndef PAGE_PINNER_SPAN_H
#define PAGE_PINNER_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/rules.h"

/* An op that is not on record. */
#define NO_OP SIZE_MAX

/**
 * enum match - why a get and a put were taken for a pair
 * @MATCH_NONE: they were not: one of them is missing
 * @MATCH_TASK_CLASS: same task, same class
 * @MATCH_TASK: same task
 * @MATCH_CLASS: same class in another task: handed over or batched
 * @MATCH_REST: what was left over
 *
 * From MATCH_CLASS on it is a guess.
 */
enum match {
	MATCH_NONE,
	MATCH_TASK_CLASS,
	MATCH_TASK,
	MATCH_CLASS,
	MATCH_REST,
};

/**
 * struct span - a reference from get to put
 * @get: index of the op that took it, or NO_OP
 * @at: of the failing code's own reference, taken before it failed: position of
 *	that attempt; else 0
 * @own: it is such a one, @get is NO_OP
 * @owner: and this is the number of its task
 * @put: index of the op that dropped it, or NO_OP
 * @more: the op that completed a fast pin, or NO_OP
 * @units: by how much it raises the refcount; a pin of a small folio is 1024
 * @how: why @get and @put belong together
 * @role: what part it plays
 * @class: name of its class
 * @pin: it is a FOLL_PIN
 * @task_unsure: another get could belong to the same put
 * @function_unsure: and that one has another function
 */
struct span {
	size_t get;
	size_t put;
	size_t more;
	size_t at;
	uint32_t owner;
	bool own;
	int32_t units;
	enum match how;
	enum role role;
	const char *class;
	bool pin;
	bool task_unsure;
	bool function_unsure;
};

/**
 * struct pairing - all spans of an episode
 * @spans: in no particular order
 * @nr: how many
 * @room: allocated
 * @paired: gets with their put
 * @unmatched_puts: puts without
 * @open_gets: gets without
 */
struct pairing {
	struct span *spans;
	size_t nr, room;
	uint64_t paired;
	uint64_t unmatched_puts;
	uint64_t open_gets;
};

#endif
