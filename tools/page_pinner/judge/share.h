/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Failures of marks that tell the same.  A recording may have millions; those that
 * came last stand for themselves, of the others one entry counts all that tell the
 * same story within one operation, so that memory does not grow with them.
 */
#ifndef PAGE_PINNER_SHARE_H
#define PAGE_PINNER_SHARE_H

#include <stddef.h>
#include <stdint.h>

#include "judge/findings.h"

struct sharing;

/**
 * sharing_new - nothing is shared yet
 * @f: where the failures are
 *
 * Return: the state, released by sharing_free().
 */
struct sharing *sharing_new(struct findings *f);

/**
 * sharing_free - release it
 * @sharing: the state or NULL
 */
void sharing_free(struct sharing *sharing);

/**
 * sharing_take - failures of a mark were judged
 * @sharing: the state
 * @from: index of the first of them in the findings, the others are behind it
 */
void sharing_take(struct sharing *sharing, size_t from);

/**
 * sharing_lost - events are missing from a stretch of time that reaches until now
 * @sharing: the state
 * @from_ns: where it begins
 *
 * Of an entry that it reaches back into, all are unsafe: which of them it touched
 * is not known any more.
 */
void sharing_lost(struct sharing *sharing, uint64_t from_ns);

#endif
