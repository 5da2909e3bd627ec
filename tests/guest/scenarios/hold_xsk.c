// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages as the packet memory (umem) of an AF_XDP socket: a long-term pin,
 * which a kworker gives back some time after the socket is closed.
 *
 * Models packet processing in user space, which registers hundreds of MiB and
 * keeps them.
 */
#include <linux/if_xdp.h>
#include <sys/socket.h>

#include "holder.h"

int main(int argc, char **argv)
{
	struct xdp_umem_reg umem = { .chunk_size = PAGE };
	struct holder h;
	int s;

	holder_init(&h, "xsk", argc, argv);
	s = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (s < 0)
		err(1, "AF_XDP");
	umem.addr = (uintptr_t)h.mem;
	umem.len = h.pages * PAGE;
	if (setsockopt(s, SOL_XDP, XDP_UMEM_REG, &umem, sizeof(umem)))
		err(1, "XDP_UMEM_REG");
	holder_hold(&h);
	close(s);
	return 0;
}
