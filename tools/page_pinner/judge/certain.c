// SPDX-License-Identifier: GPL-2.0
/*
 * What may be called certain; see certain.h.
 *
 * References come from sources: those that were there from the start, those
 * that were taken, those that a mapping or a cache gave up.  They go to sinks:
 * puts, what became a mapping or a cache's, what is left at the end.  Which of
 * them goes where is seldom on record; time, size and names say where one may
 * go.  Each way to fill all sinks is a story with the same operations.  For a
 * stake its edges are taken out: what can no longer be filled without them is
 * certain, whatever the story.
 */
#include "judge/certain.h"

#include <stdlib.h>
#include <string.h>

#include "judge/network.h"
#include "util.h"

/* What is sure to the account. */
#define SURE 0.9f
#define UNSURE 0.85f
/* Larger networks are left alone. */
#define EDGES_MAX 60000
/* So many stakes that several seem to share are tested, each of this much at least. */
#define TESTS_MAX 64
#define UNLIKELY 0.1f

static void cap(struct stakes *out, float most)
{
	size_t i;

	for (i = 0; i < out->nr; i++)
		if (out->stakes[i].share > most)
			out->stakes[i].share = most;
}

static size_t put_of(const struct network *n, const struct stake *stake)
{
	const struct span *span = &n->t->pairing->spans[stake->span];

	return span->put != NO_OP ? span->put : stake->release;
}

/* Is this stake about a holder that the one left out is about, too? */
static bool same_holder(const struct network *n, const struct stake *stake, bool by_get)
{
	const struct span *span = &n->t->pairing->spans[stake->span];
	const struct op *ops = n->t->ep->ops;

	if (span->own || network_settled(n, span) ||
	    episode_pins(n->t->ep, stake->units) != n->without_pin)
		return false;
	if (by_get)
		return span->get != NO_OP && ops[span->get].task == ops[n->without_get].task &&
		       ops[span->get].stack == ops[n->without_get].stack;
	return (span->get == NO_OP || stake->released) && put_of(n, stake) != NO_OP &&
	       network_same_put(&ops[put_of(n, stake)], &ops[n->without_put]);
}

/* Across a gap the counts tell how many, not whose. */
static bool over_gap(const struct network *n, size_t put)
{
	const struct op *ops = n->t->ep->ops;
	size_t i;

	for (i = n->at->pos; i <= put; i++)
		if (ops[i].missing || (i > n->at->pos && !ops[i].cut &&
				       episode_found(&ops[i]) != ops[i - 1].refcount))
			return true;
	return false;
}

/* The first stakes of one holder are sure, as many as are certain. */
static void keep_first(struct network *n, struct stakes *out, bool *done, size_t first,
		       int64_t certain, bool by_get, float most)
{
	size_t i;

	for (i = first; i < out->nr; i++) {
		struct stake *stake = &out->stakes[i];

		if (done[i] || stake->share < SURE || !same_holder(n, stake, by_get))
			continue;
		certain -= stake->units;
		if (by_get && certain < 0)
			continue;	/* by its put, perhaps */
		done[i] = true;
		if (by_get)
			stake->released = false;
		if (certain >= 0)
			stake->why_not = NULL;
		else if (stake->share > most)
			stake->share = most;
	}
}

/* By its get, or by its put; what names contradict the counts for is not tested. */
static bool leave_out(struct network *n, const struct stake *stake, bool by_put)
{
	const struct span *span = &n->t->pairing->spans[stake->span];

	/* what was looked up may have been mapped */
	if (!by_put && n->relaxed && span->get != NO_OP && !network_took(n, span)->positive)
		return false;
	n->without_get = by_put ? NO_OP : span->get;
	n->without_put = by_put ? put_of(n, stake) : NO_OP;
	n->without_pin = episode_pins(n->t->ep, stake->units);
	return n->without_get != NO_OP || (n->without_put != NO_OP && !over_gap(n, n->without_put));
}

/* References that no story does without; a pin is there as a whole or not at all. */
static int64_t without(struct network *n, struct flow *flow, int64_t all)
{
	int64_t certain = all - flow_most(flow, n->gives, n->takes, network_edge, n);

	return n->without_pin ? (certain + PIN_UNITS - 1) / PIN_UNITS * PIN_UNITS : certain;
}

