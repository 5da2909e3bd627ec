/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Recordings of every form: each reader turns one into events for a sink and
 * fills the tables of a struct trace.  The form is recognised by content.
 */
#ifndef PAGE_PINNER_READER_H
#define PAGE_PINNER_READER_H

#include <stdio.h>

#include "trace/event.h"
#include "trace/trace.h"

/* What to say of a recording without events of ours; goes on from its name. */
#define READER_NO_EVENTS							\
	"no page_pinner events recorded; were they on? page_pinner record, "	\
	"trace-cmd record -e page_pinner -T, or perf record -e 'page_pinner:*' -ag, " \
	"on a kernel booted with page_pinner=on"

/* What to say of one that has events of page_ref in their place. */
#define READER_PAGE_REFS							\
	"page_ref events, which are read as text: %s %s | page_pinner report -; " \
	"page_pinner's own tell more, page_pinner record"

/**
 * reader_run - read a whole recording
 * @trace: its tables; @trace->file names it, "-" is standard input
 * @sink: receives each page_pinner event, roughly in the order of time
 * @ctx: for @sink
 *
 * Return: 0, or -1 after an error was reported.
 */
int reader_run(struct trace *trace, event_sink sink, void *ctx);

/**
 * reader_dat - read trace-cmd's trace.dat
 * @trace: as reader_run()
 * @fd: the file; stays open
 * @sink: as reader_run()
 * @ctx: as reader_run()
 *
 * Return: as reader_run().
 */
int reader_dat(struct trace *trace, int fd, event_sink sink, void *ctx);

/**
 * reader_perf - read perf.data
 * @trace: as reader_run()
 * @fd: the file; stays open
 * @sink: as reader_run()
 * @ctx: as reader_run()
 *
 * Return: as reader_run().
 */
int reader_perf(struct trace *trace, int fd, event_sink sink, void *ctx);

/**
 * reader_perf_dir - read the directory that perf record --threads writes
 * @trace: as reader_run()
 * @dir: the directory; stays open
 * @sink: as reader_run()
 * @ctx: as reader_run()
 *
 * Return: as reader_run().
 */
int reader_perf_dir(struct trace *trace, int dir, event_sink sink, void *ctx);

/**
 * reader_text - read the text of trace-cmd report, perf script or tracefs
 * @trace: as reader_run()
 * @in: the text
 * @sink: as reader_run()
 * @ctx: as reader_run()
 *
 * Return: as reader_run().
 */
int reader_text(struct trace *trace, FILE *in, event_sink sink, void *ctx);

#endif
