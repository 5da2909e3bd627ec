// SPDX-License-Identifier: GPL-2.0
/*
 * Which form a recording has; see reader.h.
 */
#include "read/reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util.h"

static int read_stdin(struct trace *trace, event_sink sink, void *ctx)
{
	int c = getc(stdin);

	if (c == EOF) {
		report_error("-: empty input");
		return -1;
	}
	ungetc(c, stdin);
	return reader_text(trace, stdin, sink, ctx);
}

static FILE *open_file(struct trace *trace)
{
	FILE *in = fopen(trace->file, "rb");
	struct stat st;

	if (!in || fstat(fileno(in), &st)) {
		report_error("%s: %s", trace->file, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		report_error("%s: %s", trace->file, strerror(EISDIR));
	} else {
		return in;
	}
	if (in)
		fclose(in);
	return NULL;
}

int reader_run(struct trace *trace, event_sink sink, void *ctx)
{
	char head[16] = { 0 };
	FILE *in;
	size_t got;
	int ret;

	if (!strcmp(trace->file, "-"))
		return read_stdin(trace, sink, ctx);
	in = open_file(trace);
	if (!in)
		return -1;
	got = fread(head, 1, sizeof(head), in);
	if (!got) {
		report_error("%s: empty file", trace->file);
		ret = -1;
	} else if (!memcmp(head, "\x17\x08\x44tracing", 10)) {
		ret = reader_dat(trace, sink, ctx);
	} else if (!memcmp(head, "PERFILE2", 8) || !memcmp(head, "2ELIFREP", 8)) {
		ret = reader_perf(trace, sink, ctx);
	} else {
		rewind(in);
		ret = reader_text(trace, in, sink, ctx);
	}
	fclose(in);
	return ret;
}
