// SPDX-License-Identifier: GPL-2.0
/*
 * Owns a page and moves it to the memory of a device and back, whenever it is
 * told to.  The device is lib/test_hmm.
 */
#include <getopt.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "load.h"

#define HUGE	(2UL << 20)
#define DEVICE	"/dev/hmm_dmirror0"

/* The interface of lib/test_hmm. */
struct device_command {
	uint64_t addr;
	uint64_t copy;
	uint64_t pages;
	uint64_t moved;
	uint64_t faults;
};
#define DEVICE_TO	_IOWR('H', 0x02, struct device_command)
#define DEVICE_FROM	_IOWR('H', 0x03, struct device_command)

static const char usage_text[] =
"usage: device_page [-h] [-t anon|thp] -w TRUTH\n"
"Own a page.  SIGUSR2: move it to the device, or back if it is there; after the\n"
"N-th time TRUTH.N has \"moved=NUMBER pfn=FRAME\".  SIGUSR1: end.\n";

static volatile sig_atomic_t go, end;

static void on_signal(int sig)
{
	if (sig == SIGUSR2)
		go = 1;
	else
		end = 1;
}

static void say(const char *truth, const char *suffix, const char *text)
{
	char path[512], tmp[520];
	FILE *f;

	snprintf(path, sizeof(path), "%s%s", truth, suffix);
	snprintf(tmp, sizeof(tmp), "%s.tmp", path);
	f = fopen(tmp, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) || rename(tmp, path))
		err(2, "%s", path);
}

/* A frame of a device is told as if it were a place of a swap device. */
static uint64_t frame_of(const char *mem, bool *on_device)
{
	uint64_t entry;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || pread(fd, &entry, sizeof(entry),
			    (off_t)((uintptr_t)mem / PAGE * 8)) != sizeof(entry))
		err(2, "pagemap");
	close(fd);
	*on_device = entry >> 62 & 1;
	entry &= (1ULL << 55) - 1;
	return *on_device ? entry >> 5 : entry;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct device_command command = { .pages = 1 };
	const char *type = "anon", *truth = NULL;
	char *mem, *copy, text[128], suffix[16];
	sigset_t set, old;
	bool on_device;
	size_t size;
	int c, fd;

	while ((c = getopt(argc, argv, "ht:w:")) != -1) {
		switch (c) {
		case 't': type = optarg; break;
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
	sigprocmask(SIG_BLOCK, &set, &old);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);

	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	mem = mmap(NULL, 2 * HUGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (fd < 0 || mem == MAP_FAILED)
		err(2, "%s", DEVICE);
	mem = (char *)(((uintptr_t)mem + HUGE - 1) & ~(HUGE - 1));
	size = strcmp(type, "thp") ? PAGE : HUGE;
	if (madvise(mem, HUGE, size == PAGE ? MADV_NOHUGEPAGE : MADV_HUGEPAGE))
		err(2, "madvise");
	memset(mem, 0x5a, size);
	command.pages = size / PAGE;
	copy = malloc(size);
	if (!copy)
		err(2, "malloc");
	command.addr = (uintptr_t)mem;
	command.copy = (uintptr_t)copy;
	snprintf(text, sizeof(text), "pid=%d addr=0x%lx pfn=0x%llx\n", getpid(),
		 (unsigned long)mem, (unsigned long long)frame_of(mem, &on_device));
	say(truth, "", text);

	for (int n = 1; !end; n++) {
		while (!go && !end)
			sigsuspend(&old);
		if (end)
			break;
		go = 0;
		command.moved = 0;
		frame_of(mem, &on_device);
		if (ioctl(fd, on_device ? DEVICE_FROM : DEVICE_TO, &command) &&
		    errno != ENOENT)
			warn("%s", DEVICE);
		snprintf(text, sizeof(text), "moved=%llu pfn=0x%llx\n",
			 (unsigned long long)command.moved,
			 (unsigned long long)frame_of(mem, &on_device));
		snprintf(suffix, sizeof(suffix), ".%d", n);
		say(truth, suffix, text);
	}
	return 0;
}
