/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Gets and puts that belong together in any story of an episode.
 */
#ifndef PAGE_PINNER_TIES_H
#define PAGE_PINNER_TIES_H

#include "judge/stake.h"

/**
 * ties_find - find the pairs that are in any story
 * @t: the episode
 *
 * Whatever the attempt, the answer is the same: it is found once an episode.
 *
 * Return: by span: is it such a pair; to be freed.
 */
bool *ties_find(const struct trial *t);

/**
 * ties_common - how much of a call a get and a put of one task share
 * @t: the episode
 * @get: span with the get
 * @put: span with the put
 *
 * Return: frames, 0 if they are not of one call.
 */
size_t ties_common(const struct trial *t, const struct span *get, const struct span *put);

#endif
