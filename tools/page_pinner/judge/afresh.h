/* SPDX-License-Identifier: GPL-2.0 */
/*
 * More data never say less.  What is certain from the first failure on, with
 * nothing known of what came before, is certain with it as well: an episode
 * that was watched is weighed a second time without that.
 */
#ifndef PAGE_PINNER_AFRESH_H
#define PAGE_PINNER_AFRESH_H

#include "judge/stake.h"

struct afresh;

/**
 * afresh_new - an episode without what came before its first failure
 * @t: the whole of it, outlives what is returned
 *
 * Return: the rest, released by afresh_free(); NULL if nothing came before.
 */
struct afresh *afresh_new(const struct trial *t);

/**
 * afresh_free - release it
 * @rest: from afresh_new(), or NULL
 */
void afresh_free(struct afresh *rest);

/**
 * afresh_keep - certain without what came before, so it stays certain
 * @rest: from afresh_new(), or NULL
 * @index: of the attempt
 * @out: its stakes, by the whole episode
 */
void afresh_keep(struct afresh *rest, size_t index, struct stakes *out);

#endif
