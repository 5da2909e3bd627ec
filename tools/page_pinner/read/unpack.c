// SPDX-License-Identifier: GPL-2.0
/*
 * Packed recordings; see unpack.h.  Each library is asked for the same thing:
 * to turn some of the input into some of the output, and to say when a member
 * has ended.
 */
#include "read/unpack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "util.h"

#define INPUT_ROOM (64 << 10)

/* What a member may ask of the memory: xz -9 takes 65 MiB, zstd --ultra 128. */
#define MEMORY_LIMIT (256ull << 20)

enum progress {
	GOES_ON,
	MEMBER_ENDED,
	DAMAGED,
	TOO_BIG,	/* asks for more memory than it gets */
};

/* Bytes on their way through a library. */
struct flow {
	const unsigned char *in;
	size_t nr_in;
	unsigned char *out;
	size_t nr_out;
};

/**
 * struct codec - one library
 * @name: of the form
 * @command: that unpacks it
 * @magic: how its members begin
 * @len: length of @magic
 * @begin: state of a new member; NULL if there is no memory
 * @run: take from the input, add to the output
 * @end: release the state
 */
struct codec {
	const char *name;
	const char *command;
	const char *magic;
	size_t len;
	void *(*begin)(void);
	enum progress (*run)(void *state, struct flow *flow);
	void (*end)(void *state);
};

/* These libraries give their streams' members the same names, but other types. */
#define STEP(stream, flow, call) ({						\
	(stream)->next_in = (void *)(flow)->in;					\
	(stream)->avail_in = (flow)->nr_in;					\
	(stream)->next_out = (void *)(flow)->out;				\
	(stream)->avail_out = (flow)->nr_out;					\
	__auto_type ret_ = (call);						\
	*(flow) = (struct flow){ (const void *)(stream)->next_in, (stream)->avail_in, \
				 (void *)(stream)->next_out, (stream)->avail_out }; \
	ret_;									\
})

static void *gzip_begin(void)
{
	z_stream *z = xzalloc(sizeof(*z));

	if (inflateInit2(z, 16 + MAX_WBITS) == Z_OK)
		return z;
	free(z);
	return NULL;
}

static enum progress gzip_run(void *state, struct flow *flow)
{
	z_stream *z = state;

	switch (STEP(z, flow, inflate(z, Z_NO_FLUSH))) {
	case Z_OK:
	case Z_BUF_ERROR:
		return GOES_ON;
	case Z_STREAM_END:
		return MEMBER_ENDED;
	default:
		return DAMAGED;
	}
}

static void gzip_end(void *state)
{
	inflateEnd(state);
	free(state);
}

static void *xz_begin(void)
{
	lzma_stream *x = xzalloc(sizeof(*x));

	if (lzma_stream_decoder(x, MEMORY_LIMIT, 0) == LZMA_OK)
		return x;
	free(x);
	return NULL;
}

static enum progress xz_run(void *state, struct flow *flow)
{
	lzma_stream *x = state;

	switch (STEP(x, flow, lzma_code(x, LZMA_RUN))) {
	case LZMA_OK:
	case LZMA_BUF_ERROR:
		return GOES_ON;
	case LZMA_STREAM_END:
		return MEMBER_ENDED;
	case LZMA_MEMLIMIT_ERROR:
	case LZMA_MEM_ERROR:
		return TOO_BIG;
	default:
		return DAMAGED;
	}
}

static void xz_end(void *state)
{
	lzma_end(state);
	free(state);
}

static void *zstd_begin(void)
{
	return ZSTD_createDStream();
}

static enum progress zstd_run(void *state, struct flow *flow)
{
	ZSTD_inBuffer in = { flow->in, flow->nr_in, 0 };
	ZSTD_outBuffer out = { flow->out, flow->nr_out, 0 };
	size_t ret = ZSTD_decompressStream(state, &out, &in);

	*flow = (struct flow){ flow->in + in.pos, flow->nr_in - in.pos,
			       flow->out + out.pos, flow->nr_out - out.pos };
	if (!ZSTD_isError(ret))
		return ret ? GOES_ON : MEMBER_ENDED;
	switch (ZSTD_getErrorCode(ret)) {
	case ZSTD_error_frameParameter_windowTooLarge:
	case ZSTD_error_memory_allocation:
		return TOO_BIG;
	default:
		return DAMAGED;
	}
}

static void zstd_end(void *state)
{
	ZSTD_freeDStream(state);
}

static void *bzip2_begin(void)
{
	bz_stream *b = xzalloc(sizeof(*b));

	if (BZ2_bzDecompressInit(b, 0, 0) == BZ_OK)
		return b;
	free(b);
	return NULL;
}

static enum progress bzip2_run(void *state, struct flow *flow)
{
	bz_stream *b = state;

