/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The events that a perf.data file was recorded with, and the records that
 * they wrote: what a record holds depends on the attributes of its event.
 */
#ifndef PAGE_PINNER_PERF_ATTR_H
#define PAGE_PINNER_PERF_ATTR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/cursor.h"
#include "util.h"

/**
 * struct perf_attr - attributes of one event
 * @type: PERF_TYPE_*
 * @config: of a tracepoint: its id
 * @sample_type: PERF_SAMPLE_*, what a sample holds
 * @read_format: PERF_FORMAT_*
 * @stamped: the other records end in the id part of a sample
 */
struct perf_attr {
	uint32_t type;
	uint64_t config;
	uint64_t sample_type;
	uint64_t read_format;
	bool stamped;
};

/**
 * struct perf_attrs - the events of a file
 * @attrs: each
 * @nr: how many
 * @room: allocated
 * @by_id: number + 1 in @attrs, by sample id
 * @mixed: their samples are not all alike
 */
struct perf_attrs {
	struct perf_attr *attrs;
	size_t nr;
	size_t room;
	struct map by_id;
	bool mixed;
};

/**
 * struct perf_sample - what is used of a sample or of the stamp of a record
 * @attr: its event, NULL if that is not known
 * @pid: thread id
 * @time: nanoseconds, 0 if it has none
 * @cpu: where, -1 if it does not say
 * @chain: call chain: its addresses
 * @raw: raw data
 */
struct perf_sample {
	const struct perf_attr *attr;
	int pid;
	uint64_t time;
	int cpu;
	struct cursor chain;
	struct cursor raw;
};

/**
 * perf_attrs_add - one more event
 * @attrs: the events
 * @attr: its attributes; may be longer than this program knows
 * @ids: list of its sample ids
 *
 * Return: 0, or -1 if it is too short.
 */
int perf_attrs_add(struct perf_attrs *attrs, struct cursor attr, struct cursor ids);

/**
 * perf_attrs_ambiguous - can samples not be told apart?
 * @attrs: the events
 *
 * Return: true if samples differ and do not say of which event they are.
 */
bool perf_attrs_ambiguous(const struct perf_attrs *attrs);

/**
 * perf_attrs_by_id - the event of a sample id
 * @attrs: the events
 * @id: the sample id
 *
 * Return: the event, NULL if the id is unknown.
 */
const struct perf_attr *perf_attrs_by_id(const struct perf_attrs *attrs, uint64_t id);

/**
 * perf_sample_parse - take a sample apart
 * @attrs: the events
 * @record: what stands behind the header of the record
 * @sample: filled; @chain and @raw are bad if there are none
 *
 * Return: false if it is too short or not of a known event.
 */
bool perf_sample_parse(const struct perf_attrs *attrs, struct cursor record,
		       struct perf_sample *sample);

/**
 * perf_stamp_parse - read the stamp at the end of a record of another kind
 * @attrs: the events
 * @record: what stands behind the header of the record
 * @sample: filled as far as the stamp goes
 */
void perf_stamp_parse(const struct perf_attrs *attrs, struct cursor record,
		      struct perf_sample *sample);

/**
 * perf_attrs_free - release
 * @attrs: the events
 */
void perf_attrs_free(struct perf_attrs *attrs);

#endif /* PAGE_PINNER_PERF_ATTR_H */
