/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stakes of an attempt by the stacks alone, for recordings that do not say
 * what was expected at each operation.
 */
#ifndef PAGE_PINNER_EVIDENCE_H
#define PAGE_PINNER_EVIDENCE_H

#include "judge/stake.h"

/**
 * evidence_weigh - who may have held the unexpected references
 * @t: the episode
 * @at: the attempt
 * @out: filled; released by stakes_free()
 *
 * Evidence has tiers: what says that somebody holds, what nobody knows, the
 * kernel's own.  A lower one only explains what the higher ones leave.
 */
void evidence_weigh(const struct trial *t, const struct attempt *at, struct stakes *out);

#endif
