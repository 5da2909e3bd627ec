/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the load programs share: page frame numbers from pagemap, and the
 * truth file.  Such a file is what the report is compared with: it comes from
 * the program that holds the pages, never from a trace.
 */
#ifndef LOAD_H
#define LOAD_H

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGE	4096UL

/* A range of page frames; empty means everything. */
struct pfn_range {
	uint64_t base;
	uint64_t count;
};

static inline bool pfn_in(const struct pfn_range *range, uint64_t pfn)
{
	return !range->count || (pfn >= range->base &&
				 pfn - range->base < range->count);
}

/* Reads "BASE:COUNT". */
static inline struct pfn_range parse_range(const char *text)
{
	struct pfn_range range;
	char *end;

	range.base = strtoull(text, &end, 0);
	if (*end != ':')
		errx(2, "%s: not BASE:COUNT", text);
	range.count = strtoull(end + 1, &end, 0);
	if (*end || !range.count)
		errx(2, "%s: not BASE:COUNT", text);
	return range;
}

static inline unsigned long parse_number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 0);

	if (*end || end == text)
		errx(2, "%s: not a number", text);
	return value;
}

/* The frame behind an address of this process; 0 if none is present. */
static inline uint64_t pfn_of(const void *addr)
{
	static int fd = -1;
	uint64_t entry;

	if (fd < 0)
		fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		err(1, "/proc/self/pagemap");
	if (pread(fd, &entry, sizeof(entry),
		  (off_t)((uintptr_t)addr / PAGE * sizeof(entry))) !=
	    sizeof(entry))
		err(1, "/proc/self/pagemap");
	if (!(entry >> 63 & 1))
		return 0;
	return entry & ((1ULL << 55) - 1);
}

/*
 * Writes the truth file in one piece, so that who polls for it finds it
 * complete: one line of key=value words, then one PFN per line.
 */
static inline void write_truth(const char *path, const char *mechanism,
			       const uint64_t *pfns, size_t count)
{
	char tmp[512];
	FILE *f;

	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	f = fopen(tmp, "we");
	if (!f)
		err(1, "%s", tmp);
	fprintf(f, "pid=%d comm=%s mechanism=%s pages=%zu\n", getpid(),
		program_invocation_short_name, mechanism, count);
	for (size_t i = 0; i < count; i++)
		fprintf(f, "0x%llx\n", (unsigned long long)pfns[i]);
	if (fclose(f) || rename(tmp, path))
		err(1, "%s", path);
}

#endif /* LOAD_H */
