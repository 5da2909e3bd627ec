/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a victim wanted the page for, by its stack.  It is told to readers, and
 * no verdict depends on it.
 */
#ifndef PAGE_PINNER_WANTS_H
#define PAGE_PINNER_WANTS_H

#include <stdint.h>

#include "trace/trace.h"

/**
 * struct want - what was wanted
 * @verb: what the victim could not do with the page: "take", "offline"
 * @whom: for whom or what, NULL if the stack does not say
 * @function: the frame that says so, NULL if none does
 * @module: the first module in the stack: the driver that asked, NULL for none
 */
struct want {
	const char *verb;
	const char *whom;
	const char *function;
	const char *module;
};

/**
 * wants_find - what a victim wanted
 * @trace: the recording
 * @reason: of the failure, &enum pin_reason
 * @stack: the victim's
 * @first: index of its first frame to look at
 * @want: filled in
 */
void wants_find(const struct trace *trace, unsigned int reason, uint32_t stack, uint32_t first,
		struct want *want);

#endif
