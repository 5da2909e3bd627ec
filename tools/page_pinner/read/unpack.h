/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One layer of compression around a recording: gzip, xz, zstd or bzip2 through
 * their libraries, as many members as were put one behind the other.
 */
#ifndef PAGE_PINNER_UNPACK_H
#define PAGE_PINNER_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct unpack;

/**
 * typedef byte_source - gives the bytes of something
 * @ctx: of the giver
 * @buf: filled
 * @size: room in @buf
 *
 * Return: how many bytes there were, 0 at the end, -1 for an error (which the
 * giver knows more about).
 */
typedef ssize_t (*byte_source)(void *ctx, void *buf, size_t size);

/**
 * unpack_new - a layer, if the bytes begin one
 * @head: the beginning of the packed bytes
 * @size: how many of them
 * @from: gives the packed bytes from their first one on
 * @ctx: for @from
 * @limit: how many bytes it may unpack to
 *
 * Return: the layer, released by unpack_free(); NULL if nothing is packed.
 */
struct unpack *unpack_new(const void *head, size_t size, byte_source from, void *ctx,
			  uint64_t limit);

/**
 * unpack_read - unpacked bytes, a &typedef byte_source
 * @ctx: the layer
 * @buf: filled
 * @size: room in @buf
 *
 * Return: how many, 0 at the end; -1 if there is no more although it is not
 * the end, see unpack_fault().
 */
ssize_t unpack_read(void *ctx, void *buf, size_t size);

/**
 * unpack_fault - why there was no more
 * @unpack: the layer
 * @damaged: set to whether what was given before cannot be trusted either
 *
 * Return: words that go on from the name of the file, NULL if all is well.
 */
const char *unpack_fault(const struct unpack *unpack, bool *damaged);

/**
 * unpack_free - release
 * @unpack: the layer or NULL
 */
void unpack_free(struct unpack *unpack);

#endif /* PAGE_PINNER_UNPACK_H */
