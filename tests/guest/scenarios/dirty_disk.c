// SPDX-License-Identifier: GPL-2.0
/*
 * Writes to a slow disk through the page cache and waits: its pages are under
 * writeback for seconds.  Nobody has a reference too many, and yet they
 * cannot be migrated by who does not want to wait.
 *
 * Models the pages under FUSE writeback of the LSF/MM discussion: not a
 * reference problem, and whoever is named for it is named wrongly.
 */
#include "holder.h"

int main(int argc, char **argv)
{
	struct holder h;

	holder_init(&h, "writeback", argc, argv);
	/* What is dirtied by a mapping has no buffers before it is written. */
	if (sync_file_range(h.fd, 0, 0, SYNC_FILE_RANGE_WRITE))
		err(1, "sync_file_range");
	holder_hold(&h);
	return 0;
}
