// SPDX-License-Identifier: GPL-2.0
/*
 * Columns by themselves; see column.h.
 */
#include "read/column.h"

#include <ctype.h>
#include <string.h>

/* "12.345678:", "12345us+:", "12345us :" or "12345:" */
bool column_time(struct leftward *cur, struct columns *seen, struct head *h)
{
	static const uint64_t units[] = {
		1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1
	};
	const char *end;
	uint64_t value, seconds;

	cur->p--;
	seen->time = TIME_TICKS;
	if (cur->p - cur->start > 3 && strchr(" +!#*@$", cur->p[-1]) && cur->p[-2] == 's' &&
	    cur->p[-3] == 'u')
		cur->p--;
	if (cur->p - cur->start > 2 && cur->p[-1] == 's' && cur->p[-2] == 'u') {
		cur->p -= 2;
		seen->time = TIME_MICROS;
	}
	end = cur->p;
	if (!left_digits(cur, &value))
		return false;
	h->ts = seen->time == TIME_MICROS ? value * 1000 : value;
	if (cur->p > cur->start && cur->p[-1] == '.' && seen->time == TIME_TICKS) {
		seen->fraction = end - cur->p;
		cur->p--;
		if (seen->fraction > 9 || !left_digits(cur, &seconds))
			return false;
		seen->time = TIME_SECONDS;
		h->ts = seconds * 1000000000 + value * units[seen->fraction];
	}
	return left_at_start(cur);
}

static bool is_flags(const char *s, size_t len)
{
	size_t i;

	if (len < 1 || len > 10)
		return false;
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '.' && s[i] != '#')
			return false;
	return true;
}

/* "[000]" */
bool column_brackets(struct leftward *cur, struct head *h)
{
	struct leftward c = *cur;
	uint64_t cpu;

	if (c.p == c.start || *--c.p != ']' || !left_digits(&c, &cpu) || cpu > 1 << 16)
		return false;
	if (c.p == c.start || *--c.p != '[' || !left_at_start(&c))
		return false;
	h->cpu = cpu;
	*cur = c;
	return true;
}

/*
 * "0d..1": the first flag is no digit, so the CPU's number ends there; "0-0x1" of
 * trace-cmd report -R
 */
bool column_latency(struct leftward *cur, struct head *h)
{
	const char *end = cur->p, *p = end;
	struct leftward c = *cur;
	uint64_t cpu;

	while (p > c.start && !left_blank(p[-1]) && end - p < 16)
		p--;
	c.p = p;
	while (c.p < end && left_digit(*c.p))
		c.p++;
	h->flags = c.p;
	h->flags_len = end - c.p;
	if (c.p == p || h->flags_len < 3 || !strchr("dDbBX.-", *c.p) ||
	    !is_flags(c.p + (*c.p == '-'), h->flags_len - (*c.p == '-')) || !left_digits(&c, &cpu) || cpu > 1 << 16)
		return false;
	h->cpu = cpu;
	cur->p = p;
	return left_at_start(cur);
}

/* Flags between CPU and time, at most two words of them. */
bool column_cpu(struct leftward *cur, struct head *h)
{
	struct leftward c = *cur;
	const char *end;
	int words;

	for (words = 0; words < 3; words++) {
		if (column_brackets(&c, h)) {
			*cur = c;
			return true;
		}
		end = c.p;
		while (c.p > c.start && !left_blank(c.p[-1]))
			c.p--;
		if (!is_flags(c.p, end - c.p))
			return false;
		h->flags = c.p;
		h->flags_len = end - c.p;
		left_skip_blanks(&c);
	}
	return false;
}

/* "(  123)", "(-----)" */
bool column_tgid(struct leftward *cur)
{
	const char *p = cur->p;

	if (p == cur->start || p[-1] != ')')
		return false;
	for (p--; p > cur->start && (left_digit(p[-1]) || p[-1] == '-' || p[-1] == ' '); p--)
		;
	if (p == cur->start || p[-1] != '(')
		return false;
	cur->p = p - 1;
	return true;
}
