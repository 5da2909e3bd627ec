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
		       "migrate: --pfn=PFN names it, and so do cma and page_isolation events or "
		       "dump_page() lines with them; better " RECORD_IT },
	[FUNCTION_GRAPH] = { "function_graph: calls, no events; " RECORD_IT },
	[SIMPLEPERF] = { "text of simpleperf, which does not print the fields of tracepoints: "
			 RECORD_IT },
	[EVENTS] = { "no page_pinner events recorded; were they on? " RECORD_IT
		     ", on a kernel booted with page_pinner=on" },
};

/* The rest of a dump need not have the word that others are known by. */
static bool dump_line(struct foreign *f, const char *line)
{
	struct dump_page dump, *last = f->nr_dumps && f->nr_dumps <= FOREIGN_DUMPS ?
		&f->dumps[f->nr_dumps - 1] : NULL;

	if (dump_page_begin(line, &dump)) {
		if (f->nr_dumps < FOREIGN_DUMPS)
			f->dumps[f->nr_dumps] = dump;
		f->nr_dumps++;
		return true;
	}
	if (last && !dump_page_ended(last))
		return dump_page_more(last, line);
	return strstr(line, "page dumped because: ");
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
	if (strstr(line, "page_pinner_failure:") ||
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
	bool dumping = f->nr_dumps && f->nr_dumps <= FOREIGN_DUMPS &&
		!dump_page_ended(&f->dumps[f->nr_dumps - 1]);

	if (page && strstr(line, "page_pinner: pfn 0x"))
		f->seen[HELD]++;
	else if ((page || dumping) && dump_line(f, line))
		f->seen[DUMP_PAGE]++;
	else if (page)
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

static void add_page(struct strbuf *words, const struct dump_page *dump)
{
	int expected = dump_page_expected(dump);

	strbuf_add(words, "pfn 0x%" PRIx64 " had %d references", dump->pfn, dump->refcount);
	if (expected >= 0)
		strbuf_add(words, ", %d accounted for", expected);
	strbuf_add(words, " and %d mapping%s", dump->mapcount, dump->mapcount == 1 ? "" : "s");
	if (*dump->flags)
		strbuf_add(words, ", flags %s", dump->flags);
	if (*dump->why)
		strbuf_add(words, ": %s", dump->why);
	strbuf_add(words, "; ");
}

static void tell_dumps(const struct foreign *f, const char *file)
{
	struct strbuf words = { 0 };
	uint64_t pfn = 0;
	size_t i;

	for (i = 0; i < f->nr_dumps && i < FOREIGN_DUMPS; i++) {
		if (!f->dumps[i].pfn)
			continue;
		add_page(&words, &f->dumps[i]);
		pfn = pfn ? pfn : f->dumps[i].pfn;
	}
	if (f->nr_dumps > FOREIGN_DUMPS)
		strbuf_add(&words, "and %zu more; ", f->nr_dumps - FOREIGN_DUMPS);
	if (!pfn)
		report_error("%s: a log of dump_page(), which does not say who holds the page; "
			     "to learn it the next time: " RECORD_IT, file);
	else
		report_error("%s: dump_page(): %swho holds the references it does not say; to learn "
			     "it the next time: echo 0x%" PRIx64
			     " > /sys/kernel/debug/page_pinner/watch; " RECORD_IT, file, words.text,
			     pfn);
	free(words.text);
}

bool foreign_page_refs(const struct foreign *foreign)
{
	return foreign->seen[PAGE_REF] || foreign->seen[DUMP_PAGE];
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
		tell_dumps(f, file);
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
