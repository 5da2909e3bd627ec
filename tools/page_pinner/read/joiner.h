/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel writes an event's stack as a record of its own, right behind the
 * event on the same CPU, but an interrupt can write its own pair in between.
 * The joiner gives each event the stack that was written in the same context.
 */
#ifndef PAGE_PINNER_JOINER_H
#define PAGE_PINNER_JOINER_H

#include <stdint.h>

#include "trace/event.h"

struct joiner;

/**
 * struct record_context - who wrote a record; equal for an event and its stack
 * @buffer: which buffer it lies in
 * @cpu: where
 * @pid: running task
 * @flags: irq state and preemption count, packed
 */
struct record_context {
	int buffer;
	int cpu;
	int pid;
	uint32_t flags;
};

/**
 * joiner_new - nothing is waiting
 * @sink: receives events with their stacks
 * @ctx: for @sink
 *
 * Return: the joiner, released by joiner_free().
 */
struct joiner *joiner_new(event_sink sink, void *ctx);

/**
 * joiner_event - an event was read; it waits for its stack
 * @joiner: the joiner
 * @at: who wrote it
 * @ev: the event
 */
void joiner_event(struct joiner *joiner, const struct record_context *at,
		  const struct pin_event *ev);

/**
 * joiner_other - a record of some other kind was read
 * @joiner: the joiner
 * @at: who wrote it
 *
 * A stack that follows in the same context is not that of a waiting event.
 */
void joiner_other(struct joiner *joiner, const struct record_context *at);

/**
 * joiner_stack - a stack was read
 * @joiner: the joiner
 * @at: who wrote it
 * @stack: its number
 *
 * Return: true if an event waited for it.
 */
bool joiner_stack(struct joiner *joiner, const struct record_context *at, uint32_t stack);

/**
 * joiner_pass - hand on what has no stack, in its place among the events
 * @joiner: the joiner
 * @ev: the event
 */
void joiner_pass(struct joiner *joiner, const struct pin_event *ev);

/**
 * joiner_flush - hand on what still waits, stackless
 * @joiner: the joiner
 */
void joiner_flush(struct joiner *joiner);

/**
 * joiner_free - release; what waits is dropped
 * @joiner: the joiner or NULL
 */
void joiner_free(struct joiner *joiner);

#endif
