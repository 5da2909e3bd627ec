/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A report to where the user wants it, in the form that the user wants.
 */
#ifndef PAGE_PINNER_OUTPUT_H
#define PAGE_PINNER_OUTPUT_H

#include "options.h"
#include "show/view.h"

/**
 * output_write - write a report
 * @view: what to show; what @opts say of the form is filled in
 * @opts: where to, and how
 *
 * Return: 0, or -1 after an error was reported.
 */
int output_write(struct view *view, const struct options *opts);

/**
 * output_grouped - write a report with the table of holders that @opts ask for
 * @view: as output_write(); the findings are ranked
 * @opts: as output_write()
 *
 * Return: as output_write().
 */
int output_grouped(struct view *view, const struct options *opts);

#endif
