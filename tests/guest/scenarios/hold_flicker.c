// SPDX-License-Identifier: GPL-2.0
/*
 * Holds its page again and again, each time for a moment only: vmsplice and
 * read in a loop.  A page on which an attempt fails may be free at the next.
 *
 * Models the transient reference that made RDMA registration fail in 2024 and
 * that was gone before anybody could look.
 *
 * Between two holds the page may be moved, so each frame that was held is
 * noted while it is; the truth is complete at the end.
 */
#include <sys/uio.h>

#include "holder.h"

#define MOST_FRAMES	4096
#define HOLD_US		5000

int main(int argc, char **argv)
{
	static uint64_t frames[MOST_FRAMES];
	static char buffer[PAGE];
	struct holder h;
	size_t count = 0;
	int ends[2];

	holder_init(&h, "vmsplice_in_a_loop", argc, argv);
	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	holder_tell(&h, "");
	/* The signal is blocked but while waiting: look whether it is there. */
	for (;;) {
		struct iovec iov = { h.mem, PAGE };
		sigset_t pending;
		uint64_t pfn;

		if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE)
			err(1, "vmsplice");
		pfn = pfn_of(h.mem);
		if ((!count || frames[count - 1] != pfn) && count < MOST_FRAMES)
			frames[count++] = pfn;
		usleep(HOLD_US);
		if (read(ends[0], buffer, PAGE) != (ssize_t)PAGE)
			err(1, "pipe");
		usleep(HOLD_US);
		if (sigpending(&pending))
			err(1, "sigpending");
		if (sigismember(&pending, SIGUSR1))
			break;
	}
	write_truth(h.truth, h.mechanism, frames, count);
	return 0;
}
