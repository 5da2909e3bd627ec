// SPDX-License-Identifier: GPL-2.0
/*
 * Words for what is missing; see losses.h.
 */
#include "read/losses.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

/* The first number behind @word, 0 if there is none close by. */
static uint64_t number_behind(const char *line, const char *word)
{
	const char *p = strstr(line, word);

	if (!p)
		return 0;
	p += strlen(word);
	p += strspn(p, " :");
	return isdigit((unsigned char)*p) ? strtoull(p, NULL, 10) : 0;
}

bool loss_in_record(const char *rest, struct loss *loss)
{
	if (strncmp(rest, "PERF_RECORD_", 12))
		return false;
	rest += 12;
	if (!strncmp(rest, "LOST", 4)) {
		loss->events = number_behind(rest, "lost");
		return true;
	}
	return !strncmp(rest, "THROTTLE", 8);
}

/* "# entries-in-buffer/entries-written: 338/500004   #P:2" */
static bool header(const char *line, struct loss *loss)
{
	const char *p = strstr(line, "entries-written: ");
	uint64_t have, written;
	char *end;

	if (p)
		p += 17;
	else if (strstr(line, " latency: ") && (p = strchr(line + 1, '#')) != NULL)
		p++;
	else
		return false;
	have = strtoull(p, &end, 10);
	if (end == p || *end != '/')
		return false;
	written = strtoull(end + 1, NULL, 10);
	if (written <= have)
		return false;
	loss->events = written - have;
	loss->oldest = true;
	return true;
}

/* "CPU:1 [LOST 12 EVENTS]", "CPU:1 [12 EVENTS DROPPED]", without a number, too */
static bool hole(const char *line, struct loss *loss)
{
	const char *cpu = strstr(line, "CPU:"), *p;

	if (!cpu || !isdigit((unsigned char)cpu[4]))
		return false;
	p = cpu + 4 + strspn(cpu + 4, "0123456789");
	p += strspn(p, " \t");
	if (strncmp(p, "[LOST ", 6) && !(*p == '[' && strstr(p, "EVENTS DROPPED]")))
		return false;
	loss->cpu = atoi(cpu + 4);
	p += strcspn(p, "0123456789]");
	loss->events = strtoull(p, NULL, 10);
	return true;
}

/* "##### CPU 1 buffer started ####": what came before was overwritten */
static bool started(const char *line, struct loss *loss)
{
	const char *p = strstr(line, "##### CPU ");

	if (!p || !strstr(p, " buffer started ####"))
		return false;
	loss->cpu = atoi(p + 10);
	loss->oldest = true;
	return true;
}

/* Sums, as trace-cmd, perf and the kernel's log write them. */
static bool sum(const char *line, struct loss *loss)
{
	static const char *const words[] = {
		"overrun:", "dropped events:", " and lost ", "** ",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		loss->events = number_behind(line, words[i]);
		if (!loss->events)
			continue;
		if (words[i][0] == ' ' && !strstr(line, "Processed "))
			continue;
		if (words[i][0] == '*') {
			/* lines of the log, not events */
			loss->events = 0;
			if (!strstr(line, " printk messages dropped"))
				continue;
		}
		return true;
	}
	return false;
}

/* "[...]", "<snip>", "--- 8< ---": somebody left something out. */
static bool left_out(const char *line)
{
	static const char *const words[] = {
		"snip", "[...]", "<...>", "(...)", "8<", ">8", "truncated", "omitted", "skipped",
	};
	size_t len = strlen(line), i;

	if (len > 60 || strpbrk(line, "=") || !strpbrk(line, "[<(-"))
		return false;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (strstr(line, words[i]))
			return !strchr(line, ':');
	return false;
}

bool loss_in_line(const char *line, struct loss *loss)
{
	const char *record = strstr(line, "PERF_RECORD_");

	*loss = (struct loss){ .cpu = -1 };
	return (record && loss_in_record(record, loss)) || header(line, loss) ||
	       hole(line, loss) || started(line, loss) || sum(line, loss) || left_out(line);
}
