/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which spans may be held against a failure, and the claims made of them.
 */
#ifndef PAGE_PINNER_BLAME_H
#define PAGE_PINNER_BLAME_H

#include "judge/classify.h"
#include "judge/episode.h"
#include "judge/findings.h"
#include "judge/pair.h"
#include "trace/trace.h"

/**
 * struct blame - an episode on trial
 * @ep: the episode, ordered
 * @pairing: its spans
 * @cl: says what the stacks mean
 * @trace: the recording
 * @f: where claims and noise go
 * @counted: for each span, if a claim was made of it already
 */
struct blame {
	const struct episode *ep;
	const struct pairing *pairing;
	struct classifier *cl;
	const struct trace *trace;
	struct findings *f;
	bool *counted;
};

/**
 * blame_task - whose a span is as far as the recording says
 * @ep: its episode
 * @span: the span
 *
 * Return: the task that took it, or, not on record, that gave it back.
 */
uint32_t blame_task(const struct episode *ep, const struct span *span);

/**
 * blame_candidate - may a span be one of the unexpected references
 * @ep: the episode
 * @pairing: its spans
 * @span: one of them
 * @at: the failure
 *
 * Return: true if it was there at the failure and neither belongs to the
 * failing code nor is expected.
 */
bool blame_candidate(const struct episode *ep, const struct pairing *pairing,
		     const struct span *span, const struct attempt *at);

/**
 * blame_holders - make claims of all candidates
 * @j: the episode
 * @failure: claims are added to it
 * @at: the attempt that it is about
 * @confidence: in the explanation as a whole
 */
void blame_holders(const struct blame *j, struct failure *failure, const struct attempt *at,
		   double confidence);

/**
 * blame_noise - count what was set aside
 * @j: the episode, after all claims were made
 */
void blame_noise(const struct blame *j);

#endif
