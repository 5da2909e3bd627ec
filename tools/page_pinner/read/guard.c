// SPDX-License-Identifier: GPL-2.0
/*
 * Work in a process of its own; see guard.h.
 */
#include "read/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int guard_run(const char *file, int (*work)(void *ctx), void *ctx)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0) {
		report_error("%s: %s", file, strerror(errno));
		return EXIT_FAILED;
	}
	if (!pid)
		exit(work(ctx));
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			report_error("%s: %s", file, strerror(errno));
			return EXIT_FAILED;
		}
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (is_crash(WTERMSIG(status))) {
		report_error("%s: damaged: reading it ended with %s", file,
			     strsignal(WTERMSIG(status)));
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
