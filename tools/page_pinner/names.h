/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names of kernel addresses from a file of the user's.
 */
#ifndef PAGE_PINNER_NAMES_H
#define PAGE_PINNER_NAMES_H

#include "trace/trace.h"

/**
 * names_read - names for what has none of its own
 * @trace: gets the names
 * @file: a copy of /proc/kallsyms
 *
 * Return: 0, or -1 after an error was reported.
 */
int names_read(struct trace *trace, const char *file);

#endif
