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
	uint32_t *before;	/* by number: the one of the same pid before it, + 1 */
	size_t nr, room, room_before;
	struct map by_pid;	/* value: the latest number + 1 */
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
	free(tasks->before);
	map_free(&tasks->by_pid);
	free(tasks);
}

/* A name that says nothing of who it is. */
static bool nameless(const char *comm)
{
	return !comm || !*comm || !strcmp(comm, "<...>");
}

uint32_t tasks_intern(struct tasks *tasks, int pid, const char *comm)
{
	uint32_t latest = (uintptr_t)map_get(&tasks->by_pid, (uint32_t)pid), have;
	struct task new = { .pid = pid };
	size_t nr = tasks->nr;

	if (latest && nameless(comm))
		return latest - 1;
	for (have = latest; have; have = tasks->before[have - 1])
		if (!strcmp(tasks->tasks[have - 1].comm, comm))
			return have - 1;
	if (latest && !*tasks->tasks[latest - 1].comm) {
		free((char *)tasks->tasks[latest - 1].comm);
		tasks->tasks[latest - 1].comm = xstrdup(comm);
		return latest - 1;
	}
	new.comm = xstrdup(nameless(comm) ? "" : comm);
	VEC_PUSH(tasks->tasks, tasks->nr, tasks->room, new);
	VEC_PUSH(tasks->before, nr, tasks->room_before, latest);
	map_put(&tasks->by_pid, (uint32_t)pid, (void *)(uintptr_t)tasks->nr);
	return tasks->nr - 1;
}

const struct task *tasks_get(const struct tasks *tasks, uint32_t id)
{
	return &tasks->tasks[id];
}
