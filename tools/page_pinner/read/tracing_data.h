/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracing data that perf stores in a perf.data file: the formats of the
 * events, as trace-cmd's old file header has them.
 */
#ifndef PAGE_PINNER_TRACING_DATA_H
#define PAGE_PINNER_TRACING_DATA_H

#include <stddef.h>

struct symbols;
struct tep_handle;

/**
 * tracing_data_parse - learn the formats of events
 * @tep: is taught them
 * @syms: functions, if the data has any, are added
 * @data: the section
 * @size: its size
 *
 * Return: 0, or -1 if it cannot be understood.
 */
int tracing_data_parse(struct tep_handle *tep, struct symbols *syms, const void *data,
		       size_t size);

#endif
