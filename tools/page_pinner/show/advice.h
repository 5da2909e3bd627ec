/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What to do next about an operation that failed.
 */
#ifndef PAGE_PINNER_ADVICE_H
#define PAGE_PINNER_ADVICE_H

#include "show/operation.h"
#include "show/view.h"
#include "util.h"

/**
 * advice_on - what to do next
 * @r: what is shown
 * @op: the operation
 * @to: a sentence or two are added here
 */
void advice_on(const struct view *r, const struct operation *op, struct strbuf *to);

/**
 * advice_kind - why a failure of this kind is nobody's reference
 * @kind: &enum pin_kind
 *
 * Return: in a few words.
 */
const char *advice_kind(unsigned int kind);

/**
 * advice_watch - the command that puts the get on record the next time
 * @failure: of the page
 * @to: it is added here
 */
void advice_watch(const struct failure *failure, struct strbuf *to);

#endif
