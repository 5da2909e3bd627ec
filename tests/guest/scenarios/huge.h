/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What holders of a part of a huge page share: options, and the huge page, of
 * hugetlbfs (-t hugetlb) or a transparent one (-t thp).  Its first frame is in
 * the truth.
 */
#ifndef HUGE_H
#define HUGE_H

#include "holder.h"

#define HUGE_SIZE	(512 * PAGE)

static inline void huge_init(struct holder *h, const char *mechanism, int argc, char **argv)
{
	struct sigaction action = { .sa_handler = holder_on_signal };
	sigset_t set;
	bool thp;
	char *mem;

	if (argc != 5 || strcmp(argv[1], "-w") || strcmp(argv[3], "-t"))
		errx(2, "usage: %s -w TRUTH -t hugetlb|thp", program_invocation_short_name);
	*h = (struct holder){ .mechanism = mechanism, .truth = argv[2], .pages = 1 };
	thp = !strcmp(argv[4], "thp");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &holder_open_mask);
	sigaction(SIGUSR1, &action, NULL);

	mem = mmap(NULL, 2 * HUGE_SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | (thp ? 0 : MAP_HUGETLB), -1, 0);
	if (mem == MAP_FAILED)
		err(1, "mmap");
	h->mem = (char *)(((uintptr_t)mem + HUGE_SIZE - 1) / HUGE_SIZE * HUGE_SIZE);
	if (thp && madvise(h->mem, HUGE_SIZE, MADV_HUGEPAGE))
		err(1, "MADV_HUGEPAGE");
	memset(h->mem, 0x5a, HUGE_SIZE);
	if (pfn_of(h->mem) % 512)
		errx(1, "no huge page");
}

#endif /* HUGE_H */
