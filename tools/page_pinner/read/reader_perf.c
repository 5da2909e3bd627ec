// SPDX-License-Identifier: GPL-2.0
/*
 * perf.data as "perf record -e page_pinner:* -g" writes it; see reader.h.  The
 * layout is that of perf.data-file-format.txt and include/uapi/linux/perf_event.h.
 *
 * No library that Debian keeps reads perf.data for programs in C: perf's own
 * code is not one.  What this program needs of the format is little, and every
 * length in it is taken from a cursor that knows its end.
 *
 * perf keeps no symbols of the kernel: names come from the --kallsyms file.
 * Samples of different CPUs stand in rounds; only the end of a round says that
 * nothing earlier than the round before will follow.
 */
#include "read/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <linux/perf_event.h>

#include <event-parse.h>

#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"
#include "read/tracing_data.h"
#include "util.h"

/* Features, by their bit, and records that only perf itself makes. */
#define FEATURE_TRACING_DATA 1
#define FEATURE_OSRELEASE 4
#define RECORD_FINISHED_ROUND 68
#define RECORD_COMPRESSED 81
#define RECORD_COMPRESSED2 83

/* Bits of common_flags: hard interrupt, softirq, NMI. */
#define FLAGS_IRQ (0x08 | 0x10 | 0x40)

struct queued {
	struct pin_event ev;
	uint64_t seq;
};

struct perf {
	struct trace *trace;
	event_sink sink;
	void *ctx;
	const unsigned char *file;
	size_t size;
	struct cursor data;
	struct cursor features;
	uint64_t feature_bits;
	struct tep_handle *tep;
	struct map sample_types;	/* by sample id */
	uint64_t sample_type;		/* of the first event */
	bool mixed;			/* not of all of them */
	uint64_t nr_ids;
	struct map layouts;	/* by event id */
	struct map types;	/* the same: type + 1 */
	int type_offset, type_size;
	int flags_offset;	/* of common_flags, one byte; -1: none */
	struct queued *queue;
	size_t nr, room;
	uint64_t seq;
	uint64_t round_max;	/* latest time of the rounds that are over */
	uint64_t now_max;
	uint64_t last_ts;	/* handed on */
};

static struct cursor section(struct perf *p, uint64_t offset, uint64_t size)
{
	struct cursor c = { .bad = true };

	if (offset <= p->size && size <= p->size - offset) {
		c.p = p->file + offset;
		c.end = c.p + size;
		c.bad = false;
	}
	return c;
}

static int failed(struct perf *p, const char *why)
{
	report_error("%s: %s", p->trace->file, why);
	return -1;
}

/* Bits that a sample's beginning depends on are the same for all events. */
static int read_attr(struct perf *p, struct cursor *attrs, uint64_t attr_size, bool first)
{
	struct cursor c = { .p = cursor_bytes(attrs, attr_size) }, ids;
	uint64_t sample_type, offset;

	if (!c.p)
		return failed(p, "not a complete perf.data file");
	c.end = c.p + attr_size;
	ids = c;
	cursor_bytes(&c, 24);	/* type, size, config, sample_period */
	sample_type = cursor_number(&c, 8);
	/* All bits: no kind of sample, and the map below cannot hold it. */
	c.bad |= sample_type == UINT64_MAX;
	cursor_bytes(&ids, attr_size - 16);
	offset = cursor_number(&ids, 8);
	ids = section(p, offset, cursor_number(&ids, 8));
	/* Lists that overlap would cost attributes times ids. */
	p->nr_ids += ids.bad ? 0 : (ids.end - ids.p) / 8;
	if (c.bad || ids.bad || p->nr_ids > p->size / 8)
		return failed(p, "not a complete perf.data file");
	while (ids.p < ids.end && !ids.bad)
		map_put(&p->sample_types, cursor_number(&ids, 8),
			(void *)(uintptr_t)(sample_type + 1));
	if (first)
		p->sample_type = sample_type;
	p->mixed |= sample_type != p->sample_type;
	return 0;
}

