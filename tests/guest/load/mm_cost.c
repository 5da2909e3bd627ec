// SPDX-License-Identifier: GPL-2.0
/*
 * What the commonest operations of memory management cost.  Under QEMU's
 * -icount the clock advances by a nanosecond with each instruction, so a time
 * is a number of instructions.
 *
 *	mm_cost STATE [REPEATS [all]]
 *
 * prints a line "STATE WORKLOAD NUMBER" for each workload: the median of the
 * repeats, per page or per fork.  With "all" also for those that want more than
 * memory: gup_test, a null_blk, CMA's debugfs.
 */
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096UL
#define FILE_PAGES 1024UL
#define GUP_PAGES 256UL
#define CMA_PAGES 4096UL
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

/* What mm/gup_test.h of the kernel asks for; it is not among the exported headers. */
struct gup_request {
	uint64_t get_us, put_us, addr, size;
	uint32_t pages_per_call, gup_flags, test_flags, which[8];
};

/* References that are taken and given back, without any of the page tables' own. */
static uint64_t gup(unsigned long request)
{
	struct gup_request gup = { .size = GUP_PAGES * PAGE, .pages_per_call = 64 };
	int fd = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);
	char *addr = map(gup.size, -1);
	uint64_t start, end;

	if (fd < 0)
		err(1, "gup_test");
	memset(addr, 1, gup.size);
	gup.addr = (uintptr_t)addr;
	start = now();
	if (ioctl(fd, request, &gup))
		err(1, "gup_test");
	end = now();
	munmap(addr, gup.size);
	close(fd);
	return (end - start) / GUP_PAGES;
}

static uint64_t gup_fast(void)
{
	return gup(_IOWR('g', 1, struct gup_request));
}

static uint64_t pin_fast(void)
{
	return gup(_IOWR('g', 2, struct gup_request));
}

/* O_DIRECT of a disk that does nothing. */
static uint64_t direct(void)
{
	const size_t size = GUP_PAGES * PAGE;
	int fd = open("/dev/nullb0", O_RDONLY | O_DIRECT | O_CLOEXEC);
	char *addr = map(size, -1);
	uint64_t start, end;

	if (fd < 0)
		err(1, "/dev/nullb0");
	memset(addr, 1, size);
	start = now();
	if (pread(fd, addr, size, 0) != (ssize_t)size)
		err(1, "/dev/nullb0");
	end = now();
	munmap(addr, size);
	close(fd);
	return (end - start) / GUP_PAGES;
}

/* Faults of huge pages, and their unmapping; per huge page. */
static uint64_t thp(void)
{
	const size_t huge = 2UL << 20, count = 16;
	char *addr = map((count + 1) * huge, -1);
	volatile char *first = (char *)(((uintptr_t)addr + huge - 1) & -huge);
	uint64_t start;
	size_t i;

	madvise(addr, (count + 1) * huge, MADV_HUGEPAGE);
	start = now();
	for (i = 0; i < count; i++)
		first[i * huge] = 1;
	munmap(addr, (count + 1) * huge);
	return (now() - start) / count;
}

static void tell(const char *path, size_t number)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%zu\n", number) < 0)
		err(1, "%s", path);
	close(fd);
}

/* A contiguous allocation of pages that nobody uses, and its end. */
static uint64_t cma(void)
{
	uint64_t start = now();

	tell("/sys/kernel/debug/cma/reserved/alloc", CMA_PAGES);
	tell("/sys/kernel/debug/cma/reserved/free", CMA_PAGES);
	return (now() - start) / CMA_PAGES;
}

static const struct workload {
	const char *name;
	uint64_t (*run)(void);
} workloads[] = {
	{ "anon", anon },
	{ "fork", fork_exit },
	{ "read", read_page },
	{ "map", file_map },
	{ "gup", gup_fast },
	{ "pin", pin_fast },
	{ "direct", direct },
	{ "thp", thp },
	{ "cma", cma },
};

#define ALL_WORKLOADS (sizeof(workloads) / sizeof(*workloads))
#define MEMORY_ALONE 4

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void measure(const char *state, const struct workload *workload, int repeats)
{
	uint64_t seen[MOST_REPEATS];
	int i;

	/* the first one fills caches and page tables */
	workload->run();
	for (i = 0; i < repeats; i++)
		seen[i] = workload->run();
	qsort(seen, repeats, sizeof(*seen), by_size);
	printf("%s %s %llu\n", state, workload->name, (unsigned long long)seen[repeats / 2]);
	fprintf(stderr, "%s %s %llu to %llu\n", state, workload->name,
		(unsigned long long)seen[0], (unsigned long long)seen[repeats - 1]);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int repeats = argc > 2 ? atoi(argv[2]) : 7;
	size_t i, count = MEMORY_ALONE;

	if (argc > 3 && !strcmp(argv[3], "all"))
		count = ALL_WORKLOADS;
	if (argc < 2 || repeats < 1 || repeats > MOST_REPEATS)
		errx(2, "usage: mm_cost STATE [REPEATS [all]]");
	file = memfd_create("mm_cost", 0);
	if (file < 0 || ftruncate(file, FILE_PAGES * PAGE))
		err(1, "memfd");
	for (i = 0; i < FILE_PAGES; i++)
		if (pwrite(file, "x", 1, i * PAGE) != 1)
			err(1, "pwrite");
	for (i = 0; i < count; i++)
		measure(argv[1], &workloads[i], repeats);
	return 0;
}
