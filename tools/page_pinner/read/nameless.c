// SPDX-License-Identifier: GPL-2.0
/*
 * Files without a name; see nameless.h.
 */
#define _GNU_SOURCE
#include "read/nameless.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "util.h"

bool nameless_zeros(const unsigned char *buf, size_t size)
{
	return !size || (!*buf && !memcmp(buf, buf + 1, size - 1));
}

static const char *directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/tmp";
}

void nameless_fault(const char *name)
{
	report_error("%s: cannot be kept in %s: %s; TMPDIR names another place", name,
		     directory(), strerror(errno));
}

int nameless_open(void)
{
	const char *dir = directory();
	char name[4096];
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0 || (size_t)snprintf(name, sizeof(name), "%s/page_pinner.XXXXXX", dir) >=
	    sizeof(name))
		return fd;
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	return fd;
}

/* Null bytes are left out: they take no room in the file then. */
int nameless_write(int fd, const unsigned char *buf, size_t size)
{
	ssize_t put;

	if (nameless_zeros(buf, size))
		return lseek(fd, size, SEEK_CUR) < 0 ? -1 : 0;
	for (; size; size -= put, buf += put) {
		put = write(fd, buf, size);
		if (put < 0 && errno != EINTR)
			return -1;
		put = put < 0 ? 0 : put;
	}
	return 0;
}

FILE *nameless_stream(const char *name)
{
	int fd = nameless_open();
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");

	if (file)
		return file;
	nameless_fault(name);
	if (fd >= 0)
		close(fd);
	return NULL;
}

int nameless_copy(const char *name, int fd, uint64_t size)
{
	int copy = nameless_open();
	ssize_t got = 1;
	off_t at = 0;

	while (copy >= 0 && got > 0)
		got = sendfile(copy, fd, &at, 1 << 30);
	if (copy >= 0 && !got && !ftruncate(copy, size))
		return copy;
	nameless_fault(name);
	if (copy >= 0)
		close(copy);
	return -1;
}
