/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a trace.dat says that its library keeps to itself: the list of symbols
 * with their modules, the clock, and how far that is from the time of day.
 */
#ifndef PAGE_PINNER_DAT_FILE_H
#define PAGE_PINNER_DAT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct dat_file - that
 * @file: all of the file
 * @size: of it
 * @unpacked: what @kallsyms lies in if not in @file, a NUL behind it
 * @kallsyms: as /proc/kallsyms had it, NULL if it is not found
 * @kallsyms_size: of it
 * @clock: the events' clock, "" if it does not say
 * @converted: that counts ticks, and the library makes nanoseconds of them
 * @dated: @date_ns is set
 * @date_ns: what was added to the events' clock to make it the time of day
 */
struct dat_file {
	void *file;
	size_t size;
	void *unpacked;
	const char *kallsyms;
	size_t kallsyms_size;
	char clock[32];
	bool converted;
	bool dated;
	int64_t date_ns;
};

/**
 * dat_file_read - look into a file
 * @fd: a trace.dat of version 6 or 7; is sought in
 * @dat: filled in as far as the file can be followed; whoever does without goes
 *	without
 */
void dat_file_read(int fd, struct dat_file *dat);

/**
 * dat_file_free - release what was read
 * @dat: from dat_file_read()
 */
void dat_file_free(struct dat_file *dat);

#endif
