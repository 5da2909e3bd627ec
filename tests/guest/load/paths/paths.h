/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The paths of mm against what the events say of them: the frame of the rows.
 *
 * A row has one page, which is marked while an extra reference is held, or
 * only watched where an extra reference would change the path.  When all is
 * quiet a get and a put of the test module show what the kernel thinks of the
 * page; then the path is taken; then the module gets and puts again.  Of the
 * events of the path and of the quiet before and after it these must hold:
 *
 *	chain	each count is where the one before it left off, and the sum of
 *		the deltas is the change of the refcount, as the module reads it
 *	seq	1, 2, 3, ... for a mark; 0 for a page that is only watched
 *	quiet	before and after, expected and mapcount are what this program
 *		counts itself: page table entries by pagemap, the page cache by
 *		mincore, swap cache and private data by kpageflags; the flags
 *		are those of kpageflags, the context is a task
 *	order	the path's own pattern, as read in the source of 6.12: it says
 *		whether what is expected changed before or after the reference
 *
 * The pattern is an extended regular expression over all of the path's events,
 * each "delta:unexpected ", both signed; "unexpected" (refcount - expected) is
 * relative to the quiet before, and "?" where the folio is frozen or there is
 * no rule for it.
 */
#ifndef PATHS_H
#define PATHS_H

#include <sys/mman.h>
#include <sys/types.h>

#include "load.h"

#define HUGE	(2UL << 20)
#define MAX_MAPS	8

/**
 * struct path - one row of the table
 * @name: of the path
 * @want: pattern, see above
 * @lru: likewise, over one digit for each event: is PG_lru on?  NULL: any
 * @ctx: likewise, over the words of the events' contexts; NULL: all "task"
 * @watched: no mark and no extra reference
 * @batched: do not drain the LRU batches before
 * @gone: the path frees the page: nothing is quiet after it
 * @addr: where this process has it mapped when the row begins
 * @fd: its file, or -1 for anonymous memory
 * @index: its place in the file, in pages
 * @nr: pages of its folio
 * @cached: it is in the cache of a file that cannot be asked: @fd is -1
 * @held: unexpected references that somebody holds all the time
 * @left: unexpected references that the path leaves behind
 * @pfn: looked up at @addr by path_begin(), if it is left 0
 */
struct path {
	const char *name;
	const char *want;
	const char *lru;
	const char *ctx;
	bool watched;
	bool batched;
	bool cached;
	bool gone;
	char *addr;
	int fd;
	unsigned long index;
	unsigned int nr;
	int held;
	int left;
	uint64_t pfn;

	/* private to frame.c */
	struct {
		pid_t pid;
		char *addr;
	} maps[MAX_MAPS];
	unsigned int nr_maps;
	char problem[256];
};

/**
 * path_maps - count a place where the folio is or may be mapped
 * @path: row
 * @pid: process, or 0 for this one
 * @addr: of the folio's first page there
 */
void path_maps(struct path *path, pid_t pid, char *addr);

/**
 * path_begin - look at the page in quiet; from here on each event counts
 * @path: row, with its first members filled in and the page mapped at @addr
 *
 * Return: false if the row cannot be tried; then it is over.
 */
bool path_begin(struct path *path);

/**
 * path_end - look again, judge, and print the row
 * @path: row
 */
void path_end(struct path *path);

/**
 * path_cancel - the path went another way by chance: forget the row
 * @path: row
 */
void path_cancel(struct path *path);

/**
 * path_fail - the path could not be taken: path_end() will say so
 * @path: row
 * @why: what went wrong
 */
void path_fail(struct path *path, const char *why);

/**
 * path_missing - print a row that this machine cannot try; it has failed
 * @name: of the path
 * @why: what is missing
 */
void path_missing(const char *name, const char *why);

/**
 * path_frame_in - the page frame at an address of a process, 0 if none
 * @pid: process, or 0 for this one
 * @addr: where
 */
uint64_t path_frame_in(pid_t pid, const char *addr);

static inline uint64_t path_frame(const char *addr)
{
	return path_frame_in(0, addr);
}

/**
 * path_mapped_as_one - is a huge page mapped by one entry?
 * @pid: process, or 0 for this one
 * @addr: where
 */
bool path_mapped_as_one(pid_t pid, const char *addr);

/**
 * path_drain - empty the LRU batches of all processors
 */
void path_drain(void);

/**
 * holder - have the test module do something
 * @fmt: a command of it
 *
 * Return: success?
 */
bool holder(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * write_text - write to a file of the kernel
 * @file: path
 * @text: what
 *
 * Return: success?
 */
bool write_text(const char *file, const char *text);

/**
 * child_new - a copy of this process, which shares its memory copy-on-write
 * @fn: what it does when it is told to
 * @arg: of @fn
 *
 * Return: its PID; it waits.
 */
pid_t child_new(void (*fn)(void *arg), void *arg);

/**
 * child_go - tell a child to go on; it does its work and waits again
 * @pid: of child_new()
 */
void child_go(pid_t pid);

/**
 * child_end - end a child, and wait until all of it is gone
 * @pid: of child_new()
 */
void child_end(pid_t pid);

/**
 * anon_page - a new page of anonymous memory in a mapping of its own
 */
char *anon_page(void);

/**
 * anon_huge - a new huge page, mapped as one
 *
 * Return: NULL if none was to be had.
 */
char *anon_huge(void);

/**
 * shmem_page - a new page of a new shared memory file
 * @fd: set to the file
 * @size: PAGE, or HUGE for a huge page on the tmpfs /tmp/huge
 */
char *shmem_page(int *fd, size_t size);

/* The families: each runs its rows. */
void paths_anon(void);
void paths_swap(void);
void paths_file(void);
void paths_huge(void);
void paths_lru(void);
void paths_odd(void);

#endif /* PATHS_H */
