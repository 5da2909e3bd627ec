/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "page_pinner holders": what the kernel says is held now, in the words of the
 * report.
 *
 * held_reader -> held -> ledger of held -> findings -> rank -> render
 */
#ifndef PAGE_PINNER_HOLDERS_H
#define PAGE_PINNER_HOLDERS_H

/**
 * holders_main - read what the kernel says and say who holds what
 * @argc: number of arguments
 * @argv: the arguments, the command first
 *
 * Return: an exit code, see util.h.
 */
int holders_main(int argc, char **argv);

#endif
