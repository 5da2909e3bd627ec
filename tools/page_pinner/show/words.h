/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every kind of text says alike: names that are safe for a terminal,
 * times with their unit, tasks, functions, and colours.
 */
#ifndef PAGE_PINNER_WORDS_H
#define PAGE_PINNER_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "show/view.h"
#include "util.h"

/**
 * enum words_color - a colour, where the terminal has some
 * @WORDS_PLAIN: the end of any other
 * @WORDS_BOLD: headings and names
 * @WORDS_RED: what must not be overlooked
 * @WORDS_YELLOW: what is not certain
 */
enum words_color {
	WORDS_PLAIN,
	WORDS_BOLD,
	WORDS_RED,
	WORDS_YELLOW,
};

/**
 * words_color - the escape of a colour
 * @r: says if escapes are welcome
 * @color: which
 *
 * Return: the escape, or "".
 */
const char *words_color(const struct view *r, enum words_color color);

/**
 * words_heading - begin a part of the report
 * @r: where to
 * @title: of the part
 */
void words_heading(const struct view *r, const char *title);

/**
 * words_clean - text of a trace that is safe for a terminal
 * @to: where to
 * @size: of @to
 * @from: the text or NULL
 *
 * Return: @to.
 */
const char *words_clean(char *to, size_t size, const char *from);

/**
 * words_duration - a time with its unit
 * @trace: the recording; says if its times have one
 * @to: where to
 * @size: of @to
 * @ns: the time
 *
 * Return: @to.
 */
const char *words_duration(const struct trace *trace, char *to, size_t size, uint64_t ns);

/**
 * words_time - a time of the recording as dmesg counts it
 * @trace: the recording; says how far the clock of the wall is off, if it can
 * @ns: the time
 * @to: where to
 * @size: of @to
 *
 * Return: @to.
 */
const char *words_time(const struct trace *trace, uint64_t ns, char *to, size_t size);

/**
 * words_task - a task as comm/pid
 * @trace: the recording
 * @task: number of the task
 * @to: where to
 * @size: of @to
 *
 * Return: @to.
 */
const char *words_task(const struct trace *trace, uint32_t task, char *to, size_t size);

/**
 * words_tasks - the first three tasks of a holder, and how many more
 * @trace: the recording
 * @h: the holder
 * @between: two tasks
 * @none: if there is no task
 * @to: where to
 * @size: of @to
 *
 * Return: @to.
 */
const char *words_tasks(const struct trace *trace, const struct holder *h, const char *between,
			const char *none, char *to, size_t size);

/**
 * words_frames - a stack on one line, innermost function first
 * @r: what is shown; with @r->verbose all of it, else as far as tells the reader
 *	where it comes from
 * @stack: its number
 * @first: index of its first frame to be shown
 * @to: "a < b < c ..." is added here; "unknown" for no stack
 */
void words_frames(const struct view *r, uint32_t stack, uint32_t first, struct strbuf *to);

/**
 * words_function - the function that a holder is called by
 * @h: the holder
 *
 * Return: where it took its references, if that is known, else where it gave
 *	them back.
 */
const char *words_function(const struct holder *h);

#endif
