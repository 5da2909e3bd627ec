// SPDX-License-Identifier: GPL-2.0
/*
 * Wants its own pages in the memory of a device, as a GPU's driver does with
 * what a program works on: in vain at first, as somebody else holds them, and
 * again when it is told to end.  The device is lib/test_hmm.
 *
 * Says how many pages moved each time, and exits with 1 if the second time was
 * in vain as well.
 */
#include <sys/ioctl.h>

#include "holder.h"

#define DEVICE		"/dev/hmm_dmirror0"

/* The interface of lib/test_hmm. */
struct device_command {
	uint64_t addr;
	uint64_t copy;
	uint64_t pages;
	uint64_t moved;
	uint64_t faults;
};
#define DEVICE_MOVE	_IOWR('H', 0x02, struct device_command)

static size_t device_move(int fd, const struct holder *h, char *copy)
{
	struct device_command command = {
		.addr = (uintptr_t)h->mem,
		.copy = (uintptr_t)copy,
		.pages = h->pages,
	};

	/* -ENOENT: none of them moved */
	if (ioctl(fd, DEVICE_MOVE, &command) && errno != ENOENT)
		err(2, "%s", DEVICE);
	printf("moved %llu of %zu\n", (unsigned long long)command.moved, h->pages);
	fflush(stdout);
	return command.moved;
}

int main(int argc, char **argv)
{
	struct holder h;
	char *copy;
	int fd;

	holder_init(&h, "none", argc, argv);
	fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	copy = malloc(h.pages * PAGE);
	if (fd < 0 || !copy)
		err(2, "%s", DEVICE);
	device_move(fd, &h, copy);
	holder_hold(&h);
	return device_move(fd, &h, copy) == h.pages ? 0 : 1;
}