	switch (STEP(b, flow, BZ2_bzDecompress(b))) {
	case BZ_OK:
		return GOES_ON;
	case BZ_STREAM_END:
		return MEMBER_ENDED;
	case BZ_MEM_ERROR:
		return TOO_BIG;
	default:
		return DAMAGED;
	}
}

static void bzip2_end(void *state)
{
	BZ2_bzDecompressEnd(state);
	free(state);
}

#define CODEC(form, command, magic) \
	{ #form, command, magic, sizeof(magic) - 1, form##_begin, form##_run, form##_end }

static const struct codec codecs[] = {
	CODEC(gzip, "gzip -dc", "\x1f\x8b\x08"),
	CODEC(xz, "xz -dc", "\xfd" "7zXZ\0"),
	CODEC(zstd, "zstd -dc --long=31", "\x28\xb5\x2f\xfd"),
	/* pzstd begins with a frame that is to be skipped */
	CODEC(zstd, "zstd -dc --long=31", "\x50\x2a\x4d\x18"),
	CODEC(bzip2, "bzip2 -dc", "BZh"),
};

struct unpack {
	const struct codec *codec;
	void *state;		/* NULL between two members */
	byte_source from;
	void *ctx;
	uint64_t left;		/* may still be unpacked */
	uint64_t limit;
	unsigned char *in;
	size_t pos, nr;		/* in @in */
	bool dry;		/* @from has ended */
	bool begun;		/* a member was read */
	bool damaged;		/* what was unpacked may be wrong */
	char fault[160];	/* empty while all is well */
};

struct unpack *unpack_new(const void *head, size_t size, byte_source from, void *ctx,
			  uint64_t limit)
{
	struct unpack *u;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codecs); i++)
		if (size >= codecs[i].len && !memcmp(head, codecs[i].magic, codecs[i].len))
			break;
	if (i == ARRAY_SIZE(codecs))
		return NULL;
	u = xzalloc(sizeof(*u));
	u->codec = &codecs[i];
	u->from = from;
	u->ctx = ctx;
	u->left = limit;
	u->limit = limit;
	u->in = xrealloc(NULL, INPUT_ROOM, 1);
	return u;
}

static ssize_t fault(struct unpack *u, const char *why)
{
	snprintf(u->fault, sizeof(u->fault), "%s data %s", u->codec->name, why);
	return -1;
}

static ssize_t too_much(struct unpack *u)
{
	snprintf(u->fault, sizeof(u->fault),
		 "%s data of more than %llu MiB: unpack it to a file first, %s",
		 u->codec->name, (unsigned long long)(u->limit >> 20), u->codec->command);
	return -1;
}

/* At least one byte of input, or the end of it. */
static bool refill(struct unpack *u)
{
	ssize_t got;

	if (u->pos < u->nr || u->dry)
		return u->pos < u->nr;
	got = u->from(u->ctx, u->in, INPUT_ROOM);
	u->pos = 0;
	u->nr = got > 0 ? got : 0;
	u->dry = got <= 0;
	return !u->dry;
}

/* Null bytes between and behind members fill up blocks; all else is a member. */
static bool next_member(struct unpack *u)
{
	while (refill(u)) {
		if (u->in[u->pos] || !u->begun) {
			u->state = u->codec->begin();
			u->begun = true;
			return u->state;
		}
		u->pos++;
	}
	return false;
}

static ssize_t step(struct unpack *u, void *buf, size_t size)
{
	struct flow flow = { u->in + u->pos, u->nr - u->pos, buf, size };
	enum progress progress = u->codec->run(u->state, &flow);
	size_t out = size - flow.nr_out, in = u->nr - u->pos - flow.nr_in;

	u->pos = u->nr - flow.nr_in;
	if (progress == DAMAGED) {
		u->damaged = true;
		return fault(u, "are damaged");
	}
	if (progress == TOO_BIG) {
		fault(u, "need much memory: unpack them first, ");
		strncat(u->fault, u->codec->command, sizeof(u->fault) - strlen(u->fault) - 1);
		return -1;
	}
	if (progress == MEMBER_ENDED) {
		u->codec->end(u->state);
		u->state = NULL;
	} else if (!out && !in && u->dry) {
		return fault(u, "are cut off");
	}
	return out;
}

ssize_t unpack_read(void *ctx, void *buf, size_t size)
{
	struct unpack *u = ctx;
	ssize_t got = 0;

	if (*u->fault)
		return -1;
	if (!u->left)
		return too_much(u);
	if (size > u->left)
		size = u->left;
	while (!got && size) {
		if (!u->state && !next_member(u))
			return 0;
		refill(u);
		got = step(u, buf, size);
	}
	if (got > 0)
		u->left -= got;
	return got;
}

const char *unpack_fault(const struct unpack *unpack, bool *damaged)
{
	*damaged = unpack->damaged;
	return *unpack->fault ? unpack->fault : NULL;
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	if (unpack->state)
		unpack->codec->end(unpack->state);
	free(unpack->in);
	free(unpack);
}
