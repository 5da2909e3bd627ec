// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of a stack; see frames.h.
 */
#define _GNU_SOURCE
#include "read/frames.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read/frame.h"
#include "trace/symbols.h"
#include "util.h"

#define SHAPES_MAX 16
/* A hostile text has no end of distinct lines. */
#define KNOWN_MAX (1 << 16)

/* Lines of stacks repeat: what one means is looked up by its text. */
struct known {
	char *text;
	size_t len;
	uint64_t addr;
	uint64_t seen;
	enum frame_kind kind;
};

struct frames {
	struct symbols *symbols;
	struct {
		struct frame_shape shape;
		unsigned int votes;
	} shapes[SHAPES_MAX];
	size_t nr;
	size_t best;
	bool wide;			/* addresses have 64 bits */
	struct map known;
};

struct frames *frames_new(struct symbols *symbols)
{
	struct frames *frames = xzalloc(sizeof(*frames));

	frames->symbols = symbols;
	return frames;
}

void frames_free(struct frames *frames)
{
	size_t i;

	if (!frames)
		return;
	for (i = 0; i < frames->known.room; i++) {
		struct known *known = frames->known.slots[i].value;

		if (known)
			free(known->text);
		free(known);
	}
	map_free(&frames->known);
	free(frames);
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

void frames_learn(struct frames *frames, const char *line)
{
	struct frame_shape shape;
	struct frame f;
	size_t i;

	if (!frame_parse(line, &shape, &f) || f.empty || f.user)
		return;
	if (f.addr >> 63)
		frames->wide = true;
	for (i = 0; i < frames->nr; i++)
		if (frame_same_shape(&frames->shapes[i].shape, &shape))
			break;
	if (i == SHAPES_MAX)
		return;
	if (i == frames->nr)
		frames->shapes[frames->nr++].shape = shape;
	/* an address alone says less of the form than a name does */
	if (!shape.any_offset && frames->shapes[i].shape.any_offset)
		frames->shapes[i].shape = shape;
	if (++frames->shapes[i].votes > frames->shapes[frames->best].votes)
		frames->best = i;
}

const char *frames_lead(const struct frames *frames)
{
	return frames->nr ? frames->shapes[frames->best].shape.lead : "";
}

/* "  file.c:12", "  object[address]": perf script -F +srcline */
static bool is_source_line(const struct frames *frames, const char *line)
{
	const char *p = skip_blanks(line), *colon = strrchr(p, ':');
	size_t len = strlen(p);

	if (p == line || !len || strpbrk(p, " \t=") || !frames->nr ||
	    frames->shapes[frames->best].shape.arrow)
		return false;
	if (p[len - 1] == ']')
		return *p != '[' || memchr(p + 1, '[', len - 1);
	return colon && colon[1] && !colon[1 + strspn(colon + 1, "0123456789")];
}

static enum frame_kind parse_known(struct frames *frames, const char *line, uint64_t *addr)
{
	char name[256], module[64];
	struct frame_shape shape;
	struct frame f;

	if (!frame_parse(line, &shape, &f))
		return is_source_line(frames, line) ? FRAME_SKIPPED : FRAME_NOT;
	if (frames->nr && frames->shapes[frames->best].shape.arrow && !shape.arrow)
		return FRAME_NOT;
	/* users' functions have no offsets where perf maps tell them */
	if (f.user || (!shape.arrow && !shape.object && frames->wide && !(f.addr >> 63)) ||
	    f.empty)
		return FRAME_SKIPPED;
	if (frames->nr && !frame_same_shape(&frames->shapes[frames->best].shape, &shape))
		return FRAME_NOT;
	if (f.has_addr) {
		*addr = f.addr;
		return FRAME_KERNEL;
	}
	if (f.name_len >= sizeof(name) || f.module_len >= sizeof(module))
		return FRAME_NOT;
	memcpy(name, f.name, f.name_len);
	name[f.name_len] = '\0';
	if (f.module)
		memcpy(module, f.module, f.module_len);
	module[f.module_len] = '\0';
	*addr = symbols_by_name(frames->symbols, name, f.module ? module : NULL);
	return FRAME_KERNEL;
}

bool frames_like(const char *line)
{
	struct frame_shape shape;
	struct frame f;

	return frame_parse(line, &shape, &f);
}

bool frames_known(const struct frames *frames, const char *line, size_t len)
{
	const struct known *known = map_get(&frames->known, hash_bytes(line, len));

	/* once, it may have been torn then, too */
	return known && known->seen && known->len == len && !memcmp(known->text, line, len);
}

enum frame_kind frames_read(struct frames *frames, const char *line, size_t len, uint64_t *addr)
{
	uint64_t hash = hash_bytes(line, len);
	struct known *known = map_get(&frames->known, hash);

	if (known && known->len == len && !memcmp(known->text, line, len)) {
		*addr = known->addr;
		known->seen++;
		return known->kind;
	}
	*addr = 0;
	if (known || frames->known.used == KNOWN_MAX)
		return parse_known(frames, line, addr);
	known = xzalloc(sizeof(*known));
	known->kind = parse_known(frames, line, addr);
	if (known->kind == FRAME_NOT) {
		free(known);
		return FRAME_NOT;
	}
	known->addr = *addr;
	known->len = len;
	known->text = memcpy(xrealloc(NULL, len + 1, 1), line, len + 1);
	map_put(&frames->known, hash, known);
	return known->kind;
}
