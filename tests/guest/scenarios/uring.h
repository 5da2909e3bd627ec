/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of io_uring as a holder needs: one request at a time, submitted and
 * not waited for.
 */
#ifndef URING_H
#define URING_H

#include <err.h>
#include <linux/io_uring.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

struct uring {
	int fd;
	struct io_uring_params params;
	struct io_uring_sqe *sqes;
	char *rings;
};

/* Without its rings, whose pages the kernel holds for whoever maps them. */
static inline void uring_setup(struct uring *u)
{
	memset(u, 0, sizeof(*u));
	u->fd = (int)syscall(SYS_io_uring_setup, 4, &u->params);
	if (u->fd < 0)
		err(1, "io_uring_setup");
}

static inline void uring_open(struct uring *u)
{
	size_t size;

	uring_setup(u);
	size = u->params.sq_off.array + u->params.sq_entries * sizeof(__u32);
	u->rings = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, u->fd,
			IORING_OFF_SQ_RING);
	u->sqes = mmap(NULL, u->params.sq_entries * sizeof(*u->sqes),
		       PROT_READ | PROT_WRITE, MAP_SHARED, u->fd, IORING_OFF_SQES);
	if (u->rings == MAP_FAILED || u->sqes == MAP_FAILED)
		err(1, "io_uring: mmap");
}

static inline void uring_register(const struct uring *u, void *mem, size_t size)
{
	struct iovec iov = { mem, size };

	if (syscall(SYS_io_uring_register, u->fd, IORING_REGISTER_BUFFERS, &iov, 1))
		err(1, "IORING_REGISTER_BUFFERS");
}

static inline void uring_unregister(const struct uring *u)
{
	if (syscall(SYS_io_uring_register, u->fd, IORING_UNREGISTER_BUFFERS, NULL, 0))
		err(1, "IORING_UNREGISTER_BUFFERS");
}

/* The kernel has taken it when this returns. */
static inline void uring_submit(struct uring *u, const struct io_uring_sqe *sqe)
{
	__u32 *tail = (__u32 *)(u->rings + u->params.sq_off.tail);
	__u32 *array = (__u32 *)(u->rings + u->params.sq_off.array);
	__u32 slot = *tail % u->params.sq_entries;

	u->sqes[slot] = *sqe;
	array[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, u->fd, 1, 0, 0, NULL, 0) != 1)
		err(1, "io_uring_enter");
}

#endif /* URING_H */
