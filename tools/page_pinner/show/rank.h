/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Order among the findings: holders by a key, failures by time.
 */
#ifndef PAGE_PINNER_RANK_H
#define PAGE_PINNER_RANK_H

#include <stddef.h>
#include <stdint.h>

#include "judge/findings.h"
#include "trace/trace.h"

/**
 * rank_findings - put everything in the order of the report
 * @f: the findings
 * @trace: the recording; equal holders are ordered by the text of their stack
 * @key: name of a sort key, NULL for the default
 *
 * Return: 0, or -1 if there is no such key.
 */
int rank_findings(struct findings *f, struct trace *trace, const char *key);

/**
 * rank_key - the names of the sort keys, one by one
 * @i: from 0
 *
 * Return: the name, NULL behind the last one.
 */
const char *rank_key(size_t i);

/**
 * rank_held - how long a ranked holder held
 * @h: the holder
 * @percent: 0 is the shortest time, 50 the median, 100 the longest
 *
 * Return: the time in ns, 0 if there is none.
 */
uint64_t rank_held(const struct holder *h, unsigned int percent);

#endif
