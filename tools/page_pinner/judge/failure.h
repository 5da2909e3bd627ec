/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an event says of the failure that it tells of.
 */
#ifndef PAGE_PINNER_FAILURE_H
#define PAGE_PINNER_FAILURE_H

#include "judge/classify.h"
#include "judge/findings.h"
#include "trace/event.h"

/**
 * failure_describe - the facts of one attempt
 * @failure: set to what failed, where, and by whom
 * @ev: the attempt
 * @cl: says what the stacks mean
 */
void failure_describe(struct failure *failure, const struct pin_event *ev,
		      struct classifier *cl);

/**
 * failure_asker - the victim that made an attempt
 * @failure: the failure
 * @ev: the attempt
 * @cl: says what the stacks mean
 *
 * Return: its entry, new or not; valid until the next one is added.
 */
struct asker *failure_asker(struct failure *failure, const struct pin_event *ev,
			    struct classifier *cl);

#endif
