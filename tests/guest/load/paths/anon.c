// SPDX-License-Identifier: GPL-2.0
/* Anonymous pages: fork, copy-on-write, zap, migration. */
#include <sys/syscall.h>

#include "paths.h"

static void child_write(void *addr)
{
	*(volatile char *)addr = 1;
}

static void child_unmap(void *addr)
{
	munmap(addr, PAGE);
}

static void child_dontneed(void *addr)
{
	madvise(addr, PAGE, MADV_DONTNEED);
}

/* A get, then one more mapping: at the get it is not there yet. */
static void path_fork(void)
{
	struct path path = { .name = "fork", .want = "^\\+1:\\+1 $", .fd = -1 };
	pid_t pid;

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	pid = child_new(NULL, NULL);
	path_maps(&path, pid, path.addr);
	path_end(&path);
	child_end(pid);
}

/* Whoever zaps: the mapping goes, and its reference later. */
static void path_zap(const char *name, void (*fn)(void *addr))
{
	struct path path = { .name = name, .want = "^-1:\\+0 $", .fd = -1 };
	pid_t pid;

	path.addr = anon_page();
	pid = child_new(fn, path.addr);
	path_maps(&path, pid, path.addr);
	if (!path_begin(&path))
		return;
	if (fn)
		child_go(pid);
	else
		child_end(pid);
	path_end(&path);
	if (fn)
		child_end(pid);
}

/*
 * The fault's own get; then the mapping goes, and both references, that of the
 * fault and that of the mapping.
 */
static void path_cow(void)
{
	struct path path = {
		.name = "copy-on-write", .fd = -1,
		.want = "^\\+1:\\+1 -1:\\+1 -1:\\+0 $",
	};
	pid_t pid;

	path.addr = anon_page();
	pid = child_new(child_write, path.addr);
	path_maps(&path, pid, path.addr);
	if (!path_begin(&path))
		return;
	child_go(pid);
	path_end(&path);
	child_end(pid);
}

/*
 * Isolated; then each try unmaps it, which takes the mapping before its
 * reference, fails over the extra reference, and maps it again: a get, then
 * the mapping.  Put back by an LRU batch of one.
 */
static void path_migrate(void)
{
	struct path path = {
		.name = "try_to_migrate, remove_migration_pte", .fd = -1,
		.want = "^\\+1:\\+1 (-1:\\+1 \\+1:\\+2 )+\\+1:\\+2 -1:\\+1 -1:\\+0 $",
	};
	int node, status = 0;
	void *page;

	page = path.addr = anon_page();
	if (!path_begin(&path))
		return;
	if (syscall(SYS_move_pages, 0L, 1UL, &page, NULL, &node, 0) || node < 0)
		path_fail(&path, "it is on no node");
	node = !node;
	if (syscall(SYS_move_pages, 0L, 1UL, &page, &node, &status, 2) < 0)
		path_fail(&path, "move_pages");
	if (status == node)
		path_fail(&path, "it was moved in spite of the reference");
	path_end(&path);
}

/*
 * The same without a failure.  A small anonymous folio is not even frozen; the
 * last reference is that of the isolation.
 */
static void path_migrated(void)
{
	struct path path = {
		.name = "a successful migration", .fd = -1, .watched = true,
		.gone = true,
		.want = "^\\+1:\\+1 -1:\\+1 -1:\\? freed $",
	};
	int node, status = 0;
	void *page;

	page = path.addr = anon_page();
	if (!path_begin(&path))
		return;
	if (syscall(SYS_move_pages, 0L, 1UL, &page, NULL, &node, 0) || node < 0)
		path_fail(&path, "it is on no node");
	node = !node;
	if (syscall(SYS_move_pages, 0L, 1UL, &page, &node, &status, 2) < 0 ||
	    status != node)
		path_fail(&path, "it was not moved");
	path_end(&path);
}

static void path_pin(void)
{
	struct path path = {
		.name = "FOLL_PIN of a small folio", .fd = -1,
		.want = "^\\+1024:\\+1024 -1024:\\+0 $",
	};

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	if (!holder("take pin pin user:%d:0x%lx", getpid(), (unsigned long)path.addr) ||
	    !holder("drop pin"))
		path_fail(&path, "the module cannot pin it");
	path_end(&path);
}

void paths_anon(void)
{
	path_fork();
	path_zap("exit", NULL);
	path_zap("munmap", child_unmap);
	path_zap("MADV_DONTNEED", child_dontneed);
	path_cow();
	path_migrate();
	path_migrated();
	path_pin();
}
