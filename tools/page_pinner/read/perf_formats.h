/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The formats of page_pinner's events as a perf.data file has them, and raw
 * data of samples decoded by them.
 */
#ifndef PAGE_PINNER_PERF_FORMATS_H
#define PAGE_PINNER_PERF_FORMATS_H

#include <stdbool.h>
#include <stdint.h>

#include "read/cursor.h"
#include "trace/event.h"
#include "trace/trace.h"

struct perf_formats;

/**
 * perf_formats_new - no format is known
 * @trace: of messages; functions that the formats bring are added to its symbols
 *
 * Return: the formats, released by perf_formats_free(); NULL without memory.
 */
struct perf_formats *perf_formats_new(struct trace *trace);

/**
 * perf_formats_learn - read the tracing data of a file
 * @formats: the formats
 * @data: the tracing data
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_formats_learn(struct perf_formats *formats, const struct cursor *data);

/**
 * perf_formats_type - is this an event of ours?
 * @formats: the formats
 * @id: of a tracepoint
 * @type: set to what it is
 *
 * Return: false for any other event.
 */
bool perf_formats_type(const struct perf_formats *formats, uint64_t id, enum pin_type *type);

/**
 * perf_formats_page_refs - are there events of page_ref
 * @formats: the formats
 *
 * Return: true if their formats are there.
 */
bool perf_formats_page_refs(const struct perf_formats *formats);

/**
 * perf_formats_decode - decode a sample's raw data
 * @formats: the formats
 * @raw: the raw data
 * @ev: its fields are set
 *
 * Return: 1, 0 if it is not of an event of ours, -1 if it is too short.
 */
int perf_formats_decode(const struct perf_formats *formats, const struct cursor *raw,
			struct pin_event *ev);

/**
 * perf_formats_free - release
 * @formats: the formats or NULL
 */
void perf_formats_free(struct perf_formats *formats);

#endif /* PAGE_PINNER_PERF_FORMATS_H */
