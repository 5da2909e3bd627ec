/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the holders of the scenarios share: a run of pages of the wanted kind
 * in the wanted place, the truth file, and the waiting.  A holder goes
 * through three steps, so that a driver can do something between them:
 *
 *	it has its pages		NAME.ready, with -p; SIGUSR2 lets it go on
 *	it holds them			NAME, the truth
 *	SIGUSR1: it lets go		it ends
 *
 * Frame numbers are read from pagemap when the pages are held: until then
 * they can move.
 */
#ifndef HOLDER_H
#define HOLDER_H

#include <getopt.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "load.h"

struct holder {
	const char *mechanism;
	const char *truth;
	const char *file;	/* mapped shared, if not NULL */
	bool shmem;
	bool prepare;
	bool read_only;
	bool lowest;
	bool spread;
	size_t pages;
	size_t touch_mib;
	struct pfn_range range;
	int fd;			/* of the file or the shared memory, or -1 */
	char *mem;		/* the run of pages */
	char *all;		/* of which it is a part */
};

#define HOLDER_USAGE							\
"[-h] [-t anon|shmem] [-f FILE] [-n PAGES] [-M MIB] [-R BASE:COUNT]\n"	\
"       [-N NODE] [-l | -s] [-p] [-r] -w TRUTH\n"						\
"  -t TYPE   anonymous (default) or shared memory\n"			\
"  -f FILE   map this file\n"						\
"  -n PAGES  how many, next to each other in the address space (1)\n"	\
"  -M MIB    look for them in that much memory (512); 0: take the first\n"			\
"  -R RANGE  of frame numbers, in which the first has to lie\n"		\
"  -N NODE   to allocate from\n"						\
"  -l        of that memory take the pages that lie lowest, drop most others\n" \
"  -s        or pages that lie far apart in its second quarter\n"		\
"  -p        have the pages, write TRUTH.ready and wait for SIGUSR2\n"	\
"  -r        for reading only, where that makes a difference\n"		\
"  -w TRUTH  file to write process, address and frame numbers\n"

static volatile sig_atomic_t holder_go, holder_stop;
static sigset_t holder_open_mask;

static inline void holder_on_signal(int sig)
{
	if (sig == SIGUSR2)
		holder_go = 1;
	else
		holder_stop = 1;
}

static inline void holder_wait(volatile sig_atomic_t *what)
{
	while (!*what)
		sigsuspend(&holder_open_mask);
}

static inline void holder_tell(const struct holder *h, const char *suffix)
{
	char path[512], tmp[520];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", h->truth, suffix);
	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	f = fopen(tmp, "we");
	if (!f)
		err(1, "%s", tmp);
	fprintf(f, "pid=%d comm=%s mechanism=%s pages=%zu addr=0x%lx\n", getpid(),
		program_invocation_short_name, h->mechanism, h->pages,
		(unsigned long)h->mem);
	for (size_t i = 0; i < h->pages; i++)
		fprintf(f, "0x%llx\n",
			(unsigned long long)pfn_of(h->mem + i * PAGE));
	if (fclose(f) || rename(tmp, path))
		err(1, "%s", path);
}

struct holder_page {
	char *addr;
	uint64_t pfn;
};

static inline int holder_by_pfn(const void *a, const void *b)
{
	uint64_t x = ((const struct holder_page *)a)->pfn;
	uint64_t y = ((const struct holder_page *)b)->pfn;

	return (x > y) - (x < y);
}

static inline void holder_touch(const struct holder *h, char *mem, size_t size)
{
	if (!h->read_only)
		memset(mem, 0x5a, size);
	for (size_t i = 0; i < size; i += PAGE)
		*(volatile char *)(mem + i);
}

/*
 * Touches all of the memory and moves the pages with the lowest frame numbers
 * next to each other.  Compaction moves from low to high until it meets what
 * it filled: pages that happen to lie high it never looks at.  Pageblocks that
 * are wholly free it does not fill: of the higher ones keep every eighth page,
 * or it ends for want of targets before it comes here.  Not a multiple of two:
 * where it found none it looks at every second page, every fourth and so on.
 * Direct compaction begins among these fragments, and not with the lowest
 * block: a few pages that it is to meet have to be spread over them.
 */
