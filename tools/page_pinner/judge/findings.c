// SPDX-License-Identifier: GPL-2.0
/*
 * Sums over all episodes; see findings.h.
 */
#include "judge/findings.h"

#include <stdlib.h>
#include <string.h>

static const char *const verdict_names[NR_VERDICTS] = {
	[VERDICT_NAMED] = "named",
	[VERDICT_SELF] = "self",
	[VERDICT_CONCURRENT_PINNER] = "concurrent_pinner",
	[VERDICT_NEVER_RELEASED] = "never_released",
	[VERDICT_UNSAFE] = "unsafe",
	[VERDICT_UNRESOLVED] = "unresolved",
	[VERDICT_TRANSIENT] = "transient",
	[VERDICT_NOT_A_REFERENCE] = "not_a_reference",
	[VERDICT_NO_HOLDER] = "no_holder",
	[VERDICT_BAD_COUNT] = "bad_count",
	[VERDICT_KEPT] = "kept",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

static void failure_free(struct failure *failure)
{
	free(failure->claims);
	free(failure->askers);
	free(failure->parts);
	free(failure->candidates);
	pageset_free(&failure->pages);
	free(failure);
}

static void folio_free(struct folio *folio)
{
	free(folio->claims);
	free(folio);
}

void findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->nr_failures; i++)
		failure_free(f->failures[i]);
	for (i = 0; i < f->nr_folios; i++)
		folio_free(f->folios[i]);
	for (i = 0; i < f->nr_holders; i++) {
		free(f->holders[i]->tasks);
		free(f->holders[i]->holds);
		pageset_free(&f->holders[i]->pages);
		free(f->holders[i]);
	}
	for (i = 0; i < f->nr_holds; i++) {
		free(f->holds[i]->list);
		free(f->holds[i]);
	}
	for (i = 0; i < f->nr_noise; i++) {
		pageset_free(&f->noise[i]->pages);
		free(f->noise[i]);
	}
	for (i = 0; i < f->nr_takers; i++) {
		pageset_free(&f->takers[i]->pages);
		free(f->takers[i]);
	}
	map_free(&f->by_holder);
	map_free(&f->by_taker);
	map_free(&f->exits);
	free(f->takers);
	free(f->losses);
	free(f->failures);
	free(f->holds);
	free(f->folios);
	free(f->holders);
	free(f->noise);
	memset(f, 0, sizeof(*f));
}

void findings_keep(struct findings *f, failure_filter wanted, void *ctx)
{
	size_t i, kept = 0;

	for (i = 0; i < f->nr_failures; i++) {
		struct failure *failure = f->failures[i];

		if (wanted(failure, ctx)) {
			f->failures[kept++] = failure;
		} else {
			failure_free(failure);
		}
	}
	f->nr_failures = kept;
}

void findings_keep_folios(struct findings *f,
			  bool (*wanted)(const struct folio *folio, void *ctx), void *ctx)
{
	size_t i, kept = 0;

	for (i = 0; i < f->nr_folios; i++) {
		struct folio *folio = f->folios[i];

		if (wanted(folio, ctx))
			f->folios[kept++] = folio;
		else
			folio_free(folio);
	}
	f->nr_folios = kept;
}

void findings_note_exits(struct findings *f)
{
	size_t i, k;

	for (i = 0; i < f->nr_failures; i++)
		for (k = 0; k < f->failures[i]->nr_claims; k++) {
			struct claim *claim = &f->failures[i]->claims[k];

			claim->exited = claim->known && findings_exited(f, claim->task);
		}
}

