/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel says of references that are held now, from debugfs, a copy
 * of it, or a kernel log.
 */
#ifndef PAGE_PINNER_HELD_READER_H
#define PAGE_PINNER_HELD_READER_H

#include "trace/held.h"
#include "trace/trace.h"

/**
 * held_read - read all of it
 * @trace: its tables; @trace->file names a file, a directory with "holders",
 *	"scan" and "stats", or, as "-", standard input
 * @source: filled in
 * @sink: receives each row
 * @ctx: for @sink
 *
 * Return: 0, or -1 after an error was reported.
 */
int held_read(struct trace *trace, struct held_source *source, held_sink sink, void *ctx);

#endif
