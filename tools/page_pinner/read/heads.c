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
#include <stdlib.h>
#include <string.h>

#include "read/envelope.h"
#include "util.h"

/* The columns of no form are longer; a hostile line could be. */
#define HEAD_MAX 256
/* The kernel cuts the names of tasks. */
#define COMM_MAX 15
/* Width of a task's name where it has a column of its own. */
#define COMM_WIDTH 16
#define COMM_WIDTH_LATENCY 8
/* Least widths of the numbers of perf script. */
#define PID_WIDTH 5
#define CPU_WIDTH 3
#define PERIOD_WIDTH 10

/* A line being read from right to left. */
struct cursor {
	const char *start;
	const char *p;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void skip_blanks(struct cursor *cur)
{
	while (cur->p > cur->start && is_blank(cur->p[-1]))
		cur->p--;
}

/* The digits that end here; false if there are none or too many. */
static bool take_digits(struct cursor *cur, uint64_t *value)
{
	const char *end = cur->p, *p;

	while (cur->p > cur->start && is_digit(cur->p[-1]))
		cur->p--;
	if (cur->p == end || end - cur->p > 19)
		return false;
	for (*value = 0, p = cur->p; p < end; p++)
		*value = *value * 10 + (*p - '0');
	return true;
}

static bool at_start(const struct cursor *cur)
{
	return cur->p == cur->start || is_blank(cur->p[-1]);
}

/* "12.345678:", "12345us+:", "12345us :" or "12345:" */
static bool take_time(struct cursor *cur, struct columns *seen, struct head *h)
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
	if (!take_digits(cur, &value))
		return false;
	h->ts = seen->time == TIME_MICROS ? value * 1000 : value;
	if (cur->p > cur->start && cur->p[-1] == '.' && seen->time == TIME_TICKS) {
		seen->fraction = end - cur->p;
		cur->p--;
		if (seen->fraction > 9 || !take_digits(cur, &seconds))
			return false;
		seen->time = TIME_SECONDS;
		h->ts = seconds * 1000000000 + value * units[seen->fraction];
	}
	return at_start(cur);
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
static bool take_brackets(struct cursor *cur, struct head *h)
{
	struct cursor c = *cur;
	uint64_t cpu;

	if (c.p == c.start || *--c.p != ']' || !take_digits(&c, &cpu) || cpu > 1 << 16)
		return false;
	if (c.p == c.start || *--c.p != '[' || !at_start(&c))
		return false;
	h->cpu = cpu;
	*cur = c;
	return true;
}

/*
 * "0d..1": the first flag is no digit, so the CPU's number ends there; "0-0x1" of
 * trace-cmd report -R
 */
static bool take_latency(struct cursor *cur, struct head *h)
{
	const char *end = cur->p, *p = end;
	struct cursor c = *cur;
	uint64_t cpu;

	while (p > c.start && !is_blank(p[-1]) && end - p < 16)
		p--;
	c.p = p;
	while (c.p < end && is_digit(*c.p))
		c.p++;
	h->flags = c.p;
	h->flags_len = end - c.p;
	if (c.p == p || h->flags_len < 3 || !strchr("dDbBX.-", *c.p) ||
	    !is_flags(c.p + (*c.p == '-'), h->flags_len - (*c.p == '-')) || !take_digits(&c, &cpu) || cpu > 1 << 16)
		return false;
	h->cpu = cpu;
	cur->p = p;
	return at_start(cur);
}

/* Flags between CPU and time, at most two words of them. */
static bool take_flags_and_brackets(struct cursor *cur, struct head *h)
{
	struct cursor c = *cur;
	const char *end;
	int words;

	for (words = 0; words < 3; words++) {
		if (take_brackets(&c, h)) {
			*cur = c;
			return true;
		}
		end = c.p;
		while (c.p > c.start && !is_blank(c.p[-1]))
			c.p--;
		if (!is_flags(c.p, end - c.p))
			return false;
		h->flags = c.p;
		h->flags_len = end - c.p;
		skip_blanks(&c);
	}
	return false;
}

/* "(  123)", "(-----)" */
static bool take_tgid(struct cursor *cur)
{
	const char *p = cur->p;

	if (p == cur->start || p[-1] != ')')
		return false;
	for (p--; p > cur->start && (is_digit(p[-1]) || p[-1] == '-' || p[-1] == ' '); p--)
		;
	if (p == cur->start || p[-1] != '(')
		return false;
	cur->p = p - 1;
	return true;
}

/* Is the number that ends here printed with at least @width columns, and a blank? */
static bool is_padded(struct cursor *cur, size_t width)
{
	const char *end = cur->p, *first;
	uint64_t value;

	if (!take_digits(cur, &value) || !at_start(cur))
		return false;
	first = cur->p;
	skip_blanks(cur);
	return cur->p == cur->start ||
	       (size_t)(first - cur->p) == 1 + width - (size_t)(end - first) ||
	       (first - cur->p == 1 && (size_t)(end - first) >= width);
}

/*
 * Without brackets a number in front of the time is the pid, or the CPU with the
 * pid in front of it; and a task's name can end in a number.  Only the widths
 * that perf prints them with tell.
 */
static void count_numbers(struct cursor cur, struct columns *seen)
{
	struct cursor c = cur;
	uint64_t value;

	seen->numbers = 1;
	if (take_digits(&c, &value) && c.p > c.start && c.p[-1] == '/') {
		seen->aligned = true;
		return;
	}
	c = cur;
	if (is_padded(&c, PID_WIDTH)) {
		seen->aligned = true;
		return;
	}
	c = cur;
	if (!is_padded(&c, CPU_WIDTH)) {
		c = cur;
		if (!is_padded(&c, PERIOD_WIDTH))
			return;
	}
	if (!is_padded(&c, PID_WIDTH))
		return;
	seen->numbers = 2;
	seen->aligned = true;
}

static void set_comm(struct head *h, const char *from, const char *to)
{
	while (from < to && is_blank(*from))
		from++;
	h->comm = from;
	h->comm_len = to - from;
}

/* The name ends at the dash; where it begins is known if it has a column. */
static bool take_dashed_comm(struct cursor *cur, const struct columns *known,
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

static bool take_task(struct cursor *cur, const struct columns *known,
		      struct columns *seen, struct head *h)
{
	struct cursor padded = *cur;
	uint64_t pid;

	if (!take_digits(cur, &pid) || pid > INT32_MAX)
		return false;
	if (known && known->aligned && !known->pair && !is_padded(&padded, PID_WIDTH))
		return false;
	h->pid = pid;
	if (cur->p > cur->start && cur->p[-1] == '/') {
		cur->p--;
		if (!take_digits(cur, &pid))
			return false;
		seen->pair = true;
	}
	if (cur->p > cur->start && cur->p[-1] == '-' &&
	    (!known || known->task == TASK_DASH || cur->p - 1 == cur->start ||
	     !is_blank(cur->p[-2]))) {
		cur->p--;
		seen->task = TASK_DASH;
		return !seen->pair && take_dashed_comm(cur, known, seen, h);
	}
	if (cur->p > cur->start && cur->p[-1] == '-') {
		h->pid = -h->pid;
		cur->p--;
	}
	seen->task = TASK_BLANK;
	if (!at_start(cur))
		return false;
	skip_blanks(cur);
	set_comm(h, cur->start, cur->p);
	return true;
}

/* The CPU as a bare number behind the pid. */
static bool take_bare(struct cursor *cur, const struct columns *known, struct columns *seen,
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
	if (!take_digits(cur, &value) || value > 1 << 16)
		return false;
	seen->cpu = CPU_BARE;
	h->cpu = value;
	skip_blanks(cur);
	return true;
}

static bool same_form(const struct columns *a, const struct columns *b)
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
	struct cursor cur = { .start = line, .p = end };

	*h = (struct head){ .comm = "", .flags = "", .source = "" };
	seen->time = TIME_NONE;
	skip_blanks(&cur);
	if (cur.p > cur.start && cur.p[-1] == ':' && !take_time(&cur, seen, h))
		return false;
	skip_blanks(&cur);
	if ((!known || known->cpu == CPU_BRACKETS) && take_flags_and_brackets(&cur, h))
		seen->cpu = CPU_BRACKETS;
	else if ((!known || known->cpu == CPU_LATENCY) && take_latency(&cur, h))
		seen->cpu = CPU_LATENCY;
	else
		h->flags_len = 0;
	skip_blanks(&cur);
	if (seen->cpu == CPU_NONE && !take_bare(&cur, known, seen, h))
		return false;
	seen->tgid = take_tgid(&cur);
	skip_blanks(&cur);
	if (!take_task(&cur, known, seen, h)) {
		if (known)
			return false;
		seen->task = TASK_NONE;
		return true;
	}
	seen->named = h->comm_len > 0;
	if (seen->task != TASK_BLANK)
		seen->numbers = seen->aligned = 0;
	return !known || (h->comm_len <= COMM_MAX && same_form(known, seen));
}

/* "(+16)", as trace-cmd report --ts-diff has it, and a period of perf script. */
static const char *before_tail(const char *line, const char *name, const struct columns *known)
{
	struct head h;
	struct cursor cur = { .start = line, .p = name };
	struct cursor was;
	uint64_t value;

	skip_blanks(&cur);
	was = cur;
	if (cur.p - cur.start > 3 && cur.p[-1] == ')') {
		cur.p--;
		if (take_digits(&cur, &value) && cur.p - cur.start > 2 && cur.p[-1] == '+' &&
		    cur.p[-2] == '(') {
			cur.p -= 2;
			skip_blanks(&cur);
			return cur.p;
		}
		cur = was;
	}
	if (!take_digits(&cur, &value) || !at_start(&cur))
		return was.p;
	skip_blanks(&cur);
	/* a number that is not behind the time or the CPU is the pid */
	if (known ? known->time != TIME_NONE : cur.p > cur.start && cur.p[-1] == ':')
		return cur.p;
	if (known && (known->time != TIME_NONE || known->cpu != CPU_BRACKETS))
		return was.p;
	was.start = cur.p;
	return take_brackets(&cur, &h) ? was.start : was.p;
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
	while (is_digit(*q))
		q++;
	if (q != p && *q == ')' && *p == '(')
		q++;
	if (q == p || !is_blank(*q))
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
		if (*colon && !is_blank(*colon))
			continue;
		if (c->time == TIME_NONE) {
			/* the name itself, of which there may be two parts */
			for (p = colon; p > line && !is_blank(p[-1]); p--)
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

#define FORMS_MAX 32

struct form {
	struct columns c;
	uint64_t votes;
	uint64_t dashes[192];	/* votes for each place of the dash */
};

struct column_votes {
	struct form forms[FORMS_MAX];
	size_t nr;
};

struct column_votes *column_votes_new(void)
{
	return xzalloc(sizeof(struct column_votes));
}

void column_votes_free(struct column_votes *votes)
{
	free(votes);
}

void column_votes_add(struct column_votes *votes, const char *line, const char *name)
{
	struct columns seen = { 0 };
	struct head head;
	size_t i;

	seen.quotes = envelope_quotes(&line);
	if (envelope_skip_log(line)) {
		seen.log = true;
		line = envelope_skip_log(line);
	}
	if (line > name || name - line > HEAD_MAX)
		return;
	if (!take_columns(line, before_tail(line, name, NULL), NULL, &seen, &head))
		return;
	for (i = 0; i < votes->nr; i++)
		if (same_form(&votes->forms[i].c, &seen))
			break;
	if (i == FORMS_MAX)
		return;
	if (i == votes->nr)
		votes->forms[votes->nr++].c = seen;
	votes->forms[i].votes++;
	votes->forms[i].dashes[seen.dash < 192 ? seen.dash : 0]++;
}

bool column_votes_decide(const struct column_votes *votes, struct columns *c)
{
	const struct form *best = NULL;
	size_t i;

	for (i = 0; i < votes->nr; i++)
		if (!best || votes->forms[i].votes > best->votes)
			best = &votes->forms[i];
	if (!best)
		return false;
	*c = best->c;
	c->dash = 0;
	/* no column for the names of tasks: somebody took blanks out */
	for (i = c->cpu == CPU_LATENCY ? COMM_WIDTH_LATENCY : COMM_WIDTH; i < ARRAY_SIZE(best->dashes); i++)
		if (best->dashes[i] * 10 > best->votes * 9)
			c->dash = i;
	if (c->numbers > 1)
		c->cpu = CPU_BARE;
	/* blanks were taken out: where the task's name ends cannot be told */
	return c->task != TASK_BLANK || !c->numbers || c->aligned;
}
