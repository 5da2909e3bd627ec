/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Debug information of one file, the kernel's vmlinux or a module: which
 * functions the compiler put into others, with file and line, for an address
 * of the running kernel.
 *
 * Where the file's code ran is found by names: a function that both the file
 * and the recording have but once tells how far the kernel was moved (KASLR)
 * or where a section of the module was loaded.  All have to agree, or the file
 * is of another build.
 */
#ifndef PAGE_PINNER_DEBUGINFO_H
#define PAGE_PINNER_DEBUGINFO_H

#include <stdbool.h>
#include <stdint.h>

#include "trace/dwarf_frames.h"

struct debuginfo;

/**
 * typedef debug_where - tells where a function was while the kernel ran
 * @ctx: the teller
 * @name: the function
 * @module: its module, NULL for the kernel proper
 *
 * Return: the address; 0 if it is unknown or there are several of the name.
 */
typedef uint64_t (*debug_where)(void *ctx, const char *name, const char *module);

/**
 * typedef debug_function - takes the functions of a file
 * @ctx: the receiver
 * @name: the function
 * @addr: where it was while the kernel ran
 */
typedef void (*debug_function)(void *ctx, const char *name, uint64_t addr);

/**
 * debuginfo_open - open a file
 * @file: its name; as long as the debug information
 *
 * Return: its debug information, released by debuginfo_close(); NULL after an
 * error was reported.
 */
struct debuginfo *debuginfo_open(const char *file);

/**
 * debuginfo_module - whose code it is
 * @info: the debug information
 *
 * Return: name of the module, NULL for the kernel proper.
 */
const char *debuginfo_module(const struct debuginfo *info);

/**
 * debuginfo_place - find out where its code ran
 * @info: the debug information
 * @where: tells where functions were
 * @ctx: for @where
 *
 * Return: NULL, or why that is not known, words that go on from the file's name.
 */
const char *debuginfo_place(struct debuginfo *info, debug_where where, void *ctx);

/**
 * debuginfo_frames - the functions at an address that a call returns to
 * @info: the debug information, placed
 * @addr: of the running kernel
 * @sink: receives them
 * @ctx: for @sink
 *
 * Return: false if the file knows nothing of the address.
 */
bool debuginfo_frames(struct debuginfo *info, uint64_t addr, debug_sink sink, void *ctx);

/**
 * debuginfo_functions - all functions of the file
 * @info: the debug information, placed
 * @sink: receives them
 * @ctx: for @sink
 */
void debuginfo_functions(struct debuginfo *info, debug_function sink, void *ctx);

/**
 * debuginfo_close - release
 * @info: the debug information or NULL
 */
void debuginfo_close(struct debuginfo *info);

#endif /* PAGE_PINNER_DEBUGINFO_H */
