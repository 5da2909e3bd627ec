// SPDX-License-Identifier: GPL-2.0
/*
 * All that allocates and frees, at once and at random from a seed: memory of
 * processes, huge pages, files, pipes, sockets, the kernel's own objects, and
 * what moves pages meanwhile.  For a watched area in which nothing may warn.
 */
#include <getopt.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>

#include "load.h"

#define HUGE	(2UL << 20)

static const char usage_text[] =
"usage: churn [-h] [-s SECONDS] [-S SEED] [-j PROCESSES] [-d DIRECTORY]...\n"
"Allocate and free in all ways known, for SECONDS (30), with PROCESSES (6),\n"
"and with files in each DIRECTORY.  Says how often each way was taken.\n";

#define MAX_DIRS	4

static const char *dirs[MAX_DIRS];
static unsigned int nr_dirs;
static uint64_t state;

static unsigned int roll(unsigned int sides)
{
	state = state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned int)(state >> 33) % sides;
}

static void put_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		errno = 0;	/* refused: no matter */
	close(fd);
}

/* --- Memory of processes ---------------------------------------------------- */

static void touch(char *mem, size_t size, size_t step)
{
	for (size_t i = 0; i < size; i += step)
		((volatile char *)mem)[i] = (char)roll(256);
}

static void anon(void)
{
	static const int advices[] = { MADV_DONTNEED, MADV_FREE, 20, 21, MADV_MERGEABLE };
	size_t size = (1 + roll(512)) * PAGE;
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED)
		return;
	touch(mem, size, PAGE);
	madvise(mem, size / 2, advices[roll(5)]);
	if (!roll(4))
		mlock(mem, size / 4);
	touch(mem, size, 3 * PAGE);
	munmap(mem, size);
}

static void huge(void)
{
	char *mem = mmap(NULL, 3 * HUGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *at;

	if (mem == MAP_FAILED)
		return;
	at = (char *)(((uintptr_t)mem + HUGE - 1) & ~(HUGE - 1));
	madvise(at, 2 * HUGE, MADV_HUGEPAGE);
	touch(at, 2 * HUGE, 16 * PAGE);
	switch (roll(4)) {
	case 0: mprotect(at, PAGE, PROT_READ); break;
	case 1: munmap(at + HUGE / 2, PAGE); break;
	case 2: madvise(at, HUGE / 2, MADV_DONTNEED); break;
	case 3: madvise(at, HUGE, 21); break;
	}
	munmap(mem, 3 * HUGE);
}

static void hugetlb(void)
{
	char text[16], *mem;

	snprintf(text, sizeof(text), "%u", roll(8));
	put_text("/proc/sys/vm/nr_hugepages", text);
	mem = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0);
	if (mem == MAP_FAILED)
		return;
	/* others shrink the pool: a fault could find none and kill us */
	if (!madvise(mem, HUGE, 23 /* MADV_POPULATE_WRITE */))
		touch(mem, HUGE, HUGE / 4);
	munmap(mem, HUGE);
}

