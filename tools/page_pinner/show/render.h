/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The findings in all their forms, as text for people and as data for
 * programs.  Nothing is computed here but widths.
 */
#ifndef PAGE_PINNER_RENDER_H
#define PAGE_PINNER_RENDER_H

#include "show/view.h"

/**
 * render_text - for people
 * @r: what to show
 */
void render_text(const struct view *r);

/**
 * render_held - what is held now, for people
 * @r: what to show; @r->held is there
 */
void render_held(const struct view *r);

/**
 * render_json - one document, schema page_pinner.report/1
 * @r: what to show
 */
void render_json(const struct view *r);

/**
 * render_jsonl - a line of JSON for the report, each failure and each holder
 * @r: what to show
 */
void render_jsonl(const struct view *r);

/**
 * render_csv - the table of holders for other programs
 * @r: what to show
 */
void render_csv(const struct view *r);

/**
 * render_folded - stacks of holders as flame graphs are made of
 * @r: what to show
 *
 * A line for each holder: its task, then its stack, outermost frame first,
 * then the number of references.
 */
void render_folded(const struct view *r);

#endif
