// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages as a registered buffer of io_uring: FOLL_PIN and FOLL_LONGTERM,
 * 1024 references on a small folio.  What lies in CMA or ZONE_MOVABLE is moved
 * out first, so it blocks compaction and move_pages(2) elsewhere.
 *
 * Models the databases and servers that register their buffers once and keep
 * them.  An anonymous page with a pin fails when it is to be unmapped, before
 * any count is looked at.
 */
#include <linux/io_uring.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "holder.h"

int main(int argc, char **argv)
{
	struct io_uring_params params = { 0 };
	struct iovec iov;
	struct holder h;
	int ring;

	holder_init(&h, "io_uring", argc, argv);
	ring = (int)syscall(SYS_io_uring_setup, 4, &params);
	if (ring < 0)
		err(1, "io_uring_setup");
	iov = (struct iovec){ h.mem, h.pages * PAGE };
	if (syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &iov, 1))
		err(1, "IORING_REGISTER_BUFFERS");
	holder_hold(&h);
	if (syscall(SYS_io_uring_register, ring, IORING_UNREGISTER_BUFFERS, NULL, 0))
		err(1, "IORING_UNREGISTER_BUFFERS");
	return 0;
}