bool findings_exited(const struct findings *f, uint32_t task)
{
	return map_get(&f->exits, task + 1ull) != NULL;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static uint64_t hash_text(uint64_t hash, const char *text)
{
	return (hash ^ (text ? hash_bytes(text, strlen(text)) : 0)) * 0x9e3779b97f4a7c15ull;
}

struct taker *findings_taker(struct findings *f, const char *function, const char *module)
{
	uint64_t hash;
	struct taker *taker = f->last_taker;

	/* names are most often the same pointer, and the same as the last time */
	if (taker && taker->function == function && taker->module == module)
		return taker;
	hash = hash_text(hash_text(0, function), module);
	for (; (taker = map_get(&f->by_taker, hash)); hash++)
		if (same_text(taker->function, function) && same_text(taker->module, module))
			return f->last_taker = taker;
	taker = xzalloc(sizeof(*taker));
	taker->function = function;
	taker->module = module;
	VEC_PUSH(f->takers, f->nr_takers, f->room_takers, taker);
	map_put(&f->by_taker, hash, taker);
	return taker;
}

struct folio *findings_folio(struct findings *f)
{
	struct folio *folio = xzalloc(sizeof(*folio));

	VEC_PUSH(f->folios, f->nr_folios, f->room_folios, folio);
	return folio;
}

struct failure *findings_failure(struct findings *f)
{
	struct failure *failure = xzalloc(sizeof(*failure));

	failure->count = 1;
	failure->seq = f->seq++;
	failure->place = f->nr_failures;
	VEC_PUSH(f->failures, f->nr_failures, f->room_failures, failure);
	return failure;
}

struct failure *findings_failure_like(struct findings *f, const struct failure *from)
{
	struct failure *failure = findings_failure(f);
	uint64_t seq = failure->seq;
	size_t place = failure->place;

	*failure = *from;
	failure->seq = seq;
	failure->place = place;
	failure->pages = (struct pageset){ 0 };
	if (from->pages.nr)
		pageset_join(&failure->pages, &from->pages);
	failure->claims = NULL;
	failure->askers = NULL;
	failure->parts = NULL;
	failure->candidates = NULL;
	failure->nr_claims = failure->room_claims = 0;
	failure->nr_askers = failure->room_askers = 0;
	failure->nr_parts = failure->room_parts = 0;
	failure->nr_candidates = failure->room_candidates = 0;
	return failure;
}

void findings_take_out(struct findings *f, struct failure *failure)
{
	struct failure *last = f->failures[--f->nr_failures];

	f->failures[failure->place] = last;
	last->place = failure->place;
	failure_free(failure);
}

uint64_t findings_count(const struct findings *f)
{
	uint64_t count = 0;
	size_t i;

	for (i = 0; i < f->nr_failures; i++)
		count += f->failures[i]->count;
	return count;
}

void findings_pages(const struct failure *failure, struct pageset *to)
{
	if (failure->pages.nr)
		pageset_join(to, &failure->pages);
	else
		pageset_add(to, failure->pfn);
}

static bool same_holder(const struct holder *a, const struct holder *b)
{
	return a->pin == b->pin && a->acquired == b->acquired &&
	       a->owned == b->owned && (!a->owned || a->owner == b->owner) &&
	       same_text(a->class, b->class) && same_text(a->module, b->module) &&
	       same_text(a->acquire.function, b->acquire.function) &&
	       same_text(a->release.function, b->release.function);
}

static uint64_t hash_holder(const struct holder *like)
{
	uint64_t hash = like->pin | like->acquired << 1 | like->owned << 2;

	if (like->owned)
		hash |= (uint64_t)like->owner << 8;
	hash = hash_text(hash, like->class);
	hash = hash_text(hash, like->module);
	hash = hash_text(hash, like->acquire.function);
	return hash_text(hash, like->release.function);
}

uint32_t findings_holder(struct findings *f, const struct holder *like)
{
	uint64_t hash = hash_holder(like);
	struct holder *holder;

	/* the map's value is the place behind the holder's: 0 is none */
	for (;; hash++) {
		uintptr_t place = (uintptr_t)map_get(&f->by_holder, hash);

		if (!place)
			break;
		if (same_holder(f->holders[place - 1], like))
			return place - 1;
	}
	holder = xzalloc(sizeof(*holder));
	holder->id = f->nr_holders + 1;
	holder->pin = like->pin;
	holder->acquired = like->acquired;
	holder->owned = like->owned;
	holder->owner = like->owner;
	holder->class = like->class;
	holder->module = like->module;
	holder->acquire = like->acquire;
	holder->release = like->release;
	VEC_PUSH(f->holders, f->nr_holders, f->room_holders, holder);
	map_put(&f->by_holder, hash, (void *)(uintptr_t)f->nr_holders);
	return f->nr_holders - 1;
}

void findings_noise(struct findings *f, const char *class, uint64_t pfn, unsigned int events)
{
	struct noise *noise;
	size_t i;

	for (i = 0; i < f->nr_noise; i++)
		if (same_text(f->noise[i]->class, class))
			break;
	if (i == f->nr_noise) {
		noise = xzalloc(sizeof(*noise));
		noise->class = class;
		VEC_PUSH(f->noise, f->nr_noise, f->room_noise, noise);
	}
	f->noise[i]->events += events;
	pageset_add(&f->noise[i]->pages, pfn);
}

/* Those that overlap are one: they come in the order of their ends. */
void findings_lost(struct findings *f, uint64_t from_ns, uint64_t to_ns)
{
	struct lost_time loss = { from_ns, to_ns };

	while (f->nr_losses && f->losses[f->nr_losses - 1].to_ns >= loss.from_ns) {
		const struct lost_time *last = &f->losses[--f->nr_losses];

		if (last->from_ns < loss.from_ns)
			loss.from_ns = last->from_ns;
		if (last->to_ns > loss.to_ns)
			loss.to_ns = last->to_ns;
	}
	VEC_PUSH(f->losses, f->nr_losses, f->room_losses, loss);
}

static bool is_lost(const struct findings *f, const struct failure *failure)
{
	size_t low = 0, high = f->nr_losses;

	/* the first loss that ends behind its beginning */
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (f->losses[mid].to_ns < failure->time_ns)
			low = mid + 1;
		else
			high = mid;
	}
	return low < f->nr_losses && f->losses[low].from_ns <= failure->end_ns;
}

