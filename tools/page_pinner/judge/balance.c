// SPDX-License-Identifier: GPL-2.0
/*
 * Balances; see balance.h.
 */
#include "judge/balance.h"

static struct taker *taker_of(const struct episode *ep, const struct span *span,
			      struct classifier *cl, struct findings *f)
{
	const struct stack_class *sc = classify_stack(cl, ep->ops[span->get].stack, RULE_GET);

	return findings_taker(f, sc->caller, sc->caller_module);
}

void balance_pair(struct episode *ep, const struct span *span, struct classifier *cl,
		  struct findings *f)
{
	struct op *get, *put;
	struct taker *taker;

	if (!ep->watched || span->get == NO_OP)
		return;
	get = &ep->ops[span->get];
	put = span->put != NO_OP ? &ep->ops[span->put] : NULL;
	taker = taker_of(ep, span, cl, f);
	if (!get->told)
		taker->took += span->units;
	if (put && !put->told)
		taker->gave += span->units;
}

void balance_take(struct episode *ep, const struct pairing *pairing, struct classifier *cl,
		  struct findings *f)
{
	size_t i;

	for (i = 0; i < pairing->nr; i++)
		balance_pair(ep, &pairing->spans[i], cl, f);
	/* one op may be part of several spans: told only now */
	for (i = 0; i < ep->nr_ops; i++)
		ep->ops[i].told = true;
}

void balance_open(const struct episode *ep, const struct pairing *pairing,
		  struct classifier *cl, struct findings *f)
{
	size_t i;

	if (!ep->watched)
		return;
	for (i = 0; i < pairing->nr; i++) {
		const struct span *span = &pairing->spans[i];
		struct taker *taker;
		uint64_t ts;

		if (span->get == NO_OP || span->put != NO_OP)
			continue;
		taker = taker_of(ep, span, cl, f);
		ts = ep->ops[span->get].ts;
		if (!taker->open_ns || ts < taker->open_ns)
			taker->open_ns = ts;
		pageset_add(&taker->pages, ep->pfn);
	}
}