static void keep_certain(struct network *n, struct flow *flow, int64_t all, struct stakes *out,
			 float most)
{
	bool *done = xzalloc(out->nr + 1);
	size_t i;
	int by_put;

	for (by_put = 0; by_put < 2; by_put++) {
		for (i = 0; i < out->nr; i++) {
			struct stake *stake = &out->stakes[i];
			const struct span *span = &n->t->pairing->spans[stake->span];

			if (done[i] || stake->share < SURE || network_settled(n, span))
				continue;
			if (!leave_out(n, stake, by_put)) {
				if (by_put && stake->share > most)
					stake->share = most;
				continue;
			}
			if (by_put)
				stake->released |= span->get != NO_OP;
			keep_first(n, out, done, i, without(n, flow, all), !by_put, most);
		}
	}
	free(done);
}

/* Each fall has a put of its own, and each put some name. */
static bool all_told(const struct network *n)
{
	size_t i;

	for (i = 0; i < n->nr_sinks; i++)
		if (n->sinks[i].kind == PUT &&
		    network_gave(n, &n->t->pairing->spans[n->sinks[i].span])->nameless)
			return false;
	return n->told;
}

/*
 * By its name it is somebody's, not the kernel's own: the counts are not all there
 * is.  Where all is told, what nobody knows is somebody's, too.
 */
static bool is_known(const struct network *n, const struct stake *stake, bool by_put, bool told)
{
	const struct stack_class *sc = classify_stack(n->t->cl, n->t->ep->ops[by_put ?
		put_of(n, stake) : n->t->pairing->spans[stake->span].get].stack,
		by_put ? RULE_PUT : RULE_GET);

	if (sc->nameless)
		return false;
	return sc->positive || (told && sc->role == ROLE_HOLDER && !sc->within_mm);
}

static bool has_gaps(const struct network *n)
{
	const struct op *ops = n->t->ep->ops;
	size_t i;

	for (i = n->begin; i < n->end; i++)
		if (ops[i].missing || (i > n->begin && !ops[i].cut &&
				       episode_found(&ops[i]) != ops[i - 1].refcount))
			return true;
	return n->t->gaps;
}

/* What several seemed to share is certain if no story does without it. */
static void find_certain(struct network *n, struct flow *flow, int64_t all, struct stakes *out)
{
	bool gaps = has_gaps(n), told = all_told(n);
	size_t i, k, tests = 0;
	int by_put;

	for (by_put = 0; by_put < 2 && !n->relaxed && !gaps; by_put++) {
		for (i = 0; i < out->nr && tests < TESTS_MAX; i++) {
			struct stake *stake = &out->stakes[i];
			int64_t certain;

			if (stake->share >= SURE || stake->share < UNLIKELY ||
			    stake->of == STAKE_SHORT ||
			    network_settled(n, &n->t->pairing->spans[stake->span]) ||
			    n->t->pairing->spans[stake->span].own || !leave_out(n, stake, by_put))
				continue;
			if (!is_known(n, stake, by_put, told))
				continue;
			tests++;
			certain = without(n, flow, all);
			for (k = 0; k < out->nr; k++)
				if (out->stakes[k].share >= SURE &&
				    same_holder(n, &out->stakes[k], !by_put))
					certain -= out->stakes[k].units;
			if (certain < stake->units)
				continue;
			stake->share = 1;
			stake->why_not = NULL;
			stake->released = by_put && n->t->pairing->spans[stake->span].get != NO_OP;
		}
	}
}

/*
 * Of one size no more can be meant than there was: pins of a small folio and
 * single references share nothing.
 */
