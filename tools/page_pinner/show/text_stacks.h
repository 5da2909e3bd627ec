/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The stacks of the holders, and what is usually done about them, for people.
 */
#ifndef PAGE_PINNER_TEXT_STACKS_H
#define PAGE_PINNER_TEXT_STACKS_H

#include "show/view.h"

/**
 * text_stacks - put each distinct one
 * @r: what to show
 */
void text_stacks(const struct view *r);

#endif
