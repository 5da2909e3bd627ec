// SPDX-License-Identifier: GPL-2.0
/*
 * Formats of events out of a perf.data file; see tracing_data.h.
 */
#include "read/tracing_data.h"

#include <string.h>

#include <event-parse.h>

#include "read/cursor.h"
#include "trace/symbols.h"
#include "util.h"

static bool expect_name(struct cursor *c, const char *want)
{
	const char *name = cursor_name(c);

	return name && !strcmp(name, want);
}

static void parse_format(struct cursor *c, struct tep_handle *tep, const char *system)
{
	uint64_t size = cursor_number(c, 8);
	const char *format = cursor_bytes(c, size);

	/* Those of others are not asked for, and the parser trusts what it reads. */
	if (format && system && !strcmp(system, "page_pinner"))
		tep_parse_event(tep, format, size, system);
}

static void parse_systems(struct cursor *c, struct tep_handle *tep)
{
	uint32_t nr = cursor_number(c, 4), events;
	const char *system;

	/* Not worth a bound of their own: each takes bytes of what is left. */
	while (nr-- && !c->bad)
		parse_format(c, tep, NULL);
	for (nr = cursor_number(c, 4); nr && !c->bad; nr--) {
		system = cursor_name(c);
		events = cursor_number(c, 4);
		while (events-- && !c->bad)
			parse_format(c, tep, system);
	}
}

int tracing_data_parse(struct tep_handle *tep, struct symbols *syms, const void *data,
		       size_t size)
{
	struct cursor c = { .p = data, .end = (const unsigned char *)data + size };
	const char *magic = cursor_bytes(&c, 10), *text;
	uint64_t len;
	int long_size;
	bool big;

	if (!magic || memcmp(magic, "\x17\x08\x44tracing", 10) || !cursor_name(&c))
		return -1;
	big = cursor_number(&c, 1);
	tep_set_file_bigendian(tep, big ? TEP_BIG_ENDIAN : TEP_LITTLE_ENDIAN);
	c.swap = big == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
	long_size = cursor_number(&c, 1);
	tep_set_long_size(tep, long_size);
	tep_set_page_size(tep, cursor_number(&c, 4));
	if (!expect_name(&c, "header_page"))
		return -1;
	len = cursor_number(&c, 8);
	text = cursor_bytes(&c, len);
	if (!text || !expect_name(&c, "header_event"))
		return -1;
	cursor_bytes(&c, cursor_number(&c, 8));
	parse_systems(&c, tep);
	len = cursor_number(&c, 4);
	text = cursor_bytes(&c, len);
	if (text)
		symbols_parse_kallsyms(syms, text, len);
	return c.bad ? -1 : 0;
}
