/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records that perf record -z put into others, compressed: one stream of zstd
 * through all of them, in which a record may begin in one and end in the next.
 */
#ifndef PAGE_PINNER_PERF_ZSTD_H
#define PAGE_PINNER_PERF_ZSTD_H

#include "read/cursor.h"

struct perf_zstd;

/**
 * perf_zstd_new - the stream of one file
 *
 * Return: the stream, released by perf_zstd_free().
 */
struct perf_zstd *perf_zstd_new(void);

/**
 * perf_zstd_add - the next piece
 * @zstd: the stream
 * @packed: compressed bytes
 * @unpacked: set to what of the records is known now and not yet used, valid
 *	until the next piece
 *
 * Return: NULL, or why not, words that go on from the file's name.
 */
const char *perf_zstd_add(struct perf_zstd *zstd, const struct cursor *packed,
			  struct cursor *unpacked);

/**
 * perf_zstd_keep - some of it belongs to a record that goes on
 * @zstd: the stream
 * @rest: what of the unpacked bytes was not used
 */
void perf_zstd_keep(struct perf_zstd *zstd, const struct cursor *rest);

/**
 * perf_zstd_left - did the stream end within a record?
 * @zstd: the stream
 *
 * Return: true if something was kept.
 */
bool perf_zstd_left(const struct perf_zstd *zstd);

/**
 * perf_zstd_free - release
 * @zstd: the stream or NULL
 */
void perf_zstd_free(struct perf_zstd *zstd);

#endif /* PAGE_PINNER_PERF_ZSTD_H */
