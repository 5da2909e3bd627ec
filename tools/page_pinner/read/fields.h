/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A page_pinner event in a line of text: where its name stands, and its fields.
 * Which fields an event has, in which order, is learned from the first lines of
 * its name; a later line that has others was torn.
 */
#ifndef PAGE_PINNER_FIELDS_H
#define PAGE_PINNER_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/event.h"

/**
 * struct anchor - a page_pinner event in a line
 * @start: where its name begins, the trace system in front of it included
 * @name: its name; not NUL-terminated
 * @name_len: its length
 * @text: its fields
 */
struct anchor {
	const char *start;
	const char *name;
	size_t name_len;
	const char *text;
};

/**
 * anchor_find - find the first page_pinner event in a line
 * @line: the line
 * @size: its length
 * @anchor: set
 *
 * Return: false if there is none.
 */
bool anchor_find(const char *line, size_t size, struct anchor *anchor);

struct fields;

/**
 * fields_new - nothing was learned
 *
 * Return: the forms of the events, released by fields_free().
 */
struct fields *fields_new(void);

/**
 * fields_free - release
 * @fields: the forms or NULL
 */
void fields_free(struct fields *fields);

/**
 * fields_learn - note which fields an event has
 * @fields: the forms
 * @anchor: the event
 *
 * Return: false for an event that this program does not know.
 */
bool fields_learn(struct fields *fields, const struct anchor *anchor);

/**
 * fields_missing - a required field that is not there
 * @fields: the forms
 * @name: set to the event's name
 *
 * Where one event has all of them, another that has not was torn.
 *
 * Return: the field's name, NULL if an event has all.
 */
const char *fields_missing(const struct fields *fields, const char **name);

/**
 * fields_know - is it an event that this program reads
 * @fields: the forms
 * @anchor: the event
 *
 * Return: true if it is.
 */
bool fields_know(struct fields *fields, const struct anchor *anchor);

/**
 * fields_read - read the fields of an event
 * @fields: the forms
 * @anchor: the event
 * @ev: type and fields are set
 * @tail: set to what follows the fields
 *
 * Return: false if they are not those that the event has.
 */
bool fields_read(struct fields *fields, const struct anchor *anchor, struct pin_event *ev,
		 const char **tail);

/**
 * fields_evidence - could this be a part of a page_pinner event's line
 * @text: the line, or what there is of it
 *
 * Return: true if it has the name of an event, or two of its fields.
 */
bool fields_evidence(const char *text);

#endif
