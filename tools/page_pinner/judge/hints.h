/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From where a reference was released to what took it and what to do about
 * it.  A guess by experience, always shown as one.
 */
#ifndef PAGE_PINNER_HINTS_H
#define PAGE_PINNER_HINTS_H

#include <stdint.h>

#include "judge/rules.h"
#include "trace/trace.h"

/**
 * hints_find - the hint for a stack
 * @trace: the recording
 * @stack: number of the stack
 * @first: index of the first frame to look at
 *
 * Return: the hint of the innermost frame that has one, NULL if none has.
 */
const struct hint *hints_find(const struct trace *trace, uint32_t stack, uint32_t first);

#endif
