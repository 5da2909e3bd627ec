// SPDX-License-Identifier: GPL-2.0
/*
 * perf.data, see reader.h: so far only sent on to perf script, whose text is
 * read.
 */
#include "reader.h"

#include "util.h"

int reader_perf(struct trace *trace, event_sink sink, void *ctx)
{
	report_error("%s: perf.data is not read itself: perf script -i %s | page_pinner report -",
		     trace->file, trace->file);
	return -1;
}
