// SPDX-License-Identifier: GPL-2.0
/* The frame of the rows: see paths.h.  What is judged is in judge.c. */
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "judge.h"

#define PINNER	"/sys/kernel/debug/page_pinner/"
#define TRACING	"/sys/kernel/tracing/"

static int rows, bad_rows;
static struct truth before, after;	/* of the row in hand */

/* === Talking to the kernel ================================================ */

bool write_text(const char *file, const char *text)
{
	int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

bool holder(const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return write_text("/dev/page_pinner_holder", text);
}

static void note(const char *what)
{
	if (!write_text(TRACING "trace_marker", what))
		err(2, "trace_marker");
}

/* Moving a page, even one that is not there, empties the batches before. */
void path_drain(void)
{
	void *page = NULL;
	int node = 0, status;

	syscall(SYS_move_pages, 0L, 1UL, &page, &node, &status, 2);
}

/* === Rows ================================================================= */

void path_maps(struct path *path, pid_t pid, char *addr)
{
	if (path->nr_maps == MAX_MAPS)
		errx(2, "%s: too many mappings", path->name);
	path->maps[path->nr_maps].pid = pid;
	path->maps[path->nr_maps].addr = addr;
	path->nr_maps++;
}

void path_fail(struct path *path, const char *why)
{
	if (!path->problem[0])
		snprintf(path->problem, sizeof(path->problem), "%s", why);
}

static void row(const char *name, bool ok, const char *text)
{
	rows++;
	bad_rows += !ok;
	printf("%s %d %s: %s\n", ok ? "ok" : "not ok", rows, name, text);
	fflush(stdout);
}

void path_missing(const char *name, const char *why)
{
	row(name, false, why);
}

/* The module gets and puts: two events of a page that is at rest. */
static void quiet(struct path *path, struct truth *truth)
{
	path_truth(path, truth);
	if (!holder("take quiet get pfn:%llu", (unsigned long long)path->pfn) ||
	    !holder("drop quiet"))
		path_fail(path, "the module cannot take the page");
}

bool path_begin(struct path *path)
{
	char text[64];

	if (!path->nr)
		path->nr = 1;
	if (!path->pfn)
		path->pfn = path_frame(path->addr);
	if (!path->pfn) {
		path_missing(path->name, "its page is not there");
		return false;
	}
	path_maps(path, 0, path->addr);
	if (!path->batched)
		path_drain();

	write_text(TRACING "set_event", "");
	write_text(TRACING "trace", "");
	write_text(TRACING "set_event", "page_pinner:*");
	if (path->watched) {
		snprintf(text, sizeof(text), "%llu", (unsigned long long)path->pfn);
		if (!write_text(PINNER "watch", text))
			err(2, "watch");
	} else if (!holder("take extra get pfn:%llu", (unsigned long long)path->pfn) ||
		   !holder("mark pfn:%llu 0", (unsigned long long)path->pfn)) {
		path_missing(path->name, "the module cannot mark its page");
		return false;
	}
	quiet(path, &before);
	note("paths: begin");
	return true;
}

static void path_over(struct path *path)
{
	write_text(TRACING "set_event", "");
	write_text(PINNER "watch", "");
	if (!path->watched)
		holder("drop extra");
}

void path_cancel(struct path *path)
{
	path_over(path);
}

void path_end(struct path *path)
{
	char text[1024];
	bool ok;

	note("paths: end");
	if (!path->gone)
		quiet(path, &after);
	path_over(path);
	ok = judge(path, &before, &after, text, sizeof(text));
	row(path->name, ok, text);
}

/* === Children ============================================================= */

static int to_child[2], from_child[2];

static void child_wait(void)
{
	char byte = 0;

	if (write(from_child[1], &byte, 1) != 1 || read(to_child[0], &byte, 1) != 1)
		_exit(1);
}

pid_t child_new(void (*fn)(void *arg), void *arg)
{
	char byte;
	pid_t pid;

	if (!to_child[1] && (pipe2(to_child, O_CLOEXEC) || pipe2(from_child, O_CLOEXEC)))
		err(2, "pipe");
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		child_wait();
		if (fn)
			fn(arg);
		child_wait();
		_exit(0);
	}
	if (read(from_child[0], &byte, 1) != 1)
		errx(2, "the child is gone");
	return pid;
}

void child_go(pid_t pid)
{
	char byte = 0;

	(void)pid;
	if (write(to_child[1], &byte, 1) != 1 || read(from_child[0], &byte, 1) != 1)
		errx(2, "the child is gone");
}

void child_end(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		err(2, "waitpid");
}

/* === Pages ================================================================ */

static char *map(size_t size, int flags, int fd)
{
	char *mem = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (mem == MAP_FAILED)
		err(2, "mmap");
	return mem;
}

char *anon_page(void)
{
	/* two pages that are never mapped keep neighbours from merging */
	char *mem = map(3 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1) + PAGE;

	mprotect(mem - PAGE, PAGE, PROT_NONE);
	mprotect(mem + PAGE, PAGE, PROT_NONE);
	madvise(mem, PAGE, MADV_NOHUGEPAGE);
	memset(mem, 0x5a, PAGE);
	return mem;
}

static char *aligned(size_t size, int fd)
{
	char *mem = map(2 * size, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *at = (char *)(((uintptr_t)mem + size - 1) & ~(size - 1));

	munmap(mem, 2 * size);
	mem = mmap(at, size, PROT_READ | PROT_WRITE, MAP_FIXED |
		   (fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED), fd, 0);
	if (mem == MAP_FAILED)
		err(2, "mmap");
	return mem;
}

char *anon_huge(void)
{
	char *mem = aligned(HUGE, -1);

	if (madvise(mem, HUGE, MADV_HUGEPAGE))
		return NULL;
	memset(mem, 0x5a, HUGE);
	return path_mapped_as_one(0, mem) ? mem : NULL;
}

char *shmem_page(int *fd, size_t size)
{
	static int number;
	char name[64];
	char *mem;

	snprintf(name, sizeof(name), "%s/paths.%d",
		 size == PAGE ? "/dev/shm" : "/tmp/huge", number++);
	*fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (*fd < 0 || ftruncate(*fd, (off_t)size))
		err(2, "%s", name);
	unlink(name);
	mem = size == PAGE ? map(size, MAP_SHARED, *fd) : aligned(size, *fd);
	memset(mem, 0x5a, size);
	return mem;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} families[] = {
		{ "anon", paths_anon },
		{ "swap", paths_swap },
		{ "file", paths_file },
		{ "huge", paths_huge },
		{ "lru", paths_lru },
		{ "odd", paths_odd },
	};
	const size_t nr = sizeof(families) / sizeof(families[0]);
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(0, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		err(2, "sched_setaffinity");
	for (int i = 1; i < argc; i++) {
		size_t family;

		for (family = 0; family < nr; family++)
			if (!strcmp(argv[i], families[family].name))
				break;
		if (family == nr) {
			fputs("usage: paths anon|swap|file|huge|lru|odd...\n", stderr);
			return 2;
		}
		families[family].fn();
	}
	printf("1..%d\n", rows);
	return bad_rows != 0;
}
