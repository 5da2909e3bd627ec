// SPDX-License-Identifier: GPL-2.0
/*
 * Words; see words.h.
 */
#include "show/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "trace/inlined.h"
#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"

/* Frames of a stack on one line: those beyond are the way into the kernel. */
#define FRAMES_SHOWN 8

const char *words_color(const struct view *r, enum words_color color)
{
	static const char *const escapes[] = {
		[WORDS_PLAIN] = "\033[0m", [WORDS_BOLD] = "\033[1m",
		[WORDS_RED] = "\033[31m", [WORDS_YELLOW] = "\033[33m",
	};

	return r->color ? escapes[color] : "";
}

void words_heading(const struct view *r, const char *title)
{
	fprintf(r->out, "\n%s%s%s\n", words_color(r, WORDS_BOLD), title,
		words_color(r, WORDS_PLAIN));
}

/* Names in a trace are anyone's: nothing in them may reach a terminal raw. */
const char *words_clean(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < size && from && from[i]; i++)
		to[i] = (unsigned char)from[i] < ' ' || (unsigned char)from[i] >= 0x7f ?
			'?' : from[i];
	to[i] = '\0';
	return to;
}

/* Times that are no nanoseconds are not made to look like some. */
static const char *no_unit(const struct trace *trace)
{
	return trace->clock == CLOCK_TICKS ? "ticks" : "events";
}

const char *words_duration(const struct trace *trace, char *to, size_t size, uint64_t ns)
{
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" } };
	size_t i;

	if (trace->clock != CLOCK_NS) {
		snprintf(to, size, "%" PRIu64 " %s", ns, no_unit(trace));
		return to;
	}
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (ns >= units[i].unit) {
			snprintf(to, size, "%" PRIu64 ".%02" PRIu64 " %s", ns / units[i].unit,
				 ns % units[i].unit * 100 / units[i].unit, units[i].name);
			return to;
		}
	}
	snprintf(to, size, "%" PRIu64 " ns", ns);
	return to;
}

const char *words_time(const struct trace *trace, uint64_t ns, char *to, size_t size)
{
	char date[32];
	struct tm tm;
	time_t wall;
	int used;

	if (trace->clock != CLOCK_NS) {
		snprintf(to, size, trace->clock == CLOCK_TICKS ? "%" PRIu64 " ticks" :
			 "event %" PRIu64, ns);
		return to;
	}
	used = snprintf(to, size, "%" PRIu64 ".%06" PRIu64 " s", ns / 1000000000,
			ns % 1000000000 / 1000);
	wall = (time_t)((trace->date_ns + (int64_t)ns) / 1000000000);
	if (trace->date_ns && localtime_r(&wall, &tm) &&
	    strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(to + used, size - used, " (%s)", date);
	return to;
}

const char *words_task(const struct trace *trace, uint32_t task, char *to, size_t size)
{
	const struct task *t = tasks_get(trace->tasks, task);
	char comm[32];

	snprintf(to, size, "%s/%d", words_clean(comm, sizeof(comm), t->comm), t->pid);
	return to;
}

const char *words_tasks(const struct trace *trace, const struct holder *h, const char *between,
			const char *none, char *to, size_t size)
{
	size_t i, used = 0;
	char task[48];

	to[0] = '\0';
	for (i = 0; i < h->nr_tasks && i < 3 && used < size; i++)
		used += snprintf(to + used, size - used, "%s%s", i ? between : "",
				 words_task(trace, h->tasks[i], task, sizeof(task)));
	if (i < h->nr_tasks && used < size)
		snprintf(to + used, size - used, " and %zu more", h->nr_tasks - i);
	if (!h->nr_tasks)
		snprintf(to, size, "%s", none);
	return to;
}

/* The functions of one frame; returns how many there were. */
static size_t put_frame(const struct view *r, uint64_t addr, bool first, struct strbuf *to)
{
	const char *module = symbols_find(r->trace->symbols, addr)->module;
	const struct debug_frame *frames;
	size_t nr = inlined_list(r->trace->inlined, addr, &frames), i;
	char name[128];

	for (i = 0; i < nr; i++) {
		strbuf_add(to, "%s%s", first && !i ? "" : " < ",
			   words_clean(name, sizeof(name), frames[i].function));
		if (module)
			strbuf_add(to, " [%s]", words_clean(name, sizeof(name), module));
	}
	return nr;
}

void words_frames(const struct view *r, uint32_t stack, uint32_t first, struct strbuf *to)
{
	size_t most = r->max_stack ? r->max_stack : r->verbose ? SIZE_MAX : FRAMES_SHOWN;
	size_t nr, i, shown = 0;

	stacks_get(r->trace->stacks, stack, &nr);
	if (first >= nr)
		strbuf_add(to, "unknown");
	for (i = first; i < nr; i++) {
		if (shown >= most) {
			strbuf_add(to, " < ...");
			break;
		}
		shown += put_frame(r, stacks_get(r->trace->stacks, stack, &nr)[i], i == first, to);
	}
}

const char *words_function(const struct holder *h)
{
	const char *name = h->acquired ? h->acquire.function : h->release.function;

	return name ? name : "unknown";
}
