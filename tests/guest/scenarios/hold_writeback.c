// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps pages of a file on a slow disk under writeback: writes to them and has
 * them written, again and again, without waiting: fsync() would hold them in
 * a folio batch.  No reference is in the way; who does not wait for writeback
 * cannot move the page.
 *
 * Models a page under FUSE's writeback, which may never end; in 6.12 FUSE
 * itself writes a copy and ends the writeback at once (fuse_writepage_locked()),
 * so it takes a slow disk here.
 */
#include "holder.h"

int main(int argc, char **argv)
{
	struct holder h;
	sigset_t pending;

	holder_init(&h, "writeback", argc, argv);
	/* The first time blocks are allocated, which holds pages of metadata. */
	memset(h.mem, 0xa5, h.pages * PAGE);
	if (fsync(h.fd))
		err(1, "fsync");
	holder_tell(&h, "");
	do {
		memset(h.mem, 0x5a, h.pages * PAGE);
		if (sync_file_range(h.fd, 0, 0, SYNC_FILE_RANGE_WRITE))
			err(1, "sync_file_range");
		usleep(20000);
		if (sigpending(&pending))
			err(1, "sigpending");
	} while (!sigismember(&pending, SIGUSR1));
	return 0;
}
