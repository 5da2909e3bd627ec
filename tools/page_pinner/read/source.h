/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes of a recording, wherever they come from: a file, a pipe with or
 * without a name, gzip, xz, zstd or bzip2 around either.  What came before
 * the recording (null bytes, a byte order mark) is left out.  A reader takes
 * them as a stream, or, where it has to go to and fro in them, as a file.
 */
#ifndef PAGE_PINNER_SOURCE_H
#define PAGE_PINNER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a recording may unpack to, and what is kept of a pipe in a file. */
#define SOURCE_LIMIT (4ull << 30)

struct source;

/**
 * source_open - look at the beginning of a recording
 * @file: its name, "-" is standard input
 * @limit: most bytes to unpack or to keep, usually %SOURCE_LIMIT
 *
 * Return: the source, released by source_close(); NULL after an error was
 * reported.
 */
struct source *source_open(const char *file, uint64_t limit);

/**
 * source_head - how the recording begins
 * @source: the source
 * @size: set to how many bytes are known, fewer than 512 if there are no more
 *
 * Return: unpacked bytes, valid until the source is read from.
 */
const unsigned char *source_head(const struct source *source, size_t *size);

/**
 * source_stream - the recording as a stream of text
 * @source: the source
 *
 * Null bytes at the end are left out as well.  The stream has an error where
 * the recording is so damaged that nothing of it can be trusted.  Neither this
 * nor source_file() may follow.
 *
 * Return: the stream, closed by source_close().
 */
FILE *source_stream(struct source *source);

/**
 * source_file - the recording as a file that can be sought in
 * @source: the source
 *
 * What is no such file is kept in one without a name, in $TMPDIR or /tmp.
 *
 * Return: its descriptor, closed by source_close(); -1 after an error was
 * reported.
 */
int source_file(struct source *source);

/**
 * source_fault - why the recording ended early
 * @source: the source, read to its end
 * @damaged: set to whether what was read cannot be trusted either
 *
 * Return: words that go on from the name of the file, NULL if it did not.
 */
const char *source_fault(const struct source *source, bool *damaged);

/**
 * source_close - release
 * @source: the source or NULL
 */
void source_close(struct source *source);

#endif /* PAGE_PINNER_SOURCE_H */
