// SPDX-License-Identifier: GPL-2.0
/*
 * Records of perf.data; see perf_records.h.
 */
#include "read/perf_records.h"

#include <stdlib.h>
#include <string.h>

#include <linux/perf_event.h>

#include "trace/inlined.h"
#include "trace/stack.h"
#include "util.h"

/* The count is of samples that a filter left out. */
#define MISC_FILTERED (1u << 15)

int perf_failed(struct perf *p, const char *why)
{
	report_error("%s: %s", p->trace->file, why);
	return -1;
}

static uint32_t read_chain(struct perf *p, struct cursor *c)
{
	uint64_t frames[STACK_MAX], ip;
	bool kernel = true;
	size_t nr = 0;

	while (cursor_left(c) >= 8) {
		ip = cursor_number(c, 8);
		if (ip >= PERF_CONTEXT_MAX)
			kernel = ip == PERF_CONTEXT_KERNEL;
		else if (kernel && ip && nr < STACK_MAX)
			frames[nr++] = ip;
	}
	return stacks_intern(p->trace->stacks, frames, nr);
}

int perf_read_sample(struct perf *p, struct record *r)
{
	struct pin_event ev = { 0 };
	struct perf_sample sample;
	int ours;

	if (!perf_sample_parse(&p->attrs, r->body, &sample)) {
		perf_loss_records(p->loss, &sample, 1);
		return 0;
	}
	/* What has no raw data is no tracepoint. */
	ours = perf_formats_decode(p->formats, &sample.raw, &ev);
	trace_saw(p->trace, sample.time);
	if (ours < 0)
		perf_loss_records(p->loss, &sample, 1);
	perf_loss_saw(p->loss, &sample);
	if (ours <= 0)
		return 0;
	ev.ts = sample.time;
	ev.cpu = sample.cpu < 0 ? 0 : sample.cpu;
	ev.stack = read_chain(p, &sample.chain);
	perf_order_event(p->order, &ev, sample.pid);
	return 0;
}

/* When a record was written; what is not stamped counts as written just now. */
static uint64_t time_of(struct perf *p, const struct record *r)
{
	struct perf_sample stamp;

	perf_stamp_parse(&p->attrs, r->body, &stamp);
	return stamp.attr ? stamp.time : p->trace->last_ns;
}

/*
 * perf maps the kernel as "[kernel.kallsyms]_text", "the offset" being the
 * address of that symbol; 0 if perf was not allowed to see it.
 */
int perf_read_mmap(struct perf *p, struct record *r)
{
	static const char kernel[] = "[kernel.kallsyms]";
	uint64_t addr;
	const char *name;

	cursor_bytes(&r->body, 24);	/* pid, tid, address, length */
	addr = cursor_number(&r->body, 8);
	name = cursor_name(&r->body);
	if (name && !strncmp(name, kernel, sizeof(kernel) - 1))
		inlined_landmark(p->trace->inlined, name + sizeof(kernel) - 1, addr);
	return 0;
}

int perf_read_comm(struct perf *p, struct record *r)
{
	uint64_t ts = time_of(p, r);
	const char *comm;
	int tid;

	cursor_number(&r->body, 4);
	tid = cursor_number(&r->body, 4);
	comm = cursor_name(&r->body);
	if (comm)
		perf_order_comm(p->order, ts, tid, comm);
	return 0;
}

int perf_read_fork(struct perf *p, struct record *r)
{
	int tid, parent;
	uint64_t ts;

	cursor_number(&r->body, 8);
	tid = cursor_number(&r->body, 4);
	parent = cursor_number(&r->body, 4);
	ts = cursor_number(&r->body, 8);
	if (!r->body.bad)
		perf_order_fork(p->order, ts, tid, parent);
	return 0;
}

bool perf_is_ours(struct perf *p, const struct perf_attr *attr)
{
	enum pin_type type;

	return attr && attr->type == PERF_TYPE_TRACEPOINT &&
	       perf_formats_type(p->formats, attr->config, &type);
}

int perf_read_lost(struct perf *p, struct record *r)
{
	struct perf_sample stamp;

	/* A buffer is shared: whose record found no room is not known. */
	perf_stamp_parse(&p->attrs, r->body, &stamp);
	cursor_number(&r->body, 8);
	perf_loss_records(p->loss, &stamp, cursor_number(&r->body, 8));
	return 0;
}

int perf_read_lost_samples(struct perf *p, struct record *r)
{
	struct perf_sample stamp;
	uint64_t nr;

	perf_stamp_parse(&p->attrs, r->body, &stamp);
	nr = cursor_number(&r->body, 8);
	if (!(r->misc & MISC_FILTERED) && (!stamp.attr || perf_is_ours(p, stamp.attr)))
		perf_loss_samples(p->loss, nr);
	return 0;
}

int perf_read_throttle(struct perf *p, struct record *r)
{
	uint64_t ts = cursor_number(&r->body, 8), id = cursor_number(&r->body, 8);
	const struct perf_attr *attr = perf_attrs_by_id(&p->attrs, id);

	if (r->body.bad || (attr && !perf_is_ours(p, attr)))
		return 0;
	if (r->type == PERF_RECORD_THROTTLE)
		perf_loss_throttle(p->loss, ts, id);
	else
		perf_loss_unthrottle(p->loss, ts, id);
	return 0;
}

int perf_read_round(struct perf *p, struct record *r)
{
	if (p->rounds)
		perf_order_round(p->order);
	return 0;
}

int perf_read_attr(struct perf *p, struct record *r)
{
	struct cursor head = r->body, attr;
	uint32_t size;

	cursor_number(&head, 4);
	size = cursor_number(&head, 4);
	attr = cursor_part(&r->body, 0, size ? size : PERF_ATTR_SIZE_VER0);
	cursor_bytes(&r->body, size ? size : PERF_ATTR_SIZE_VER0);
	if (perf_attrs_add(&p->attrs, attr, r->body))
		return perf_failed(p, "attributes of an event are damaged");
	return 0;
}

int perf_read_tracing_data(struct perf *p, struct record *r)
{
	uint32_t size = cursor_number(&r->body, 4);
	struct cursor data = cursor_part(r->rest, 0, size);

	if (!cursor_bytes(r->rest, (size + 7ull) & ~7ull))
		return 0;
	return perf_formats_learn(p->formats, &data);
}

/* What a processor traced of itself: of no use here, but it is in the way. */
int perf_read_auxtrace(struct perf *p, struct record *r)
{
	cursor_bytes(r->rest, cursor_number(&r->body, 8));
	return 0;
}

void perf_read_osrelease(struct perf *p, struct cursor c)
{
	uint32_t len = cursor_number(&c, 4);
	const char *text = cursor_bytes(&c, len);

	if (!text || !memchr(text, '\0', len))
		return;
	free(p->trace->kernel);
	p->trace->kernel = xstrdup(text);
}

/* Two clocks, read at one time: the wall's and that of the samples. */
void perf_read_clocks(struct perf *p, struct cursor c)
{
	uint64_t wall, own;

	cursor_bytes(&c, 8);	/* version, clock id */
	wall = cursor_number(&c, 8);
	own = cursor_number(&c, 8);
	if (!c.bad)
		p->trace->date_ns = wall - own;
}

int perf_read_feature(struct perf *p, struct record *r)
{
	uint64_t bit = cursor_number(&r->body, 8);

	if (bit == PERF_HEADER_OSRELEASE)
		perf_read_osrelease(p, r->body);
	else if (bit == PERF_HEADER_CLOCK_DATA)
		perf_read_clocks(p, r->body);
	return 0;
}
