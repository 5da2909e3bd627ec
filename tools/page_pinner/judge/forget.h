/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bounding the memory of an episode: a page that somebody reads in a loop
 * makes pairs without end that say nothing about any failure.
 */
#ifndef PAGE_PINNER_FORGET_H
#define PAGE_PINNER_FORGET_H

#include "judge/classify.h"
#include "judge/episode.h"
#include "judge/findings.h"

/**
 * forget_pairs - drop pairs that were in nobody's way
 * @ep: the episode; its latest ops stay, they may still be out of order
 * @cl: says what the stacks mean
 * @f: what is dropped is counted here
 *
 * Of each task and class one pair stays: that there were pairs is evidence.
 */
void forget_pairs(struct episode *ep, struct classifier *cl, struct findings *f);

/**
 * forget_calls - drop what nothing came between, where nothing failed
 * @ep: the episode, over now
 * @cl: says what the stacks mean
 * @f: what is dropped is counted here
 *
 * As forget_pairs(), but only calls of one task that took a reference and gave it
 * back, and up to the end.
 */
void forget_calls(struct episode *ep, struct classifier *cl, struct findings *f);

/**
 * forget_mark - the mark of a watched folio ended, the watch goes on
 * @ep: the episode, already judged; left with the gets that are still open
 * @cl: says what the stacks mean
 */
void forget_mark(struct episode *ep, struct classifier *cl);

#endif
