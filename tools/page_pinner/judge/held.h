/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel has on record of open gets, to findings: folios, and the
 * holders of their unexpected references.
 */
#ifndef PAGE_PINNER_HELD_JUDGE_H
#define PAGE_PINNER_HELD_JUDGE_H

#include "judge/classify.h"
#include "judge/findings.h"
#include "trace/held.h"
#include "trace/trace.h"

struct held_ledger;

/**
 * held_new - nothing was fed
 * @trace: whose tables the rows point into; gets the times
 * @cl: names holders
 * @f: the findings
 *
 * Return: the ledger, released by held_free().
 */
struct held_ledger *held_new(struct trace *trace, struct classifier *cl, struct findings *f);

/**
 * held_feed - take a row
 * @ledger: a &struct held_ledger
 * @held: the row
 */
void held_feed(void *ledger, const struct held *held);

/**
 * held_finish - all rows were fed
 * @ledger: the ledger
 *
 * Return: folios of which rows are missing.
 */
uint64_t held_finish(struct held_ledger *ledger);

/**
 * held_free - release
 * @ledger: the ledger or NULL
 */
void held_free(struct held_ledger *ledger);

#endif
