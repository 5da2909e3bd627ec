// SPDX-License-Identifier: GPL-2.0
/*
 * Texts that are made into others before they are read: those of page_ref events,
 * and those that a mail had wrapped; see text.h.
 */
#include "read/text.h"

#include <inttypes.h>
#include <string.h>

#include "read/nameless.h"
#include "read/unfold.h"
#include "trace/task.h"
#include "util.h"

/* So many pages are told of by themselves. */
#define TOLD_MAX 8

static FILE *new_file(struct text *t)
{
	FILE *file = nameless_stream(t->trace->file);

	t->failed |= !file;
	return file;
}

/* What did not fit on the disk is not there. */
static bool is_kept(struct text *t, FILE *file)
{
	if (!fflush(file) && !ferror(file))
		return true;
	nameless_fault(t->trace->file);
	t->failed = true;
	return false;
}

void text_keep(struct text *t, const struct line *line)
{
	if (!t->kept && !t->failed && foreign_page_refs(&t->foreign))
		t->kept = new_file(t);
	if (t->kept)
		lines_put(t->kept, line);
}

/* What was learned from the text as it was. */
static void forget(struct text *t)
{
	struct trace *trace = t->trace;

	trace->lost = trace->holes = 0;
	t->overwritten = false;
	t->starts = t->second = t->others = 0;
	t->foreign = (struct foreign){ .nr_dumps = 0 };
}

static void read_instead(struct text *t, FILE *file)
{
	t->rewritten = file;
	is_kept(t, file);
	rewind(file);
	lines_free(t->lines);
	t->lines = lines_new_numbered(file);
	forget(t);
}

static void tell_nothing(struct text *t)
{
	if (!t->refs.asked || !foreign_page_refs(&t->foreign))
		return;
	report_error("%s: nothing in it says that pfn 0x%" PRIx64 " had more references than are "
		     "accounted for", t->trace->file, t->refs.pfn);
	t->failed = true;
}

/* Of @file, which is closed, or the same with lines joined. */
static FILE *joined(struct text *t, FILE *file)
{
	FILE *out = new_file(t);
	uint64_t breaks = out && is_kept(t, file) ? unfold_rewrite(file, out) : 0;

	t->breaks = breaks;
	if (out)
		fclose(breaks ? file : out);
	return breaks ? out : file;
}

/* Returns false if the pages that failed are not known, or none of them is on record. */
bool text_read_refs(struct text *t)
{
	FILE *file;

	if (!t->kept || t->failed || t->rewritten)
		return false;
	file = new_file(t);
	if (!file)
		return false;
	t->refs.asked = t->trace->asked;
	t->refs.pfn = t->trace->asked_pfn;
	t->kept = joined(t, t->kept);
	page_refs_rewrite(&t->refs, t->kept, file);
	fclose(t->kept);
	t->kept = NULL;
	if (!t->refs.on_record) {
		fclose(file);
		tell_nothing(t);
		return false;
	}
	read_instead(t, file);
	return true;
}

bool text_unfold(struct text *t)
{
	struct line line;
	FILE *file;

	t->wrapped = true;
	if (t->rewritten)
		return false;
	file = new_file(t);
	if (!file)
		return false;
	while (lines_next(t->lines, &line))
		lines_put(file, &line);
	read_instead(t, joined(t, file));
	return true;
}

static enum pin_reason reason_of(const char *name)
{
	int64_t value;

	return event_enum_value("reason", name, &value) ? value : REASON_OTHER;
}

static enum pin_kind kind_of(const char *name)
{
	int64_t value;

	return event_enum_value("kind", name, &value) ? value : KIND_EXTRA_REF;
}

static void pass_supposed(struct text *t, const struct page_failure *f)
{
	struct pin_event ev = {
		.type = PIN_FAIL, .ts = t->trace->last_ns, .pfn = f->pfn, .id = f->id,
		.order = f->order, .refcount = f->refcount, .mapcount = f->mapcount,
		.expected = f->expected < 0 ? f->most : f->expected, .own = f->own,
		.reason = reason_of(f->reason), .kind = kind_of(f->kind),
		.marked = f->again ? MARKED_AGAIN : MARKED_NEW,
		.has = HAS_EXPECTED | HAS_MAPCOUNT,
	};

	ev.has |= f->expected < 0 ? 0 : HAS_OWN;
	ev.task = tasks_intern(t->trace->tasks, 0, "<unknown>");
	joiner_pass(t->joiner, &ev);
	t->nr[PIN_FAIL]++;
}

void text_supposed(struct text *t, uint64_t line)
{
	struct page_refs *refs = &t->refs;

	for (; refs->next_end < refs->nr_ends && refs->ends[refs->next_end].line < line;
	     refs->next_end++)
		pass_supposed(t, &refs->ends[refs->next_end]);
}

void text_tell_rewritten(const struct text *t)
{
	const struct page_refs *refs = &t->refs;
	const char *file = t->trace->file;
	size_t i;

	if (t->breaks)
		report_error("%s: %" PRIu64 " line%s wrapped: joined again", file, t->breaks,
			     t->breaks == 1 ? " was" : "s were");
	if (refs->on_record)
		report_error("%s: page_ref events of %zu page%s known to have failed: they tell less "
			     "than page_pinner's, and a page that nothing says has failed is not "
			     "looked at", file, refs->on_record, refs->on_record == 1 ? "" : "s");
	if (refs->on_record && refs->unnamed)
		report_error("%s: %" PRIu64 " migration%s failed without a word on which page", file,
			     refs->unnamed, refs->unnamed == 1 ? "" : "s");
	if (refs->ranges)
		report_error("%s: %" PRIu64 " ranges that failed were not looked at: too many; "
			     "--pfn=PFN looks at one page", file, refs->ranges);
	for (i = 0; i < refs->nr_ends && i < TOLD_MAX; i++)
		report_error("%s: when pfn 0x%" PRIx64 " failed is not on record: it was held longest "
			     "from line %" PRIu64 " on", file, refs->ends[i].pfn, refs->ends[i].line);
}

void text_rewrite_free(struct text *t)
{
	if (t->kept)
		fclose(t->kept);
	if (t->rewritten)
		fclose(t->rewritten);
	if (t->bare)
		fclose(t->bare);
	page_refs_free(&t->refs);
}
