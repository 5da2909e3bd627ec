// SPDX-License-Identifier: GPL-2.0
/*
 * Verdicts on attempts; see verdict.h.
 *
 * At a failure the folio had N references more than expected.  What the stakes
 * sum up to is held against N: if it is N, they are the explanation.  If it is
 * more, some of them are not, and which, nobody knows.
 */
#include "judge/verdict.h"

#include <string.h>

/* A share that is a proof. */
#define SURE 0.9f

/* References at one failure, in units of the count. */
struct balance {
	int32_t unexpected;
	float by[NR_STAKES];	/* what names somebody, by whose it is */
	float named;		/* all of that */
	float others;		/* what several could be meant by */
	float shorts;		/* of the kernel's own that were soon gone */
	float open;		/* of what is named: never given back */
	float unsure;		/* of that: no single function to name */
	bool mixed;		/* and these are not all one family's */
	const char *family;	/* which one */
	float nameless;		/* of functions without a name */
	int32_t strong;		/* positive evidence, all units */
	int32_t gap;		/* unrecorded change right after the failure */
	bool held;		/* unexpected ones were left at the end */
	bool again;		/* it failed again later */
	bool sampled;		/* the budget left out events of this mark */
};

static bool same(float a, float b)
{
	return a > b - 0.2 && a < b + 0.2;
}

/* Nobody's in particular, but of the one family that all who are unsure are of. */
static bool is_familys(const struct trial *t, const struct span *span, struct balance *b)
{
	if (span->put == NO_OP || !t->ep->ops[span->put].atomic || !stake_class(t, span)->ruled ||
	    (b->family && strcmp(b->family, span->class)))
		return false;
	b->family = span->class;
	return true;
}

/* Of what the failing task was doing, it seemed; but at the next attempt it was there, too. */
static bool stays(const struct trial *t, const struct attempt *at, const struct span *span)
{
	return at + 1 < t->ep->attempts + t->ep->nr_attempts && at[1].ev.ts > at->ev.ts &&
	       !span->own && stake_is_victims(t, span, at) && pair_open_at(span, at[1].pos);
}

static void weigh_stake(struct balance *b, const struct trial *t, const struct attempt *at,
			const struct stakes *stakes, const struct stake *stake)
{
	const struct span *span = &t->pairing->spans[stake->span];
	float units = stake->units * stake->share;

	if (stake->of == STAKE_SHORT) {
		*(!stakes->valued || (stake->share >= SURE && !stays(t, at, span)) ?
		  &b->shorts : &b->others) += units;
		return;
	}
	if (stake->why_not && strstr(stake->why_not, "stack"))
		b->nameless += units;
	if (!stake_names(stake)) {
		b->others += units;
		return;
	}
	/* an explanation by weaker evidence is one of the whole */
	if (!stake->family)
		units = stake->units;
	b->by[stake->of] += units;
	b->named += units;
	if (span->function_unsure)
		b->unsure += units;
	if (span->function_unsure && !is_familys(t, span, b))
		b->mixed = true;
	if (span->put == NO_OP && stake->release == NO_OP)
		b->open += units;
}

/* Were unexpected references left when the mark or the recording ended? */
static bool left_at_end(const struct trial *t, const struct attempt *at)
{
	const struct episode *ep = t->ep;
	const struct op *last = ep->nr_ops ? &ep->ops[ep->nr_ops - 1] : NULL;

	if (ep->ended && ep->why != WHY_CLEARED)
		return false;
	if (last && !last->refcount)
		return false;
	if (ep->ended && ep->end_expected >= 0)
		return ep->end_count > ep->end_expected;
	if (ep->ended)
		return ep->end_count > at->ev.expected - (at->ev.has & HAS_OWN ? at->ev.own : 0);
	if (last && last->expected >= 0 && at->pos < ep->nr_ops)
		return last->refcount > last->expected;
	return true;
}

static void weigh(const struct trial *t, const struct attempt *at, const struct stakes *stakes,
		  struct balance *b)
{
	size_t i;

