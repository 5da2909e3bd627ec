// SPDX-License-Identifier: GPL-2.0
/*
 * The header of perf.data; see perf_header.h.
 */
#include "read/perf_header.h"

#include <string.h>

/* The first attributes had 64 bytes; section of ids: place and size. */
#define ATTR_MIN 64
#define IDS_SIZE 16

#define INCOMPLETE "not a complete perf.data file"

static const char *read_attrs(struct perf_header *h, struct perf_attrs *attrs,
			      struct cursor list, uint64_t size)
{
	uint64_t offset, nr_ids = 0;
	struct cursor attr, place, ids;

	while (list.p < list.end) {
		attr = cursor_part(&list, 0, size - IDS_SIZE);
		place = cursor_part(&list, size - IDS_SIZE, IDS_SIZE);
		if (!cursor_bytes(&list, size))
			return INCOMPLETE;
		offset = cursor_number(&place, 8);
		ids = cursor_part(&h->file, offset, cursor_number(&place, 8));
		/* Lists that overlap would cost attributes times ids. */
		nr_ids += cursor_left(&ids) / 8;
		if (ids.bad || nr_ids > cursor_left(&h->file) / 8 ||
		    perf_attrs_add(attrs, attr, ids))
			return INCOMPLETE;
	}
	return NULL;
}

const char *perf_header_read(struct perf_header *header, struct perf_attrs *attrs)
{
	struct cursor c, list;
	uint64_t attr_size, offset, size, all = cursor_left(&header->file);
	const char *magic;

	c = header->file;
	magic = cursor_bytes(&c, 8);
	header->file.swap = magic && !!memcmp(magic, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
					      "PERFILE2" : "2ELIFREP", 8);
	c.swap = header->file.swap;
	size = cursor_number(&c, 8);
	if (c.bad)
		return INCOMPLETE;
	if (size == 16) {
		header->pipe = true;
		header->data = c;
		return NULL;
	}
	attr_size = cursor_number(&c, 8);
	offset = cursor_number(&c, 8);
	list = cursor_part(&header->file, offset, cursor_number(&c, 8));
	offset = cursor_number(&c, 8);
	size = cursor_number(&c, 8);
	cursor_bytes(&c, 16);	/* event_types */
	header->bits = cursor_number(&c, 8);
	if (c.bad || list.bad || attr_size < ATTR_MIN + IDS_SIZE)
		return INCOMPLETE;
	if (!size)
		return INCOMPLETE ": perf record did not end in order, and what its events look like is missing; let it end by SIGINT";
	header->data = cursor_part(&header->file, offset, size);
	if (header->data.bad)
		return INCOMPLETE ": cut off, and what its events look like stood at the end";
	header->sections = cursor_part(&header->file, offset + size, all - offset - size);
	return read_attrs(header, attrs, list, attr_size);
}

/* The sections stand in the order of their bits. */
struct cursor perf_header_section(const struct perf_header *header, int bit)
{
	struct cursor table = header->sections, none = { .bad = true };
	uint64_t offset = 0, size = 0;
	int i;

	if (!(header->bits >> bit & 1))
		return none;
	for (i = 0; i <= bit; i++) {
		if (!(header->bits >> i & 1))
			continue;
		offset = cursor_number(&table, 8);
		size = cursor_number(&table, 8);
	}
	return table.bad ? none : cursor_part(&header->file, offset, size);
}
