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
#include "deduce.h"

#include <stdlib.h>
#include <string.h>

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
};

static bool live_at(const struct span *span, const struct attempt *at)
{
	return (span->get == NO_OP || span->get < at->pos) &&
	       (span->put == NO_OP || span->put >= at->pos);
}

static bool by_task(const struct episode *ep, const struct span *span, uint32_t task)
{
	if (span->get != NO_OP)
		return ep->ops[span->get].task == task;
	return ep->ops[span->put].task == task;
}

/* Part of the failing code's own doing: its isolation, its own new pins. */
static bool own_doing(const struct episode *ep, const struct span *span,
		      const struct attempt *at)
{
	return (span->role == ROLE_MIGRATE || span->role == ROLE_PINNER) &&
	       by_task(ep, span, at->ev.task);
}

static void weigh(const struct episode *ep, const struct pairing *pairing,
		  const struct attempt *at, struct balance *b)
{
	size_t i;

	memset(b, 0, sizeof(*b));
	b->unexpected = at->ev.refcount - at->ev.expected;
	b->gap = episode_gap(ep, at);
	b->held = !ep->ended;
	b->again = at < &ep->attempts[ep->nr_attempts - 1];
	for (i = 0; i < pairing->nr; i++) {
		const struct span *span = &pairing->spans[i];

		if (!live_at(span, at) || own_doing(ep, span, at))
			continue;
		if (span->role == ROLE_HOLDER) {
			if (by_task(ep, span, at->ev.task))
				b->self += span->units;
			else
				b->holders += span->units;
			if (span->function_unsure)
				b->unsure += span->units;
			if (!b->class || strcmp(b->class, span->class)) {
				b->class = span->class;
				b->classes++;
			}
		} else if (span->role == ROLE_BATCH) {
			b->batch += span->units;
		} else if (span->role == ROLE_PINNER) {
			b->pinner += span->units;
		} else {
			continue;
		}
		if (span->put == NO_OP)
			b->open += span->units;
	}
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
	if (gaps) {
		*why = "partly explained, and the chain of counts has gaps";
		return VERDICT_UNRESOLVED;
	}
	*why = "the rest was gone with the kernel's own short references";
	*confidence = 0.7;
	return VERDICT_NAMED;
}

