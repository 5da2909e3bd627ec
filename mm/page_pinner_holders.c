// SPDX-License-Identifier: GPL-2.0
/*
 * Open gets: of marked and watched folios, who took the references that are
 * unexpected now.  Read through the debugfs files "holders" and "scan", and by
 * dump_page().
 *
 * An entry is made when a get leaves more references than mappings, caches and
 * private data account for.  A put takes one away: that of its own task and
 * size, else the only one of its size, else none, and then there are more
 * entries than unexpected references: readers say so and do not guess.  When
 * nothing unexpected is left, all entries of the folio go.
 *
 * The pool is a fixed table, searched in a window that begins where the hash
 * of the PFN says.  An entry is owned by whoever moves its key: from free to
 * busy and, filled, to the PFN; from the PFN to busy and back to free.  All of
 * it by cmpxchg(), so any context will do, and NMIs pass over what is busy.
 *
 * Nobody can drop a reference before the get that took it has returned.  So
 * entries are made after the operation, when the count is known, and are there
 * before the put that belongs to them.  A put that finds nothing unexpected
 * forgets only what is older than itself: a get that overtakes it stays.
 */

#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "page_pinner.h"

/* Entries that are looked at for one PFN. */
#define PAGE_PINNER_WINDOW	32U

/* Keys: 0 is a free entry, then there are two for each PFN. */
#define PAGE_PINNER_KEY_FREE	0UL
#define PAGE_PINNER_KEY_BUSY	1UL

static unsigned long page_pinner_key_of(unsigned long pfn)
{
	return (pfn + 1) << 1;
}

static struct {
	unsigned long *key;
	struct page_pinner_holder *holder;
	unsigned int bits;
} page_pinner_pool __read_mostly;

/* Size of the pool, a power of two; "gets=" on the command line. */
unsigned int page_pinner_pool_size __initdata = 8192;

int __init page_pinner_holders_init(void)
{
	unsigned int size = roundup_pow_of_two(clamp(page_pinner_pool_size, 256U, 1U << 16));

	page_pinner_pool.holder = vcalloc(size, sizeof(*page_pinner_pool.holder));
	if (!page_pinner_pool.holder)
		return -ENOMEM;
	page_pinner_pool.bits = ilog2(size);
	/* publishes the rest: without keys there is no pool */
	smp_store_release(&page_pinner_pool.key, vcalloc(size, sizeof(unsigned long)));
	return page_pinner_pool.key ? 0 : -ENOMEM;
}

static unsigned int page_pinner_slot(unsigned long pfn, unsigned int i)
{
	return (hash_long(pfn, page_pinner_pool.bits) + i) &
		((1U << page_pinner_pool.bits) - 1);
}

void page_pinner_holders_get(unsigned long pfn, int refs)
{
	unsigned long key = page_pinner_key_of(pfn);
	struct page_pinner_holder *holder;
	unsigned int i, slot;

	if (!page_pinner_pool.key)
		return;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		slot = page_pinner_slot(pfn, i);
		if (READ_ONCE(page_pinner_pool.key[slot]) == PAGE_PINNER_KEY_FREE &&
		    cmpxchg(&page_pinner_pool.key[slot], PAGE_PINNER_KEY_FREE,
			    PAGE_PINNER_KEY_BUSY) == PAGE_PINNER_KEY_FREE)
			break;
	}
	if (i == PAGE_PINNER_WINDOW) {
		page_pinner_count(PAGE_PINNER_STAT_HOLDERS_FULL);
		return;
	}
	holder = &page_pinner_pool.holder[slot];
	holder->start_ns = local_clock();
	holder->refs = refs;
	holder->ctx = page_pinner_ctx();
	holder->pid = holder->ctx == PAGE_PINNER_CTX_TASK ? current->pid : 0;
	strscpy(holder->comm, holder->pid ? current->comm : "-");
	holder->depth = stack_trace_save(holder->stack, ARRAY_SIZE(holder->stack), 3);
	page_pinner_count(PAGE_PINNER_STAT_HOLDERS_SET);
	/* publishes the entry; pairs with smp_load_acquire() in page_pinner_holder_copy() */
	smp_store_release(&page_pinner_pool.key[slot], key);
}

/* Own the entry in @slot, if it is one of @key. */
static bool page_pinner_holder_claim(unsigned int slot, unsigned long key)
{
	return READ_ONCE(page_pinner_pool.key[slot]) == key &&
	       cmpxchg(&page_pinner_pool.key[slot], key, PAGE_PINNER_KEY_BUSY) == key;
}

static void page_pinner_holder_release(unsigned int slot, unsigned long key)
{
	/* the entry's last use comes before whatever its next owner writes */
	smp_store_release(&page_pinner_pool.key[slot], key);
}

