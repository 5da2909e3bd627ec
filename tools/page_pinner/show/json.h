/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writing JSON: commas, indentation and escapes.
 */
#ifndef PAGE_PINNER_JSON_H
#define PAGE_PINNER_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/**
 * struct json - a document being written
 * @out: where to
 * @compact: on a single line
 * @depth: of nesting
 * @comma: something was written at this depth
 * @inline_depth: depth from which on everything stays on one line, 0 for none
 */
struct json {
	FILE *out;
	bool compact;
	int depth;
	bool comma;
	int inline_depth;
};

/**
 * json_open - begin an object or array
 * @j: the document
 * @name: of the member, NULL inside an array or at the top
 * @bracket: '{' or '['
 */
void json_open(struct json *j, const char *name, char bracket);

/**
 * json_open_inline - the same, all on one line
 * @j: the document
 * @name: of the member or NULL
 * @bracket: '{' or '['
 */
void json_open_inline(struct json *j, const char *name, char bracket);

/**
 * json_close - end an object or array
 * @j: the document
 * @bracket: '}' or ']'
 */
void json_close(struct json *j, char bracket);

/**
 * json_string - a string
 * @j: the document
 * @name: of the member or NULL
 * @value: bytes that are not valid UTF-8 are replaced; NULL gives null
 */
void json_string(struct json *j, const char *name, const char *value);

/**
 * json_int - a number
 * @j: the document
 * @name: of the member or NULL
 * @value: the number
 */
void json_int(struct json *j, const char *name, int64_t value);

/**
 * json_uint - a number
 * @j: the document
 * @name: of the member or NULL
 * @value: the number
 */
void json_uint(struct json *j, const char *name, uint64_t value);

/**
 * json_real - a number between 0 and 1
 * @j: the document
 * @name: of the member or NULL
 * @value: written with two decimals
 */
void json_real(struct json *j, const char *name, double value);

/**
 * json_bool - true or false
 * @j: the document
 * @name: of the member or NULL
 * @value: which
 */
void json_bool(struct json *j, const char *name, bool value);

#endif
