/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tasks by number: a pid with the name it had.
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
 * @comm: its name or NULL
 *
 * A pid that execs, or that is used again, has several names and a number for
 * each: qemu/300 does not become bash/300.  Without a name it is the latest one.
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
