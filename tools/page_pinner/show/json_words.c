// SPDX-License-Identifier: GPL-2.0
/*
 * Members of several objects; see json_words.h.
 */
#include "show/json_words.h"

#include "trace/inlined.h"
#include "trace/stack.h"
#include "trace/task.h"

/* The functions of a frame, by the index of that frame in its stack. */
static size_t frame_of(const struct view *r, uint32_t stack, size_t i,
		       const struct debug_frame **frames)
{
	size_t nr;

	return inlined_list(r->trace->inlined, stacks_get(r->trace->stacks, stack, &nr)[i], frames);
}

/* Where the functions of a stack are in the sources, one for one. */
static void put_lines(const struct view *r, struct json *j, uint32_t stack, size_t from, size_t to)
{
	const struct debug_frame *frames;
	char line[512];
	size_t k, nr;

	json_open_inline(j, "lines", '[');
	for (; from < to; from++) {
		nr = frame_of(r, stack, from, &frames);
		for (k = 0; k < nr; k++) {
			snprintf(line, sizeof(line), "%s:%u%s", frames[k].file, frames[k].line,
				 frames[k].inlined ? " (inlined)" : "");
			json_string(j, NULL, *frames[k].file ? line : NULL);
		}
	}
	json_close(j, ']');
}

void json_stack(const struct view *r, struct json *j, uint32_t stack, size_t first)
{
	const struct debug_frame *frames;
	bool lines = false;
	size_t nr, i, k, end;

	json_open_inline(j, "stack", '[');
	stacks_get(r->trace->stacks, stack, &nr);
	end = r->max_stack && first + r->max_stack < nr ? first + r->max_stack : nr;
	for (i = first; i < end; i++) {
		nr = frame_of(r, stack, i, &frames);
		for (k = 0; k < nr; k++) {
			json_string(j, NULL, frames[k].function);
			lines |= *frames[k].file;
		}
	}
	json_close(j, ']');
	if (lines)
		put_lines(r, j, stack, first, end);
}

void json_task(const struct view *r, struct json *j, uint32_t task)
{
	const struct task *t = tasks_get(r->trace->tasks, task);

	json_int(j, "pid", t->pid);
	json_string(j, "comm", t->comm);
}

void json_who(const struct view *r, struct json *j, uint32_t task, uint32_t stack, size_t first)
{
	json_task(r, j, task);
	json_stack(r, j, stack, first);
}

void json_item(struct json *j, const char *type)
{
	json_open(j, NULL, '{');
	if (j->compact)
		json_string(j, "type", type);
}
