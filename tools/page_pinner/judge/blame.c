// SPDX-License-Identifier: GPL-2.0
/*
 * Candidates and claims; see blame.h.
 */
#include "judge/blame.h"

#include <string.h>

#include "trace/task.h"
#include "util.h"

uint32_t blame_task(const struct episode *ep, const struct span *span)
{
	return ep->ops[span->get != NO_OP ? span->get : span->put].task;
}

static bool live_at(const struct span *span, const struct attempt *at)
{
	return (span->get == NO_OP || span->get < at->pos) &&
	       (span->put == NO_OP || span->put >= at->pos);
}

/*
 * The budget drops events of call sites that repeat themselves: where a task
 * has pairs of the same class, a put without a get is one whose get was
 * dropped, not one that was taken before.
 */
static bool looks_sampled(const struct episode *ep, const struct pairing *pairing,
			  const struct span *span)
{
	size_t i;

	if (!ep->dropped || span->get != NO_OP)
		return false;
	for (i = 0; i < pairing->nr; i++) {
		const struct span *other = &pairing->spans[i];

		if (other->get != NO_OP && !strcmp(other->class, span->class) &&
		    ep->ops[other->get].task == ep->ops[span->put].task)
			return true;
	}
	return false;
}

bool blame_candidate(const struct episode *ep, const struct pairing *pairing,
		     const struct span *span, const struct attempt *at)
{
	if (span->role != ROLE_HOLDER && span->role != ROLE_BATCH && span->role != ROLE_PINNER)
		return false;
	/* The failing task's own new pins are among the expected ones. */
	if (span->role == ROLE_PINNER && blame_task(ep, span) == at->ev.task)
		return false;
	return live_at(span, at) && !looks_sampled(ep, pairing, span);
}

static void set_site(struct site *site, struct classifier *cl, const struct op *op,
		     unsigned int dir)
{
	const struct stack_class *sc = classify_stack(cl, op->stack, dir);

	site->function = sc->function;
	site->stack = op->stack;
	site->first = sc->first;
}

/*
 * Contexts that drop references on behalf of others: their task tells nothing,
 * so what they release in one function counts as one holder.
 */
static bool bystander(const struct blame *j, const struct op *put)
{
	static const char *const names[] = {
		"kworker/*", "ksoftirqd/*", "swapper/*", "rcu*", "migration/*",
		"kcompactd*", "kswapd*", "cpuhp/*",
	};
	const char *comm = tasks_get(j->trace->tasks, put->task)->comm;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (glob_match(names[i], comm))
			return true;
	return put->atomic;
}

static void set_owner(const struct blame *j, const struct span *span, struct holder *like)
{
	const struct op *ops = j->ep->ops;

	if (like->acquired) {
		like->owner = ops[span->get].task;
		like->owned = true;
	} else if (span->put != NO_OP && span->role != ROLE_BATCH &&
		   !bystander(j, &ops[span->put])) {
		like->owner = ops[span->put].task;
		like->owned = true;
	}
}

static uint32_t holder_of(const struct blame *j, const struct span *span)
{
	struct holder like = { .pin = span->pin, .class = span->class };
	const struct op *ops = j->ep->ops;
	const struct stack_class *sc;

	/* A get that may belong to another put is no proof. */
	if (span->get != NO_OP && !span->task_unsure) {
		sc = classify_stack(j->cl, ops[span->get].stack, RULE_GET);
		like.acquired = true;
		like.module = sc->module;
		set_site(&like.acquire, j->cl, &ops[span->get], RULE_GET);
	}
	if (span->put != NO_OP) {
		sc = classify_stack(j->cl, ops[span->put].stack, RULE_PUT);
		if (sc->module)
			like.module = sc->module;
		set_site(&like.release, j->cl, &ops[span->put], RULE_PUT);
	}
	set_owner(j, span, &like);
	return findings_holder(j->f, &like);
}

static uint32_t references(const struct episode *ep, const struct span *span)
{
	if (!ep->order && span->units >= 1024)
		return span->units / 1024 + span->units % 1024;
	return span->units;
}

static void add_claim(const struct blame *j, struct failure *failure, size_t index,
		      double confidence)
{
	const struct span *span = &j->pairing->spans[index];
	const struct op *ops = j->ep->ops;
	struct claim claim = {
		.holder = holder_of(j, span),
		.refs = references(j->ep, span),
		.task = blame_task(j->ep, span),
		.confidence = confidence,
		.counted = !j->counted[index],
		.known = !span->task_unsure,
		.open = span->put == NO_OP,
		.from_ns = j->ep->attempts[0].ev.ts,
		.to_ns = j->trace->last_ns,
	};

	if (span->get != NO_OP)
		claim.from_ns = ops[span->get].ts;
	if (span->put != NO_OP)
		claim.to_ns = ops[span->put].ts;
	if (!j->f->holders[claim.holder]->acquired && span->put != NO_OP) {
		claim.task = ops[span->put].task;
		claim.atomic = ops[span->put].atomic;
	}
	if (span->task_unsure && confidence > 0.5)
		claim.confidence = 0.5;
	else if (j->f->holders[claim.holder]->acquired && confidence > 0.9)
		claim.confidence = 1.0;
	j->counted[index] = true;
	VEC_PUSH(failure->claims, failure->nr_claims, failure->room_claims, claim);
}

void blame_holders(const struct blame *j, struct failure *failure, const struct attempt *at,
		   double confidence)
{
	size_t i;

	for (i = 0; i < j->pairing->nr; i++)
		if (blame_candidate(j->ep, j->pairing, &j->pairing->spans[i], at))
			add_claim(j, failure, i, confidence);
}

void blame_noise(const struct blame *j)
{
	size_t i;

	for (i = 0; i < j->pairing->nr; i++) {
		const struct span *span = &j->pairing->spans[i];

		if (j->counted[i] || span->role == ROLE_HOLDER)
			continue;
		if (span->get != NO_OP)
			findings_noise(j->f, span->class, j->ep->pfn);
		if (span->put != NO_OP)
			findings_noise(j->f, span->class, j->ep->pfn);
	}
}
