// SPDX-License-Identifier: GPL-2.0
/*
 * Tables and totals of a recording; see trace.h.
 */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>

#include "trace/inlined.h"
#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"
#include "util.h"

void trace_init(struct trace *trace, const char *file)
{
	memset(trace, 0, sizeof(*trace));
	trace->file = file;
	trace->kernel = xstrdup("");
	trace->stacks = stacks_new();
	trace->symbols = symbols_new();
	trace->tasks = tasks_new();
	trace->inlined = inlined_new(trace->symbols, &trace->guard);
}

void trace_fini(struct trace *trace)
{
	inlined_free(trace->inlined);
	areas_free(&trace->areas);
	stacks_free(trace->stacks);
	symbols_free(trace->symbols);
	tasks_free(trace->tasks);
	free(trace->kernel);
}

void trace_set_clock(struct trace *trace, const char *name)
{
	/* "tsc2nsec" is trace-cmd's word for a counter that it can turn into nanoseconds */
	static const char known[] = "local global perf mono mono_raw boot tai tsc2nsec";

	snprintf(trace->clock_name, sizeof(trace->clock_name), "%s", name);
	if (!glob_match_any(known, name))
		trace->clock = CLOCK_TICKS;
}

void trace_saw(struct trace *trace, uint64_t ts)
{
	if (!trace->first_ns || ts < trace->first_ns)
		trace->first_ns = ts;
	if (ts > trace->last_ns)
		trace->last_ns = ts;
}
