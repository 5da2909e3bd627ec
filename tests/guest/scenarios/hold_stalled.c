// SPDX-License-Identifier: GPL-2.0
/*
 * Holds pages of the page cache by read(2) that stalls on its way to memory
 * which a userfaultfd has yet to fill: the batch of folios that it found stays
 * referenced meanwhile.  The read is that of the main thread.
 *
 * Models virtual machines whose memory is on its way (postcopy): a plain read
 * into it lasts as long as the network.
 */
#include <pthread.h>

#include "holder.h"
#include "hole.h"

struct stall {
	struct holder h;
	struct hole to;
};

/* Tells the truth once the read has run into the hole; fills that when told to. */
static void *fill(void *arg)
{
	struct stall *s = arg;

	hole_wait(&s->to);
	holder_hold(&s->h);
	hole_fill(&s->to);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	struct stall s;
	size_t size;

	holder_init(&s.h, "read", argc, argv);
	size = s.h.pages * PAGE;
	hole_open(&s.to, size);
	if (pthread_create(&thread, NULL, fill, &s))
		errx(1, "pthread_create");
	if (pread(s.h.fd, s.to.mem, size, s.h.mem - s.h.all) != (ssize_t)size)
		err(1, "read");
	pthread_join(thread, NULL);
	return 0;
}
