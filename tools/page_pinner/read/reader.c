// SPDX-License-Identifier: GPL-2.0
/*
 * Which form a recording has; see reader.h.
 */
#define _GNU_SOURCE
#include "read/reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "read/source.h"
#include "util.h"

enum form {
	FORM_TEXT,
	FORM_DAT,
	FORM_PERF,
	FORM_FOREIGN,
};

/* Beginnings, and for what is not read why not and what helps. */
static const struct magic {
	size_t offset;
	const char *bytes;
	size_t size;
	enum form form;
	const char *why;
} magics[] = {
#define AT(offset, bytes, form, why) { offset, bytes, sizeof(bytes) - 1, form, why }
	AT(0, "\x17\x08\x44tracing", FORM_DAT, NULL),
	AT(0, "PERFILE2", FORM_PERF, NULL),
	AT(0, "2ELIFREP", FORM_PERF, NULL),
	AT(0, "PERFFILE", FORM_FOREIGN,
	   "perf.data of version 1, from before Linux 2.6.36: perf of that time can print it, perf script"),
	AT(0, "SIMPLEPERF", FORM_FOREIGN,
	   "a recording of simpleperf: not read; trace-cmd and perf record page_pinner events"),
	AT(0, "\xff\xfe", FORM_FOREIGN, "UTF-16 text: convert it, iconv -f UTF-16 -t UTF-8"),
	AT(0, "\xfe\xff", FORM_FOREIGN, "UTF-16 text: convert it, iconv -f UTF-16 -t UTF-8"),
	AT(0, "PK\3\4", FORM_FOREIGN, "a zip archive: unpack it first, unzip"),
	AT(0, "7z\xbc\xaf\x27\x1c", FORM_FOREIGN, "a 7z archive: unpack it first, 7z x"),
	AT(0, "\x04\x22\x4d\x18", FORM_FOREIGN, "lz4 data: unpack it first, lz4 -dc"),
	AT(257, "ustar", FORM_FOREIGN, "a tar archive: unpack it first, tar xf"),
	AT(0, "\x7f" "ELF", FORM_FOREIGN,
	   "an ELF file: of a crash dump, crash's command trace dump -t writes a trace.dat"),
	AT(0, "KDUMP   ", FORM_FOREIGN,
	   "a crash dump: crash's command trace dump -t writes a trace.dat"),
	AT(0, "LPKSHHRH", FORM_FOREIGN, "a systemd journal: journalctl -k --file prints it"),
#undef AT
};

/* Every second byte is null in UTF-16 of what a trace is written in. */
static bool is_utf16(const unsigned char *head, size_t size)
{
	size_t i, odd = 0, even = 0;

	if (size > 64)
		size = 64;
	for (i = 0; i + 1 < size; i += 2) {
		even += !head[i];
		odd += !head[i + 1];
	}
	return size >= 8 && ((odd == size / 2 && !even) || (even == size / 2 && !odd));
}

/* Returns FORM_FOREIGN after saying what it is. */
static enum form recognise(const struct trace *trace, const struct source *source)
{
	size_t size, i;
	const unsigned char *head = source_head(source, &size);

	for (i = 0; i < ARRAY_SIZE(magics); i++) {
		const struct magic *m = &magics[i];

		if (size < m->offset + m->size || memcmp(head + m->offset, m->bytes, m->size))
			continue;
		if (m->why)
			report_error("%s: %s", trace->file, m->why);
		return m->form;
	}
	if (!is_utf16(head, size))
		return FORM_TEXT;
	report_error("%s: UTF-16 text: convert it, iconv -f UTF-16 -t UTF-8", trace->file);
	return FORM_FOREIGN;
}

/* What was cut off is lost, and nobody knows what it was. */
static int check_end(struct trace *trace, const struct source *source, event_sink sink, void *ctx)
{
	struct pin_event ev = { .type = PIN_LOST, .from_ns = trace->last_ns,
				.ts = trace->last_ns };
	bool damaged;
	const char *why = source_fault(source, &damaged);

	if (!why)
		return 0;
	report_error(damaged ? "%s: %s" : "%s: %s; what comes before that is reported",
		     trace->file, why);
	trace->holes++;
	trace->lost++;
	sink(ctx, &ev);
	return damaged ? -1 : 0;
}

/* What a report cannot tell because it was not asked for. */
static void tell_what_was_off(const struct trace *trace)
{
	if (!trace->on)
		return;
	if (!(trace->on & 1u << PIN_FAIL))
		report_error("%s: page_pinner_fail_* was off: what failed is not on record", trace->file);
	else if (!(trace->on & 1u << PIN_PUT))
		report_error("%s: page_pinner_put was off: who let go is not on record", trace->file);
}

static int read_binary(struct trace *trace, int fd, enum form form, event_sink sink, void *ctx)
{
	int ret = form == FORM_DAT ? reader_dat(trace, fd, sink, ctx) :
				     reader_perf(trace, fd, sink, ctx);

	if (!ret)
		tell_what_was_off(trace);
	return ret;
}

static int read_source(struct trace *trace, struct source *source, event_sink sink, void *ctx)
{
	enum form form = recognise(trace, source);
	int fd;

	if (form == FORM_FOREIGN)
		return -1;
	if (form == FORM_TEXT)
		return reader_text(trace, source_stream(source), sink, ctx);
	fd = source_file(source);
	if (fd < 0)
		return -1;
	return read_binary(trace, fd, form, sink, ctx);
}

int reader_run(struct trace *trace, event_sink sink, void *ctx)
{
	int dir = open(trace->file, O_RDONLY | O_DIRECTORY | O_CLOEXEC), ret;
	struct source *source;

	if (dir >= 0) {
		ret = reader_perf_dir(trace, dir, sink, ctx);
		if (!ret)
			tell_what_was_off(trace);
		close(dir);
		return ret;
	}
	source = source_open(trace->file, SOURCE_LIMIT);
	if (!source)
		return -1;
	ret = read_source(trace, source, sink, ctx);
	if (!ret)
		ret = check_end(trace, source, sink, ctx);
	source_close(source);
	return ret;
}
