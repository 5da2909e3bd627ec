// SPDX-License-Identifier: GPL-2.0
/*
 * How long a trace.dat should be; see dat_cut.h and trace-cmd.dat.v6(5).
 */
#define _GNU_SOURCE
#include "read/dat_cut.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "read/cursor.h"

#define MAGIC "\x17\x08\x44tracing6"
#define TABLE "flyrecord"

/* More than a cut can have taken away is damage of another kind. */
#define MISSING_MAX (64ull << 30)

/* The table has place and size of each CPU's data, in pages; how many CPUs, it does not say. */
static uint64_t end_of_data(struct cursor table, uint32_t page)
{
	uint64_t offset, size, end = 0;

	while (cursor_left(&table) >= 16) {
		offset = cursor_number(&table, 8);
		size = cursor_number(&table, 8);
		if (!offset || offset % page || offset < end || size > MISSING_MAX ||
		    offset > MISSING_MAX * 1024)
			break;
		end = offset + size;
	}
	return end;
}

static uint64_t full_size(struct cursor file)
{
	struct cursor c = file;
	const unsigned char *table;
	uint32_t page;
	bool big;

	if (cursor_left(&c) < sizeof(MAGIC) || memcmp(c.p, MAGIC, sizeof(MAGIC)))
		return 0;
	cursor_bytes(&c, sizeof(MAGIC));
	big = cursor_number(&c, 1);
	c.swap = big == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
	cursor_number(&c, 1);	/* size of long */
	page = cursor_number(&c, 4);
	table = memmem(c.p, cursor_left(&c), TABLE, sizeof(TABLE));
	if (!table || page < 1024)
		return 0;
	c.p = table + sizeof(TABLE);
	return end_of_data(c, page);
}

uint64_t dat_cut_size(int fd)
{
	struct cursor file = { 0 };
	uint64_t size, full;
	struct stat st;
	void *map;

	if (fstat(fd, &st) || st.st_size <= 0)
		return 0;
	size = st.st_size;
	map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return 0;
	file.p = map;
	file.end = file.p + size;
	full = full_size(file);
	munmap(map, size);
	return full > size && full - size <= MISSING_MAX ? full : 0;
}
