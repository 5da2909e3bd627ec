// SPDX-License-Identifier: GPL-2.0
/*
 * perf.data as "perf record -e 'page_pinner:*' -g" writes it, to a file, a
 * pipe or a directory, compressed or not, in either byte order; see reader.h.
 * The layout is that of perf.data-file-format.txt and of
 * include/uapi/linux/perf_event.h.
 *
 * No library that Debian keeps reads perf.data for programs in C: perf's own
 * code is not one.  What this program needs of the format is little, and every
 * length in it is taken from a cursor that knows its end.
 *
 * perf keeps no symbols of the kernel: names come from the user's files.
 */
#define _GNU_SOURCE
#include "read/reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "read/perf_attr.h"
#include "read/perf_formats.h"
#include "read/perf_header.h"
#include "read/perf_loss.h"
#include "read/perf_order.h"
#include "read/perf_zstd.h"
#include "trace/inlined.h"
#include "trace/stack.h"
#include "util.h"

/* Records that only perf itself makes. */
enum {
	RECORD_HEADER_ATTR = 64,
	RECORD_TRACING_DATA = 66,
	RECORD_FINISHED_ROUND = 68,
	RECORD_AUXTRACE = 71,
	RECORD_FEATURE = 80,
	RECORD_COMPRESSED = 81,
	RECORD_COMPRESSED2 = 83,
};

/* The count is of samples that a filter left out. */
#define MISC_FILTERED (1u << 15)

#define INCOMPLETE "not a complete perf.data file"

struct perf {
	struct trace *trace;
	struct perf_header header;
	struct perf_attrs attrs;
	struct perf_formats *formats;
	struct perf_order *order;
	struct perf_loss *loss;
	struct perf_zstd *zstd;
	bool rounds;		/* their ends mean something */
	bool unpacking;		/* the records were compressed */
	bool cut;		/* a pipe ended early */
};

/**
 * struct record - one record
 * @type: PERF_RECORD_* or RECORD_*
 * @misc: flags of its header
 * @body: what its size covers, behind the header
 * @rest: what stands behind it and is not counted in its size, and all else
 */
struct record {
	uint32_t type;
	uint16_t misc;
	struct cursor body;
	struct cursor *rest;
};

static int failed(struct perf *p, const char *why)
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

static int read_sample(struct perf *p, struct record *r)
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
static int read_mmap(struct perf *p, struct record *r)
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

static int read_comm(struct perf *p, struct record *r)
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

static int read_fork(struct perf *p, struct record *r)
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

static bool is_ours(struct perf *p, const struct perf_attr *attr)
{
	enum pin_type type;

	return attr && attr->type == PERF_TYPE_TRACEPOINT &&
	       perf_formats_type(p->formats, attr->config, &type);
}

static int read_lost(struct perf *p, struct record *r)
{
	struct perf_sample stamp;

	/* A buffer is shared: whose record found no room is not known. */
	perf_stamp_parse(&p->attrs, r->body, &stamp);
	cursor_number(&r->body, 8);
	perf_loss_records(p->loss, &stamp, cursor_number(&r->body, 8));
	return 0;
}

static int read_lost_samples(struct perf *p, struct record *r)
{
	struct perf_sample stamp;
	uint64_t nr;

	perf_stamp_parse(&p->attrs, r->body, &stamp);
	nr = cursor_number(&r->body, 8);
	if (!(r->misc & MISC_FILTERED) && (!stamp.attr || is_ours(p, stamp.attr)))
		perf_loss_samples(p->loss, nr);
	return 0;
}

static int read_throttle(struct perf *p, struct record *r)
{
	uint64_t ts = cursor_number(&r->body, 8), id = cursor_number(&r->body, 8);
	const struct perf_attr *attr = perf_attrs_by_id(&p->attrs, id);

	if (r->body.bad || (attr && !is_ours(p, attr)))
		return 0;
	if (r->type == PERF_RECORD_THROTTLE)
		perf_loss_throttle(p->loss, ts, id);
	else
		perf_loss_unthrottle(p->loss, ts, id);
	return 0;
}

