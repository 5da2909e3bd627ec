// SPDX-License-Identifier: GPL-2.0
/*
 * What others tell of failures; see failure_lines.h.
 */
#include "read/failure_lines.h"

#include <stdlib.h>
#include <string.h>

#include "read/dump_page.h"
#include "read/foreign.h"
#include "util.h"

/* So many freezes wait for the word that the migration failed. */
#define FREEZES_MAX 256

/* A page that had more references than its migration expected. */
struct freeze {
	uint64_t line;
	uint64_t task;
	uint64_t pfn;
	int count;
	int expected;
};

struct failure_lines {
	struct dump_page dump;
	bool dumping;
	bool dump_timed;
	struct freeze freezes[FREEZES_MAX];
	size_t nr_freezes;
	bool just_frozen;	/* its stack may follow */
	struct failed_page *pages;
	size_t nr, room, taken;
	struct failed_range range;
	uint64_t unnamed;
};

static const char *const names[] = {
	"cma_alloc_busy_retry", "cma_alloc_finish", "test_pages_isolated", "console",
	"page_ref_freeze", "mm_migrate_pages",
};

/* Names of migrate_reason, and what the trace format calls them. */
static const struct {
	const char *kernel;
	const char *name;
} reasons[] = {
	{ "compaction", "compaction" },
	{ "memory_failure", "memory_failure" },
	{ "memory_hotplug", "memory_hotplug" },
	{ "syscall_or_cpuset", "syscall" },
	{ "mempolicy_mbind", "mempolicy_mbind" },
	{ "numa_misplaced", "numa_misplaced" },
	{ "contig_range", "alloc_contig" },
	{ "longterm_pin", "longterm_pin" },
	{ "demotion", "demotion" },
	{ "damon", "damon" },
};

struct failure_lines *failure_lines_new(void)
{
	return xzalloc(sizeof(struct failure_lines));
}

void failure_lines_free(struct failure_lines *lines)
{
	if (!lines)
		return;
	free(lines->pages);
	free(lines);
}

static const char *find_name(const char *line, const char *name)
{
	size_t len = strlen(name);
	const char *p = line, *head;

	while ((p = strstr(p, name)) != NULL) {
		head = line + strspn(line, " \t");
		if (p > head && strchr(" \t:", p[-1]) && p[len] == ':')
			return p;
		p += len;
	}
	return NULL;
}

const char *failure_name(const char *line)
{
	const char *name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		name = find_name(line, names[i]);
		if (name)
			return name;
	}
	return NULL;
}

/* What stands in front of the CPU, where that is in brackets, is the task. */
static uint64_t task_of(const char *line)
{
	const char *p = line + strspn(line, " \t"), *cpu = strchr(p, '[');

	return cpu ? hash_bytes(p, cpu - p) : 0;
}

static void add_page(struct failure_lines *l, const struct failed_page *page)
{
	if (l->taken == l->nr)
		l->taken = l->nr = 0;
	VEC_PUSH(l->pages, l->nr, l->room, *page);
}

static void end_dump(struct failure_lines *l)
{
	struct failed_page page = {
		.line = l->dump.line, .timed = l->dump_timed, .counted = true,
		.pfn = l->dump.pfn, .order = l->dump.order, .refcount = l->dump.refcount,
		.expected = dump_page_expected(&l->dump), .mapcount = l->dump.mapcount,
		.own = dump_page_migration(&l->dump), .flags = l->dump.flags,
		.reason = dump_page_migration(&l->dump) ? "alloc_contig" : "other",
	};

	if (l->dumping && page.pfn)
		add_page(l, &page);
	l->dumping = false;
}

static void read_dump(struct failure_lines *l, const struct line *line)
{
	struct dump_page dump;

	if (dump_page_begin(line->text, &dump)) {
		end_dump(l);
		l->dump = dump;
		l->dump.line = line->nr;
		l->dumping = true;
		l->dump_timed = find_name(line->text, "console") != NULL;
	} else if (l->dumping) {
		dump_page_more(&l->dump, line->text);
		if (dump_page_ended(&l->dump))
			end_dump(l);
	}
}

