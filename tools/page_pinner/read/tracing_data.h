/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracing data that perf stores in a perf.data file: the formats of the
 * events, as trace-cmd's old file header has them.
 */
#ifndef PAGE_PINNER_TRACING_DATA_H
#define PAGE_PINNER_TRACING_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;
struct tep_handle;

/**
 * struct cursor - bytes that are read once, from the front
 * @p: the next one
 * @end: behind the last one
 * @bad: more was asked for than there is; everything read since is zero
 */
struct cursor {
	const unsigned char *p;
	const unsigned char *end;
	bool bad;
};

/**
 * cursor_bytes - some bytes as they are
 * @c: the cursor
 * @size: how many
 *
 * Return: them, NULL if there are fewer.
 */
const void *cursor_bytes(struct cursor *c, uint64_t size);

/**
 * cursor_number - a number in this machine's byte order
 * @c: the cursor
 * @size: 1, 2, 4 or 8
 *
 * Return: the number, 0 if there are fewer bytes.
 */
uint64_t cursor_number(struct cursor *c, unsigned int size);

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
