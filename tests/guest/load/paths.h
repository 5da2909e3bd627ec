/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A path of mm against what the events say of it: the frame of the paths_*
 * programs.
 *
 * A row has one page, which is marked while an extra reference is held, or
 * only watched where an extra reference would change the path.  When all is
 * quiet a get and a put of the test module show what the kernel thinks of the
 * page; then the path is taken; then the module gets and puts again.  Of the
 * events in between and around these must hold:
 *
 *	chain	each count is where the one before it left off
 *	sum	the deltas add up to the change of the refcount
 *	seq	1, 2, 3, ... for a mark, 0 for a page that is only watched
 *	expected  in quiet, before and after, what this program counts itself:
 *		page table entries by pagemap, the page cache by mincore, swap
 *		cache and private data by kpageflags
 *	mapcount, flags, ctx  likewise, flags and mapcount in quiet
 *	order	the path's own pattern of "delta:unexpected", as read in the
 *		source of 6.12: it says whether what is expected changed before
 *		or after the reference
 *
 * The pattern is an extended regular expression over all of the path's events,
 * each "delta:unexpected ", both signed; "unexpected" (refcount - expected) is
 * told relative to the quiet before.
 */
#ifndef PATHS_H
#define PATHS_H

#include <sys/mman.h>
#include <sys/types.h>

#include "load.h"

#define HUGE	(2UL << 20)

/* Page flags of x86_64 without CONFIG_MMU_NOTIFIER quirks: see path_flags(). */
enum path_mode { PATH_MARKED, PATH_WATCHED };

/**
 * struct path - one row of the table
 * @name: of the path
 * @want: extended regular expression, see above
 * @mode: marked with an extra reference, or watched
 * @addr: the page in this process, mapped when the row begins
 * @fd: its file, -1 for anonymous memory
 * @index: its place there, in pages
 * @nr: pages of its folio
 * @hugetlb: the page cache has one reference to it, not @nr
 * @gone: the page is freed by the path: nothing is quiet after it
 * @left: unexpected references that the path leaves behind
 * @kept: unexpected references that its owner holds from the start
 */
struct path {
	const char *name;
	const char *want;
	enum path_mode mode;
	char *addr;
	int fd;
	unsigned long index;
	unsigned int nr;
	bool hugetlb;
	bool gone;
	int left;
	int kept;

	/* private to paths.h */
	uint64_t pfn;
	pid_t pids[8];
	char *maps[8];
	unsigned int nr_maps;
	int refcount;		/* in quiet, before */
	int unexpected;
};

/**
 * path_page - begin a row on a page that is mapped
 * @path: with its first members filled in; @fd is -1 and @nr 1 for a plain
 *	anonymous page
 *
 * Finds its frame.  To be called before path_begin().
 */
void path_page(struct path *path);

/**
 * path_maps - a mapping of the page, to be counted in quiet
 * @path: row
 * @pid: process
 * @addr: where in that process the folio's first page is or may be mapped
 */
void path_maps(struct path *path, pid_t pid, char *addr);

/**
 * path_begin - mark or watch the page; from here on each event counts
 * @path: row
 */
void path_begin(struct path *path);

/**
 * path_end - judge the row and print its line
 * @path: row
 */
void path_end(struct path *path);

/**
 * path_skip - print the row's line as skipped
 * @name: of the path
 * @why: what is missing
 */
void path_skip(const char *name, const char *why);

/**
 * path_drain - empty the LRU batches of all processors
 */
void path_drain(void);

/**
 * path_child - a process that shares this one's memory copy-on-write
 *
 * It waits until path_tell(), then calls @fn(@arg) and waits again.
 * Return: its PID.
 */
pid_t path_child(void (*fn)(void *arg), void *arg);

/**
 * path_tell - let the child go on, and wait until it waits again or is gone
 * @pid: of path_child()
 */
void path_tell(pid_t pid);

/**
 * path_write - write a text to a file of the kernel
 * @file: path
 * @text: what
 *
 * Return: 0 or an errno.
 */
int path_write(const char *file, const char *text);

/**
 * path_anon - one page of anonymous memory, present, alone in its mapping
 * @size: PAGE, or HUGE for a huge page
 */
char *path_anon(size_t size);

/**
 * path_done - print the plan
 *
 * Return: the program's exit status.
 */
int path_done(void);

#endif /* PATHS_H */
