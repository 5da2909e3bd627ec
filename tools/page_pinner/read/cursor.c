// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes with an end; see cursor.h.
 */
#include "read/cursor.h"

#include <byteswap.h>
#include <string.h>

const void *cursor_bytes(struct cursor *c, uint64_t size)
{
	const void *p = c->p;

	if (c->bad || size > (uint64_t)(c->end - c->p)) {
		c->bad = true;
		return NULL;
	}
	c->p += size;
	return p;
}

uint64_t cursor_number(struct cursor *c, unsigned int size)
{
	const void *p = cursor_bytes(c, size);
	uint16_t half;
	uint32_t word;
	uint64_t value;

	if (!p)
		return 0;
	switch (size) {
	case 1:
		return *(const uint8_t *)p;
	case 2:
		memcpy(&half, p, sizeof(half));
		return c->swap ? bswap_16(half) : half;
	case 4:
		memcpy(&word, p, sizeof(word));
		return c->swap ? bswap_32(word) : word;
	default:
		memcpy(&value, p, sizeof(value));
		return c->swap ? bswap_64(value) : value;
	}
}

const char *cursor_name(struct cursor *c)
{
	const unsigned char *nul = c->bad ? NULL : memchr(c->p, '\0', c->end - c->p);

	return cursor_bytes(c, nul ? (uint64_t)(nul - c->p) + 1 : UINT64_MAX);
}

struct cursor cursor_part(const struct cursor *c, uint64_t offset, uint64_t size)
{
	struct cursor part = { .bad = true, .swap = c->swap };
	uint64_t all = cursor_left(c);

	if (!c->bad && offset <= all && size <= all - offset) {
		part.p = c->p + offset;
		part.end = part.p + size;
		part.bad = false;
	}
	return part;
}

uint64_t cursor_left(const struct cursor *c)
{
	return c->bad ? 0 : c->end - c->p;
}
