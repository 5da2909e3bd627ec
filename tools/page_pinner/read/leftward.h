/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A line that is read from right to left.
 */
#ifndef PAGE_PINNER_LEFTWARD_H
#define PAGE_PINNER_LEFTWARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct leftward - a place in a line
 * @start: of the line
 * @p: everything from here on was read
 */
struct leftward {
	const char *start;
	const char *p;
};

/**
 * left_blank - is it a blank
 * @c: the character
 *
 * Return: true for a blank or tab.
 */
static inline bool left_blank(char c)
{
	return c == ' ' || c == '\t';
}

/**
 * left_digit - is it a decimal digit
 * @c: the character
 *
 * Return: true if it is.
 */
static inline bool left_digit(char c)
{
	return c >= '0' && c <= '9';
}

/**
 * left_skip_blanks - skip the blanks that end here
 * @cur: the place, moved
 */
void left_skip_blanks(struct leftward *cur);

/**
 * left_digits - read the number that ends here
 * @cur: the place, moved
 * @value: set to the number
 *
 * Return: false if there is none, or it has too many digits.
 */
bool left_digits(struct leftward *cur, uint64_t *value);

/**
 * left_at_start - is this the start of a word
 * @cur: the place
 *
 * Return: true at the start of the line and behind a blank.
 */
bool left_at_start(const struct leftward *cur);

/**
 * left_padded - is the number that ends here printed with a least width
 * @cur: the place, moved over it and the blanks in front
 * @width: its width, with one blank more in front
 *
 * Return: true if it is.
 */
bool left_padded(struct leftward *cur, size_t width);

#endif
