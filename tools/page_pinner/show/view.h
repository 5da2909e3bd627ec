/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What to show and how: the one argument of every renderer and of its parts.
 */
#ifndef PAGE_PINNER_VIEW_H
#define PAGE_PINNER_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "judge/findings.h"
#include "trace/held.h"
#include "trace/trace.h"

/**
 * enum group_by - what makes two holders one
 * @GROUP_BY_HOLDER: nothing: each stands for itself
 * @GROUP_BY_FUNCTION: the function that took, or else released
 * @GROUP_BY_MODULE: the module of that function
 * @GROUP_BY_TASK: the task that held, or else released
 * @NR_GROUP_BY: number of these
 */
enum group_by {
	GROUP_BY_HOLDER,
	GROUP_BY_FUNCTION,
	GROUP_BY_MODULE,
	GROUP_BY_TASK,
	NR_GROUP_BY
};

/**
 * struct view - a report to be made
 * @out: where to
 * @trace: the recording
 * @f: ranked findings
 * @groups: the same by @by, ranked; @f where each holder stands for itself
 * @by: what the table of holders is grouped by
 * @width: columns of the terminal, 0 for any number: tables leave out what does
 *	not fit, sentences are broken
 * @color: terminal escapes are welcome
 * @entries: rows per table, 0 for all
 * @max_stack: frames per stack, 0 for all
 * @verbose: show evidence too
 * @separator: of csv
 * @fields: columns of the table of holders, NULL for the default
 * @filter: the options by which failures were left out, NULL for none
 * @all: failures before that
 * @preface: text in front of a report for people, NULL for none
 * @held: how it was learned what is held now; NULL for a report on a recording
 */
struct view {
	FILE *out;
	struct trace *trace;
	const struct findings *f;
	const struct findings *groups;
	enum group_by by;
	int width;
	bool color;
	unsigned int entries;
	unsigned int max_stack;
	bool verbose;
	const char *separator;
	const char *fields;
	const char *filter;
	uint64_t all;
	const char *preface;
	const struct held_source *held;
};

#endif
