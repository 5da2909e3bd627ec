// SPDX-License-Identifier: GPL-2.0
/*
 * The columns in front of an event; see heads.h.
 *
 * They are read from right to left: the event's name is certain and so is the
 * form of what stands next to it, while the leftmost column, the task's name,
 * is anybody's choice.
 */
#include "read/heads.h"

#include <ctype.h>
#include <string.h>

#include "read/column.h"
#include "read/envelope.h"
#include "read/leftward.h"
#include "util.h"

/* The columns of no form are longer; a hostile line could be. */
#define HEAD_MAX 256
/* The kernel cuts the names of tasks. */
#define COMM_MAX 15
/* Least widths of the numbers of perf script. */
#define PID_WIDTH 5
#define CPU_WIDTH 3
#define PERIOD_WIDTH 10

/*
 * Without brackets a number in front of the time is the pid, or the CPU with the
 * pid in front of it; and a task's name can end in a number.  Only the widths
 * that perf prints them with tell.
 */
static void count_numbers(struct leftward cur, struct columns *seen)
{
	struct leftward c = cur;
	uint64_t value;

	seen->numbers = 1;
	if (left_digits(&c, &value) && c.p > c.start && c.p[-1] == '/') {
		seen->aligned = true;
		return;
	}
	c = cur;
	if (left_padded(&c, PID_WIDTH)) {
		seen->aligned = true;
		return;
	}
	c = cur;
	if (!left_padded(&c, CPU_WIDTH)) {
		c = cur;
		if (!left_padded(&c, PERIOD_WIDTH))
			return;
	}
	if (!left_padded(&c, PID_WIDTH))
		return;
	seen->numbers = 2;
	seen->aligned = true;
}

static void set_comm(struct head *h, const char *from, const char *to)
{
	while (from < to && left_blank(*from))
		from++;
	h->comm = from;
	h->comm_len = to - from;
}

/* The name ends at the dash; where it begins is known if it has a column. */
static bool take_dashed_comm(struct leftward *cur, const struct columns *known,
			     struct columns *seen, struct head *h)
{
	size_t width = seen->cpu == CPU_LATENCY ? COMM_WIDTH_LATENCY : COMM_WIDTH;
	size_t dash = cur->p - cur->start;
	const char *from = cur->start;

	if (known && known->dash && dash != known->dash)
		return false;
	seen->dash = dash;
	if ((!known || known->dash) && dash > width)
		from = cur->p - width;
	h->source = cur->start;
	h->source_len = from - cur->start;
	set_comm(h, from, cur->p);
	return true;
}

static bool take_task(struct leftward *cur, const struct columns *known,
		      struct columns *seen, struct head *h)
{
	struct leftward padded = *cur;
	uint64_t pid;

	if (!left_digits(cur, &pid) || pid > INT32_MAX)
		return false;
	if (known && known->aligned && !known->pair && !left_padded(&padded, PID_WIDTH))
		return false;
	h->pid = pid;
	if (cur->p > cur->start && cur->p[-1] == '/') {
		cur->p--;
		if (!left_digits(cur, &pid))
			return false;
		seen->pair = true;
	}
	if (cur->p > cur->start && cur->p[-1] == '-' &&
	    (!known || known->task == TASK_DASH || cur->p - 1 == cur->start ||
	     !left_blank(cur->p[-2]))) {
		cur->p--;
		seen->task = TASK_DASH;
		return !seen->pair && take_dashed_comm(cur, known, seen, h);
	}
	if (cur->p > cur->start && cur->p[-1] == '-') {
		h->pid = -h->pid;
		cur->p--;
	}
	seen->task = TASK_BLANK;
	if (!left_at_start(cur))
		return false;
	left_skip_blanks(cur);
	set_comm(h, cur->start, cur->p);
	return true;
}

/* The CPU as a bare number behind the pid. */
static bool take_bare(struct leftward *cur, const struct columns *known, struct columns *seen,
		      struct head *h)
{
	uint64_t value;

	if (!known) {
		count_numbers(*cur, seen);
		return true;
	}
	seen->numbers = known->numbers;
	seen->aligned = known->aligned;
	if (known->cpu != CPU_BARE)
		return true;
	if (!left_digits(cur, &value) || value > 1 << 16)
		return false;
	seen->cpu = CPU_BARE;
	h->cpu = value;
	left_skip_blanks(cur);
	return true;
}

bool columns_same(const struct columns *a, const struct columns *b)
{
	return a->quotes == b->quotes && a->log == b->log && a->task == b->task &&
	       a->pair == b->pair && a->cpu == b->cpu && a->time == b->time &&
	       a->fraction == b->fraction && a->tgid == b->tgid && a->named == b->named &&
	       a->numbers == b->numbers && a->aligned == b->aligned;
}

/* All columns left of @end, which is behind the time or, without one, the name. */
static bool take_columns(const char *line, const char *end, const struct columns *known,
			 struct columns *seen, struct head *h)
{
	struct leftward cur = { .start = line, .p = end };

