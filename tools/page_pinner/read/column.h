/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One column in front of an event's name, read from right to left.
 */
#ifndef PAGE_PINNER_COLUMN_H
#define PAGE_PINNER_COLUMN_H

#include <stdbool.h>

#include "read/columns.h"
#include "read/leftward.h"

/**
 * column_time - the time
 * @cur: the line, moved in front of it if it is there
 * @seen: set to its form
 * @h: set to what it says
 *
 * Return: false if it is not there.
 */
bool column_time(struct leftward *cur, struct columns *seen, struct head *h);

/**
 * column_brackets - the CPU in brackets
 * @cur: the line, moved in front of it if it is there
 * @h: set to what it says
 *
 * Return: false if it is not there.
 */
bool column_brackets(struct leftward *cur, struct head *h);

/**
 * column_latency - the CPU with flags right behind it
 * @cur: the line, moved in front of it if it is there
 * @h: set to what it says
 *
 * Return: false if it is not there.
 */
bool column_latency(struct leftward *cur, struct head *h);

/**
 * column_cpu - the CPU in brackets, flags between it and the time
 * @cur: the line, moved in front of it if it is there
 * @h: set to what it says
 *
 * Return: false if it is not there.
 */
bool column_cpu(struct leftward *cur, struct head *h);

/**
 * column_tgid - the group of the task, in parentheses
 * @cur: the line, moved in front of it if it is there
 *
 * Return: false if it is not there.
 */
bool column_tgid(struct leftward *cur);

#endif /* PAGE_PINNER_COLUMN_H */
