// SPDX-License-Identifier: GPL-2.0
/*
 * What is certain without what came before the failures; see afresh.h.
 */
#include "judge/afresh.h"

#include <stdlib.h>
#include <string.h>

#include "judge/weigh.h"
#include "util.h"

/* What is sure to the account. */
#define SURE 0.9f

struct afresh {
	const struct trial *whole;
	struct episode ep;		/* its ops belong to the whole */
	struct pairing pairing;
	struct weigher weigher;
	size_t before;			/* ops that are left out */
	/* of the whole, by op: a span that it ends, or begins, or NO_OP */
	size_t *by_put, *by_get;
};

static void index_spans(struct afresh *rest)
{
	size_t nr = rest->whole->ep->nr_ops, i;

	rest->by_put = xzalloc((nr + 1) * sizeof(*rest->by_put));
	rest->by_get = xzalloc((nr + 1) * sizeof(*rest->by_get));
	for (i = 0; i < nr; i++)
		rest->by_put[i] = rest->by_get[i] = NO_OP;
	for (i = 0; i < rest->whole->pairing->nr; i++) {
		const struct span *span = &rest->whole->pairing->spans[i];

		if (span->put != NO_OP && !span->own)
			rest->by_put[span->put] = i;
		if (span->get != NO_OP)
			rest->by_get[span->get] = i;
	}
}

struct afresh *afresh_new(const struct trial *t)
{
	const struct episode *ep = t->ep;
	struct afresh *rest;
	size_t before, i;

	if (!ep->nr_attempts || !ep->attempts[0].pos)
		return NULL;
	before = ep->attempts[0].pos;
	rest = xzalloc(sizeof(*rest));
	rest->whole = t;
	rest->before = before;
	rest->ep = *ep;
	rest->ep.watched = false;
	rest->ep.nr_ops -= before;
	rest->ep.ops = xzalloc((rest->ep.nr_ops + 1) * sizeof(*ep->ops));
	memcpy(rest->ep.ops, ep->ops + before, rest->ep.nr_ops * sizeof(*ep->ops));
	rest->ep.attempts = xzalloc(ep->nr_attempts * sizeof(*ep->attempts));
	memcpy(rest->ep.attempts, ep->attempts, ep->nr_attempts * sizeof(*ep->attempts));
	for (i = 0; i < ep->nr_attempts; i++)
		rest->ep.attempts[i].pos -= before;
	index_spans(rest);
	if (!ep->forgotten)
		rest->ep.gaps = 0;
	rest->weigher.t = (struct trial){ .ep = &rest->ep, .pairing = &rest->pairing, .cl = t->cl };
	rest->weigher.t.gaps = episode_order(&rest->ep);
	rest->weigher.t.valued = episode_valued(&rest->ep);
	pair_episode(&rest->ep, t->cl, &rest->pairing);
	return rest;
}

void afresh_free(struct afresh *rest)
{
	if (!rest)
		return;
	weigher_free(&rest->weigher);
	pairing_free(&rest->pairing);
	free(rest->ep.ops);
	free(rest->ep.attempts);
	free(rest->by_put);
	free(rest->by_get);
	free(rest);
}

/* What is already said for certain of references of that size. */
static double sure_units(const struct trial *t, const struct stakes *out, bool pins)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < out->nr; i++)
		if (out->stakes[i].share >= SURE && episode_pins(t->ep, out->stakes[i].units) == pins)
			sum += out->stakes[i].units * out->stakes[i].share;
	return sum;
}

/* The stake that is about the same get, or the same put. */
static struct stake *find_same(const struct trial *t, struct stakes *out, size_t get, size_t put)
{
	size_t i;

	for (i = 0; i < out->nr; i++) {
		const struct span *span = &t->pairing->spans[out->stakes[i].span];

		if (get != NO_OP ? span->get == get && !span->own : span->put == put ||
		    out->stakes[i].release == put)
			return &out->stakes[i];
	}
	return NULL;
}

/* The others share what is left. */
static void level_rest(const struct trial *t, struct stakes *out, bool pins, double all)
{
	double sure = sure_units(t, out, pins), unsure = 0;
	double left = all > sure ? all - sure : 0;
	size_t i;

	for (i = 0; i < out->nr; i++)
		if (out->stakes[i].share < SURE && episode_pins(t->ep, out->stakes[i].units) == pins)
			unsure += out->stakes[i].units * out->stakes[i].share;
	for (i = 0; i < out->nr && unsure > left; i++)
		if (out->stakes[i].share < SURE && episode_pins(t->ep, out->stakes[i].units) == pins)
			out->stakes[i].share *= left / unsure;
}

static double all_units(const struct trial *t, const struct stakes *out, bool pins)
{
	int32_t all = out->unexpected > 0 ? out->unexpected : 0;

	if (t->ep->order)
		return all;
	return pins ? all / PIN_UNITS * PIN_UNITS : all % PIN_UNITS;
}

static void keep_one(const struct afresh *rest, const struct stake *stake, struct stakes *out)
{
	const struct trial *t = rest->whole;
	const struct span *span = &rest->pairing.spans[stake->span];
	bool by_get = span->get != NO_OP && !stake->released, pins = episode_pins(t->ep, stake->units);
	size_t get = by_get ? span->get + rest->before : NO_OP;
	size_t put = span->put != NO_OP ? span->put + rest->before : NO_OP;
	size_t index = by_get ? rest->by_get[get] : put != NO_OP ? rest->by_put[put] : NO_OP;
	double all = all_units(t, out, pins), sure = sure_units(t, out, pins);
	struct stake *same = find_same(t, out, get, put);

	if (span->own || index == NO_OP)
		return;
	/* what came before may show that its kind changes hands */
	if (same && same->unsure)
		return;
	if (same && same->share >= SURE) {
		if (stake_names(same))
			return;
		sure -= same->units * same->share;
	}
	if (sure + stake->units * stake->share > all + 0.01)
		return;
	if (!same)
		same = stakes_add(out, index, stake->units, 0, stake->of);
	same->share = stake->share;
	same->units = stake->units < same->units ? stake->units : same->units;
	/* how long its get was ago only the whole tells */
	if (same->of != STAKE_SHORT)
		same->of = stake->of;
	same->released = !by_get;
	same->why_not = NULL;
	level_rest(t, out, pins, all);
}

void afresh_keep(struct afresh *rest, size_t index, struct stakes *out)
{
	struct stakes alone;
	size_t i;

	if (!rest)
		return;
	weigher_weigh(&rest->weigher, index, &alone);
	for (i = 0; i < alone.nr; i++)
		if (alone.stakes[i].share >= SURE && stake_names(&alone.stakes[i]) &&
		    !alone.stakes[i].unsure)
			keep_one(rest, &alone.stakes[i], out);
	stakes_free(&alone);
}
