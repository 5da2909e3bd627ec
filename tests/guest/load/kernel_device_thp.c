// SPDX-License-Identifier: GPL-2.0
/*
 * Owns a huge page and, when told to, wants its pages in the memory of the
 * device that lib/test_hmm plays: for that it has to be split.
 */
#include <getopt.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "load.h"

#define HUGE	(2UL << 20)
#define PAGES	(HUGE / PAGE)
#define DEVICE	"/dev/hmm_dmirror0"

static const char usage_text[] =
"usage: kernel_device_thp [-h] -w TRUTH\n"
"Own a huge page; move it to the device on SIGUSR2, once more on SIGUSR1, end.\n"
"Says how many pages moved each time.\n"
"  -w TRUTH  file to write process and frame number\n";

/* The interface of lib/test_hmm. */
struct device_command {
	uint64_t addr;
	uint64_t copy;
	uint64_t pages;
	uint64_t moved;
	uint64_t faults;
};
#define DEVICE_MOVE	_IOWR('H', 0x02, struct device_command)

static void device_move(int fd, char *mem, char *copy)
{
	struct device_command command = {
		.addr = (uintptr_t)mem,
		.copy = (uintptr_t)copy,
		.pages = PAGES,
	};

	/* -ENOENT: none of them moved */
	if (ioctl(fd, DEVICE_MOVE, &command) && errno != ENOENT)
		err(2, "%s", DEVICE);
	printf("moved %llu\n", (unsigned long long)command.moved);
	fflush(stdout);
}

static void wait_for_signal(const sigset_t *set, int wanted)
{
	int sig;

	do {
		if (sigwait(set, &sig))
			err(2, "sigwait");
	} while (sig != wanted);
}

int main(int argc, char **argv)
{
	const char *truth = NULL;
	char *mem, *copy;
	sigset_t set;
	uint64_t pfn;
	int c, fd;

	while ((c = getopt(argc, argv, "hw:")) != -1) {
		switch (c) {
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
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);

	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", DEVICE);
	copy = malloc(HUGE);
	mem = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!copy || mem == MAP_FAILED)
		err(2, "no memory");
	mem = (char *)(((uintptr_t)mem + HUGE - 1) & ~(HUGE - 1));
	if (madvise(mem, HUGE, MADV_HUGEPAGE))
		err(2, "madvise");
	memset(mem, 0x5a, HUGE);
	pfn = pfn_of(mem);
	if (pfn % PAGES || pfn_of(mem + HUGE - PAGE) != pfn + PAGES - 1)
		errx(2, "no huge page was to be had");

	write_truth(truth, "device_thp", &pfn, 1);
	wait_for_signal(&set, SIGUSR2);
	device_move(fd, mem, copy);
	wait_for_signal(&set, SIGUSR1);
	device_move(fd, mem, copy);
	return 0;
}
