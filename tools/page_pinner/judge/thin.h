/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bounding the attempts of an episode: a page that is tried for hours fails
 * thousands of times, and each attempt is judged by itself.
 */
#ifndef PAGE_PINNER_THIN_H
#define PAGE_PINNER_THIN_H

#include "judge/episode.h"

/**
 * thin_attempts - let attempts stand for others that say the same
 * @ep: the episode; its first attempts and its last ones stay
 *
 * The same says an attempt of the same task, for the same reason, that found the
 * same counts.  Nothing is done below some sixty attempts.
 */
void thin_attempts(struct episode *ep);

#endif
