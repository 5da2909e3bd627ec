// SPDX-License-Identifier: GPL-2.0
/*
 * Verdicts; see deduce.h.
 *
 * At a failure the folio had N references more than expected.  The spans that
 * were open at that moment are the references it had.  Those of migration by
 * the failing task itself, of mappings and of caches are the expected ones.
 * What the other spans sum up to is held against N: if it is N, they are the
 * explanation.  If it is more, some of them are not, and which, nobody knows.
 */
#include "judge/deduce.h"

#include <stdlib.h>
#include <string.h>

#include "judge/blame.h"
#include "util.h"

/* References at one failure, by the part they play; in units of the count. */
struct balance {
	int32_t unexpected;
	int32_t holders;	/* tasks other than the failing one */
	int32_t self;
	int32_t batch;
	int32_t pinner;
	int32_t open;		/* of all of these, never given back */
	int32_t unsure;		/* of holders: no single function to name */
	int32_t gap;		/* unrecorded change right after the failure */
	size_t classes;		/* of holders: distinct ones */
	const char *class;	/* of holders: the last one */
	bool held;		/* the mark had not ended with the trace */
	bool again;		/* it failed again later */
	bool sampled;		/* the budget left out events of this mark */
};

static void weigh_span(struct balance *b, const struct episode *ep, const struct span *span,
		       const struct attempt *at)
{
	switch (span->role) {
	case ROLE_HOLDER:
		if (blame_task(ep, span) == at->ev.task)
			b->self += span->units;
		else
			b->holders += span->units;
		if (span->function_unsure)
			b->unsure += span->units;
		if (!b->class || strcmp(b->class, span->class)) {
			b->class = span->class;
			b->classes++;
		}
		break;
	case ROLE_BATCH:
		b->batch += span->units;
		break;
	default:
		b->pinner += span->units;
		break;
	}
	if (span->put == NO_OP)
		b->open += span->units;
}

static void weigh(const struct episode *ep, const struct pairing *pairing,
		  const struct attempt *at, const struct findings *f, struct balance *b)
{
	size_t i;

	memset(b, 0, sizeof(*b));
	b->unexpected = at->ev.refcount - at->ev.expected;
	b->gap = episode_gap(ep, at);
	b->sampled = ep->dropped > 0;
	b->again = at < &ep->attempts[ep->nr_attempts - 1];
	b->held = !ep->ended && !(ep->nr_ops && !ep->ops[ep->nr_ops - 1].refcount);
	for (i = 0; i < pairing->nr; i++)
		if (blame_candidate(ep, pairing, &pairing->spans[i], at))
			weigh_span(b, ep, &pairing->spans[i], at);
	/* A recording without the ends of marks: the counts tell as well. */
	if (!f->ends && b->gap < 0 &&
	    -b->gap >= b->unexpected - (b->holders + b->self + b->batch + b->pinner))
		b->held = false;
}

/* What is known before any reference is looked at. */
static bool judge_kind(const struct pin_event *ev, enum verdict *verdict, const char **why)
{
	int32_t unexpected = ev->refcount - ev->expected;

	switch (ev->kind) {
	case KIND_NO_EXTRA_REF:
		*verdict = VERDICT_NO_HOLDER;
		*why = "it failed although the counts agree";
		return true;
	case KIND_LOCKED:
	case KIND_WRITEBACK:
	case KIND_BUFFERS:
	case KIND_NO_MEMORY:
	case KIND_UNMOVABLE:
		*verdict = VERDICT_NOT_A_REFERENCE;
		*why = "not the refcount made it fail";
		return true;
	case KIND_SPLIT:
		if (unexpected > 0)
			return false;
		*verdict = VERDICT_NOT_A_REFERENCE;
		*why = "the folio could not be split, its refcount is as expected";
		return true;
	}
	if (unexpected > 0)
		return false;
	if (ev->kind == KIND_EXTRA_REF) {
		*verdict = VERDICT_NO_HOLDER;
		*why = "there is no unexpected reference";
	} else {
		*verdict = VERDICT_TRANSIENT;
		*why = "no unexpected reference was left when it was looked at";
	}
	return true;
}

