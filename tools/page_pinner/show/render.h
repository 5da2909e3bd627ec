/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The findings as text for people and as data for programs.  Nothing is
 * computed here but widths.
 */
#ifndef PAGE_PINNER_RENDER_H
#define PAGE_PINNER_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "judge/findings.h"
#include "show/group.h"
#include "trace/trace.h"

/**
 * struct render - what to show and how
 * @out: where to
 * @trace: the recording
 * @f: ranked findings
 * @groups: the same by @by, ranked; @f where each holder stands for itself
 * @by: what the table of holders is grouped by
 * @width: columns of the terminal, 0 for any number: tables leave out what does
 *	not fit, sentences are broken
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
	const struct findings *groups;
	enum group_by by;
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

/**
 * render_jsonl - a line of JSON for the report, each failure and each holder
 * @r: what to show
 */
void render_jsonl(const struct render *r);

/**
 * render_csv - the table of holders for other programs
 * @r: what to show
 */
void render_csv(const struct render *r);

/**
 * render_table - the table of holders for people
 * @r: what to show
 */
void render_table(const struct render *r);

/**
 * render_victims - who was in whose way, for people
 * @r: what to show; nothing if that is plain: one victim and one holder
 */
void render_victims(const struct render *r);

/**
 * render_failures - the failures for people
 * @r: what to show
 */
void render_failures(const struct render *r);

/**
 * render_function - the function that a holder is called by
 * @h: the holder
 *
 * Return: where it took its references, if that is known, else where it gave
 *	them back.
 */
const char *render_function(const struct holder *h);

/**
 * render_has_fields - are these columns of the table of holders
 * @fields: names separated by commas
 *
 * Return: true if each is one.
 */
bool render_has_fields(const char *fields);

/**
 * render_fields - the names of all columns
 *
 * Return: separated by commas.
 */
const char *render_fields(void);

/**
 * render_folded - stacks of holders as flame graphs are made of
 * @r: what to show
 *
 * A line for each holder: its task, then its stack, outermost frame first,
 * then the number of references.
 */
void render_folded(const struct render *r);

/**
 * render_clean - text of a trace that is safe for a terminal
 * @to: where to
 * @size: of @to
 * @from: the text
 *
 * Return: @to.
 */
const char *render_clean(char *to, size_t size, const char *from);

/**
 * render_duration - a time with its unit
 * @to: where to
 * @size: of @to
 * @ns: the time
 *
 * Return: @to.
 */
const char *render_duration(char *to, size_t size, uint64_t ns);

#endif