	memset(b, 0, sizeof(*b));
	b->unexpected = stakes->unexpected;
	b->gap = episode_gap(t->ep, at);
	b->sampled = t->ep->dropped > 0;
	b->again = at < &t->ep->attempts[t->ep->nr_attempts - 1];
	b->held = left_at_end(t, at);
	for (i = 0; i < stakes->nr; i++)
		weigh_stake(b, t, at, stakes, &stakes->stakes[i]);
	/* It dropped unseen, by as much as was unexpected, and is not known to be left. */
	if (!t->ep->ended && b->gap < 0 && -b->gap >= b->unexpected - b->named &&
	    t->ep->nr_ops && t->ep->ops[t->ep->nr_ops - 1].expected < 0 &&
	    t->ep->ops[t->ep->nr_ops - 1].refcount <= at->ev.expected)
		b->held = false;
}

static void say(struct judgement *to, enum verdict verdict, float confidence, const char *why)
{
	to->verdict = verdict;
	to->why = why;
	to->confidence = confidence;
}

bool verdict_names(enum verdict verdict)
{
	return verdict == VERDICT_NAMED || verdict == VERDICT_SELF ||
	       verdict == VERDICT_NEVER_RELEASED || verdict == VERDICT_CONCURRENT_PINNER ||
	       verdict == VERDICT_KEPT || verdict == VERDICT_BAD_COUNT;
}

bool verdict_by_kind(const struct pin_event *ev, struct judgement *to)
{
	int32_t unexpected = ev->refcount - ev->expected;

	switch (ev->kind) {
	case KIND_NO_EXTRA_REF:
		say(to, VERDICT_NO_HOLDER, 0, "it failed although the counts agree");
		return true;
	case KIND_LOCKED:
	case KIND_WRITEBACK:
	case KIND_BUFFERS:
	case KIND_NO_MEMORY:
	case KIND_UNMOVABLE:
	case KIND_NOFS:
		say(to, VERDICT_NOT_A_REFERENCE, 0, "not the refcount made it fail");
		return true;
	case KIND_SPLIT:
		if (unexpected > 0)
			return false;
		say(to, VERDICT_NOT_A_REFERENCE, 0,
		    "the folio could not be split, its refcount is as expected");
		return true;
	}
	if (unexpected <= 0 && ev->kind == KIND_EXTRA_REF)
		say(to, VERDICT_NO_HOLDER, 0, "there is no unexpected reference");
	else if (unexpected <= 0)
		say(to, VERDICT_TRANSIENT, 0,
		    "no unexpected reference was left when it was looked at");
	else if (episode_unexpected(ev) <= 0)
		say(to, VERDICT_TRANSIENT, 0, "gone before the mark was set");
	else
		return false;
	return true;
}

/* No stake that could be blamed: gone unseen, still there, or unknown. */
static void judge_nobody(const struct trial *t, const struct stakes *stakes,
			 const struct balance *b, struct judgement *to)
{
	bool gone = !t->gaps && !stakes->gap;

	if (b->held && t->ep->ended)
		say(to, VERDICT_NEVER_RELEASED, 0,
		    "still held when its mark was cleared: what came then is not on record");
	else if (b->held)
		say(to, VERDICT_NEVER_RELEASED, 0, "still held when the trace ended");
	else if (b->sampled)
		say(to, VERDICT_UNSAFE, 0, "the kernel's budget suppressed events of this mark");
	else if (stakes->gap)
		say(to, VERDICT_UNSAFE, 0, "operations under this mark are not on record");
	else if (b->nameless > 0)
		say(to, VERDICT_UNRESOLVED, 0,
		    "who gave it back left no stack: record with -T, and with symbols");
	else if (b->others > 0)
		say(to, VERDICT_UNRESOLVED, 0, "several could be meant");
	else if (stakes->valued && same(b->shorts, b->unexpected))
		say(to, VERDICT_TRANSIENT, 0, "short references of the kernel's own");
	else if (stakes->valued && stakes->became > 0.5)
		say(to, VERDICT_TRANSIENT, 0, "it became a mapping's or a cache's reference");
	else if (!b->again && gone)
		say(to, VERDICT_TRANSIENT, 0, b->gap < 0 ?
		    "gone before its first change was recorded" :
		    "gone before the next attempt, by the kernel's own short references");
	else
		say(to, VERDICT_UNRESOLVED, 0,
		    "none of the recorded references explains it");
}

