/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Bytes that are read once, from the front, and never beyond their end; in
 * this machine's byte order or the other one.
 */
#ifndef PAGE_PINNER_CURSOR_H
#define PAGE_PINNER_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct cursor - a place in some bytes
 * @p: the next one
 * @end: behind the last one
 * @bad: more was asked for than there is; everything read since is zero
 * @swap: numbers are in the other byte order
 */
struct cursor {
	const unsigned char *p;
	const unsigned char *end;
	bool bad;
	bool swap;
};

/**
 * cursor_bytes - some bytes as they are
 * @c: the cursor
 * @size: how many
 *
 * Return: them, NULL if there are fewer.
 */
const void *cursor_bytes(struct cursor *c, uint64_t size);

/**
 * cursor_number - a number
 * @c: the cursor
 * @size: 1, 2, 4 or 8
 *
 * Return: the number, 0 if there are fewer bytes.
 */
uint64_t cursor_number(struct cursor *c, unsigned int size);

/**
 * cursor_name - a name that ends in a null byte
 * @c: the cursor, moved behind the null byte
 *
 * Return: the name, NULL if there is no null byte.
 */
const char *cursor_name(struct cursor *c);

/**
 * cursor_part - a part of what is left
 * @c: the cursor; stays where it is
 * @offset: from where
 * @size: how many bytes
 *
 * Return: a cursor over the part, bad if it does not lie within.
 */
struct cursor cursor_part(const struct cursor *c, uint64_t offset, uint64_t size);

/**
 * cursor_left - how much is left
 * @c: the cursor
 *
 * Return: bytes, 0 if it is bad.
 */
uint64_t cursor_left(const struct cursor *c);

#endif /* PAGE_PINNER_CURSOR_H */
