// SPDX-License-Identifier: GPL-2.0
/*
 * page_ref events as a story of failures; see page_refs.h.
 *
 * The text is read three times: to learn how the kernel counts mappings, to find
 * the pages that failed, and to write their stories.
 */
#include "read/page_refs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/dump_page.h"
#include "read/failure_lines.h"
#include "read/lines.h"
#include "read/page_ref.h"
#include "read/ref_lines.h"
#include "read/ref_page.h"
#include "util.h"

/* No allocation of CMA is larger, and each page costs time. */
#define RANGE_MAX (1u << 18)

/* A hostile text has a range in each line. */
#define RANGES_MAX 4096

struct story {
	struct page_refs *refs;
	struct failure_lines *told;
	struct map pages;
	enum ref_base base;
	FILE *out;
	size_t ranges;
	size_t next;		/* of the failures, to be written */
	size_t next_end;	/* of those whose time is supposed, to be marked */
	uint32_t last_id;
	uint64_t last_line;
	struct ref_freed freed;
	struct failed_page *untimed;
	size_t nr_untimed, room_untimed;
};

typedef void (*line_sink)(struct story *s, const struct line *line);

static void each_line(struct story *s, FILE *in, line_sink sink)
{
	struct lines *lines;
	struct line line;

	rewind(in);
	lines = lines_new_numbered(in);
	while (lines_next(lines, &line))
		sink(s, &line);
	lines_free(lines);
}

/* Returns the event in a line, and where its name begins. */
static const char *find_ref(const struct line *line, struct page_ref *ref)
{
	const char *p = line->torn ? NULL : strstr(line->text, PAGE_REF);

	while (p && (p == line->text || !strchr(" \t:", p[-1])))
		p = strstr(p + 1, PAGE_REF);
	return p && page_ref_parse(p, ref) ? p : NULL;
}

/* A page that is not in use is mapped nowhere. */
static void learn_base(struct story *s, const struct line *line)
{
	struct page_ref ref;

	if (!find_ref(line, &ref))
		return;
	if (ref.mapcount == -1)
		s->base = BASE_MINUS_ONE;
	else if (s->base == BASE_UNKNOWN && !ref.mapcount && (!ref.count || ref.set))
		s->base = BASE_ZERO;
}

static struct ref_page *page_of(struct story *s, uint64_t pfn)
{
	struct ref_page *page = map_get(&s->pages, pfn);

	if (!page) {
		page = xzalloc(sizeof(*page));
		map_put(&s->pages, pfn, page);
	}
	return page;
}

/*
 * The count was not that of the attempt, but a little later: whether it was the cause
 * is for others to judge.
 */
static const char *kind_of(int refcount, int most, const char *flags)
{
	return refcount <= most && page_flag(flags, "writeback") ? "writeback" : "extra_ref";
}

/* When it failed is not told: it was while the page was held longest, if ever. */
static bool supposed(struct page_failure *new, const struct ref_page *page)
{
	const struct ref_held *held = &page->longest;

	if (!held->line)
		return false;
	new->line = held->line;
	new->refcount = held->count;
	new->expected = held->expected;
	new->most = held->most;
	new->mapcount = held->mapcount;
	new->own = 0;
	return true;
}

static void add_failure(struct story *s, const struct failed_page *f)
{
	struct ref_page *page = page_of(s, f->pfn);
	struct page_failure new = {
		.line = f->line, .pfn = f->pfn, .order = f->order, .reason = f->reason,
		.refcount = f->counted ? f->refcount : page->count, .own = f->own,
		.expected = f->counted ? f->expected : page->expected,
		.mapcount = f->counted && f->mapcount >= 0 ? f->mapcount : page->mapcount,
		.most = f->counted && f->expected >= 0 ? f->expected : page->most,
	};

	if (f->timed ? !f->counted && !page->known : !supposed(&new, page))
		return;
	new.kind = kind_of(new.refcount, new.most, f->flags);
	/* what made it fail were not its references */
	if (new.refcount <= new.most && strcmp(new.kind, "writeback"))
		return;
	if (new.mapcount < 0)
		new.mapcount = 0;
	page->failed = true;
	page->order = f->order;
	if (f->timed)
		VEC_PUSH(s->refs->failures, s->refs->nr, s->refs->room, new);
	else
		VEC_PUSH(s->refs->ends, s->refs->nr_ends, s->refs->room_ends, new);
}

