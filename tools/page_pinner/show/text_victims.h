/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of victims, with the holders in their way, for people.
 */
#ifndef PAGE_PINNER_TEXT_VICTIMS_H
#define PAGE_PINNER_TEXT_VICTIMS_H

#include "show/view.h"

/**
 * text_victims - put the table
 * @r: what to show; nothing if that is plain: one victim and one holder
 */
void text_victims(const struct view *r);

#endif
