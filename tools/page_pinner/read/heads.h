/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What stands in front of an event's name: task, CPU, time, and whatever the
 * recorder, the kernel's log or a mail put around them.  The columns are found
 * once, from lines whose event is known; every later line has to have them.
 */
#ifndef PAGE_PINNER_HEADS_H
#define PAGE_PINNER_HEADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/columns.h"

/**
 * columns_same - are two forms the same, but for the place of the dash
 * @a: a form
 * @b: the other
 *
 * Return: true if they are.
 */
bool columns_same(const struct columns *a, const struct columns *b);

/**
 * columns_guess - the form that one line seems to have
 * @line: the line
 * @name: where the event's name begins in it
 * @seen: set to the form
 *
 * Return: false if it has none.
 */
bool columns_guess(const char *line, const char *name, struct columns *seen);

struct column_votes;

/**
 * column_votes_new - no line was seen
 *
 * Return: the votes, released by column_votes_free().
 */
struct column_votes *column_votes_new(void);

/**
 * column_votes_free - release votes
 * @votes: the votes or NULL
 */
void column_votes_free(struct column_votes *votes);

/**
 * column_votes_add - a line whose event is known
 * @votes: the votes
 * @line: the line
 * @name: where the event's name begins in it
 */
void column_votes_add(struct column_votes *votes, const char *line, const char *name);

/**
 * column_votes_decide - the form that most lines have
 * @votes: the votes
 * @c: set to the form
 *
 * Return: false if no line had any.
 */
bool column_votes_decide(const struct column_votes *votes, struct columns *c);

/**
 * columns_strip - what a mail or the kernel's log did not put there
 * @c: the form
 * @line: a line
 *
 * Return: the line proper, NULL if it is outside of what was quoted or logged.
 */
const char *columns_strip(const struct columns *c, const char *line);

/**
 * columns_before - read the columns in front of an event's name
 * @c: the form
 * @line: from columns_strip()
 * @name: where the name begins
 * @head: set, @rest to @name
 *
 * Return: false if they are not those of the form.
 */
bool columns_before(const struct columns *c, const char *line, const char *name,
		    struct head *head);

/**
 * columns_find - find and read the columns of an event of any name
 * @c: the form
 * @line: from columns_strip()
 * @head: set
 *
 * Return: false if the line has no columns of the form.
 */
bool columns_find(const struct columns *c, const char *line, struct head *head);

#endif