static void judge_partly(const struct trial *t, const struct stakes *stakes,
			 const struct balance *b, struct judgement *to)
{
	if (b->held)
		say(to, VERDICT_NEVER_RELEASED, stakes->valued ? 0.95 : 0.6,
		    "partly explained, the rest was still held at the end");
	else if (stakes->valued)
		say(to, VERDICT_NAMED, 0.95, b->others > 0.2 ?
		    "partly explained, of the rest several could be meant" :
		    "the rest was gone with the kernel's own short references");
	else if (t->gaps || b->sampled)
		say(to, VERDICT_UNRESOLVED, 0,
		    "partly explained, and the chain of counts has gaps");
	else if (b->others > 0.2)
		say(to, VERDICT_NAMED, 0.7, "partly explained, of the rest several could be meant");
	else
		say(to, VERDICT_NAMED, 0.7,
		    "the rest was gone with the kernel's own short references");
}

/* What is named makes up for all of N: who is it? */
static void judge_all(const struct balance *b, struct judgement *to)
{
	float confidence = b->sampled ? 0.6 : 0.95;

	if (b->open > 0 && b->held && same(b->by[STAKE_KEPT], b->named)) {
		say(to, VERDICT_KEPT, confidence, "kept by design, its get is on record");
	} else if (b->open > 0 && b->held) {
		say(to, VERDICT_NEVER_RELEASED, confidence,
		    "still held when the trace ended, its get is on record");
	} else {
		say(to, VERDICT_NAMED, confidence, "the references that were dropped add up");
		if (b->by[STAKE_SELF] > 0 && b->by[STAKE_HOLDER] <= 0)
			to->verdict = VERDICT_SELF;
		else if (same(b->by[STAKE_PINNER], b->named))
			to->verdict = VERDICT_CONCURRENT_PINNER;
	}
}

/* References that came later and are still there, on record. */
static int32_t taken_since(const struct trial *t, const struct attempt *at)
{
	int32_t sum = 0;
	size_t i;

	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];

		if (!span->own && span->get != NO_OP && span->get >= at->pos && span->put == NO_OP)
			sum += span->units;
	}
	return sum;
}

/* Without the counts of what was expected a surplus and gaps say: do not guess. */
static bool doubt(const struct trial *t, const struct attempt *at, const struct balance *b,
		  struct judgement *to)
{
	const struct op *last = t->ep->nr_ops ? &t->ep->ops[t->ep->nr_ops - 1] : NULL;

	/* An op that is missing may be the get of a put that looks blameworthy. */
	if ((t->gaps || b->gap > 0) && !b->sampled) {
		say(to, VERDICT_UNRESOLVED, 0,
		    "the chain of counts has gaps: operations are not on record");
		return true;
	}
	if (b->held && b->open <= 0 && b->named >= b->unexpected && last &&
	    last->refcount - taken_since(t, at) > at->ev.expected) {
		say(to, VERDICT_UNRESOLVED, 0,
		    "references were dropped, yet an unexpected one is left");
		return true;
	}
	return false;
}

void verdict_by_stakes(const struct trial *t, const struct attempt *at,
		       const struct stakes *stakes, struct judgement *to)
{
	struct balance b;

	weigh(t, at, stakes, &b);
	if (b.named <= 0 && !stakes->valued && b.others > b.unexpected - 0.2)
		say(to, VERDICT_UNRESOLVED, 0, b.nameless > 0 ?
		    "who gave it back left no stack: record with -T, and with symbols" :
		    "more references were dropped than were unexpected");
	else if (b.named <= 0)
		judge_nobody(t, stakes, &b, to);
	else if (b.unsure > 0 && !b.mixed && same(b.named, b.unexpected))
		say(to, VERDICT_NAMED, 0.5, "several of one family could be meant");
	else if (b.unsure > 0 && !stakes->valued)
		say(to, VERDICT_UNRESOLVED, 0,
		    "references changed hands: several functions could be meant");
	else if (!stakes->valued && doubt(t, at, &b, to))
		return;
	else if (b.named < b.unexpected && !same(b.named, b.unexpected))
		judge_partly(t, stakes, &b, to);
	else
		judge_all(&b, to);
}
