// SPDX-License-Identifier: GPL-2.0
/*
 * Where page_pinner keeps open gets: a table of fixed size, searched in a
 * window that begins where the hash of the PFN says.  What is kept, and when
 * it goes, is decided in mm/page_pinner_holders.c.
 *
 * An entry belongs to whoever moves its key: from free to busy and, once it is
 * filled, to the PFN; from the PFN to busy, and back to the PFN or to free.
 * Each move away from free or from a PFN is a cmpxchg(), so any context will
 * do, and nobody waits: an NMI passes over what the CPU it interrupted owns.
 */

#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

#include "page_pinner.h"

/* Keys: a free entry, one that somebody owns, and from 2 on those of PFNs. */
#define PAGE_PINNER_KEY_FREE	0UL
#define PAGE_PINNER_KEY_BUSY	1UL

/* Bounds of "gets=" at boot: 50 KiB and 14 MiB. */
#define PAGE_PINNER_POOL_MIN	256U
#define PAGE_PINNER_POOL_MAX	65536U

static_assert(PAGE_PINNER_WINDOW <= PAGE_PINNER_POOL_MIN);

static struct {
	unsigned long *key;
	struct page_pinner_holder *holder;
	unsigned long *refused;		/* by hash of PFN: found no room */
	unsigned int bits;
} page_pinner_pool __read_mostly;

/**
 * page_pinner_pool_alloc - there will be open gets
 *
 * What was allocated stays.
 *
 * Context: process context, under page_pinner_key_mutex.
 * Return: 0, or -ENOMEM.
 */
int page_pinner_pool_alloc(void)
{
	unsigned int size = roundup_pow_of_two(clamp(page_pinner_pool_wanted,
						     PAGE_PINNER_POOL_MIN,
						     PAGE_PINNER_POOL_MAX));
	unsigned long *key;

	if (page_pinner_pool.key)
		return 0;
	page_pinner_pool.holder = vcalloc(size, sizeof(*page_pinner_pool.holder));
	page_pinner_pool.refused = bitmap_zalloc(size, GFP_KERNEL);
	key = vcalloc(size, sizeof(*key));
	if (!page_pinner_pool.holder || !page_pinner_pool.refused || !key) {
		vfree(page_pinner_pool.holder);
		bitmap_free(page_pinner_pool.refused);
		vfree(key);
		return -ENOMEM;
	}
	page_pinner_pool.bits = ilog2(size);
	/* publishes the rest: without keys there is no pool */
	smp_store_release(&page_pinner_pool.key, key);
	return 0;
}

/**
 * page_pinner_pool_size - how many open gets there can be
 *
 * Return: 0 before page_pinner_pool_alloc().
 */
unsigned long page_pinner_pool_size(void)
{
	/* pairs with smp_store_release() in page_pinner_pool_alloc() */
	return smp_load_acquire(&page_pinner_pool.key) ? 1UL << page_pinner_pool.bits : 0;
}

/**
 * page_pinner_pool_used - how many open gets there are
 *
 * Return: those that are just being made or ended are among them.
 */
unsigned long page_pinner_pool_used(void)
{
	unsigned long slot, size = page_pinner_pool_size(), used = 0;

	for (slot = 0; slot < size; slot++)
		used += READ_ONCE(page_pinner_pool.key[slot]) != PAGE_PINNER_KEY_FREE;
	return used;
}

static unsigned long page_pinner_key_of(unsigned long pfn)
{
	return (pfn + 1) << 1;
}

static unsigned int page_pinner_slot(unsigned long pfn, unsigned int i)
{
	return (hash_long(pfn, page_pinner_pool.bits) + i) &
		((1U << page_pinner_pool.bits) - 1);
}

static unsigned long *page_pinner_key_at(unsigned long pfn, unsigned int i)
{
	return &page_pinner_pool.key[page_pinner_slot(pfn, i)];
}

/**
 * page_pinner_pool_mine - which entries of the window are of a folio?
 * @pfn: of the folio
 *
 * All that an operation does begins with this walk: one load and one comparison
 * for each entry.
 *
 * Context: any.
 * Return: a bit for each; page_pinner_pool_peek() or page_pinner_pool_claim()
 * says whether it still is.
 */
unsigned long page_pinner_pool_mine(unsigned long pfn)
{
	unsigned long mine = 0, key = page_pinner_key_of(pfn);
	unsigned int i, slot, mask;
	unsigned long *keys;

	if (!page_pinner_pool_size())
		return 0;
	keys = page_pinner_pool.key;
	slot = page_pinner_slot(pfn, 0);
	mask = (1U << page_pinner_pool.bits) - 1;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++)
		if (READ_ONCE(keys[(slot + i) & mask]) == key)
			mine |= 1UL << i;
	return mine;
}

/**
 * page_pinner_pool_peek - look at an entry that others may change
 * @pfn: of the folio
 * @i: below PAGE_PINNER_WINDOW
 *
 * Return: the entry, to be read with READ_ONCE(); NULL: not one of this folio.
 */
struct page_pinner_holder *page_pinner_pool_peek(unsigned long pfn, unsigned int i)
{
	unsigned long key;

	if (!page_pinner_pool_size())
		return NULL;
	/* pairs with smp_store_release() in page_pinner_pool_release() */
	key = smp_load_acquire(page_pinner_key_at(pfn, i));
	if (key != page_pinner_key_of(pfn))
		return NULL;
	return &page_pinner_pool.holder[page_pinner_slot(pfn, i)];
}

