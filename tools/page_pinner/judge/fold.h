/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Failures of marks that tell the same.  A recording may have millions; those that
 * came last stand for themselves, of the others one entry counts all that tell the
 * same story within one operation, so that memory does not grow with them.
 */
#ifndef PAGE_PINNER_FOLD_H
#define PAGE_PINNER_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "judge/findings.h"

struct folding;

/**
 * folding_new - nothing is shared yet
 * @f: where the failures are
 *
 * Return: the state, released by folding_free().
 */
struct folding *folding_new(struct findings *f);

/**
 * folding_free - release it
 * @folding: the state or NULL
 */
void folding_free(struct folding *folding);

/**
 * folding_take - failures of a mark were judged
 * @folding: the state
 * @from: index of the first of them in the findings, the others are behind it
 */
void folding_take(struct folding *folding, size_t from);

/**
 * folding_lost - events are missing from a stretch of time that reaches until now
 * @folding: the state
 * @from_ns: where it begins
 *
 * Of an entry that it reaches back into, all are unsafe: which of them it touched
 * is not known any more.
 */
void folding_lost(struct folding *folding, uint64_t from_ns);

#endif
