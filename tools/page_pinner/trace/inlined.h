/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a frame of a stack stands for: one function by the symbols, or, where
 * the user gave debug information, the functions that the compiler put into it
 * as well, with file and line.  It is for people to read: verdicts do not
 * depend on it.
 */
#ifndef PAGE_PINNER_INLINED_H
#define PAGE_PINNER_INLINED_H

#include <stddef.h>
#include <stdint.h>

#include "trace/debuginfo.h"

struct guard;
struct inlined;
struct symbols;

/**
 * inlined_new - no debug information
 * @syms: functions by address
 * @guard: where to find the guard that is told when libdw is at work
 *
 * Return: the table, released by inlined_free().
 */
struct inlined *inlined_new(struct symbols *syms, struct guard *const *guard);

/**
 * inlined_add - debug information of the user's
 * @in: the table
 * @file: vmlinux, a module, or a directory with modules below it; as long as
 *	the table
 *
 * Return: 0, or -1 after an error was reported.
 */
int inlined_add(struct inlined *in, const char *file);

/**
 * inlined_landmark - the recording says where a symbol was
 * @in: the table or NULL
 * @name: the symbol, "_text" or "_stext"
 * @addr: where
 *
 * Where there are no symbols, those of vmlinux are taken from then on.
 */
void inlined_landmark(struct inlined *in, const char *name, uint64_t addr);

/**
 * inlined_list - the functions that a frame stands for
 * @in: the table
 * @addr: of a stack
 * @frames: set to them, innermost first; the last one is what symbols_find()
 *	says; live as long as the table
 *
 * Return: how many, one at least.
 */
size_t inlined_list(struct inlined *in, uint64_t addr, const struct debug_frame **frames);

/**
 * inlined_free - release
 * @in: the table or NULL
 */
void inlined_free(struct inlined *in);

#endif /* PAGE_PINNER_INLINED_H */
