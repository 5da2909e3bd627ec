/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What several objects of the report have alike, as JSON.
 */
#ifndef PAGE_PINNER_JSON_WORDS_H
#define PAGE_PINNER_JSON_WORDS_H

#include "show/json.h"
#include "show/view.h"

/**
 * json_stack - the member "stack", names of functions, innermost first; with debug
 *	information also "lines", where they are
 * @r: what is shown
 * @j: the document
 * @stack: number of the stack
 * @first: index of its first frame to be shown
 */
void json_stack(const struct view *r, struct json *j, uint32_t stack, size_t first);

/**
 * json_task - the members "pid" and "comm"
 * @r: what is shown
 * @j: the document
 * @task: number of the task
 */
void json_task(const struct view *r, struct json *j, uint32_t task);

/**
 * json_who - the members of json_task() and json_stack(): who did it, from where
 * @r: names and stacks
 * @j: the document, in an object
 * @task: number of the task
 * @stack: number of the stack
 * @first: index of its first frame to be shown
 */
void json_who(const struct view *r, struct json *j, uint32_t task, uint32_t stack, size_t first);

/**
 * json_item - begin an object of a list: in JSON lines each says what it is
 * @j: the document
 * @type: what it is
 */
void json_item(struct json *j, const char *type);

#endif
