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

#include "holder.h"

#define DEVICE	"pinner_cuse"

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

/* The device's other end: answers at once, but a read only when told to. */
static void *serve(void *data)
{
	static char buffer[4 * FUSE_MIN_READ_BUFFER], page[PAGE];
	const struct fuse_in_header *in = (void *)buffer;
	const struct fuse_open_out opened = { .open_flags = FOPEN_DIRECT_IO };
	const struct holder *h = data;
	int cuse = open("/dev/cuse", O_RDWR | O_CLOEXEC), sig;
	sigset_t set;

	if (cuse < 0)
		err(1, "/dev/cuse");
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	while (read(cuse, buffer, sizeof(buffer)) > 0) {
		switch (in->opcode) {
		case CUSE_INIT: init(cuse, in); break;
		case FUSE_OPEN: answer(cuse, in, 0, &opened, sizeof(opened)); break;
		case FUSE_READ:
			holder_tell(h, "");
			sigwait(&set, &sig);
			answer(cuse, in, 0, page, sizeof(page));
			break;
		default: answer(cuse, in, in->opcode == FUSE_RELEASE ? 0 : -ENOSYS, NULL, 0);
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	struct holder h;
	pthread_t thread;
	int fd = -1;

	holder_init(&h, "cuse", argc, argv);
	if (pthread_create(&thread, NULL, serve, &h))
		errx(1, "no thread");
	for (int i = 0; i < 100 && fd < 0; i++) {
		usleep(50000);
		fd = open("/dev/" DEVICE, O_RDONLY | O_CLOEXEC);
	}
	if (fd < 0)
		err(1, "/dev/" DEVICE);
	if (read(fd, h.mem, PAGE) != (ssize_t)PAGE)
		err(1, "read");
	return 0;
}
