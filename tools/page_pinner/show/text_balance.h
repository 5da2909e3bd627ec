/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Of watched folios: who took how much and gave how much of it back, for people.
 */
#ifndef PAGE_PINNER_TEXT_BALANCE_H
#define PAGE_PINNER_TEXT_BALANCE_H

#include "show/view.h"

/**
 * text_balance - put the table
 * @r: what to show; nothing if no folio was watched
 */
void text_balance(const struct view *r);

#endif
