/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Failures that set no mark: there is nothing to be found out about them, and
 * compaction can make millions of them.
 *
 * The first few thousand stand for themselves; later ones that tell the same, and
 * belong to the same operation, share one entry that counts them.
 */
#ifndef PAGE_PINNER_UNMARKED_H
#define PAGE_PINNER_UNMARKED_H

#include "judge/classify.h"
#include "judge/findings.h"
#include "trace/event.h"

struct unmarked;

/**
 * unmarked_new - none was seen
 * @cl: says what the stacks mean
 * @f: failures are added there
 *
 * Return: the state, released by unmarked_free().
 */
struct unmarked *unmarked_new(struct classifier *cl, struct findings *f);

/**
 * unmarked_free - release it
 * @u: the state or NULL
 */
void unmarked_free(struct unmarked *u);

/**
 * unmarked_feed - a failure without a mark was read
 * @u: the state
 * @ev: the failure
 */
void unmarked_feed(struct unmarked *u, const struct pin_event *ev);

#endif
