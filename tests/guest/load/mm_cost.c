// SPDX-License-Identifier: GPL-2.0
/*
 * What the commonest operations of memory management cost.  Under QEMU's
 * -icount the clock advances by a nanosecond with each instruction, so a time
 * is a number of instructions.
 *
 *	mm_cost STATE [REPEATS]
 *
 * prints a line "STATE WORKLOAD NUMBER" for each workload: the median of the
 * repeats, per page or per fork.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define FILE_PAGES 1024UL
#define MOST_REPEATS 99

static int file = -1;

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

static void *map(size_t size, int fd)
{
	void *addr = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED, fd, 0);

	if (addr == MAP_FAILED)
		err(1, "mmap");
	/* one page at a time: a huge one is another workload */
	madvise(addr, size, MADV_NOHUGEPAGE);
	return addr;
}

/* Fault pages in, and unmap them. */
static uint64_t fault(size_t pages, int fd, int write)
{
	volatile char *addr;
	uint64_t start = now();
	size_t i;

	addr = map(pages * PAGE, fd);
	for (i = 0; i < pages; i++) {
		if (write)
			addr[i * PAGE] = 1;
		else
			(void)addr[i * PAGE];
	}
	munmap((void *)addr, pages * PAGE);
	return (now() - start) / pages;
}

static uint64_t anon(void)
{
	return fault(2048, -1, 1);
}

static uint64_t file_map(void)
{
	return fault(FILE_PAGES, file, 0);
}

/* Of a process that has 4 MiB. */
static uint64_t fork_exit(void)
{
	const size_t size = 4UL << 20;
	const int rounds = 10;
	char *addr = map(size, -1);
	uint64_t start, end;
	int i;

	memset(addr, 1, size);
	start = now();
	for (i = 0; i < rounds; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid)
			_exit(0);
		if (waitpid(pid, NULL, 0) != pid)
			err(1, "waitpid");
	}
	end = now();
	munmap(addr, size);
	return (end - start) / rounds;
}

static uint64_t read_page(void)
{
	static char buffer[PAGE];
	uint64_t start = now();
	size_t i;

	for (i = 0; i < FILE_PAGES; i++)
		if (pread(file, buffer, PAGE, i * PAGE) != (ssize_t)PAGE)
			err(1, "pread");
	return (now() - start) / FILE_PAGES;
}

static const struct {
	const char *name;
	uint64_t (*run)(void);
} workloads[] = {
	{ "anon", anon },
	{ "fork", fork_exit },
	{ "read", read_page },
	{ "map", file_map },
};

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int repeats = argc > 2 ? atoi(argv[2]) : 7, i;
	uint64_t seen[MOST_REPEATS];
	size_t w;

	if (argc < 2 || repeats < 1 || repeats > MOST_REPEATS)
		errx(2, "usage: mm_cost STATE [REPEATS]");
	file = memfd_create("mm_cost", 0);
	if (file < 0 || ftruncate(file, FILE_PAGES * PAGE))
		err(1, "memfd");
	for (w = 0; w < FILE_PAGES; w++)
		if (pwrite(file, "x", 1, w * PAGE) != 1)
			err(1, "pwrite");
	for (w = 0; w < sizeof(workloads) / sizeof(*workloads); w++) {
		/* the first one fills caches and page tables */
		workloads[w].run();
		for (i = 0; i < repeats; i++)
			seen[i] = workloads[w].run();
		qsort(seen, repeats, sizeof(*seen), by_size);
		printf("%s %s %llu\n", argv[1], workloads[w].name,
		       (unsigned long long)seen[repeats / 2]);
		fflush(stdout);
	}
	return 0;
}
