// SPDX-License-Identifier: GPL-2.0
/*
 * Does something innocent to a page that somebody else holds, just when that
 * one lets go: references fall that are none of the holder's.
 *
 *	beside unmap FILE	eight processes map FILE; on SIGUSR1 all exit
 *	beside fork FILE	on SIGUSR1 processes that map it come and go, 0.3 s
 *	beside truncate FILE	on SIGUSR1 the file loses its pages
 *	beside swap PID ADDRESS PAGES	pages out that memory of another process
 *
 * The first three write "ready" when they can be told.
 */
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "load.h"

#define CHILDREN	8

static size_t size;

/* Maps all of the file, and has each page in the page table. */
static void map_it(int fd)
{
	volatile char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (mem == MAP_FAILED)
		err(1, "mmap");
	for (size_t i = 0; i < size; i += PAGE)
		(void)mem[i];
}

static void wait_for_signal(void)
{
	sigset_t set;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &sig);
}

static void ready(void)
{
	int fd = open("ready", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		err(1, "ready");
	close(fd);
	wait_for_signal();
}

static void unmap_all(int fd)
{
	pid_t children[CHILDREN];
	int up[2];
	char c;

	if (pipe2(up, O_CLOEXEC))
		err(1, "pipe");
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] < 0)
			err(1, "fork");
		if (children[i])
			continue;
		map_it(fd);
		if (write(up[1], "", 1) != 1)
			_exit(1);
		wait_for_signal();
		_exit(0);
	}
	for (int i = 0; i < CHILDREN; i++)
		if (read(up[0], &c, 1) != 1)
			err(1, "child");
	ready();
	for (int i = 0; i < CHILDREN; i++)
		kill(children[i], SIGUSR1);
	while (wait(NULL) > 0)
		;
}

static void fork_all(int fd)
{
	time_t begin;

	map_it(fd);
	ready();
	begin = clock();
	for (int i = 0; i < 40 && (clock() - begin) * 10 < 3 * CLOCKS_PER_SEC; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(1, "fork");
		if (!pid) {
			map_it(fd);
			_exit(0);
		}
		waitpid(pid, NULL, 0);
	}
}

static void swap_out(char **argv)
{
	struct iovec iov = {
		(void *)parse_number(argv[1]), parse_number(argv[2]) * PAGE,
	};
	int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)parse_number(argv[0]), 0);

	if (pidfd < 0 || syscall(SYS_process_madvise, pidfd, &iov, 1, MADV_PAGEOUT, 0) < 0)
		err(1, "process_madvise");
}

int main(int argc, char **argv)
{
	struct stat st;
	sigset_t set;
	int fd;

	if (argc == 5 && !strcmp(argv[1], "swap")) {
		swap_out(argv + 2);
		return 0;
	}
	if (argc != 3)
		errx(2, "usage: beside unmap|fork|truncate FILE, or swap PID ADDRESS PAGES");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = open(argv[2], O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		err(1, "%s", argv[2]);
	size = (size_t)st.st_size;
	if (!strcmp(argv[1], "unmap")) {
		unmap_all(fd);
	} else if (!strcmp(argv[1], "fork")) {
		fork_all(fd);
	} else {
		ready();
		if (ftruncate(fd, 0))
			err(1, "ftruncate");
	}
	return 0;
}
