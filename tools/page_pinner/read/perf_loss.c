// SPDX-License-Identifier: GPL-2.0
/*
 * Losses that perf.data tells of; see perf_loss.h.
 */
#include "read/perf_loss.h"

#include <stdlib.h>

#include "util.h"

struct perf_loss {
	struct trace *trace;
	struct perf_order *order;
	struct map last_ts;	/* time + 1, by CPU */
	struct map throttled;	/* since when, + 1, by sample id */
	uint64_t records;	/* told by PERF_RECORD_LOST */
	uint64_t samples;	/* told by PERF_RECORD_LOST_SAMPLES */
};

struct perf_loss *perf_loss_new(struct trace *trace, struct perf_order *order)
{
	struct perf_loss *loss = xzalloc(sizeof(*loss));

	loss->trace = trace;
	loss->order = order;
	return loss;
}

/* A time as a value of a map, which 0 is none of. */
static void *mark(uint64_t ts)
{
	return (void *)(uintptr_t)(ts == UINT64_MAX ? ts : ts + 1);
}

void perf_loss_saw(struct perf_loss *loss, const struct perf_sample *sample)
{
	if (sample->cpu >= 0)
		map_put(&loss->last_ts, sample->cpu, mark(sample->time));
}

static void note_hole(struct perf_loss *loss, uint64_t from, uint64_t ts, uint64_t nr)
{
	struct pin_event ev = { .type = PIN_LOST, .from_ns = from, .ts = ts, .lost = nr };

	loss->trace->holes++;
	loss->trace->lost += nr ? nr : 1;
	perf_order_event(loss->order, &ev, 0);
}

void perf_loss_records(struct perf_loss *loss, const struct perf_sample *stamp, uint64_t nr)
{
	uintptr_t last = stamp->cpu < 0 ? 0 : (uintptr_t)map_get(&loss->last_ts, stamp->cpu);

	loss->records += nr;
	note_hole(loss, last ? last - 1 : perf_order_last(loss->order),
		  stamp->time ? stamp->time : loss->trace->last_ns, nr);
}

void perf_loss_samples(struct perf_loss *loss, uint64_t nr)
{
	loss->samples += nr;
}

void perf_loss_throttle(struct perf_loss *loss, uint64_t ts, uint64_t id)
{
	if (!map_get(&loss->throttled, id))
		map_put(&loss->throttled, id, mark(ts));
}

void perf_loss_unthrottle(struct perf_loss *loss, uint64_t ts, uint64_t id)
{
	uintptr_t since = (uintptr_t)map_get(&loss->throttled, id);

	if (!since)
		return;
	map_del(&loss->throttled, id);
	note_hole(loss, since - 1, ts, 0);
}

void perf_loss_cut(struct perf_loss *loss)
{
	note_hole(loss, loss->trace->last_ns, loss->trace->last_ns, 0);
}

void perf_loss_finish(struct perf_loss *loss)
{
	size_t i;

	for (i = 0; i < loss->throttled.room; i++)
		if (loss->throttled.slots[i].value)
			note_hole(loss, (uintptr_t)loss->throttled.slots[i].value - 1,
				  loss->trace->last_ns, 0);
	/* Where they were lost nobody says: anywhere. */
	if (loss->samples > loss->records)
		note_hole(loss, 0, loss->trace->last_ns, loss->samples - loss->records);
}

void perf_loss_free(struct perf_loss *loss)
{
	if (!loss)
		return;
	map_free(&loss->last_ts);
	map_free(&loss->throttled);
	free(loss);
}
