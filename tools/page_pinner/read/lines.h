/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A text by lines.  A stretch of it can be held in memory and read again: what
 * form the text has is known only after some of it was seen.
 */
#ifndef PAGE_PINNER_LINES_H
#define PAGE_PINNER_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct lines;

/**
 * struct line - one line
 * @text: without its end, NUL-terminated; not to be changed
 * @len: its length
 * @nr: its number, from 1
 * @ended: a newline followed; the last line of a cut file has none
 * @torn: null bytes lay within, or it is longer than any line of a trace;
 *	@text is what stood last
 */
struct line {
	const char *text;
	size_t len;
	uint64_t nr;
	bool ended;
	bool torn;
};

/**
 * lines_new - start to read
 * @in: the text; read to its end, never sought in
 *
 * Return: the reader, released by lines_free().
 */
struct lines *lines_new(FILE *in);

/**
 * lines_new_numbered - a text that lines_put() wrote
 * @in: the text
 *
 * Return: its lines, with the numbers that they had; released by lines_free().
 */
struct lines *lines_new_numbered(FILE *in);

/**
 * lines_put - write a line with its number in front
 * @out: where to
 * @line: the line
 */
void lines_put(FILE *out, const struct line *line);

/**
 * lines_free - release a reader, not the stream
 * @lines: the reader or NULL
 */
void lines_free(struct lines *lines);

/**
 * lines_next - read the next line
 * @lines: the reader
 * @line: set to the line; valid until the next call
 *
 * Return: false at the end of the text.
 */
bool lines_next(struct lines *lines, struct line *line);

/**
 * lines_hold - keep what is read from here on
 * @lines: the reader
 */
void lines_hold(struct lines *lines);

/**
 * lines_held - how much is kept
 * @lines: the reader
 *
 * Return: bytes between the place of lines_hold() and the next line.
 */
size_t lines_held(const struct lines *lines);

/**
 * lines_rewind - go back to where lines_hold() was called, and keep no more
 * @lines: the reader
 */
void lines_rewind(struct lines *lines);

#endif
