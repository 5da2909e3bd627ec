/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a recording is about besides its events: the tables that the numbers
 * in the events point into, and how much was read and lost.
 */
#ifndef PAGE_PINNER_TRACE_H
#define PAGE_PINNER_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/areas.h"

struct guard;
struct inlined;
struct stacks;
struct symbols;
struct tasks;

/**
 * enum trace_clock - what the times of a recording are
 * @CLOCK_NS: nanoseconds
 * @CLOCK_TICKS: a counter whose rate the recording does not tell
 * @CLOCK_NONE: there are none; events are numbered in their order instead
 */
enum trace_clock {
	CLOCK_NS,
	CLOCK_TICKS,
	CLOCK_NONE,
};

/**
 * struct trace - a recording
 * @file: its name as the user gave it
 * @kernel: release of the kernel that wrote it, "" if it does not say
 * @stacks: every distinct stack
 * @symbols: names of the addresses in @stacks
 * @tasks: every task
 * @inlined: what the addresses in @stacks stand for besides their names
 * @areas: CMA areas that the kernel's events tell of
 * @clock: what @first_ns, @last_ns and the times of events are
 * @clock_name: what the kernel calls that clock, "" if the recording does not say
 * @date_ns: what to add to its times to get the wall clock's, 0 if unknown
 * @asked: the user asks for the page @asked_pfn, and for no other
 * @asked_pfn: its page frame number
 * @guard: is told when a library is at work, see guard.h; may be NULL
 * @on: events that the recording proves to have been on, bits 1 << &enum pin_type:
 *	if failures were and there are none, nothing failed
 * @first_ns: time of the first event of any kind
 * @last_ns: time of the last one
 * @events: page_pinner events read
 * @lost: events that the recording says are missing
 * @holes: places where events are missing; where the recording does not
 *	say how many, @lost counts one
 * @no_stacks: page_pinner events that came without a stack
 * @backwards: events that were read out of order
 */
struct trace {
	const char *file;
	char *kernel;
	struct stacks *stacks;
	struct symbols *symbols;
	struct tasks *tasks;
	struct inlined *inlined;
	struct areas areas;
	enum trace_clock clock;
	char clock_name[32];
	int64_t date_ns;
	bool asked;
	uint64_t asked_pfn;
	struct guard *guard;
	uint32_t on;
	uint64_t first_ns;
	uint64_t last_ns;
	uint64_t events;
	uint64_t lost;
	uint64_t holes;
	uint64_t no_stacks;
	uint64_t backwards;
};

/**
 * trace_init - empty tables
 * @trace: to set up, released by trace_fini()
 * @file: name of the recording
 */
void trace_init(struct trace *trace, const char *file);

/**
 * trace_fini - release what trace_init() set up
 * @trace: the recording
 */
void trace_fini(struct trace *trace);

/**
 * trace_set_clock - the recording says which clock its times are of
 * @trace: the recording
 * @name: what the kernel calls the clock
 *
 * Of a clock that is not known to count nanoseconds it is not supposed.
 */
void trace_set_clock(struct trace *trace, const char *name);

/**
 * trace_saw - note the time of a record
 * @trace: the recording
 * @ts: nanoseconds
 */
void trace_saw(struct trace *trace, uint64_t ts);

#endif
