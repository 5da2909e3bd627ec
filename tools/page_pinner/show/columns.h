/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The columns that a table of holders may have, in text and csv.
 */
#ifndef PAGE_PINNER_COLUMNS_H
#define PAGE_PINNER_COLUMNS_H

#include "show/view.h"

#define COLUMN_SIZE 512
#define COLUMNS_MAX 32

/**
 * enum column_kind - how a number is shown to people
 * @COLUMN_PLAIN: as it is
 * @COLUMN_TIME: nanoseconds, with a unit
 * @COLUMN_HOLD: the same, marked where it is a lower bound
 */
enum column_kind {
	COLUMN_PLAIN,
	COLUMN_TIME,
	COLUMN_HOLD,
};

/**
 * struct column - one of them
 * @name: in --fields and csv
 * @header: in the table for people
 * @width: in the table for people; negative is left-aligned
 * @kind: what people want beside the number
 * @text: writes the cell, or
 * @number: what stands in it
 */
struct column {
	const char *name;
	const char *header;
	int width;
	enum column_kind kind;
	void (*text)(const struct view *r, const struct holder *h, char *to, size_t size);
	uint64_t (*number)(const struct holder *h);
};

/**
 * columns_parse - columns by their names
 * @names: separated by commas
 * @to: room for COLUMNS_MAX
 *
 * Return: how many there are, 0 if one of them is unknown.
 */
size_t columns_parse(const char *names, const struct column **to);

/**
 * columns_cell - what stands in a cell
 * @r: what is shown
 * @column: the column
 * @h: the holder or group
 * @people: times have units
 * @to: where to
 * @size: of @to
 */
void columns_cell(const struct view *r, const struct column *column, const struct holder *h,
		  bool people, char *to, size_t size);

/**
 * columns_name - the names of all columns, one by one
 * @i: from 0
 *
 * Return: the name, NULL behind the last one.
 */
const char *columns_name(size_t i);

#endif
