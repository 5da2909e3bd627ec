/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the report begins with: for each operation that failed one answer, who
 * was in the way of whom, when, for how long, how sure that is, what to do.
 */
#ifndef PAGE_PINNER_TEXT_ANSWERS_H
#define PAGE_PINNER_TEXT_ANSWERS_H

#include "show/operation.h"
#include "show/view.h"

/**
 * text_answers - put the answers
 * @r: what to show
 * @operations: what failed
 */
void text_answers(const struct view *r, const struct operations *operations);

#endif
