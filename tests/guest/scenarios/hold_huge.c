// SPDX-License-Identifier: GPL-2.0
/*
 * Holds a part of a huge page in a pipe: of hugetlbfs (-t hugetlb) or of a
 * transparent one (-t thp), and not its first 4 KiB.  What cannot be moved is
 * the whole, whose first frame the truth has.
 *
 * Models buffers in huge pages: databases, virtual machines.
 */
#include <sys/uio.h>

#include "holder.h"

#define HUGE_SIZE	(512 * PAGE)

int main(int argc, char **argv)
{
	struct holder h = { .mechanism = "vmsplice", .pages = 1 };
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, ends[2];
	struct sigaction action = { .sa_handler = holder_on_signal };
	static char buffer[PAGE];
	struct iovec iov;
	sigset_t set;
	bool thp;
	char *mem;

	if (argc != 5 || strcmp(argv[1], "-w") || strcmp(argv[3], "-t"))
		errx(2, "usage: hold_huge -w TRUTH -t hugetlb|thp");
	h.truth = argv[2];
	thp = !strcmp(argv[4], "thp");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &holder_open_mask);
	sigaction(SIGUSR1, &action, NULL);

	mem = mmap(NULL, 2 * HUGE_SIZE, PROT_READ | PROT_WRITE,
		   flags | (thp ? 0 : MAP_HUGETLB), -1, 0);
	if (mem == MAP_FAILED)
		err(1, "mmap");
	h.mem = (char *)(((uintptr_t)mem + HUGE_SIZE - 1) / HUGE_SIZE * HUGE_SIZE);
	if (thp && madvise(h.mem, HUGE_SIZE, MADV_HUGEPAGE))
		err(1, "MADV_HUGEPAGE");
	memset(h.mem, 0x5a, HUGE_SIZE);
	if (pfn_of(h.mem) % 512)
		errx(1, "no huge page");
	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	iov = (struct iovec){ h.mem + 5 * PAGE, PAGE };
	if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE)
		err(1, "vmsplice");
	holder_hold(&h);
	if (read(ends[0], buffer, PAGE) != (ssize_t)PAGE)
		err(1, "pipe");
	return 0;
}
