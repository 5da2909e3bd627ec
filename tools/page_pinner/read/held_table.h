/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of debugfs "holders" and "scan".  Its columns are found by the names
 * in its heading, so that later ones do no harm.
 */
#ifndef PAGE_PINNER_HELD_TABLE_H
#define PAGE_PINNER_HELD_TABLE_H

#include <stdbool.h>

#include "trace/held.h"
#include "trace/trace.h"

/* More columns than any kernel writes. */
#define HELD_COLUMNS 64

/**
 * struct held_table - the heading of a table
 * @nr: columns, 0 before a heading was seen
 * @place: the column that each of &enum held_column is in, -1 for none
 */
struct held_table {
	int nr;
	int place[16];
};

/**
 * held_table_heading - is a line the heading of a table
 * @table: is that one from here on
 * @line: the line
 *
 * Return: true if it is.
 */
bool held_table_heading(struct held_table *table, const char *line);

/**
 * held_table_row - read a row
 * @table: its heading was seen
 * @line: the line
 * @trace: gets tasks and stacks
 * @held: filled in, but for @look and @log
 *
 * Return: false if it is no such row, or not all of it.
 */
bool held_table_row(const struct held_table *table, const char *line, struct trace *trace,
		    struct held *held);

#endif
