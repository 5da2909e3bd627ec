/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a recording of trace-cmd has besides its events: names of functions, the
 * clock, and how far that is from the time of day.
 */
#ifndef PAGE_PINNER_DAT_SYMBOLS_H
#define PAGE_PINNER_DAT_SYMBOLS_H

#include <stdint.h>

#include "trace/trace.h"

struct tep_handle;

/* Who is at work while the file is opened, read and closed. */
#define DAT_LIBRARY "libtracecmd"

/**
 * dat_symbols_load - learn them
 * @trace: the recording; its symbols, clock and date are set
 * @tep: what the library knows of it
 * @fd: the file
 *
 * Return: nanoseconds that the library adds to the times of events.
 */
int64_t dat_symbols_load(struct trace *trace, struct tep_handle *tep, int fd);

#endif /* PAGE_PINNER_DAT_SYMBOLS_H */