static inline void holder_find_sorted(struct holder *h, size_t most)
{
	size_t all = most / PAGE, count = 0;
	struct holder_page *pages = calloc(all, sizeof(*pages));

	if (!pages)
		err(1, "calloc");
	holder_touch(h, h->all, most);
	for (size_t i = 0; i < all; i++) {
		char *addr = h->all + i * PAGE;
		uint64_t pfn = pfn_of(addr);

		if (pfn && pfn_in(&h->range, pfn))
			pages[count++] = (struct holder_page){ addr, pfn };
	}
	if (count < h->pages)
		errx(1, "too few pages lie where they should");
	qsort(pages, count, sizeof(*pages), holder_by_pfn);
	for (size_t i = 0; h->spread && i < h->pages; i++) {
		size_t far = count / 4 + i * (count / 4 / h->pages);
		struct holder_page page = pages[i];

		pages[i] = pages[far];
		pages[far] = page;
	}
	h->mem = mmap(NULL, h->pages * PAGE, PROT_NONE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (h->mem == MAP_FAILED)
		err(1, "mmap");
	for (size_t i = 0; i < h->pages; i++)
		if (mremap(pages[i].addr, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   h->mem + i * PAGE) == MAP_FAILED)
			err(1, "mremap");
	for (size_t i = h->pages; i < count; i++) {
		if ((h->spread || i > count / 4) && pages[i].pfn % 8 == 5)
			continue;
		/* Shared memory outlives its mapping: the file has to lose it. */
		if (h->fd >= 0 ?
		    fallocate(h->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
			      pages[i].addr - h->all, PAGE) :
		    madvise(pages[i].addr, PAGE, MADV_DONTNEED))
			err(1, "dropping a page");
	}
	free(pages);
}

/* Touches memory until a page lies where it should and the run fits. */
static inline void holder_find(struct holder *h)
{
	size_t most = h->touch_mib ? h->touch_mib << 20 : h->pages * PAGE;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, prot = PROT_READ | PROT_WRITE;
	struct stat st;

	h->fd = -1;
	if (h->file || h->shmem) {
		h->fd = h->file ? open(h->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600) :
			memfd_create("holder", MFD_CLOEXEC | MFD_ALLOW_SEALING);
		/* a disk that is mounted is not opened for writing */
		if (h->fd < 0 && errno == EBUSY && h->read_only) {
			h->fd = open(h->file, O_RDONLY | O_CLOEXEC);
			prot = PROT_READ;
		}
		if (h->fd < 0 || fstat(h->fd, &st) ||
		    (S_ISREG(st.st_mode) && ftruncate(h->fd, (off_t)most)))
			err(1, "%s", h->file ? h->file : "memfd");
		flags = MAP_SHARED;
	}
	h->all = mmap(NULL, most, prot, flags, h->fd, 0);
	if (h->all == MAP_FAILED || madvise(h->all, most, MADV_NOHUGEPAGE))
		err(1, "mmap");
	if (h->lowest || h->spread) {
		holder_find_sorted(h, most);
		return;
	}
	for (size_t i = 0; i + h->pages * PAGE <= most; i += PAGE) {
		h->mem = h->all + i;
		holder_touch(h, h->mem, PAGE);
		if (!pfn_in(&h->range, pfn_of(h->mem)))
			continue;
		holder_touch(h, h->mem, h->pages * PAGE);
		return;
	}
	errx(1, "no page lies where it should");
}

static inline void holder_bind(unsigned long node)
{
	unsigned long nodes = 1UL << node;

	if (syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8 * sizeof(nodes)))
		err(1, "set_mempolicy");
}

static inline void holder_init(struct holder *h, const char *mechanism, int argc,
			       char **argv)
{
	struct sigaction action = { .sa_handler = holder_on_signal };
	sigset_t set;
	int c;

	*h = (struct holder){ .mechanism = mechanism, .pages = 1, .touch_mib = 512 };
	while ((c = getopt(argc, argv, "ht:f:n:M:R:N:lsprw:")) != -1) {
		switch (c) {
		case 't': h->shmem = !strcmp(optarg, "shmem"); break;
		case 'f': h->file = optarg; break;
		case 'n': h->pages = parse_number(optarg); break;
		case 'M': h->touch_mib = parse_number(optarg); break;
		case 'R': h->range = parse_range(optarg); break;
		case 'N': holder_bind(parse_number(optarg)); break;
		case 'l': h->lowest = true; break;
		case 's': h->spread = true; break;
		case 'p': h->prepare = true; break;
		case 'r': h->read_only = true; break;
		case 'w': h->truth = optarg; break;
		default:
			fprintf(c == 'h' ? stdout : stderr, "usage: %s " HOLDER_USAGE,
				program_invocation_short_name);
			exit(c == 'h' ? 0 : 2);
		}
	}
	if (!h->truth || !h->pages)
		errx(2, "no -w TRUTH, or no pages");

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, &holder_open_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);

	holder_find(h);
	if (h->prepare) {
		holder_tell(h, ".ready");
		holder_wait(&holder_go);
	}
}

/* To be called when the pages are held; returns when they are to be let go. */
static inline void holder_hold(const struct holder *h)
{
	holder_tell(h, "");
	holder_wait(&holder_stop);
}

#endif /* HOLDER_H */
