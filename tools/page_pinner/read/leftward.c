// SPDX-License-Identifier: GPL-2.0
/*
 * A line read from right to left; see leftward.h.
 */
#include "read/leftward.h"

void left_skip_blanks(struct leftward *cur)
{
	while (cur->p > cur->start && left_blank(cur->p[-1]))
		cur->p--;
}

bool left_digits(struct leftward *cur, uint64_t *value)
{
	const char *end = cur->p, *p;

	while (cur->p > cur->start && left_digit(cur->p[-1]))
		cur->p--;
	if (cur->p == end || end - cur->p > 19)
		return false;
	for (*value = 0, p = cur->p; p < end; p++)
		*value = *value * 10 + (*p - '0');
	return true;
}

bool left_at_start(const struct leftward *cur)
{
	return cur->p == cur->start || left_blank(cur->p[-1]);
}

bool left_padded(struct leftward *cur, size_t width)
{
	const char *end = cur->p, *first;
	uint64_t value;

	if (!left_digits(cur, &value) || !left_at_start(cur))
		return false;
	first = cur->p;
	left_skip_blanks(cur);
	return cur->p == cur->start ||
	       (size_t)(first - cur->p) == 1 + width - (size_t)(end - first) ||
	       (first - cur->p == 1 && (size_t)(end - first) >= width);
}