	*h = (struct head){ .comm = "", .flags = "", .source = "" };
	seen->time = TIME_NONE;
	left_skip_blanks(&cur);
	if (cur.p > cur.start && cur.p[-1] == ':' && !column_time(&cur, seen, h))
		return false;
	left_skip_blanks(&cur);
	if ((!known || known->cpu == CPU_BRACKETS) && column_cpu(&cur, h))
		seen->cpu = CPU_BRACKETS;
	else if ((!known || known->cpu == CPU_LATENCY) && column_latency(&cur, h))
		seen->cpu = CPU_LATENCY;
	else
		h->flags_len = 0;
	left_skip_blanks(&cur);
	if (seen->cpu == CPU_NONE && !take_bare(&cur, known, seen, h))
		return false;
	seen->tgid = column_tgid(&cur);
	left_skip_blanks(&cur);
	if (!take_task(&cur, known, seen, h)) {
		if (known)
			return false;
		seen->task = TASK_NONE;
		return true;
	}
	seen->named = h->comm_len > 0;
	if (seen->task != TASK_BLANK)
		seen->numbers = seen->aligned = 0;
	return !known || (h->comm_len <= COMM_MAX && columns_same(known, seen));
}

/* "(+16)", as trace-cmd report --ts-diff has it, and a period of perf script. */
static const char *before_tail(const char *line, const char *name, const struct columns *known)
{
	struct head h;
	struct leftward cur = { .start = line, .p = name };
	struct leftward was;
	uint64_t value;

	left_skip_blanks(&cur);
	was = cur;
	if (cur.p - cur.start > 3 && cur.p[-1] == ')') {
		cur.p--;
		if (left_digits(&cur, &value) && cur.p - cur.start > 2 && cur.p[-1] == '+' &&
		    cur.p[-2] == '(') {
			cur.p -= 2;
			left_skip_blanks(&cur);
			return cur.p;
		}
		cur = was;
	}
	if (!left_digits(&cur, &value) || !left_at_start(&cur))
		return was.p;
	left_skip_blanks(&cur);
	/* a number that is not behind the time or the CPU is the pid */
	if (known ? known->time != TIME_NONE : cur.p > cur.start && cur.p[-1] == ':')
		return cur.p;
	if (known && (known->time != TIME_NONE || known->cpu != CPU_BRACKETS))
		return was.p;
	was.start = cur.p;
	return column_brackets(&cur, &h) ? was.start : was.p;
}

bool columns_before(const struct columns *c, const char *line, const char *name,
		    struct head *head)
{
	struct columns seen = { .quotes = c->quotes, .log = c->log };

	if (name - line > HEAD_MAX ||
	    !take_columns(line, before_tail(line, name, c), c, &seen, head))
		return false;
	head->rest = name;
	return true;
}

const char *columns_strip(const struct columns *c, const char *line)
{
	if (c->quotes) {
		line = envelope_unquote(line, c->quotes);
		/* one quote more: an empty line, and the next one joined to it */
		if (!line || (!c->dash && *line == '>'))
			return NULL;
	}
	return c->log ? envelope_skip_log(line) : line;
}

/* Behind the time: "(+16) name" and "1 name", too. */
static const char *skip_tail(const char *p)
{
	const char *q;

	p += strspn(p, " \t");
	q = p + (p[0] == '(' && p[1] == '+' ? 2 : 0);
	while (left_digit(*q))
		q++;
	if (q != p && *q == ')' && *p == '(')
		q++;
	if (q == p || !left_blank(*q))
		return p;
	return q + strspn(q, " \t");
}

bool columns_find(const struct columns *c, const char *line, struct head *head)
{
	struct columns seen;
	const char *colon = line, *end, *p;

	if (c->dash && strnlen(line, c->dash) == c->dash)
		colon = line + c->dash;
	while ((colon = strchr(colon, ':')) && colon - line < HEAD_MAX) {
		end = ++colon;
		if (*colon && !left_blank(*colon))
			continue;
		if (c->time == TIME_NONE) {
			/* the name itself, of which there may be two parts */
			for (p = colon; p > line && !left_blank(p[-1]); p--)
				;
			end = p;
		}
		seen = (struct columns){ .quotes = c->quotes, .log = c->log };
		if (!take_columns(line, end, c, &seen, head))
			continue;
		head->rest = c->time == TIME_NONE ? end : skip_tail(end);
		return true;
	}
	return false;
}

bool columns_guess(const char *line, const char *name, struct columns *seen)
{
	struct head head;

	*seen = (struct columns){ .quotes = envelope_quotes(&line) };
	if (envelope_skip_log(line)) {
		seen->log = true;
		line = envelope_skip_log(line);
	}
	return line <= name && name - line <= HEAD_MAX &&
	       take_columns(line, before_tail(line, name, NULL), NULL, seen, &head);
}
