// SPDX-License-Identifier: GPL-2.0
/*
 * Open gets to findings; see held.h.
 *
 * The kernel did the matching of gets and puts.  What is left to do is to name
 * a stack by the same rules as everywhere, to say how sure that is, and to tell
 * apart what was seen twice.
 */
#include "judge/held.h"

#include <stdlib.h>
#include <string.h>

#include "trace/event.h"
#include "util.h"

/* "since" is exact; ages are in milliseconds, and were taken a moment apart. */
#define SAME_NS 2000000ull

/* Below what is proof: old references may have gone in the place of its own. */
#define BESIDE_OLD 0.7
/* Gets of the folio are missing from the record. */
#define BESIDE_REFUSED 0.5

struct held_ledger {
	struct trace *trace;
	struct classifier *cl;
	struct findings *f;
	struct map looks;	/* folios by look and PFN */
};

struct held_ledger *held_new(struct trace *trace, struct classifier *cl, struct findings *f)
{
	struct held_ledger *ledger = xzalloc(sizeof(*ledger));

	ledger->trace = trace;
	ledger->cl = cl;
	ledger->f = f;
	return ledger;
}

void held_free(struct held_ledger *ledger)
{
	if (!ledger)
		return;
	map_free(&ledger->looks);
	free(ledger);
}

static struct folio *folio_of(struct held_ledger *ledger, const struct held *held)
{
	uint64_t both[2] = { held->look, held->pfn }, key = hash_bytes(both, sizeof(both));
	struct folio *folio;

	for (; (folio = map_get(&ledger->looks, key)); key++)
		if (folio->look == held->look && folio->pfn == held->pfn)
			return folio;
	folio = findings_folio(ledger->f);
	folio->look = held->look;
	folio->log = held->log;
	folio->pfn = held->pfn;
	folio->order = held->order;
	folio->refcount = held->refcount;
	folio->expected = held->expected;
	folio->mapcount = held->mapcount;
	folio->flags = held->flags;
	folio->has = held->has;
	map_put(&ledger->looks, key, folio);
	return folio;
}

static uint32_t holder_of(struct held_ledger *ledger, const struct held *held,
			  const struct stack_class *sc)
{
	struct holder like = {
		.pin = sc->pin, .class = sc->class, .acquired = true,
		.owned = held->ctx == CTX_TASK, .owner = held->task,
		.module = sc->caller_module,
		.acquire = {
			.function = sc->nameless ? NULL : sc->caller,
			.stack = held->stack, .first = sc->first,
		},
	};

	return findings_holder(ledger->f, &like);
}

static uint32_t references(const struct folio *folio, const struct claim *claim, bool pin)
{
	if (pin && !folio->order && claim->units >= PIN_UNITS)
		return claim->units / PIN_UNITS + claim->units % PIN_UNITS;
	return claim->units;
}

/* A fast pin of a small folio is a get of 1 and then one of 1023. */
static bool completes_pin(const struct folio *folio, const struct claim *a, const struct claim *b)
{
	uint64_t apart = a->from_ns > b->from_ns ? a->from_ns - b->from_ns :
						   b->from_ns - a->from_ns;

	return !folio->order && a->holder == b->holder && a->task == b->task &&
	       apart < SAME_NS && a->units + b->units == PIN_UNITS &&
	       (a->units == 1 || b->units == 1);
}

static void add_claim(struct held_ledger *ledger, struct folio *folio, const struct held *held,
		      const struct stack_class *sc)
{
	struct claim claim = {
		.holder = holder_of(ledger, held, sc),
		.units = held->refs,
		.task = held->task,
		.own = sc->role == ROLE_MIGRATE,
		.counted = sc->role != ROLE_MIGRATE,
		.known = held->ctx == CTX_TASK,
		.atomic = held->ctx != CTX_TASK,
		.guess = held->record == HELD_ONE_OF,
		.open = true,
		.from_ns = held->since_ns,
		.to_ns = held->since_ns + held->age_ns,
	};
	size_t i;

	for (i = 0; sc->pin && i < folio->nr_claims; i++) {
		if (!completes_pin(folio, &folio->claims[i], &claim))
			continue;
		folio->claims[i].units += claim.units;
		folio->claims[i].refs = references(folio, &folio->claims[i], true);
		return;
	}
	claim.refs = references(folio, &claim, sc->pin);
	VEC_PUSH(folio->claims, folio->nr_claims, folio->room_claims, claim);
}