static void confirm(struct failure_lines *l, const struct freeze *freeze, const char *reason)
{
	struct failed_page page = {
		.line = freeze->line, .timed = true, .counted = true, .pfn = freeze->pfn,
		.refcount = freeze->count, .expected = freeze->expected, .mapcount = -1,
		.own = 1, .reason = reason, .flags = "",
	};

	add_page(l, &page);
}

static void note_freeze(struct failure_lines *l, const struct line *line,
			const struct page_ref *ref)
{
	struct freeze freeze = {
		.line = line->nr, .task = task_of(line->text), .pfn = ref->pfn,
		.count = ref->count, .expected = ref->val,
	};

	if (l->nr_freezes == FREEZES_MAX)
		memmove(l->freezes, l->freezes + 1, --l->nr_freezes * sizeof(freeze));
	l->freezes[l->nr_freezes++] = freeze;
	l->just_frozen = true;
}

/* A task's migration is over: those of its pages that could not be frozen failed. */
static void end_migration(struct failure_lines *l, const char *line, const char *fields)
{
	uint64_t task = task_of(line);
	const char *reason = strstr(fields, "reason="), *called = "other";
	bool any = false;
	int64_t failed;
	size_t i, kept = 0;

	if (!page_ref_field(fields, "nr_failed=", &failed))
		return;
	for (i = 0; reason && i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(reason + 7, reasons[i].kernel))
			called = reasons[i].name;
	for (i = 0; i < l->nr_freezes; i++) {
		if (l->freezes[i].task != task) {
			l->freezes[kept++] = l->freezes[i];
		} else if (failed) {
			confirm(l, &l->freezes[i], called);
			any = true;
		}
	}
	l->nr_freezes = kept;
	if (failed && !any)
		l->unnamed++;
}

/* A stack that tells what the page could not be frozen for. */
static void read_frame(struct failure_lines *l, const char *line)
{
	if (!strstr(line, "migrate_pages") && !strstr(line, "migrate_folio"))
		return;
	l->nr_freezes--;
	l->just_frozen = false;
	confirm(l, &l->freezes[l->nr_freezes], "other");
}

static void read_range(struct failure_lines *l, const struct line *line)
{
	int64_t first, count, end, error = 0;
	struct failed_page page = { .line = line->nr, .timed = true, .expected = -1,
				    .reason = "alloc_contig", .flags = "" };
	const char *name = find_name(line->text, "cma_alloc_busy_retry");

	if (!name)
		name = find_name(line->text, "cma_alloc_finish");
	if (name && page_ref_field(name, "pfn=", &first) && page_ref_field(name, "count=", &count)) {
		/* a pfn of 0 belongs to no range that was tried */
		if (first > 0 && count > 0 && (!page_ref_field(name, "errorno=", &error) || error))
			l->range = (struct failed_range){ line->nr, first, count, "alloc_contig" };
		return;
	}
	name = find_name(line->text, "test_pages_isolated");
	if (name && page_ref_field(name, "fin_pfn=", &first) &&
	    page_ref_field(name, "end_pfn=", &end) && first > 0 && first < end) {
		page.pfn = first;
		add_page(l, &page);
	}
}

void failure_lines_feed(struct failure_lines *l, const struct line *line,
			const struct page_ref *ref)
{
	const char *name;

	l->range.count = 0;
	if (ref) {
		l->just_frozen = false;
		if (ref->freeze && !ref->delta && ref->count > ref->val)
			note_freeze(l, line, ref);
		return;
	}
	if (l->just_frozen && foreign_event(line->text) && !strstr(line->text, "stack"))
		l->just_frozen = false;
	if (l->just_frozen)
		read_frame(l, line->text);
	read_dump(l, line);
	name = find_name(line->text, "mm_migrate_pages");
	if (name)
		end_migration(l, line->text, name);
	else
		read_range(l, line);
}

void failure_lines_finish(struct failure_lines *l)
{
	end_dump(l);
}

bool failure_lines_page(struct failure_lines *l, struct failed_page *page)
{
	if (l->taken == l->nr)
		return false;
	*page = l->pages[l->taken++];
	return true;
}

bool failure_lines_range(struct failure_lines *l, struct failed_range *range)
{
	*range = l->range;
	return range->count > 0;
}

uint64_t failure_lines_unnamed(const struct failure_lines *l)
{
	return l->unnamed;
}
