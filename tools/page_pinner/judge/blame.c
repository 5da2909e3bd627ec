// SPDX-License-Identifier: GPL-2.0
/*
 * Claims, candidates and accounts; see blame.h.
 */
#include "judge/blame.h"

#include <string.h>

#include "util.h"

/* A confidence that is a proof. */
#define SURE 0.9f
/* So many candidates are kept for a failure. */
#define CANDIDATES 8

static void set_site(struct site *site, const struct stack_class *sc, uint32_t stack)
{
	site->function = sc->nameless ? NULL : sc->caller;
	site->stack = stack;
	site->first = sc->first;
}

/* Whose task tells nothing: what runs there gives back for others. */
static bool bystander(const struct trial *t, const struct op *put)
{
	const struct stack_class *sc = classify_stack(t->cl, put->stack, RULE_PUT);

	return put->atomic || (sc->context & CONTEXT_OTHERS);
}

/* Did the failing task give it back for somebody, as it was called back? */
static bool called_back(const struct trial *t, const struct failure *failure, size_t put)
{
	const struct op *op = &t->ep->ops[put];

	return classify_stack(t->cl, op->stack, RULE_PUT)->context & CONTEXT_CALLBACK &&
	       classify_pid(t->cl, op->task) == classify_pid(t->cl, failure->task);
}

static size_t release_of(const struct span *span, const struct stake *stake)
{
	return span->put != NO_OP ? span->put : stake->release;
}

static bool is_acquired(const struct span *span, const struct stake *stake)
{
	/* A get that may belong to another put is no proof. */
	return span->get != NO_OP && !stake->unsure && !stake->released;
}

/*
 * A large folio counts its pins apart, and neither a mapping, a cache nor the
 * failing code has one: are they all that was unexpected?  Its stacks need not
 * tell: unpin_user_page() leaves no frame where it ends with a jump.
 */
static bool all_pins(const struct failure *failure)
{
	return failure->order && failure->pincount > 0 &&
	       failure->refcount - failure->expected <= failure->pincount;
}

static uint32_t holder_of(const struct blame *j, const struct failure *failure,
			  const struct span *span, const struct stake *stake)
{
	struct holder like = { .pin = span->pin || all_pins(failure), .class = span->class };
	const struct op *ops = j->t->ep->ops;
	size_t put = release_of(span, stake);
	const struct stack_class *sc;

	if (is_acquired(span, stake)) {
		sc = classify_stack(j->t->cl, ops[span->get].stack, RULE_GET);
		like.acquired = true;
		like.module = sc->caller_module;
		set_site(&like.acquire, sc, ops[span->get].stack);
		like.owner = ops[span->get].task;
		like.owned = !ops[span->get].atomic;
	}
	if (put != NO_OP) {
		sc = classify_stack(j->t->cl, ops[put].stack, RULE_PUT);
		if (sc->module)
			like.module = sc->module;
		set_site(&like.release, sc, ops[put].stack);
		if (!like.acquired && span->role != ROLE_BATCH && !bystander(j->t, &ops[put])) {
			like.owner = ops[put].task;
			like.owned = true;
		}
	}
	return findings_holder(j->f, &like);
}

static uint32_t references(const struct episode *ep, int32_t units)
{
	if (!ep->order && units >= PIN_UNITS)
		return units / PIN_UNITS + units % PIN_UNITS;
	return units;
}

static double confidence_of(const struct stake *stake, bool acquired, double whole)
{
	double confidence = stake->share * whole;

	if (stake->unsure)
		return confidence < 0.5 ? confidence : 0.5;
	return acquired && whole > 0.9 ? stake->share : confidence;
}

