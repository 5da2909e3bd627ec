// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps of pages; see dump_page.h.
 *
 *	page: refcount:3 mapcount:1 mapping:ffff888003a3b1c8 index:0x0 pfn:0x3994a
 *	head: order:2 mapcount:4 entire_mapcount:0 nr_pages_mapped:4 pincount:0
 *	aops:ext4_da_aops ino:c
 *	flags: 0x2082c(referenced|uptodate|lru|active|owner_2)
 *	page dumped because: migration failure
 */
#include "read/dump_page.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* More lines no dump has. */
#define LINES_MAX 16

static bool number_behind(const char *line, const char *key, int64_t *value)
{
	const char *p = strstr(line, key);
	char *end;

	if (!p)
		return false;
	p += strlen(key);
	*value = strtoll(p, &end, 0);
	return end != p;
}

static void copy_until(char *to, size_t room, const char *from, const char *ends)
{
	size_t len = strcspn(from, ends);

	if (len >= room)
		len = room - 1;
	memcpy(to, from, len);
	to[len] = '\0';
}

/* "(null)", "0000000000000000", "0x0" */
static bool has_mapping(const char *line)
{
	const char *p = strstr(line, "mapping:");

	if (!p)
		return false;
	p += 8;
	p += strspn(p, "0x");
	return isxdigit((unsigned char)*p);
}

bool dump_page_begin(const char *line, struct dump_page *dump)
{
	const char *page = strstr(line, "page:");
	int64_t refcount, mapcount, pfn = 0;

	if (!page || !strstr(page, " mapping:") ||
	    !(number_behind(page, " refcount:", &refcount) ||
	      number_behind(page, " count:", &refcount)) ||
	    !number_behind(page, " mapcount:", &mapcount))
		return false;
	*dump = (struct dump_page){ .refcount = refcount, .mapcount = mapcount, .lines = 1 };
	if (number_behind(page, " pfn:", &pfn) && pfn > 0)
		dump->pfn = pfn;
	dump->mapping = has_mapping(page);
	return true;
}

static bool read_head(struct dump_page *dump, const char *line)
{
	const char *head = strstr(line, "head:");
	int64_t order, value;

	if (!head)
		return false;
	if (number_behind(head, " order:", &order) && order > 0 && order < 32) {
		dump->order = order;
		dump->pfn &= ~((1ull << order) - 1);
		if (number_behind(head, " mapcount:", &value))
			dump->mapcount = value;
	}
	return true;
}

static bool read_flags(struct dump_page *dump, const char *line)
{
	const char *flags = strstr(line, "flags: 0x"), *open;

	if (!flags)
		return false;
	open = strchr(flags, '(');
	if (open)
		copy_until(dump->flags, sizeof(dump->flags), open + 1, ")");
	dump->anon = flags - line >= 5 && !memcmp(flags - 5, "anon ", 5);
	dump->anon |= flags - line >= 4 && !memcmp(flags - 4, "ksm ", 4);
	return true;
}

bool dump_page_more(struct dump_page *dump, const char *line)
{
	const char *why = strstr(line, "page dumped because: ");

	dump->lines++;
	if (why) {
		copy_until(dump->why, sizeof(dump->why), why + 21, "\n");
		return true;
	}
	if (strstr(line, "aops:")) {
		dump->file = true;
		return true;
	}
	return read_flags(dump, line) || read_head(dump, line) || strstr(line, "raw: ") ||
	       strstr(line, "memcg:") || strstr(line, "page_type: ");
}

bool dump_page_ended(const struct dump_page *dump)
{
	return *dump->why || dump->lines > LINES_MAX;
}

bool dump_page_migration(const struct dump_page *dump)
{
	return !strcmp(dump->why, "migration failure");
}

bool page_flag(const char *flags, const char *name)
{
	size_t len = strlen(name), word;

	for (; *flags; flags += word + (flags[word] != '\0')) {
		word = strcspn(flags, "|,");
		if (word == len && !memcmp(flags, name, len))
			return true;
	}
	return false;
}

int dump_page_expected(const struct dump_page *dump)
{
	int own = dump_page_migration(dump), cache = 0;

	/* What it is told of a page without flags is not enough. */
	if (!*dump->flags || dump->mapcount < 0)
		return -1;
	if (dump->file || page_flag(dump->flags, "swapcache"))
		cache = 1 << dump->order;
	else if (dump->mapping && !dump->anon)
		return -1;
	return dump->mapcount + cache + page_flag(dump->flags, "private") + own;
}
