// SPDX-License-Identifier: GPL-2.0
/*
 * What stands in front of every line; see husk.h.
 */
#define _GNU_SOURCE
#include "read/husk.h"

#include <ctype.h>
#include <string.h>

#include "read/envelope.h"
#include "util.h"

/* What stands in brackets can be a time of any form. */
#define BRACKET_MAX 48
/* A time has so many numbers at least. */
#define TIME_NUMBERS 3

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *skip_blanks(const char *p)
{
	while (is_blank(*p))
		p++;
	return p;
}

static size_t span(const char *p, int (*is)(int c))
{
	size_t len = 0;

	while (is((unsigned char)p[len]))
		len++;
	return len;
}

/*
 * A number that belongs to a name ("trace2.txt", "2.txt", "cpu1") says which file it
 * is, and so has to be the same; the T of a date is no name.
 */
static bool of_a_name(const char *start, const char *p, size_t digits)
{
	size_t letters = 0;

	while (p - letters > start && isalpha((unsigned char)p[-1 - (long)letters]))
		letters++;
	if (letters && !(letters == 1 && p - 1 > start && isdigit((unsigned char)p[-2])) &&
	    !(letters == 1 && p - 1 > start && p[-2] == '='))
		return true;
	return strchr("._-", p[digits]) && p[digits] && isalpha((unsigned char)p[digits + 1]);
}

/* The level of a message, the name of a month or day: one way to write each. */
static bool may_differ(const char *start, const char *a, const char *b, size_t len)
{
	size_t i;

	if ((len != 1 && len != 3) || (a > start && !is_blank(a[-1]) && a[-1] != '=') ||
	    (!is_blank(a[len]) && a[len] != '/' && !isdigit((unsigned char)a[len])) ||
	    !isupper((unsigned char)*a) || !isupper((unsigned char)*b))
		return false;
	for (i = 1; i < len; i++)
		if (!islower((unsigned char)a[i]) || !islower((unsigned char)b[i]))
			return false;
	return true;
}

/* Moves both over a bracket with something in it, if both are at one. */
static bool same_bracket(const char **s, const char **p)
{
	const char *a, *b;

	if (**s != '[' || **p != '[')
		return false;
	a = memchr(*s, ']', strnlen(*s, BRACKET_MAX));
	b = memchr(*p, ']', strnlen(*p, BRACKET_MAX));
	if (!a || !b)
		return false;
	*s = a + 1;
	*p = b + 1;
	return true;
}

static bool same_number(const char *start, const char **s, const char **p)
{
	const char *a = skip_blanks(*s), *b = skip_blanks(*p);
	size_t na = span(a, isdigit), nb = span(b, isdigit);

	if (!na || !nb)
		return false;
	if (of_a_name(start, a, na) && (na != nb || memcmp(a, b, na)))
		return false;
	*s = a + na;
	*p = b + nb;
	return true;
}

static bool same_word(const char *start, const char **s, const char **p)
{
	size_t na = span(*s, isalpha), nb = span(*p, isalpha);

	if (!na || na != nb || (memcmp(*s, *p, na) && !may_differ(start, *s, *p, na)))
		return false;
	*s += na;
	*p += nb;
	return true;
}

/*
 * Returns what follows what is like @sample in the line, NULL if it is not there;
 * @numbers: how many numbers were alike, those of a bracket for a time's.
 */
static const char *skip_alike(const char *sample, const char *line, unsigned int *numbers)
{
	const char *s = sample, *p = line;

	*numbers = 0;
	while (*s) {
		if (same_bracket(&s, &p)) {
			*numbers += TIME_NUMBERS;
			continue;
		}
		if (same_number(sample, &s, &p)) {
			++*numbers;
			continue;
		}
		if (same_word(sample, &s, &p))
			continue;
		if (is_blank(*s) && is_blank(*p)) {
			s = skip_blanks(s);
			p = skip_blanks(p);
			continue;
		}
		/* grep -A has another sign in lines that it did not look for */
		if (isalnum((unsigned char)*s) || !*p ||
		    (*s != *p && !(strchr(":-", *s) && strchr(":-", *p))))
			return NULL;
		s++;
		p++;
	}
	return p;
}

static size_t symbol(const char *p)
{
	size_t len = 0;

	while (isalnum((unsigned char)p[len]) || (p[len] && strchr("_.$", p[len])))
		len++;
	return len;
}

