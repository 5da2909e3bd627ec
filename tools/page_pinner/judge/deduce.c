// SPDX-License-Identifier: GPL-2.0
/*
 * All attempts of one reason under one mark make one failure; see deduce.h.
 *
 * Every attempt is judged by itself: its holders need not be those of the others.
 * What is claimed is the union; the verdict is the most telling one, but for a
 * last attempt whose references never went: that must show.
 */
#include "judge/deduce.h"

#include <stdlib.h>
#include <string.h>

#include "judge/afresh.h"
#include "judge/blame.h"
#include "judge/failure.h"
#include "judge/verdict.h"
#include "judge/weigh.h"
#include "util.h"

/* One attempt and what is said of it. */
struct tried {
	const struct attempt *at;
	struct stakes stakes;
	struct judgement said;
	bool weighed;
};

struct deduction {
	struct weigher weigher;
	struct afresh *rest;	/* without what came before, NULL if nothing did */
	struct blame blame;
	struct findings *f;
	size_t bad;		/* op that took the count below zero, or NO_OP */
};

/* More was given back than there was: nobody holds that, somebody miscounts. */
static bool judge_bad_count(struct deduction *d, struct tried *tried)
{
	size_t i;

	if (d->bad == NO_OP && tried->at->ev.refcount >= 0)
		return false;
	tried->said.verdict = VERDICT_BAD_COUNT;
	tried->said.why = "the count fell below zero: more was given back than was taken";
	tried->said.confidence = 0.95;
	for (i = 0; d->bad != NO_OP && i < d->weigher.t.pairing->nr; i++) {
		const struct span *span = &d->weigher.t.pairing->spans[i];

		if (span->put == d->bad && !stake_class(&d->weigher.t, span)->nameless)
			stakes_add(&tried->stakes, i, span->units, 1, STAKE_HOLDER);
	}
	return true;
}

static void judge_attempt(struct deduction *d, struct tried *tried)
{
	const struct attempt *at = tried->at;

	if (judge_bad_count(d, tried) || verdict_by_kind(&at->ev, &tried->said))
		return;
	if (d->weigher.t.ep->holed) {
		tried->said.verdict = VERDICT_UNSAFE;
		tried->said.why = "events were lost while the page was marked";
		return;
	}
	weigher_weigh(&d->weigher, at - d->weigher.t.ep->attempts, &tried->stakes);
	afresh_keep(d->rest, at - d->weigher.t.ep->attempts, &tried->stakes);
	verdict_by_stakes(&d->weigher.t, at, &tried->stakes, &tried->said);
}

/* The same as the attempt before it: nothing happened in between. */
static bool nothing_new(const struct tried *a, const struct tried *b)
{
	return a->at->pos == b->at->pos && a->at->ev.task == b->at->ev.task &&
	       a->at->ev.stack == b->at->ev.stack && a->at->ev.kind == b->at->ev.kind &&
	       a->at->ev.refcount == b->at->ev.refcount &&
	       a->at->ev.expected == b->at->ev.expected &&
	       episode_unexpected(&a->at->ev) == episode_unexpected(&b->at->ev);
}

/* Whatever fails again and again for the same cause does not pass. */
static bool persists(const struct tried *tried, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (tried[i].said.verdict != VERDICT_TRANSIENT ||
		    tried[i].at->ev.kind != tried[0].at->ev.kind ||
		    tried[i].at->ev.refcount > tried[i].at->ev.expected)
			return false;
	return nr > 2;
}

/* The attempt that speaks for all of them. */
static const struct tried *choose(const struct tried *tried, size_t nr)
{
	const struct tried *best = &tried[0], *last = &tried[nr - 1];
	size_t i;

	for (i = 1; i < nr; i++)
		if (tried[i].said.verdict < best->said.verdict)
			best = &tried[i];
	if (last->said.verdict == VERDICT_NEVER_RELEASED && best->said.verdict != VERDICT_BAD_COUNT)
		return last;
	return best;
}

static const struct stakes *stakes_of(const struct tried *tried)
{
	while (!tried->weighed)
		tried--;
	return &tried->stakes;
}

static void count_attempts(struct deduction *d, struct failure *failure,
			   const struct tried *tried, size_t nr)
{
	uint64_t until, index = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct attempt *at = tried[i].at;
		const struct pin_event *ev = &at->ev;
		struct asker *asker = failure_asker(failure, ev, d->weigher.t.cl);

		asker->attempts += at->times;
		asker->last_ns = at->last_ns;
		until = blame_blocked(&d->blame, failure, stakes_of(&tried[i]), index, at->times,
				      ev->ts);
		index += at->times;
		failure->attempts = index;
		failure->blocked += until > 0 ? at->times : 0;
		if (until > asker->first_ns + asker->blocked_ns)
			asker->blocked_ns = until - asker->first_ns;
	}
	for (i = 0, index = 0; i < nr; i++) {
		blame_level(&d->blame, failure, index, stakes_of(&tried[i])->unexpected);
		index += tried[i].at->times;
	}
}

