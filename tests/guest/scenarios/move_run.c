// SPDX-License-Identifier: GPL-2.0
/*
 * Moves a run of pages of a process to the other of two nodes by
 * move_pages(2): the trigger with which one program asks for exactly these
 * pages.  With -s it holds the first of its own pages in a pipe and then wants
 * to move them: a victim of its own doing, which must not look for others.
 * With AGAIN in the environment it tries again until all are moved, for so many
 * seconds, and never sleeps: interrupts of its processor come on top of it.
 */
#include <getopt.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>

#include "load.h"

#define MOVE_ALL	(1 << 2)

static const char usage_text[] =
"usage: move_run [-h] PID ADDRESS PAGES\n"
"       move_run [-h] -s TRUTH\n"
"Move PAGES pages of a process, or with -s a page of its own that it holds.\n"
"Exit 0: all moved, 1: not all, 2: cannot be tried.\n";

/* Returns how many of the pages are not where they should be. */
static size_t move(pid_t pid, char *from, size_t count)
{
	void **pages = calloc(count, sizeof(*pages));
	int *status = calloc(count, sizeof(*status));
	int *nodes = calloc(count, sizeof(*nodes));
	size_t left = 0;

	if (!pages || !status || !nodes)
		err(2, "calloc");
	for (size_t i = 0; i < count; i++)
		pages[i] = from + i * PAGE;
	if (syscall(SYS_move_pages, (long)pid, count, pages, NULL, nodes, 0))
		err(2, "move_pages");
	for (size_t i = 0; i < count; i++) {
		if (nodes[i] < 0)
			errx(2, "page %zu: %s", i, strerror(-nodes[i]));
		nodes[i] = !nodes[i];
	}
	if (syscall(SYS_move_pages, (long)pid, count, pages, nodes, status, MOVE_ALL) < 0)
		err(2, "move_pages");
	if (syscall(SYS_move_pages, (long)pid, count, pages, NULL, status, 0))
		err(2, "move_pages");
	for (size_t i = 0; i < count; i++)
		left += status[i] != nodes[i];
	printf("%zu of %zu pages did not move\n", left, count);
	return left;
}

static size_t move_own(const char *truth)
{
	char *mem = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static char buffer[PAGE];
	struct iovec iov = { mem, PAGE };
	size_t left;
	uint64_t pfn;
	int ends[2];

	if (mem == MAP_FAILED || pipe2(ends, O_CLOEXEC))
		err(2, "memory or pipe");
	memset(mem, 0x5a, PAGE);
	if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE)
		err(2, "vmsplice");
	pfn = pfn_of(mem);
	write_truth(truth, "vmsplice", &pfn, 1);
	left = move(getpid(), mem, 1);
	if (read(ends[0], buffer, PAGE) != (ssize_t)PAGE)
		err(2, "pipe");
	return left;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t move_again(pid_t pid, char *from, size_t count, double seconds)
{
	double end = now() + seconds;

	while (move(pid, from, count)) {
		double next = now() + 0.02;

		if (next > end)
			return count;
		while (now() < next)
			;
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *again = getenv("AGAIN");

	if (argc == 2 && !strcmp(argv[1], "-h")) {
		fputs(usage_text, stdout);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "-s"))
		return move_own(argv[2]) != 0;
	if (argc != 4) {
		fputs(usage_text, stderr);
		return 2;
	}
	return move_again((pid_t)parse_number(argv[1]), (char *)parse_number(argv[2]),
			  parse_number(argv[3]), again ? atof(again) : 0) != 0;
}