static void level(const struct network *n, struct stakes *out, bool pins)
{
	int32_t all = out->unexpected > 0 ? out->unexpected : 0;
	double sure = 0, unsure = 0, rest;
	size_t i;

	if (!n->t->ep->order)
		all = pins ? all / PIN_UNITS * PIN_UNITS : all % PIN_UNITS;
	for (i = 0; i < out->nr; i++) {
		const struct stake *stake = &out->stakes[i];

		if (episode_pins(n->t->ep, stake->units) == pins)
			*(stake->share >= SURE ? &sure : &unsure) += stake->units * stake->share;
	}
	/* a put and an open get that are sure, both, may be about one reference */
	for (i = 3 * out->nr; i-- > 0 && sure > all + 0.01;) {
		struct stake *stake = &out->stakes[i % out->nr];

		if (episode_pins(n->t->ep, stake->units) != pins || stake->share < SURE ||
		    (i >= 2 * out->nr && n->t->pairing->spans[stake->span].get != NO_OP) ||
		    (i >= out->nr && i < 2 * out->nr && stake->of != STAKE_SHORT))
			continue;
		sure -= stake->units * stake->share;
		stake->share = UNSURE;
		unsure += stake->units * stake->share;
	}
	rest = all > sure ? all - sure : 0;
	for (i = 0; i < out->nr && unsure > rest; i++) {
		struct stake *stake = &out->stakes[i];

		if (episode_pins(n->t->ep, stake->units) == pins && stake->share < SURE)
			stake->share *= rest / unsure;
	}
}

static void find_all_certain(struct network *n, struct flow *flow, int64_t all,
			     struct stakes *out, float most)
{
	keep_certain(n, flow, all, out, most);
	find_certain(n, flow, all, out);
}

static int64_t sum(const int32_t *values, size_t nr)
{
	int64_t sum = 0;

	while (nr-- > 0)
		sum += values[nr];
	return sum;
}

void certain_keep(const struct trial *t, const struct attempt *at, struct stakes *out,
		  float most)
{
	struct network n = {
		.t = t, .at = at, .without_get = NO_OP, .without_put = NO_OP,
	};
	struct flow *flow = NULL;
	int64_t all, takes;
	bool known;

	known = network_build(&n);
	if (known && n.nr_sources * n.nr_sinks <= EDGES_MAX) {
		flow = flow_new(n.nr_sources, n.nr_sinks);
		takes = sum(n.takes, n.nr_sinks);
		n.told = network_falls_told(&n, flow);
		all = flow_most(flow, n.gives, n.takes, network_edge, &n);
		if (all < takes) {
			n.told = false;
			all = flow_most(flow, n.gives, n.takes, network_edge, &n);
		}
		if (all < takes) {
			n.handed = true;
			all = flow_most(flow, n.gives, n.takes, network_edge, &n);
		}
		if (all < takes) {
			n.relaxed = true;
			all = flow_most(flow, n.gives, n.takes, network_edge, &n);
		}
		if (all < takes)
			cap(out, most);
		else
			find_all_certain(&n, flow, all, out, most);
	} else {
		cap(out, most);
	}
	level(&n, out, false);
	level(&n, out, true);
	flow_free(flow);
	network_free(&n);
}

/* May its put have given back what a stake is about? */
static bool is_rival(const struct network *n, const struct span *span)
{
	const struct stack_class *gives;

	if (span->own || span->put == NO_OP || span->put < n->at->pos)
		return false;
	if (span->get != NO_OP)
		return !network_tight(n, span);
	gives = network_gave(n, span);
	return gives->nameless || !network_is_mapping(gives) || !gives->ruled;
}

/* A span that may be what others are about, unless it is sure to be one itself. */
static bool is_staked(const struct stakes *out, const size_t *stake_of, size_t span)
{
	return stake_of[span] && out->stakes[stake_of[span] - 1].share >= SURE;
}

void certain_alone(const struct trial *t, const struct attempt *at, struct stakes *out,
		   float most)
{
	size_t *stake_of = xzalloc((t->pairing->nr + 1) * sizeof(*stake_of)), i, k;
	struct network n = { .t = t, .at = at };
	bool capped[2] = { false };

	for (i = 0; i < out->nr; i++)
		stake_of[out->stakes[i].span] = i + 1;
	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];
		bool pin = episode_pins(n.t->ep, span->units);

		if (capped[pin] || is_staked(out, stake_of, i) || !is_rival(&n, span))
			continue;
		for (k = 0; k < out->nr; k++) {
			struct stake *stake = &out->stakes[k];

			if (stake->share > most && !network_settled(&n, &t->pairing->spans[stake->span]) &&
			    episode_pins(n.t->ep, stake->units) == pin)
				stake->share = most;
		}
		capped[pin] = true;
	}
	free(stake_of);
}