/* No span that could be blamed: gone unseen, still there, or unknown. */
static enum verdict judge_nobody(const struct balance *b, size_t gaps, const char **why)
{
	if (b->held) {
		*why = "still held when the trace ended";
		return VERDICT_NEVER_RELEASED;
	}
	if (b->sampled) {
		*why = "the kernel's budget suppressed events of this mark";
		return VERDICT_UNSAFE;
	}
	if (!b->again && !gaps) {
		*why = b->gap < 0 ? "gone before its first change was recorded" :
		       "gone before the next attempt, by the kernel's own short references";
		return VERDICT_TRANSIENT;
	}
	*why = "none of the recorded references explains it";
	return VERDICT_UNRESOLVED;
}

static enum verdict judge_partly(const struct balance *b, size_t gaps, double *confidence,
				 const char **why)
{
	if (b->held) {
		*why = "partly explained, the rest was still held when the trace ended";
		*confidence = 0.6;
		return VERDICT_NEVER_RELEASED;
	}
	if (gaps || b->sampled) {
		*why = "partly explained, and the chain of counts has gaps";
		return VERDICT_UNRESOLVED;
	}
	*why = "the rest was gone with the kernel's own short references";
	*confidence = 0.7;
	return VERDICT_NAMED;
}

/* The candidates make up for all of N: is it them? */
static enum verdict judge_sum(const struct balance *b, size_t gaps, double *confidence,
			      const char **why)
{
	int32_t strong = b->holders + b->self;

	*why = "the references that were dropped add up";
	if (strong > b->unexpected) {
		*why = "more references were dropped than were unexpected";
		return VERDICT_UNRESOLVED;
	}
	if (strong + b->batch + b->pinner > b->unexpected) {
		*confidence = 0.7;
	}
	if (b->sampled && *confidence > 0.6)
		*confidence = 0.6;
	if (b->open && b->held) {
		*why = "still held when the trace ended, its get is on record";
		return VERDICT_NEVER_RELEASED;
	}
	if (b->self && !b->holders)
		return VERDICT_SELF;
	if (b->pinner && !strong && !b->batch)
		return VERDICT_CONCURRENT_PINNER;
	return VERDICT_NAMED;
}

static enum verdict judge_references(const struct balance *b, size_t gaps, bool ends,
				     double *confidence, const char **why)
{
	int32_t sum = b->holders + b->self + b->batch + b->pinner;

	*confidence = 0.95;
	if (!sum)
		return judge_nobody(b, gaps, why);
	if (b->unsure) {
		*why = "references changed hands: several functions could be meant";
		return VERDICT_UNRESOLVED;
	}
	/* An op that is missing may be the get of a put that looks blameworthy. */
	if ((gaps || b->gap > 0) && !b->sampled) {
		*why = "the chain of counts has gaps: operations are not on record";
		return VERDICT_UNRESOLVED;
	}
	if (b->held && ends && !b->open && sum >= b->unexpected) {
		*why = "references were dropped, yet an unexpected one is left";
		return VERDICT_UNRESOLVED;
	}
	if (sum < b->unexpected)
		return judge_partly(b, gaps, confidence, why);
	return judge_sum(b, gaps, confidence, why);
}

static bool names_somebody(enum verdict verdict)
{
	return verdict == VERDICT_NAMED || verdict == VERDICT_SELF ||
	       verdict == VERDICT_NEVER_RELEASED || verdict == VERDICT_CONCURRENT_PINNER;
}

static void describe(struct failure *failure, const struct attempt *at, struct classifier *cl)
{
	const struct pin_event *ev = &at->ev;

	failure->id = ev->id;
	failure->reason = ev->reason;
	failure->kind = ev->kind;
	failure->order = ev->order;
	failure->pfn = ev->pfn;
	failure->refcount = ev->refcount;
	failure->expected = ev->expected;
	failure->mapcount = ev->mapcount;
	failure->pincount = ev->pincount;
	failure->task = ev->task;
	failure->stack = ev->stack;
	failure->first = classify_stack(cl, ev->stack, RULE_GET)->first;
}

