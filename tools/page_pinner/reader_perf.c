// SPDX-License-Identifier: GPL-2.0
#include "reader.h"
#include "util.h"
int reader_perf(struct trace *trace, event_sink sink, void *ctx)
{
	report_error("%s: perf.data: use perf script", trace->file);
	return -1;
}
