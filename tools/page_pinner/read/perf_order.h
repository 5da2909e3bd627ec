/* SPDX-License-Identifier: GPL-2.0 */
/*
 * perf writes what each CPU recorded in turn: only within one CPU do records
 * stand in the order of time.  The end of a round says that nothing earlier
 * than the round before will follow.  Here they wait until they are in order;
 * what a task is called is settled then, for exec and fork are records too.
 */
#ifndef PAGE_PINNER_PERF_ORDER_H
#define PAGE_PINNER_PERF_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/event.h"
#include "trace/trace.h"

struct perf_order;

/**
 * perf_order_new - nothing is waiting
 * @trace: its tasks are filled
 * @sink: receives events in the order of time
 * @ctx: for @sink
 *
 * Return: the order, released by perf_order_free().
 */
struct perf_order *perf_order_new(struct trace *trace, event_sink sink, void *ctx);

/**
 * perf_order_event - an event was read
 * @order: the order
 * @ev: the event, without its task
 * @pid: who wrote it
 */
void perf_order_event(struct perf_order *order, const struct pin_event *ev, int pid);

/**
 * perf_order_comm - a task got a name
 * @order: the order
 * @ts: when, 0 for one that had it before
 * @pid: the task
 * @comm: its name
 */
void perf_order_comm(struct perf_order *order, uint64_t ts, int pid, const char *comm);

/**
 * perf_order_fork - a task was made, by the name of its parent
 * @order: the order
 * @ts: when, 0 for one that was there before
 * @pid: the task
 * @parent: who made it
 */
void perf_order_fork(struct perf_order *order, uint64_t ts, int pid, int parent);

/**
 * perf_order_last - the latest event that was handed on
 * @order: the order
 *
 * Return: its time, 0 if there was none.
 */
uint64_t perf_order_last(const struct perf_order *order);

/**
 * perf_order_round - a round is over
 * @order: the order
 */
void perf_order_round(struct perf_order *order);

/**
 * perf_order_flush - nothing more will come
 * @order: the order
 */
void perf_order_flush(struct perf_order *order);

/**
 * perf_order_free - release
 * @order: the order or NULL
 */
void perf_order_free(struct perf_order *order);

#endif /* PAGE_PINNER_PERF_ORDER_H */
