// SPDX-License-Identifier: GPL-2.0
/*
 * Which form a recording has; see reader.h.
 */
#include "reader.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util.h"

int reader_run(struct trace *trace, event_sink sink, void *ctx)
{
	char head[16] = { 0 };
	struct stat st;
	FILE *in;
	size_t got;

	in = fopen(trace->file, "rb");
	if (!in || fstat(fileno(in), &st)) {
		report_error("%s: %s", trace->file, strerror(errno));
		if (in)
			fclose(in);
		return -1;
	}
	if (S_ISDIR(st.st_mode)) {
		report_error("%s: %s", trace->file, strerror(EISDIR));
		fclose(in);
		return -1;
	}
	got = fread(head, 1, sizeof(head), in);
	fclose(in);
	if (!got) {
		report_error("%s: empty file", trace->file);
		return -1;
	}
	if (!memcmp(head, "\x17\x08\x44tracing", 10))
		return reader_dat(trace, sink, ctx);
	report_error("%s: not a trace", trace->file);
	return -1;
}
