/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tasks by number: a pid with the name that it had at the time.  A pid that
 * execs or is given to somebody else is another task from then on.
 */
#ifndef PAGE_PINNER_TASK_H
#define PAGE_PINNER_TASK_H

#include <stdint.h>

struct tasks;

/**
 * struct task - who was running
 * @pid: thread id; 0 is the idle task
 * @comm: its name, "" if unknown
 */
struct task {
	int pid;
	const char *comm;
};

/**
 * tasks_new - an empty table
 *
 * Return: the table, released by tasks_free().
 */
struct tasks *tasks_new(void);

/**
 * tasks_free - release a table
 * @tasks: the table or NULL
 */
void tasks_free(struct tasks *tasks);

/**
 * tasks_intern - the number of a task
 * @tasks: the table
 * @pid: its thread id
 * @comm: its name; "" if it is known to have none on record; NULL or "<...>"
 *	if just this record does not tell: the task that the pid was last, or,
 *	if there was none, the one that its next name tells
 *
 * Return: the same number for the same pid and name.
 */
uint32_t tasks_intern(struct tasks *tasks, int pid, const char *comm);

/**
 * tasks_get - the task of a number
 * @tasks: the table
 * @id: number from tasks_intern()
 *
 * Return: the task, valid until the next tasks_intern().
 */
const struct task *tasks_get(const struct tasks *tasks, uint32_t id);

#endif
