/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From stakes to what a report says of a failure: claims, candidates, and what
 * its refcount was made of.
 */
#ifndef PAGE_PINNER_BLAME_H
#define PAGE_PINNER_BLAME_H

#include "judge/findings.h"
#include "judge/stake.h"
#include "trace/trace.h"

/**
 * struct blame - an episode on trial
 * @t: the episode
 * @trace: the recording
 * @f: where claims and noise go
 * @counted: for each span, if a claim was made of it already
 * @claimed: for each span, its claim in the failure under way + 1, or 0
 */
struct blame {
	const struct trial *t;
	const struct trace *trace;
	struct findings *f;
	bool *counted;
	size_t *claimed;
};

/**
 * blame_claim - hold the stakes of an attempt against their owners
 * @j: the episode
 * @failure: claims are added to it
 * @stakes: of the attempt
 * @confidence: in the explanation as a whole
 */
void blame_claim(const struct blame *j, struct failure *failure, const struct stakes *stakes,
		 double confidence);

/**
 * blame_blocked - count an attempt for the claims that blocked it
 * @j: the episode
 * @failure: with all its claims
 * @stakes: of the attempt
 * @index: of the attempt among those of the failure
 * @times: attempts that it stands for
 * @ts: its time
 *
 * Return: until when it was blocked, 0 if by nobody.
 */
uint64_t blame_blocked(const struct blame *j, struct failure *failure,
		       const struct stakes *stakes, uint64_t index, uint64_t times,
		       uint64_t ts);

/**
 * blame_level - what is claimed of an attempt adds up to no more than there was
 * @j: the episode
 * @failure: its claims, after blame_blocked() of all its attempts
 * @index: of the attempt
 * @unexpected: references at it
 *
 * A claim is as sure as the attempt that tells most of it: of another attempt
 * several could be meant.
 */
void blame_level(const struct blame *j, struct failure *failure, uint64_t index,
		 int32_t unexpected);

/**
 * blame_candidates - who could be meant, and why nobody says so
 * @j: the episode
 * @failure: candidates are added to it
 * @stakes: of the attempt that it is about
 */
void blame_candidates(const struct blame *j, struct failure *failure,
		      const struct stakes *stakes);

/**
 * blame_account - what the refcount was made of
 * @j: the episode
 * @failure: with its claims; its parts are set
 * @stakes: of the attempt that it is about
 */
void blame_account(const struct blame *j, struct failure *failure, const struct stakes *stakes);

/**
 * blame_noise - count what was set aside
 * @j: the episode, after all claims were made
 */
void blame_noise(const struct blame *j);

#endif
