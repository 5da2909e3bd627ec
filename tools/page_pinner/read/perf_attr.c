// SPDX-License-Identifier: GPL-2.0
/*
 * Attributes and what they make of records; see perf_attr.h.  The order of
 * what a sample holds is that of include/uapi/linux/perf_event.h.
 */
#include "read/perf_attr.h"

#include <stdlib.h>

#include <linux/perf_event.h>

/* Newer than the headers of Debian 12. */
#define FORMAT_LOST (1u << 4)

/* sample_id_all; where the first byte is the highest, so is the first bit. */
#define STAMPED_BIT 18

int perf_attrs_add(struct perf_attrs *attrs, struct cursor attr, struct cursor ids)
{
	struct perf_attr new = { 0 };
	uint64_t flags;
	bool big;

	new.type = cursor_number(&attr, 4);
	cursor_number(&attr, 4);	/* size */
	new.config = cursor_number(&attr, 8);
	cursor_number(&attr, 8);	/* sample_period */
	new.sample_type = cursor_number(&attr, 8);
	new.read_format = cursor_number(&attr, 8);
	flags = cursor_number(&attr, 8);
	if (attr.bad)
		return -1;
	big = attr.swap == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
	new.stamped = flags >> (big ? 63 - STAMPED_BIT : STAMPED_BIT) & 1;
	VEC_PUSH(attrs->attrs, attrs->nr, attrs->room, new);
	attrs->mixed |= new.sample_type != attrs->attrs[0].sample_type;
	while (cursor_left(&ids) >= 8)
		map_put(&attrs->by_id, cursor_number(&ids, 8), (void *)(uintptr_t)attrs->nr);
	return 0;
}

bool perf_attrs_ambiguous(const struct perf_attrs *attrs)
{
	size_t i;

	for (i = 0; attrs->mixed && i < attrs->nr; i++)
		if (!(attrs->attrs[i].sample_type & PERF_SAMPLE_IDENTIFIER))
			return true;
	return false;
}

const struct perf_attr *perf_attrs_by_id(const struct perf_attrs *attrs, uint64_t id)
{
	uintptr_t number = (uintptr_t)map_get(&attrs->by_id, id);

	return number ? &attrs->attrs[number - 1] : NULL;
}

/* The only event, or the one that an id says. */
static const struct perf_attr *attr_of(const struct perf_attrs *attrs, struct cursor id)
{
	const struct perf_attr *attr;

	if (!attrs->nr)
		return NULL;
	if (!(attrs->attrs[0].sample_type & PERF_SAMPLE_IDENTIFIER))
		return attrs->mixed ? NULL : &attrs->attrs[0];
	attr = perf_attrs_by_id(attrs, cursor_number(&id, 8));
	/* Files without ids have samples of one kind. */
	return attr || attrs->mixed ? attr : &attrs->attrs[0];
}

/* Values of counters are of no use here, but stand before what is. */
static void skip_read(struct cursor *c, uint64_t format)
{
	uint64_t nr = 1, words = 1, times = 0;

	times += !!(format & PERF_FORMAT_TOTAL_TIME_ENABLED);
	times += !!(format & PERF_FORMAT_TOTAL_TIME_RUNNING);
	words += !!(format & PERF_FORMAT_ID);
	words += !!(format & FORMAT_LOST);
	if (format & PERF_FORMAT_GROUP)
		nr = cursor_number(c, 8);
	if (nr > cursor_left(c))
		c->bad = true;
	cursor_bytes(c, (times + nr * words) * 8);
}

/* The part that samples and stamps have in common, in the order of samples. */
static void read_origin(struct cursor *c, uint64_t type, struct perf_sample *sample)
{
	if (type & PERF_SAMPLE_TID) {
		cursor_number(c, 4);
		sample->pid = cursor_number(c, 4);
	}
	if (type & PERF_SAMPLE_TIME)
		sample->time = cursor_number(c, 8);
}

static void read_place(struct cursor *c, uint64_t type, struct perf_sample *sample)
{
	if (type & PERF_SAMPLE_ID)
		cursor_number(c, 8);
	if (type & PERF_SAMPLE_STREAM_ID)
		cursor_number(c, 8);
	if (type & PERF_SAMPLE_CPU) {
		sample->cpu = cursor_number(c, 4);
		cursor_number(c, 4);
	}
}

static void clear(struct perf_sample *sample)
{
	*sample = (struct perf_sample){
		.cpu = -1, .chain = { .bad = true }, .raw = { .bad = true },
	};
}

bool perf_sample_parse(const struct perf_attrs *attrs, struct cursor record,
		       struct perf_sample *sample)
{
	struct cursor c = record;
	uint64_t type, nr;

	clear(sample);
	sample->attr = attr_of(attrs, record);
	if (!sample->attr)
		return false;
	type = sample->attr->sample_type;
	if (type & PERF_SAMPLE_IDENTIFIER)
		cursor_number(&c, 8);
	if (type & PERF_SAMPLE_IP)
		cursor_number(&c, 8);
	read_origin(&c, type, sample);
	if (type & PERF_SAMPLE_ADDR)
		cursor_number(&c, 8);
	read_place(&c, type, sample);
	if (type & PERF_SAMPLE_PERIOD)
		cursor_number(&c, 8);
	if (type & PERF_SAMPLE_READ)
		skip_read(&c, sample->attr->read_format);
	if (type & PERF_SAMPLE_CALLCHAIN) {
		nr = cursor_number(&c, 8);
		if (nr > cursor_left(&c) / 8)
			return false;
		sample->chain = cursor_part(&c, 0, nr * 8);
		cursor_bytes(&c, nr * 8);
	}
	if (type & PERF_SAMPLE_RAW) {
		nr = cursor_number(&c, 4);
		sample->raw = cursor_part(&c, 0, nr);
		if (sample->raw.bad)
			return false;
	}
	return !c.bad;
}

void perf_stamp_parse(const struct perf_attrs *attrs, struct cursor record,
		      struct perf_sample *sample)
{
	static const uint64_t parts = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_ID |
				      PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_CPU |
				      PERF_SAMPLE_IDENTIFIER;
	uint64_t left = cursor_left(&record), size;
	struct cursor c;

	clear(sample);
	sample->attr = attr_of(attrs, cursor_part(&record, left < 8 ? left : left - 8, 8));
	if (!sample->attr || !sample->attr->stamped) {
		sample->attr = NULL;
		return;
	}
	size = 8 * __builtin_popcountll(sample->attr->sample_type & parts);
	if (size > left)
		return;
	c = cursor_part(&record, left - size, size);
	read_origin(&c, sample->attr->sample_type, sample);
	read_place(&c, sample->attr->sample_type, sample);
}

void perf_attrs_free(struct perf_attrs *attrs)
{
	free(attrs->attrs);
	map_free(&attrs->by_id);
}
