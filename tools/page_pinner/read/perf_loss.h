/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What perf says is missing: records that found no room, samples that were
 * counted but not written, and times in which an event was throttled.
 */
#ifndef PAGE_PINNER_PERF_LOSS_H
#define PAGE_PINNER_PERF_LOSS_H

#include <stdint.h>

#include "read/perf_attr.h"
#include "read/perf_order.h"
#include "trace/trace.h"

struct perf_loss;

/**
 * perf_loss_new - nothing is missing
 * @trace: counts losses
 * @order: is told of holes
 *
 * Return: the losses, released by perf_loss_free().
 */
struct perf_loss *perf_loss_new(struct trace *trace, struct perf_order *order);

/**
 * perf_loss_saw - a sample was read
 * @loss: the losses
 * @sample: its time and CPU: a hole on that CPU is later
 */
void perf_loss_saw(struct perf_loss *loss, const struct perf_sample *sample);

/**
 * perf_loss_records - PERF_RECORD_LOST: there was no room
 * @loss: the losses
 * @stamp: time and CPU as far as known
 * @nr: how many
 */
void perf_loss_records(struct perf_loss *loss, const struct perf_sample *stamp, uint64_t nr);

/**
 * perf_loss_samples - PERF_RECORD_LOST_SAMPLES: a count of one event's samples
 * @loss: the losses
 * @nr: how many
 *
 * perf appends them at the end; what PERF_RECORD_LOST told is among them.
 */
void perf_loss_samples(struct perf_loss *loss, uint64_t nr);

/**
 * perf_loss_throttle - PERF_RECORD_THROTTLE: an event is held back from now on
 * @loss: the losses
 * @ts: when
 * @id: of the event on this CPU
 */
void perf_loss_throttle(struct perf_loss *loss, uint64_t ts, uint64_t id);

/**
 * perf_loss_unthrottle - PERF_RECORD_UNTHROTTLE: no longer
 * @loss: the losses
 * @ts: when
 * @id: of the event on this CPU
 */
void perf_loss_unthrottle(struct perf_loss *loss, uint64_t ts, uint64_t id);

/**
 * perf_loss_cut - the recording was cut off
 * @loss: the losses
 */
void perf_loss_cut(struct perf_loss *loss);

/**
 * perf_loss_finish - all was read
 * @loss: the losses
 */
void perf_loss_finish(struct perf_loss *loss);

/**
 * perf_loss_free - release
 * @loss: the losses or NULL
 */
void perf_loss_free(struct perf_loss *loss);

#endif /* PAGE_PINNER_PERF_LOSS_H */
