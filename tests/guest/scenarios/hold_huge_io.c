// SPDX-License-Identifier: GPL-2.0
/*
 * Holds many pages of one huge page by I/O, which takes a reference of each and
 * then gives back all of a folio but one.  -t thp or hugetlb; HOW:
 *
 *	aio	an asynchronous direct read of all of it from DISK, in flight
 *	uring	PAGES of it, from the third on, as a registered buffer
 *	both	the same, and a page of it in a pipe as well
 *	socket	sixteen pages of it went through a pipe into a TCP connection, which
 *		merges them; another process reads them in two parts
 */
#include <arpa/inet.h>
#include <linux/aio_abi.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "huge.h"
#include "uring.h"

static void read_async(const char *mem, aio_context_t *context)
{
	const char *disk = getenv("DISK");
	int fd = open(disk, O_RDONLY | O_DIRECT | O_CLOEXEC);
	struct iocb cb = {
		.aio_lio_opcode = IOCB_CMD_PREAD,
		.aio_fildes = (__u32)fd,
		.aio_buf = (uintptr_t)mem,
		.aio_nbytes = HUGE_SIZE,
	}, *list = &cb;

	if (fd < 0 || syscall(SYS_io_setup, 1, context) ||
	    syscall(SYS_io_submit, *context, 1, &list) != 1)
		err(1, "%s", disk);
}

static void vmsplice_some(const int *ends, char *mem, size_t pages)
{
	struct iovec iov = { mem, pages * PAGE };

	if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)(pages * PAGE))
		err(1, "vmsplice");
}

static void tcp_pair(int ends[2])
{
	struct sockaddr_in any = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof(any);

	ends[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(listener, (struct sockaddr *)&any, sizeof(any)) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&any, &length) ||
	    connect(ends[0], (struct sockaddr *)&any, length))
		err(1, "TCP");
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (ends[1] < 0)
		err(1, "accept");
}

/* In a process of its own, before the memory is there. */
static pid_t reader(int from, int go)
{
	static char buffer[16 * PAGE];
	pid_t pid = fork();
	char c;

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	if (read(go, &c, 1) != 1 || recv(from, buffer, 5 * PAGE + 100, MSG_WAITALL) < 0)
		err(1, "recv");
	usleep(50000);
	if (recv(from, buffer, 11 * PAGE - 100, MSG_WAITALL) != (ssize_t)(11 * PAGE - 100))
		err(1, "recv");
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *how = getenv("HOW") ? getenv("HOW") : "uring";
	struct holder h;
	bool aio = !strcmp(how, "aio"), sock = !strcmp(how, "socket");
	size_t pages = getenv("PAGES") ? parse_number(getenv("PAGES")) : 100;
	aio_context_t context = 0;
	struct io_event event;
	struct uring ring;
	int ends[2], tcp[2] = { -1, -1 }, go[2], status;
	pid_t child = 0;

	if (pipe2(ends, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		err(1, "pipe");
	if (sock) {
		tcp_pair(tcp);
		child = reader(tcp[1], go[0]);
	}
	huge_init(&h, how, argc, argv);
	if (aio) {
		read_async(h.mem, &context);
	} else if (sock) {
		vmsplice_some(ends, h.mem + 2 * PAGE, 16);
		if (splice(ends[0], NULL, tcp[0], NULL, 16 * PAGE, 0) != (ssize_t)(16 * PAGE))
			err(1, "splice");
		usleep(100000);
	} else {
		uring_open(&ring);
		uring_register(&ring, h.mem + 2 * PAGE, pages * PAGE);
		if (!strcmp(how, "both"))
			vmsplice_some(ends, h.mem + 5 * PAGE, 1);
	}
	holder_hold(&h);
	if (aio) {
		if (syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1)
			err(1, "io_getevents");
	} else if (sock) {
		if (write(go[1], "", 1) != 1 || waitpid(child, &status, 0) != child || status)
			errx(1, "reader");
	} else {
		uring_unregister(&ring);
	}
	if (!strcmp(how, "both")) {
		static char buffer[PAGE];

		if (read(ends[0], buffer, PAGE) != (ssize_t)PAGE)
			err(1, "pipe");
	}
	return 0;
}
