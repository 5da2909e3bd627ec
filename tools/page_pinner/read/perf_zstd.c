// SPDX-License-Identifier: GPL-2.0
/*
 * Compressed records of perf.data; see perf_zstd.h.
 */
#include "read/perf_zstd.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <zstd.h>

#include "read/source.h"
#include "util.h"

/* One piece, at most 64 KiB, is of a buffer that perf maps: seldom over 64 MiB. */
#define PIECE_LIMIT (256u << 20)

struct perf_zstd {
	ZSTD_DStream *stream;
	unsigned char *buf;
	size_t nr, room;
	uint64_t all;		/* unpacked so far */
};

static const char too_much[] = "its records unpack to more than is believed: perf script can print them";

struct perf_zstd *perf_zstd_new(void)
{
	return xzalloc(sizeof(struct perf_zstd));
}

const char *perf_zstd_add(struct perf_zstd *zstd, const struct cursor *packed,
			  struct cursor *unpacked)
{
	ZSTD_inBuffer in = { packed->p, packed->end - packed->p, 0 };
	ZSTD_outBuffer out;
	size_t ret;

	if (!zstd->stream)
		zstd->stream = ZSTD_createDStream();
	if (!zstd->stream)
		return "out of memory";
	do {
		if (zstd->nr == zstd->room) {
			if (zstd->room >= PIECE_LIMIT)
				return too_much;
			zstd->room = zstd->room ? zstd->room * 2 : 1 << 16;
			zstd->buf = xrealloc(zstd->buf, zstd->room, 1);
		}
		out = (ZSTD_outBuffer){ zstd->buf + zstd->nr, zstd->room - zstd->nr, 0 };
		ret = ZSTD_decompressStream(zstd->stream, &out, &in);
		if (ZSTD_isError(ret))
			return "damaged: its compressed records cannot be unpacked";
		zstd->nr += out.pos;
		zstd->all += out.pos;
		if (zstd->all > SOURCE_LIMIT)
			return too_much;
		/* A full buffer may have left some of it within the library. */
	} while (in.pos < in.size || out.pos == out.size);
	*unpacked = (struct cursor){ .p = zstd->buf, .end = zstd->buf + zstd->nr,
				     .swap = packed->swap };
	return NULL;
}

void perf_zstd_keep(struct perf_zstd *zstd, const struct cursor *rest)
{
	zstd->nr = rest->end - rest->p;
	memmove(zstd->buf, rest->p, zstd->nr);
}

bool perf_zstd_left(const struct perf_zstd *zstd)
{
	return zstd->nr;
}

void perf_zstd_free(struct perf_zstd *zstd)
{
	if (!zstd)
		return;
	ZSTD_freeDStream(zstd->stream);
	free(zstd->buf);
	free(zstd);
}
