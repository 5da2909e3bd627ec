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
	OPTION_KALLSYMS = 19,
};

#define SECTION_HEAD 16
#define SECTION_COMPRESSED 1

/* A place in the file, or in a part of it; @bad once something lies outside. */
struct cursor {
	const unsigned char *data;
	size_t size;
	size_t at;
	bool swap;
	bool bad;
};

static const void *take(struct cursor *c, uint64_t size)
{
	const void *data = c->data + c->at;

	if (c->bad || size > c->size - c->at) {
		c->bad = true;
		return NULL;
	}
	c->at += size;
	return data;
}

static uint64_t number(struct cursor *c, unsigned int size)
{
	const void *data = take(c, size);
	uint64_t n8;
	uint32_t n4;
	uint16_t n2;

	if (!data)
		return 0;
	switch (size) {
	case 2:
		memcpy(&n2, data, 2);
		return c->swap ? __builtin_bswap16(n2) : n2;
	case 4:
		memcpy(&n4, data, 4);
		return c->swap ? __builtin_bswap32(n4) : n4;
	default:
		memcpy(&n8, data, 8);
		return c->swap ? __builtin_bswap64(n8) : n8;
	}
}

static const char *string(struct cursor *c)
{
	const char *text = (const char *)c->data + c->at;
	const char *end = c->bad ? NULL : memchr(text, '\0', c->size - c->at);

	if (!end) {
		c->bad = true;
		return "";
	}
	c->at += end - text + 1;
	return text;
}

static void seek(struct cursor *c, uint64_t at)
{
	if (at > c->size)
		c->bad = true;
	else
		c->at = at;
}

static void keep_kallsyms(struct dat_file *dat, struct cursor *c)
{
	uint64_t size = number(c, 4);
	const void *text = take(c, size);

	if (!text || !size || dat->kallsyms || size > KALLSYMS_MAX)
		return;
	dat->kallsyms = xzalloc(size);
	memcpy(dat->kallsyms, text, size);
	dat->kallsyms_size = size;
}

/* "local global [mono] boot", or the one name alone. */
static void keep_clock(struct dat_file *dat, struct cursor *c)
{
	const char *text = string(c), *open = strchr(text, '[');
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
		text = string(c);
		us = strtoll(text, &end, 0);
		if (!c->bad && end != text) {
			dat->dated = true;
			dat->date_ns = us * 1000;
		}
		break;
	case OPTION_TRACECLOCK:
		keep_clock(dat, c);
		break;
	}
}

static void skip_formats(struct cursor *c)
{
	uint64_t nr = number(c, 4);

	while (nr-- && !c->bad)
		take(c, number(c, 8));
}

static void read_v6(struct dat_file *dat, struct cursor *c)
{
	uint64_t systems, size;
	unsigned int id;

	string(c);		/* header_page */
	take(c, number(c, 8));
	string(c);		/* header_event */
	take(c, number(c, 8));
	skip_formats(c);
	for (systems = number(c, 4); systems && !c->bad; systems--) {
		string(c);
		skip_formats(c);
	}
	keep_kallsyms(dat, c);
	take(c, number(c, 4));	/* formats of trace_printk() */
	take(c, number(c, 8));	/* names of tasks */
	number(c, 4);		/* CPUs */
	if (strncmp(string(c), "options", 7))
		return;
	while (!c->bad && (id = number(c, 2))) {
		struct cursor option = { .swap = c->swap };

		size = number(c, 4);
		option.data = take(c, size);
		option.size = option.data ? size : 0;
		option.bad = !option.data;
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
	struct cursor c = *file, part = { .swap = file->swap, .bad = true };
	uint64_t flags, size, unpacked;
	const void *data;

	*freed = NULL;
	seek(&c, at);
	number(&c, 2);
	flags = number(&c, 2);
	number(&c, 4);
	size = number(&c, 8);
	if (!(flags & SECTION_COMPRESSED)) {
		part.data = take(&c, size);
		part.size = size;
		part.bad = c.bad;
		return part;
	}
	size = number(&c, 4);
	unpacked = number(&c, 4);
	data = take(&c, size);
	if (!data || unpacked > KALLSYMS_MAX)
		return part;
	part.data = *freed = xzalloc(unpacked + 1);
	if (!strcmp(codec, "zstd"))
		part.size = unpack_zstd(*freed, unpacked, data, size);
	else if (!strcmp(codec, "zlib"))
		part.size = unpack_zlib(*freed, unpacked, data, size);
	part.bad = part.size != unpacked;
	return part;
}

/* The options of a section; returns where the next such section is, 0: nowhere. */
static uint64_t read_options(struct dat_file *dat, const struct cursor *file,
			     struct cursor *options, const char *codec)
{
	while (!options->bad && options->at < options->size) {
		unsigned int id = number(options, 2);
		uint64_t size = number(options, 4);
		struct cursor option = { .swap = file->swap, .data = take(options, size) };
		void *freed;

		option.size = option.data ? size : 0;
		option.bad = !option.data;
		if (id == OPTION_DONE)
			return number(&option, 8);
		if (id == OPTION_KALLSYMS) {
			struct cursor names = section(file, number(&option, 8), codec, &freed);

			keep_kallsyms(dat, &names);
			free(freed);
		} else if (id == OPTION_BUFFER) {
			number(&option, 8);
			string(&option);
			keep_clock(dat, &option);
		} else {
			keep_option(dat, id, &option);
		}
	}
	return 0;
}

static void read_v7(struct dat_file *dat, struct cursor *c)
{
	const char *codec = string(c);
	uint64_t next;
	unsigned int i;
	void *freed;

	string(c);		/* its version */
	next = number(c, 8);
	for (i = 0; next && !c->bad && i < SECTIONS_MAX; i++) {
		struct cursor options = section(c, next, codec, &freed);

		next = read_options(dat, c, &options, codec);
		free(freed);
	}
}

void dat_file_read(int fd, struct dat_file *dat)
{
	static const char magic[] = "\x17\x08\x44tracing";
	struct cursor c = { 0 };
	struct stat st;
	const char *version;
	const unsigned char *order;
	void *data;

	memset(dat, 0, sizeof(*dat));
	if (fstat(fd, &st) || st.st_size <= 0)
		return;
	data = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return;
	c.data = data;
	c.size = st.st_size;
	if (c.size > sizeof(magic) && !memcmp(data, magic, sizeof(magic) - 1)) {
		c.at = sizeof(magic) - 1;
		version = string(&c);
		order = take(&c, 2);
		c.swap = order && (*order == 1) != (__BYTE_ORDER == __BIG_ENDIAN);
		number(&c, 4);	/* size of a page */
		if (!strcmp(version, "6"))
			read_v6(dat, &c);
		else if (!strcmp(version, "7"))
			read_v7(dat, &c);
	}
	munmap(data, st.st_size);
}

void dat_file_free(struct dat_file *dat)
{
	free(dat->kallsyms);
	dat->kallsyms = NULL;
}
