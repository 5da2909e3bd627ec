// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses to function names; see symbols.h.
 */
#include "trace/symbols.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

/* Made-up addresses of named functions lie where no kernel has text. */
#define NAMED_BASE 0x1000ULL

/*
 * Beyond the last function of a region every address would still find it:
 * nothing further than this from a function's start is taken for its code.
 */
#define FUNCTION_MAX (1ULL << 20)

/* A line of kallsyms: few of a hundred thousand are ever asked for by name. */
struct function {
	uint64_t addr;
	const char *line;
};

struct symbols {
	struct function *funcs;
	size_t nr, room;
	bool sorted;
	void **texts;		/* that lines point into */
	size_t nr_texts, room_texts;
	struct map strings;
	struct map resolved;
	struct map named;
	uint64_t next_named;
};

struct symbols *symbols_new(void)
{
	struct symbols *syms = xzalloc(sizeof(*syms));

	syms->next_named = NAMED_BASE;
	return syms;
}

static void free_values(struct map *map)
{
	size_t i;

	for (i = 0; i < map->room; i++)
		free(map->slots[i].value);
	map_free(map);
}

void symbols_free(struct symbols *syms)
{
	size_t i;

	if (!syms)
		return;
	free_values(&syms->strings);
	free_values(&syms->resolved);
	free_values(&syms->named);
	for (i = 0; i < syms->nr_texts; i++)
		free(syms->texts[i]);
	free(syms->texts);
	free(syms->funcs);
	free(syms);
}

static const char *intern(struct symbols *syms, const char *text, size_t len)
{
	uint64_t key = hash_bytes(text, len);
	char *have;

	while ((have = map_get(&syms->strings, key))) {
		if (!strncmp(have, text, len) && !have[len])
			return have;
		key++;
	}
	have = xzalloc(len + 1);
	memcpy(have, text, len);
	map_put(&syms->strings, key, have);
	return have;
}

const char *symbols_intern(struct symbols *syms, const char *text)
{
	return intern(syms, text, strlen(text));
}

/* Compilers clone functions: name.isra.0, name.part.1, name.constprop.0 */
static size_t plain_length(const char *name, size_t len)
{
	const char *dot = len > 1 ? memchr(name + 1, '.', len - 1) : NULL;

	return dot ? (size_t)(dot - name) : len;
}

/* One word of a line: skips blanks, returns its length, moves @p behind it. */
static size_t next_word(const char **p, const char *end, const char **word)
{
	while (*p < end && (**p == ' ' || **p == '\t' || **p == '\r'))
		(*p)++;
	*word = *p;
	while (*p < end && !strchr(" \t\r", **p))
		(*p)++;
	return *p - *word;
}

/* Value of a digit in hexadecimal, 16 of anything else. */
static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* The address that a line begins with; moves @p behind it. */
static bool parse_address(const char **p, const char *end, uint64_t *addr)
{
	const char *begin;

	while (*p < end && (**p == ' ' || **p == '\t'))
		(*p)++;
	*addr = 0;
	for (begin = *p; *p < end && digit(**p) < 16; (*p)++)
		*addr = *addr << 4 | digit(**p);
	return *p > begin && *p - begin <= 16 && *p < end && (**p == ' ' || **p == '\t');
}

/* The name of a function behind its address, and its length; 0 for other lines. */
static size_t parse_name(const char **p, const char *end, const char **name)
{
	size_t len = next_word(p, end, name);

	if (len == 1) {
		if (!memchr("tTwWuU", **name, 6))
			return 0;
		len = next_word(p, end, name);
	}
	return len;
}

/* Most lines are no more than looked at. */
static bool parse_line(const char *p, const char *end, struct function *func)
{
	const char *name;

	func->line = p;
	if (!parse_address(&p, end, &func->addr) || !func->addr)
		return false;
	if (end - p > 3 && p[0] == ' ' && p[2] == ' ' && p[3] != ' ')
		return memchr("tTwWuU", p[1], 6) != NULL;
	return parse_name(&p, end, &name) > 0;
}

size_t symbols_plain_length(const char *name)
{
	return plain_length(name, strlen(name));
}

size_t symbols_take_kallsyms(struct symbols *syms, void *memory, const char *text, size_t size)
{
	const char *end = text + size, *line, *eol;
	struct function func;
	uint64_t last = syms->nr ? syms->funcs[syms->nr - 1].addr : 0;
	size_t added = 0;

	VEC_PUSH(syms->texts, syms->nr_texts, syms->room_texts, memory);
	if (!syms->nr)
		syms->sorted = true;
	for (line = text; line < end; line = eol + 1) {
		eol = memchr(line, '\n', end - line);
		if (!eol)
			eol = end;
		if (!parse_line(line, eol, &func))
			continue;
		syms->sorted &= func.addr >= last;
		last = func.addr;
		VEC_PUSH(syms->funcs, syms->nr, syms->room, func);
		added++;
	}
	return added;
}

