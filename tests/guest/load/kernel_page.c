// SPDX-License-Identifier: GPL-2.0
/*
 * Owns one folio of a kind and tells where it is, so that a test can have the
 * kernel module work on it.
 */
#include <getopt.h>
#include <linux/mman.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "load.h"

#define HUGE	(2UL << 20)

static const char usage_text[] =
"usage: kernel_page [-h] [-t TYPE] [-f FILE]\n"
"                   [-R BASE:COUNT] [-M MIB] -w TRUTH\n"
"Own a page until SIGUSR1 comes.\n"
"  -t TYPE   anonymous memory (anon), shared memory (shmem), a huge\n"
"            page (thp), a page of the hugetlb pool, shared (hugetlb) or\n"
"            private (hugetlb_anon), one of 1 GiB (gigantic), or a page that\n"
"            KSM merged (ksm)\n"
"  -f FILE   map this file's first page\n"
"  -R RANGE  the frame number must be in the range\n"
"  -M MIB    give up when that much was touched in vain (512)\n"
"  -w TRUTH  file to write pid, address and frame number\n";

static volatile sig_atomic_t released;

static void on_signal(int sig)
{
	(void)sig;
	released = 1;
}

static char *map(size_t size, int flags, int fd)
{
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (mem == MAP_FAILED)
		err(1, "mmap of %zu bytes", size);
	return mem;
}

/* Touches memory page by page until one lies where it should. */
static char *map_small(int flags, int fd, const struct pfn_range *range, size_t most)
{
	char *mem;

	if (fd >= 0 && ftruncate(fd, (off_t)most))
		err(1, "ftruncate");
	mem = map(most, flags, fd);
	if (madvise(mem, most, MADV_NOHUGEPAGE))
		err(1, "madvise");
	for (size_t i = 0; i < most; i += PAGE) {
		memset(mem + i, 0x5a, PAGE);
		if (pfn_in(range, pfn_of(mem + i)))
			return mem + i;
	}
	errx(1, "no page lies where it should");
}

static char *map_thp(const struct pfn_range *range, size_t most)
{
	char *mem = map(most + HUGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	mem = (char *)(((uintptr_t)mem + HUGE - 1) & ~(HUGE - 1));
	if (madvise(mem, most, MADV_HUGEPAGE))
		err(1, "madvise");
	for (size_t i = 0; i < most; i += HUGE) {
		memset(mem + i, 0x5a, HUGE);
		if (pfn_of(mem + i) % 512 == 0 &&
		    pfn_of(mem + i + HUGE - PAGE) == pfn_of(mem + i) + 511 &&
		    pfn_in(range, pfn_of(mem + i)))
			return mem + i;
	}
	errx(1, "no huge page was to be had");
}

static char *map_hugetlb(bool shared)
{
	int fd = shared ? memfd_create("kernel_page", MFD_HUGETLB | MFD_CLOEXEC) : -1;
	char *mem;

	if (shared && (fd < 0 || ftruncate(fd, HUGE)))
		err(1, "hugetlb memfd");
	mem = map(HUGE, shared ? MAP_SHARED :
		  MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, fd);
	memset(mem, 0x5a, HUGE);
	return mem;
}

static char *map_gigantic(void)
{
	char *mem = map(1UL << 30, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB |
			30 << MAP_HUGE_SHIFT, -1);

	memset(mem, 0x5a, PAGE);
	return mem;
}

/* Sixteen equal pages, merged when two of them have one frame. */
static char *map_ksm(void)
{
	char *mem = map(16 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	for (size_t i = 0; i < 16 * PAGE; i += PAGE)
		memset(mem + i, 0xa5, PAGE);
	if (madvise(mem, 16 * PAGE, MADV_MERGEABLE))
		err(1, "MADV_MERGEABLE");
	for (int tries = 0; tries < 1500; tries++) {
		struct timespec nap = { .tv_nsec = 20000000 };

		if (pfn_of(mem) && pfn_of(mem) == pfn_of(mem + PAGE))
			return mem;
		nanosleep(&nap, NULL);
	}
	errx(1, "KSM merged nothing in 30 s");
}

static char *map_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	char *mem;

	if (fd < 0)
		err(1, "%s", path);
	mem = map(PAGE, MAP_SHARED, fd);
	*(volatile char *)mem;
	return mem;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	const char *type = "anon", *truth = NULL, *file = NULL;
	struct pfn_range range = { 0 };
	size_t most = 512;
	sigset_t set, old;
	char *mem, tmp[512];
	FILE *f;
	int c;

	while ((c = getopt(argc, argv, "ht:f:R:M:w:")) != -1) {
		switch (c) {
		case 't': type = optarg; break;
		case 'f': file = optarg; break;
		case 'R': range = parse_range(optarg); break;
		case 'M': most = parse_number(optarg); break;
		case 'w': truth = optarg; break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	if (!truth) {
		fputs(usage_text, stderr);
		return 2;
	}
	most <<= 20;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	sigaction(SIGUSR1, &action, NULL);

	if (file)
		mem = map_file(file);
	else if (!strcmp(type, "anon"))
		mem = map_small(MAP_PRIVATE | MAP_ANONYMOUS, -1, &range, most);
	else if (!strcmp(type, "shmem"))
		mem = map_small(MAP_SHARED, memfd_create("kernel_page", MFD_CLOEXEC),
				&range, most);
	else if (!strcmp(type, "thp"))
		mem = map_thp(&range, most);
	else if (!strcmp(type, "hugetlb") || !strcmp(type, "hugetlb_anon"))
		mem = map_hugetlb(!strcmp(type, "hugetlb"));
	else if (!strcmp(type, "gigantic"))
		mem = map_gigantic();
	else if (!strcmp(type, "ksm"))
		mem = map_ksm();
	else
		errx(2, "%s: not a type", type);

	snprintf(tmp, sizeof(tmp), "%s.tmp", truth);
	f = fopen(tmp, "we");
	if (!f)
		err(1, "%s", tmp);
	fprintf(f, "pid=%d addr=0x%lx pfn=0x%llx\n", getpid(), (unsigned long)mem,
		(unsigned long long)pfn_of(mem));
	if (fclose(f) || rename(tmp, truth))
		err(1, "%s", truth);
	while (!released)
		sigsuspend(&old);
	return 0;
}