static void take_excess(struct story *s, const struct failed_range *range, uint64_t pfn,
			const struct ref_page *page)
{
	struct failed_page f = { .line = range->line, .timed = true, .pfn = pfn,
				 .expected = -1, .reason = range->reason, .flags = "" };

	if (page && page->known && page->count > page->most && pfn >= range->first &&
	    pfn - range->first < range->count)
		add_failure(s, &f);
}

/* In a range that failed, those pages did that have more references than they should. */
static void take_range(struct story *s, const struct failed_range *range)
{
	uint64_t i;

	if (s->ranges++ >= RANGES_MAX)
		return;
	if (range->count < s->pages.room) {
		for (i = 0; i < range->count && i < RANGE_MAX; i++)
			take_excess(s, range, range->first + i,
				    map_get(&s->pages, range->first + i));
		return;
	}
	for (i = 0; i < s->pages.room; i++)
		take_excess(s, range, s->pages.slots[i].key, s->pages.slots[i].value);
}

/* Those whose time is to be supposed wait until all is known. */
static void take_pages(struct story *s)
{
	struct failed_page page;

	while (failure_lines_page(s->told, &page)) {
		if (page.timed)
			add_failure(s, &page);
		else
			VEC_PUSH(s->untimed, s->nr_untimed, s->room_untimed, page);
	}
}

static void find_failure(struct story *s, const struct line *line)
{
	struct failed_range range;
	struct page_ref ref;
	const char *name = find_ref(line, &ref);

	if (name) {
		struct ref_page *of = page_of(s, ref.pfn);

		ref_page_expect(of, s->base, &ref);
		ref_page_change(of, &ref);
		ref_page_hold(of, line->nr);
	}
	s->last_line = line->nr;
	if (line->torn)
		return;
	failure_lines_feed(s->told, line, name ? &ref : NULL);
	take_pages(s);
	if (failure_lines_range(s->told, &range))
		take_range(s, &range);
}

static int by_line(const void *a, const void *b)
{
	const struct page_failure *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->pfn < y->pfn ? -1 : x->pfn > y->pfn;
}

static void find_failures(struct story *s, FILE *in)
{
	struct failed_page asked = { .pfn = s->refs->pfn, .flags = "", .reason = "other" };
	size_t i;

	s->told = failure_lines_new();
	each_line(s, in, find_failure);
	failure_lines_finish(s->told);
	for (i = 0; i < s->pages.room; i++)
		if (s->pages.slots[i].value)
			ref_page_rest(s->pages.slots[i].value, s->last_line + 1);
	take_pages(s);
	for (i = 0; i < s->nr_untimed; i++) {
		s->untimed[i].flags = "";
		add_failure(s, &s->untimed[i]);
	}
	free(s->untimed);
	s->refs->unnamed = failure_lines_unnamed(s->told);
	failure_lines_free(s->told);
	if (s->refs->asked && !page_of(s, asked.pfn)->failed)
		add_failure(s, &asked);
	if (s->refs->nr)
		qsort(s->refs->failures, s->refs->nr, sizeof(*s->refs->failures), by_line);
	if (s->refs->nr_ends)
		qsort(s->refs->ends, s->refs->nr_ends, sizeof(*s->refs->ends), by_line);
}

static void mark(struct story *s, struct page_failure *f)
{
	struct ref_page *page = page_of(s, f->pfn);

	f->again = page->id;
	if (!page->id)
		page->id = ++s->last_id;
	f->id = page->id;
}

