// SPDX-License-Identifier: GPL-2.0
/*
 * The timeline of one mark; see explain.h.
 */
#include "show/explain.h"

#include <inttypes.h>
#include <stdlib.h>

#include "show/words.h"
#include "trace/event.h"

static const char *const how_names[] = {
	[MATCH_NONE] = "",
	[MATCH_TASK_CLASS] = "same task, same class",
	[MATCH_TASK] = "same task",
	[MATCH_CLASS] = "same class, another task",
	[MATCH_REST] = "an expected reference that changed hands",
};

static const char *const role_names[] = {
	[ROLE_HOLDER] = "could be in the way",
	[ROLE_BATCH] = "a batch: in the way until it is drained",
	[ROLE_PINNER] = "a long-term pin in the making",
	[ROLE_MIGRATE] = "of migration itself",
	[ROLE_EXPECTED] = "expected",
	[ROLE_BRIEF] = "a short lookup",
	[ROLE_ALLOC] = "the first reference",
	[ROLE_HELPER] = "",
	[ROLE_OWN] = "",
};

static void put_time(struct explain *x, const struct episode *ep, uint64_t ts)
{
	uint64_t from = ep->nr_attempts ? ep->attempts[0].ev.ts : ep->began;
	uint64_t us = (ts > from ? ts - from : from - ts) / 1000;

	strbuf_add(&x->text, "%c%6" PRIu64 ".%06" PRIu64 " s  ", ts < from ? '-' : '+',
		   us / 1000000, us % 1000000);
}

static void put_task(struct explain *x, uint32_t task)
{
	char who[48];

	strbuf_add(&x->text, "%-22s ", words_task(x->trace, task, who, sizeof(who)));
}

static void put_attempt(struct explain *x, const struct episode *ep, const struct attempt *at)
{
	const struct pin_event *ev = &at->ev;

	put_time(x, ep, ev->ts);
	put_task(x, ev->task);
	strbuf_add(&x->text, "%s FAILS: %s, refcount %d, expected %d", event_reason_name(ev->reason),
		   event_kind_name(ev->kind), ev->refcount, ev->expected);
	if (ev->has & HAS_OWN)
		strbuf_add(&x->text, " (%d of them own)", ev->own);
	strbuf_add(&x->text, ", unexpected %d\n", ev->refcount - ev->expected);
	if (ev->has & HAS_REFCOUNT_NOW && ev->has & HAS_EXPECTED_NOW &&
	    ev->refcount_now != ev->refcount)
		strbuf_add(&x->text, "%18sthat is of the past: when it was told, refcount %d, expected %d\n",
			   "", ev->refcount_now, ev->expected_now);
	if (episode_gap(ep, at))
		strbuf_add(&x->text, "%18scount changed by %+d before the first change on record\n",
			   "", episode_gap(ep, at));
}

static void put_match(struct explain *x, const struct span *span, bool get)
{
	strbuf_add(&x->text, "%18s= %d: ", "", span->units);
	if (get && span->put == NO_OP)
		strbuf_add(&x->text, "never given back");
	else if (!get && span->own)
		strbuf_add(&x->text, "the failing code's own, taken before it failed");
	else if (!get && span->get == NO_OP)
		strbuf_add(&x->text, "taken before anything was recorded");
	else
		strbuf_add(&x->text, "%s #%zu (%s)", get ? "given back by" : "taken by",
			   (get ? span->put : span->get) + 1, how_names[span->how]);
	strbuf_add(&x->text, "; %s: %s", span->class, role_names[span->role]);
	if (span->task_unsure)
		strbuf_add(&x->text, "; another get of the class could be meant as well");
	if (span->function_unsure)
		strbuf_add(&x->text, "; and that has another function");
	strbuf_add(&x->text, "\n");
}

/* The account after an operation; a put was weighed before it. */
static void put_unexpected(struct explain *x, const struct op *op)
{
	if (op->expected >= 0)
		strbuf_add(&x->text, " (%d expected %s, %d unexpected)", op->expected,
			   op->delta > 0 ? "after it" : "before it",
			   op->refcount - (op->delta > 0 ? 0 : op->delta) - op->expected);
}

static void put_op(struct explain *x, const struct episode *ep, const struct pairing *pairing,
		   size_t i)
{
	const struct op *op = &ep->ops[i];
	bool get = op->delta > 0;
	const struct stack_class *sc = classify_stack(x->cl, op->stack,
						      get ? RULE_GET : RULE_PUT);
	char function[128];
	size_t k;

	put_time(x, ep, op->ts);
	put_task(x, op->task);
	strbuf_add(&x->text, "#%zu %s %+d -> %d", i + 1, get ? "get" : "put", op->delta,
		   op->refcount);
	put_unexpected(x, op);
	strbuf_add(&x->text, " in %s%s\n",
		   words_clean(function, sizeof(function), sc->function ? sc->function : "?"),
		   op->atomic ? " (interrupt)" : "");
	if (op->missing)
		strbuf_add(&x->text, "%18s%u operations before it are not on record\n", "",
			   op->missing);
	for (k = 0; k < pairing->nr; k++) {
		const struct span *span = &pairing->spans[k];

		if (span->more == i)
			strbuf_add(&x->text, "%18s= completes the pin of #%zu\n", "", span->get + 1);
		if ((get && span->get == i) || (!get && span->put == i))
			put_match(x, span, get);
	}
}

void explain_episode(void *ctx, const struct episode *ep, const struct pairing *pairing)
{
	struct explain *x = ctx;
	size_t i, attempt = 0;

	/* An event may follow the end of its mark: that is no story. */
	if (ep->id != x->id || !ep->nr_attempts)
		return;
	strbuf_add(&x->text, "Mark %u, pfn 0x%" PRIx64 ", order %u; times from the first failure\n\n",
		   ep->id, ep->pfn, ep->order);
	for (i = 0; i <= ep->nr_ops; i++) {
		for (; attempt < ep->nr_attempts && ep->attempts[attempt].pos <= i; attempt++)
			put_attempt(x, ep, &ep->attempts[attempt]);
		if (i < ep->nr_ops)
			put_op(x, ep, pairing, i);
	}
	put_time(x, ep, ep->end);
	if (ep->ended)
		strbuf_add(&x->text, "the mark ends: %s\n", event_why_name(ep->why));
	else
		strbuf_add(&x->text, "the recording ends, the mark does not\n");
	if (ep->dropped)
		strbuf_add(&x->text, "%18sthe kernel's budget left out %u changes\n", "",
			   ep->dropped);
	if (ep->holed)
		strbuf_add(&x->text, "%18sevents of this time were lost\n", "");
}
