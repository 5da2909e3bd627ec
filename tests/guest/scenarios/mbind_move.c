// SPDX-License-Identifier: GPL-2.0
/*
 * Binds its own pages to the other of two nodes by mbind(2), in vain at first,
 * as somebody else has them off the LRU, and again when it is told to end.
 * With -t shmem or a file it wants those.
 *
 * Says what came of it each time, and exits with 1 if the second time was in
 * vain as well.
 */
#include <linux/mempolicy.h>
#include <sys/syscall.h>

#include "holder.h"

static bool mbind_move(const struct holder *h, int node)
{
	unsigned long nodes = 1UL << node;
	bool moved = !syscall(SYS_mbind, h->mem, h->pages * PAGE, MPOL_BIND, &nodes,
			      8 * sizeof(nodes), MPOL_MF_STRICT | MPOL_MF_MOVE);

	if (!moved && errno != EIO)
		err(2, "mbind");
	printf("node %d: %s\n", node, moved ? "moved" : "refused");
	fflush(stdout);
	return moved;
}

int main(int argc, char **argv)
{
	struct holder h;
	int node = -1;

	holder_init(&h, "none", argc, argv);
	if (syscall(SYS_get_mempolicy, &node, NULL, 0UL, h.mem,
		    MPOL_F_NODE | MPOL_F_ADDR))
		err(2, "get_mempolicy");
	mbind_move(&h, !node);
	holder_hold(&h);
	return mbind_move(&h, !node) ? 0 : 1;
}
