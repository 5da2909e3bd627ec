/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The columns in front of an event's name: which there are, and what those of a line
 * say.
 */
#ifndef PAGE_PINNER_COLUMNS_H
#define PAGE_PINNER_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Width of a task's name where it has a column of its own. */
#define COMM_WIDTH 16
#define COMM_WIDTH_LATENCY 8

/**
 * enum task_form - how the task is written
 * @TASK_NONE: not at all
 * @TASK_DASH: comm-pid
 * @TASK_BLANK: comm pid, or comm pid/tid
 */
enum task_form {
	TASK_NONE,
	TASK_DASH,
	TASK_BLANK,
};

/**
 * enum cpu_form - how the CPU is written
 * @CPU_NONE: not at all
 * @CPU_BRACKETS: [000]
 * @CPU_LATENCY: 0d..1, the flags right behind it
 * @CPU_BARE: a number
 */
enum cpu_form {
	CPU_NONE,
	CPU_BRACKETS,
	CPU_LATENCY,
	CPU_BARE,
};

/**
 * enum time_form - how the time is written
 * @TIME_NONE: not at all
 * @TIME_SECONDS: 12.345678
 * @TIME_MICROS: 12345us
 * @TIME_TICKS: a number of what nobody says
 */
enum time_form {
	TIME_NONE,
	TIME_SECONDS,
	TIME_MICROS,
	TIME_TICKS,
};

/**
 * struct columns - the form of the lines of a text
 * @quotes: '>' in front of each line, as a mail has them
 * @log: the kernel's log put its time in front of each line
 * @task: how the task is written
 * @pair: pid and tid are
 * @cpu: how the CPU is written
 * @time: how the time is written
 * @fraction: digits of the time's fraction
 * @tgid: "(tgid)" stands behind the task
 * @numbers: 1 for a pid, 2 for pid and CPU, where no brackets tell which is which
 * @aligned: those numbers are printed with the widths of perf
 * @named: the task has a name
 * @dash: where the '-' of TASK_DASH stands, 0 if not always in one place
 *
 * A task's name can have blanks, brackets and digits of its own: only @dash
 * and @numbers tell where it ends.
 */
struct columns {
	uint8_t quotes;
	bool log;
	uint8_t task;
	bool pair;
	uint8_t cpu;
	uint8_t time;
	uint8_t fraction;
	bool tgid;
	uint8_t numbers;
	bool aligned;
	bool named;
	uint16_t dash;
};

/**
 * struct head - what the columns of a line say
 * @comm: of the task; not NUL-terminated
 * @comm_len: its length
 * @pid: of the task
 * @cpu: 0 if there is none
 * @ts: in nanoseconds or ticks, 0 if there is none
 * @flags: irq state and preemption count as the kernel writes them
 * @flags_len: its length
 * @source: what stands in front of the task: of which file, or which instance
 * @source_len: its length
 * @rest: what follows the columns
 */
struct head {
	const char *comm;
	size_t comm_len;
	int pid;
	int cpu;
	uint64_t ts;
	const char *flags;
	size_t flags_len;
	const char *source;
	size_t source_len;
	const char *rest;
};

#endif /* PAGE_PINNER_COLUMNS_H */
