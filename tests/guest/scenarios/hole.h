/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that a userfaultfd has yet to fill: whoever copies to it stalls there
 * until it is told to.
 */
#ifndef HOLE_H
#define HOLE_H

#include <err.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct hole {
	char *mem;
	size_t size;
	int uffd;
};

static inline void hole_open(struct hole *hole, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };

	hole->size = size;
	hole->mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	hole->uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	reg.range = (struct uffdio_range){ (uintptr_t)hole->mem, size };
	if (hole->mem == MAP_FAILED || hole->uffd < 0 || ioctl(hole->uffd, UFFDIO_API, &api) ||
	    ioctl(hole->uffd, UFFDIO_REGISTER, &reg))
		err(1, "userfaultfd");
}

/* Until somebody has run into it. */
static inline void hole_wait(const struct hole *hole)
{
	struct uffd_msg message;

	if (read(hole->uffd, &message, sizeof(message)) != sizeof(message))
		err(1, "userfaultfd");
}

static inline void hole_fill(const struct hole *hole)
{
	struct uffdio_zeropage zero = { .range = { (uintptr_t)hole->mem, hole->size } };

	if (ioctl(hole->uffd, UFFDIO_ZEROPAGE, &zero))
		err(1, "UFFDIO_ZEROPAGE");
}

#endif /* HOLE_H */
