// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of page frames; see pageset.h.
 */
#include "pageset.h"

#define BITS (8 * sizeof(uintptr_t))

static uintptr_t word_of(const struct pageset *set, uint64_t pfn)
{
	return (uintptr_t)map_get(&set->words, pfn / BITS);
}

void pageset_add(struct pageset *set, uint64_t pfn)
{
	uintptr_t word = word_of(set, pfn), bit = (uintptr_t)1 << pfn % BITS;

	if (word & bit)
		return;
	map_put(&set->words, pfn / BITS, (void *)(word | bit));
	set->nr++;
}

void pageset_del(struct pageset *set, uint64_t pfn)
{
	uintptr_t word = word_of(set, pfn), bit = (uintptr_t)1 << pfn % BITS;

	if (!(word & bit))
		return;
	if (word == bit)
		map_del(&set->words, pfn / BITS);
	else
		map_put(&set->words, pfn / BITS, (void *)(word & ~bit));
	set->nr--;
}

void pageset_join(struct pageset *set, const struct pageset *other)
{
	size_t i, bit;

	for (i = 0; i < other->words.room; i++) {
		const struct map_slot *slot = &other->words.slots[i];

		for (bit = 0; slot->value && bit < BITS; bit++)
			if ((uintptr_t)slot->value >> bit & 1)
				pageset_add(set, slot->key * BITS + bit);
	}
}

void pageset_free(struct pageset *set)
{
	map_free(&set->words);
	set->nr = 0;
}
