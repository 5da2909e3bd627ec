// SPDX-License-Identifier: GPL-2.0
/*
 * Failures of marks that tell the same; see fold.h.
 */
#include "judge/fold.h"

#include <stdlib.h>
#include <string.h>

#include "judge/near.h"
#include "util.h"

/* So many failures, the last ones, stand for themselves. */
#define ALONE 4096
/* Room for them and for those of one more episode, one for each reason; a power of two. */
#define WAITING 8192

/* All that is told of a failure, but for pages, times and how often, as numbers. */
struct key {
	uint64_t *words;
	size_t nr, room;
};

/* One entry that counts. */
struct story {
	struct key key;
	struct failure *entry;	/* the latest one */
};

struct folding {
	struct findings *f;
	struct failure *waiting[WAITING];
	uint64_t head, tail;		/* in there: the first one, and behind the last one */
	struct map by_hash;		/* the last story with that hash */
	struct story **stories;
	size_t nr_stories, room_stories;
	struct failure **entries;	/* that a loss can make unsafe */
	size_t nr_entries, room_entries;
	uint64_t end_ns;		/* the latest end in any of them */
	struct key key;			/* of the failure at hand */
};

struct folding *folding_new(struct findings *f)
{
	struct folding *folding = xzalloc(sizeof(*folding));

	folding->f = f;
	return folding;
}

void folding_free(struct folding *folding)
{
	size_t i;

	if (!folding)
		return;
	for (i = 0; i < folding->nr_stories; i++) {
		free(folding->stories[i]->key.words);
		free(folding->stories[i]);
	}
	free(folding->stories);
	free(folding->entries);
	free(folding->key.words);
	map_free(&folding->by_hash);
	free(folding);
}

static void put(struct key *key, uint64_t word)
{
	VEC_PUSH(key->words, key->nr, key->room, word);
}

static void put_two(struct key *key, uint32_t high, uint32_t low)
{
	put(key, (uint64_t)high << 32 | low);
}

static uint32_t bits(float share)
{
	uint32_t word;

	memcpy(&word, &share, sizeof(word));
	return word;
}

static void put_claim(struct key *key, const struct failure *failure, const struct claim *c)
{
	size_t i;

	put_two(key, c->holder, c->task);
	put_two(key, c->refs, c->units);
	put_two(key, bits(c->confidence), c->guess | c->own << 1 | c->counted << 2 |
		c->known << 3 | c->atomic << 4 | c->open << 5 | (c->attempts > 0) << 6);
	/* several claims of one holder may be about the same attempts */
	if (failure->nr_claims > 1)
		put_two(key, c->attempt, c->attempts);
	for (i = 0; i < failure->nr_askers; i++)
		put(key, findings_concern(c, &failure->askers[i]));
}

static void put_candidate(struct key *key, const struct candidate *c)
{
	put_two(key, c->site.stack, c->task);
	put_two(key, c->refs, bits(c->share));
	put_two(key, c->site.first, c->get | c->atomic << 1);
	put(key, (uintptr_t)c->why_not);
}

static void put_counts(struct key *key, const struct failure *failure)
{
	put_two(key, failure->refcount, failure->expected);
	put_two(key, failure->mapcount, failure->pincount);
	put_two(key, failure->own, failure->order);
}

/* What two failures have to have in common to share an entry. */
static void find_key(const struct failure *failure, struct key *key)
{
	size_t i;

	key->nr = 0;
	put_two(key, failure->reason | failure->kind << 8 | failure->marked << 16,
		failure->verdict);
	put(key, (uintptr_t)failure->why);
	put_counts(key, failure);
	put_two(key, failure->task, failure->stack);
	put_two(key, failure->nr_askers, failure->nr_claims);
	put_two(key, failure->nr_parts, failure->nr_candidates);
	put(key, failure->more_candidates);
	for (i = 0; i < failure->nr_askers; i++)
		put_two(key, failure->askers[i].task, failure->askers[i].stack);
	for (i = 0; i < failure->nr_parts; i++) {
		put_two(key, failure->parts[i].of, failure->parts[i].refs);
		put(key, failure->parts[i].holder);
	}
	for (i = 0; i < failure->nr_claims; i++)
		put_claim(key, failure, &failure->claims[i]);
	for (i = 0; i < failure->nr_candidates; i++)
		put_candidate(key, &failure->candidates[i]);
}

/* The story of @folding->key, a new one where there is none. */
static struct story *story_of(struct folding *folding)
{
	const struct key *key = &folding->key;
	uint64_t hash = hash_bytes(key->words, key->nr * sizeof(*key->words));
	struct story *story;

	for (; (story = map_get(&folding->by_hash, hash)); hash++)
		if (story->key.nr == key->nr &&
		    !memcmp(story->key.words, key->words, key->nr * sizeof(*key->words)))
			return story;
	story = xzalloc(sizeof(*story));
	story->key.words = xrealloc(NULL, key->nr, sizeof(*key->words));
	memcpy(story->key.words, key->words, key->nr * sizeof(*key->words));
	story->key.nr = story->key.room = key->nr;
	VEC_PUSH(folding->stories, folding->nr_stories, folding->room_stories, story);
	map_put(&folding->by_hash, hash, story);
	return story;
}

static void widen_time(uint64_t *first_ns, uint64_t *last_ns, uint64_t from_ns, uint64_t to_ns)
{
	if (from_ns < *first_ns)
		*first_ns = from_ns;
	if (to_ns > *last_ns)
		*last_ns = to_ns;
}