static void forks(void)
{
	size_t size = 256 * PAGE;
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;

	if (mem == MAP_FAILED)
		return;
	touch(mem, size, PAGE);
	for (unsigned int i = 1 + roll(3); i; i--) {
		pid = fork();
		if (!pid) {
			touch(mem, size, (1 + roll(8)) * PAGE);
			if (!roll(3))
				execl("/bin/true", "true", (char *)NULL);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	munmap(mem, size);
}

/* --- Files, pipes, sockets -------------------------------------------------- */

static int some_file(char *name, size_t size)
{
	snprintf(name, size, "%s/churn.%d.%u", dirs[roll(nr_dirs)], getpid(), roll(4));
	return open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
}

static void files(void)
{
	static char buffer[64 * PAGE];
	char name[256], *mem;
	int fd = some_file(name, sizeof(name));
	size_t size = (1 + roll(64)) * PAGE;

	if (fd < 0)
		return;
	if (pwrite(fd, buffer, size, (off_t)(roll(8) * PAGE)) > 0 &&
	    pread(fd, buffer, size, 0) > 0) {
		mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (mem != MAP_FAILED) {
			/* our own file, and nobody truncates it meanwhile */
			touch(mem, size, PAGE);
			msync(mem, size, roll(2) ? MS_SYNC : MS_ASYNC);
			munmap(mem, size);
		}
	}
	if (roll(2) && ftruncate(fd, (off_t)(roll(16) * PAGE / 2)))
		errno = 0;
	if (!roll(4))
		posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	if (roll(2))
		unlink(name);
	close(fd);
}

static void pipes(void)
{
	static char buffer[16 * PAGE] __attribute__((aligned(4096)));
	struct iovec iov = { buffer, (1 + roll(8)) * PAGE };
	int a[2], b[2];

	if (pipe2(a, O_CLOEXEC | O_NONBLOCK))
		return;
	if (!pipe2(b, O_CLOEXEC | O_NONBLOCK)) {
		if (vmsplice(a[1], &iov, 1, 0) > 0 &&
		    tee(a[0], b[1], iov.iov_len, SPLICE_F_NONBLOCK) > 0 &&
		    splice(a[0], NULL, b[1], NULL, iov.iov_len, SPLICE_F_NONBLOCK) > 0)
			while (read(b[0], buffer, sizeof(buffer)) > 0)
				;
		close(b[0]);
		close(b[1]);
	}
	close(a[0]);
	close(a[1]);
}

static void sockets(void)
{
	static char buffer[16 * PAGE];
	char name[256];
	int pair[2], fd;

	if (socketpair(AF_UNIX, roll(2) ? SOCK_STREAM : SOCK_SEQPACKET,
		       0, pair))
		return;
	fd = some_file(name, sizeof(name));
	for (int i = 0; i < 4; i++) {
		if (send(pair[0], buffer, 1 + roll(8 * PAGE), MSG_DONTWAIT) < 0)
			break;
		if (fd >= 0 && sendfile(pair[0], fd, NULL, PAGE) < 0)
			break;
		if (recv(pair[1], buffer, sizeof(buffer), MSG_DONTWAIT) < 0)
			break;
	}
	if (fd >= 0)
		close(fd);
	close(pair[0]);
	close(pair[1]);
}

static void tcp(void)
{
	static char buffer[16 * PAGE];
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (server >= 0 && client >= 0 &&
	    !bind(server, (struct sockaddr *)&addr, sizeof(addr)) && !listen(server, 1) &&
	    !getsockname(server, (struct sockaddr *)&addr, &len)) {
		connect(client, (struct sockaddr *)&addr, sizeof(addr));
		int peer = accept4(server, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (peer >= 0) {
			for (int i = 0; i < 8; i++)
				if (send(client, buffer, sizeof(buffer), 0) < 0 ||
				    recv(peer, buffer, sizeof(buffer), 0) < 0)
					break;
			close(peer);
		}
	}
	close(server);
	close(client);
}

/* --- The kernel's own, and what moves pages --------------------------------- */

static void objects(void)
{
	char name[256];
	int fds[32];
	unsigned int i;

	for (i = 0; i < 32; i++)
		fds[i] = epoll_create1(EPOLL_CLOEXEC);
	for (i = 0; i < 32; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	for (i = 0; i < 16; i++) {
		snprintf(name, sizeof(name), "%s/d.%d.%u", dirs[roll(nr_dirs)],
			 getpid(), roll(64));
		if (mkdir(name, 0700))
			rmdir(name);
	}
}

static void movers(void)
{
	switch (roll(5)) {
	case 0: put_text("/proc/sys/vm/compact_memory", "1"); break;
	case 1: put_text("/proc/sys/vm/drop_caches", "3"); break;
	case 2:
		put_text("/sys/kernel/debug/cma/reserved/alloc", "2048");
		put_text("/sys/kernel/debug/cma/reserved/free", "2048");
		break;
	case 3: put_text("/sys/kernel/debug/page_pinner/clear", "1"); break;
	case 4:
		syscall(SYS_migrate_pages, (long)getppid(), 64L,
			&(unsigned long){ 1 }, &(unsigned long){ 1 });
		break;
	}
}

static const struct {
	const char *name;
	void (*fn)(void);
	unsigned int share;	/* of 100 */
} ways[] = {
	{ "anon", anon, 20 },
	{ "huge", huge, 8 },
	{ "hugetlb", hugetlb, 5 },
	{ "fork", forks, 8 },
	{ "file", files, 20 },
	{ "pipe", pipes, 10 },
	{ "socket", sockets, 10 },
	{ "tcp", tcp, 4 },
	{ "object", objects, 13 },
	{ "move", movers, 2 },
};

#define NR_WAYS	(sizeof(ways) / sizeof(ways[0]))

static void work(unsigned long *counts, time_t end)
{
	struct timespec now;

	do {
		unsigned int at = roll(100), way = 0;

		while (at >= ways[way].share)
			at -= ways[way++].share;
		ways[way].fn();
		__atomic_fetch_add(&counts[way], 1, __ATOMIC_RELAXED);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end);
}

int main(int argc, char **argv)
{
	unsigned long seconds = 30, seed = 1, processes = 6, *counts;
	struct timespec now;
	int c, status, rc = 0;

	while ((c = getopt(argc, argv, "hs:S:j:d:")) != -1) {
		switch (c) {
		case 's': seconds = parse_number(optarg); break;
		case 'S': seed = parse_number(optarg); break;
		case 'j': processes = parse_number(optarg); break;
		case 'd':
			if (nr_dirs < MAX_DIRS)
				dirs[nr_dirs++] = optarg;
			break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	if (!nr_dirs)
		dirs[nr_dirs++] = "/tmp";
	signal(SIGPIPE, SIG_IGN);
	counts = mmap(NULL, sizeof(*counts) * NR_WAYS, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (counts == MAP_FAILED)
		err(2, "mmap");
	clock_gettime(CLOCK_MONOTONIC, &now);
	for (unsigned long i = 0; i < processes; i++) {
		pid_t pid = fork();

		if (pid < 0)
			err(2, "fork");
		if (!pid) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			state = seed * 1000003 + i;
			work(counts, now.tv_sec + (time_t)seconds);
			_exit(0);
		}
	}
	while (wait(&status) > 0)
		if (status)
			rc = 1;
	for (size_t i = 0; i < NR_WAYS; i++)
		printf("%s=%lu ", ways[i].name, counts[i]);
	printf("\n");
	return rc;
}
