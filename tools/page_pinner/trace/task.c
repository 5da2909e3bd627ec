// SPDX-License-Identifier: GPL-2.0
/*
 * Tasks by number; see task.h.
 */
#include "trace/task.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

struct tasks {
	struct task *tasks;
	size_t nr, room;
	struct map by_pid;	/* value: number + 1 */
};

struct tasks *tasks_new(void)
{
	return xzalloc(sizeof(struct tasks));
}

void tasks_free(struct tasks *tasks)
{
	size_t i;

	if (!tasks)
		return;
	for (i = 0; i < tasks->nr; i++)
		free((char *)tasks->tasks[i].comm);
	free(tasks->tasks);
	map_free(&tasks->by_pid);
	free(tasks);
}

uint32_t tasks_intern(struct tasks *tasks, int pid, const char *comm)
{
	uintptr_t have = (uintptr_t)map_get(&tasks->by_pid, (uint32_t)pid);
	struct task *task, new = { .pid = pid };

	if (!have) {
		new.comm = xstrdup("");
		VEC_PUSH(tasks->tasks, tasks->nr, tasks->room, new);
		have = tasks->nr;
		map_put(&tasks->by_pid, (uint32_t)pid, (void *)have);
	}
	task = &tasks->tasks[have - 1];
	if (comm && *comm && strcmp(comm, task->comm) && strcmp(comm, "<...>")) {
		free((char *)task->comm);
		task->comm = xstrdup(comm);
	}
	return have - 1;
}

const struct task *tasks_get(const struct tasks *tasks, uint32_t id)
{
	return &tasks->tasks[id];
}
