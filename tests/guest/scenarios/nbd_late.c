// SPDX-License-Identifier: GPL-2.0
/*
 * A network block device whose server is late: /dev/nbd0, served over a local
 * socket by this very process.  From SIGUSR2 on requests wait until SIGUSR1.
 * Writes NAME.truth, as a holder does, when the device is there: it holds
 * nothing itself.
 *
 * Models disks at the other end of a network that is gone.
 */
#include <arpa/inet.h>
#include <endian.h>
#include <linux/nbd.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "load.h"

#define BLOCKS	1024UL
#define MOST	64

static volatile sig_atomic_t late, stop;

static void on_signal(int sig)
{
	if (sig == SIGUSR2)
		late = 1;
	else
		stop = 1;
}

static void *do_it(void *nbd)
{
	/* returns when the device is taken down */
	ioctl(*(int *)nbd, NBD_DO_IT);
	return NULL;
}

static void answer(int s, const struct nbd_request *request)
{
	static char zeros[MOST * PAGE];
	struct nbd_reply reply = { .magic = htonl(NBD_REPLY_MAGIC) };
	size_t size = ntohl(request->len);

	memcpy(&reply.handle, &request->handle, sizeof(reply.handle));
	if (write(s, &reply, sizeof(reply)) != sizeof(reply))
		err(1, "reply");
	while (ntohl(request->type) == NBD_CMD_READ && size) {
		size_t some = size < sizeof(zeros) ? size : sizeof(zeros);

		if (write(s, zeros, some) != (ssize_t)some)
			err(1, "data");
		size -= some;
	}
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct nbd_request waiting[MOST], request;
	size_t count = 0;
	pthread_t thread;
	sigset_t set, open_mask;
	int ends[2], nbd;

	if (argc != 3 || strcmp(argv[1], "-w"))
		errx(2, "usage: nbd_late -w TRUTH");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, &open_mask);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	nbd = open("/dev/nbd0", O_RDWR | O_CLOEXEC);
	if (nbd < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		err(1, "nbd0");
	if (ioctl(nbd, NBD_SET_BLKSIZE, PAGE) || ioctl(nbd, NBD_SET_SIZE_BLOCKS, BLOCKS) ||
	    ioctl(nbd, NBD_SET_SOCK, ends[0]))
		err(1, "NBD_SET_SOCK");
	if (pthread_create(&thread, NULL, do_it, &nbd))
		errx(1, "no thread");
	write_truth(argv[2], "none", NULL, 0);
	while (!stop) {
		fd_set fds;

		FD_ZERO(&fds);
		FD_SET(ends[1], &fds);
		if (pselect(ends[1] + 1, &fds, NULL, NULL, NULL, &open_mask) < 0)
			continue;
		if (recv(ends[1], &request, sizeof(request), MSG_WAITALL) != sizeof(request))
			break;
		if (late && count < MOST)
			waiting[count++] = request;
		else
			answer(ends[1], &request);
	}
	for (size_t i = 0; i < count; i++)
		answer(ends[1], &waiting[i]);
	usleep(200000);
	ioctl(nbd, NBD_DISCONNECT);
	ioctl(nbd, NBD_CLEAR_SOCK);
	close(ends[1]);
	pthread_join(thread, NULL);
	return 0;
}
