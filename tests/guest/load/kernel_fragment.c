// SPDX-License-Identifier: GPL-2.0
/*
 * Fills memory with pages of the page cache and drops every second of them: what
 * is free then comes in single pages.
 */
#include <getopt.h>
#include <signal.h>
#include <sys/mman.h>

#include "load.h"

static const char usage_text[] =
"usage: kernel_fragment [-h] -l MIB -w TRUTH\n"
"Fragment memory until SIGUSR1 comes.\n"
"  -l MIB    leave that much available\n"
"  -w TRUTH  file to write the process and the number of pages kept\n";

static size_t available(void)
{
	char line[128];
	size_t kib = 0;
	FILE *f = fopen("/proc/meminfo", "re");

	if (!f)
		err(2, "/proc/meminfo");
	while (fgets(line, sizeof(line), f))
		sscanf(line, "MemAvailable: %zu kB", &kib);
	fclose(f);
	return kib << 10;
}

int main(int argc, char **argv)
{
	const char *truth = NULL;
	size_t leave = 32, size, kept = 0;
	sigset_t set;
	int c, fd, sig;
	char *mem;
	FILE *f;

	while ((c = getopt(argc, argv, "hl:w:")) != -1) {
		switch (c) {
		case 'l': leave = parse_number(optarg); break;
		case 'w': truth = optarg; break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	if (!truth) {
		fputs(usage_text, stderr);
		return 2;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);

	size = available();
	if (size <= leave << 20)
		errx(1, "no memory");
	size = (size - (leave << 20)) & ~(PAGE - 1);
	fd = memfd_create("kernel_fragment", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, (off_t)size))
		err(2, "memfd");
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mem == MAP_FAILED)
		err(2, "mmap");
	for (size_t i = 0; i < size; i += PAGE)
		mem[i] = 1;
	/* unmapped: pages of the cache alone */
	munmap(mem, size);
	for (size_t i = 0; i < size; i += 2 * PAGE, kept++) {
		if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)i,
			      (off_t)PAGE))
			err(2, "fallocate");
	}

	f = fopen(truth, "we");
	if (!f || fprintf(f, "pid=%d pages=%zu\n", getpid(), kept) < 0 || fclose(f))
		err(2, "%s", truth);
	return sigwait(&set, &sig);
}
