/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The header of a perf.data file, or of what perf record writes to a pipe,
 * and the sections that perf appends to a file when it ends.
 */
#ifndef PAGE_PINNER_PERF_HEADER_H
#define PAGE_PINNER_PERF_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "read/cursor.h"
#include "read/perf_attr.h"

/* Sections, by their bit. */
#define PERF_HEADER_TRACING_DATA 1
#define PERF_HEADER_OSRELEASE 4
#define PERF_HEADER_DIR_FORMAT 24
#define PERF_HEADER_CLOCK_DATA 29

/**
 * struct perf_header - what the header says
 * @file: the whole file
 * @pipe: it came through a pipe: attributes and formats are records
 * @data: the records
 * @sections: table of the sections behind the records
 * @bits: which sections there are
 */
struct perf_header {
	struct cursor file;
	bool pipe;
	struct cursor data;
	struct cursor sections;
	uint64_t bits;
};

/**
 * perf_header_read - read the header
 * @header: @file is set, the rest is filled
 * @attrs: the events are added
 *
 * Return: NULL, or why it cannot be read, words that go on from the file's name.
 */
const char *perf_header_read(struct perf_header *header, struct perf_attrs *attrs);

/**
 * perf_header_section - one of the sections behind the records
 * @header: the header
 * @bit: PERF_HEADER_*
 *
 * Return: its bytes, bad if there is no such section.
 */
struct cursor perf_header_section(const struct perf_header *header, int bit);

#endif /* PAGE_PINNER_PERF_HEADER_H */
