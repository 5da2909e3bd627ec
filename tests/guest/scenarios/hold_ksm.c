// SPDX-License-Identifier: GPL-2.0
/*
 * Holds, by a pipe, a page that KSM merged with another one of this process.
 * A get for reading leaves it merged; a pin would have unshared it.
 */
#include <sys/uio.h>

#include "holder.h"

int main(int argc, char **argv)
{
	struct holder h;
	static char buffer[PAGE];
	int ends[2], tries = 200;
	struct iovec iov;
	char *twin;

	holder_init(&h, "vmsplice", argc, argv);
	twin = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (twin == MAP_FAILED)
		err(1, "mmap");
	memset(h.mem, 0x77, PAGE);
	memset(twin, 0x77, PAGE);
	if (madvise(h.mem, PAGE, MADV_MERGEABLE) || madvise(twin, PAGE, MADV_MERGEABLE))
		err(1, "MADV_MERGEABLE");
	while (pfn_of(h.mem) != pfn_of(twin) && --tries)
		usleep(50000);
	if (!tries)
		errx(1, "not merged");
	iov = (struct iovec){ h.mem, PAGE };
	if (pipe2(ends, O_CLOEXEC) || vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE)
		err(1, "vmsplice");
	holder_hold(&h);
	if (read(ends[0], buffer, PAGE) != (ssize_t)PAGE)
		err(1, "pipe");
	return 0;
}
