/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A trace.dat whose end is missing.  Version 6 of the format says in front
 * where the data of each CPU are, so what came before the cut can be read;
 * libtracecmd crashes on such files unless they are as long as they should be.
 * Version 7 says it at the end: nothing can be read there.
 */
#ifndef PAGE_PINNER_DAT_CUT_H
#define PAGE_PINNER_DAT_CUT_H

#include <stdint.h>

/**
 * dat_cut_size - how long the file should be
 * @fd: a trace.dat
 *
 * Return: its full size if that is known and the file is shorter, else 0.
 */
uint64_t dat_cut_size(int fd);

#endif /* PAGE_PINNER_DAT_CUT_H */
