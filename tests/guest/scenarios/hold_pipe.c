// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages by vmsplice, as vmsplice_hold does, but a run of pages whose
 * address it tells, and in steps: a get can be put on record before anything
 * fails.
 *
 * Models what was said of ZONE_MOVABLE on linux-mm in 2024 (RDMA registration
 * that fails over short references): any user may keep a page from moving
 * for as long as he likes, by a pipe that nobody reads.
 */
#include <sys/uio.h>

#include "holder.h"

#define PIPE_PAGES	256

int main(int argc, char **argv)
{
	struct holder h;
	size_t pipes;
	int (*ends)[2];

	holder_init(&h, "vmsplice", argc, argv);
	pipes = (h.pages + PIPE_PAGES - 1) / PIPE_PAGES;
	ends = calloc(pipes, sizeof(*ends));
	if (!ends)
		err(1, "calloc");
	for (size_t i = 0; i < h.pages; i++) {
		struct iovec iov = { h.mem + i * PAGE, PAGE };
		int *end = ends[i / PIPE_PAGES];

		if (i % PIPE_PAGES == 0 &&
		    (pipe2(end, O_CLOEXEC | O_NONBLOCK) ||
		     fcntl(end[1], F_SETPIPE_SZ, (int)(PIPE_PAGES * PAGE)) < 0))
			err(1, "pipe");
		if (vmsplice(end[1], &iov, 1, 0) != (ssize_t)PAGE)
			err(1, "vmsplice");
	}
	holder_hold(&h);
	for (size_t i = 0; i < pipes; i++) {
		static char buffer[PAGE];

		while (read(ends[i][0], buffer, sizeof(buffer)) > 0)
			;
	}
	return 0;
}
