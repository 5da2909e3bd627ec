// SPDX-License-Identifier: GPL-2.0
/*
 * Messages, memory, growing arrays, strings and one hash table; see util.h.
 */
#include "util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void report_error(const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	char *c;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	fprintf(stderr, "page_pinner: %s\n", text);
}

void *xrealloc(void *p, size_t n, size_t size)
{
	void *q = NULL;

	if (!size || n <= SIZE_MAX / size)
		q = realloc(p, n && size ? n * size : 1);
	if (!q) {
		report_error("out of memory");
		exit(1);
	}
	return q;
}

void *xzalloc(size_t size)
{
	return memset(xrealloc(NULL, 1, size), 0, size);
}

char *xstrdup(const char *s)
{
	size_t size;

	if (!s)
		return NULL;
	size = strlen(s) + 1;
	return memcpy(xrealloc(NULL, size, 1), s, size);
}

static uint64_t mix(uint64_t x)
{
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	x ^= x >> 32;
	x *= 0xd6e8feb86659fd93ULL;
	return x ^ (x >> 32);
}

uint64_t hash_bytes(const void *data, size_t size)
{
	const unsigned char *p = data;
	uint64_t h = size, odd = 0, word;

	/* stacks are hashed for every event: two chains, stirred as little as will do */
	for (; size >= 16; size -= 16, p += 16) {
		memcpy(&word, p, 8);
		h = (h ^ word) * 0x9e3779b97f4a7c15ULL;
		h ^= h >> 29;
		memcpy(&word, p + 8, 8);
		odd = (odd ^ word) * 0xd6e8feb86659fd93ULL;
		odd ^= odd >> 31;
	}
	h = mix(h ^ odd);
	if (size >= 8) {
		memcpy(&word, p, 8);
		h = mix(h ^ word);
		size -= 8;
		p += 8;
	}
	word = 0;
	if (size)
		memcpy(&word, p, size);
	return mix(h ^ word);
}

static struct map_slot *map_find(const struct map *map, uint64_t key)
{
	size_t i = mix(key) & (map->room - 1);

	while (map->slots[i].value && map->slots[i].key != key)
		i = (i + 1) & (map->room - 1);
	return &map->slots[i];
}

void *map_get(const struct map *map, uint64_t key)
{
	return map->room ? map_find(map, key)->value : NULL;
}

static void map_grow(struct map *map)
{
	struct map old = *map;
	size_t i;

	map->room = old.room ? old.room * 2 : 64;
	map->slots = xzalloc(map->room * sizeof(*map->slots));
	for (i = 0; i < old.room; i++)
		if (old.slots[i].value)
			*map_find(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

void map_put(struct map *map, uint64_t key, void *value)
{
	struct map_slot *slot;

	if ((map->used + 1) * 3 > map->room * 2)
		map_grow(map);
	slot = map_find(map, key);
	if (!slot->value)
		map->used++;
	slot->key = key;
	slot->value = value;
}

void map_del(struct map *map, uint64_t key)
{
	struct map_slot *slot;
	size_t hole, i, home;

	if (!map->room)
		return;
	slot = map_find(map, key);
	if (!slot->value)
		return;
	map->used--;
	hole = slot - map->slots;
	/* Close the gap: a probe must never meet a free slot too early. */
	for (i = (hole + 1) & (map->room - 1); map->slots[i].value;
	     i = (i + 1) & (map->room - 1)) {
		home = mix(map->slots[i].key) & (map->room - 1);
		if (((i - home) & (map->room - 1)) >=
		    ((i - hole) & (map->room - 1))) {
			map->slots[hole] = map->slots[i];
			hole = i;
		}
	}
	map->slots[hole].value = NULL;
}

void map_free(struct map *map)
{
	free(map->slots);
	memset(map, 0, sizeof(*map));
}

bool glob_match(const char *pattern, const char *name)
{
	const char *star = NULL, *retry = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = name;
		} else if (*pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

bool glob_match_any(const char *patterns, const char *name)
{
	const char *p = patterns;
	char pattern[128];

	while (*p) {
		size_t len = strcspn(p, " ");

		if (len && len < sizeof(pattern)) {
			memcpy(pattern, p, len);
			pattern[len] = '\0';
			if (glob_match(pattern, name))
				return true;
		}
		p += len + strspn(p + len, " ");
	}
	return false;
}

void strbuf_add(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if (sb->len + n + 1 > sb->room) {
		sb->room = (sb->len + n + 1) * 2;
		sb->text = xrealloc(sb->text, sb->room, 1);
	}
	va_start(ap, fmt);
	vsnprintf(sb->text + sb->len, n + 1, fmt, ap);
	va_end(ap);
	sb->len += n;
}

char *read_file(const char *file, size_t *size)
{
	FILE *in = fopen(file, "r");
	char *text = NULL;
	size_t room = 0, got;
	int error;

	*size = 0;
	if (!in)
		return NULL;
	do {
		if (room < *size + 65536) {
			room = room ? room * 2 : 1 << 20;
			text = xrealloc(text, room, 1);
		}
		got = fread(text + *size, 1, room - *size - 1, in);
		*size += got;
	} while (got);
	error = ferror(in) ? errno : 0;
	fclose(in);
	if (error) {
		free(text);
		errno = error;
		return NULL;
	}
	text[*size] = '\0';
	return text;
}

void sort_mostly(void *base, size_t nr, size_t size, int (*compare)(const void *, const void *))
{
	char *at = base;
	size_t i;

	for (i = 1; i < nr; i++, at += size)
		if (compare(at, at + size) > 0)
			break;
	if (i < nr)
		qsort(base, nr, size, compare);
}
