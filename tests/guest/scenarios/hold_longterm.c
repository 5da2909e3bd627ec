// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages by a FOLL_LONGTERM pin of gup_test, as VFIO and RDMA do for the
 * life of a guest or of a connection.  What lies in CMA or ZONE_MOVABLE is
 * moved out first.
 *
 * Models the long-term DMA pins of 2018's discussion of direct I/O and DMA on
 * file-backed pages: with two of these on one page, the first release does
 * not end the story.
 */
#include <linux/types.h>
#include <sys/ioctl.h>

#include "holder.h"

/* The ioctls of mm/gup_test.h, which is not among the exported headers. */
struct longterm_args {
	__u64 addr;
	__u64 size;
	__u32 flags;
};

#define LONGTERM_START	_IOW('g', 7, struct longterm_args)
#define LONGTERM_STOP	_IO('g', 8)
#define LONGTERM_WRITE	1

int main(int argc, char **argv)
{
	struct longterm_args args = { 0 };
	struct holder h;
	int gup;

	holder_init(&h, "gup_longterm", argc, argv);
	gup = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);
	if (gup < 0)
		err(1, "gup_test");
	args.flags = h.read_only ? 0 : LONGTERM_WRITE;
	args.addr = (uintptr_t)h.mem;
	args.size = h.pages * PAGE;
	if (ioctl(gup, LONGTERM_START, &args))
		err(1, "FOLL_LONGTERM pin");
	holder_hold(&h);
	if (ioctl(gup, LONGTERM_STOP))
		err(1, "cannot unpin");
	return 0;
}
