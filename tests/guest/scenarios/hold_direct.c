// SPDX-License-Identifier: GPL-2.0
/*
 * Holds a page by a direct read from a disk that is slow to answer: the page
 * belongs to the bio until it completes.  A synchronous read gives it back in
 * the process itself.  With AIO in the environment it is an asynchronous one,
 * and an interrupt gives the page back, whoever runs then: a report that has
 * no get must not make a holder of whom the interrupt hit.  DISK is the disk.
 *
 * Models direct I/O against migration, the short kind of pin in 2018's
 * discussion of DMA on file-backed pages.
 *
 * The truth is written before the read is issued: this process sleeps in it.
 * Who wants to be sure waits until the disk has a request in flight.
 */
#include <linux/aio_abi.h>
#include <sys/syscall.h>

#include "holder.h"

static void read_async(int fd, const struct holder *h)
{
	struct iocb cb = {
		.aio_lio_opcode = IOCB_CMD_PREAD,
		.aio_fildes = (__u32)fd,
		.aio_buf = (uintptr_t)h->mem,
		.aio_nbytes = h->pages * PAGE,
	}, *list = &cb;
	struct io_event event;
	aio_context_t context = 0;

	if (syscall(SYS_io_setup, 1, &context) ||
	    syscall(SYS_io_submit, context, 1, &list) != 1)
		err(1, "io_submit");
	if (syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1)
		err(1, "io_getevents");
}

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
	if (getenv("AIO"))
		read_async(fd, &h);
	else if (pread(fd, h.mem, h.pages * PAGE, 0) != (ssize_t)(h.pages * PAGE))
		err(1, "direct read");
	holder_wait(&holder_stop);
	return 0;
}
