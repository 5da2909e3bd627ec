// SPDX-License-Identifier: GPL-2.0
/*
 * Which source may go to which sink, by time, size and names; see network.h.
 */
#include "judge/network.h"

#include <string.h>

#include "judge/ties.h"

/* A mapping may be counted this many ops before its get, see rises.c. */
#define AHEAD 4

bool network_is_mapping(const struct stack_class *sc)
{
	return sc->role == ROLE_EXPECTED || sc->role == ROLE_ALLOC || sc->role == ROLE_MIGRATE;
}

bool network_tight(const struct network *n, const struct span *span)
{
	return n->t->tight[span - n->t->pairing->spans];
}

/* A pair that may have been a mapping in between: taken, mapped, unmapped, put. */
static bool may_map(const struct network *n, const struct span *span)
{
	const struct stack_class *took;

	if (span->own || span->get == NO_OP)
		return true;
	took = network_took(n, span);
	return took->role == ROLE_EXPECTED || took->role == ROLE_MIGRATE ||
	       took->role == ROLE_ALLOC || !(took->ruled || took->positive || took->pin);
}

/* Whatever story is told, this pair is in it. */
bool network_settled(const struct network *n, const struct span *span)
{
	return !span->own && span->get != NO_OP && span->put != NO_OP && network_tight(n, span) &&
	       !may_map(n, span);
}

static bool near(size_t a, size_t b)
{
	return a > b ? a - b <= AHEAD : b - a <= AHEAD;
}

static bool is_kernels(const struct stack_class *sc)
{
	return sc->role != ROLE_HOLDER && sc->role != ROLE_KEPT;
}

/* Pins are given back by unpin_*(), nothing else is; known families do not mix. */
static bool names_allow(const struct network *n, const struct span *get, const struct span *put)
{
	const struct stack_class *took = network_took(n, get), *gives = network_gave(n, put);

	if (n->relaxed || took->nameless || gives->nameless || ties_common(n->t, get, put))
		return true;
	if (gives->pin && !took->gup && (took->ruled || took->positive))
		return false;
	/* nor does a stranger drain a batch, or zap what a fault took: those have names */
	if (took->ruled && (took->role == ROLE_BATCH || network_is_mapping(took)) && !is_kernels(gives))
		return false;
	if (took->pin && !gives->gup && (gives->ruled || gives->positive))
		return false;
	if (n->handed && took->role == ROLE_BRIEF && !is_kernels(gives))
		return true;
	/* what is inlined hides whose of the kernel's own it is, not that it is */
	if (took->ruled && gives->ruled && strcmp(took->class, gives->class))
		return is_kernels(took) && is_kernels(gives);
	if ((took->ruled || took->positive) && network_is_mapping(gives))
		return network_is_mapping(took);
	return true;
}

/* What the failing code counted on, its task gives back. */
static bool is_owners(const struct network *n, const struct source *source,
		      const struct span *put)
{
	const struct op *op = &n->t->ep->ops[put->put];

	return !op->atomic && classify_pid(n->t->cl, op->task) ==
		classify_pid(n->t->cl, n->t->pairing->spans[source->span].owner);
}

static bool to_put(const struct network *n, const struct source *source, const struct sink *sink)
{
	const struct span *put = &n->t->pairing->spans[sink->span];
	const struct stack_class *gives = network_gave(n, put);
	bool partner = source->span == sink->span;

	if (source->pin != sink->pin && !n->t->ep->order)
		return false;
	if (partner)
		return true;
	if (put->get != NO_OP && put->get >= n->begin && network_tight(n, put))
		return source->kind == FALLEN && near(source->from, sink->at);
	switch (source->kind) {
	case OLD:
		/* a mapping's, too: what waited in an mmu_gather at the failure is one */
		return true;
	case FALLEN:
		if (n->told && !is_kernels(gives) && !gives->nameless && !gives->within_mm)
			return false;
		return n->relaxed || !(gives->positive || gives->role == ROLE_BATCH);
	case OWN:
		return n->relaxed || is_owners(n, source, put);
	default:
		if (network_tight(n, &n->t->pairing->spans[source->span]))
			return false;
		return names_allow(n, &n->t->pairing->spans[source->span], put);
	}
}

static bool to_rise(const struct network *n, const struct source *source, const struct sink *sink)
{
	const struct span *get;
	const struct stack_class *took;

	if (source->pin && !n->t->ep->order)
		return false;
	if (source->kind != TAKEN)
		return true;
	get = &n->t->pairing->spans[source->span];
	took = network_took(n, get);
	if (took->positive || took->role == ROLE_BATCH || took->role == ROLE_PINNER)
		return false;
	return !network_tight(n, get) || network_is_mapping(took) || near(source->from, sink->at);
}

/* Taken by the same task in the same place, and still there at the attempt. */
static bool same_get(const struct network *n, const struct source *source,
		     const struct sink *sink)
{
	const struct op *ops = n->t->ep->ops, *get = &ops[n->without_get], *other;

	/* what was lost may have been so on either side of the attempt */
	if (source->kind != TAKEN || source->from > n->at->pos ||
	    sink->at + sink->behind <= n->at->pos)
		return false;
	other = &ops[n->t->pairing->spans[source->span].get];
	return other->task == get->task && other->stack == get->stack;
}

/* Given back in the same place, by the same task or by nobody's. */
bool network_same_put(const struct op *a, const struct op *b)
{
	return a->stack == b->stack && a->atomic == b->atomic &&
	       (a->task == b->task || a->atomic);
}

/* Does a story use this edge if the stake that is asked about is true? */
static bool left_out(const struct network *n, const struct source *source,
		     const struct sink *sink)
{
	const struct op *ops = n->t->ep->ops;

	if ((n->without_get != NO_OP ? source->pin : sink->pin) != n->without_pin)
		return false;
	if (n->without_get != NO_OP)
		return same_get(n, source, sink);
	if (n->without_put == NO_OP || sink->kind != PUT || sink->at < n->at->pos ||
	    source->from + source->behind > n->at->pos || source->kind == OWN)
		return false;
	return network_same_put(&ops[sink->at], &ops[n->without_put]);
}

bool network_edge(void *ctx, size_t s, size_t k)
{
	const struct network *n = ctx;
	const struct source *source = &n->sources[s];
	const struct sink *sink = &n->sinks[k];
	/* a sample is read beside its operation: the next one may show the fall */
	size_t late = sink->kind == RISE && source->kind == TAKEN ? AHEAD :
		      source->kind == FALLEN ? 1 : 0;

	if (source->from > sink->at + late)
		return false;
	if (left_out(n, source, sink))
		return false;
	return sink->kind >= LOST ? true : sink->kind == RISE ? to_rise(n, source, sink) :
	       to_put(n, source, sink);
}

/* Falls, and what by its name gives back mappings and caches, or is one now. */
static bool edge_of_falls(void *ctx, size_t s, size_t k)
{
	const struct network *n = ctx;
	const struct sink *sink = &n->sinks[k];

	return n->sources[s].kind == FALLEN && sink->kind == PUT && network_edge(ctx, s, k) &&
	       network_gave(n, &n->t->pairing->spans[sink->span])->role == ROLE_EXPECTED;
}

/*
 * Does each fall have a put of its own?  Then whatever nobody knows gave back
 * something else.
 */
bool network_falls_told(const struct network *n, struct flow *flow)
{
	int64_t falls = 0;
	size_t i;

	for (i = 0; i < n->nr_sources; i++)
		falls += n->sources[i].kind == FALLEN ? n->gives[i] : 0;
	return flow_most(flow, n->gives, n->takes, edge_of_falls, (void *)n) == falls;
}
