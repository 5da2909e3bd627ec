// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes from anywhere; see source.h.  A source is a pile of layers: the
 * descriptor at the bottom, a layer of compression on top of it for each that
 * is recognised.
 */
#define _GNU_SOURCE
#include "read/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/nameless.h"
#include "read/unpack.h"
#include "util.h"

#define ROOM (64 << 10)
#define HEAD 512

/*
 * A recording may end in null bytes, those of its last page of up to 4 MiB.
 * Over more of them libtracecmd would walk in steps of 16.
 */
#define ZEROS_KEPT (4 << 20)

/* Packed and packed again happens; deeper is somebody's trap. */
#define LAYERS 4

/**
 * struct layer - bytes with their first ones in sight
 * @unpack: makes them out of the layer below; NULL at the bottom
 * @fd: they come from here, at the bottom
 * @buf: the next ones
 * @pos: where in @buf
 * @nr: end of those in @buf
 * @end: no more will come
 * @error: of read(), at the bottom
 */
struct layer {
	struct unpack *unpack;
	int fd;
	unsigned char *buf;
	size_t pos;
	size_t nr;
	bool end;
	int error;
};

struct source {
	const char *name;
	uint64_t limit;
	struct layer layers[LAYERS];
	struct layer *top;
	int fd;
	bool skipped;		/* null bytes at the front */
	int kept;		/* file without a name, or -1 */
	FILE *stream;
	uint64_t zeros;		/* of the stream, held back */
};

