// SPDX-License-Identifier: GPL-2.0
/* Huge pages: one mapping or 512, GUP of all of it, pipes, truncation. */
#include <sys/ioctl.h>
#include <sys/uio.h>

#include "longterm.h"
#include "paths.h"

#define NR	((unsigned int)(HUGE / PAGE))

static bool huge_path(struct path *path)
{
	path->fd = -1;
	path->nr = NR;
	path->addr = anon_huge();
	if (path->addr)
		return true;
	path_missing(path->name, "no huge page was to be had");
	return false;
}

static bool huge_file(struct path *path)
{
	path->nr = NR;
	path->addr = shmem_page(&path->fd, HUGE);
	return true;
}

static void path_fork(void)
{
	struct path path = { .name = "fork of a THP", .want = "^\\+1:\\+1 $" };
	pid_t pid;

	if (!huge_path(&path) || !path_begin(&path))
		return;
	pid = child_new(NULL, NULL);
	path_maps(&path, pid, path.addr);
	path_end(&path);
	child_end(pid);
}

static void path_exit(void)
{
	struct path path = { .name = "exit with a THP", .want = "^-1:\\+0 $" };
	pid_t pid;

	if (!huge_path(&path))
		return;
	pid = child_new(NULL, NULL);
	path_maps(&path, pid, path.addr);
	if (!path_begin(&path))
		return;
	child_end(pid);
	path_end(&path);
}

/* 511 references more, then as many mappings more. */
static void path_split_pmd(void)
{
	struct path path = {
		.name = "PMD split of an anonymous THP", .want = "^\\+511:\\+511 $",
	};

	if (!huge_path(&path) || !path_begin(&path))
		return;
	if (mprotect(path.addr, PAGE, PROT_READ))
		path_fail(&path, "mprotect");
	path_end(&path);
}

/* fork() of what is mapped by pages: a run of them at a time. */
static void path_fork_pages(void)
{
	struct path path = {
		.name = "fork of a THP mapped by pages",
		.want = "^\\+1:\\+1 \\+511:\\+511 $",
	};
	pid_t pid;

	if (!huge_path(&path))
		return;
	if (mprotect(path.addr, PAGE, PROT_READ))
		path_fail(&path, "mprotect");
	if (!path_begin(&path))
		return;
	pid = child_new(NULL, NULL);
	path_maps(&path, pid, path.addr);
	path_end(&path);
	child_end(pid);
}

/* A file's huge page is only unmapped. */
static void path_split_file(void)
{
	struct path path = {
		.name = "PMD split of a file's THP", .want = "^-1:\\+0 $",
	};

	if (!huge_file(&path) || !path_begin(&path))
		return;
	if (mprotect(path.addr, PAGE, PROT_READ))
		path_fail(&path, "mprotect");
	path_end(&path);
}

/* Mapped by pages, around the fault: the rmap of all of them, then the gets. */
static void path_map_around(void)
{
	struct path path = {
		.name = "map-around of a THP",
		.want = "^-1:\\+0 \\+1:\\+1 \\+[0-9]+:\\+1 -1:\\+0 $",
	};

	if (!huge_file(&path) || !path_begin(&path))
		return;
	/* another protection for a part: no PMD fits any more */
	if (mprotect(path.addr, PAGE, PROT_READ))
		path_fail(&path, "mprotect");
	*(volatile char *)(path.addr + HUGE / 2);
	path_end(&path);
}

static void path_gup(void)
{
	struct path path = {
		.name = "GUP of a THP", .want = "^\\+512:\\+512 (-[0-9]+:\\+[0-9]+ )+$",
	};
	struct longterm_args args = {
		.size = HUGE, .flags = LONGTERM_WRITE | LONGTERM_FAST,
	};
	int gup = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);

	if (gup < 0) {
		path_missing(path.name, "no gup_test");
		return;
	}
	if (!huge_path(&path) || !path_begin(&path))
		return;
	args.addr = (uintptr_t)path.addr;
	if (ioctl(gup, LONGTERM_START, &args) || ioctl(gup, LONGTERM_STOP))
		path_fail(&path, "gup_test");
	path_end(&path);
	close(gup);
}

/* A pipe takes as many at a time as it can, and drops one by one. */
static void path_pipe(void)
{
	struct path path = {
		.name = "a pipe with a THP",
		.want = "^(\\+[0-9]+:\\+[0-9]+ )+(-1:\\+[0-9]+ ){8}$",
	};
	struct iovec iov = { .iov_len = 8 * PAGE };
	char buffer[PAGE];
	int ends[2];

	if (!huge_path(&path) || pipe2(ends, O_CLOEXEC) || !path_begin(&path))
		return;
	iov.iov_base = path.addr;
	if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)iov.iov_len)
		path_fail(&path, "vmsplice");
	for (int i = 0; i < 8; i++)
		if (read(ends[0], buffer, PAGE) != (ssize_t)PAGE)
			path_fail(&path, "read");
	path_end(&path);
	close(ends[0]);
	close(ends[1]);
}

static void path_truncate(void)
{
	struct path path = {
		.name = "truncate of a THP",
		.want = "^-1:\\+0 (\\+1:\\+1 )-512:\\+1 -1:\\+0 $",
	};

	if (!huge_file(&path) || !path_begin(&path))
		return;
	munmap(path.addr, HUGE);
	if (ftruncate(path.fd, 0))
		path_fail(&path, "ftruncate");
	path_end(&path);
}

/* Large folios do not stay in LRU batches. */
static void path_cold(void)
{
	struct path path = {
		.name = "LRU batch with a THP", .want = "^\\+1:\\+1 -1:\\+0 $",
		.lru = "^11$",
	};

	if (!huge_path(&path))
		return;
	if (!path_begin(&path))
		return;
	if (madvise(path.addr, HUGE, 8 /* MADV_FREE */))
		path_fail(&path, "MADV_FREE");
	path_end(&path);
}

/* In the page cache as any large folio, with a reference for each page. */
static void path_hugetlb(void)
{
	struct path path = {
		.name = "hugetlb: munmap", .nr = NR,
		.want = "^-1:\\+0 $",
	};
	char *mem;

	path.fd = memfd_create("paths", MFD_HUGETLB | MFD_CLOEXEC);
	if (path.fd < 0 || ftruncate(path.fd, HUGE)) {
		path_missing(path.name, "no hugetlb");
		return;
	}
	path.addr = mmap(NULL, HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, path.fd, 0);
	mem = mmap(NULL, HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, path.fd, 0);
	if (path.addr == MAP_FAILED || mem == MAP_FAILED) {
		path_missing(path.name, "no hugetlb page");
		return;
	}
	*(volatile char *)path.addr = *(volatile char *)mem = 1;
	path_maps(&path, 0, mem);
	if (!path_begin(&path))
		return;
	munmap(mem, HUGE);
	path_end(&path);
	munmap(path.addr, HUGE);
	close(path.fd);
}

void paths_huge(void)
{
	path_fork();
	path_exit();
	path_split_pmd();
	path_fork_pages();
	path_split_file();
	path_map_around();
	path_gup();
	path_pipe();
	path_truncate();
	path_cold();
	path_hugetlb();
}