/* The page was freed: its mark ends behind the stack of that, in front of the next event. */
static void end_mark(struct story *s, const struct line *line, const char *name)
{
	if (s->freed.id)
		ref_lines_unmark(s->out, line, name, &s->freed);
	s->freed.id = 0;
}

/* One whose line is not told has its mark from then on, as any other. */
static void mark_supposed(struct story *s, uint64_t line)
{
	struct page_refs *refs = s->refs;

	for (; s->next_end < refs->nr_ends && refs->ends[s->next_end].line < line; s->next_end++)
		mark(s, &refs->ends[s->next_end]);
}

static void write_ref(struct story *s, const struct line *line, const char *name,
		      const struct page_ref *ref)
{
	struct ref_page *page = page_of(s, ref->pfn);
	int delta;

	end_mark(s, line, name);
	if (!page->failed) {
		lines_put(s->out, line);
		return;
	}
	ref_page_expect(page, s->base, ref);
	delta = ref_page_change(page, ref);
	if (delta)
		ref_lines_change(s->out, line, name, page, ref, delta);
	else
		lines_put(s->out, line);
	s->refs->on_record += delta && !page->told;
	page->told |= delta != 0;
	if (page->id && ref->tested && !page->count) {
		s->freed = (struct ref_freed){ ref->pfn, page->id, page->order };
		page->id = 0;
	}
}

/* What is of page_ref, but torn, could have been of any page. */
static bool torn_ref(const struct line *line)
{
	const char *p = strstr(line->text, " " PAGE_REF);

	return !line->torn && p && strchr(p, ':');
}

/* The functions that DEBUG_PAGE_REF puts between a get or put and its event. */
static bool own_frame(const struct line *line)
{
	const char *p = line->torn ? NULL : strstr(line->text, "_" PAGE_REF);

	return p && p > line->text && (strchr(" \t", p[-1]) || p[-1] == '_');
}

static void rewrite_line(struct story *s, const struct line *line)
{
	struct page_refs *refs = s->refs;
	bool replaced = false;
	struct page_ref ref;
	const char *name = find_ref(line, &ref);

	mark_supposed(s, line->nr);
	for (; s->next < refs->nr && refs->failures[s->next].line <= line->nr; s->next++) {
		struct page_failure *f = &refs->failures[s->next];
		const char *at = f->line == line->nr ? failure_name(line->text) : NULL;

		if (!at)
			continue;
		end_mark(s, line, at);
		mark(s, f);
		ref_lines_failure(s->out, line, at, f);
		replaced = true;
	}
	if (replaced)
		return;
	if (name)
		write_ref(s, line, name, &ref);
	else if (own_frame(line))
		return;
	else if (torn_ref(line))
		fprintf(s->out, "%" PRIu64 "\tpage_pinner_put: torn\n", line->nr);
	else
		lines_put(s->out, line);
}

/* The second time the counts begin anew. */
static void forget_counts(struct story *s)
{
	size_t i;

	for (i = 0; i < s->pages.room; i++) {
		struct ref_page *page = s->pages.slots[i].value;

		if (page)
			*page = (struct ref_page){ .failed = page->failed, .order = page->order };
	}
}

void page_refs_rewrite(struct page_refs *refs, FILE *in, FILE *out)
{
	struct story s = { .refs = refs, .out = out };
	size_t i;

	each_line(&s, in, learn_base);
	find_failures(&s, in);
	if (refs->nr || refs->nr_ends) {
		forget_counts(&s);
		each_line(&s, in, rewrite_line);
		mark_supposed(&s, UINT64_MAX);
	}
	for (i = 0; i < s.pages.room; i++)
		free(s.pages.slots[i].value);
	map_free(&s.pages);
}

void page_refs_free(struct page_refs *refs)
{
	free(refs->failures);
	free(refs->ends);
	refs->failures = refs->ends = NULL;
}
