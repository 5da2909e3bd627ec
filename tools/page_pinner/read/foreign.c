// SPDX-License-Identifier: GPL-2.0
/*
 * Texts of other tools; see foreign.h.
 */
#include "read/foreign.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

enum kind {
	OLD_PINNER,
	DUMP_PAGE,
	PERF_TRACE,
	FIELDS_ONLY,
	PAGE_REF,
	FUNCTION_GRAPH,
	SIMPLEPERF,
	EVENTS,
	HELD,
};

#define RECORD_IT "page_pinner record, or trace-cmd record -e page_pinner -T"

/* The first that was seen is told. */
static const struct {
	const char *what;
} texts[] = {
	[OLD_PINNER] = { "page_pinner events of Android or of the RFC of 2021, which have the same name "
			 "and tell neither marks nor references: not read; " RECORD_IT
			 " on a kernel with CONFIG_PAGE_PINNER" },
	[PERF_TRACE] = { "printed by perf trace, which leaves stacks out: print the recording with "
			 "perf script" },
	[FIELDS_ONLY] = { "fields of page_pinner events without the events' names: perf script "
			  "-F +event, or without -F" },
	[PAGE_REF] = { "page_ref events alone say which references moved, not which page failed to "
		       "migrate: record page_pinner with them; " RECORD_IT },
	[FUNCTION_GRAPH] = { "function_graph: calls, no events; " RECORD_IT },
	[SIMPLEPERF] = { "text of simpleperf, which does not print the fields of tracepoints: "
			 RECORD_IT },
	[EVENTS] = { "no page_pinner events recorded; were they on? " RECORD_IT
		     ", on a kernel booted with page_pinner=on" },
};

static uint64_t number_behind(const char *line, const char *key)
{
	const char *p = strstr(line, key);

	return p ? strtoull(p + strlen(key), NULL, 0) : 0;
}

/* "page:ffffea0000e52800 refcount:3 mapcount:1 mapping:... pfn:0x3994a" */
static bool dump_page(struct foreign *foreign, const char *line)
{
	const char *page = strstr(line, "page:");

	if (!page || !strstr(page, "refcount:") || !strstr(page, "mapcount:"))
		return strstr(line, "page dumped because: ") != NULL;
	if (!foreign->seen[DUMP_PAGE] || !foreign->pfn) {
		foreign->pfn = number_behind(page, " pfn:");
		foreign->refcount = number_behind(page, " refcount:");
		foreign->mapcount = number_behind(page, " mapcount:");
	}
	return true;
}

/* " 3)   0.081 us    |  name();" */
static bool graph(const char *line)
{
	const char *p = line + strspn(line, " ");

	if (strstr(line, "tracer: function_graph"))
		return true;
	if (!isdigit((unsigned char)*p))
		return false;
	p += strspn(p, "0123456789");
	return *p == ')' && p[1] == ' ' && strchr(p, '|');
}

/* "task-1 [000] 12.345678: name: " */
bool foreign_event(const char *line)
{
	const char *p = line, *q;

	while ((p = strchr(p, ':')) != NULL && p - line < 256) {
		if (p > line + 2 && isdigit((unsigned char)p[-1]) && (p[1] == ' ' || p[1] == '\t')) {
			for (q = p; q > line && (isdigit((unsigned char)q[-1]) || q[-1] == '.'); q--)
				;
			if (memchr(q, '.', p - q) || strchr(line, '['))
				return q > line && (q[-1] == ' ' || q[-1] == '\t');
		}
		p++;
	}
	return false;
}

static void note_page(struct foreign *f, const char *line)
{
	if (strstr(line, "page_pinner: pfn 0x"))
		f->seen[HELD]++;
	else if (dump_page(f, line))
		f->seen[DUMP_PAGE]++;
	else if (strstr(line, "page_pinner_failure:") ||
		 (strstr(line, "page_pinner_put: pfn=") && !strstr(line, "refcount=")))
		f->seen[OLD_PINNER]++;
	else if (strstr(line, "page_pinner:page_pinner_") && strstr(line, "(pfn: "))
		f->seen[PERF_TRACE]++;
	else if (strstr(line, "page_ref_"))
		f->seen[PAGE_REF]++;
	else
		f->seen[EVENTS] += foreign_event(line);
}

void foreign_note(struct foreign *f, const char *line)
{
	const char *page = strstr(line, "page");

	if (page)
		note_page(f, line);
	else if (!strncmp(line, "pfn order refcount expected ", 28))
		f->seen[HELD]++;
	else if (foreign_event(line))
		f->seen[EVENTS]++;
	else if (graph(line))
		f->seen[FUNCTION_GRAPH]++;
	else if (strstr(line, "event_type: ") || strstr(line, "simpleperf"))
		f->seen[SIMPLEPERF]++;
	if (strstr(line, "pfn=") && strstr(line, "refcount=") && strstr(line, "reason=") &&
	    !strstr(line, "page_"))
		f->seen[FIELDS_ONLY]++;
}

static void tell_dump(const struct foreign *f, const char *file)
{
	if (!f->pfn) {
		report_error("%s: a log of dump_page(), which does not say who holds the page; "
			     "to learn it the next time: " RECORD_IT, file);
		return;
	}
	report_error("%s: a log of dump_page(): pfn 0x%" PRIx64 " had %d references and %d mappings, "
		     "it does not say who holds them; to learn it the next time: "
		     "echo 0x%" PRIx64 " > /sys/kernel/debug/page_pinner/watch; " RECORD_IT,
		     file, f->pfn, f->refcount, f->mapcount, f->pfn);
}

void foreign_tell(const struct foreign *f, const char *file)
{
	size_t i;

	if (f->seen[HELD]) {
		report_error("%s: no recording: the kernel says itself who holds pages; "
			     "page_pinner holders reads it", file);
		return;
	}
	if (f->seen[DUMP_PAGE] && !f->seen[OLD_PINNER]) {
		tell_dump(f, file);
		return;
	}
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (f->seen[i] && texts[i].what) {
			report_error("%s: %s", file, texts[i].what);
			return;
		}
	}
	report_error("%s: not a trace", file);
}
