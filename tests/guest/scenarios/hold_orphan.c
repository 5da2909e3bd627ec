// SPDX-License-Identifier: GPL-2.0
/*
 * Holds a shared page by a request of io_uring, a direct read from DISK into a
 * registered buffer, whose process has ended: only the request and the ring
 * that a kworker takes down are left of it.  The truth is that of the parent,
 * which has the page mapped.
 */
#include <sys/wait.h>

#include "holder.h"
#include "uring.h"

int main(int argc, char **argv)
{
	struct holder h;
	int status;
	pid_t child;

	holder_init(&h, "io_uring", argc, argv);
	child = fork();
	if (child < 0)
		err(1, "fork");
	if (!child) {
		struct io_uring_sqe sqe = {
			.opcode = IORING_OP_READ_FIXED,
			.addr = (uintptr_t)h.mem,
			.len = (__u32)(h.pages * PAGE),
		};
		struct uring ring;

		sqe.fd = open(getenv("DISK"), O_RDONLY | O_DIRECT | O_CLOEXEC);
		if (sqe.fd < 0)
			err(1, "disk");
		uring_open(&ring);
		uring_register(&ring, h.mem, h.pages * PAGE);
		uring_submit(&ring, &sqe);
		kill(getpid(), SIGKILL);
	}
	if (waitpid(child, &status, 0) != child || !WIFSIGNALED(status))
		err(1, "child");
	holder_hold(&h);
	return 0;
}
