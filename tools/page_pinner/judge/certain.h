/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What may be called certain: is there another way to tell whose references
 * were given back by which put, with the same operations and counts?
 */
#ifndef PAGE_PINNER_CERTAIN_H
#define PAGE_PINNER_CERTAIN_H

#include "judge/stake.h"

/**
 * certain_keep - let only those stakes be sure that could not be otherwise
 * @t: the episode; each of its operations says what was expected
 * @at: the attempt
 * @out: its stakes: the share of what is not certain falls to @most
 * @most: less than what counts as sure
 */
void certain_keep(const struct trial *t, const struct attempt *at, struct stakes *out,
		  float most);

/**
 * certain_alone - the same where no operation says what was expected
 * @t: the episode
 * @at: the attempt
 * @out: its stakes: they are sure only if no other put may be meant
 * @most: less than what counts as sure
 */
void certain_alone(const struct trial *t, const struct attempt *at, struct stakes *out,
		   float most);

#endif
