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
	struct map last;	/* number + 1, by pid */
	struct map nameless;	/* the same, of those that wait for a name */
	struct map all;		/* number + 1, by hash of pid and name */
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
	map_free(&tasks->last);
	map_free(&tasks->nameless);
	map_free(&tasks->all);
	free(tasks);
}

static uint64_t key_of(int pid, const char *comm)
{
	return hash_bytes(comm, strlen(comm)) ^ (uint64_t)(uint32_t)pid << 32;
}

static uint32_t add(struct tasks *tasks, int pid, const char *comm)
{
	struct task new = { .pid = pid, .comm = xstrdup(comm) };

	VEC_PUSH(tasks->tasks, tasks->nr, tasks->room, new);
	return tasks->nr - 1;
}

/* The number under this name, or, new, the one that waited for a name. */
static uint32_t find_named(struct tasks *tasks, int pid, const char *comm)
{
	uintptr_t have, waits = (uintptr_t)map_get(&tasks->nameless, (uint32_t)pid);
	uint64_t key = key_of(pid, comm);
	const struct task *task;
	uint32_t id;

	for (; (have = (uintptr_t)map_get(&tasks->all, key)); key++) {
		task = &tasks->tasks[have - 1];
		if (task->pid == pid && !strcmp(task->comm, comm))
			return have - 1;
	}
	id = waits ? waits - 1 : add(tasks, pid, comm);
	if (waits) {
		map_del(&tasks->nameless, (uint32_t)pid);
		free((char *)tasks->tasks[id].comm);
		tasks->tasks[id].comm = xstrdup(comm);
	}
	map_put(&tasks->all, key, (void *)(uintptr_t)(id + 1));
	return id;
}

uint32_t tasks_intern(struct tasks *tasks, int pid, const char *comm)
{
	uintptr_t last = (uintptr_t)map_get(&tasks->last, (uint32_t)pid);
	bool told = comm && strcmp(comm, "<...>");
	uint32_t id;

	if (!told && last)
		return last - 1;
	if (told) {
		id = find_named(tasks, pid, comm);
	} else {
		id = add(tasks, pid, "");
		map_put(&tasks->nameless, (uint32_t)pid, (void *)(uintptr_t)(id + 1));
	}
	map_put(&tasks->last, (uint32_t)pid, (void *)(uintptr_t)(id + 1));
	return id;
}

const struct task *tasks_get(const struct tasks *tasks, uint32_t id)
{
	return &tasks->tasks[id];
}
