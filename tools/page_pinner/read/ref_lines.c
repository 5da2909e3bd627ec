// SPDX-License-Identifier: GPL-2.0
/*
 * page_pinner events as text; see ref_lines.h.
 */
#include "read/ref_lines.h"

#include <inttypes.h>

static void put_head(FILE *out, const struct line *line, const char *name)
{
	const char *end = name;

	while (end > line->text && end[-1] != ' ' && end[-1] != '\t')
		end--;
	fprintf(out, "%" PRIu64 "\t%.*s%s", line->nr, (int)(end - line->text), line->text,
		end < name ? "page_pinner:" : "");
}

/* Events whose fields differ have to have different names. */
void ref_lines_failure(FILE *out, const struct line *line, const char *name,
		       const struct page_failure *f)
{
	put_head(out, line, name);
	fprintf(out, "page_pinner_fail_%s: pfn=0x%" PRIx64 " order=%u refcount=%d expected=%d "
		"mapcount=%d reason=%s kind=%s id=%u marked=%s",
		f->expected < 0 ? "guess" : "known", f->pfn, f->order, f->refcount,
		f->expected < 0 ? f->most : f->expected, f->mapcount, f->reason, f->kind, f->id,
		f->again ? "again" : "new");
	if (f->expected >= 0)
		fprintf(out, " own=%d", f->own);
	putc('\n', out);
}

void ref_lines_change(FILE *out, const struct line *line, const char *name,
		      const struct ref_page *page, const struct page_ref *ref, int delta)
{
	put_head(out, line, name);
	fprintf(out, "page_pinner_%s: pfn=0x%" PRIx64 " order=%u refcount=%d delta=%d reason=watch "
		"id=%u expected=%d mapcount=%d\n", delta > 0 ? "get" : "put", ref->pfn,
		page->order, page->count, delta, page->id, page->expected,
		page->mapcount < 0 ? 0 : page->mapcount);
}

void ref_lines_unmark(FILE *out, const struct line *line, const char *name,
		      const struct ref_freed *freed)
{
	put_head(out, line, name);
	fprintf(out, "page_pinner_unmark: pfn=0x%" PRIx64 " order=%u refcount=0 id=%u why=freed\n",
		freed->pfn, freed->order, freed->id);
}
