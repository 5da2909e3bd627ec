/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "page_pinner report": a recording to a report.
 *
 * reader -> event -> ledger -> pair -> deduce -> findings -> rank -> render
 */
#ifndef PAGE_PINNER_REPORT_H
#define PAGE_PINNER_REPORT_H

/**
 * report_main - read a recording and say who held what
 * @argc: number of arguments
 * @argv: the arguments, the command first
 *
 * Return: an exit code, see util.h.
 */
int report_main(int argc, char **argv);

#endif
