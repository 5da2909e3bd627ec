/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Failures, and the operations that they belong to, as JSON.
 */
#ifndef PAGE_PINNER_JSON_FAILURE_H
#define PAGE_PINNER_JSON_FAILURE_H

#include "show/json.h"
#include "show/operation.h"
#include "show/view.h"

/**
 * json_failure - one failure
 * @r: what is shown
 * @j: the document, in a list
 * @i: index of the failure
 */
void json_failure(const struct view *r, struct json *j, size_t i);

/**
 * json_operation - one operation
 * @r: what is shown
 * @j: the document, in a list
 * @op: the operation
 * @places: numbers of failures, by their address
 */
void json_operation(const struct view *r, struct json *j, const struct operation *op,
		    const struct map *places);

#endif
