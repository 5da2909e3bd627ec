/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The functions that one address stands for, by debug information.
 */
#ifndef PAGE_PINNER_DWARF_FRAMES_H
#define PAGE_PINNER_DWARF_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

struct Dwfl_Module;

/**
 * struct debug_frame - one function at an address
 * @function: its name
 * @file: where in the sources, "" if unknown
 * @line: in @file, 0 if unknown
 * @inlined: it was put into the function of the next frame
 */
struct debug_frame {
	const char *function;
	const char *file;
	unsigned int line;
	bool inlined;
};

/**
 * typedef debug_sink - takes the functions at an address
 * @ctx: the receiver
 * @frame: innermost first; the last one is not inlined; valid during the call
 */
typedef void (*debug_sink)(void *ctx, const struct debug_frame *frame);

/**
 * dwarf_frames - which functions an address is in
 * @mod: the file
 * @pc: the address, as the file has it
 * @sink: receives them, innermost first
 * @ctx: for @sink
 *
 * Return: false if the file does not tell.
 */
bool dwarf_frames(struct Dwfl_Module *mod, uint64_t pc, debug_sink sink, void *ctx);

#endif /* PAGE_PINNER_DWARF_FRAMES_H */
