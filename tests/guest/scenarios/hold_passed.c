// SPDX-License-Identifier: GPL-2.0
/*
 * Holds its first page in a pipe, which somebody else empties or which nobody
 * has.  HOW:
 *
 *	passed	the pipe goes through a local socket to another process and
 *		is closed here; that process has another name, and reads
 *	gc	the pipe is in flight in a socket that is in flight in itself:
 *		only the garbage collector of local sockets finds it, in a kworker
 *	thread	a thread filled the pipe and ended; the main thread reads
 *	fork	a child that has the page by fork() holds it as well, by a pipe
 *		of its own, and tells so in the file OTHER; both have one name
 *	zapped	the page is no longer mapped: only the pipe has it
 *	pageout	nor is this one: it is in the swap cache, and cannot be freed
 *	worker	a worker of io_uring empties the pipe
 */
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "holder.h"
#include "uring.h"

static char *page;
static int ends[2];

static void fill(void)
{
	struct iovec iov = { page, PAGE };

	if (vmsplice(ends[1], &iov, 1, 0) != (ssize_t)PAGE)
		err(1, "vmsplice");
}

static void *fill_in_thread(void *arg)
{
	prctl(PR_SET_NAME, "brief");
	fill();
	return arg;
}

static void empty(int from)
{
	static char buffer[PAGE];

	if (read(from, buffer, PAGE) != (ssize_t)PAGE)
		err(1, "pipe");
}

static void send_fds(int to, const int *fds, size_t count)
{
	char c = 0, control[CMSG_SPACE(4 * sizeof(int))] = { 0 };
	struct iovec iov = { &c, 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = CMSG_SPACE(count * sizeof(int)),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(head), fds, count * sizeof(int));
	if (sendmsg(to, &message, 0) != 1)
		err(1, "SCM_RIGHTS");
}

static int receive_fd(int from)
{
	char c, control[CMSG_SPACE(sizeof(int))];
	struct iovec iov = { &c, 1 };
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	int fd;

	if (recvmsg(from, &message, 0) != 1 || !CMSG_FIRSTHDR(&message))
		err(1, "SCM_RIGHTS");
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/* Before the page is there.  The child takes what is sent, and reads on go. */
static pid_t reader(int from, int go)
{
	pid_t pid = fork();
	char c;
	int fd;

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_NAME, "receiver");
	fd = receive_fd(from);
	if (read(go, &c, 1) != 1)
		err(1, "pipe");
	empty(fd);
	_exit(0);
}

/* A splice always goes to a worker; what it wrote is waited for. */
static void empty_by_worker(void)
{
	struct io_uring_sqe sqe = {
		.opcode = IORING_OP_SPLICE, .splice_fd_in = ends[0], .splice_off_in = (__u64)-1,
		.off = (__u64)-1, .len = PAGE,
	};
	struct uring ring;
	int left = 1;

	sqe.fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	uring_open(&ring);
	uring_submit(&ring, &sqe);
	while (!ioctl(ends[0], FIONREAD, &left) && left)
		usleep(10000);
}

static void wait_child(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "child");
}

int main(int argc, char **argv)
{
	const char *how = getenv("HOW") ? getenv("HOW") : "passed";
	int pair[2], go[2];
	struct holder h;
	pthread_t thread;
	pid_t child = 0;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ||
	    pipe2(go, O_CLOEXEC))
		err(1, "socketpair");
	if (!strcmp(how, "passed"))
		child = reader(pair[1], go[0]);
	holder_init(&h, how, argc, argv);
	page = h.mem;
	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe");
	if (!strcmp(how, "thread")) {
		if (pthread_create(&thread, NULL, fill_in_thread, NULL) ||
		    pthread_join(thread, NULL))
			errx(1, "thread");
	} else {
		fill();
	}
	if (!strcmp(how, "passed")) {
		send_fds(pair[0], ends, 1);
		close(ends[0]);
	} else if (!strcmp(how, "gc")) {
		int fds[3] = { ends[0], ends[1], pair[1] };

		send_fds(pair[0], fds, 3);
		close(ends[0]);
		close(ends[1]);
		close(pair[1]);
	} else if (!strcmp(how, "fork")) {
		child = fork();
		if (child < 0)
			err(1, "fork");
		if (!child) {
			h.truth = getenv("OTHER");
			if (pipe2(ends, O_CLOEXEC))
				err(1, "pipe");
			fill();
			holder_hold(&h);
			empty(ends[0]);
			_exit(0);
		}
	}
	if (!strcmp(how, "zapped") || !strcmp(how, "pageout")) {
		int advice = *how == 'z' ? MADV_DONTNEED : MADV_PAGEOUT;
		char path[512];

		snprintf(path, sizeof(path), "%s.early", h.truth);
		holder_tell(&h, ".early");
		if (madvise(h.mem, PAGE, advice) || rename(path, h.truth))
			err(1, "%s", path);
		holder_wait(&holder_stop);
	} else {
		holder_hold(&h);
	}
	if (!strcmp(how, "passed")) {
		if (write(go[1], "", 1) != 1)
			err(1, "pipe");
		wait_child(child);
	} else if (!strcmp(how, "gc")) {
		close(pair[0]);
		usleep(300000);
	} else if (!strcmp(how, "worker")) {
		empty_by_worker();
	} else {
		empty(ends[0]);
		if (child) {
			kill(child, SIGUSR1);
			wait_child(child);
		}
	}
	return 0;
}
