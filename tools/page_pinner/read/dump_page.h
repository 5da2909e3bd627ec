/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel's dump_page() wrote of a page, line by line.
 */
#ifndef PAGE_PINNER_DUMP_PAGE_H
#define PAGE_PINNER_DUMP_PAGE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct dump_page - a page that was dumped
 * @line: where
 * @pfn: of the page, 0 if it is not told
 * @refcount: of its folio
 * @mapcount: of its folio
 * @order: of its folio
 * @lines: so many of its lines were seen
 * @mapping: it has one
 * @anon: of anonymous memory
 * @file: of a file
 * @flags: names of its page flags
 * @why: what the kernel said it was dumped for
 */
struct dump_page {
	uint64_t line;
	uint64_t pfn;
	int refcount;
	int mapcount;
	unsigned int order;
	unsigned int lines;
	bool mapping;
	bool anon;
	bool file;
	char flags[128];
	char why[64];
};

/**
 * dump_page_begin - does a line begin a dump
 * @line: the line
 * @dump: set to what it says
 *
 * Return: true if it does.
 */
bool dump_page_begin(const char *line, struct dump_page *dump);

/**
 * dump_page_more - a line behind the beginning of a dump
 * @dump: the dump
 * @line: the line
 *
 * Return: true if it is part of the dump.
 */
bool dump_page_more(struct dump_page *dump, const char *line);

/**
 * dump_page_ended - was that the last line of the dump
 * @dump: the dump
 *
 * Return: true if it was, or if there have been more than a dump has.
 */
bool dump_page_ended(const struct dump_page *dump);

/**
 * dump_page_migration - was it dumped because it failed to migrate
 * @dump: the dump
 *
 * Return: true if it was.
 */
bool dump_page_migration(const struct dump_page *dump);

/**
 * dump_page_expected - what accounts for its references
 * @dump: the dump
 *
 * Mappings, caches and private data, and the isolation of a page that failed to
 * migrate, which is still isolated when it is dumped.
 *
 * Return: the number, -1 if it cannot be told.
 */
int dump_page_expected(const struct dump_page *dump);

/**
 * page_flag - is a flag among the names of a page's flags
 * @flags: names, with '|' or ',' between them
 * @name: of the flag
 *
 * Return: true if it is.
 */
bool page_flag(const char *flags, const char *name);

#endif /* PAGE_PINNER_DUMP_PAGE_H */
