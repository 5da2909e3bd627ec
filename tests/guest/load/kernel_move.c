// SPDX-License-Identifier: GPL-2.0
/*
 * Moves one page of a process to another node by move_pages(2), the plainest
 * way to have a page migrated.
 */
#include <getopt.h>
#include <sys/syscall.h>

#include "load.h"

static const char usage_text[] =
"usage: kernel_move [-h] PID ADDRESS\n"
"Move the page at ADDRESS to the other of two nodes.\n"
"Exit 0: moved, 1: refused, 2: cannot be tried.\n";

#define MOVE_ALL	(1 << 2)

static long move(pid_t pid, void *page, const int *node, int *status)
{
	return syscall(SYS_move_pages, (long)pid, 1UL, &page, node, status, MOVE_ALL);
}

int main(int argc, char **argv)
{
	int now = -1000, then = -1000, node;
	void *page;
	pid_t pid;
	long ret;

	if (argc == 2 && !strcmp(argv[1], "-h")) {
		fputs(usage_text, stdout);
		return 0;
	}
	if (argc != 3) {
		fputs(usage_text, stderr);
		return 2;
	}
	pid = (pid_t)parse_number(argv[1]);
	page = (void *)parse_number(argv[2]);

	if (move(pid, page, NULL, &now) || now < 0)
		errx(2, "on no node: %s", strerror(now < 0 ? -now : errno));
	node = !now;
	ret = move(pid, page, &node, &then);
	if (ret < 0)
		err(2, "move_pages");
	if (move(pid, page, NULL, &now) || now < 0)
		errx(2, "gone: %s", strerror(now < 0 ? -now : errno));
	printf("returned=%ld status=%d node=%d wanted=%d\n", ret, then, now, node);
	return now != node;
}
