// SPDX-License-Identifier: GPL-2.0
/*
 * Two holders of one page by one pipe: with HOW=give it puts its first page
 * into the pipe FIFO by vmsplice, with HOW=tee it copies what lies there to a
 * pipe of its own by tee(2), which takes a reference and no data.  With
 * HOW=splice it puts a page of its file into a pipe by splice(2), unmapped.
 *
 * Models pipelines that pass on what they read; the second holder is none that
 * ever looked at the first one's memory.
 */
#include <sys/uio.h>

#include "holder.h"

static void take_out(int from)
{
	char buffer[PAGE];

	if (read(from, buffer, PAGE) != (ssize_t)PAGE)
		err(1, "pipe");
}

int main(int argc, char **argv)
{
	const char *how = getenv("HOW") ? getenv("HOW") : "give", *fifo = getenv("FIFO");
	int own[2], shared = -1;
	struct holder h;

	holder_init(&h, how, argc, argv);
	if (pipe2(own, O_CLOEXEC | O_NONBLOCK))
		err(1, "pipe");
	if (fifo) {
		shared = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
		if (shared < 0)
			err(1, "%s", fifo);
	}
	if (!strcmp(how, "give")) {
		struct iovec iov = { h.mem, PAGE };

		if (vmsplice(shared, &iov, 1, 0) != (ssize_t)PAGE)
			err(1, "vmsplice");
	} else if (!strcmp(how, "tee")) {
		if (tee(shared, own[1], PAGE, 0) != (ssize_t)PAGE)
			err(1, "tee");
	} else {
		off_t offset = h.mem - h.all;

		if (splice(h.fd, &offset, own[1], NULL, PAGE, 0) != (ssize_t)PAGE)
			err(1, "splice");
	}
	holder_hold(&h);
	take_out(strcmp(how, "give") ? own[0] : shared);
	return 0;
}
