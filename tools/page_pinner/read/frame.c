// SPDX-License-Identifier: GPL-2.0
/*
 * One line of a stack; see frame.h.
 *
 * tracefs:	" => name", with options "+0x1/0x2", " [module]", " <address>"
 * trace-cmd:	"=> name (address)"
 * perf:	"\taddress name+0x1 (object)"
 */
#define _GNU_SOURCE
#include "read/frame.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_symbol(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$';
}

static const char *skip_hex(const char *p, uint64_t *value)
{
	char *end;

	if (!isxdigit((unsigned char)*p))
		return NULL;
	*value = strtoull(p, &end, 16);
	return end - p > 18 ? NULL : end;
}

/* "name+0x1/0x2", "0xffff..." */
static const char *read_symbol(const char *p, struct frame_shape *shape, struct frame *f)
{
	uint64_t value;
	const char *q;

	f->name = p;
	while (is_symbol(*p))
		p++;
	f->name_len = p - f->name;
	if (f->name_len > 8) {
		q = skip_hex(f->name, &value);
		if (q == p) {
			f->addr = value;
			f->has_addr = true;
			f->name_len = 0;
			shape->any_offset = true;
			return p;
		}
	}
	if (*p != '+')
		return p;
	shape->offset = true;
	for (p++; isxdigit((unsigned char)*p) || *p == 'x' || *p == '/'; p++)
		;
	return p;
}

/* " [module]" */
static const char *read_module(const char *p, struct frame *f)
{
	const char *q = skip_blanks(p), *end;

	if (*q != '[' || q == p)
		return p;
	for (end = ++q; isalnum((unsigned char)*end) || strchr("_-", *end); end++)
		if (!*end)
			return p;
	if (*end != ']')
		return p;
	f->module = q;
	f->module_len = end - q;
	return end + 1;
}

/* " (ffffffff81279077)", " <ffffffff81279077>" */
static const char *read_address(const char *p, struct frame_shape *shape, struct frame *f)
{
	const char *q = skip_blanks(p), *end;
	uint64_t value;
	char close;

	if (*q != '(' && *q != '<')
		return p;
	close = *q == '(' ? ')' : '>';
	end = skip_hex(q + 1, &value);
	if (!end || *end != close)
		return p;
	if (!f->name_len && !f->has_addr) {
		f->addr = value;
		f->has_addr = true;
		shape->any_offset = true;
	}
	shape->address = true;
	return end + 1;
}

static bool read_arrow(const char *line, const char *p, struct frame_shape *shape, struct frame *f)
{
	size_t lead = p - line;

	if (lead > FRAME_LEAD_MAX)
		return false;
	memcpy(shape->lead, line, lead);
	shape->lead[lead] = '\0';
	shape->arrow = true;
	p = skip_blanks(p + 2);
	if (!*p) {
		f->empty = true;
		return true;
	}
	p = read_symbol(p, shape, f);
	p = read_module(p, f);
	p = read_address(p, shape, f);
	return !*skip_blanks(p) && (f->name_len || f->has_addr);
}

/* Objects in the kernel are in brackets, or files of the kernel. */
static bool is_user_object(const char *p, size_t len)
{
	static const char *const user[] = { "[vdso]", "[vsyscall]", "[heap]", "[stack]",
					    "[uprobes]", "//anon" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(user); i++)
		if (len == strlen(user[i]) && !memcmp(p, user[i], len))
			return true;
	if (*p == '[')
		return false;
	return !memmem(p, len, "vmlinux", 7) && !memmem(p, len, ".ko", 3);
}

/* "(object)" at the end of the line; @p is where it can begin at the earliest. */
static const char *find_object(const char *p)
{
	const char *end = p + strlen(p), *open;

	while (end > p && is_blank(end[-1]))
		end--;
	if (end == p || end[-1] != ')')
		return NULL;
	open = memrchr(p, '(', end - p);
	while (open && open > p && !is_blank(open[-1]))
		open = memrchr(p, '(', open - p);
	return open;
}