size_t symbols_parse_kallsyms(struct symbols *syms, const char *text, size_t size)
{
	char *copy = xrealloc(NULL, size + 1, 1);

	memcpy(copy, text, size);
	copy[size] = '\0';
	return symbols_take_kallsyms(syms, copy, copy, size);
}

static int compare_functions(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

uint64_t symbols_by_name(struct symbols *syms, const char *name, const char *module)
{
	const char *text = symbols_intern(syms, name);
	const char *mod = module ? symbols_intern(syms, module) : NULL;
	const char *pair[2] = { text, mod };
	uint64_t key = hash_bytes(pair, sizeof(pair)), *addr;
	struct symbol *sym;

	addr = map_get(&syms->named, key);
	if (addr)
		return *addr;
	addr = xzalloc(sizeof(*addr));
	*addr = syms->next_named++;
	map_put(&syms->named, key, addr);
	sym = xzalloc(sizeof(*sym));
	sym->name = intern(syms, text, plain_length(text, strlen(text)));
	sym->module = mod;
	sym->known = true;
	map_put(&syms->resolved, *addr, sym);
	return *addr;
}

/* The last function at or before an address; NULL if that is not its code. */
static const struct function *lookup(struct symbols *syms, uint64_t addr)
{
	size_t low = 0, high = syms->nr;

	if (!syms->sorted) {
		if (syms->nr)
			qsort(syms->funcs, syms->nr, sizeof(*syms->funcs), compare_functions);
		syms->sorted = true;
	}
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (syms->funcs[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || addr - syms->funcs[low - 1].addr >= FUNCTION_MAX)
		return NULL;
	return &syms->funcs[low - 1];
}

/* Name and module of a function: now that somebody wants to know. */
static void read_names(struct symbols *syms, const struct function *func, struct symbol *sym)
{
	const char *p = func->line, *end = strchr(p, '\n'), *word;
	uint64_t addr;
	size_t len;

	if (!end)
		end = p + strlen(p);
	parse_address(&p, end, &addr);
	len = parse_name(&p, end, &word);
	sym->name = intern(syms, word, plain_length(word, len));
	len = next_word(&p, end, &word);
	sym->module = len > 2 && word[0] == '[' && word[len - 1] == ']' ?
		intern(syms, word + 1, len - 2) : NULL;
	sym->known = true;
}

void symbols_each(struct symbols *syms, symbol_sink sink, void *ctx)
{
	struct symbol sym;
	size_t i;

	for (i = 0; i < syms->nr; i++) {
		read_names(syms, &syms->funcs[i], &sym);
		sink(ctx, &sym, syms->funcs[i].addr);
	}
}

/* Of several names at one address the last in the alphabet is taken. */
static void name_function(struct symbols *syms, const struct function *func, struct symbol *sym)
{
	const struct function *other = func;
	struct symbol also;

	read_names(syms, func, sym);
	while (other > syms->funcs && (--other)->addr == func->addr) {
		read_names(syms, other, &also);
		if (strcmp(also.name, sym->name) > 0)
			*sym = also;
	}
}

const struct symbol *symbols_find(struct symbols *syms, uint64_t addr)
{
	struct symbol *sym = map_get(&syms->resolved, addr);
	const struct function *func;
	char number[24];

	if (sym)
		return sym;
	sym = xzalloc(sizeof(*sym));
	func = lookup(syms, addr);
	if (func) {
		name_function(syms, func, sym);
	} else {
		snprintf(number, sizeof(number), "0x%" PRIx64, addr);
		sym->name = symbols_intern(syms, number);
	}
	map_put(&syms->resolved, addr, sym);
	return sym;
}

size_t symbols_unknown(const struct symbols *syms, size_t *asked)
{
	size_t unknown = 0, i;

	*asked = syms->resolved.used;
	for (i = 0; i < syms->resolved.room; i++) {
		const struct symbol *sym = syms->resolved.slots[i].value;

		unknown += sym && !sym->known;
	}
	return unknown;
}

bool symbols_made_up(const struct symbols *syms, uint64_t addr)
{
	return addr >= NAMED_BASE && addr < syms->next_named;
}