static enum verdict judge(const struct blame *j, const struct attempt *at, size_t gaps,
			  double *confidence, const char **why)
{
	struct balance b;
	enum verdict verdict;

	if (judge_kind(&at->ev, &verdict, why))
		return verdict;
	if (j->ep->holed) {
		*why = "events were lost while the page was marked";
		return VERDICT_UNSAFE;
	}
	weigh(j->ep, j->pairing, at, j->f, &b);
	return judge_references(&b, gaps, j->f->ends || j->ep->ended, confidence, why);
}

/* All failures of one reason make one entry; the most telling one speaks. */
static void judge_reason(const struct blame *j, unsigned int reason, size_t gaps)
{
	const struct attempt *best = NULL;
	struct failure *failure = NULL;
	double confidence = 0, best_confidence = 0;
	enum verdict verdict;
	const char *why = "";
	size_t i;

	for (i = 0; i < j->ep->nr_attempts; i++) {
		const struct attempt *at = &j->ep->attempts[i];

		if (at->ev.type != PIN_FAIL || at->ev.reason != reason)
			continue;
		if (!failure) {
			failure = findings_failure(j->f);
			failure->time_ns = at->ev.ts;
			failure->verdict = NR_VERDICTS;
		}
		failure->last_ns = at->ev.ts;
		failure->attempts++;
		if (at->ev.repeats + 1ull > failure->repeats)
			failure->repeats = at->ev.repeats + 1ull;
		verdict = judge(j, at, gaps, &confidence, &why);
		if (verdict < failure->verdict) {
			failure->verdict = verdict;
			failure->why = why;
			best_confidence = confidence;
			best = at;
		}
	}
	if (!best)
		return;
	describe(failure, best, j->cl);
	failure->end_ns = j->ep->end;
	if (names_somebody(failure->verdict))
		blame_holders(j, failure, best, best_confidence);
}

void deduce_episode(const struct episode *ep, size_t gaps, const struct pairing *pairing,
		    struct classifier *cl, const struct trace *trace, struct findings *f)
{
	struct blame j = { .ep = ep, .pairing = pairing, .cl = cl, .trace = trace, .f = f };
	unsigned int seen = 0;
	size_t i;

	j.counted = xzalloc(pairing->nr + 1);
	for (i = 0; i < ep->nr_attempts; i++) {
		unsigned int bit = 1u << (ep->attempts[i].ev.reason & 31);

		if (!(seen & bit))
			judge_reason(&j, ep->attempts[i].ev.reason, gaps);
		seen |= bit;
	}
	blame_noise(&j);
	free(j.counted);
	f->paired += pairing->paired;
	f->unmatched_puts += pairing->unmatched_puts;
	f->open_gets += pairing->open_gets;
	f->dropped += ep->dropped;
}

void deduce_unmarked(const struct pin_event *ev, struct classifier *cl, struct findings *f)
{
	struct attempt at = { .ev = *ev };
	struct failure *failure;
	size_t i;

	for (i = f->nr_failures; i-- > 0 && i + 64 > f->nr_failures;) {
		failure = f->failures[i];
		if (!failure->id && failure->pfn == ev->pfn && failure->reason == ev->reason &&
		    failure->kind == ev->kind) {
			failure->attempts++;
			failure->repeats++;
			failure->last_ns = ev->ts;
			return;
		}
	}
	failure = findings_failure(f);
	failure->time_ns = failure->last_ns = failure->end_ns = ev->ts;
	failure->attempts = 1;
	failure->repeats = ev->repeats + 1ull;
	describe(failure, &at, cl);
	if (!judge_kind(ev, &failure->verdict, &failure->why)) {
		failure->verdict = VERDICT_UNRESOLVED;
		failure->why = ev->marked == MARKED_REFUSED ?
			"the kernel refused the mark: its budget of marked pages is used up" :
			"the failure set no mark, so nothing was recorded of the page";
	}
}
