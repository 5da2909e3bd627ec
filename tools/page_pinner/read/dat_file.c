// SPDX-License-Identifier: GPL-2.0
/*
 * Headers of trace.dat; see dat_file.h, trace-cmd.dat.v6(5) and .v7(5).
 */
#include "read/dat_file.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <zlib.h>
#include <zstd.h>

#include "read/cursor.h"
#include "util.h"

/* More symbols than that no kernel has. */
#define KALLSYMS_MAX (256u << 20)
/* Options sections are a chain: one that goes on for ever is none. */
#define SECTIONS_MAX 64

enum {
	OPTION_DONE = 0,
	OPTION_DATE = 1,
	OPTION_BUFFER = 3,
	OPTION_TRACECLOCK = 4,
	OPTION_TSC2NSEC = 14,
	OPTION_KALLSYMS = 19,
};

#define SECTION_COMPRESSED 1

/* A name, "" where there is none. */
static const char *name_at(struct cursor *c)
{
	const char *name = cursor_name(c);

	return name ? name : "";
}

/* The next bytes, as a cursor of their own. */
static struct cursor next_part(struct cursor *c, uint64_t size)
{
	struct cursor part = cursor_part(c, 0, size);

	cursor_bytes(c, size);
	return part;
}

/* Where it stands; returns false if it is not needed. */
static bool keep_kallsyms(struct dat_file *dat, struct cursor *c)
{
	uint64_t size = cursor_number(c, 4);
	const void *text = cursor_bytes(c, size);

	if (!text || !size || dat->kallsyms || size > KALLSYMS_MAX)
		return false;
	dat->kallsyms = text;
	dat->kallsyms_size = size;
	return true;
}

/* "local global [mono] boot", or the one name alone. */
static void keep_clock(struct dat_file *dat, struct cursor *c)
{
	const char *text = name_at(c), *open = strchr(text, '[');
	size_t len;

	if (c->bad || *dat->clock)
		return;
	if (open)
		text = open + 1;
	len = strcspn(text, "] \n");
	if (len && len < sizeof(dat->clock))
		memcpy(dat->clock, text, len);
}

/* Of the options, those that are of interest here; they are alike in 6 and 7. */
static void keep_option(struct dat_file *dat, unsigned int id, struct cursor *c)
{
	const char *text;
	char *end;
	long long us;

	switch (id) {
	case OPTION_DATE:
		text = name_at(c);
		us = strtoll(text, &end, 0);
		if (!c->bad && end != text) {
			dat->dated = true;
			dat->date_ns = us * 1000;
		}
		break;
	case OPTION_TRACECLOCK:
		keep_clock(dat, c);
		break;
	case OPTION_TSC2NSEC:
		/* a multiplier of 0 makes nothing of nothing */
		dat->converted = cursor_number(c, 4) != 0;
		break;
	}
}

static void skip_formats(struct cursor *c)
{
	uint64_t nr = cursor_number(c, 4);

	while (nr-- && !c->bad)
		cursor_bytes(c, cursor_number(c, 8));
}

static void read_v6(struct dat_file *dat, struct cursor *c)
{
	struct cursor option;
	uint64_t systems;
	unsigned int id;

	cursor_name(c);		/* header_page */
	cursor_bytes(c, cursor_number(c, 8));
	cursor_name(c);		/* header_event */
	cursor_bytes(c, cursor_number(c, 8));
	skip_formats(c);
	for (systems = cursor_number(c, 4); systems && !c->bad; systems--) {
		cursor_name(c);
		skip_formats(c);
	}
	keep_kallsyms(dat, c);
	cursor_bytes(c, cursor_number(c, 4));	/* formats of trace_printk() */
	cursor_bytes(c, cursor_number(c, 8));	/* names of tasks */
	cursor_number(c, 4);			/* CPUs */
	if (strncmp(name_at(c), "options", 7))
		return;
	while (!c->bad && (id = cursor_number(c, 2))) {
		option = next_part(c, cursor_number(c, 4));
		keep_option(dat, id, &option);
	}
}

static size_t unpack_zstd(void *to, size_t room, const void *from, size_t size)
{
	size_t got = ZSTD_decompress(to, room, from, size);

	return ZSTD_isError(got) ? 0 : got;
}

