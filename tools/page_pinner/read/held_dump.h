/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What dump_page() writes of holders into the kernel's log.  Lines of several
 * CPUs may be mixed there; those that a caller id tells apart are kept apart.
 */
#ifndef PAGE_PINNER_HELD_DUMP_H
#define PAGE_PINNER_HELD_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/held.h"
#include "trace/trace.h"

struct held_dumps;

/**
 * held_dumps_new - no dump is under way
 * @trace: gets tasks and stacks
 * @source: looks and what could not be read are counted here
 * @sink: receives rows
 * @ctx: for @sink
 *
 * Return: released by held_dumps_free().
 */
struct held_dumps *held_dumps_new(struct trace *trace, struct held_source *source,
				  held_sink sink, void *ctx);

/**
 * held_dumps_line - a line of a log
 * @dumps: the dumps
 * @line: the line
 * @nr: its number
 * @whole: its end is there
 *
 * Return: true if it is one of ours.
 */
bool held_dumps_line(struct held_dumps *dumps, const char *line, uint64_t nr, bool whole);

/**
 * held_dumps_free - the log has ended
 * @dumps: the dumps or NULL
 */
void held_dumps_free(struct held_dumps *dumps);

#endif
