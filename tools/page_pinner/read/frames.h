/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Lines of a stack.  How the frames of a text look is learned from the first
 * ones: what does not look so is no frame.
 */
#ifndef PAGE_PINNER_FRAMES_H
#define PAGE_PINNER_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;
struct frames;

/**
 * enum frame_kind - what a line is
 * @FRAME_NOT: no frame
 * @FRAME_KERNEL: a function of the kernel
 * @FRAME_SKIPPED: belongs to a stack but names no function of the kernel: a
 *	user's function, an end mark, a source line
 */
enum frame_kind {
	FRAME_NOT,
	FRAME_KERNEL,
	FRAME_SKIPPED,
};

/**
 * frames_new - nothing was learned
 * @symbols: gives addresses to functions that are known by name alone
 *
 * Return: the frames, released by frames_free().
 */
struct frames *frames_new(struct symbols *symbols);

/**
 * frames_free - release
 * @frames: the frames or NULL
 */
void frames_free(struct frames *frames);

/**
 * frames_learn - a line that may be a frame
 * @frames: the frames
 * @line: the line
 */
void frames_learn(struct frames *frames, const char *line);

/**
 * frames_read - is this line a frame of the learned form
 * @frames: the frames
 * @line: the line
 * @len: its length
 * @addr: set to its address if it is a %FRAME_KERNEL
 *
 * Return: what it is.
 */
enum frame_kind frames_read(struct frames *frames, const char *line, size_t len,
			    uint64_t *addr);

/**
 * frames_lead - what stands in front of each arrow
 * @frames: the frames
 *
 * Return: blanks, none if nothing was learned or frames have no arrows.
 */
const char *frames_lead(const struct frames *frames);

/**
 * frames_like - is this line a frame of any form
 * @line: the line
 *
 * Return: true if it is.
 */
bool frames_like(const char *line);

/**
 * frames_known - was this line read before, and more than once
 * @frames: the frames
 * @line: the line
 * @len: its length
 *
 * Return: true if it was, and is a frame.
 */
bool frames_known(const struct frames *frames, const char *line, size_t len);

#endif
