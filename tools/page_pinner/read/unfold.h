/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A text whose lines a mail program wrapped.  Who wraps breaks a line where the next
 * word would pass a width: if one width explains every break, they are undone.
 */
#ifndef PAGE_PINNER_UNFOLD_H
#define PAGE_PINNER_UNFOLD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "read/lines.h"

/**
 * unfold_goes_on - does a line go on with the one in front of it
 * @before: that, as far as it was put together
 * @line: the line
 *
 * Return: true if it is the rest of an event or of a frame, and nothing else.
 */
bool unfold_goes_on(const char *before, const char *line);

/**
 * unfold_rewrite - put lines together
 * @in: numbered lines, see lines.h; at its beginning
 * @out: the lines are written to it, with the numbers of their beginnings
 *
 * Return: how many breaks were undone, 0 if they are not those of one width.
 */
uint64_t unfold_rewrite(FILE *in, FILE *out);

#endif /* PAGE_PINNER_UNFOLD_H */