static ssize_t layer_fill(struct layer *l, void *buf, size_t size)
{
	ssize_t got;

	if (l->unpack)
		return unpack_read(l->unpack, buf, size);
	do {
		got = read(l->fd, buf, size);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		l->error = errno;
	return got;
}

/* A &typedef byte_source: what is in sight first. */
static ssize_t layer_read(void *ctx, void *buf, size_t size)
{
	struct layer *l = ctx;
	size_t seen = l->nr - l->pos;
	ssize_t got;

	if (seen) {
		seen = seen < size ? seen : size;
		memcpy(buf, l->buf + l->pos, seen);
		l->pos += seen;
		return seen;
	}
	if (l->end)
		return 0;
	got = layer_fill(l, buf, size);
	l->end = got <= 0;
	return got;
}

/* Have the first bytes in sight, as many as a head needs. */
static void layer_peek(struct layer *l)
{
	ssize_t got;

	if (l->pos) {
		memmove(l->buf, l->buf + l->pos, l->nr - l->pos);
		l->nr -= l->pos;
		l->pos = 0;
	}
	while (l->nr < HEAD && !l->end) {
		got = layer_fill(l, l->buf + l->nr, ROOM - l->nr);
		l->end = got <= 0;
		l->nr += got > 0 ? got : 0;
	}
}

/* Returns whether there were null bytes in front. */
static bool layer_skip_zeros(struct layer *l)
{
	bool skipped = false;

	for (layer_peek(l); l->pos < l->nr && !l->buf[l->pos]; layer_peek(l)) {
		while (l->pos < l->nr && !l->buf[l->pos])
			l->pos++;
		skipped = true;
	}
	return skipped;
}

static void pile_up(struct source *s)
{
	struct layer *below;
	struct unpack *unpack;

	s->skipped = layer_skip_zeros(s->top);
	while (s->top < s->layers + LAYERS - 1) {
		below = s->top;
		unpack = unpack_new(below->buf + below->pos, below->nr - below->pos, layer_read,
				    below, s->limit + ROOM);
		if (!unpack)
			break;
		s->top++;
		s->top->unpack = unpack;
		s->top->buf = xrealloc(NULL, ROOM, 1);
		layer_skip_zeros(s->top);
	}
}

struct source *source_open(const char *file, uint64_t limit)
{
	bool standard = !strcmp(file, "-");
	int fd = standard ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	struct source *s;
	struct stat st;
	const char *why;
	bool damaged;

	if (fd < 0 || fstat(fd, &st)) {
		report_error("%s: %s", file, strerror(errno));
		if (fd > 0)
			close(fd);
		return NULL;
	}
	s = xzalloc(sizeof(*s));
	s->name = file;
	s->limit = limit;
	s->fd = fd;
	s->kept = -1;
	s->top = s->layers;
	s->top->fd = fd;
	s->top->buf = xrealloc(NULL, ROOM, 1);
	pile_up(s);
	if (s->top->pos < s->top->nr)
		return s;
	why = source_fault(s, &damaged);
	if (why)
		report_error("%s: %s", file, why);
	else
		report_error("%s: empty %s; perf script prints nothing where nothing was recorded, "
			     "with --header it tells which events were on", file,
			     standard ? "input" : "file");
	source_close(s);
	return NULL;
}

const unsigned char *source_head(const struct source *source, size_t *size)
{
	*size = source->top->nr - source->top->pos;
	return source->top->buf + source->top->pos;
}

/* How many null bytes the visible part ends with. */
static size_t zeros_behind(const struct layer *l)
{
	size_t nr = l->nr;

	while (nr > l->pos && !l->buf[nr - 1])
		nr--;
	return l->nr - nr;
}

/* An error for the reader only if what it has read so far cannot be trusted. */
static ssize_t stream_end(const struct source *s)
{
	bool damaged;

	if (!source_fault(s, &damaged) || !damaged)
		return 0;
	errno = EIO;
	return -1;
}

/*
 * Null bytes are held back until something comes behind them: those of the
 * end, which a file that was allocated ahead has, are no text.
 */
static ssize_t stream_read(void *ctx, char *buf, size_t size)
{
	struct source *s = ctx;
	struct layer *l = s->top;
	size_t zeros = 0, text;

	while (l->nr - l->pos == (zeros = zeros_behind(l))) {
		s->zeros += zeros;
		l->pos = l->nr = 0;
		layer_peek(l);
		if (!l->nr)
			return stream_end(s);
	}
	if (s->zeros) {
		size = size < s->zeros ? size : s->zeros;
		s->zeros -= size;
		memset(buf, 0, size);
		return size;
	}
	text = l->nr - l->pos - zeros;
	size = size < text ? size : text;
	memcpy(buf, l->buf + l->pos, size);
	l->pos += size;
	return size;
}

FILE *source_stream(struct source *source)
{
	static const cookie_io_functions_t io = { .read = stream_read };
	struct layer *l = source->top;

	if (l->nr - l->pos >= 3 && !memcmp(l->buf + l->pos, "\xef\xbb\xbf", 3))
		l->pos += 3;	/* the byte order mark of UTF-8 */
	source->stream = fopencookie(source, "r", io);
	if (!source->stream) {
		report_error("out of memory");
		exit(EXIT_FAILED);
	}
	setvbuf(source->stream, NULL, _IOFBF, ROOM);
	return source->stream;
}

/* Does the file end in more null bytes than a recording can? */
static bool ends_in_zeros(int fd, off_t size)
{
	unsigned char buf[4096];
	off_t at;

	if (size <= ZEROS_KEPT)
		return false;
	for (at = size - sizeof(buf); at >= size - ZEROS_KEPT; at -= sizeof(buf))
		if (pread(fd, buf, sizeof(buf), at) != sizeof(buf) || !nameless_zeros(buf, sizeof(buf)))
			return false;
	return true;
}

/* A regular file that is read from its first byte to its last needs no copy. */
static bool is_file(const struct source *s)
{
	struct stat st;

	return s->top == s->layers && !s->skipped && !fstat(s->fd, &st) &&
	       S_ISREG(st.st_mode) && !ends_in_zeros(s->fd, st.st_size) &&
	       lseek(s->fd, 0, SEEK_CUR) == (off_t)s->top->nr;
}

static int keep(struct source *s)
{
	unsigned char *buf = xrealloc(NULL, ROOM, 1);
	uint64_t left = s->limit;
	off_t end = 0, size;
	ssize_t got;
	int ret = 0;

	while (!ret && (got = layer_read(s->top, buf, ROOM)) > 0) {
		if ((uint64_t)got > left) {
			report_error("%s: more than %llu MiB, packed or from a pipe: make it a file first",
				     s->name, (unsigned long long)(s->limit >> 20));
			ret = -1;
		} else if (nameless_write(s->kept, buf, got)) {
			nameless_fault(s->name);
			ret = -1;
		}
		left -= got;
		if (!nameless_zeros(buf, got))
			end = lseek(s->kept, 0, SEEK_CUR);
	}
	free(buf);
	/* null bytes at the end have only been passed over */
	size = lseek(s->kept, 0, SEEK_CUR);
	if (size > end + ZEROS_KEPT)
		size = end + ZEROS_KEPT;
	if (!ret && ftruncate(s->kept, size)) {
		nameless_fault(s->name);
		ret = -1;
	}
	return ret;
}

int source_file(struct source *source)
{
	if (is_file(source))
		return source->fd;
	source->kept = nameless_open();
	if (source->kept < 0) {
		nameless_fault(source->name);
		return -1;
	}
	return keep(source) ? -1 : source->kept;
}

const char *source_fault(const struct source *source, bool *damaged)
{
	const struct layer *l;
	const char *why;

	*damaged = false;
	for (l = source->layers; l <= source->top; l++) {
		why = l->unpack ? unpack_fault(l->unpack, damaged) : NULL;
		if (why)
			return why;
		if (l->error)
			return strerror(l->error);
	}
	return NULL;
}

void source_close(struct source *source)
{
	struct layer *l;

	if (!source)
		return;
	if (source->stream)
		fclose(source->stream);
	for (l = source->layers; l <= source->top; l++) {
		unpack_free(l->unpack);
		free(l->buf);
	}
	if (source->kept >= 0)
		close(source->kept);
	if (source->fd != STDIN_FILENO)
		close(source->fd);
	free(source);
}