/* The kind of one sample, 0 if it cannot be known; skips what told it. */
static uint64_t sample_type_of(struct perf *p, struct cursor *c)
{
	uint64_t id, type;

	if (!(p->sample_type & PERF_SAMPLE_IDENTIFIER))
		return p->sample_type;
	id = cursor_number(c, 8);
	type = (uintptr_t)map_get(&p->sample_types, id);
	return type ? type - 1 : p->sample_type;
}

static int read_header(struct perf *p)
{
	struct cursor c = section(p, 0, p->size), attrs;
	uint64_t attr_size, offset, size, end;
	bool first = true;

	cursor_bytes(&c, 8);	/* magic */
	if (cursor_number(&c, 8) == 16)
		return failed(p, "written by perf record to a pipe: perf script can read it");
	attr_size = cursor_number(&c, 8);
	offset = cursor_number(&c, 8);
	attrs = section(p, offset, cursor_number(&c, 8));
	offset = cursor_number(&c, 8);
	size = cursor_number(&c, 8);
	p->data = section(p, offset, size);
	cursor_bytes(&c, 16);	/* event_types */
	p->feature_bits = cursor_number(&c, 8);
	if (c.bad || attrs.bad || p->data.bad || !size || attr_size < 64)
		return failed(p, "not a complete perf.data file");
	end = offset + size;
	p->features = section(p, end, p->size - end);
	while (attrs.p < attrs.end) {
		if (read_attr(p, &attrs, attr_size, first))
			return -1;
		first = false;
	}
	if (p->mixed && !(p->sample_type & PERF_SAMPLE_IDENTIFIER))
		return failed(p, "samples of different kinds do not say which: perf script can read them");
	return 0;
}

/* The sections of features stand in the order of their bits. */
static struct cursor feature(struct perf *p, int bit)
{
	struct cursor table = p->features, none = { .bad = true };
	uint64_t offset = 0, size = 0;
	int i;

	if (!(p->feature_bits >> bit & 1))
		return none;
	for (i = 0; i <= bit; i++) {
		if (!(p->feature_bits >> i & 1))
			continue;
		offset = cursor_number(&table, 8);
		size = cursor_number(&table, 8);
	}
	return table.bad ? none : section(p, offset, size);
}

static int add_layout(struct perf *p, struct tep_event *format)
{
	struct tep_format_field *type_field, *flags_field;
	struct event_layout *layout;
	const char *missing;
	enum pin_type type;

	if (strcmp(format->system, "page_pinner") || !event_type_of(format->name, &type))
		return 0;
	layout = event_layout_new(type, format, &missing);
	if (!layout) {
		report_error("%s: event %s has no field %s", p->trace->file, format->name,
			     missing);
		return -1;
	}
	event_layout_free(map_get(&p->layouts, format->id));
	map_put(&p->layouts, format->id, layout);
	map_put(&p->types, format->id, (void *)(uintptr_t)(type + 1));
	type_field = tep_find_common_field(format, "common_type");
	if (type_field && type_field->offset >= 0) {
		p->type_offset = type_field->offset;
		p->type_size = type_field->size;
	}
	flags_field = tep_find_common_field(format, "common_flags");
	if (flags_field && flags_field->offset >= 0 && flags_field->size == 1)
		p->flags_offset = flags_field->offset;
	return 1;
}

static int read_formats(struct perf *p)
{
	struct cursor tracing = feature(p, FEATURE_TRACING_DATA);
	struct cursor release = feature(p, FEATURE_OSRELEASE);
	struct tep_event **events;
	const char *text;
	int i, ret, found = 0;
	uint32_t len;

	if (tracing.bad || tracing_data_parse(p->tep, p->trace->symbols, tracing.p,
					      tracing.end - tracing.p))
		return failed(p, "no page_pinner events recorded");
	events = tep_list_events(p->tep, TEP_EVENT_SORT_ID);
	for (i = 0; events && events[i]; i++) {
		ret = add_layout(p, events[i]);
		if (ret < 0)
			return -1;
		found += ret;
	}
	if (!found || (p->type_size != 2 && p->type_size != 4))
		return failed(p, "no page_pinner events recorded");
	len = cursor_number(&release, 4);
	text = cursor_bytes(&release, len);
	if (text && len && memchr(text, '\0', len)) {
		free(p->trace->kernel);
		p->trace->kernel = xstrdup(text);
	}
	return 0;
}

