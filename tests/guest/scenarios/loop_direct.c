// SPDX-License-Identifier: GPL-2.0
/* loop_direct LOOP FILE: a loop device that reads its file directly. */
#include <linux/loop.h>
#include <sys/ioctl.h>

#include "load.h"

int main(int argc, char **argv)
{
	struct loop_config config = { .info.lo_flags = LO_FLAGS_DIRECT_IO };
	int loop;

	if (argc != 3)
		errx(2, "usage: loop_direct LOOP FILE");
	loop = open(argv[1], O_RDWR | O_CLOEXEC);
	config.fd = (__u32)open(argv[2], O_RDWR | O_DIRECT | O_CLOEXEC);
	config.block_size = 4096;
	if (loop < 0 || (int)config.fd < 0 || ioctl(loop, LOOP_CONFIGURE, &config))
		err(1, "%s on %s", argv[1], argv[2]);
	return 0;
}
