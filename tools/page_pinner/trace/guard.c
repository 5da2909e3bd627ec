// SPDX-License-Identifier: GPL-2.0
/*
 * Work in a process of its own; see guard.h.
 */
#include "trace/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

/* A fault of the program, not somebody's wish to end it. */
static bool is_crash(int sig)
{
	switch (sig) {
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGABRT:
		return true;
	default:
		return false;
	}
}

/* Shared by both processes: the names are at the same place in both. */
struct guard {
	const char *library;
	const char *file;
};

void guard_enter(struct guard *guard, const char *library, const char *file)
{
	if (!guard)
		return;
	guard->file = file;
	guard->library = library;
}

void guard_leave(struct guard *guard)
{
	if (guard)
		guard->library = NULL;
}

void guard_follow(struct guard *guard, const char *library, int status)
{
	if (!WIFSIGNALED(status))
		return;
	guard_enter(guard, library, NULL);
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
}

static void tell_crash(const char *file, const struct guard *guard, int sig)
{
	if (guard->library)
		report_error("%s: damaged: %s ended with %s on it",
			     guard->file ? guard->file : file, guard->library, strsignal(sig));
	else
		report_error("%s: a fault of page_pinner, not of the file: %s; please report it with the file",
			     file, strsignal(sig));
}

int guard_run(const char *file, int (*work)(struct guard *guard, void *ctx), void *ctx)
{
	struct guard *guard = mmap(NULL, sizeof(*guard), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid;

	if (guard == MAP_FAILED) {
		report_error("%s: %s", file, strerror(errno));
		return EXIT_FAILED;
	}
	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		report_error("%s: %s", file, strerror(errno));
		return EXIT_FAILED;
	}
	if (!pid)
		exit(work(guard, ctx));
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			report_error("%s: %s", file, strerror(errno));
			return EXIT_FAILED;
		}
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (is_crash(WTERMSIG(status))) {
		tell_crash(file, guard, WTERMSIG(status));
		return EXIT_FAILED;
	}
	if (WTERMSIG(status) == SIGKILL) {
		report_error("%s: killed while reading it; out of memory?", file);
		return EXIT_FAILED;
	}
	signal(WTERMSIG(status), SIG_DFL);
	raise(WTERMSIG(status));
	return EXIT_FAILED;
}