bool findings_can_be_unsafe(const struct failure *failure)
{
	return failure->id && failure->verdict != VERDICT_NOT_A_REFERENCE &&
	       failure->verdict != VERDICT_NO_HOLDER;
}

void findings_make_unsafe(struct failure *failure)
{
	failure->verdict = VERDICT_UNSAFE;
	failure->why = "events were lost while the page was marked";
	failure->nr_claims = 0;
	failure->blocked = 0;
	failure->nr_parts = 0;
}

void findings_apply_loss(const struct findings *f, struct failure *failure)
{
	if (findings_can_be_unsafe(failure) && is_lost(f, failure))
		findings_make_unsafe(failure);
}

/* Marks that share an entry were looked at one by one, see fold.h. */
void findings_apply_losses(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->nr_failures; i++)
		if (!f->failures[i]->pages.nr)
			findings_apply_loss(f, f->failures[i]);
}

/* Both blocked some attempts: how many do they block together? */
static void join_attempts(struct claim *sum, const struct claim *claim)
{
	uint64_t end = sum->attempt + sum->attempts, last = claim->attempt + claim->attempts;

	if (claim->attempt >= end)
		sum->attempts += claim->attempts;
	else if (last > end)
		sum->attempts += last - end;
	if (claim->blocked_ns > sum->blocked_ns)
		sum->blocked_ns = claim->blocked_ns;
}

bool findings_concern(const struct claim *claim, const struct asker *asker)
{
	return claim->from_ns <= asker->last_ns && claim->to_ns >= asker->first_ns;
}

uint64_t findings_beyond(uint64_t *until_ns, uint64_t from_ns, uint64_t to_ns)
{
	if (from_ns < *until_ns)
		from_ns = *until_ns;
	if (to_ns <= from_ns)
		return 0;
	*until_ns = to_ns;
	return to_ns - from_ns;
}

size_t findings_sum(const struct failure *failure, size_t i, struct claim *sum)
{
	*sum = failure->claims[i];
	for (i++; i < failure->nr_claims && failure->claims[i].holder == sum->holder; i++) {
		const struct claim *claim = &failure->claims[i];

		sum->refs += claim->refs;
		sum->units += claim->units;
		sum->open |= claim->open;
		sum->guess |= claim->guess;
		sum->exited |= claim->exited;
		if (claim->confidence < sum->confidence)
			sum->confidence = claim->confidence;
		join_attempts(sum, claim);
	}
	return i;
}
