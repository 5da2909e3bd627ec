// SPDX-License-Identifier: GPL-2.0
/*
 * Members of several objects; see json_words.h.
 */
#include "show/json_words.h"

#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"

void json_stack(const struct view *r, struct json *j, uint32_t stack, size_t first)
{
	const uint64_t *frames;
	size_t nr, i, end;

	json_open_inline(j, "stack", '[');
	stacks_get(r->trace->stacks, stack, &nr);
	end = r->max_stack && first + r->max_stack < nr ? first + r->max_stack : nr;
	for (i = first; i < end; i++) {
		frames = stacks_get(r->trace->stacks, stack, &nr);
		json_string(j, NULL, symbols_find(r->trace->symbols, frames[i])->name);
	}
	json_close(j, ']');
}

void json_task(const struct view *r, struct json *j, uint32_t task)
{
	const struct task *t = tasks_get(r->trace->tasks, task);

	json_int(j, "pid", t->pid);
	json_string(j, "comm", t->comm);
}

void json_item(struct json *j, const char *type)
{
	json_open(j, NULL, '{');
	if (j->compact)
		json_string(j, "type", type);
}
