// SPDX-License-Identifier: GPL-2.0
/*
 * Events and the stacks that follow them; see joiner.h.
 */
#include "read/joiner.h"

#include <stdlib.h>

#include "trace/stack.h"
#include "util.h"

/* Task, softirq, interrupt and NMI can each be between event and stack. */
#define DEPTH 4

/*
 * An event whose stack never comes must not hold up the others for long.
 * More than this many later ones are not kept waiting; a power of two.
 */
#define QUEUE_MAX 4096

struct waiting {
	struct record_context at;
	uint64_t seq;		/* its place in the queue */
};

struct lane {
	struct waiting waiting[DEPTH];
	int nr;
};

struct queued {
	struct pin_event ev;
	bool done;
};

struct joiner {
	event_sink sink;
	void *ctx;
	struct map lanes;	/* by buffer and CPU */
	struct lane *last;	/* of these the one that was asked for, under @last_key */
	uint64_t last_key;
	struct queued *queue;	/* in the order of reading */
	uint64_t head, tail;
	uint64_t base;		/* when it was empty last: what lies first in @queue */
};

struct joiner *joiner_new(event_sink sink, void *ctx)
{
	struct joiner *joiner = xzalloc(sizeof(*joiner));

	joiner->sink = sink;
	joiner->ctx = ctx;
	joiner->queue = xzalloc(QUEUE_MAX * sizeof(*joiner->queue));
	return joiner;
}

static struct queued *queued_at(struct joiner *joiner, uint64_t seq)
{
	return &joiner->queue[(seq - joiner->base) & (QUEUE_MAX - 1)];
}

static struct lane *lane_of(struct joiner *joiner, const struct record_context *at, bool make)
{
	uint64_t key = (uint64_t)at->buffer << 32 | (uint32_t)at->cpu;
	struct lane *lane;

	if (joiner->last && joiner->last_key == key)
		return joiner->last;
	lane = map_get(&joiner->lanes, key);
	if (!lane && make) {
		lane = xzalloc(sizeof(*lane));
		map_put(&joiner->lanes, key, lane);
	}
	joiner->last = lane;
	joiner->last_key = key;
	return lane;
}

static void drain(struct joiner *joiner)
{
	while (joiner->head < joiner->tail && queued_at(joiner, joiner->head)->done)
		joiner->sink(joiner->ctx, &queued_at(joiner, joiner->head++)->ev);
}

/* Returns its place. */
static uint64_t enqueue(struct joiner *joiner, const struct pin_event *ev, bool done)
{
	if (joiner->tail - joiner->head == QUEUE_MAX) {
		queued_at(joiner, joiner->head)->done = true;
		drain(joiner);
	}
	/* most often one event waits: let that be in the same place, in the caches */
	if (joiner->head == joiner->tail)
		joiner->base = joiner->tail;
	queued_at(joiner, joiner->tail)->ev = *ev;
	queued_at(joiner, joiner->tail)->done = done;
	return joiner->tail++;
}

/* The wait of an event is over; it goes on as soon as all earlier ones have. */
static void end_wait(struct joiner *joiner, struct lane *lane, int i, uint32_t stack)
{
	uint64_t seq = lane->waiting[i].seq;

	for (lane->nr--; i < lane->nr; i++)
		lane->waiting[i] = lane->waiting[i + 1];
	if (seq < joiner->head)
		return;
	queued_at(joiner, seq)->ev.stack = stack;
	queued_at(joiner, seq)->done = true;
	drain(joiner);
}

/*
 * A record of another task, or of the same context, ends the wait of an
 * earlier event: its stack would have come before.
 */
static void end_waits(struct joiner *joiner, struct lane *lane, const struct record_context *at)
{
	int i = 0;

	while (i < lane->nr) {
		const struct record_context *was = &lane->waiting[i].at;

		if (was->pid != at->pid || was->flags == at->flags)
			end_wait(joiner, lane, i, STACK_NONE);
		else
			i++;
	}
}

void joiner_event(struct joiner *joiner, const struct record_context *at,
		  const struct pin_event *ev)
{
	struct lane *lane = lane_of(joiner, at, true);

	end_waits(joiner, lane, at);
	if (lane->nr == DEPTH)
		end_wait(joiner, lane, 0, STACK_NONE);
	lane->waiting[lane->nr].at = *at;
	lane->waiting[lane->nr].seq = enqueue(joiner, ev, false);
	lane->nr++;
}

void joiner_pass(struct joiner *joiner, const struct pin_event *ev)
{
	enqueue(joiner, ev, true);
	drain(joiner);
}

void joiner_other(struct joiner *joiner, const struct record_context *at)
{
	struct lane *lane = lane_of(joiner, at, false);

	if (lane && lane->nr)
		end_waits(joiner, lane, at);
}

bool joiner_stack(struct joiner *joiner, const struct record_context *at, uint32_t stack)
{
	struct lane *lane = lane_of(joiner, at, false);
	int i;

	for (i = lane ? lane->nr - 1 : -1; i >= 0; i--) {
		if (lane->waiting[i].at.pid == at->pid &&
		    lane->waiting[i].at.flags == at->flags) {
			end_wait(joiner, lane, i, stack);
			return true;
		}
	}
	return false;
}

void joiner_flush(struct joiner *joiner)
{
	size_t i;

	for (i = 0; i < joiner->lanes.room; i++) {
		struct lane *lane = joiner->lanes.slots[i].value;

		while (lane && lane->nr)
			end_wait(joiner, lane, 0, STACK_NONE);
	}
}

void joiner_free(struct joiner *joiner)
{
	size_t i;

	if (!joiner)
		return;
	for (i = 0; i < joiner->lanes.room; i++)
		free(joiner->lanes.slots[i].value);
	map_free(&joiner->lanes);
	free(joiner->queue);
	free(joiner);
}