/* Which entry does a put of @refs by this task answer?  Its slot, or -1. */
static int page_pinner_holder_of(unsigned long pfn, int refs, pid_t pid)
{
	unsigned long key = page_pinner_key_of(pfn);
	int found = -1;
	unsigned int i, slot, nr = 0;

	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		const struct page_pinner_holder *holder;

		slot = page_pinner_slot(pfn, i);
		if (READ_ONCE(page_pinner_pool.key[slot]) != key)
			continue;
		holder = &page_pinner_pool.holder[slot];
		if (READ_ONCE(holder->refs) != refs)
			continue;
		if (pid && READ_ONCE(holder->pid) == pid)
			return slot;
		found = slot;
		nr++;
	}
	return nr == 1 ? found : -1;
}

void page_pinner_holders_put(unsigned long pfn, int refs)
{
	pid_t pid = page_pinner_ctx() == PAGE_PINNER_CTX_TASK ? current->pid : 0;
	unsigned long key = page_pinner_key_of(pfn);
	int tries = 4, slot;

	if (!page_pinner_pool.key)
		return;
	while (tries--) {
		slot = page_pinner_holder_of(pfn, refs, pid);
		if (slot < 0)
			return;
		if (!page_pinner_holder_claim(slot, key))
			continue;	/* another put was there first */
		/* reused for another get meanwhile? */
		if (page_pinner_pool.holder[slot].refs != refs) {
			page_pinner_holder_release(slot, key);
			continue;
		}
		page_pinner_count(PAGE_PINNER_STAT_HOLDERS_ENDED);
		page_pinner_holder_release(slot, PAGE_PINNER_KEY_FREE);
		return;
	}
}

void page_pinner_holders_settle(unsigned long pfn, u64 before_ns)
{
	unsigned long key = page_pinner_key_of(pfn);
	unsigned int i, slot;

	if (!page_pinner_pool.key)
		return;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		slot = page_pinner_slot(pfn, i);
		if (!page_pinner_holder_claim(slot, key))
			continue;
		if (page_pinner_pool.holder[slot].start_ns >= before_ns) {
			page_pinner_holder_release(slot, key);
			continue;
		}
		page_pinner_count(PAGE_PINNER_STAT_HOLDERS_ENDED);
		page_pinner_holder_release(slot, PAGE_PINNER_KEY_FREE);
	}
}

void page_pinner_holders_clear(void)
{
	unsigned int slot;

	for (slot = 0; page_pinner_pool.key && slot < 1U << page_pinner_pool.bits; slot++) {
		unsigned long key = READ_ONCE(page_pinner_pool.key[slot]);

		if (key > PAGE_PINNER_KEY_BUSY && page_pinner_holder_claim(slot, key)) {
			page_pinner_count(PAGE_PINNER_STAT_HOLDERS_ENDED);
			page_pinner_holder_release(slot, PAGE_PINNER_KEY_FREE);
		}
	}
}

/* === Readers ============================================================== */

/* A copy of the entry in @slot, if it is one of @key and stays so. */
static bool page_pinner_holder_copy(unsigned int slot, unsigned long key,
				    struct page_pinner_holder *copy)
{
	const struct page_pinner_holder *holder = &page_pinner_pool.holder[slot];

	/* pairs with smp_store_release() in page_pinner_holders_get() */
	if (smp_load_acquire(&page_pinner_pool.key[slot]) != key)
		return false;
	*copy = *holder;
	/* the copy is whole if its owner is still the same */
	smp_rmb();
	return READ_ONCE(page_pinner_pool.key[slot]) == key &&
	       READ_ONCE(holder->start_ns) == copy->start_ns;
}

unsigned int page_pinner_holders_find(unsigned long pfn, unsigned int i,
				      struct page_pinner_holder *copy)
{
	unsigned long key = page_pinner_key_of(pfn);

	if (!page_pinner_pool.key)
		return 0;
	for (; i < PAGE_PINNER_WINDOW; i++)
		if (page_pinner_holder_copy(page_pinner_slot(pfn, i), key, copy))
			return i + 1;
	return 0;
}

unsigned long page_pinner_holders_next(unsigned long *slot)
{
	for (; page_pinner_pool.key && *slot < 1UL << page_pinner_pool.bits; ++*slot) {
		unsigned long key = READ_ONCE(page_pinner_pool.key[*slot]);
		struct page_pinner_holder copy;
		unsigned long pfn;
		unsigned int first;

		if (key <= PAGE_PINNER_KEY_BUSY)
			continue;
		pfn = (key >> 1) - 1;
		/* each folio once: at the first of its entries */
		first = page_pinner_holders_find(pfn, 0, &copy);
		if (first && page_pinner_slot(pfn, first - 1) == *slot)
			return pfn;
	}
	return ULONG_MAX;
}

unsigned long page_pinner_holders_size(void)
{
	return page_pinner_pool.key ? 1UL << page_pinner_pool.bits : 0;
}
