/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "page_pinner record": trace-cmd with the right events, stacks and buffers.
 */
#ifndef PAGE_PINNER_RECORD_H
#define PAGE_PINNER_RECORD_H

#include "cli.h"

/* The table of its options. */
extern const struct cli_command record_command;

/**
 * record_main - run trace-cmd record and say what was lost
 * @argc: number of arguments
 * @argv: the arguments, the command first
 *
 * Return: an exit code, see util.h; that of the recorded command is not
 * looked at.
 */
int record_main(int argc, char **argv);

#endif
