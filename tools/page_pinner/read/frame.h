/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One line of a stack, as tracefs, trace-cmd and perf print it.
 */
#ifndef PAGE_PINNER_FRAME_H
#define PAGE_PINNER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_LEAD_MAX 15

/**
 * struct frame_shape - what does not change from frame to frame
 * @lead: blanks in front of "=>", "" for perf
 * @arrow: it has "=>"
 * @offset: "+0x1" stands behind the name
 * @any_offset: it could: an address has none
 * @address: the address stands behind the name
 * @object: the object does, as perf has it
 */
struct frame_shape {
	char lead[FRAME_LEAD_MAX + 1];
	bool arrow;
	bool offset;
	bool any_offset;
	bool address;
	bool object;
};

/**
 * struct frame - what a line says
 * @name: of the function; not NUL-terminated
 * @name_len: its length, 0 if there is none
 * @module: of the function, NULL if there is none; not NUL-terminated
 * @module_len: its length
 * @addr: the address
 * @has_addr: it stands for the name
 * @user: it is no function of the kernel
 * @empty: "=>" alone
 */
struct frame {
	const char *name;
	size_t name_len;
	const char *module;
	size_t module_len;
	uint64_t addr;
	bool has_addr;
	bool user;
	bool empty;
};

/**
 * frame_parse - read a line
 * @line: the line
 * @shape: set to its form
 * @f: set to what it says
 *
 * Return: false if it is no frame.
 */
bool frame_parse(const char *line, struct frame_shape *shape, struct frame *f);

/**
 * frame_same_shape - can two lines be frames of one text
 * @a: the form of one
 * @b: that of the other
 *
 * Return: true if they can.
 */
bool frame_same_shape(const struct frame_shape *a, const struct frame_shape *b);

/**
 * frame_aligned - does a frame's address stand where no event's task can
 * @line: the line
 *
 * Return: true for the column that perf script prints addresses in.
 */
bool frame_aligned(const char *line);

/**
 * frame_is_users - is this line a frame of a user's stack, as the kernel prints it
 * @line: the line
 *
 * Return: true for an address, or a file with a place in it, behind an arrow.
 */
bool frame_is_users(const char *line);

/**
 * frame_raw - read a stack that is printed as bytes
 * @text: "size=18 caller=ARRAY[77, 90, ...]"
 * @addrs: set
 * @room: how many fit
 *
 * Return: how many there are.
 */
size_t frame_raw(const char *text, uint64_t *addrs, size_t room);

#endif /* PAGE_PINNER_FRAME_H */
