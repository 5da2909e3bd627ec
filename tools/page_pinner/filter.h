/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The failures that the user did not ask for are left out before anything is
 * summed up.
 */
#ifndef PAGE_PINNER_FILTER_H
#define PAGE_PINNER_FILTER_H

#include "judge/findings.h"
#include "options.h"
#include "trace/trace.h"
#include "util.h"

/**
 * filter_early - leave out while reading what could not be left out later
 * @f: the findings, empty
 * @opts: what was asked for, outlives @f
 *
 * Failures that share an entry are alike but for the page and the time.
 */
void filter_early(struct findings *f, const struct options *opts);

/**
 * filter_findings - keep the failures that the user asked for
 * @f: the findings, not yet ranked
 * @trace: the recording
 * @opts: what was asked for
 */
void filter_findings(struct findings *f, const struct trace *trace, const struct options *opts);

/**
 * filter_say - the options by which failures are left out
 * @opts: all of them
 * @to: they are added here as on the command line; nothing if there are none
 */
void filter_say(const struct options *opts, struct strbuf *to);

#endif