/* "=> name" and what may follow it */
static bool is_arrow(const char *p)
{
	size_t len;

	if (strncmp(p, "=> ", 3))
		return false;
	len = symbol(p + 3);
	return len > 1 && (!p[3 + len] || strchr("+ \t", p[3 + len])) && !strchr(p, ':');
}

/* "ffffffff81279077 name+0x1 (object)" */
static bool is_address(const char *p)
{
	size_t len = span(p, isxdigit);

	if (len < 8 || len > 16 || p[len] != ' ' || !strchr(p, '('))
		return false;
	p += len + 1;
	return *p == '[' || symbol(p) > 1;
}

/* Where the frame begins in a line that has one, NULL if there is none. */
static const char *find_frame(const char *line)
{
	const char *p;

	for (p = line; *p && p - line < HUSK_MAX; p++)
		if ((p == line || !isalnum((unsigned char)p[-1])) && (is_arrow(p) || is_address(p)))
			return p;
	return NULL;
}

/* What other parts of the reader can read as it is. */
static bool is_plain(const char *line, const char *frame)
{
	const char *p = line;

	envelope_quotes(&p);
	if (envelope_skip_log(p))
		p = envelope_skip_log(p);
	return skip_blanks(p) >= frame;
}

static void note_blanks(struct husk_form *f, const char *rest)
{
	size_t len = skip_blanks(rest) - rest, i;

	if (!rest[len])
		return;
	if (len > HUSK_MAX)
		len = HUSK_MAX;
	if (!f->any) {
		memcpy(f->blanks, rest, len);
		f->any = true;
		return;
	}
	for (i = 0; f->blanks[i] && i < len && f->blanks[i] == rest[i]; i++)
		;
	f->blanks[i] = '\0';
}

static void note_form(struct husk *h, const char *line, const char *frame)
{
	struct husk_form *f;
	size_t len = frame - line, i;
	unsigned int numbers;

	while (len && is_blank(line[len - 1]))
		len--;
	for (i = 0; i < h->nr; i++) {
		const char *end = skip_alike(h->forms[i].sample, line, &numbers);

		if (end && skip_blanks(end) == frame) {
			h->forms[i].frames++;
			return;
		}
	}
	if (h->nr == HUSK_FORMS)
		return;
	f = &h->forms[h->nr++];
	memcpy(f->sample, line, len);
	f->frames = 1;
	note_blanks(f, line + len);
}

void husk_learn(struct husk *h, const char *line)
{
	const char *frame = find_frame(line), *end;
	bool event = !frame && (strstr(line, "page_pinner_") || strstr(line, "page_ref_"));
	unsigned int numbers;
	size_t i;

	for (i = 0; i < h->nr; i++) {
		end = skip_alike(h->forms[i].sample, line, &numbers);
		if (end)
			note_blanks(&h->forms[i], end);
		h->forms[i].of += event;
		h->forms[i].events += event && end;
	}
	if (!frame)
		return;
	h->frames++;
	if (is_plain(line, frame))
		h->plain++;
	else
		note_form(h, line, frame);
}

/*
 * Blanks that all lines have in common may be those of the trace: tracefs has one in
 * front of each frame, and its other lines have more.
 */
static void leave_blank(struct husk_form *f)
{
	size_t len = strlen(f->blanks);

	if (len > 1 && f->blanks[len - 1] == ' ')
		f->blanks[len - 1] = '\0';
}

bool husk_decide(struct husk *h)
{
	struct husk_form *f;
	size_t i;

	h->best = -1;
	for (i = 0; i < h->nr; i++) {
		f = &h->forms[i];
		if (f->frames * 2 > h->frames && f->frames > h->plain && f->of &&
		    f->events * 10 >= f->of * 9)
			h->best = i;
	}
	if (h->best >= 0)
		leave_blank(&h->forms[h->best]);
	return h->best >= 0;
}

const char *husk_strip(struct husk *h, const char *line)
{
	const struct husk_form *f = &h->forms[h->best];
	unsigned int numbers;
	const char *p = skip_alike(f->sample, line, &numbers), *blank;

	if (!p && numbers >= TIME_NUMBERS)
		return NULL;
	if (!p) {
		h->strange += find_frame(line) != NULL;
		return line;
	}
	for (blank = f->blanks; *blank && *p == *blank; blank++)
		p++;
	return p;
}
