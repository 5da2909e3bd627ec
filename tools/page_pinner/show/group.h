/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Holders summed up by function, by module or by task.
 */
#ifndef PAGE_PINNER_GROUP_H
#define PAGE_PINNER_GROUP_H

#include "judge/findings.h"
#include "show/view.h"
#include "trace/trace.h"

/**
 * group_name - the name of a way to group, as on the command line
 * @by: which
 *
 * Return: the name.
 */
const char *group_name(enum group_by by);

/**
 * group_findings - findings with groups in the place of holders
 * @f: ranked findings; not changed
 * @by: what to group by
 * @key: what to rank the groups by, NULL for the default
 * @trace: the recording
 * @groups: empty; filled in and ranked, to be released by findings_free().
 *	Each failure and each reference counts once for its group, and times are
 *	those of all references, not of sums.
 */
void group_findings(const struct findings *f, enum group_by by, const char *key,
		    struct trace *trace, struct findings *groups);

#endif