static int read_round(struct perf *p, struct record *r)
{
	if (p->rounds)
		perf_order_round(p->order);
	return 0;
}

static int read_attr(struct perf *p, struct record *r)
{
	struct cursor head = r->body, attr;
	uint32_t size;

	cursor_number(&head, 4);
	size = cursor_number(&head, 4);
	attr = cursor_part(&r->body, 0, size ? size : PERF_ATTR_SIZE_VER0);
	cursor_bytes(&r->body, size ? size : PERF_ATTR_SIZE_VER0);
	if (perf_attrs_add(&p->attrs, attr, r->body))
		return failed(p, "attributes of an event are damaged");
	return 0;
}

static int read_tracing_data(struct perf *p, struct record *r)
{
	uint32_t size = cursor_number(&r->body, 4);
	struct cursor data = cursor_part(r->rest, 0, size);

	if (!cursor_bytes(r->rest, (size + 7ull) & ~7ull))
		return 0;
	return perf_formats_learn(p->formats, &data);
}

/* What a processor traced of itself: of no use here, but it is in the way. */
static int skip_auxtrace(struct perf *p, struct record *r)
{
	cursor_bytes(r->rest, cursor_number(&r->body, 8));
	return 0;
}

static void read_osrelease(struct perf *p, struct cursor c)
{
	uint32_t len = cursor_number(&c, 4);
	const char *text = cursor_bytes(&c, len);

	if (!text || !memchr(text, '\0', len))
		return;
	free(p->trace->kernel);
	p->trace->kernel = xstrdup(text);
}

/* Two clocks, read at one time: the wall's and that of the samples. */
static void read_clocks(struct perf *p, struct cursor c)
{
	uint64_t wall, own;

	cursor_bytes(&c, 8);	/* version, clock id */
	wall = cursor_number(&c, 8);
	own = cursor_number(&c, 8);
	if (!c.bad)
		p->trace->date_ns = wall - own;
}

static int read_feature(struct perf *p, struct record *r)
{
	uint64_t bit = cursor_number(&r->body, 8);

	if (bit == PERF_HEADER_OSRELEASE)
		read_osrelease(p, r->body);
	else if (bit == PERF_HEADER_CLOCK_DATA)
		read_clocks(p, r->body);
	return 0;
}

static int read_compressed(struct perf *p, struct record *r);

static const struct {
	uint32_t type;
	int (*read)(struct perf *p, struct record *r);
} readers[] = {
	{ PERF_RECORD_SAMPLE, read_sample },
	{ PERF_RECORD_MMAP, read_mmap },
	{ PERF_RECORD_COMM, read_comm },
	{ PERF_RECORD_FORK, read_fork },
	{ PERF_RECORD_LOST, read_lost },
	{ PERF_RECORD_LOST_SAMPLES, read_lost_samples },
	{ PERF_RECORD_THROTTLE, read_throttle },
	{ PERF_RECORD_UNTHROTTLE, read_throttle },
	{ RECORD_HEADER_ATTR, read_attr },
	{ RECORD_TRACING_DATA, read_tracing_data },
	{ RECORD_FINISHED_ROUND, read_round },
	{ RECORD_AUXTRACE, skip_auxtrace },
	{ RECORD_FEATURE, read_feature },
	{ RECORD_COMPRESSED, read_compressed },
	{ RECORD_COMPRESSED2, read_compressed },
};

/* Null bytes, or what perf record says at its end, when both went one way. */
static bool is_padding(const struct cursor *c)
{
	static const char words[] = "[ perf record: ";
	const unsigned char *q = c->p;

	if (cursor_left(c) >= sizeof(words) && !memcmp(q, words, sizeof(words) - 1))
		return true;
	while (q < c->end && !*q)
		q++;
	return q == c->end;
}

