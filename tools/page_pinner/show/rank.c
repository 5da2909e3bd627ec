// SPDX-License-Identifier: GPL-2.0
/*
 * Order among the findings; see rank.h.
 */
#define _GNU_SOURCE
#include "show/rank.h"

#include <stdlib.h>
#include <string.h>

#include "trace/stack.h"
#include "trace/symbols.h"

static uint64_t key_failures(const struct holder *h)
{
	return h->failures;
}

static uint64_t key_pages(const struct holder *h)
{
	return h->pages.nr;
}

static uint64_t key_refs(const struct holder *h)
{
	return h->refs;
}

static uint64_t key_blocked(const struct holder *h)
{
	return h->blocked_ns;
}

static uint64_t key_max(const struct holder *h)
{
	return rank_held(h, 100);
}

static uint64_t key_median(const struct holder *h)
{
	return rank_held(h, 50);
}

static const struct key {
	const char *name;
	uint64_t (*value)(const struct holder *h);
} keys[] = {
	{ "failures", key_failures },
	{ "pages", key_pages },
	{ "refs", key_refs },
	{ "blocked", key_blocked },
	{ "max", key_max },
	{ "median", key_median },
};

const char *rank_key(size_t i)
{
	return i < ARRAY_SIZE(keys) ? keys[i].name : NULL;
}

uint64_t rank_held(const struct holder *h, unsigned int percent)
{
	uint64_t all = h->nr_holds ? h->holds[h->nr_holds - 1].nr : 0, index;
	size_t low = 0, high = h->nr_holds, mid;

	if (!all)
		return 0;
	index = (all - 1) * percent / 100;
	/* of several as long as each other the longest one counts */
	while (low < high) {
		mid = (low + high) / 2;
		if (h->holds[mid].nr <= index)
			low = mid + 1;
		else
			high = mid;
	}
	return percent ? h->holds[low].longest : h->holds[low].ns;
}

static int compare_holds(const void *a, const void *b)
{
	const struct hold *x = a, *y = b;

	return x->ns < y->ns ? -1 : x->ns > y->ns;
}

static void order_holds(struct holder *h)
{
	size_t i;

	if (h->nr_holds)
		qsort(h->holds, h->nr_holds, sizeof(*h->holds), compare_holds);
	for (i = 1; i < h->nr_holds; i++) {
		h->holds[i].nr += h->holds[i - 1].nr;
		if (h->holds[i].longest < h->holds[i - 1].longest)
			h->holds[i].longest = h->holds[i - 1].longest;
	}
}

struct order {
	struct trace *trace;
	const struct key *key;
};

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int compare_sites(struct trace *trace, const struct site *a, const struct site *b)
{
	const struct symbol *x, *y;
	size_t na, nb, i;
	int c;

	c = compare_text(a->function, b->function);
	for (i = 0; !c; i++) {
		stacks_get(trace->stacks, a->stack, &na);
		stacks_get(trace->stacks, b->stack, &nb);
		if (i >= na || i >= nb)
			return na < nb ? -1 : na > nb;
		x = symbols_find(trace->symbols, stacks_get(trace->stacks, a->stack, &na)[i]);
		y = symbols_find(trace->symbols, stacks_get(trace->stacks, b->stack, &nb)[i]);
		c = compare_text(x->name, y->name);
	}
	return c;
}

/* Does a holder explain a failure, or hold a folio now? */
static bool is_named(const struct holder *h)
{
	return h->failures || h->pages.nr;
}

static int compare_holders(const void *a, const void *b, void *ctx)
{
	const struct holder *x = *(struct holder *const *)a, *y = *(struct holder *const *)b;
	const struct order *order = ctx;
	size_t i;
	int c;

	if (is_named(x) != is_named(y))
		return is_named(x) ? -1 : 1;
	if (order->key->value(x) != order->key->value(y))
		return order->key->value(x) > order->key->value(y) ? -1 : 1;
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (keys[i].value(x) != keys[i].value(y))
			return keys[i].value(x) > keys[i].value(y) ? -1 : 1;
	c = compare_sites(order->trace, &x->release, &y->release);
	if (!c)
		c = compare_sites(order->trace, &x->acquire, &y->acquire);
	return c ? c : x->id < y->id ? -1 : 1;
}

static int compare_failures(const void *a, const void *b)
{
	const struct failure *x = *(struct failure *const *)a;
	const struct failure *y = *(struct failure *const *)b;

	if (x->time_ns != y->time_ns)
		return x->time_ns < y->time_ns ? -1 : 1;
	if (x->pfn != y->pfn)
		return x->pfn < y->pfn ? -1 : 1;
	return x->seq < y->seq ? -1 : 1;
}

static int compare_folios(const void *a, const void *b)
{
	const struct folio *x = *(struct folio *const *)a, *y = *(struct folio *const *)b;

	if (x->pfn != y->pfn)
		return x->pfn < y->pfn ? -1 : 1;
	return x->look < y->look ? -1 : x->look > y->look;
}

static int compare_noise(const void *a, const void *b)
{
	const struct noise *x = *(struct noise *const *)a, *y = *(struct noise *const *)b;

	if (x->events != y->events)
		return x->events > y->events ? -1 : 1;
	return strcmp(x->class, y->class);
}

static int compare_claims(const void *a, const void *b)
{
	const struct claim *x = a, *y = b;

	if (x->holder != y->holder)
		return x->holder < y->holder ? -1 : 1;
	if (x->task != y->task)
		return x->task < y->task ? -1 : 1;
	return x->from_ns < y->from_ns ? -1 : x->from_ns > y->from_ns;
}

