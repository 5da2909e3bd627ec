/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of holders, or of what they are summed up by, for people.
 */
#ifndef PAGE_PINNER_TEXT_TABLE_H
#define PAGE_PINNER_TEXT_TABLE_H

#include "show/view.h"

/**
 * text_table - put the table
 * @r: what to show; nothing if there is no holder
 */
void text_table(const struct view *r);

#endif
