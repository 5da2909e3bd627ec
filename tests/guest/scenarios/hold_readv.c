// SPDX-License-Identifier: GPL-2.0
/*
 * Holds the pages of another process by process_vm_readv(2), which stops in
 * the middle: the memory that it copies to has to be filled by userfaultfd
 * first, and who does that is told to wait.  Wants shared memory (-t shmem),
 * so that both processes have the same pages.
 *
 * Models debuggers, checkpointing and language runtimes that read the memory
 * of others, while their own is still being paged in from elsewhere.
 */
#include <pthread.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "holder.h"
#include "hole.h"

struct filler {
	struct holder h;
	struct hole to;
};

/* Once the copy waits, the pages are held; then it waits for the signal. */
static void *fill_late(void *data)
{
	struct filler *f = data;
	sigset_t set;
	int sig;

	hole_wait(&f->to);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	holder_tell(&f->h, "");
	sigwait(&set, &sig);
	hole_fill(&f->to);
	return NULL;
}

int main(int argc, char **argv)
{
	struct iovec local, remote;
	struct filler f;
	pthread_t thread;
	pid_t other;
	ssize_t got;

	holder_init(&f.h, "process_vm_readv", argc, argv);
	other = fork();
	if (other < 0)
		err(1, "fork");
	if (!other)
		for (;;)
			pause();

	hole_open(&f.to, PAGE);
	if (pthread_create(&thread, NULL, fill_late, &f))
		errx(1, "pthread_create");
	local = (struct iovec){ f.to.mem, PAGE };
	remote = (struct iovec){ f.h.mem, PAGE };
	got = process_vm_readv(other, &local, 1, &remote, 1, 0);
	if (got != (ssize_t)PAGE)
		err(1, "process_vm_readv");
	pthread_join(thread, NULL);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	return 0;
}