static void add_task(struct holder *h, uint32_t task)
{
	size_t i;

	for (i = 0; i < h->nr_tasks; i++)
		if (h->tasks[i] == task)
			return;
	VEC_PUSH(h->tasks, h->nr_tasks, h->room_tasks, task);
}

static void add_holds(struct holder *h, const struct claim *claim, uint64_t since_ns)
{
	uint64_t ns = claim->to_ns > claim->from_ns ? claim->to_ns - claim->from_ns : 0;
	struct hold one = { ns, ns, 1 };
	size_t i;

	if (claim->holds) {
		for (i = 0; i < claim->holds->nr; i++)
			VEC_PUSH(h->holds, h->nr_holds, h->room_holds, claim->holds->list[i]);
		h->blocked_ns += claim->holds->blocked_ns;
		return;
	}
	VEC_PUSH(h->holds, h->nr_holds, h->room_holds, one);
	if (claim->to_ns > since_ns)
		h->blocked_ns += claim->to_ns - since_ns;
}

/*
 * @count: failures that it is a claim of
 * @since_ns: when somebody first failed because of it, UINT64_MAX if nobody did
 */
static void add_claim(struct holder *h, uint64_t count, uint64_t since_ns,
		      const struct claim *claim)
{
	h->refs += claim->refs * count;
	h->open += claim->open ? claim->refs * count : 0;
	h->in_irq += claim->atomic ? count : 0;
	if (claim->known && (h->acquired || !claim->open))
		add_task(h, claim->task);
	add_holds(h, claim, since_ns);
	if (!h->first_ns || claim->from_ns < h->first_ns)
		h->first_ns = claim->from_ns;
	if (claim->to_ns > h->last_ns)
		h->last_ns = claim->to_ns;
}

static void add_failure(struct findings *f, const struct failure *failure)
{
	size_t i;

	for (i = 0; i < failure->nr_claims; i++) {
		const struct claim *claim = &failure->claims[i];
		struct holder *h = f->holders[claim->holder];

		if (claim->counted) {
			add_claim(h, failure->count, failure->time_ns, claim);
			findings_pages(failure, &h->pages);
		}
		if (!i || failure->claims[i - 1].holder != claim->holder)
			h->failures += failure->count;
	}
}

static void add_folio(struct findings *f, const struct folio *folio)
{
	size_t i;

	for (i = 0; i < folio->nr_claims; i++) {
		struct holder *h = f->holders[folio->claims[i].holder];

		if (!folio->claims[i].counted)
			continue;
		add_claim(h, 1, UINT64_MAX, &folio->claims[i]);
		pageset_add(&h->pages, folio->pfn);
	}
}

/* Sum up what the failures that are left say of each holder. */
static void sum_claims(struct findings *f)
{
	size_t i, kept = 0;

	for (i = 0; i < f->nr_failures; i++) {
		struct failure *failure = f->failures[i];

		if (failure->nr_claims)
			qsort(failure->claims, failure->nr_claims, sizeof(*failure->claims),
			      compare_claims);
		add_failure(f, failure);
	}
	for (i = 0; i < f->nr_folios; i++)
		add_folio(f, f->folios[i]);
	/* Those that explain nothing any more are ranked last. */
	for (i = 0; i < f->nr_holders; i++)
		kept += is_named(f->holders[i]);
	f->nr_named = kept;
}

/* Claims name holders by index: follow them to their new places. */
static void renumber(struct findings *f)
{
	uint32_t *place = xzalloc((f->nr_holders + 1) * sizeof(*place));
	size_t i, k;

	for (i = 0; i < f->nr_holders; i++)
		place[f->holders[i]->id - 1] = i;
	for (i = 0; i < f->nr_failures; i++) {
		struct failure *failure = f->failures[i];

		for (k = 0; k < failure->nr_claims; k++)
			failure->claims[k].holder = place[failure->claims[k].holder];
		for (k = 0; k < failure->nr_parts; k++)
			if (failure->parts[k].of == PART_HOLDER)
				failure->parts[k].holder = place[failure->parts[k].holder];
		if (failure->nr_claims)
			qsort(failure->claims, failure->nr_claims, sizeof(*failure->claims),
			      compare_claims);
	}
	for (i = 0; i < f->nr_folios; i++) {
		struct folio *folio = f->folios[i];

		for (k = 0; k < folio->nr_claims; k++)
			folio->claims[k].holder = place[folio->claims[k].holder];
		if (folio->nr_claims)
			qsort(folio->claims, folio->nr_claims, sizeof(*folio->claims),
			      compare_claims);
	}
	for (i = 0; i < f->nr_holders; i++)
		f->holders[i]->id = f->holders[i]->rank = i + 1;
	free(place);
}

int rank_findings(struct findings *f, struct trace *trace, const char *key)
{
	struct order order = { .trace = trace };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!key || !strcmp(keys[i].name, key))
			break;
	if (i == ARRAY_SIZE(keys))
		return -1;
	order.key = &keys[i];
	sum_claims(f);
	for (i = 0; i < f->nr_holders; i++)
		order_holds(f->holders[i]);
	if (f->nr_holders)
		qsort_r(f->holders, f->nr_holders, sizeof(*f->holders), compare_holders, &order);
	renumber(f);
	sort_mostly(f->failures, f->nr_failures, sizeof(*f->failures), compare_failures);
	sort_mostly(f->folios, f->nr_folios, sizeof(*f->folios), compare_folios);
	if (f->nr_noise)
		qsort(f->noise, f->nr_noise, sizeof(*f->noise), compare_noise);
	return 0;
}