/*
 * Returns 0, or -1 after an error was reported.  @data is left where it ends or
 * where a record begins whose end is not there.
 */
static int read_records(struct perf *p, struct cursor *data)
{
	struct cursor begin, head;
	struct record r;
	uint16_t size;
	size_t i;

	while (cursor_left(data)) {
		begin = *data;
		head = begin;
		r.type = cursor_number(&head, 4);
		r.misc = cursor_number(&head, 2);
		size = cursor_number(&head, 2);
		if (p->header.pipe && is_padding(data)) {
			data->p = data->end;
			return 0;
		}
		if (head.bad || size > cursor_left(data))
			return 0;
		if (size < 8)
			return failed(p, INCOMPLETE ": a record without a size");
		r.body = cursor_part(data, 8, size - 8);
		r.rest = data;
		cursor_bytes(data, size);
		for (i = 0; i < ARRAY_SIZE(readers); i++)
			if (readers[i].type == r.type && readers[i].read(p, &r))
				return -1;
		if (data->bad) {
			*data = begin;
			return 0;
		}
	}
	return 0;
}

static int read_compressed(struct perf *p, struct record *r)
{
	struct cursor packed = r->body, records;
	const char *why = NULL;
	int ret;

	if (r->type == RECORD_COMPRESSED2)
		packed = cursor_part(&r->body, 0, cursor_number(&r->body, 8));
	/* Nobody compresses what is compressed. */
	if (packed.bad || p->unpacking)
		why = INCOMPLETE ": damaged compressed records";
	else
		why = perf_zstd_add(p->zstd, &packed, &records);
	if (why)
		return failed(p, why);
	p->unpacking = true;
	ret = read_records(p, &records);
	p->unpacking = false;
	if (!ret)
		perf_zstd_keep(p->zstd, &records);
	return ret;
}

/* The records of one file; what a pipe did not bring to its end is lost. */
static int read_data(struct perf *p, struct cursor data)
{
	bool cut;
	int ret;

	p->zstd = perf_zstd_new();
	ret = read_records(p, &data);
	cut = cursor_left(&data) || perf_zstd_left(p->zstd);
	perf_zstd_free(p->zstd);
	if (ret || !cut)
		return ret;
	if (!p->header.pipe)
		return failed(p, INCOMPLETE);
	p->cut = true;
	perf_loss_cut(p->loss);
	return 0;
}

static int map_file(struct perf *p, int fd, struct cursor *c)
{
	struct stat st;
	void *file = MAP_FAILED;

	*c = (struct cursor){ .swap = p->header.file.swap };
	if (fstat(fd, &st) || (st.st_size && (file = mmap(NULL, st.st_size, PROT_READ,
							  MAP_PRIVATE, fd, 0)) == MAP_FAILED)) {
		report_error("%s: %s", p->trace->file, strerror(errno));
		return -1;
	}
	c->p = st.st_size ? file : NULL;
	c->end = c->p + st.st_size;
	return 0;
}

static void unmap(const struct cursor *c)
{
	if (c->p)
		munmap((void *)c->p, c->end - c->p);
}

/* data.0, data.1, …: what the threads of perf record --threads wrote. */
static int read_part(struct perf *p, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC), ret = -1;
	struct cursor part;

	if (fd < 0) {
		report_error("%s/%s: %s", p->trace->file, name, strerror(errno));
		return -1;
	}
	if (!map_file(p, fd, &part)) {
		ret = read_data(p, part);
		unmap(&part);
	}
	close(fd);
	return ret;
}

static int is_part(const struct dirent *entry)
{
	const char *digits = entry->d_name + 5;

	return !strncmp(entry->d_name, "data.", 5) && *digits &&
	       !digits[strspn(digits, "0123456789")];
}

