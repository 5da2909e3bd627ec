// SPDX-License-Identifier: GPL-2.0
/*
 * Width and pager; see terminal.h.
 */
#define _GNU_SOURCE
#include "show/terminal.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

#define WIDTH_MAX 10000

int terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int width;

	if (columns) {
		width = atoi(columns);
		if (width > 0 && width < WIDTH_MAX)
			return width;
	}
	if (isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		return size.ws_col;
	return 0;
}

static const char *pager_command(void)
{
	const char *command = getenv("PAGE_PINNER_PAGER");

	if (!command)
		command = getenv("PAGER");
	if (!command)
		command = "less";
	return *command && strcmp(command, "cat") ? command : NULL;
}

/* In the child: whoever reads the pipe, the user sees what is in it. */
static void run_pager(const char *command, const int *ends)
{
	char *line;

	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	close(ends[1]);
	/* quit if it fits, keep colours, leave the screen as it is, do not wrap */
	setenv("LESS", "FRXS", 0);
	if (asprintf(&line, "%s || cat", command) >= 0)
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	_exit(127);
}

bool pager_open(struct pager *pager)
{
	const char *command = pager_command();
	int ends[2];

	if (!command || !isatty(STDOUT_FILENO) || pipe(ends))
		return false;
	fflush(stdout);
	pager->pid = fork();
	if (!pager->pid)
		run_pager(command, ends);
	close(ends[0]);
	pager->out = pager->pid < 0 ? NULL : fdopen(ends[1], "w");
	if (pager->out) {
		/* the user may quit before the end */
		signal(SIGPIPE, SIG_IGN);
		return true;
	}
	close(ends[1]);
	if (pager->pid > 0)
		waitpid(pager->pid, NULL, 0);
	return false;
}

void pager_close(struct pager *pager)
{
	fclose(pager->out);
	while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
