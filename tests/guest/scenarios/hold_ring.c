// SPDX-License-Identifier: GPL-2.0
/*
 * Holds two pages of its own as the rings of an io_uring (IORING_SETUP_NO_MMAP):
 * they are pinned, and given back by a kworker when the ring is closed.
 */
#include <linux/io_uring.h>
#include <sys/syscall.h>

#include "holder.h"

#ifndef IORING_SETUP_NO_MMAP
#define IORING_SETUP_NO_MMAP		(1U << 14)
#endif
#ifndef IORING_SETUP_NO_SQARRAY
#define IORING_SETUP_NO_SQARRAY		(1U << 16)
#endif

/* The user's address is where older headers have reserved words. */
#define USER_ADDR	32

static void set_user_addr(void *offsets, const void *mem)
{
	__u64 addr = (uintptr_t)mem;

	memcpy((char *)offsets + USER_ADDR, &addr, sizeof(addr));
}

int main(int argc, char **argv)
{
	struct io_uring_params params = {
		.flags = IORING_SETUP_NO_MMAP | IORING_SETUP_NO_SQARRAY,
	};
	struct holder h;
	int ring;

	holder_init(&h, "io_uring_ring", argc, argv);
	if (h.pages < 2)
		errx(2, "it takes two pages: -n 2");
	set_user_addr(&params.sq_off, h.mem);
	set_user_addr(&params.cq_off, h.mem + PAGE);
	memset(h.mem, 0, 2 * PAGE);
	ring = (int)syscall(SYS_io_uring_setup, 4, &params);
	if (ring < 0)
		err(1, "io_uring_setup");
	holder_hold(&h);
	close(ring);
	return 0;
}
