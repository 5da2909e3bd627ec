// SPDX-License-Identifier: GPL-2.0
/*
 * Ordinary load without a holder: processes that share memory by fork, write
 * to some of it and exit at once.  Their pages are never held beyond a moment,
 * but there are always some that are just dying or being copied.
 *
 * Models applications that start while CMA allocations run in the background
 * (the pagevec thread of 2021), and the fork of which a transient reference
 * made CMA fail (2020).
 */
#include <getopt.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "load.h"

static const char usage_text[] =
"usage: storm [-h] [-m MIB] [-k] [-j CHILDREN]\n"
"Fork CHILDREN (2) at a time that write to MIB (32) of shared memory and exit,\n"
"until SIGTERM comes.  -k: offer the memory to KSM.\n";

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	unsigned long children = 2, running = 0;
	size_t size = 32;
	bool ksm = false;
	char *mem;
	int c;

	while ((c = getopt(argc, argv, "hm:kj:")) != -1) {
		switch (c) {
		case 'm': size = parse_number(optarg); break;
		case 'k': ksm = true; break;
		case 'j': children = parse_number(optarg); break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	size <<= 20;
	sigaction(SIGTERM, &action, NULL);
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		   -1, 0);
	if (mem == MAP_FAILED || (ksm && madvise(mem, size, MADV_MERGEABLE)))
		err(1, "memory");
	for (size_t i = 0; i < size; i += PAGE)
		memset(mem + i, ksm ? 0xa5 : (int)(i / PAGE % 251), PAGE);
	while (!stop) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid) {
			for (size_t i = 0; i < size; i += 16 * PAGE)
				mem[i] = 1;
			_exit(0);
		}
		if (++running >= children && wait(NULL) > 0)
			running--;
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