void held_feed(void *ctx, const struct held *held)
{
	struct held_ledger *ledger = ctx;
	struct folio *folio = folio_of(ledger, held);
	const struct stack_class *sc;

	if (!held->refs)
		return;
	ledger->trace->events++;
	if (held->record == HELD_UNRECORDED || held->record == HELD_REFUSED) {
		folio->unrecorded += held->refs;
		folio->refused |= held->record == HELD_REFUSED;
		return;
	}
	if (held->since_ns) {
		folio->timed = true;
		folio->at_ns = held->since_ns + held->age_ns;
		trace_saw(ledger->trace, held->since_ns);
		trace_saw(ledger->trace, folio->at_ns);
	}
	sc = classify_stack(ledger->cl, held->stack, RULE_GET);
	if (held->record == HELD_BATCH || sc->role == ROLE_BATCH) {
		folio->batched += held->refs;
		folio->batch = sc->role == ROLE_BATCH ? sc->class : "lru_batch";
		return;
	}
	add_claim(ledger, folio, held, sc);
}

/* What its rows add up to; returns false if there should be more of them. */
static bool sum_up(struct folio *folio)
{
	int64_t unexpected = (int64_t)folio->refcount - folio->expected;
	int64_t recorded = folio->batched, missing;
	double share;
	bool guess = false;
	size_t i;

	for (i = 0; i < folio->nr_claims; i++) {
		recorded += folio->claims[i].units;
		guess |= folio->claims[i].guess;
	}
	folio->surplus = recorded > unexpected ? recorded - unexpected : 0;
	missing = unexpected - recorded - folio->unrecorded;
	if (missing > 0)
		folio->unrecorded += missing;
	share = !folio->surplus ? 1 : unexpected > 0 ? (double)unexpected / recorded : 0;
	if (folio->refused && share > BESIDE_REFUSED)
		share = BESIDE_REFUSED;
	else if (folio->unrecorded && share > BESIDE_OLD)
		share = BESIDE_OLD;
	for (i = 0; i < folio->nr_claims; i++) {
		folio->claims[i].guess |= guess || folio->surplus || folio->refused;
		folio->claims[i].confidence = share;
	}
	return missing <= 0;
}

static bool same_get(const struct claim *earlier, const struct claim *later)
{
	uint64_t apart = earlier->from_ns > later->from_ns ? earlier->from_ns - later->from_ns :
							     later->from_ns - earlier->from_ns;

	return earlier->holder == later->holder && earlier->task == later->task &&
	       apart < SAME_NS;
}

/*
 * Gets of an earlier look count once; returns how many the later one has, too,
 * or need not have: an attempt to migrate takes references of its own.
 */
static size_t seen_again(struct folio *earlier, const struct folio *later)
{
	size_t i, k, again = 0;

	for (i = 0; i < earlier->nr_claims; i++) {
		if (earlier->claims[i].own) {
			again++;
			continue;
		}
		for (k = 0; k < later->nr_claims; k++)
			if (same_get(&earlier->claims[i], &later->claims[k]))
				break;
		if (k == later->nr_claims)
			continue;
		earlier->claims[i].counted = false;
		again++;
	}
	return again;
}

/*
 * Of two looks at one folio the later one tells all, but what was in a log may
 * have changed between: an earlier dump with other holders stays.
 */
static void drop_earlier(struct findings *f, struct map *dropped)
{
	struct map last = { 0 };
	size_t i;

	for (i = 0; i < f->nr_folios; i++) {
		struct folio *later = f->folios[i], *earlier = map_get(&last, later->pfn);

		map_put(&last, later->pfn, later);
		if (earlier && (seen_again(earlier, later) == earlier->nr_claims || !later->log))
			map_put(dropped, (uintptr_t)earlier, earlier);
	}
	map_free(&last);
}

static bool is_kept(const struct folio *folio, void *ctx)
{
	return !map_get(ctx, (uintptr_t)folio);
}

uint64_t held_finish(struct held_ledger *ledger)
{
	struct findings *f = ledger->f;
	struct map dropped = { 0 };
	uint64_t missing = 0;
	size_t i, k;

	drop_earlier(f, &dropped);
	findings_keep_folios(f, is_kept, &dropped);
	map_free(&dropped);
	map_free(&ledger->looks);
	for (i = 0; i < f->nr_folios; i++) {
		const struct folio *folio = f->folios[i];

		missing += !sum_up(f->folios[i]);
		for (k = 0; k < folio->nr_claims; k++)
			f->open_gets += folio->claims[k].counted;
		if (folio->batched)
			findings_noise(f, folio->batch, folio->pfn, 1);
	}
	return missing;
}
