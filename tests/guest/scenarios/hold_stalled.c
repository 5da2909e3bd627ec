// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages of the page cache by read(2) that stalls on its way to memory
 * which a userfaultfd has yet to fill: the batch of folios that it found stays
 * referenced meanwhile.  The read is that of the main thread.
 *
 * Models virtual machines whose memory is on its way (postcopy): a plain read
 * into it lasts as long as the network.
 */
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>

#include "holder.h"

struct stall {
	struct holder h;
	char *to;
	int uffd;
};

/* Tells the truth once the read has run into the hole; fills that when told to. */
static void *fill(void *arg)
{
	struct stall *s = arg;
	struct uffdio_zeropage zero = {
		.range = { (uintptr_t)s->to, s->h.pages * PAGE },
	};
	struct uffd_msg message;

	if (read(s->uffd, &message, sizeof(message)) != sizeof(message))
		err(1, "userfaultfd");
	holder_hold(&s->h);
	if (ioctl(s->uffd, UFFDIO_ZEROPAGE, &zero))
		err(1, "UFFDIO_ZEROPAGE");
	return NULL;
}

int main(int argc, char **argv)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register hole = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct stall s;
	pthread_t thread;
	size_t size;

	holder_init(&s.h, "read", argc, argv);
	size = s.h.pages * PAGE;
	s.to = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	s.uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	hole.range.start = (uintptr_t)s.to;
	hole.range.len = size;
	if (s.to == MAP_FAILED || s.uffd < 0 || ioctl(s.uffd, UFFDIO_API, &api) ||
	    ioctl(s.uffd, UFFDIO_REGISTER, &hole))
		err(1, "userfaultfd");
	if (pthread_create(&thread, NULL, fill, &s))
		errx(1, "pthread_create");
	if (pread(s.h.fd, s.to, size, s.h.mem - s.h.all) != (ssize_t)size)
		err(1, "read");
	pthread_join(thread, NULL);
	return 0;
}
