// SPDX-License-Identifier: GPL-2.0
/*
 * Failures to operations; see operation.h.
 */
#include "show/operation.h"

#include <stdlib.h>

#include "judge/near.h"
#include "util.h"

/* One victim of one failure, by number: a recording may have millions. */
struct pair {
	const struct failure *failure;
	uint64_t first_ns;
	size_t asker;
};

static struct asker asker_of(const struct pair *pair)
{
	const struct failure *failure = pair->failure;

	if (failure->nr_askers)
		return failure->askers[pair->asker];
	return (struct asker){
		.task = failure->task, .stack = failure->stack, .first = failure->first,
		.attempts = failure->attempts, .first_ns = failure->time_ns,
		.last_ns = failure->last_ns,
	};
}

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	if (x->failure->pfn != y->failure->pfn)
		return x->failure->pfn < y->failure->pfn ? -1 : 1;
	return x->failure->seq < y->failure->seq ? -1 : x->failure->seq > y->failure->seq;
}

static struct pair *pairs_of(const struct findings *f, size_t *nr)
{
	struct pair *pairs;
	size_t i, k, n = 0;

	for (i = 0; i < f->nr_failures; i++)
		n += f->failures[i]->nr_askers ? f->failures[i]->nr_askers : 1;
	pairs = xzalloc((n + 1) * sizeof(*pairs));
	for (i = 0, n = 0; i < f->nr_failures; i++) {
		const struct failure *failure = f->failures[i];

		for (k = 0; k < failure->nr_askers; k++)
			pairs[n++] = (struct pair){ failure, failure->askers[k].first_ns, k };
		if (!failure->nr_askers)
			pairs[n++] = (struct pair){ failure, failure->time_ns, 0 };
	}
	sort_mostly(pairs, n, sizeof(*pairs), compare_pairs);
	*nr = n;
	return pairs;
}

static uint64_t first_pfn(const struct failure *failure)
{
	return failure->pages.nr ? failure->from_pfn : failure->pfn;
}

static uint64_t last_pfn(const struct failure *failure)
{
	return failure->pages.nr ? failure->to_pfn : near_last_pfn(failure->pfn, failure->order);
}

/* Is it one more page of what the task wanted? */
static bool belongs(const struct operation *op, const struct failure *failure,
		    uint64_t first_ns)
{
	struct extent extent = { op->from_pfn, op->to_pfn, op->last_ns };

	return near_enough(&extent, op->reason, failure->pfn, failure->order, first_ns) ||
	       near_enough(&extent, op->reason, first_pfn(failure), failure->order, first_ns);
}

/* The sums while they are made: who is where, and what was counted. */
struct sums {
	struct operations *to;
	struct map open;	/* by task and reason: the last operation, from 1 */
	struct map by;		/* by operation and holder: the place, from 1 */
	struct pageset *pages;	/* of each operation */
	size_t nr, room;
};

static uint64_t key(uint64_t high, uint32_t low)
{
	return high << 32 | low;
}

static void *place(size_t i)
{
	return (void *)(uintptr_t)(i + 1);
}

static void add_claim(struct sums *s, size_t nr, const struct asker *asker, uint64_t count,
		      const struct claim *claim, bool acquired, struct map *once)
{
	struct operation *op = &s->to->list[nr];
	uint64_t held = claim->holds ? holds_longest(claim->holds) :
			claim->to_ns > claim->from_ns ? claim->to_ns - claim->from_ns : 0;
	struct blocker *by, new = { .holder = claim->holder, .confidence = claim->confidence };
	uintptr_t at = (uintptr_t)map_get(&s->by, key(nr, claim->holder));

	/* another victim's trouble, before or after this one asked */
	if (claim->from_ns > asker->last_ns || claim->to_ns < asker->first_ns)
		return;
	if (!at) {
		VEC_PUSH(op->by, op->nr_by, op->room_by, new);
		at = op->nr_by;
		map_put(&s->by, key(nr, claim->holder), place(at - 1));
	}
	by = &op->by[at - 1];
	by->refs += claim->refs * count;
	if (!map_get(once, claim->holder)) {
		map_put(once, claim->holder, s);
		by->pages += count;
		by->attempts += claim->attempts < asker->attempts ? claim->attempts :
			asker->attempts;
	}
	if (held > by->held_ns) {
		by->held_ns = held;
		by->at_least = !acquired || claim->open;
	}
	if (claim->confidence < by->confidence)
		by->confidence = claim->confidence;
	by->open |= claim->open;
	by->exited |= claim->exited;
	by->guess |= claim->guess;
}

