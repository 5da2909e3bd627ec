/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The verdict on one attempt, from what its unexpected references may have been.
 */
#ifndef PAGE_PINNER_VERDICT_H
#define PAGE_PINNER_VERDICT_H

#include "judge/findings.h"
#include "judge/stake.h"

/**
 * struct judgement - what is said of an attempt
 * @verdict: in a word
 * @why: and in a sentence
 * @confidence: in the explanation as a whole, 0 to 1
 */
struct judgement {
	enum verdict verdict;
	const char *why;
	float confidence;
};

/**
 * verdict_by_kind - what is known before any reference is looked at
 * @ev: the failure
 * @to: set if it is known
 *
 * Return: true if it is.
 */
bool verdict_by_kind(const struct pin_event *ev, struct judgement *to);

/**
 * verdict_by_stakes - what the references say
 * @t: the episode
 * @at: the attempt
 * @stakes: what its unexpected references may have been
 * @to: set
 */
void verdict_by_stakes(const struct trial *t, const struct attempt *at,
		       const struct stakes *stakes, struct judgement *to);

/**
 * verdict_names - does a verdict say who it was
 * @verdict: the verdict
 *
 * Return: true if claims belong to it.
 */
bool verdict_names(enum verdict verdict);

#endif
