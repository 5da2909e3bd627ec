/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Weighs the attempts of one episode: by the account where the recording says
 * what was expected, else by the evidence of the stacks.
 */
#ifndef PAGE_PINNER_WEIGH_H
#define PAGE_PINNER_WEIGH_H

#include "judge/account.h"

/**
 * struct weigher - an episode that is weighed
 * @t: the episode; its ties are found once they are needed
 * @tight: these
 * @account: of it, once it is needed
 */
struct weigher {
	struct trial t;
	bool *tight;
	struct account *account;
};

/**
 * weigher_weigh - who may have held the unexpected references
 * @w: the episode
 * @index: of the attempt
 * @out: filled; released by stakes_free()
 */
void weigher_weigh(struct weigher *w, size_t index, struct stakes *out);

/**
 * weigher_free - release what was allocated
 * @w: the episode
 */
void weigher_free(struct weigher *w);

#endif
