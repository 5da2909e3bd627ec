/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The failures, story by story, for people.
 */
#ifndef PAGE_PINNER_TEXT_FAILURES_H
#define PAGE_PINNER_TEXT_FAILURES_H

#include "show/view.h"

/**
 * text_failures - tell them
 * @r: what to show
 */
void text_failures(const struct view *r);

#endif