static enum verdict judge_references(const struct balance *b, size_t gaps, double *confidence,
				     const char **why)
{
	int32_t strong = b->holders + b->self, sum = strong + b->batch + b->pinner;
	enum verdict verdict;

	*confidence = 0.95;
	if (!sum)
		return judge_nobody(b, gaps, why);
	if (b->unsure) {
		*why = "references changed hands: several functions could be meant";
		return VERDICT_UNRESOLVED;
	}
	if (strong > b->unexpected) {
		if (b->classes > 1 || gaps) {
			*why = "more references were dropped than were unexpected";
			return VERDICT_UNRESOLVED;
		}
		*confidence = 0.6;
		*why = "one function dropped more references than were unexpected";
	} else if (sum < b->unexpected) {
		verdict = judge_partly(b, gaps, confidence, why);
		if (verdict != VERDICT_NAMED)
			return verdict;
	} else {
		*why = "the references that were dropped add up";
		if (sum > b->unexpected)
			*confidence = 0.7;
	}
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

static void set_site(struct site *site, struct classifier *cl, const struct op *op,
		     unsigned int dir)
{
	const struct stack_class *sc = classify_stack(cl, op->stack, dir);

	site->function = sc->function;
	site->stack = op->stack;
	site->first = sc->first;
}

static void add_task(struct holder *holder, uint32_t task)
{
	size_t i;

	for (i = 0; i < holder->nr_tasks; i++)
		if (holder->tasks[i] == task)
			return;
	VEC_PUSH(holder->tasks, holder->nr_tasks, holder->room_tasks, task);
}

struct judge {
	const struct episode *ep;
	struct classifier *cl;
	const struct trace *trace;
	struct findings *f;
	bool *counted;		/* spans whose references a holder has been given */
};

static uint32_t holder_of(struct judge *j, const struct span *span)
{
	struct holder like = { .pin = span->pin, .class = span->class };

	/* A get that may belong to another put is no proof. */
	if (span->get != NO_OP && !span->task_unsure) {
		const struct stack_class *sc = classify_stack(j->cl, j->ep->ops[span->get].stack,
							      RULE_GET);
		like.acquired = true;
		like.module = sc->module;
		set_site(&like.acquire, j->cl, &j->ep->ops[span->get], RULE_GET);
	}
	if (span->put != NO_OP) {
		const struct stack_class *sc = classify_stack(j->cl, j->ep->ops[span->put].stack,
							      RULE_PUT);
		if (sc->module)
			like.module = sc->module;
		set_site(&like.release, j->cl, &j->ep->ops[span->put], RULE_PUT);
	}
	return findings_holder(j->f, &like);
}

static uint32_t references(const struct episode *ep, const struct span *span)
{
	if (!ep->order && span->units >= 1024)
		return span->units / 1024 + span->units % 1024;
	return span->units;
}

/* Each reference counts once for its holder, however often it was in the way. */
static void count_span(struct judge *j, const struct span *span, struct holder *holder)
{
	const struct op *ops = j->ep->ops;
	const struct attempt *first = &j->ep->attempts[0];
	uint64_t from, to;

	from = span->get != NO_OP ? ops[span->get].ts : first->ev.ts;
	to = span->put != NO_OP ? ops[span->put].ts : j->trace->last_ns;
	if (span->put == NO_OP)
		holder->open += references(j->ep, span);
	if (!holder->first_ns || from < holder->first_ns)
		holder->first_ns = from;
	if (to > holder->last_ns)
		holder->last_ns = to;
	holder->refs += references(j->ep, span);
	map_put(&holder->pages, j->ep->pfn, holder);
	VEC_PUSH(holder->holds, holder->nr_holds, holder->room_holds, to > from ? to - from : 0);
	holder->blocked_ns += to > first->ev.ts ? to - first->ev.ts : 0;
	if (holder->acquired) {
		add_task(holder, ops[span->get].task);
	} else if (span->put != NO_OP) {
		holder->in_irq += ops[span->put].atomic;
		if (!span->task_unsure)
			add_task(holder, ops[span->put].task);
	}
}

static void add_claim(struct judge *j, struct failure *failure, const struct span *span,
		      size_t index, double confidence)
{
	uint32_t holder = holder_of(j, span), refs = references(j->ep, span);
	struct claim claim = { holder, refs, confidence };
	size_t i;

	if (span->task_unsure && claim.confidence > 0.5)
		claim.confidence = 0.5;
	else if (j->f->holders[holder]->acquired && confidence > 0.9)
		claim.confidence = 1.0;
	if (!j->counted[index]) {
		j->counted[index] = true;
		count_span(j, span, j->f->holders[holder]);
	}
	for (i = 0; i < failure->nr_claims; i++) {
		if (failure->claims[i].holder == holder) {
			failure->claims[i].refs += refs;
			if (claim.confidence < failure->claims[i].confidence)
				failure->claims[i].confidence = claim.confidence;
			return;
		}
	}
	j->f->holders[holder]->failures++;
	VEC_PUSH(failure->claims, failure->nr_claims, failure->room_claims, claim);
}

static void name_holders(struct judge *j, struct failure *failure, const struct attempt *at,
			 const struct pairing *pairing, double confidence)
{
	size_t i;

	for (i = 0; i < pairing->nr; i++) {
		const struct span *span = &pairing->spans[i];

		if (!live_at(span, at) || own_doing(j->ep, span, at))
			continue;
		if (span->role == ROLE_HOLDER || span->role == ROLE_BATCH ||
		    span->role == ROLE_PINNER)
			add_claim(j, failure, span, i, confidence);
	}
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

static enum verdict judge(struct judge *j, const struct attempt *at,
			  const struct pairing *pairing, size_t gaps, double *confidence,
			  const char **why)
{
	struct balance b;
	enum verdict verdict;

	if (judge_kind(&at->ev, &verdict, why))
		return verdict;
	if (j->ep->holed || j->ep->dropped) {
		*why = j->ep->holed ? "events were lost while the page was marked" :
		       "the kernel's budget suppressed events of this mark";
		return VERDICT_UNSAFE;
	}
	weigh(j->ep, pairing, at, &b);
	return judge_references(&b, gaps, confidence, why);
}

/* All failures of one reason make one entry; the most telling one speaks. */
static void judge_reason(struct judge *j, unsigned int reason, const struct pairing *pairing,
			 size_t gaps)
{
	const struct attempt *best = NULL;
	struct failure *failure = NULL;
	double confidence = 0, best_confidence = 0;
	enum verdict verdict;
	const char *why;
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
		if (at->ev.repeats + 1 > failure->repeats)
			failure->repeats = at->ev.repeats + 1;
		verdict = judge(j, at, pairing, gaps, &confidence, &why);
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
	if (names_somebody(failure->verdict))
		name_holders(j, failure, best, pairing, best_confidence);
}

static void count_noise(struct judge *j, const struct pairing *pairing)
{
	size_t i;

	for (i = 0; i < pairing->nr; i++) {
		const struct span *span = &pairing->spans[i];

		if (j->counted[i] || span->role == ROLE_HOLDER)
			continue;
		if (span->get != NO_OP)
			findings_noise(j->f, span->class, j->ep->pfn);
		if (span->put != NO_OP)
			findings_noise(j->f, span->class, j->ep->pfn);
	}
}

void deduce_episode(const struct episode *ep, size_t gaps, const struct pairing *pairing,
		    struct classifier *cl, const struct trace *trace, struct findings *f)
{
	struct judge j = { .ep = ep, .cl = cl, .trace = trace, .f = f };
	unsigned int seen = 0;
	size_t i;

	j.counted = xzalloc(pairing->nr + 1);
	for (i = 0; i < ep->nr_attempts; i++) {
		unsigned int bit = 1u << (ep->attempts[i].ev.reason & 31);

		if (!(seen & bit))
			judge_reason(&j, ep->attempts[i].ev.reason, pairing, gaps);
		seen |= bit;
	}
	count_noise(&j, pairing);
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
	failure->time_ns = failure->last_ns = ev->ts;
	failure->attempts = 1;
	failure->repeats = ev->repeats + 1;
	describe(failure, &at, cl);
	if (!judge_kind(ev, &failure->verdict, &failure->why)) {
		failure->verdict = VERDICT_UNRESOLVED;
		failure->why = ev->marked == MARKED_REFUSED ?
			"the kernel refused the mark: its budget of marked pages is used up" :
			"the failure set no mark, so nothing was recorded of the page";
	}
}