static size_t new_operation(struct sums *s, const struct failure *failure,
			    const struct asker *asker)
{
	struct operation op = {
		.task = asker->task, .reason = failure->reason,
		.stack = asker->stack, .first = asker->first,
		.first_ns = asker->first_ns, .last_ns = asker->last_ns,
		.from_pfn = first_pfn(failure), .to_pfn = last_pfn(failure),
	};

	VEC_PUSH(s->to->list, s->to->nr, s->to->room, op);
	VEC_PUSH(s->pages, s->nr, s->room, (struct pageset){ 0 });
	return s->to->nr - 1;
}

static void add_pair(struct sums *s, const struct findings *f, const struct pair *pair)
{
	const struct failure *failure = pair->failure;
	const struct asker asker = asker_of(pair);
	uint64_t who = key(failure->reason, asker.task);
	uintptr_t at = (uintptr_t)map_get(&s->open, who);
	struct operation *op;
	struct map once = { 0 };
	size_t nr, i;

	nr = at && belongs(&s->to->list[at - 1], failure, asker.first_ns) ? at - 1 :
		new_operation(s, failure, &asker);
	map_put(&s->open, who, place(nr));
	op = &s->to->list[nr];
	VEC_PUSH(op->failures, op->nr, op->room, failure);
	op->attempts += asker.attempts;
	op->count += failure->count;
	op->verdicts[failure->verdict] += failure->count;
	if (asker.last_ns > op->last_ns)
		op->last_ns = asker.last_ns;
	if (first_pfn(failure) < op->from_pfn)
		op->from_pfn = first_pfn(failure);
	if (last_pfn(failure) > op->to_pfn)
		op->to_pfn = last_pfn(failure);
	findings_pages(failure, &s->pages[nr]);
	for (i = 0; i < failure->nr_claims; i++)
		add_claim(s, nr, &asker, failure->count, &failure->claims[i],
			  f->holders[failure->claims[i].holder]->acquired, &once);
	map_free(&once);
}

bool operation_harmless(enum verdict verdict)
{
	return verdict == VERDICT_TRANSIENT || verdict == VERDICT_NOT_A_REFERENCE;
}

/* One failure with somebody to blame says more than many without. */
static void choose_verdict(struct operation *op)
{
	enum verdict v, chosen = NR_VERDICTS;
	size_t i;

	for (v = 0; v < NR_VERDICTS && chosen == NR_VERDICTS; v++)
		if (op->verdicts[v] && !operation_harmless(v))
			chosen = v;
	for (v = 0; v < NR_VERDICTS; v++)
		if (operation_harmless(v) && (chosen == NR_VERDICTS ||
		    (operation_harmless(chosen) && op->verdicts[v] > op->verdicts[chosen])))
			chosen = v;
	op->verdict = chosen;
	for (i = 0; i < op->nr && op->failures[i]->verdict != chosen; i++)
		;
	op->main = op->failures[i < op->nr ? i : 0];
}

static int compare_operations(const void *a, const void *b)
{
	const struct operation *x = a, *y = b;

	if (operation_harmless(x->verdict) != operation_harmless(y->verdict))
		return operation_harmless(x->verdict) ? 1 : -1;
	if (x->first_ns != y->first_ns)
		return x->first_ns < y->first_ns ? -1 : 1;
	if (x->from_pfn != y->from_pfn)
		return x->from_pfn < y->from_pfn ? -1 : 1;
	return x->task < y->task ? -1 : x->task > y->task;
}

static int compare_blockers(const void *a, const void *b)
{
	const struct blocker *x = a, *y = b;

	if (x->pages != y->pages)
		return x->pages > y->pages ? -1 : 1;
	return x->holder < y->holder ? -1 : x->holder > y->holder;
}

void operations_find(const struct findings *f, struct operations *to)
{
	struct sums s = { .to = to };
	size_t nr, i;
	struct pair *pairs = pairs_of(f, &nr);

	for (i = 0; i < nr; i++)
		add_pair(&s, f, &pairs[i]);
	free(pairs);
	map_free(&s.open);
	map_free(&s.by);
	for (i = 0; i < to->nr; i++) {
		to->list[i].pages = s.pages[i].nr;
		pageset_free(&s.pages[i]);
		choose_verdict(&to->list[i]);
	}
	free(s.pages);
	for (i = 0; i < to->nr; i++)
		sort_mostly(to->list[i].by, to->list[i].nr_by, sizeof(*to->list[i].by),
			    compare_blockers);
	sort_mostly(to->list, to->nr, sizeof(*to->list), compare_operations);
}

void operations_free(struct operations *operations)
{
	size_t i;

	for (i = 0; i < operations->nr; i++) {
		free(operations->list[i].failures);
		free(operations->list[i].by);
	}
	free(operations->list);
	*operations = (struct operations){ 0 };
}
