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
#include "holder.h"
#include "uring.h"

int main(int argc, char **argv)
{
	struct holder h;
	struct uring ring;

	holder_init(&h, "io_uring", argc, argv);
	uring_setup(&ring);
	uring_register(&ring, h.mem, h.pages * PAGE);
	holder_hold(&h);
	uring_unregister(&ring);
	return 0;
}
