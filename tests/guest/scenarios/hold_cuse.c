// SPDX-License-Identifier: GPL-2.0
/*
 * Holds a page by a read(2) from a character device whose other end is a
 * process (CUSE), which is in no hurry to answer.  The page is that of the
 * reader and belongs to the request meanwhile.
 *
 * Models FUSE servers that stall while clients read with direct I/O.
 */
#include <linux/fuse.h>
#include <pthread.h>
#include <sys/prctl.h>

#include "holder.h"

#define DEVICE	"pinner_cuse"

struct wait {
	const struct holder *h;
	int asked, go;		/* what the server says, and is told */
};

static void answer(int cuse, const struct fuse_in_header *in, int error, const void *data,
		   size_t size)
{
	static char buffer[sizeof(struct fuse_out_header) + PAGE];
	struct fuse_out_header *out = (void *)buffer;

	*out = (struct fuse_out_header){
		.len = (__u32)(sizeof(*out) + size), .error = error, .unique = in->unique,
	};
	if (size)
		memcpy(out + 1, data, size);
	if (write(cuse, buffer, out->len) != (ssize_t)out->len)
		err(1, "answer to request %u", in->opcode);
}

static void init(int cuse, const struct fuse_in_header *in)
{
	struct {
		struct cuse_init_out out;
		char info[sizeof("DEVNAME=" DEVICE)];
	} __attribute__((packed)) reply = {
		.out = { .major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION,
			 .max_read = PAGE, .max_write = PAGE },
		.info = "DEVNAME=" DEVICE,
	};

	answer(cuse, in, 0, &reply, sizeof(reply));
}

/*
 * The device's other end, a process of its own: the reader cannot be killed
 * while it waits for an answer.  Answers at once, but a read when told to.
 */
static void serve(int asked, int go)
{
	static char buffer[4 * FUSE_MIN_READ_BUFFER], page[PAGE];
	const struct fuse_in_header *in = (void *)buffer;
	const struct fuse_open_out opened = { .open_flags = FOPEN_DIRECT_IO };
	int cuse = open("/dev/cuse", O_RDWR | O_CLOEXEC);
	char c;

	if (cuse < 0)
		err(1, "/dev/cuse");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(cuse, buffer, sizeof(buffer)) > 0) {
		switch (in->opcode) {
		case CUSE_INIT: init(cuse, in); break;
		case FUSE_OPEN: answer(cuse, in, 0, &opened, sizeof(opened)); break;
		case FUSE_READ:
			if (write(asked, "", 1) != 1 || read(go, &c, 1) != 1)
				err(1, "pipe");
			answer(cuse, in, 0, page, sizeof(page));
			break;
		default: answer(cuse, in, in->opcode == FUSE_RELEASE ? 0 : -ENOSYS, NULL, 0);
		}
	}
}

/* The page is held as soon as the server was asked. */
static void *tell(void *data)
{
	const struct wait *wait = data;
	sigset_t set;
	char c;
	int sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (read(wait->asked, &c, 1) != 1)
		err(1, "pipe");
	holder_tell(wait->h, "");
	sigwait(&set, &sig);
	if (write(wait->go, "", 1) != 1)
		err(1, "pipe");
	return NULL;
}

int main(int argc, char **argv)
{
	int asked[2], go[2], fd = -1;
	struct holder h;
	struct wait wait = { .h = &h };
	pthread_t thread;
	pid_t server;

	if (pipe2(asked, O_CLOEXEC) || pipe2(go, O_CLOEXEC))
		err(1, "pipe");
	server = fork();
	if (server < 0)
		err(1, "fork");
	if (!server) {
		serve(asked[1], go[0]);
		return 0;
	}
	holder_init(&h, "cuse", argc, argv);
	wait.asked = asked[0];
	wait.go = go[1];
	if (pthread_create(&thread, NULL, tell, &wait))
		errx(1, "no thread");
	for (int i = 0; i < 100 && fd < 0; i++) {
		usleep(50000);
		fd = open("/dev/" DEVICE, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		err(1, "/dev/" DEVICE);
	if (read(fd, h.mem, PAGE) != (ssize_t)PAGE)
		err(1, "read");
	pthread_join(thread, NULL);
	kill(server, SIGKILL);
	return 0;
}