static void conclude(struct deduction *d, const struct tried *tried, size_t nr)
{
	struct failure *failure = findings_failure(d->f);
	const struct tried *best = choose(tried, nr);
	size_t i;

	failure_describe(failure, &best->at->ev, d->weigher.t.cl);
	failure->task = tried[0].at->ev.task;
	failure->stack = tried[0].at->ev.stack;
	failure->first = classify_stack(d->weigher.t.cl, failure->stack, RULE_GET)->first;
	failure->time_ns = tried[0].at->ev.ts;
	failure->last_ns = tried[nr - 1].at->ev.ts;
	failure->end_ns = d->weigher.t.ep->end;
	failure->last = d->weigher.t.ep->last;
	failure->verdict = best->said.verdict;
	failure->why = best->said.why;
	if (persists(tried, nr)) {
		failure->verdict = VERDICT_NOT_A_REFERENCE;
		failure->why = "the same at every attempt, and never an unexpected reference";
	}
	for (i = 0; i < nr; i++) {
		if (tried[i].at->ev.repeats + 1ull > failure->repeats)
			failure->repeats = tried[i].at->ev.repeats + 1ull;
		if (verdict_names(tried[i].said.verdict))
			blame_claim(&d->blame, failure, stakes_of(&tried[i]),
				    tried[i].said.confidence);
	}
	count_attempts(d, failure, tried, nr);
	blame_account(&d->blame, failure, stakes_of(best));
	blame_candidates(&d->blame, failure, stakes_of(best));
	for (i = 0; i < d->weigher.t.pairing->nr; i++)
		d->blame.claimed[i] = 0;
}

static void judge_reason(struct deduction *d, unsigned int reason)
{
	struct tried *tried = xzalloc(d->weigher.t.ep->nr_attempts * sizeof(*tried));
	size_t i, nr = 0;

	for (i = 0; i < d->weigher.t.ep->nr_attempts; i++) {
		if (d->weigher.t.ep->attempts[i].ev.reason != reason)
			continue;
		tried[nr].at = &d->weigher.t.ep->attempts[i];
		if (nr && nothing_new(&tried[nr - 1], &tried[nr])) {
			tried[nr].said = tried[nr - 1].said;
		} else {
			tried[nr].weighed = true;
			judge_attempt(d, &tried[nr]);
		}
		nr++;
	}
	conclude(d, tried, nr);
	for (i = 0; i < nr; i++)
		stakes_free(&tried[i].stakes);
	free(tried);
}

static size_t find_bad_count(const struct episode *ep)
{
	size_t i;

	for (i = 0; i < ep->nr_ops; i++)
		if (ep->ops[i].refcount < 0 && ep->ops[i].delta < 0)
			return i;
	return NO_OP;
}

void deduce_episode(const struct episode *ep, size_t gaps, const struct pairing *pairing,
		    struct classifier *cl, const struct trace *trace, struct findings *f)
{
	struct deduction d = {
		.weigher.t = { .ep = ep, .pairing = pairing, .cl = cl, .gaps = gaps,
			       .valued = episode_valued(ep) },
		.f = f, .bad = find_bad_count(ep),
	};
	unsigned int seen = 0;
	size_t i;

	d.blame = (struct blame){ .t = &d.weigher.t, .trace = trace, .f = f };
	d.rest = afresh_new(&d.weigher.t);
	d.blame.counted = xzalloc(pairing->nr + 1);
	d.blame.claimed = xzalloc((pairing->nr + 1) * sizeof(*d.blame.claimed));
	for (i = 0; i < ep->nr_attempts; i++) {
		unsigned int bit = 1u << (ep->attempts[i].ev.reason & 31);

		if (!(seen & bit))
			judge_reason(&d, ep->attempts[i].ev.reason);
		seen |= bit;
	}
	blame_noise(&d.blame);
	afresh_free(d.rest);
	weigher_free(&d.weigher);
	free(d.blame.counted);
	free(d.blame.claimed);
	f->paired += pairing->paired;
	f->unmatched_puts += pairing->unmatched_puts;
	f->open_gets += pairing->open_gets;
	f->dropped += ep->dropped;
}