static void read_object(const char *open, struct frame_shape *shape, struct frame *f)
{
	size_t len = strcspn(open + 1, ")");

	if (!strncmp(open, "(inlined)", 9)) {
		shape->any_offset = true;
		return;
	}
	shape->object = true;
	if (len == 9 && !memcmp(open + 1, "[unknown]", 9))
		return;
	f->user = is_user_object(open + 1, len);
	if (!f->user && open[1] == '[' && !memmem(open + 1, len, "kernel", 6) && len > 2) {
		f->module = open + 2;
		f->module_len = len - 2;
	}
}

static bool read_perf(const char *p, struct frame_shape *shape, struct frame *f)
{
	const char *end = skip_hex(p, &f->addr), *open;

	if (!end || (*end && !is_blank(*end)))
		return false;
	p = skip_blanks(end);
	if (!*p) {
		f->has_addr = true;
		shape->any_offset = true;
		return true;
	}
	open = find_object(p);
	if (open)
		read_object(open, shape, f);
	if (!strncmp(p, "[unknown]", 9)) {
		f->has_addr = true;
		shape->any_offset = true;
		p += 9;
	} else {
		f->name = p;
		p = read_symbol(p, shape, f);
		if (f->has_addr || !f->name_len)
			return f->user;
	}
	/* names of users' functions can be anything */
	return f->user || skip_blanks(p) == (open ? open : p + strlen(p));
}

bool frame_parse(const char *line, struct frame_shape *shape, struct frame *f)
{
	const char *p = skip_blanks(line);

	memset(shape, 0, sizeof(*shape));
	memset(f, 0, sizeof(*f));
	if (p[0] == '=' && p[1] == '>')
		return read_arrow(line, p, shape, f);
	return p != line && read_perf(p, shape, f);
}

bool frame_is_users(const char *line)
{
	const char *p = skip_blanks(line), *end;
	uint64_t addr;

	if (strncmp(p, "=>", 2))
		return false;
	p = skip_blanks(p + 2);
	/* the file can have any name, with blanks in it */
	if (*p == '/') {
		p = strrchr(p, '[');
		p = p && !strncmp(p, "[+0x", 4) ? p + 2 : NULL;
		end = p ? skip_hex(p, &addr) : NULL;
		if (!end || *end != ']')
			return false;
		p = skip_blanks(end + 1);
	}
	if (*p != '<')
		return !*p || !strcmp(p, "??");
	end = skip_hex(p + 1, &addr);
	return end && end[0] == '>' && !*skip_blanks(end + 1);
}

bool frame_same_shape(const struct frame_shape *a, const struct frame_shape *b)
{
	return a->arrow == b->arrow && !strcmp(a->lead, b->lead) && a->address == b->address &&
	       a->object == b->object &&
	       (a->offset == b->offset || a->any_offset || b->any_offset);
}

bool frame_aligned(const char *line)
{
	size_t i;

	if (*line++ != '\t')
		return false;
	for (i = 0; line[i] == ' '; i++)
		;
	while (i < 16 && isxdigit((unsigned char)line[i]))
		i++;
	return i == 16 && isxdigit((unsigned char)line[15]);
}

size_t frame_raw(const char *text, uint64_t *addrs, size_t room)
{
	const char *p = strstr(text, "ARRAY[");
	uint64_t little = 0, big = 0;
	size_t bytes = 0, nr = 0;
	char *end;

	for (p = p ? p + 6 : NULL; p && *p && *p != ']' && nr < room; bytes++) {
		uint64_t byte = strtoul(p, &end, 16);

		if (end == p || byte > 255)
			return 0;
		little = little >> 8 | byte << 56;
		big = big << 8 | byte;
		p = end + strspn(end, ", ");
		/* addresses of the kernel begin with ones */
		if (bytes % 8 == 7)
			addrs[nr++] = little >> 48 == 0xffff ? little : big;
	}
	return nr;
}
