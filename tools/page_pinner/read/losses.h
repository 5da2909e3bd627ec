/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How recorders and the kernel say in text that something is missing.
 */
#ifndef PAGE_PINNER_LOSSES_H
#define PAGE_PINNER_LOSSES_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct loss - what is missing
 * @events: how many, 0 if that is not said
 * @cpu: where, -1 if that is not said
 * @oldest: what is missing was overwritten: it is what came before the rest
 */
struct loss {
	uint64_t events;
	int cpu;
	bool oldest;
};

/**
 * loss_in_line - does a line that is no event tell of a loss
 * @line: the line
 * @loss: set
 *
 * Return: true if it does.
 */
bool loss_in_line(const char *line, struct loss *loss);

/**
 * loss_in_record - does what stands behind the columns tell of a loss
 * @rest: the name of an event or of a record of perf
 * @loss: set
 *
 * Return: true if it does.
 */
bool loss_in_record(const char *rest, struct loss *loss);

#endif
