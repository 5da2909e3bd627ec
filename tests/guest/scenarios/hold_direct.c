// SPDX-License-Identifier: GPL-2.0
/*
 * Holds a page by a direct read from a disk that is slow to answer: the page
 * belongs to the bio until it completes, which an interrupt does, whoever
 * runs then.  The file (-f) is not used; DISK is the environment's.
 *
 * Models direct I/O against migration, the short kind of pin in 2018's
 * discussion of DMA on file-backed pages.  The reference is taken by this
 * process and dropped by nobody in particular: a report that has no get must
 * not make a holder of whom the interrupt hit.
 *
 * The truth is written before the read is issued: this process sleeps in it.
 * Who wants to be sure waits until the disk has a request in flight.
 */
#include "holder.h"

int main(int argc, char **argv)
{
	const char *disk = getenv("DISK");
	struct holder h;
	int fd;

	holder_init(&h, "direct_io", argc, argv);
	fd = open(disk ? disk : "/dev/nullb0", O_RDONLY | O_DIRECT | O_CLOEXEC);
	if (fd < 0)
		err(1, "%s", disk ? disk : "/dev/nullb0");
	holder_tell(&h, "");
	if (pread(fd, h.mem, h.pages * PAGE, 0) != (ssize_t)(h.pages * PAGE))
		err(1, "direct read");
	holder_wait(&holder_stop);
	return 0;
}
