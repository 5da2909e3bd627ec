/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Stacks as the trace has them: arrays of addresses, each distinct one kept
 * once and known by a number from then on.  Names come later, see classify.h.
 */
#ifndef PAGE_PINNER_STACK_H
#define PAGE_PINNER_STACK_H

#include <stddef.h>
#include <stdint.h>

/* The number of the empty stack: none was recorded. */
#define STACK_NONE 0
/* Deeper stacks are cut: the kernel records far fewer frames. */
#define STACK_MAX 256

struct stacks;

/**
 * stacks_new - a table that knows only the empty stack
 *
 * Return: the table, released by stacks_free().
 */
struct stacks *stacks_new(void);

/**
 * stacks_free - release a table
 * @stacks: the table or NULL
 */
void stacks_free(struct stacks *stacks);

/**
 * stacks_intern - the number of a stack
 * @stacks: the table
 * @frames: addresses, innermost first
 * @nr: how many; more than STACK_MAX are cut at the outer end
 *
 * Return: the same number for the same addresses, STACK_NONE for none.
 */
uint32_t stacks_intern(struct stacks *stacks, const uint64_t *frames, size_t nr);

/**
 * stacks_get - the addresses of a stack
 * @stacks: the table
 * @id: number from stacks_intern()
 * @nr: set to the number of frames
 *
 * Return: addresses, innermost first; valid until the next stacks_intern().
 */
const uint64_t *stacks_get(const struct stacks *stacks, uint32_t id, size_t *nr);

/**
 * stacks_count - how many distinct stacks there are
 * @stacks: the table
 *
 * Return: their number, the empty one included.
 */
uint32_t stacks_count(const struct stacks *stacks);

#endif
