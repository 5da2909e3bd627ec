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

#include "read/perf_records.h"
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

#define INCOMPLETE "not a complete perf.data file"

static int read_compressed(struct perf *p, struct record *r);

static const struct {
	uint32_t type;
	int (*read)(struct perf *p, struct record *r);
} readers[] = {
	{ PERF_RECORD_SAMPLE, perf_read_sample },
	{ PERF_RECORD_MMAP, perf_read_mmap },
	{ PERF_RECORD_COMM, perf_read_comm },
	{ PERF_RECORD_FORK, perf_read_fork },
	{ PERF_RECORD_LOST, perf_read_lost },
	{ PERF_RECORD_LOST_SAMPLES, perf_read_lost_samples },
	{ PERF_RECORD_THROTTLE, perf_read_throttle },
	{ PERF_RECORD_UNTHROTTLE, perf_read_throttle },
	{ RECORD_HEADER_ATTR, perf_read_attr },
	{ RECORD_TRACING_DATA, perf_read_tracing_data },
	{ RECORD_FINISHED_ROUND, perf_read_round },
	{ RECORD_AUXTRACE, perf_read_auxtrace },
	{ RECORD_FEATURE, perf_read_feature },
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
			return perf_failed(p, INCOMPLETE ": a record without a size");
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
		return perf_failed(p, why);
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
		return perf_failed(p, INCOMPLETE);
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
		if (!perf_is_ours(p, &p->attrs.attrs[i]))
			continue;
		if ((p->attrs.attrs[i].sample_type & needed) != needed)
			return perf_failed(p, "its samples lack task, time or raw data: record without -n and with timestamps");
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
		return perf_failed(p, "one file of the directory that perf record --threads wrote: give the directory");
	if (p->header.pipe)
		return 0;
	if (perf_attrs_ambiguous(&p->attrs))
		return perf_failed(p, "samples of different kinds do not say which: perf script can read them");
	perf_read_osrelease(p, perf_header_section(&p->header, PERF_HEADER_OSRELEASE));
	perf_read_clocks(p, perf_header_section(&p->header, PERF_HEADER_CLOCK_DATA));
	return tracing.bad ? 0 : perf_formats_learn(p->formats, &tracing);
}

static int read_all(struct perf *p, int dir)
{
	const char *why = perf_header_read(&p->header, &p->attrs);

	if (why)
		return perf_failed(p, why);
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
		return perf_failed(p, "cut off before any page_pinner event");
	if (p->cut)
		perf_failed(p, "cut off; what comes before that is reported");
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