static size_t unpack_zlib(void *to, size_t room, const void *from, size_t size)
{
	uLongf got = room;

	return uncompress(to, &got, from, size) == Z_OK ? got : 0;
}

/*
 * The section at @at; what *@freed is set to has to be freed when it was read.
 * With a compressed one, its sizes and its data follow its header.
 */
static struct cursor section(const struct cursor *file, uint64_t at, const char *codec,
			     void **freed)
{
	struct cursor c = cursor_part(file, at, cursor_left(file) - at), part = { .bad = true };
	uint64_t flags, size, unpacked, got = 0;
	const void *data;

	*freed = NULL;
	cursor_number(&c, 2);
	flags = cursor_number(&c, 2);
	cursor_number(&c, 4);
	size = cursor_number(&c, 8);
	if (!(flags & SECTION_COMPRESSED))
		return cursor_part(&c, 0, size);
	size = cursor_number(&c, 4);
	unpacked = cursor_number(&c, 4);
	data = cursor_bytes(&c, size);
	if (!data || unpacked > KALLSYMS_MAX)
		return part;
	*freed = xrealloc(NULL, unpacked + 1, 1);
	if (!strcmp(codec, "zstd"))
		got = unpack_zstd(*freed, unpacked, data, size);
	else if (!strcmp(codec, "zlib"))
		got = unpack_zlib(*freed, unpacked, data, size);
	part.p = *freed;
	part.end = part.p + got;
	((char *)*freed)[got] = '\0';
	part.bad = got != unpacked;
	part.swap = file->swap;
	return part;
}

/* The options of a section; returns where the next such section is, 0: nowhere. */
static uint64_t read_options(struct dat_file *dat, const struct cursor *file,
			     struct cursor *options, const char *codec)
{
	struct cursor option, names;
	unsigned int id;
	void *freed;

	while (cursor_left(options)) {
		id = cursor_number(options, 2);
		option = next_part(options, cursor_number(options, 4));
		if (id == OPTION_DONE)
			return cursor_number(&option, 8);
		if (id == OPTION_KALLSYMS) {
			names = section(file, cursor_number(&option, 8), codec, &freed);
			if (keep_kallsyms(dat, &names))
				dat->unpacked = freed;
			else
				free(freed);
		} else if (id == OPTION_BUFFER) {
			cursor_number(&option, 8);
			cursor_name(&option);
			keep_clock(dat, &option);
		} else {
			keep_option(dat, id, &option);
		}
	}
	return 0;
}

/* Places in it are counted from the beginning of @file. */
static void read_v7(struct dat_file *dat, const struct cursor *file, struct cursor *c)
{
	const char *codec = name_at(c);
	struct cursor options;
	uint64_t next;
	unsigned int i;
	void *freed;

	cursor_name(c);		/* its version */
	next = cursor_number(c, 8);
	for (i = 0; next && !c->bad && i < SECTIONS_MAX; i++) {
		options = section(file, next, codec, &freed);
		next = read_options(dat, file, &options, codec);
		free(freed);
	}
}

static void read_headers(struct dat_file *dat, struct cursor *file)
{
	static const char magic[] = "\x17\x08\x44tracing";
	struct cursor c = *file;
	const void *begin = cursor_bytes(&c, sizeof(magic) - 1);
	const char *version = name_at(&c);
	bool big = cursor_number(&c, 1) == 1;

	cursor_number(&c, 1);	/* size of a long */
	file->swap = c.swap = big != (__BYTE_ORDER == __BIG_ENDIAN);
	cursor_number(&c, 4);	/* size of a page */
	if (c.bad || memcmp(begin, magic, sizeof(magic) - 1))
		return;
	if (!strcmp(version, "6"))
		read_v6(dat, &c);
	else if (!strcmp(version, "7"))
		read_v7(dat, file, &c);
}

void dat_file_read(int fd, struct dat_file *dat)
{
	struct cursor file = { 0 };
	struct stat st;
	void *data;

	memset(dat, 0, sizeof(*dat));
	if (fstat(fd, &st) || st.st_size <= 0)
		return;
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return;
	dat->file = data;
	dat->size = st.st_size;
	file.p = data;
	file.end = file.p + dat->size;
	read_headers(dat, &file);
}

void dat_file_free(struct dat_file *dat)
{
	free(dat->unpacked);
	if (dat->file)
		munmap(dat->file, dat->size);
	memset(dat, 0, sizeof(*dat));
}
