/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The findings as text for people and as data for programs.  Nothing is
 * computed here but widths.
 */
#ifndef PAGE_PINNER_RENDER_H
#define PAGE_PINNER_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "findings.h"
#include "trace.h"

/**
 * struct render - what to show and how
 * @out: where to
 * @trace: the recording
 * @f: ranked findings
 * @width: columns of the terminal
 * @color: terminal escapes are welcome
 * @entries: rows per table, 0 for all
 * @max_stack: frames per stack, 0 for all
 * @verbose: show evidence too
 * @separator: of csv
 * @fields: columns of the table of holders, NULL for the default
 */
struct render {
	FILE *out;
	struct trace *trace;
	const struct findings *f;
	int width;
	bool color;
	unsigned int entries;
	unsigned int max_stack;
	bool verbose;
	const char *separator;
	const char *fields;
};

/**
 * render_text - for people
 * @r: what to show
 */
void render_text(const struct render *r);

/**
 * render_json - one document, schema page_pinner.report/1
 * @r: what to show
 */
void render_json(const struct render *r);

#endif
