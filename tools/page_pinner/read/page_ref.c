// SPDX-License-Identifier: GPL-2.0
/*
 * Events of page_ref; see page_ref.h and include/trace/events/page_ref.h.
 */
#include "read/page_ref.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read/dump_page.h"
#include "util.h"

/* What an event does with @val and @ret. */
enum effect {
	SET,		/* val is the count now */
	ADD,		/* val was added */
	ADD_IF,		/* val was added if ret is not 0 */
	FREEZE,		/* val was taken off, down to 0, if ret is not 0 */
};

static const struct {
	const char *name;
	enum effect effect;
	bool tested;
	bool ret;
} kinds[] = {
	{ "set", SET, false, false },
	{ "mod", ADD, false, false },
	{ "mod_and_test", ADD, true, true },
	{ "mod_and_return", ADD, true, true },
	{ "mod_unless", ADD_IF, false, true },
	{ "freeze", FREEZE, false, true },
	{ "unfreeze", ADD, false, false },
};

static const char *value_of(const char *text, const char *key)
{
	const char *p = text;

	while ((p = strstr(p, key)) != NULL && p[-1] != ' ')
		p++;
	return p ? p + strlen(key) : NULL;
}

bool page_ref_field(const char *text, const char *key, int64_t *value)
{
	const char *p = value_of(text, key);
	char *end;

	if (!p)
		return false;
	*value = strtoll(p, &end, 0);
	return end != p && (!*end || *end == ' ');
}

/* No page has so many references; sums of them stay numbers. */
static bool is_count(int64_t n)
{
	return n >= -(1 << 28) && n <= 1 << 28;
}

static bool read_common(const char *text, struct page_ref *ref)
{
	const char *flags = value_of(text, "flags="), *mapping = value_of(text, "mapping=");
	int64_t pfn, count, mapcount, val;
	size_t len;

	if (!page_ref_field(text, "pfn=", &pfn) || !page_ref_field(text, "count=", &count) ||
	    !page_ref_field(text, "mapcount=", &mapcount) ||
	    !page_ref_field(text, "val=", &val) || !flags || !mapping || pfn < 0)
		return false;
	if (!is_count(count) || !is_count(val))
		return false;
	len = strcspn(flags, " ");
	if (len >= sizeof(ref->flags))
		return false;
	memcpy(ref->flags, flags, len);
	ref->flags[len] = '\0';
	mapping += strspn(mapping, "0x");
	ref->mapping = isxdigit((unsigned char)*mapping);
	ref->pfn = pfn;
	ref->count = count;
	ref->mapcount = mapcount;
	ref->val = val;
	return true;
}

bool page_ref_parse(const char *text, struct page_ref *ref)
{
	size_t len, i;
	int64_t ret = 1;

	memset(ref, 0, sizeof(*ref));
	if (strncmp(text, PAGE_REF, sizeof(PAGE_REF) - 1))
		return false;
	text += sizeof(PAGE_REF) - 1;
	len = strcspn(text, ": ");
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strlen(kinds[i].name) == len && !memcmp(kinds[i].name, text, len))
			break;
	if (i == ARRAY_SIZE(kinds) || text[len] != ':')
		return false;
	text += len + 1;
	if (!read_common(text, ref) || (kinds[i].ret && !page_ref_field(text, "ret=", &ret)))
		return false;
	ref->set = kinds[i].effect == SET;
	ref->tested = kinds[i].tested;
	ref->freeze = kinds[i].effect == FREEZE;
	if (kinds[i].effect == ADD || (kinds[i].effect == ADD_IF && ret))
		ref->delta = ref->val;
	else if (ref->freeze && ret)
		ref->delta = -ref->val;
	return true;
}

int page_ref_cached(const struct page_ref *ref)
{
	int private = page_flag(ref->flags, "private");

	if (!*ref->flags || isdigit((unsigned char)*ref->flags))
		return ref->mapping ? -1 : 0;
	if (!ref->mapping)
		return private;
	if (page_flag(ref->flags, "swapcache") || !page_flag(ref->flags, "swapbacked"))
		return 1 + private;
	return -1;
}
