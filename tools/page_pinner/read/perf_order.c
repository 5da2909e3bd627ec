// SPDX-License-Identifier: GPL-2.0
/*
 * Records in the order of time; see perf_order.h.
 */
#include "read/perf_order.h"

#include <stdlib.h>
#include <string.h>

#include "trace/symbols.h"
#include "trace/task.h"
#include "util.h"

/**
 * struct waiting - one record
 * @ts: when
 * @seq: its place in the file
 * @kind: what it is
 * @pid: whose
 * @parent: of a fork
 * @comm: of a name; interned
 * @ev: of an event
 */
struct waiting {
	uint64_t ts;
	uint64_t seq;
	enum { IS_EVENT, IS_COMM, IS_FORK } kind;
	int pid;
	int parent;
	const char *comm;
	struct pin_event ev;
};

struct perf_order {
	struct trace *trace;
	event_sink sink;
	void *ctx;
	struct waiting *queue;
	size_t nr, room;
	uint64_t seq;
	uint64_t round_max;	/* latest time of the rounds that are over */
	uint64_t now_max;
	uint64_t last_ts;	/* handed on */
	struct map comms;	/* interned, by pid */
};

struct perf_order *perf_order_new(struct trace *trace, event_sink sink, void *ctx)
{
	struct perf_order *order = xzalloc(sizeof(*order));

	order->trace = trace;
	order->sink = sink;
	order->ctx = ctx;
	/* The idle tasks have no record of their name. */
	map_put(&order->comms, 0, (void *)symbols_intern(trace->symbols, "swapper"));
	return order;
}

static void wait(struct perf_order *order, struct waiting *new)
{
	new->seq = order->seq++;
	VEC_PUSH(order->queue, order->nr, order->room, *new);
	if (new->ts > order->now_max)
		order->now_max = new->ts;
}

void perf_order_event(struct perf_order *order, const struct pin_event *ev, int pid)
{
	struct waiting new = { .ts = ev->ts, .kind = IS_EVENT, .pid = pid, .ev = *ev };

	wait(order, &new);
}

void perf_order_comm(struct perf_order *order, uint64_t ts, int pid, const char *comm)
{
	struct waiting new = { .ts = ts, .kind = IS_COMM, .pid = pid };

	new.comm = symbols_intern(order->trace->symbols, comm);
	wait(order, &new);
}

void perf_order_fork(struct perf_order *order, uint64_t ts, int pid, int parent)
{
	struct waiting new = { .ts = ts, .kind = IS_FORK, .pid = pid, .parent = parent };

	/* A thread that was there before is listed as forked by itself. */
	if (pid != parent)
		wait(order, &new);
}

uint64_t perf_order_last(const struct perf_order *order)
{
	return order->last_ts;
}

static int compare_waiting(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

static void hand_on(struct perf_order *order, struct waiting *w)
{
	const char *comm;

	switch (w->kind) {
	case IS_COMM:
		map_put(&order->comms, (uint32_t)w->pid, (void *)w->comm);
		break;
	case IS_FORK:
		comm = map_get(&order->comms, (uint32_t)w->parent);
		if (comm)
			map_put(&order->comms, (uint32_t)w->pid, (void *)comm);
		else
			map_del(&order->comms, (uint32_t)w->pid);
		break;
	case IS_EVENT:
		comm = map_get(&order->comms, (uint32_t)w->pid);
		if (w->ev.type != PIN_LOST)
			w->ev.task = tasks_intern(order->trace->tasks, w->pid, comm ? comm : "");
		order->last_ts = w->ts;
		order->sink(order->ctx, &w->ev);
		break;
	}
}

/* Hand on, in order, what is not later than @until. */
static void hand_on_until(struct perf_order *order, uint64_t until)
{
	size_t i;

	if (!order->nr)
		return;
	qsort(order->queue, order->nr, sizeof(*order->queue), compare_waiting);
	for (i = 0; i < order->nr && order->queue[i].ts <= until; i++)
		hand_on(order, &order->queue[i]);
	order->nr -= i;
	memmove(order->queue, order->queue + i, order->nr * sizeof(*order->queue));
}

void perf_order_round(struct perf_order *order)
{
	hand_on_until(order, order->round_max);
	order->round_max = order->now_max;
}

void perf_order_flush(struct perf_order *order)
{
	hand_on_until(order, UINT64_MAX);
}

void perf_order_free(struct perf_order *order)
{
	if (!order)
		return;
	free(order->queue);
	map_free(&order->comms);
	free(order);
}
