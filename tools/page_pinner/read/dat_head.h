/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What every record of a trace.dat begins with, whatever its event.
 */
#ifndef PAGE_PINNER_DAT_HEAD_H
#define PAGE_PINNER_DAT_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tep_event;
struct tep_format_field;
struct tep_handle;

/**
 * struct dat_heads - where it stands
 * @tep: of the file
 * @type: field for the number of the event
 * @pid: field for the running task
 * @flags: field for the irq state
 * @preempt: field for the preemption count
 * @plain: they are where all kernels have had them, in our byte order
 */
struct dat_heads {
	struct tep_handle *tep;
	const struct tep_format_field *type;
	const struct tep_format_field *pid;
	const struct tep_format_field *flags;
	const struct tep_format_field *preempt;
	bool plain;
};

/**
 * struct dat_head - the same of one record
 * @type: number of the event
 * @pid: running task
 * @flags: irq state and preemption count, packed
 */
struct dat_head {
	int type;
	int pid;
	uint32_t flags;
};

/**
 * dat_heads_init - find out where it stands
 * @heads: filled
 * @tep: of the file
 * @event: any event: it is the same in all of them
 *
 * Return: false if there is no number of the event or no task.
 */
bool dat_heads_init(struct dat_heads *heads, struct tep_handle *tep, struct tep_event *event);

/**
 * dat_head_read - read it
 * @heads: where it stands
 * @data: the record
 * @size: its length; what it is too short for is 0
 *
 * Return: its head.
 */
struct dat_head dat_head_read(const struct dat_heads *heads, const void *data, size_t size);

#endif
