// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages through a pipe: vmsplice takes one plain reference to each, and
 * reading the pipe drops it.  The stock way to keep a page from being moved:
 * no privilege is needed and nothing bounds the time.
 */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "load.h"

#define PIPE_PAGES	256

struct options {
	const char *file;
	const char *truth;
	bool shmem;
	bool drop_rest;
	bool keep_running;
	size_t pages;
	size_t stride;
	size_t fragment;
	size_t skip_mib;
	size_t most_mib;
	unsigned long release_ms;
	struct pfn_range range;
};

static const char usage_text[] =
"usage: vmsplice_hold [-h] [-t anon|shmem] [-f FILE] [-n PAGES] [-s STRIDE]\n"
"                     [-m MIB] [-M MIB] [-R BASE:COUNT] [-d [-F EACH]]\n"
"                     [-k] [-r MS] -w TRUTH\n"
"Hold pages with vmsplice until SIGUSR1 comes, or for MS milliseconds.\n"
"  -t TYPE   anonymous memory (default), or a shared memory file\n"
"  -f FILE   map this file: on tmpfs it is shmem, elsewhere page cache\n"
"  -n PAGES  how many to hold (1)\n"
"  -s STRIDE of the suitable pages hold each STRIDE-th (1)\n"
"  -m MIB    touch that much first (48): a process starts outside CMA\n"
"  -M MIB    give up when that much was touched in vain (512)\n"
"  -R RANGE  hold only pages with frame numbers in the range\n"
"  -d        give back all memory that is not held\n"
"  -F EACH   but keep EACH-th frame of it: memory is fragmented, and what is\n"
"            kept can be moved\n"
"  -k        keep running after the release, until SIGTERM\n"
"  -w TRUTH  file to write what is held, once it is held; after the release\n"
"            there is TRUTH.released as well\n";

static volatile sig_atomic_t released;

static void on_signal(int sig)
{
	(void)sig;
	released = 1;
}

static char *map_memory(const struct options *opt, size_t size)
{
	int fd = -1;
	int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *mem;

	if (opt->file)
		fd = open(opt->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	else if (opt->shmem)
		fd = memfd_create("vmsplice_hold", MFD_CLOEXEC);
	if (opt->file || opt->shmem) {
		flags = MAP_SHARED;
		if (fd < 0)
			err(1, "%s", opt->file ? opt->file : "memfd");
		if (ftruncate(fd, (off_t)size))
			err(1, "ftruncate");
	}
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	if (mem == MAP_FAILED)
		err(1, "mmap of %zu bytes", size);
	if (madvise(mem, size, MADV_NOHUGEPAGE))
		err(1, "madvise");
	return mem;
}

/* Touches memory until enough pages are suitable; returns how much. */
static size_t choose(const struct options *opt, char *mem, char **chosen)
{
	size_t most = opt->most_mib << 20, first = opt->skip_mib << 20;
	size_t found = 0, suitable = 0, touched;

	for (touched = 0; touched < most && found < opt->pages;
	     touched += PAGE) {
		char *page = mem + touched;

		memset(page, 0x5a, PAGE);
		if (touched < first || !pfn_in(&opt->range, pfn_of(page)))
			continue;
		if (suitable++ % opt->stride == 0)
			chosen[found++] = page;
	}
	if (found < opt->pages)
		errx(1, "only %zu of %zu pages lie where they should",
		     found, opt->pages);
	return touched;
}

static void drop_rest(const struct options *opt, char *mem, size_t touched,
		      char **chosen)
{
	int advice = opt->file || opt->shmem ? MADV_REMOVE : MADV_DONTNEED;
	char *from = mem;
	size_t next = 0;

	for (char *page = mem; page <= mem + touched; page += PAGE) {
		bool end = page == mem + touched;
		bool held = next < opt->pages && page == chosen[next];
		/*
		 * By odd frame numbers: where compaction finds no free page it
		 * looks at every second, fourth, ... 32nd alone.
		 */
		bool kept = opt->fragment && !end &&
			    pfn_of(page) % opt->fragment == (opt->fragment / 2 | 1);

		if (!end && !held && !kept)
			continue;
		if (page > from && madvise(from, (size_t)(page - from), advice))
			err(1, "madvise");
		from = page + PAGE;
		next += held;
	}
}

static int *fill_pipes(const struct options *opt, char **chosen)
{
	size_t pipes = (opt->pages + PIPE_PAGES - 1) / PIPE_PAGES;
	int *readers = calloc(pipes, sizeof(*readers));

	if (!readers)
		err(1, "calloc");
	for (size_t i = 0; i < pipes; i++) {
		int ends[2];

		if (pipe2(ends, O_CLOEXEC | O_NONBLOCK))
			err(1, "pipe");
		if (fcntl(ends[1], F_SETPIPE_SZ, (int)(PIPE_PAGES * PAGE)) < 0)
			err(1, "F_SETPIPE_SZ");
		for (size_t j = i * PIPE_PAGES;
		     j < opt->pages && j < (i + 1) * PIPE_PAGES; j++) {
			struct iovec iov = { chosen[j], PAGE };

			if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE)
				err(1, "vmsplice");
		}
		readers[i] = ends[0];
	}
	return readers;
}

