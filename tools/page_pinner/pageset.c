// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of page frames; see pageset.h.
 */
#include "pageset.h"

#define BITS (8 * sizeof(uintptr_t))

/* The word at hand goes to the others once it is another one's turn. */
static void turn_to(struct pageset *set, uint64_t key)
{
	if (set->key == key)
		return;
	if (set->changed)
		map_put(&set->words, set->key, (void *)set->word);
	set->changed = false;
	set->key = key;
	set->word = (uintptr_t)map_get(&set->words, key);
}

static void add_word(struct pageset *set, uint64_t key, uintptr_t bits)
{
	turn_to(set, key);
	bits &= ~set->word;
	if (!bits)
		return;
	set->nr += __builtin_popcountll(bits);
	set->word |= bits;
	set->changed = true;
}

void pageset_add(struct pageset *set, uint64_t pfn)
{
	add_word(set, pfn / BITS, (uintptr_t)1 << pfn % BITS);
}

void pageset_del(struct pageset *set, uint64_t pfn)
{
	uintptr_t bit = (uintptr_t)1 << pfn % BITS;

	turn_to(set, pfn / BITS);
	set->nr -= (set->word & bit) != 0;
	set->word &= ~bit;
	set->changed = set->word != 0;
	if (!set->word)
		map_del(&set->words, set->key);
}

void pageset_join(struct pageset *set, const struct pageset *other)
{
	size_t i;

	for (i = 0; i < other->words.room; i++) {
		const struct map_slot *slot = &other->words.slots[i];

		if (slot->value && slot->key != other->key)
			add_word(set, slot->key, (uintptr_t)slot->value);
	}
	if (other->word)
		add_word(set, other->key, other->word);
}

void pageset_free(struct pageset *set)
{
	map_free(&set->words);
	*set = (struct pageset){ 0 };
}
