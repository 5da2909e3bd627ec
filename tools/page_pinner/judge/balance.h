/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What each function took of watched folios and got rid of again.
 */
#ifndef PAGE_PINNER_BALANCE_H
#define PAGE_PINNER_BALANCE_H

#include "judge/classify.h"
#include "judge/episode.h"
#include "judge/findings.h"
#include "judge/pair.h"

/**
 * balance_take - count what an episode has that was not counted before
 * @ep: the episode; only one of a watched folio counts
 * @pairing: its spans
 * @cl: says what the stacks mean
 * @f: the balances
 */
void balance_take(struct episode *ep, const struct pairing *pairing, struct classifier *cl,
		  struct findings *f);

/**
 * balance_open - the episode is over: what it did not give back stays open
 * @ep: the episode
 * @pairing: its spans
 * @cl: says what the stacks mean
 * @f: the balances
 */
void balance_open(const struct episode *ep, const struct pairing *pairing,
		  struct classifier *cl, struct findings *f);

/**
 * balance_pair - count a pair that is about to be forgotten
 * @ep: the episode
 * @span: the pair
 * @cl: says what the stacks mean
 * @f: the balances
 */
void balance_pair(struct episode *ep, const struct span *span, struct classifier *cl,
		  struct findings *f);

#endif
