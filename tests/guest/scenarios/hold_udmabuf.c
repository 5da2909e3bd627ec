// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages of a memfd as a dma-buf.  Named beside vmsplice when it was
 * asked on linux-mm what may keep ZONE_MOVABLE from being emptied; since 6.12
 * the pages are pinned and moved out of there first.
 */
#include <linux/udmabuf.h>
#include <sys/ioctl.h>

#include "holder.h"

int main(int argc, char **argv)
{
	struct udmabuf_create create = { 0 };
	struct holder h;
	int dev, buf;

	holder_init(&h, "udmabuf", argc, argv);
	if (h.fd < 0)
		errx(2, "only shared memory can be a dma-buf: -t shmem");
	if (fcntl(h.fd, F_ADD_SEALS, F_SEAL_SHRINK))
		err(1, "F_ADD_SEALS");
	dev = open("/dev/udmabuf", O_RDWR | O_CLOEXEC);
	if (dev < 0)
		err(1, "/dev/udmabuf");
	create.memfd = (unsigned int)h.fd;
	create.flags = UDMABUF_FLAGS_CLOEXEC;
	create.offset = (unsigned long)(h.mem - h.all);
	create.size = h.pages * PAGE;
	buf = ioctl(dev, UDMABUF_CREATE, &create);
	if (buf < 0)
		err(1, "UDMABUF_CREATE");
	holder_hold(&h);
	close(buf);
	return 0;
}