static void add_hold(struct claim *to, const struct claim *claim, uint64_t since_ns)
{
	holds_add(to->holds, claim->to_ns > claim->from_ns ? claim->to_ns - claim->from_ns : 0);
	to->holds->blocked_ns += claim->to_ns > since_ns ? claim->to_ns - since_ns : 0;
}

static void add_claims(struct failure *entry, const struct failure *failure)
{
	size_t i;

	for (i = 0; i < entry->nr_claims; i++) {
		const struct claim *claim = &failure->claims[i];
		struct claim *to = &entry->claims[i];

		add_hold(to, claim, failure->time_ns);
		widen_time(&to->from_ns, &to->to_ns, claim->from_ns, claim->to_ns);
		to->attempt += claim->attempt;
		to->attempts += claim->attempts;
		if (claim->blocked_ns > to->blocked_ns)
			to->blocked_ns = claim->blocked_ns;
	}
}

static void add_askers(struct failure *entry, const struct failure *failure)
{
	size_t i;

	for (i = 0; i < entry->nr_askers; i++) {
		const struct asker *asker = &failure->askers[i];
		struct asker *to = &entry->askers[i];

		to->attempts += asker->attempts;
		widen_time(&to->first_ns, &to->last_ns, asker->first_ns, asker->last_ns);
		if (asker->blocked_ns > to->blocked_ns)
			to->blocked_ns = asker->blocked_ns;
	}
}

/* For how long any of them was blocked, on top of what was known. */
static void add_blocked(struct failure *entry, const struct failure *failure)
{
	uint64_t to_ns = 0;
	size_t i;

	for (i = 0; i < failure->nr_claims; i++)
		if (failure->claims[i].to_ns > to_ns)
			to_ns = failure->claims[i].to_ns;
	entry->blocked_ns += findings_beyond(&entry->until_ns, failure->time_ns, to_ns);
}

static void widen(struct failure *entry, const struct failure *failure)
{
	struct extent extent = { entry->from_pfn, entry->to_pfn, entry->last_ns };

	near_widen(&extent, failure->pfn, failure->order, failure->last_ns);
	entry->from_pfn = extent.from_pfn;
	entry->to_pfn = extent.to_pfn;
	widen_time(&entry->time_ns, &entry->last_ns, failure->time_ns, failure->last_ns);
	if (failure->end_ns > entry->end_ns)
		entry->end_ns = failure->end_ns;
	if (failure->last.ts > entry->last.ts)
		entry->last = failure->last;
	pageset_add(&entry->pages, failure->pfn);
}

static void add(struct failure *entry, const struct failure *failure)
{
	add_claims(entry, failure);
	add_askers(entry, failure);
	add_blocked(entry, failure);
	widen(entry, failure);
	entry->count++;
	entry->attempts += failure->attempts;
	entry->blocked += failure->blocked;
	entry->repeats += failure->repeats;
}

/* From now on it counts. */
static void begin(struct folding *folding, struct failure *entry)
{
	struct findings *f = folding->f;
	size_t i;

	entry->from_pfn = entry->pfn;
	entry->to_pfn = near_last_pfn(entry->pfn, entry->order);
	for (i = 0; i < entry->nr_claims; i++) {
		struct claim *claim = &entry->claims[i];

		claim->holds = xzalloc(sizeof(*claim->holds));
		VEC_PUSH(f->holds, f->nr_holds, f->room_holds, claim->holds);
		add_hold(claim, claim, entry->time_ns);
	}
	add_blocked(entry, entry);
	pageset_add(&entry->pages, entry->pfn);
	if (findings_can_be_unsafe(entry))
		VEC_PUSH(folding->entries, folding->nr_entries, folding->room_entries, entry);
}

static void fold(struct folding *folding, struct failure *failure)
{
	struct failure *entry;
	struct story *story;

	if (folding->f->wanted && !folding->f->wanted(failure, folding->f->wanted_ctx)) {
		findings_take_out(folding->f, failure);
		folding->f->left_out++;
		return;
	}
	findings_apply_loss(folding->f, failure);
	find_key(failure, &folding->key);
	story = story_of(folding);
	entry = story->entry;
	if (failure->end_ns > folding->end_ns)
		folding->end_ns = failure->end_ns;
	/* a loss may have made it unsafe */
	if (entry && entry->verdict == failure->verdict) {
		struct extent extent = { entry->from_pfn, entry->to_pfn, entry->last_ns };

		if (near_enough(&extent, failure->reason, failure->pfn, failure->order,
				failure->time_ns)) {
			add(entry, failure);
			findings_take_out(folding->f, failure);
			return;
		}
	}
	story->entry = failure;
	begin(folding, failure);
}

void folding_take(struct folding *folding, size_t from)
{
	struct findings *f = folding->f;

	/* what is taken out of the findings moves others: not before all are here */
	for (; from < f->nr_failures; from++)
		folding->waiting[folding->tail++ % WAITING] = f->failures[from];
	while (folding->tail - folding->head > ALONE)
		fold(folding, folding->waiting[folding->head++ % WAITING]);
}

void folding_lost(struct folding *folding, uint64_t from_ns)
{
	size_t i, kept = 0;

	if (from_ns > folding->end_ns)
		return;
	folding->end_ns = 0;
	for (i = 0; i < folding->nr_entries; i++) {
		struct failure *entry = folding->entries[i];

		if (from_ns <= entry->end_ns) {
			findings_make_unsafe(entry);
			continue;
		}
		folding->entries[kept++] = entry;
		if (entry->end_ns > folding->end_ns)
			folding->end_ns = entry->end_ns;
	}
	folding->nr_entries = kept;
}
