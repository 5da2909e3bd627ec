/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terminal that the report is written to, if it is one.
 */
#ifndef PAGE_PINNER_TERMINAL_H
#define PAGE_PINNER_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/**
 * struct pager - a program that shows text page by page
 * @out: what is to be shown goes here
 * @pid: of the program
 */
struct pager {
	FILE *out;
	pid_t pid;
};

/**
 * terminal_width - columns of the terminal on standard output
 *
 * $COLUMNS goes first, as in the tools of perf and git.
 *
 * Return: columns, 0 if it is no terminal and nobody said how many.
 */
int terminal_width(void);

/**
 * pager_open - start the user's pager if standard output is a terminal
 * @pager: to be filled in
 *
 * $PAGE_PINNER_PAGER, $PAGER or less; "" and "cat" mean none.  Where it cannot
 * be started the text is shown as it is.
 *
 * Return: true if text goes to @pager->out, false if there is no pager.
 */
bool pager_open(struct pager *pager);

/**
 * pager_close - wait until the user has read it
 * @pager: from pager_open()
 */
void pager_close(struct pager *pager);

#endif /* PAGE_PINNER_TERMINAL_H */
