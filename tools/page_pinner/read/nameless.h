/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files that nobody else sees and that are gone when they are closed, in $TMPDIR
 * or /tmp.
 */
#ifndef PAGE_PINNER_NAMELESS_H
#define PAGE_PINNER_NAMELESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/**
 * nameless_open - make one
 *
 * Return: its descriptor, -1 with errno set.
 */
int nameless_open(void);

/**
 * nameless_stream - make one to be written and read
 * @name: of the recording, for messages
 *
 * Return: the stream, NULL after an error was reported.
 */
FILE *nameless_stream(const char *name);

/**
 * nameless_write - write all of some bytes
 * @fd: the file
 * @buf: the bytes; where they are null, a hole is left
 * @size: how many
 *
 * Return: 0, or -1 with errno set.
 */
int nameless_write(int fd, const unsigned char *buf, size_t size);

/**
 * nameless_zeros - are bytes all null
 * @buf: the bytes
 * @size: how many
 *
 * Return: true if they are.
 */
bool nameless_zeros(const unsigned char *buf, size_t size);

/**
 * nameless_copy - a longer copy of a file
 * @name: of the recording, for messages
 * @fd: the file
 * @size: of the copy; behind the file's bytes it has null bytes
 *
 * Return: its descriptor, for the caller to close; -1 after an error was
 * reported.
 */
int nameless_copy(const char *name, int fd, uint64_t size);

/**
 * nameless_fault - report that something cannot be kept, by errno
 * @name: of the recording
 */
void nameless_fault(const char *name);

#endif /* PAGE_PINNER_NAMELESS_H */
