// SPDX-License-Identifier: GPL-2.0
/*
 * How long references were held; see holds.h.
 */
#include "judge/holds.h"

#include "util.h"

/* As many leading bits of a length as are told apart: a 128th of it. */
#define BITS 8

/* Equal for lengths that are told as one, and greater for longer ones. */
static uint64_t rough(uint64_t ns)
{
	unsigned int shift = 0;

	while (ns >> shift >= 1u << BITS)
		shift++;
	return ns >> shift << shift;
}

void holds_add(struct holds *holds, uint64_t ns)
{
	struct hold new = { ns, ns, 1 };
	size_t low = 0, high = holds->nr, mid;

	/* the first one that is not shorter */
	while (low < high) {
		mid = (low + high) / 2;
		if (rough(holds->list[mid].ns) < rough(ns))
			low = mid + 1;
		else
			high = mid;
	}
	if (low < holds->nr && rough(holds->list[low].ns) == rough(ns)) {
		struct hold *like = &holds->list[low];

		like->nr++;
		if (ns < like->ns)
			like->ns = ns;
		if (ns > like->longest)
			like->longest = ns;
		return;
	}
	VEC_PUSH(holds->list, holds->nr, holds->room, new);
	for (high = holds->nr - 1; high > low; high--)
		holds->list[high] = holds->list[high - 1];
	holds->list[low] = new;
}

uint64_t holds_longest(const struct holds *holds)
{
	return holds->nr ? holds->list[holds->nr - 1].longest : 0;
}
