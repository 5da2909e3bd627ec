// SPDX-License-Identifier: GPL-2.0
/*
 * Quotes and logs around a trace; see envelope.h.
 */
#include "read/envelope.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define QUOTES_MAX 9

unsigned int envelope_quotes(const char **line)
{
	const char *p = *line;
	unsigned int nr = 0;

	while (*p == '>' && nr < QUOTES_MAX) {
		p += p[1] == ' ' ? 2 : 1;
		nr++;
	}
	*line = p;
	return nr;
}

const char *envelope_unquote(const char *line, unsigned int quotes)
{
	while (quotes--) {
		if (*line != '>')
			return NULL;
		line += line[1] == ' ' ? 2 : 1;
	}
	return line;
}

/* "[   12.345678]", "[    T123]", "[Mon Jun  1 12:00:00 2020]" */
static const char *skip_bracket(const char *p, bool *stamp)
{
	const char *end = strchr(p, ']'), *q;
	size_t digits = 0, dots = 0, colons = 0;

	if (*p != '[' || !end || end - p > 40)
		return NULL;
	for (q = p + 1; q < end; q++) {
		digits += isdigit((unsigned char)*q) != 0;
		dots += *q == '.';
		colons += *q == ':';
	}
	q = p + 1 + strspn(p + 1, " ");
	if (digits > 5 && ((dots == 1 && q + digits + 1 == end) || colons == 2))
		*stamp = true;
	else if (!digits || !strchr("TC", *q) || q + 1 + digits != end)
		return NULL;
	return end + 1 + (end[1] == ' ');
}

/* "<4>", "kern  :warn  : " as dmesg -x has it */
static const char *skip_level(const char *p)
{
	const char *q;

	if (*p == '<' && isdigit((unsigned char)p[1])) {
		for (q = p + 1; isdigit((unsigned char)*q); q++)
			;
		return *q == '>' ? q + 1 : p;
	}
	if (strncmp(p, "kern", 4))
		return p;
	q = strchr(p, ':');
	q = q && q - p < 10 ? strchr(q + 1, ':') : NULL;
	return q && q - p < 24 ? q + 1 + (q[1] == ' ') : p;
}

/* "Jun  1 12:00:00 host kernel: ", whatever the form of the date */
static const char *skip_syslog(const char *p)
{
	const char *kernel = strstr(p, " kernel: ");

	if (!isalnum((unsigned char)*p) || !kernel || kernel - p > 120)
		return p;
	return kernel + 9;
}

const char *envelope_skip_log(const char *line)
{
	const char *p = line, *next;
	bool stamp = false;

	if (*p != '[')
		p = skip_syslog(p);
	p = skip_level(p);
	while ((next = skip_bracket(p, &stamp)) != NULL)
		p = next;
	if (!stamp)
		return NULL;
	/* journalctl -o short-monotonic has the host behind the time */
	next = strstr(p, " kernel: ");
	if (next && next - p < 64 && !memchr(p, ' ', next - p))
		p = next + 9;
	return p;
}
