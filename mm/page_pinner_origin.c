// SPDX-License-Identifier: GPL-2.0
/*
 * What a stack says of a get or put that page_pinner cannot know otherwise: is
 * it a per-CPU batch of the LRU or of mlock, whose reference one task takes
 * and another gives back, or is it a page table's?  Asked only where several
 * open gets could be meant.  A name that is missing here costs a clear answer,
 * not a right one: the folio is ambiguous then, and readers say so.
 *
 * The functions are looked up among the symbols of the running kernel, clones
 * included, because those that nobody else calls may or may not be inlined.
 */

#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "page_pinner.h"

static const struct {
	const char *name;
	enum page_pinner_origin origin;
	bool interrupts;	/* off while it runs: in one it is the interrupt's own */
} page_pinner_names[] = {
	/* the first that a stack passes, from the inside, says what it is */
	{ "folio_batch_move_lru",		PAGE_PINNER_ORIGIN_BATCH },
	{ "__folio_batch_add_and_move",		PAGE_PINNER_ORIGIN_BATCH },
	{ "folio_add_lru",			PAGE_PINNER_ORIGIN_BATCH },
	{ "folio_activate",			PAGE_PINNER_ORIGIN_BATCH },
	{ "folio_mark_accessed",		PAGE_PINNER_ORIGIN_BATCH },
	{ "folio_deactivate",			PAGE_PINNER_ORIGIN_BATCH },
	{ "folio_mark_lazyfree",		PAGE_PINNER_ORIGIN_BATCH },
	{ "deactivate_file_folio",		PAGE_PINNER_ORIGIN_BATCH },
	{ "folio_rotate_reclaimable",		PAGE_PINNER_ORIGIN_BATCH, true },
	{ "lru_add_drain_cpu",			PAGE_PINNER_ORIGIN_BATCH },
	{ "mlock_folio",			PAGE_PINNER_ORIGIN_BATCH },
	{ "mlock_new_folio",			PAGE_PINNER_ORIGIN_BATCH },
	{ "munlock_folio",			PAGE_PINNER_ORIGIN_BATCH },
	{ "mlock_folio_batch",			PAGE_PINNER_ORIGIN_BATCH },
	{ "mlock_drain_local",			PAGE_PINNER_ORIGIN_BATCH },
	{ "mlock_drain_remote",			PAGE_PINNER_ORIGIN_BATCH },
	{ "copy_page_range",			PAGE_PINNER_ORIGIN_MAPPING },
	{ "handle_mm_fault",			PAGE_PINNER_ORIGIN_MAPPING },
	{ "remove_migration_pte",		PAGE_PINNER_ORIGIN_MAPPING },
	{ "remove_migration_ptes",		PAGE_PINNER_ORIGIN_MAPPING },
	{ "try_to_migrate",			PAGE_PINNER_ORIGIN_MAPPING },
	{ "try_to_migrate_one",			PAGE_PINNER_ORIGIN_MAPPING },
	{ "try_to_unmap",			PAGE_PINNER_ORIGIN_MAPPING },
	{ "try_to_unmap_one",			PAGE_PINNER_ORIGIN_MAPPING },
	{ "free_pages_and_swap_cache",		PAGE_PINNER_ORIGIN_MAPPING },
	{ "tlb_finish_mmu",			PAGE_PINNER_ORIGIN_MAPPING },
	{ "tlb_flush_mmu",			PAGE_PINNER_ORIGIN_MAPPING },
};

/* A function may have clones. */
#define PAGE_PINNER_MAX_FUNCTIONS	(3 * ARRAY_SIZE(page_pinner_names))

static struct {
	unsigned long start;
	unsigned long end;
	enum page_pinner_origin origin;
	bool interrupts;
} page_pinner_functions[PAGE_PINNER_MAX_FUNCTIONS];

static unsigned int page_pinner_nr_functions;

static int page_pinner_function_add(void *data, const char *name, unsigned long addr)
{
	size_t len = strcspn(name, ".");
	unsigned long size, offset;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(page_pinner_names); i++)
		if (strlen(page_pinner_names[i].name) == len &&
		    !strncmp(page_pinner_names[i].name, name, len))
			break;
	if (i == ARRAY_SIZE(page_pinner_names) ||
	    !kallsyms_lookup_size_offset(addr, &size, &offset))
		return 0;
	page_pinner_functions[page_pinner_nr_functions].start = addr;
	page_pinner_functions[page_pinner_nr_functions].end = addr - offset + size;
	page_pinner_functions[page_pinner_nr_functions].origin = page_pinner_names[i].origin;
	page_pinner_functions[page_pinner_nr_functions].interrupts =
		page_pinner_names[i].interrupts;
	return ++page_pinner_nr_functions == ARRAY_SIZE(page_pinner_functions);
}

/**
 * page_pinner_origin_init - find the functions, once
 *
 * Context: process context, under page_pinner_key_mutex.
 */
void page_pinner_origin_init(void)
{
	if (!page_pinner_nr_functions)
		kallsyms_on_each_symbol(page_pinner_function_add, NULL);
}

/* The function that @addr returns to; symbols come in the order of addresses. */
static int page_pinner_function_of(unsigned long addr)
{
	int low = 0, high = page_pinner_nr_functions - 1;

	while (low <= high) {
		int mid = (low + high) / 2;

		/* a return address behind a call that ends a function is its end */
		if (addr <= page_pinner_functions[mid].start)
			high = mid - 1;
		else if (addr > page_pinner_functions[mid].end)
			low = mid + 1;
		else
			return mid;
	}
	return -1;
}

/**
 * page_pinner_origin - whose reference is it?
 * @stack: return addresses of the caller, innermost first
 * @depth: how many
 *
 * The stack of an interrupt goes on with what was interrupted, which tells
 * nothing of it.
 *
 * Context: any.
 * Return: &enum page_pinner_origin
 */
enum page_pinner_origin page_pinner_origin(const unsigned long *stack, unsigned int depth)
{
	u8 ctx = page_pinner_ctx();
	unsigned int i;
	int function;

	for (i = 0; i < depth && ctx != PAGE_PINNER_CTX_NMI; i++) {
		function = page_pinner_function_of(stack[i]);
		if (function >= 0 && (ctx == PAGE_PINNER_CTX_TASK ||
				      page_pinner_functions[function].interrupts))
			return page_pinner_functions[function].origin;
	}
	return PAGE_PINNER_ORIGIN_OTHER;
}

/**
 * page_pinner_own_frames - how many frames of a stack are this feature's own
 * @holder: an open get
 *
 * By name, for what the compiler makes of our functions is its own affair.
 *
 * Return: the index of the first that is not.
 */
int page_pinner_own_frames(const struct page_pinner_holder *holder)
{
	char name[KSYM_SYMBOL_LEN];
	int i;

	for (i = 0; i < holder->depth; i++) {
		sprint_symbol_no_offset(name, holder->stack[i] - 1);
		if (!str_has_prefix(name, "page_pinner_") &&
		    !str_has_prefix(name, "__page_pinner_") &&
		    !str_has_prefix(name, "stack_trace_save"))
			break;
	}
	return i;
}
