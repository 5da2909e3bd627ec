/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses to function names.  Filled from the trace's own kallsyms, from
 * a file of the user's, or, for text traces, by name.  Unknown addresses stay
 * distinct: they are named by their number and so still group.
 */
#ifndef PAGE_PINNER_SYMBOLS_H
#define PAGE_PINNER_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct symbols;

/**
 * struct symbol - one function
 * @name: without offset and without the compiler's suffix; never NULL
 * @module: its module, NULL for the kernel proper
 * @known: false where @name is only the address in hexadecimal
 */
struct symbol {
	const char *name;
	const char *module;
	bool known;
};

/**
 * symbols_new - an empty table
 *
 * Return: the table, released by symbols_free().
 */
struct symbols *symbols_new(void);

/**
 * symbols_free - release a table and all its strings
 * @syms: the table or NULL
 */
void symbols_free(struct symbols *syms);

/**
 * symbols_parse_kallsyms - add every function of a kallsyms text
 * @syms: the table
 * @text: lines "address [type] name [module]"; need not end in NUL
 * @size: its length
 *
 * Where the text comes from a restricted reader, all addresses are 0: such
 * lines are left out.
 *
 * Return: number of functions added.
 */
size_t symbols_parse_kallsyms(struct symbols *syms, const char *text, size_t size);

/**
 * symbols_take_kallsyms - the same, without a copy
 * @syms: the table
 * @memory: what the text lies in, allocated; the table frees it
 * @text: as for symbols_parse_kallsyms(), but with a NUL behind it
 * @size: its length without that
 *
 * Return: number of functions added.
 */
size_t symbols_take_kallsyms(struct symbols *syms, void *memory, const char *text, size_t size);

/**
 * symbols_by_name - an address for a function that is known by name alone
 * @syms: the table
 * @name: the function
 * @module: its module or NULL
 *
 * Return: the same made-up address for the same name.
 */
uint64_t symbols_by_name(struct symbols *syms, const char *name, const char *module);

/**
 * symbols_made_up - is this an address of symbols_by_name()?
 * @syms: the table
 * @addr: an address from a stack
 *
 * Return: true for one that no function has.
 */
bool symbols_made_up(const struct symbols *syms, uint64_t addr);

/**
 * symbols_find - the function that an address lies in
 * @syms: the table
 * @addr: an address from a stack
 *
 * Return: the symbol; lives as long as @syms.
 */
const struct symbol *symbols_find(struct symbols *syms, uint64_t addr);

/**
 * typedef symbol_sink - takes functions
 * @ctx: the receiver
 * @sym: the function; valid during the call
 * @addr: where it begins
 */
typedef void (*symbol_sink)(void *ctx, const struct symbol *sym, uint64_t addr);

/**
 * symbols_each - all functions that have an address
 * @syms: the table
 * @sink: receives them
 * @ctx: for @sink
 */
void symbols_each(struct symbols *syms, symbol_sink sink, void *ctx);

/**
 * symbols_plain_length - how long a name is without what compilers append
 * @name: as in a table of symbols: name.isra.0, name.part.1
 *
 * Return: length of the function's own name.
 */
size_t symbols_plain_length(const char *name);

/**
 * symbols_unknown - how many addresses have no name
 * @syms: the table
 * @asked: set to how many were asked for
 *
 * Return: how many of them are in no known function.
 */
size_t symbols_unknown(const struct symbols *syms, size_t *asked);

/**
 * symbols_intern - one copy of a string per table
 * @syms: the table
 * @text: the string
 *
 * Return: the copy, equal pointers for equal strings.
 */
const char *symbols_intern(struct symbols *syms, const char *text);

#endif
