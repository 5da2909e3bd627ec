/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Messages, memory, growing arrays, strings and one hash table: what every
 * other module of the post-processor stands on.  Nothing here knows of pages.
 */
#ifndef PAGE_PINNER_UTIL_H
#define PAGE_PINNER_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Exit codes, documented in page_pinner(1). */
#define EXIT_COMPLETE 0
#define EXIT_FAILED 1
#define EXIT_USAGE 2
#define EXIT_LOST 3

/**
 * report_error - say on standard error why something failed
 * @fmt: printf format, usually "%s: why" with the file's or option's name
 *
 * Prepends the program's name, replaces control characters, ends the line.
 */
void report_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * xrealloc - realloc that does not fail
 * @p: memory of an earlier call or NULL
 * @n: elements wanted
 * @size: of one element
 *
 * Return: memory for @n elements; exits with status 1 where there is none.
 */
void *xrealloc(void *p, size_t n, size_t size);

/**
 * xzalloc - zeroed memory that is always there
 * @size: bytes wanted
 *
 * Return: the memory; exits with status 1 where there is none.
 */
void *xzalloc(size_t size);

/**
 * xstrdup - copy of a string that is always there
 * @s: string or NULL
 *
 * Return: the copy, NULL for NULL.
 */
char *xstrdup(const char *s);

/**
 * read_file - a whole file as text
 * @file: its name
 * @size: set to its size in bytes
 *
 * Return: the text with a null byte behind it, to be freed; NULL with errno.
 */
char *read_file(const char *file, size_t *size);

/**
 * VEC_PUSH - append to an array that grows; of large elements often there is one
 * @array: pointer to the elements
 * @nr: number in use, incremented
 * @room: number allocated
 * @value: what to append
 */
#define VEC_PUSH(array, nr, room, value) do {				\
	if ((nr) == (room)) {						\
		(room) = (room) ? (room) * 2 :				\
			 sizeof(*(array)) > 16 ? 1 : 8;			\
		(array) = xrealloc((array), (room), sizeof(*(array)));	\
	}								\
	(array)[(nr)++] = (value);					\
} while (0)

/**
 * struct map - hash table from a 64-bit key to a pointer
 * @slots: open addressing, a NULL value is a free slot
 * @room: number of slots, a power of two or 0
 * @used: number of entries
 *
 * Zeroed memory is an empty map.
 */
struct map {
	struct map_slot *slots;
	size_t room;
	size_t used;
};

/**
 * struct map_slot - one entry
 * @key: its key
 * @value: never NULL for an entry in use
 */
struct map_slot {
	uint64_t key;
	void *value;
};

/**
 * map_get - look up
 * @map: the table
 * @key: the key
 *
 * Return: the value or NULL.
 */
void *map_get(const struct map *map, uint64_t key);

/**
 * map_put - insert or replace
 * @map: the table
 * @key: the key
 * @value: not NULL
 */
void map_put(struct map *map, uint64_t key, void *value);

/**
 * map_del - remove if present
 * @map: the table
 * @key: the key
 */
void map_del(struct map *map, uint64_t key);

/**
 * map_free - release the table, not the values
 * @map: the table, empty afterwards
 */
void map_free(struct map *map);

/**
 * hash_bytes - a 64-bit hash
 * @data: bytes to hash
 * @size: how many
 *
 * Return: the hash; equal bytes give equal hashes on every machine of the
 * same endianness.
 */
uint64_t hash_bytes(const void *data, size_t size);

/**
 * glob_match - does a name match a pattern
 * @pattern: text in which '*' stands for any run of characters
 * @name: the name
 *
 * Return: true if it does.
 */
bool glob_match(const char *pattern, const char *name);

/**
 * glob_match_any - does a name match one of several patterns
 * @patterns: patterns as for glob_match(), separated by blanks
 * @name: the name
 *
 * Return: true if it does.
 */
bool glob_match_any(const char *patterns, const char *name);

/**
 * struct strbuf - text that grows
 * @text: NUL-terminated once anything was added, else NULL
 * @len: length without the NUL
 * @room: bytes allocated
 */
struct strbuf {
	char *text;
	size_t len;
	size_t room;
};

/**
 * strbuf_add - append formatted text
 * @sb: the text
 * @fmt: printf format
 */
void strbuf_add(struct strbuf *sb, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * sort_mostly - qsort() for what is mostly in order already
 * @base: the elements
 * @nr: how many
 * @size: of each
 * @compare: as for qsort()
 */
void sort_mostly(void *base, size_t nr, size_t size, int (*compare)(const void *, const void *));

#endif
