/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What others put in front of the lines of a trace: the quotes of a mail, the
 * time and level of the kernel's log, date and host of a system log.
 */
#ifndef PAGE_PINNER_ENVELOPE_H
#define PAGE_PINNER_ENVELOPE_H

/**
 * envelope_quotes - count the quotes of a mail
 * @line: the line; moved behind them
 *
 * Return: how many, 0 for none.
 */
unsigned int envelope_quotes(const char **line);

/**
 * envelope_unquote - take a number of quotes off
 * @line: the line
 * @quotes: how many
 *
 * Return: the line without them, NULL if there are fewer.
 */
const char *envelope_unquote(const char *line, unsigned int quotes);

/**
 * envelope_skip_log - take off what a log wrote
 * @line: the line
 *
 * A system log's date and host, printk's level, its time and its caller; the
 * time has to be there.
 *
 * Return: the message, NULL if the line is not one of a log.
 */
const char *envelope_skip_log(const char *line);

#endif
