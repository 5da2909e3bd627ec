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
#include "judge/span.h"

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
