/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeps the episodes that are under way, closes them when their mark ends,
 * and hands each to the deduction.
 */
#ifndef PAGE_PINNER_LEDGER_H
#define PAGE_PINNER_LEDGER_H

#include "judge/classify.h"
#include "judge/episode.h"
#include "judge/findings.h"
#include "judge/pair.h"
#include "trace/trace.h"

struct ledger;

/**
 * typedef ledger_watcher - sees an episode when it is over
 * @ctx: the receiver
 * @ep: the episode, ordered
 * @pairing: its spans
 */
typedef void (*ledger_watcher)(void *ctx, const struct episode *ep,
			       const struct pairing *pairing);

/**
 * ledger_new - nothing is under way
 * @trace: the recording
 * @cl: says what the stacks mean
 * @findings: results are added here
 *
 * Return: the ledger, released by ledger_free().
 */
struct ledger *ledger_new(struct trace *trace, struct classifier *cl,
			  struct findings *findings);

/**
 * ledger_watch - have somebody look at every episode
 * @ledger: the ledger
 * @watcher: called after the verdicts on an episode were found
 * @ctx: for @watcher
 */
void ledger_watch(struct ledger *ledger, ledger_watcher watcher, void *ctx);

/**
 * ledger_feed - take the next event; an event_sink
 * @ledger: the ledger
 * @ev: the event
 */
void ledger_feed(void *ledger, const struct pin_event *ev);

/**
 * ledger_finish - the recording is over: judge what is still under way
 * @ledger: the ledger
 */
void ledger_finish(struct ledger *ledger);

/**
 * ledger_free - release a ledger
 * @ledger: the ledger or NULL
 */
void ledger_free(struct ledger *ledger);

#endif
