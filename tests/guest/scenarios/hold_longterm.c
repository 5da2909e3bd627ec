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
#include "holder.h"
#include "longterm.h"

int main(int argc, char **argv)
{
	struct longterm_args args = { 0 };
	struct holder h;
	int gup;

	holder_init(&h, "gup_longterm", argc, argv);
	gup = longterm_open();
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
