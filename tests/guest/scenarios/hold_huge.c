// SPDX-License-Identifier: GPL-2.0
/*
 * Holds a part of a huge page in a pipe: of hugetlbfs (-t hugetlb) or of a
 * transparent one (-t thp), and not its first 4 KiB.  What cannot be moved is
 * the whole, whose first frame the truth has.
 *
 * Models buffers in huge pages: databases, virtual machines.
 */
#include <sys/uio.h>

#include "huge.h"

int main(int argc, char **argv)
{
	static char buffer[PAGE];
	struct iovec iov;
	struct holder h;
	int ends[2];

	huge_init(&h, "vmsplice", argc, argv);
	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	iov = (struct iovec){ h.mem + 5 * PAGE, PAGE };
	if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE)
		err(1, "vmsplice");
	holder_hold(&h);
	if (read(ends[0], buffer, PAGE) != (ssize_t)PAGE)
		err(1, "pipe");
	return 0;
}
