/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the spans of one episode to verdicts on its failures.
 */
#ifndef PAGE_PINNER_DEDUCE_H
#define PAGE_PINNER_DEDUCE_H

#include "judge/episode.h"
#include "judge/findings.h"
#include "judge/pair.h"
#include "trace/trace.h"

/**
 * deduce_episode - judge all failures of an episode
 * @ep: the episode, ordered
 * @gaps: what episode_order() returned
 * @pairing: its spans
 * @cl: says what the stacks mean
 * @trace: the recording
 * @f: failures, holders and noise are added here
 */
void deduce_episode(const struct episode *ep, size_t gaps, const struct pairing *pairing,
		    struct classifier *cl, const struct trace *trace, struct findings *f);

#endif