static void add_claim(const struct blame *j, struct failure *failure, const struct stake *stake,
		      double confidence)
{
	const struct episode *ep = j->t->ep;
	const struct span *span = &j->t->pairing->spans[stake->span];
	size_t put = release_of(span, stake);
	struct claim claim = {
		.holder = holder_of(j, failure, span, stake),
		.refs = references(ep, stake->units),
		.units = stake->units,
		.task = stake_task(j->t, span),
		.attempt = failure->attempts,
		.counted = !j->counted[stake->span],
		.known = !stake->unsure,
		.guess = stake->unsure || span->how >= MATCH_CLASS || stake->release != NO_OP,
		.open = put == NO_OP,
		.from_ns = ep->attempts[0].ev.ts,
		.to_ns = j->trace->last_ns,
	};
	bool acquired = j->f->holders[claim.holder]->acquired;

	claim.confidence = confidence_of(stake, acquired, confidence);
	if (span->get != NO_OP && !stake->released)
		claim.from_ns = ep->ops[span->get].ts;
	if (put != NO_OP)
		claim.to_ns = ep->ops[put].ts;
	if (!acquired && put != NO_OP) {
		claim.task = ep->ops[put].task;
		claim.atomic = ep->ops[put].atomic;
	} else if (acquired) {
		claim.atomic = ep->ops[span->get].atomic;
	}
	/* no task can be told of what happens in an interrupt, nor of a call back */
	claim.known &= !claim.atomic &&
		(acquired || put == NO_OP || !called_back(j->t, failure, put));
	j->counted[stake->span] = true;
	VEC_PUSH(failure->claims, failure->nr_claims, failure->room_claims, claim);
	j->claimed[stake->span] = failure->nr_claims;
}

void blame_claim(const struct blame *j, struct failure *failure, const struct stakes *stakes,
		 double confidence)
{
	size_t i;

	for (i = 0; i < stakes->nr; i++) {
		const struct stake *stake = &stakes->stakes[i];
		size_t place = j->claimed[stake->span];

		if (!stake_names(stake))
			continue;
		if (!place)
			add_claim(j, failure, stake, confidence);
		else if (failure->claims[place - 1].confidence < stake->share * confidence &&
			 !stake->unsure)
			failure->claims[place - 1].confidence = stake->share * confidence;
	}
}

uint64_t blame_blocked(const struct blame *j, struct failure *failure,
		       const struct stakes *stakes, uint64_t index, uint64_t times,
		       uint64_t ts)
{
	uint64_t until = 0;
	size_t i;

	for (i = 0; i < stakes->nr; i++) {
		const struct stake *stake = &stakes->stakes[i];
		struct claim *claim;

		if (!j->claimed[stake->span] || (stake->share <= 0.5 && !stake->family))
			continue;
		claim = &failure->claims[j->claimed[stake->span] - 1];
		/* what is certain of one attempt is said of those alone of which it is */
		if (claim->confidence >= SURE && stake->share < SURE)
			continue;
		/* nor is the task that took it in the way of those where only a put is told */
		if (j->f->holders[claim->holder]->acquired &&
		    !is_acquired(&j->t->pairing->spans[stake->span], stake))
			continue;
		if (!claim->attempts) {
			claim->attempt = index;
			claim->blocked_ns = claim->to_ns > ts ? claim->to_ns - ts : 0;
		}
		claim->attempts = index + times - claim->attempt;
		if (claim->to_ns > until)
			until = claim->to_ns;
	}
	return until;
}

static bool says_of(const struct claim *claim, uint64_t index)
{
	return index >= claim->attempt && index < claim->attempt + claim->attempts;
}

void blame_level(const struct blame *j, struct failure *failure, uint64_t index,
		 int32_t unexpected)
{
	double sure = 0, unsure = 0, left = references(j->t->ep, unexpected);
	size_t i;

	for (i = 0; i < failure->nr_claims; i++) {
		const struct claim *c = &failure->claims[i];

		if (says_of(c, index))
			*(c->confidence >= SURE ? &sure : &unsure) += c->refs * c->confidence;
	}
	left = left > sure ? left - sure : 0;
	for (i = 0; i < failure->nr_claims && unsure > left; i++) {
		struct claim *c = &failure->claims[i];

		if (says_of(c, index) && c->confidence < SURE)
			c->confidence *= left / unsure;
	}
}

