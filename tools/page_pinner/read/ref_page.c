// SPDX-License-Identifier: GPL-2.0
/*
 * A page by its page_ref events; see ref_page.h.
 */
#include "read/ref_page.h"

#include <stdlib.h>

#include "read/dump_page.h"

/* So many CPUs at most are at work on one page. */
#define SKEW_MAX 64

void ref_page_expect(struct ref_page *page, enum ref_base base, const struct page_ref *ref)
{
	int cached = page_ref_cached(ref), mapped = ref->mapcount;

	/* what is no mapcount is a type of page */
	if (mapped < -1 || mapped > 1 << 24)
		mapped = base == BASE_MINUS_ONE ? -1 : 0;
	mapped += base != BASE_ZERO;
	page->mapcount = base == BASE_UNKNOWN ? -1 : mapped;
	page->expected = base == BASE_UNKNOWN || cached < 0 ? -1 : mapped + cached;
	if (cached < 0)
		cached = 1 + page_flag(ref->flags, "private");
	page->most = mapped + cached;
}

int ref_page_change(struct ref_page *page, const struct page_ref *ref)
{
	int was = page->known ? page->count : ref->set ? 0 : ref->count - ref->delta;
	int delta = ref->set ? ref->val - was : ref->delta, skew;

	page->count = was + delta;
	skew = ref->count - page->count;
	if (skew && (page->skew == skew || abs(skew) > SKEW_MAX))
		page->count = ref->count;
	page->skew = page->count == ref->count ? 0 : skew;
	page->known = true;
	return delta;
}

void ref_page_rest(struct ref_page *page, uint64_t line)
{
	page->now.lines = line - page->now.line;
	if (page->now.line && page->now.lines >= page->longest.lines)
		page->longest = page->now;
	page->now.line = 0;
}

void ref_page_hold(struct ref_page *page, uint64_t line)
{
	ref_page_rest(page, line);
	if (page->count > page->most)
		page->now = (struct ref_held){ line, 0, page->count, page->expected, page->most,
					   page->mapcount };
}