static int read_parts(struct perf *p, int dir)
{
	struct dirent **names;
	int nr = scandirat(dir, ".", &names, is_part, versionsort), i, ret = 0;

	if (nr < 0) {
		report_error("%s: %s", p->trace->file, strerror(errno));
		return -1;
	}
	for (i = 0; i < nr; i++) {
		if (!ret)
			ret = read_part(p, dir, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return ret;
}

/* Which events were on, whether or not they wrote anything. */
static int note_events(struct perf *p)
{
	static const uint64_t needed = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW;
	enum pin_type type;
	size_t i;

	for (i = 0; i < p->attrs.nr; i++) {
		if (!is_ours(p, &p->attrs.attrs[i]))
			continue;
		if ((p->attrs.attrs[i].sample_type & needed) != needed)
			return failed(p, "its samples lack task, time or raw data: record without -n and with timestamps");
		perf_formats_type(p->formats, p->attrs.attrs[i].config, &type);
		p->trace->on |= 1u << type;
	}
	return 0;
}

/* What a file keeps behind its records, a pipe has among them. */
static int read_sections(struct perf *p, bool directory)
{
	struct cursor tracing = perf_header_section(&p->header, PERF_HEADER_TRACING_DATA);

	if (!directory && p->header.bits >> PERF_HEADER_DIR_FORMAT & 1)
		return failed(p, "one file of the directory that perf record --threads wrote: give the directory");
	if (p->header.pipe)
		return 0;
	if (perf_attrs_ambiguous(&p->attrs))
		return failed(p, "samples of different kinds do not say which: perf script can read them");
	read_osrelease(p, perf_header_section(&p->header, PERF_HEADER_OSRELEASE));
	read_clocks(p, perf_header_section(&p->header, PERF_HEADER_CLOCK_DATA));
	return tracing.bad ? 0 : perf_formats_learn(p->formats, &tracing);
}

static int read_all(struct perf *p, int dir)
{
	const char *why = perf_header_read(&p->header, &p->attrs);

	if (why)
		return failed(p, why);
	if (read_sections(p, dir >= 0) || read_data(p, p->header.data) ||
	    (dir >= 0 && read_parts(p, dir)) || note_events(p))
		return -1;
	perf_loss_finish(p->loss);
	perf_order_flush(p->order);
	if (!p->trace->on && perf_formats_page_refs(p->formats)) {
		report_error("%s: " READER_PAGE_REFS, p->trace->file, "perf script -i",
			     p->trace->file);
		return -1;
	}
	if (p->cut && !p->trace->on)
		return failed(p, "cut off before any page_pinner event");
	if (p->cut)
		failed(p, "cut off; what comes before that is reported");
	return 0;
}

/* @dir is the directory that the file lies in, -1 if it is all there is. */
static int read_perf(struct trace *trace, int fd, int dir, event_sink sink, void *ctx)
{
	struct perf p = { .trace = trace, .rounds = dir < 0 };
	int ret = -1;

	if (map_file(&p, fd, &p.header.file))
		return -1;
	p.formats = perf_formats_new(trace);
	p.order = perf_order_new(trace, sink, ctx);
	p.loss = perf_loss_new(trace, p.order);
	if (p.formats)
		ret = read_all(&p, dir);
	perf_loss_free(p.loss);
	perf_order_free(p.order);
	perf_formats_free(p.formats);
	perf_attrs_free(&p.attrs);
	unmap(&p.header.file);
	return ret;
}

int reader_perf(struct trace *trace, int fd, event_sink sink, void *ctx)
{
	return read_perf(trace, fd, -1, sink, ctx);
}

int reader_perf_dir(struct trace *trace, int dir, event_sink sink, void *ctx)
{
	int fd = openat(dir, "data", O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0) {
		report_error("%s: %s", trace->file,
			     strerror(errno == ENOENT ? EISDIR : errno));
		return -1;
	}
	ret = read_perf(trace, fd, dir, sink, ctx);
	close(fd);
	return ret;
}
