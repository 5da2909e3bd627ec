// SPDX-License-Identifier: GPL-2.0
/*
 * Moves one page of a process to another node by move_pages(2), the plainest
 * way to have a page migrated, or all of them by migrate_pages(2).
 */
#include <getopt.h>
#include <sys/syscall.h>

#include "load.h"

static const char usage_text[] =
"usage: kernel_move [-h] [-a] PID ADDRESS\n"
"Move the page at ADDRESS to the other of two nodes.\n"
"  -a  and all others of the process with it, by migrate_pages(2)\n"
"Exit 0: moved, 1: refused, 2: cannot be tried.\n";

#define MOVE_ALL	(1 << 2)

static long move(pid_t pid, void *page, const int *node, int *status)
{
	return syscall(SYS_move_pages, (long)pid, 1UL, &page, node, status, MOVE_ALL);
}

static long move_all(pid_t pid, int from, int to)
{
	unsigned long old = 1UL << from, new = 1UL << to;

	return syscall(SYS_migrate_pages, (long)pid, 8 * sizeof(old), &old, &new);
}

int main(int argc, char **argv)
{
	int now = -1000, then = -1000, node, c;
	bool all = false;
	void *page;
	pid_t pid;
	long ret;

	while ((c = getopt(argc, argv, "ha")) != -1) {
		if (c == 'h') {
			fputs(usage_text, stdout);
			return 0;
		}
		if (c != 'a') {
			fputs(usage_text, stderr);
			return 2;
		}
		all = true;
	}
	if (argc - optind != 2) {
		fputs(usage_text, stderr);
		return 2;
	}
	pid = (pid_t)parse_number(argv[optind]);
	page = (void *)parse_number(argv[optind + 1]);

	if (move(pid, page, NULL, &now) || now < 0)
		errx(2, "on no node: %s", strerror(now < 0 ? -now : errno));
	node = !now;
	ret = all ? move_all(pid, now, node) : move(pid, page, &node, &then);
	if (ret < 0)
		err(2, all ? "migrate_pages" : "move_pages");
	if (move(pid, page, NULL, &now) || now < 0)
		errx(2, "gone: %s", strerror(now < 0 ? -now : errno));
	printf("returned=%ld status=%d node=%d wanted=%d\n", ret, then, now, node);
	return now != node;
}
