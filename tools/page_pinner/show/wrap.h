/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sentences on a terminal of some width.
 */
#ifndef PAGE_PINNER_WRAP_H
#define PAGE_PINNER_WRAP_H

#include <stdio.h>

/**
 * wrap_put - a line, broken between words where it does not fit
 * @out: where to
 * @width: columns, 0 for any number
 * @indent: of the first line; what follows stands two further in
 * @text: without a newline; terminal escapes in it take no room
 */
void wrap_put(FILE *out, int width, int indent, const char *text);

#endif
