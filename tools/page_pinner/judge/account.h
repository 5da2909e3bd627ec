/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The account of an episode: how many references mappings, caches and private
 * data account for is known at each operation, and so is what somebody holds
 * beyond.  No function's name is needed for that; names only break ties.
 */
#ifndef PAGE_PINNER_ACCOUNT_H
#define PAGE_PINNER_ACCOUNT_H

#include "judge/stake.h"

struct account;

/**
 * account_new - keep the account of an episode
 * @t: the episode; it is valued
 *
 * Return: the account, released by account_free().
 */
struct account *account_new(const struct trial *t);

/**
 * account_free - release an account
 * @account: the account or NULL
 */
void account_free(struct account *account);

/**
 * account_weigh - who may have held the unexpected references
 * @account: of the episode
 * @index: of the attempt
 * @out: filled; released by stakes_free()
 */
void account_weigh(struct account *account, size_t index, struct stakes *out);

#endif
