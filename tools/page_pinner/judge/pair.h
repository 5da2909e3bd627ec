/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gets matched with the puts that give their references back.  What comes out
 * are spans of time over which a reference was held; a span without a get
 * began before anything was recorded, one without a put had not ended.
 */
#ifndef PAGE_PINNER_PAIR_H
#define PAGE_PINNER_PAIR_H

#include "judge/classify.h"
#include "judge/episode.h"

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

/**
 * pair_open_at - was a reference there at some moment
 * @span: the reference
 * @pos: how many ops came before that moment
 *
 * Return: true if it was taken before and given back after, as far as known.
 */
bool pair_open_at(const struct span *span, size_t pos);

/**
 * pair_conflict - does the API tell that a put does not give back a get
 * @took: the get's stack
 * @gives: the put's
 *
 * Return: true for a pin and what unpins nothing, or the reverse.
 */
bool pair_conflict(const struct stack_class *took, const struct stack_class *gives);

/**
 * pair_is_own - may a get of the failing task be what the failing code counts on
 * @ep: the episode
 * @cl: says what the stacks mean
 * @span: the get
 * @at: the failure
 * @nested: by the call that both were part of, else by not being somebody's
 *
 * Return: true if it may.
 */
bool pair_is_own(const struct episode *ep, struct classifier *cl, const struct span *span,
		 const struct attempt *at, bool nested);

/**
 * pair_episode - match the gets and puts of an episode
 * @ep: the episode, ordered
 * @cl: says what the stacks mean
 * @out: filled; released by pairing_free()
 */
void pair_episode(const struct episode *ep, struct classifier *cl, struct pairing *out);

/**
 * pairing_free - release the spans
 * @pairing: from pair_episode()
 */
void pairing_free(struct pairing *pairing);

#endif
