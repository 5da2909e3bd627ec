// SPDX-License-Identifier: GPL-2.0
/*
 * Holds its first page in a socket that nobody reads.  HOW in the environment:
 *
 *	sendfile	a page of its file, TCP over loopback: the receiver's
 *			queue shares it
 *	zerocopy	its memory, MSG_ZEROCOPY over TCP: the window is full, so
 *			it waits in the sender's queue
 *	uring		the same by io_uring (IORING_OP_SEND_ZC)
 *	unix		a page that went through a pipe into a local socket
 *	vsock		its memory, MSG_ZEROCOPY to the same machine
 *
 * Another process reads when this one is told to let go: the page is given
 * back in that process or in an interrupt, hardly ever in this one.
 *
 * Models web servers and backups that send from the page cache to a client
 * that stalls, and the zero-copy senders of 2017 (MSG_ZEROCOPY).
 */
#include <arpa/inet.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "holder.h"
#include "uring.h"

static void connect_pair(int family, const struct sockaddr *any, socklen_t size, int ends[2])
{
	struct sockaddr_storage where;
	socklen_t length = sizeof(where);
	int listener = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), small = 4096;

	ends[0] = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || ends[0] < 0)
		err(1, "socket");
	/* what is accepted takes it over */
	if (family == AF_INET &&
	    setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)))
		err(1, "SO_RCVBUF");
	if (bind(listener, any, size) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&where, &length))
		err(1, "bind");
	if (family == AF_VSOCK)
		((struct sockaddr_vm *)&where)->svm_cid = VMADDR_CID_LOCAL;
	if (connect(ends[0], (struct sockaddr *)&where, length))
		err(1, "connect");
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (ends[1] < 0)
		err(1, "accept");
	close(listener);
}

static void tcp_pair(int ends[2])
{
	struct sockaddr_in any = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};

	connect_pair(AF_INET, (struct sockaddr *)&any, sizeof(any), ends);
}

static void vsock_pair(int ends[2])
{
	struct sockaddr_vm any = {
		.svm_family = AF_VSOCK, .svm_cid = VMADDR_CID_ANY, .svm_port = VMADDR_PORT_ANY,
	};

	connect_pair(AF_VSOCK, (struct sockaddr *)&any, sizeof(any), ends);
}

/* Sends from memory without a copy; what the queue cannot take would be lost. */
static void send_zerocopy(int to, const char *mem)
{
	int on = 1;

	if (setsockopt(to, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
		err(1, "SO_ZEROCOPY");
	if (send(to, mem, PAGE, MSG_ZEROCOPY | MSG_DONTWAIT) != (ssize_t)PAGE)
		err(1, "MSG_ZEROCOPY");
}

/* The ring stays open: the request belongs to it until the memory is free. */
static void send_by_uring(int to, const char *mem)
{
	struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SEND_ZC, .fd = to,
		.addr = (uintptr_t)mem, .len = PAGE, .msg_flags = MSG_DONTWAIT,
	};
	static struct uring ring;

	uring_open(&ring);
	uring_submit(&ring, &sqe);
}

/* Until the receiver takes no more: only then does the next page wait. */
static void fill_window(int to)
{
	static char filler[PAGE];
	int tries = 0, room = 1 << 20;

	if (setsockopt(to, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)))
		err(1, "SO_SNDBUF");
	for (size_t sent = 0; sent < 192 * 1024 && tries < 100; ) {
		ssize_t n = send(to, filler, sizeof(filler), MSG_DONTWAIT);

		if (n > 0) {
			sent += (size_t)n;
			continue;
		}
		usleep(1000);
		tries++;
	}
}

static void send_by_pipe(int to, char *mem)
{
	struct iovec iov = { mem, PAGE };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) || vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE ||
	    splice(ends[0], NULL, to, NULL, PAGE, 0) != (ssize_t)PAGE)
		err(1, "splice");
	close(ends[0]);
	close(ends[1]);
}

/* The other end: reads all of it when told to, in a process of its own. */
static pid_t reader(int from, int go)
{
	pid_t pid = fork();
	static char buffer[65536];
	char c;

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	if (read(go, &c, 1) < 0)
		err(1, "pipe");
	while (read(from, buffer, sizeof(buffer)) > 0)
		;
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *how = getenv("HOW") ? getenv("HOW") : "sendfile";
	int ends[2], go[2], status;
	struct holder h;
	off_t offset;
	pid_t other;

	/* before the pages are there: they are not to be mapped twice */
	if (!strcmp(how, "vsock"))
		vsock_pair(ends);
	else if (strcmp(how, "unix"))
		tcp_pair(ends);
	else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		err(1, "socketpair");
	if (pipe2(go, O_CLOEXEC))
		err(1, "pipe");
	other = reader(ends[1], go[0]);
	close(ends[1]);

	holder_init(&h, how, argc, argv);
	if (!strcmp(how, "sendfile")) {
		offset = h.mem - h.all;
		if (sendfile(ends[0], h.fd, &offset, PAGE) != (ssize_t)PAGE)
			err(1, "sendfile");
	} else if (!strcmp(how, "unix")) {
		send_by_pipe(ends[0], h.mem);
	} else {
		if (strcmp(how, "vsock"))
			fill_window(ends[0]);
		if (!strcmp(how, "uring"))
			send_by_uring(ends[0], h.mem);
		else
			send_zerocopy(ends[0], h.mem);
	}
	holder_hold(&h);
	if (write(go[1], "", 1) != 1 || shutdown(ends[0], SHUT_WR) ||
	    waitpid(other, &status, 0) != other || status)
		err(1, "reader");
	return 0;
}
