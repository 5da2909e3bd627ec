// SPDX-License-Identifier: GPL-2.0
/* The page cache: faults, truncation, private data, a page that enters it. */
#include "paths.h"

/* On an ext4 of the test, so that folios get buffers. */
#define EXT4	"/tmp/mnt/paths"

static char *map_again(int fd)
{
	char *mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (mem == MAP_FAILED)
		err(2, "mmap");
	return mem;
}

/*
 * Fault-around takes a reference to look at the folio, maps it, and takes that
 * of the mapping afterwards.
 */
static void path_map_around(void)
{
	struct path path = {
		.name = "map-around",
		.want = "^\\+1:\\+1 \\+1:\\+1 -1:\\+0 $",
	};
	char *mem;

	path.addr = shmem_page(&path.fd, PAGE);
	mem = map_again(path.fd);
	path_maps(&path, 0, mem);
	if (!path_begin(&path))
		return;
	*(volatile char *)mem;
	path_end(&path);
}

/* The look-up's reference becomes the mapping's; a get of 0 says so. */
static void path_fault(void)
{
	struct path path = {
		.name = "finish_fault",
		.want = "^\\+1:\\+1 \\+0:\\+1 $",
	};
	char *mem;

	path.addr = shmem_page(&path.fd, PAGE);
	mem = map_again(path.fd);
	path_maps(&path, 0, mem);
	if (!path_begin(&path))
		return;
	*(volatile char *)mem = 1;
	path_end(&path);
}

/*
 * A locked mapping goes: the mlock batch takes a reference between the end of
 * the mapping and its put.
 */
static void path_munlock(void)
{
	struct path path = {
		.name = "munmap of VM_LOCKED",
		.want = "^\\+1:\\+2 -1:\\+1 -1:\\+0 $", .lru = "^111$",
	};
	char *mem;

	path.addr = shmem_page(&path.fd, PAGE);
	mem = map_again(path.fd);
	if (mlock(mem, PAGE))
		err(2, "mlock");
	path_maps(&path, 0, mem);
	if (!path_begin(&path))
		return;
	munmap(mem, PAGE);
	path_drain();
	path_end(&path);
}

/*
 * A look-up; the cache lets go, and its reference is put after the unlock; the
 * look-up's at last.
 */
static void path_truncate(void)
{
	struct path path = {
		.name = "truncate",
		.want = "^-1:\\+0 \\+1:\\+1 -1:\\+1 -1:\\+0 $",
	};

	path.addr = shmem_page(&path.fd, PAGE);
	if (!path_begin(&path))
		return;
	munmap(path.addr, PAGE);
	if (ftruncate(path.fd, 0))
		path_fail(&path, "ftruncate");
	path_end(&path);
}

/*
 * The very frame that another page leaves becomes that of a file: allocated;
 * the cache's reference, then in the cache; an LRU batch; the writer's put; the
 * batch's.  Mapped at last, to be counted.
 */
static void path_add(void)
{
	struct path path = {
		.watched = true, .name = "added to the page cache",
		.want = "^-1:\\? freed \\+1:\\+1 \\+1:\\+2 \\+1:\\+2 -1:\\+1 -1:\\+0 "
			"\\+1:\\+1 \\+1:\\+1 -1:\\+0 $",
	};

	for (int try = 0; try < 50; try++) {
		char byte = 1, *mem;

		path.pfn = 0;
		path.nr_maps = 0;
		path.addr = anon_page();
		munmap(shmem_page(&path.fd, PAGE), PAGE);
		if (ftruncate(path.fd, 0) || ftruncate(path.fd, PAGE))
			err(2, "ftruncate");
		if (!path_begin(&path))
			return;
		munmap(path.addr, PAGE);
		if (pwrite(path.fd, &byte, 1, 0) != 1)
			path_fail(&path, "write");
		path_drain();
		mem = map_again(path.fd);
		byte = *(volatile char *)mem;
		if (path_frame(mem) == path.pfn) {
			path.nr_maps = 0;
			path_maps(&path, 0, mem);
			path_end(&path);
			return;
		}
		path_cancel(&path);
	}
	path_missing(path.name, "another page was used each time");
}

static char *ext4_page(int *fd)
{
	char bytes[PAGE];

	memset(bytes, 0x5a, sizeof(bytes));
	*fd = open(EXT4, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (*fd < 0)
		return NULL;
	/* back from the disk it has no buffers yet */
	if (pwrite(*fd, bytes, PAGE, 0) != (ssize_t)PAGE || fsync(*fd) ||
	    posix_fadvise(*fd, 0, PAGE, POSIX_FADV_DONTNEED))
		return NULL;
	return map_again(*fd);
}

/* A look-up; buffers: the reference, then the flag. */
static void path_attach(void)
{
	struct path path = {
		.name = "folio_attach_private",
		.want = "^\\+1:\\+1 \\+1:\\+2 (\\+1:\\+2 -1:\\+1 )*-1:\\+0 $",
	};
	char byte = 1;

	path.addr = ext4_page(&path.fd);
	if (!path.addr) {
		path_missing(path.name, "no file on " EXT4);
		return;
	}
	*(volatile char *)path.addr;
	if (!path_begin(&path))
		return;
	if (pwrite(path.fd, &byte, 1, 0) != 1)
		path_fail(&path, "write");
	path_end(&path);
}

/* A look-up; buffers go: the flag, then the reference; so does the cache. */
static void path_detach(void)
{
	struct path path = {
		.name = "folio_detach_private",
		.want = "^-1:\\+0 \\+1:\\+1 -1:\\+1 -1:\\+1 -1:\\+0 $",
	};
	char byte = 1;

	path.addr = ext4_page(&path.fd);
	if (!path.addr || pwrite(path.fd, &byte, 1, 0) != 1 || fsync(path.fd)) {
		path_missing(path.name, "no file on " EXT4);
		return;
	}
	*(volatile char *)path.addr;
	if (!path_begin(&path))
		return;
	munmap(path.addr, PAGE);
	if (ftruncate(path.fd, 0))
		path_fail(&path, "ftruncate");
	path_end(&path);
}

void paths_file(void)
{
	path_map_around();
	path_fault();
	path_munlock();
	path_truncate();
	path_add();
	path_attach();
	path_detach();
}
