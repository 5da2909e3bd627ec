// SPDX-License-Identifier: GPL-2.0
/*
 * Innocent traffic: two processes that send to each other over TCP on loopback
 * all the time, one by sendfile and one by MSG_ZEROCOPY.  Interrupts run on top
 * of them, and free there what other sockets had.  Their pages are their own.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "load.h"

#define CHUNK	(16 * PAGE)

static volatile sig_atomic_t stop;

static void on_signal(int sig)
{
	(void)sig;
	stop = 1;
}

/* Sends as much as goes, throws away what comes. */
static void chat(int s, bool zerocopy, int file, const char *mem)
{
	static char buffer[CHUNK];
	char control[256];
	int on = 1;

	if (zerocopy && setsockopt(s, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)))
		err(1, "SO_ZEROCOPY");
	while (!stop) {
		struct pollfd fd = { s, POLLIN | POLLOUT, 0 };
		struct msghdr done = { .msg_control = control, .msg_controllen = sizeof(control) };
		off_t offset = 0;

		if (poll(&fd, 1, 100) < 0)
			break;
		if (fd.revents & POLLOUT) {
			if (zerocopy)
				(void)!send(s, mem, CHUNK, MSG_ZEROCOPY | MSG_DONTWAIT);
			else
				(void)!sendfile(s, file, &offset, CHUNK);
		}
		if (fd.revents & POLLIN && recv(s, buffer, sizeof(buffer), MSG_DONTWAIT) == 0)
			break;
		if (fd.revents & POLLERR)	/* what was sent without a copy */
			(void)!recvmsg(s, &done, MSG_ERRQUEUE | MSG_DONTWAIT);
	}
}

int main(void)
{
	struct sockaddr_in any = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct sigaction action = { .sa_handler = on_signal };
	socklen_t length = sizeof(any);
	int listener, near, far, file;
	char *mem;
	pid_t pid;

	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	file = memfd_create("chatter", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, CHUNK))
		err(1, "memfd");
	mem = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		err(1, "mmap");
	memset(mem, 0x5a, CHUNK);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	near = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (listener < 0 || near < 0 || bind(listener, (struct sockaddr *)&any, length) ||
	    listen(listener, 1) || getsockname(listener, (struct sockaddr *)&any, &length))
		err(1, "socket");
	if (connect(near, (struct sockaddr *)&any, length) && errno != EINPROGRESS)
		err(1, "connect");
	far = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (far < 0)
		err(1, "accept");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	chat(pid ? near : far, !pid, file, mem);
	if (pid) {
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
	return 0;
}
