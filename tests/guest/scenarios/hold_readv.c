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
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "holder.h"

struct filler {
	struct holder h;
	char *to;	/* memory that is filled late */
	int uffd;
};

/* Once the copy waits, the pages are held; then it waits for the signal. */
static void *fill_late(void *data)
{
	struct filler *f = data;
	struct uffdio_zeropage zero = { .range = { (uintptr_t)f->to, PAGE } };
	struct uffd_msg msg;
	sigset_t set;
	int sig;

	if (read(f->uffd, &msg, sizeof(msg)) != sizeof(msg))
		err(1, "userfaultfd");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	holder_tell(&f->h, "");
	sigwait(&set, &sig);
	if (ioctl(f->uffd, UFFDIO_ZEROPAGE, &zero))
		err(1, "UFFDIO_ZEROPAGE");
	return NULL;
}

int main(int argc, char **argv)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
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

	f.to = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	f.uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);
	if (f.to == MAP_FAILED || f.uffd < 0 || ioctl(f.uffd, UFFDIO_API, &api))
		err(1, "userfaultfd");
	reg.range = (struct uffdio_range){ (uintptr_t)f.to, PAGE };
	if (ioctl(f.uffd, UFFDIO_REGISTER, &reg) ||
	    pthread_create(&thread, NULL, fill_late, &f))
		err(1, "UFFDIO_REGISTER");
	local = (struct iovec){ f.to, PAGE };
	remote = (struct iovec){ f.h.mem, PAGE };
	got = process_vm_readv(other, &local, 1, &remote, 1, 0);
	if (got != (ssize_t)PAGE)
		err(1, "process_vm_readv");
	pthread_join(thread, NULL);
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	return 0;
}
