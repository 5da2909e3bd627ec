// SPDX-License-Identifier: GPL-2.0
/*
 * Pieces of lines; see held_words.h.
 */
#define _GNU_SOURCE
#include "read/held_words.h"

#include <limits.h>
#include <string.h>

#include "trace/event.h"
#include "trace/task.h"
#include "util.h"

#define NS_PER_S 1000000000ull
#define NS_PER_MS 1000000ull
/* TASK_COMM_LEN is 16; names of kernel threads may be longer one day. */
#define COMM_MAX 64

bool held_word(const char **p, struct held_word *word)
{
	word->text = *p + strspn(*p, " \t");
	word->len = strcspn(word->text, " \t");
	*p = word->text + word->len;
	return word->len > 0;
}

bool held_is(const struct held_word *word, const char *text)
{
	return word->len == strlen(text) && !memcmp(word->text, text, word->len);
}

static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return 16;
}

bool held_unsigned(const struct held_word *word, int base, uint64_t max, uint64_t *value)
{
	size_t i = base == 16 ? 2 : 0;

	if (word->len <= i || (i && memcmp(word->text, "0x", 2)))
		return false;
	for (*value = 0; i < word->len; i++) {
		unsigned int next = digit(word->text[i]);

		if (next >= (unsigned int)base || *value > (max - next) / base)
			return false;
		*value = *value * base + next;
	}
	return true;
}

bool held_int(const struct held_word *word, int32_t *value)
{
	struct held_word digits = *word;
	bool minus = word->len && *word->text == '-';
	uint64_t number;

	digits.text += minus;
	digits.len -= minus;
	if (!held_unsigned(&digits, 10, INT32_MAX, &number))
		return false;
	*value = minus ? -(int32_t)number : (int32_t)number;
	return true;
}

bool held_flags(const struct held_word *word, uint64_t *value)
{
	const char *names = memchr(word->text, '(', word->len);
	struct held_word number = *word;

	if (names) {
		if (word->text[word->len - 1] != ')')
			return false;
		number.len = names - word->text;
	}
	return held_unsigned(&number, 16, UINT64_MAX, value);
}

bool held_seconds(const struct held_word *word, uint64_t *ns)
{
	const char *dot = memchr(word->text, '.', word->len);
	struct held_word whole = *word, rest;
	uint64_t seconds, part;

	if (!dot)
		return false;
	whole.len = dot - word->text;
	rest.text = dot + 1;
	rest.len = word->len - whole.len - 1;
	if (rest.len > 9 || !held_unsigned(&whole, 10, UINT64_MAX / NS_PER_S - 1, &seconds) ||
	    !held_unsigned(&rest, 10, NS_PER_S - 1, &part))
		return false;
	for (; rest.len < 9; rest.len++)
		part *= 10;
	*ns = seconds * NS_PER_S + part;
	return true;
}

bool held_age(const struct held_word *word, uint64_t *ns)
{
	if (!held_unsigned(word, 10, UINT64_MAX / NS_PER_MS, ns))
		return false;
	*ns *= NS_PER_MS;
	return true;
}

bool held_record_of(const struct held_word *word, enum held_record *record)
{
	static const char *const names[NR_HELD_RECORDS] = {
		[HELD_OPEN] = "held", [HELD_ONE_OF] = "one_of", [HELD_BATCH] = "batch",
		[HELD_UNRECORDED] = "unrecorded", [HELD_REFUSED] = "refused",
	};
	size_t i;

	for (i = 0; i < NR_HELD_RECORDS; i++) {
		if (held_is(word, names[i])) {
			*record = i;
			return true;
		}
	}
	return false;
}

/* Octal escapes undone.  A name may hold any byte but the null byte. */
static bool unescape(const struct held_word *word, char *to)
{
	size_t i, used = 0;

	for (i = 0; i < word->len && used < COMM_MAX - 1; i++) {
		const char *p = word->text + i;
		unsigned int value;

		if (*p != '\\') {
			to[used++] = *p;
			continue;
		}
		if (word->len - i < 4 || p[1] < '0' || p[1] > '3' || digit(p[2]) > 7 ||
		    digit(p[3]) > 7)
			return false;
		value = digit(p[1]) * 64 + digit(p[2]) * 8 + digit(p[3]);
		if (!value)
			return false;
		to[used++] = (char)value;
		i += 3;
	}
	to[used] = '\0';
	return i == word->len && used;
}

bool held_who(struct trace *trace, const struct held_word *ctx, const struct held_word *pid,
	      const struct held_word *comm, struct held *held)
{
	static const char *const contexts[] = {
		[CTX_TASK] = "task", [CTX_SOFTIRQ] = "softirq", [CTX_HARDIRQ] = "hardirq",
		[CTX_NMI] = "nmi",
	};
	char name[COMM_MAX];
	uint64_t number;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(contexts) && !held_is(ctx, contexts[i]); i++)
		;
	if (i == ARRAY_SIZE(contexts))
		return false;
	held->ctx = i;
	if (i != CTX_TASK)
		return held_is(pid, "-") && held_is(comm, "-");
	if (!held_unsigned(pid, 10, INT_MAX, &number) || !unescape(comm, name))
		return false;
	held->task = tasks_intern(trace->tasks, number, name);
	return true;
}

/* "+0x12/0x340" at the end of a name; returns the length of the name, 0 if not. */
static size_t without_offset(const struct held_word *word)
{
	struct held_word part;
	const char *plus = memrchr(word->text, '+', word->len), *slash;
	uint64_t value;

	if (!plus)
		return 0;
	part.text = plus + 1;
	slash = memchr(part.text, '/', word->text + word->len - part.text);
	if (!slash)
		return 0;
	part.len = slash - part.text;
	if (!held_unsigned(&part, 16, UINT64_MAX, &value))
		return 0;
	part.text = slash + 1;
	part.len = word->text + word->len - part.text;
	return held_unsigned(&part, 16, UINT64_MAX, &value) ? plus - word->text : 0;
}

/* What no name of a function has: then two frames ran into each other. */
static bool is_name(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || strchr("+/<>[](),;|", text[i]))
			return false;
	return len > 0;
}

static const char *copy_name(char *to, size_t size, const char *text, size_t len)
{
	if (!len || len >= size)
		return NULL;
	memcpy(to, text, len);
	to[len] = '\0';
	return to;
}

bool held_frame(struct symbols *symbols, const struct held_word *word, uint64_t *addr)
{
	struct held_word rest = *word, module = { .len = 0 };
	const char *bracket;
	char name[512], mod[64];
	size_t len;

	if (held_unsigned(word, 16, UINT64_MAX, addr))
		return *addr != 0;
	if (rest.len && rest.text[rest.len - 1] == ']') {
		bracket = memrchr(rest.text, '[', rest.len);
		if (!bracket)
			return false;
		module.text = bracket + 1;
		module.len = rest.text + rest.len - 1 - module.text;
		/* with a build id behind a blank, on some kernels */
		len = strcspn(module.text, " ]");
		module.len = len < module.len ? len : module.len;
		rest.len = bracket - rest.text;
		while (rest.len && rest.text[rest.len - 1] == ' ')
			rest.len--;
		if (!is_name(module.text, module.len) ||
		    !copy_name(mod, sizeof(mod), module.text, module.len))
			return false;
	}
	len = without_offset(&rest);
	if (!is_name(rest.text, len) || !copy_name(name, sizeof(name), rest.text, len))
		return false;
	*addr = symbols_by_name(symbols, name, module.len ? mod : NULL);
	return true;
}