static bool page_pinner_key_move(unsigned long *key, unsigned long from)
{
	return READ_ONCE(*key) == from && cmpxchg(key, from, PAGE_PINNER_KEY_BUSY) == from;
}

/**
 * page_pinner_pool_claim - own an entry
 * @pfn: of the folio
 * @i: below PAGE_PINNER_WINDOW
 *
 * Context: any; what is claimed has to be released in the same context.
 * Return: the entry; NULL: it is not one of this folio, or somebody owns it.
 */
struct page_pinner_holder *page_pinner_pool_claim(unsigned long pfn, unsigned int i)
{
	if (!page_pinner_pool_size() ||
	    !page_pinner_key_move(page_pinner_key_at(pfn, i), page_pinner_key_of(pfn)))
		return NULL;
	return &page_pinner_pool.holder[page_pinner_slot(pfn, i)];
}

/**
 * page_pinner_pool_add - own a free entry
 * @pfn: of the folio
 * @i: set to the entry's number, for page_pinner_pool_release()
 *
 * Context: any.
 * Return: the entry; NULL: there is no room, which is counted.
 */
struct page_pinner_holder *page_pinner_pool_add(unsigned long pfn, unsigned int *i)
{
	if (!page_pinner_pool_size())
		return NULL;
	for (*i = 0; *i < PAGE_PINNER_WINDOW; ++*i)
		if (page_pinner_key_move(page_pinner_key_at(pfn, *i), PAGE_PINNER_KEY_FREE))
			return &page_pinner_pool.holder[page_pinner_slot(pfn, *i)];
	set_bit(page_pinner_slot(pfn, 0), page_pinner_pool.refused);
	page_pinner_count(PAGE_PINNER_STAT_GETS_REFUSED);
	return NULL;
}

/**
 * page_pinner_pool_release - an owned entry is whole again, or free
 * @pfn: of the folio
 * @i: number of the entry
 * @keep: false: it is free
 */
void page_pinner_pool_release(unsigned long pfn, unsigned int i, bool keep)
{
	/* publishes what its owner wrote; or his last use comes before the next owner's */
	smp_store_release(page_pinner_key_at(pfn, i),
			  keep ? page_pinner_key_of(pfn) : PAGE_PINNER_KEY_FREE);
}

/**
 * page_pinner_pool_busy - does somebody own an entry that may be of this folio?
 * @pfn: of the folio
 *
 * Return: true also for an entry of one that is kept near it.
 */
bool page_pinner_pool_busy(unsigned long pfn)
{
	unsigned int i;

	for (i = 0; page_pinner_pool_size() && i < PAGE_PINNER_WINDOW; i++)
		if (READ_ONCE(*page_pinner_key_at(pfn, i)) == PAGE_PINNER_KEY_BUSY)
			return true;
	return false;
}

/**
 * page_pinner_pool_refused - may a get of this folio have found no room?
 * @pfn: of the folio
 *
 * Return: true also for folios that share its hash.
 */
bool page_pinner_pool_refused(unsigned long pfn)
{
	return page_pinner_pool_size() &&
	       test_bit(page_pinner_slot(pfn, 0), page_pinner_pool.refused);
}

/**
 * page_pinner_pool_copy - read a whole entry
 * @pfn: of the folio
 * @i: below PAGE_PINNER_WINDOW
 * @copy: of the entry
 *
 * Return: false if there is none, or if it has just changed.
 */
bool page_pinner_pool_copy(unsigned long pfn, unsigned int i, struct page_pinner_holder *copy)
{
	const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);

	if (!holder)
		return false;
	/* its owner may write to it meanwhile: found out below */
	data_race(*copy = *holder);
	/* the copy is whole if the owner is still the same */
	smp_rmb();
	return page_pinner_pool_peek(pfn, i) == holder &&
	       READ_ONCE(holder->start_ns) == copy->start_ns;
}

/**
 * page_pinner_pool_forget - drop what is neither watched nor marked any more
 *
 * The puts of such folios are not seen, and an entry that missed its put would
 * accuse the innocent later.
 *
 * Context: process context; operations that saw the watch have left.
 */
void page_pinner_pool_forget(void)
{
	unsigned long slot, size = page_pinner_pool_size(), key;

	for (slot = 0; slot < size; slot++) {
		struct page_pinner_sample sample;
		const struct page *page;

		key = READ_ONCE(page_pinner_pool.key[slot]);
		if (key == PAGE_PINNER_KEY_FREE || key == PAGE_PINNER_KEY_BUSY)
			continue;
		page = page_pinner_active() ? pfn_to_online_page((key >> 1) - 1) : NULL;
		if (page) {
			page_pinner_sample(page, &sample);
			if (page_pinner_watched(page, sample.order) || page_pinner_is_marked(page))
				continue;
		}
		if (page_pinner_key_move(&page_pinner_pool.key[slot], key)) {
			page_pinner_count(PAGE_PINNER_STAT_GETS_CLOSED);
			/* as page_pinner_pool_release() */
			smp_store_release(&page_pinner_pool.key[slot], PAGE_PINNER_KEY_FREE);
		}
	}
	if (size && !page_pinner_active())
		bitmap_zero(page_pinner_pool.refused, size);
}
