// SPDX-License-Identifier: GPL-2.0
/*
 * Names of CMA areas; see areas.h.
 */
#include "trace/areas.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "util.h"

struct area_layout {
	struct tep_handle *tep;
	struct tep_format_field *name;
	struct tep_format_field *pfn;
	struct tep_format_field *count;
};

void areas_add(struct areas *areas, const char *name, size_t len, uint64_t pfn, uint64_t count)
{
	struct area *area;
	size_t i;

	/* an allocation that never got so far as to try has no frame, or -1 */
	if (!len || len >= AREA_NAME_MAX || !pfn || !count || pfn + count - 1 < pfn)
		return;
	for (i = 0; i < areas->nr; i++)
		if (strlen(areas->list[i].name) == len && !memcmp(areas->list[i].name, name, len))
			break;
	if (i == AREAS_MAX)
		return;
	if (i == areas->nr) {
		areas->list = xrealloc(areas->list, ++areas->nr, sizeof(*areas->list));
		area = &areas->list[i];
		*area = (struct area){ .from = pfn, .to = pfn };
		memcpy(area->name, name, len);
	}
	area = &areas->list[i];
	if (pfn < area->from)
		area->from = pfn;
	if (pfn + count - 1 > area->to)
		area->to = pfn + count - 1;
}

const char *areas_find(const struct areas *areas, uint64_t from, uint64_t to)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < areas->nr; i++) {
		if (to < areas->list[i].from || from > areas->list[i].to)
			continue;
		/* no page is in two areas: of one of them not everything is known */
		if (found || from < areas->list[i].from || to > areas->list[i].to)
			return NULL;
		found = areas->list[i].name;
	}
	return found;
}

void areas_free(struct areas *areas)
{
	free(areas->list);
	*areas = (struct areas){ .nr = 0 };
}

/* cma_alloc_start does not know its pages yet; cma_alloc had no name before Linux 5.13. */
static bool has_area(const char *name)
{
	return !strcmp(name, "cma_alloc_busy_retry") || !strcmp(name, "cma_alloc_finish") ||
	       !strcmp(name, "cma_release");
}

struct area_layout *area_layout_new(struct tep_event *format)
{
	struct area_layout layout = { .tep = format->tep };
	struct area_layout *copy;

	if (strcmp(format->system, "cma") || !has_area(format->name))
		return NULL;
	layout.name = tep_find_field(format, "name");
	layout.pfn = tep_find_field(format, "pfn");
	layout.count = tep_find_field(format, "count");
	if (!layout.name || !layout.pfn || !layout.count)
		return NULL;
	copy = xrealloc(NULL, 1, sizeof(*copy));
	*copy = layout;
	return copy;
}

static bool within(int64_t offset, int64_t len, size_t size)
{
	return offset >= 0 && len > 0 && offset <= (int64_t)size && len <= (int64_t)size - offset;
}

static bool number(const struct area_layout *layout, const struct tep_format_field *field,
		   const char *data, size_t size, uint64_t *value)
{
	if (!within(field->offset, field->size, size) || (field->size != 4 && field->size != 8))
		return false;
	*value = tep_read_number(layout->tep, data + field->offset, field->size);
	return true;
}

void area_read(const struct area_layout *layout, const void *data, size_t size,
	       struct areas *areas)
{
	int64_t offset = layout->name->offset, len = layout->name->size;
	uint64_t pfn, count, place;

	if (layout->name->flags & TEP_FIELD_IS_DYNAMIC) {
		if (len != 4 || !number(layout, layout->name, data, size, &place))
			return;
		offset = place & 0xffff;
		len = place >> 16 & 0xffff;
		if (layout->name->flags & TEP_FIELD_IS_RELATIVE)
			offset += layout->name->offset + layout->name->size;
	}
	if (!within(offset, len, size) || !number(layout, layout->pfn, data, size, &pfn) ||
	    !number(layout, layout->count, data, size, &count))
		return;
	areas_add(areas, (const char *)data + offset,
		  strnlen((const char *)data + offset, len), pfn, count);
}

/* "name=reserved pfn=0x3994a page=00000000 count=1"; a name can be anything. */
void area_read_text(const char *text, struct areas *areas)
{
	const char *p = strncmp(text, "cma:", 4) ? text : text + 4, *end, *pfn = NULL, *count;
	size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyz_");
	char name[32];

	if (p[len] != ':' || len >= sizeof(name))
		return;
	memcpy(name, p, len);
	name[len] = '\0';
	p += len + 1;
	p += strspn(p, " \t");
	if (!has_area(name) || strncmp(p, "name=", 5))
		return;
	for (end = p += 5; (end = strstr(end, " pfn=0x")) != NULL; end++)
		pfn = end;
	count = pfn ? strstr(pfn, " count=") : NULL;
	if (count && isdigit((unsigned char)count[7]))
		areas_add(areas, p, pfn - p, strtoull(pfn + 5, NULL, 16),
			  strtoull(count + 7, NULL, 10));
}