static int compare_queued(const void *a, const void *b)
{
	const struct queued *x = a, *y = b;

	if (x->ev.ts != y->ev.ts)
		return x->ev.ts < y->ev.ts ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

/* Hand on, in order, what is not later than @until. */
static void hand_on(struct perf *p, uint64_t until)
{
	size_t i, left;

	if (!p->nr)
		return;
	qsort(p->queue, p->nr, sizeof(*p->queue), compare_queued);
	for (i = 0; i < p->nr && p->queue[i].ev.ts <= until; i++) {
		p->last_ts = p->queue[i].ev.ts;
		p->sink(p->ctx, &p->queue[i].ev);
	}
	left = p->nr - i;
	memmove(p->queue, p->queue + i, left * sizeof(*p->queue));
	p->nr = left;
}

static void queue_event(struct perf *p, const struct pin_event *ev)
{
	struct queued queued = { *ev, p->seq++ };

	VEC_PUSH(p->queue, p->nr, p->room, queued);
	if (ev->ts > p->now_max)
		p->now_max = ev->ts;
}

static uint32_t read_callchain(struct perf *p, struct cursor *c)
{
	uint64_t frames[STACK_MAX], nr = cursor_number(c, 8), i, ip;
	bool kernel = true;
	size_t kept = 0;

	for (i = 0; i < nr && !c->bad; i++) {
		ip = cursor_number(c, 8);
		if (ip >= PERF_CONTEXT_MAX)
			kernel = ip == PERF_CONTEXT_KERNEL;
		else if (kernel && ip && kept < STACK_MAX)
			frames[kept++] = ip;
	}
	return c->bad ? STACK_NONE : stacks_intern(p->trace->stacks, frames, kept);
}

static void read_raw(struct perf *p, struct cursor *c, struct pin_event *ev)
{
	uint32_t size = cursor_number(c, 4);
	const unsigned char *raw = cursor_bytes(c, size);
	const struct event_layout *layout;
	uint64_t id;

	if (!raw || (uint64_t)p->type_offset + p->type_size > size)
		return;
	id = tep_read_number(p->tep, raw + p->type_offset, p->type_size);
	layout = map_get(&p->layouts, id);
	if (!layout || !event_decode(layout, raw, size, ev))
		return;
	ev->type = (uintptr_t)map_get(&p->types, id) - 1;
	/* What an interrupt puts is not the doing of the task it interrupted. */
	if (!(ev->has & HAS_CTX) && p->flags_offset >= 0 && (uint32_t)p->flags_offset < size)
		ev->atomic = (raw[p->flags_offset] & FLAGS_IRQ) != 0;
	queue_event(p, ev);
}

static void read_sample(struct perf *p, struct cursor *c)
{
	const uint64_t needed = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
	uint64_t type = sample_type_of(p, c);
	struct pin_event ev = { 0 };
	int pid;

	/* What has no raw data is no tracepoint. */
	if ((type & needed) != needed || (type & PERF_SAMPLE_READ))
		return;
	if (type & PERF_SAMPLE_IP)
		cursor_number(c, 8);
	cursor_number(c, 4);
	pid = cursor_number(c, 4);
	ev.ts = cursor_number(c, 8);
	if (type & PERF_SAMPLE_ADDR)
		cursor_number(c, 8);
	if (type & PERF_SAMPLE_ID)
		cursor_number(c, 8);
	if (type & PERF_SAMPLE_STREAM_ID)
		cursor_number(c, 8);
	if (type & PERF_SAMPLE_CPU) {
		ev.cpu = cursor_number(c, 4);
		cursor_number(c, 4);
	}
	if (type & PERF_SAMPLE_PERIOD)
		cursor_number(c, 8);
	if (type & PERF_SAMPLE_CALLCHAIN)
		ev.stack = read_callchain(p, c);
	if (c->bad)
		return;
	trace_saw(p->trace, ev.ts);
	ev.task = tasks_intern(p->trace->tasks, pid, NULL);
	read_raw(p, c, &ev);
}

static void read_comm(struct perf *p, struct cursor *c)
{
	char comm[64] = { 0 };
	size_t len;
	int tid;

	cursor_number(c, 4);
	tid = cursor_number(c, 4);
	if (c->bad)
		return;
	len = strnlen((const char *)c->p, c->end - c->p);
	memcpy(comm, c->p, len < sizeof(comm) - 1 ? len : sizeof(comm) - 1);
	tasks_intern(p->trace->tasks, tid, comm);
}

/* When it happened is not said for each kind: since what was handed on last. */
static void read_lost(struct perf *p, struct cursor *c, bool has_id)
{
	struct pin_event ev = { .type = PIN_LOST, .from_ns = p->last_ts };

	if (has_id)
		cursor_number(c, 8);
	ev.lost = cursor_number(c, 8);
	ev.ts = p->now_max > p->last_ts ? p->now_max : p->last_ts;
	p->trace->holes++;
	p->trace->lost += ev.lost ? ev.lost : 1;
	queue_event(p, &ev);
}

static int read_records(struct perf *p)
{
	struct cursor record;
	uint32_t type;
	uint16_t size;

	while (p->data.p < p->data.end) {
		record = p->data;
		type = cursor_number(&record, 4);
		cursor_number(&record, 2);
		size = cursor_number(&record, 2);
		if (record.bad || size < 8 || !cursor_bytes(&p->data, size))
			return failed(p, "not a complete perf.data file");
		record.end = p->data.p;
		switch (type) {
		case PERF_RECORD_SAMPLE:
			read_sample(p, &record);
			break;
		case PERF_RECORD_COMM:
			read_comm(p, &record);
			break;
		case PERF_RECORD_LOST:
		case PERF_RECORD_LOST_SAMPLES:
			read_lost(p, &record, type == PERF_RECORD_LOST);
			break;
		case RECORD_FINISHED_ROUND:
			hand_on(p, p->round_max);
			p->round_max = p->now_max;
			break;
		case RECORD_COMPRESSED:
		case RECORD_COMPRESSED2:
			return failed(p, "compressed by perf record -z: perf script can read it");
		}
	}
	hand_on(p, UINT64_MAX);
	return 0;
}

static int map_file(struct perf *p, int fd)
{
	struct stat st;
	void *file = MAP_FAILED;

	if (!fstat(fd, &st) && st.st_size > 0)
		file = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (file == MAP_FAILED) {
		report_error("%s: %s", p->trace->file, strerror(errno));
	} else {
		p->file = file;
		p->size = st.st_size;
	}
	return p->file ? 0 : -1;
}

int reader_perf(struct trace *trace, int fd, event_sink sink, void *ctx)
{
	struct perf p = { .trace = trace, .sink = sink, .ctx = ctx, .flags_offset = -1 };
	int ret = -1;
	size_t i;

	if (map_file(&p, fd))
		return -1;
	tep_set_loglevel(TEP_LOG_NONE);
	p.tep = tep_alloc();
	if (memcmp(p.file, "PERFILE2", 8))
		failed(&p, "perf.data of another byte order is not read: perf script can");
	else if (p.tep && !read_header(&p) && !read_formats(&p))
		ret = read_records(&p);
	for (i = 0; i < p.layouts.room; i++)
		event_layout_free(p.layouts.slots[i].value);
	map_free(&p.layouts);
	map_free(&p.types);
	map_free(&p.sample_types);
	free(p.queue);
	tep_free(p.tep);
	munmap((void *)p.file, p.size);
	return ret;
}