static void read_pipes(const struct options *opt, const int *readers)
{
	size_t pipes = (opt->pages + PIPE_PAGES - 1) / PIPE_PAGES;
	static char buffer[PAGE];

	for (size_t i = 0; i < pipes; i++)
		while (read(readers[i], buffer, sizeof(buffer)) > 0)
			;
}

static void say_released(const char *truth)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s.released", truth);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		err(1, "%s", path);
	close(fd);
}

static void wait_for_release(unsigned long ms)
{
	sigset_t set, old;
	struct timespec end, now, left;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &old);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)(ms / 1000);
	end.tv_nsec += (long)(ms % 1000) * 1000000;
	while (!released) {
		if (!ms) {
			sigsuspend(&old);
			continue;
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		left.tv_sec = end.tv_sec - now.tv_sec;
		left.tv_nsec = end.tv_nsec - now.tv_nsec;
		while (left.tv_nsec < 0) {
			left.tv_nsec += 1000000000;
			left.tv_sec--;
		}
		while (left.tv_nsec >= 1000000000) {
			left.tv_nsec -= 1000000000;
			left.tv_sec++;
		}
		if (left.tv_sec < 0)
			break;
		if (ppoll(NULL, 0, &left, &old) == 0)
			break;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
}

int main(int argc, char **argv)
{
	struct options opt = {
		.pages = 1, .stride = 1, .skip_mib = 48, .most_mib = 512,
	};
	struct sigaction action = { .sa_handler = on_signal };
	char **chosen, *mem;
	uint64_t *pfns;
	size_t touched;
	int c, *readers;

	while ((c = getopt(argc, argv, "ht:f:n:s:m:M:R:dF:kr:w:")) != -1) {
		switch (c) {
		case 't':
			if (strcmp(optarg, "anon") && strcmp(optarg, "shmem"))
				errx(2, "%s: not a type", optarg);
			opt.shmem = !strcmp(optarg, "shmem");
			break;
		case 'f': opt.file = optarg; break;
		case 'n': opt.pages = parse_number(optarg); break;
		case 's': opt.stride = parse_number(optarg); break;
		case 'm': opt.skip_mib = parse_number(optarg); break;
		case 'M': opt.most_mib = parse_number(optarg); break;
		case 'R': opt.range = parse_range(optarg); break;
		case 'd': opt.drop_rest = true; break;
		case 'F': opt.fragment = parse_number(optarg); break;
		case 'k': opt.keep_running = true; break;
		case 'r': opt.release_ms = parse_number(optarg); break;
		case 'w': opt.truth = optarg; break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	if (!opt.truth || !opt.pages || !opt.stride || optind != argc) {
		fputs(usage_text, stderr);
		return 2;
	}

	sigaction(SIGUSR1, &action, NULL);
	chosen = calloc(opt.pages, sizeof(*chosen));
	pfns = calloc(opt.pages, sizeof(*pfns));
	if (!chosen || !pfns)
		err(1, "calloc");
	mem = map_memory(&opt, opt.most_mib << 20);
	touched = choose(&opt, mem, chosen);
	readers = fill_pipes(&opt, chosen);
	if (opt.drop_rest)
		drop_rest(&opt, mem, touched, chosen);
	/* Only now: a page could have moved until it was held. */
	for (size_t i = 0; i < opt.pages; i++)
		pfns[i] = pfn_of(chosen[i]);
	write_truth(opt.truth, "vmsplice", pfns, opt.pages);

	wait_for_release(opt.release_ms);
	read_pipes(&opt, readers);
	say_released(opt.truth);
	if (opt.keep_running)
		pause();
	return 0;
}
