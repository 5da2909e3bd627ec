/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The timeline of one mark: what was seen, what was matched with what, and
 * what else it could have been.
 */
#ifndef PAGE_PINNER_EXPLAIN_H
#define PAGE_PINNER_EXPLAIN_H

#include "judge/classify.h"
#include "judge/episode.h"
#include "judge/pair.h"
#include "trace/trace.h"
#include "util.h"

/**
 * struct explain - what to tell of, and what was told
 * @id: of the mark
 * @trace: the recording
 * @cl: says what the stacks mean
 * @text: the timeline, empty as long as the mark was not seen
 */
struct explain {
	uint32_t id;
	struct trace *trace;
	struct classifier *cl;
	struct strbuf text;
};

/**
 * explain_episode - a ledger_watcher: tell the story if it is the one
 * @ctx: a struct explain
 * @ep: the episode, ordered
 * @pairing: its spans
 */
void explain_episode(void *ctx, const struct episode *ep, const struct pairing *pairing);

#endif