static const char *why_not(const struct trial *t, const struct stake *stake)
{
	if (stake->why_not)
		return stake->why_not;
	if (stake->of == STAKE_SHORT)
		return "a short reference of the kernel's own";
	if (stake->unsure || t->pairing->spans[stake->span].function_unsure)
		return "references of its kind changed hands";
	if (stake->share <= 0.5)
		return "one of several that could be meant";
	return "the counts do not add up";
}

void blame_candidates(const struct blame *j, struct failure *failure,
		      const struct stakes *stakes)
{
	const struct op *ops = j->t->ep->ops;
	size_t i;

	for (i = 0; i < stakes->nr; i++) {
		const struct stake *stake = &stakes->stakes[i];
		const struct span *span = &j->t->pairing->spans[stake->span];
		struct candidate c = { .refs = stake->units, .share = stake->share,
				       .class = span->class };
		size_t op;

		if (j->claimed[stake->span] || span->own)
			continue;
		if (failure->nr_candidates == CANDIDATES) {
			failure->more_candidates++;
			continue;
		}
		c.get = span->get != NO_OP;
		op = c.get ? span->get : span->put;
		c.task = ops[op].task;
		c.atomic = ops[op].atomic;
		c.ts = ops[op].ts;
		c.why_not = why_not(j->t, stake);
		set_site(&c.site, classify_stack(j->t->cl, ops[op].stack,
						 c.get ? RULE_GET : RULE_PUT), ops[op].stack);
		VEC_PUSH(failure->candidates, failure->nr_candidates, failure->room_candidates, c);
	}
}

static void add_part(struct failure *failure, enum part_of of, uint32_t holder, int32_t refs)
{
	struct part part = { .of = of, .holder = holder, .refs = refs };
	size_t i;

	if (!refs)
		return;
	for (i = 0; i < failure->nr_parts; i++) {
		if (failure->parts[i].of == of && failure->parts[i].holder == holder) {
			failure->parts[i].refs += refs;
			return;
		}
	}
	VEC_PUSH(failure->parts, failure->nr_parts, failure->room_parts, part);
}

void blame_account(const struct blame *j, struct failure *failure, const struct stakes *stakes)
{
	int32_t own = failure->own > 0 ? failure->own : 0;
	int32_t left = failure->refcount - failure->expected, refs;
	size_t i;

	failure->nr_parts = 0;
	add_part(failure, PART_EXPECTED, 0, failure->expected - own);
	add_part(failure, PART_OWN, 0, own);
	for (i = 0; stakes && i < stakes->nr; i++) {
		const struct stake *stake = &stakes->stakes[i];
		size_t place = j->claimed[stake->span];

		if (!place || stake->share <= 0.5 || left <= 0)
			continue;
		refs = stake->units < left ? stake->units : left;
		add_part(failure, PART_HOLDER, failure->claims[place - 1].holder, refs);
		left -= refs;
	}
	for (i = 0; stakes && i < stakes->nr; i++) {
		const struct stake *stake = &stakes->stakes[i];

		if (j->claimed[stake->span] || stake->share < 0.01 || left <= 0)
			continue;
		refs = stake->units < left ? stake->units : left;
		add_part(failure, stake->of == STAKE_SHORT ? PART_SHORT : PART_CANDIDATE, 0, refs);
		left -= refs;
	}
	add_part(failure, PART_UNEXPLAINED, 0, left);
}

void blame_noise(const struct blame *j)
{
	size_t i;

	for (i = 0; i < j->t->pairing->nr; i++) {
		const struct span *span = &j->t->pairing->spans[i];
		unsigned int ops;

		if (j->counted[i] || span->role == ROLE_HOLDER)
			continue;
		ops = (span->get != NO_OP) + (span->put != NO_OP);
		if (ops)
			findings_noise(j->f, span->class, j->t->ep->pfn, ops);
	}
}
