/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ioctls of the kernel's mm/gup_test.h for long-term pins: it is not among
 * the exported headers.  The driver has one such pin for all who open it.
 */
#ifndef LONGTERM_H
#define LONGTERM_H

#include <linux/types.h>
#include <sys/ioctl.h>

#include "load.h"

struct longterm_args {
	__u64 addr;
	__u64 size;
	__u32 flags;
};

#define LONGTERM_START	_IOW('g', 7, struct longterm_args)
#define LONGTERM_STOP	_IO('g', 8)
#define LONGTERM_WRITE	1
#define LONGTERM_FAST	2

/**
 * longterm_open - open the driver
 *
 * Return: the file; does not return where there is none.
 */
static inline int longterm_open(void)
{
	int fd = open("/sys/kernel/debug/gup_test", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(2, "gup_test");
	return fd;
}

#endif
