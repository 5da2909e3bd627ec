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

struct function {
	uint64_t addr;
	const char *name;
	const char *module;
};

struct symbols {
	struct function *funcs;
	size_t nr, room;
	bool sorted;
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
	if (!syms)
		return;
	free_values(&syms->strings);
	free_values(&syms->resolved);
	free_values(&syms->named);
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

static bool parse_line(struct symbols *syms, const char *p, const char *end,
		       struct function *func)
{
	const char *word;
	size_t len = next_word(&p, end, &word), i;

	memset(func, 0, sizeof(*func));
	if (!len || len > 16)
		return false;
	for (i = 0; i < len; i++) {
		const char *digits = "0123456789abcdef", *d = strchr(digits, word[i] | 0x20);

		if (!d || !word[i])
			return false;
		func->addr = func->addr << 4 | (d - digits);
	}
	len = next_word(&p, end, &word);
	if (len == 1) {
		if (!strchr("tTwWuU", *word))
			return false;
		len = next_word(&p, end, &word);
	}
	if (!len || !func->addr)
		return false;
	func->name = intern(syms, word, plain_length(word, len));
	len = next_word(&p, end, &word);
	if (len > 2 && word[0] == '[' && word[len - 1] == ']')
		func->module = intern(syms, word + 1, len - 2);
	return true;
}

size_t symbols_plain_length(const char *name)
{
	return plain_length(name, strlen(name));
}

void symbols_each(struct symbols *syms, symbol_sink sink, void *ctx)
{
	struct symbol sym = { .known = true };
	size_t i;

	for (i = 0; i < syms->nr; i++) {
		sym.name = syms->funcs[i].name;
		sym.module = syms->funcs[i].module;
		sink(ctx, &sym, syms->funcs[i].addr);
	}
}

size_t symbols_parse_kallsyms(struct symbols *syms, const char *text, size_t size)
{
	const char *end = text + size;
	struct function func;
	size_t added = 0;

	while (text < end) {
		const char *eol = memchr(text, '\n', end - text);

		if (!eol)
			eol = end;
		if (parse_line(syms, text, eol, &func)) {
			VEC_PUSH(syms->funcs, syms->nr, syms->room, func);
			added++;
		}
		text = eol + 1;
	}
	syms->sorted = false;
	return added;
}

static int compare_functions(const void *a, const void *b)
{
	const struct function *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	/* Of two names at one address the last in the alphabet is found. */
	return strcmp(x->name, y->name);
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
		sym->name = func->name;
		sym->module = func->module;
		sym->known = true;
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
