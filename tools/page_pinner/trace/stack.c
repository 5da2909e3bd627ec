// SPDX-License-Identifier: GPL-2.0
/*
 * Distinct stacks by number; see stack.h.  All addresses lie in one array, an
 * index finds them by hash.
 */
#include "trace/stack.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

struct span {
	size_t first;
	uint32_t nr;
	uint64_t hash;
};

struct stacks {
	uint64_t *frames;
	size_t nr_frames, room_frames;
	struct span *spans;
	size_t nr, room;
	uint32_t *index;	/* span number, 0 is free */
	size_t index_room;
};

struct stacks *stacks_new(void)
{
	struct stacks *stacks = xzalloc(sizeof(*stacks));
	struct span none = { 0, 0, 0 };

	VEC_PUSH(stacks->spans, stacks->nr, stacks->room, none);
	stacks->index_room = 256;
	stacks->index = xzalloc(stacks->index_room * sizeof(*stacks->index));
	return stacks;
}

void stacks_free(struct stacks *stacks)
{
	if (!stacks)
		return;
	free(stacks->frames);
	free(stacks->spans);
	free(stacks->index);
	free(stacks);
}

static void grow_index(struct stacks *stacks)
{
	size_t i, slot;

	free(stacks->index);
	stacks->index_room *= 2;
	stacks->index = xzalloc(stacks->index_room * sizeof(*stacks->index));
	for (i = 1; i < stacks->nr; i++) {
		slot = stacks->spans[i].hash & (stacks->index_room - 1);
		while (stacks->index[slot])
			slot = (slot + 1) & (stacks->index_room - 1);
		stacks->index[slot] = i;
	}
}

static uint32_t append(struct stacks *stacks, const uint64_t *frames, size_t nr, uint64_t hash)
{
	struct span span = { stacks->nr_frames, nr, hash };

	if (stacks->nr_frames + nr > stacks->room_frames) {
		stacks->room_frames = (stacks->nr_frames + nr) * 2;
		stacks->frames = xrealloc(stacks->frames, stacks->room_frames,
					  sizeof(*stacks->frames));
	}
	memcpy(stacks->frames + stacks->nr_frames, frames, nr * sizeof(*frames));
	stacks->nr_frames += nr;
	VEC_PUSH(stacks->spans, stacks->nr, stacks->room, span);
	return stacks->nr - 1;
}

uint32_t stacks_intern(struct stacks *stacks, const uint64_t *frames, size_t nr)
{
	const struct span *span;
	uint64_t hash;
	size_t slot;

	if (!nr)
		return STACK_NONE;
	if (nr > STACK_MAX)
		nr = STACK_MAX;
	hash = hash_bytes(frames, nr * sizeof(*frames));
	if (stacks->nr * 2 > stacks->index_room)
		grow_index(stacks);
	slot = hash & (stacks->index_room - 1);
	while (stacks->index[slot]) {
		span = &stacks->spans[stacks->index[slot]];
		if (span->hash == hash && span->nr == nr &&
		    !memcmp(stacks->frames + span->first, frames, nr * sizeof(*frames)))
			return stacks->index[slot];
		slot = (slot + 1) & (stacks->index_room - 1);
	}
	stacks->index[slot] = append(stacks, frames, nr, hash);
	return stacks->index[slot];
}

const uint64_t *stacks_get(const struct stacks *stacks, uint32_t id, size_t *nr)
{
	if (id >= stacks->nr)
		id = STACK_NONE;
	*nr = stacks->spans[id].nr;
	return stacks->frames + stacks->spans[id].first;
}

uint32_t stacks_count(const struct stacks *stacks)
{
	return stacks->nr;
}
