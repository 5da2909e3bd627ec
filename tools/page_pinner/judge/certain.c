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

#include "judge/flow.h"
#include "util.h"

#define PIN_UNITS 1024
/* What is sure to the account. */
#define SURE 0.9f
#define UNSURE 0.85f
/* A mapping may be counted this many ops before its get, see account.c. */
#define AHEAD 4
/* Larger networks are left alone. */
#define EDGES_MAX 60000
/* In longer episodes a call in common is enough for a pair. */
#define SPANS_MAX 600
/* So many stakes that several seem to share are tested, each of this much at least. */
#define TESTS_MAX 64
#define UNLIKELY 0.1f

enum source_kind { OLD, FALLEN, TAKEN, OWN };
enum sink_kind { PUT, RISE, LOST, END };

struct source {
	enum source_kind kind;
	size_t from;	/* ops before it */
	size_t span;
	bool pin;
	bool behind;	/* of an attempt at the same place it comes behind */
};

struct sink {
	enum sink_kind kind;
	size_t at;	/* op, of a rise the ops before it */
	size_t span;
	bool pin;
};

struct network {
	const struct trial *t;
	const struct attempt *at;
	size_t begin, end;	/* ops of it */
	struct source *sources;
	int32_t *gives;
	size_t nr_sources, room_sources, room_gives;
	struct sink *sinks;
	int32_t *takes;
	size_t nr_sinks, room_sinks, room_takes;
	bool *tight;		/* by span */
	bool relaxed;		/* names are not trusted: they contradict the counts */
	bool told;		/* for each fall there is a put that by its name is a mapping's */
	/* the stake whose edges are left out: by its get, or by its put */
	size_t without_get, without_put;
};

static const struct stack_class *took_by(const struct network *n, const struct span *span)
{
	return classify_stack(n->t->cl, n->t->ep->ops[span->get].stack, RULE_GET);
}

static const struct stack_class *gave_by(const struct network *n, const struct span *span)
{
	return classify_stack(n->t->cl, n->t->ep->ops[span->put].stack, RULE_PUT);
}

static bool is_pin(const struct network *n, int32_t units)
{
	return !n->t->ep->order && units % PIN_UNITS == 0;
}

static void add_source(struct network *n, enum source_kind kind, size_t from, size_t span,
		       int32_t units)
{
	struct source source = {
		.kind = kind, .from = from, .span = span, .pin = is_pin(n, units),
	};

	if (units <= 0)
		return;
	VEC_PUSH(n->gives, n->nr_sources, n->room_gives, units);
	n->nr_sources--;
	VEC_PUSH(n->sources, n->nr_sources, n->room_sources, source);
}

static void add_sink(struct network *n, enum sink_kind kind, size_t at, size_t span,
		     int32_t units)
{
	struct sink sink = { .kind = kind, .at = at, .span = span, .pin = is_pin(n, units) };

	if (units <= 0)
		return;
	VEC_PUSH(n->takes, n->nr_sinks, n->room_takes, units);
	n->nr_sinks--;
	VEC_PUSH(n->sinks, n->nr_sinks, n->room_sinks, sink);
}

/* === What there is ======================================================== */

static bool frozen(const struct op *op)
{
	return !op->refcount || !episode_found(op);
}

/* Between freezes nothing is created or lost unseen. */
static void find_range(struct network *n)
{
	const struct episode *ep = n->t->ep;
	size_t i;

	n->begin = 0;
	n->end = ep->nr_ops;
	for (i = n->at->pos; i-- > 0;) {
		if (frozen(&ep->ops[i])) {
			n->begin = i + 1;
			break;
		}
	}
	for (i = n->at->pos; i < ep->nr_ops; i++) {
		if (!episode_found(&ep->ops[i]) || (!ep->ops[i].refcount && i + 1 < ep->nr_ops)) {
			n->end = i;
			break;
		}
	}
}

static size_t common(const struct network *n, const struct span *get, const struct span *put)
{
	const struct op *ops = n->t->ep->ops;

	if (ops[get->get].task != ops[put->put].task || get->get > put->put ||
	    ops[get->get].atomic || ops[put->put].atomic)
		return 0;
	return classify_common(n->t->cl, ops[get->get].stack, ops[put->put].stack);
}

/*
 * What the failing task drops first after it failed is its own, whatever it took
 * in between.  Has it given back less than that so far?
 */
static bool own_is_due(const struct network *n, const struct span *pair)
{
	const struct episode *ep = n->t->ep;
	const struct op *put = &ep->ops[pair->put];
	size_t i, k;

	for (i = 0; i < ep->nr_attempts; i++) {
		const struct attempt *at = &ep->attempts[i];
		int32_t own = at->ev.has & HAS_OWN ? at->ev.own : 1;

		if (at->pos > pair->get || at->ev.task != put->task || put->atomic)
			continue;
		for (k = at->pos; k < pair->put && own > 0; k++)
			if (ep->ops[k].task == put->task && !ep->ops[k].atomic &&
			    ep->ops[k].delta < 0)
				own += ep->ops[k].delta;
		if (own > 0)
			return true;
	}
	return false;
}

/*
 * Has one of them more of its call in common with somebody else, or has the task
 * another reference that the put may give back?  folio_putback_lru() takes the
 * batch's before it puts its own.
 */
static bool has_rival(const struct network *n, const struct span *pair, size_t depth)
{
	const struct op *ops = n->t->ep->ops;
	size_t i;

	if (own_is_due(n, pair))
		return true;
	for (i = 0; i < n->t->pairing->nr; i++) {
		const struct span *other = &n->t->pairing->spans[i];

		if (other == pair || other->units != pair->units)
			continue;
		if (other->own) {
			if (other->owner == ops[pair->put].task && pair_open_at(other, pair->put) &&
			    other->put != pair->put)
				return true;
			continue;
		}
		if ((other->put != NO_OP && common(n, pair, other) > depth) ||
		    (other->get != NO_OP && common(n, other, pair) > depth))
			return true;
		if (other->get != NO_OP && pair_open_at(other, pair->put) &&
		    other->put != pair->put && common(n, other, pair))
			return true;
	}
	return false;
}

/*
 * Somebody else gives back references of its family, taken nobody knows where:
 * that they are handed over is as likely as that they are not.
 */
static bool has_stranger(const struct network *n, const struct span *pair, const char *class)
{
	size_t i;

	for (i = 0; i < n->t->pairing->nr; i++) {
		const struct span *other = &n->t->pairing->spans[i];

		if (other->own || other->put == NO_OP || other->put < pair->get ||
		    (other->get != NO_OP && other->how < MATCH_CLASS) ||
		    is_pin(n, other->units) != is_pin(n, pair->units))
			continue;
		if (!strcmp(gave_by(n, other)->class, class))
			return true;
	}
	return false;
}

/* Known to belong together: by one call, or by a family that the table knows. */
static bool is_tight(const struct network *n, const struct span *span)
{
	const struct stack_class *took, *gives;
	size_t depth;

	if (span->own)
		return true;
	if (span->get == NO_OP || span->put == NO_OP || span->how > MATCH_TASK)
		return false;
	took = took_by(n, span);
	gives = gave_by(n, span);
	if (took->role == ROLE_BATCH || gives->role == ROLE_BATCH)
		return false;
	depth = common(n, span, span);
	if (depth)
		return n->t->pairing->nr > SPANS_MAX || !has_rival(n, span, depth);
	return span->how == MATCH_TASK_CLASS && took->ruled && gives->ruled &&
	       !strcmp(took->class, gives->class) && !has_stranger(n, span, gives->class);
}

static void find_tight(struct network *n)
{
	size_t i;

	n->tight = xzalloc(n->t->pairing->nr + 1);
	for (i = 0; i < n->t->pairing->nr; i++)
		n->tight[i] = is_tight(n, &n->t->pairing->spans[i]);
}

static bool tight(const struct network *n, const struct span *span)
{
	return n->tight[span - n->t->pairing->spans];
}

/* A pair that may have been a mapping in between: taken, mapped, unmapped, put. */
static bool may_map(const struct network *n, const struct span *span)
{
	const struct stack_class *took;

	if (span->own || span->get == NO_OP)
		return true;
	took = took_by(n, span);
	return took->role == ROLE_EXPECTED || took->role == ROLE_MIGRATE ||
	       took->role == ROLE_ALLOC || !(took->ruled || took->positive || took->pin);
}

/* Whatever story is told, this pair is in it. */
static bool settled(const struct network *n, const struct span *span)
{
	return !span->own && span->get != NO_OP && span->put != NO_OP && tight(n, span) &&
	       !may_map(n, span);
}

static void add_spans(struct network *n)
{
	size_t i;

	for (i = 0; i < n->t->pairing->nr; i++) {
		const struct span *span = &n->t->pairing->spans[i];
		bool get = span->get != NO_OP && span->get >= n->begin && span->get < n->end;
		bool put = span->put != NO_OP && span->put >= n->begin && span->put < n->end;

		if (span->own) {
			if (span->at >= n->begin && span->at <= n->end && span->put == NO_OP)
				add_source(n, OWN, span->at, i, span->units);
			continue;
		}
		if (get && put && settled(n, span))
			continue;
		if (get)
			add_source(n, TAKEN, span->get + 1, i, span->units);
		if (put)
			add_sink(n, PUT, span->put, i, span->units);
	}
}

static void add_step(struct network *n, size_t pos, int32_t change, bool behind)
{
	size_t from = pos;

	if (change > 0) {
		add_sink(n, RISE, pos, NO_OP, change);
	} else {
		while (from > n->begin && n->t->ep->ops[from - 1].expected < 0)
			from--;
		add_source(n, FALLEN, from, NO_OP, -change);
		n->sources[n->nr_sources - 1].behind = behind;
	}
}

/* Operations that are not on record: by the counts, somebody took or gave back so many. */
static void add_gap(struct network *n, size_t i)
{
	const struct op *ops = n->t->ep->ops;
	int32_t change;

	if (i == n->begin || ops[i].cut)
		return;
	change = episode_found(&ops[i]) - ops[i - 1].refcount;
	if (change > 0)
		add_source(n, FALLEN, i, NO_OP, change);
	else
		add_sink(n, LOST, i, NO_OP, -change);
}

static void add_old(struct network *n, int32_t units)
{
	int32_t pins = n->t->ep->order ? 0 : units / PIN_UNITS * PIN_UNITS;

	if (pins > 0)
		add_source(n, OLD, n->begin, NO_OP, pins);
	add_source(n, OLD, n->begin, NO_OP, units - (pins > 0 ? pins : 0));
}

/*
 * Old ones, rises and falls from the samples; what is left at the end.
 * Return: false if that is not known.
 */
static bool add_counts(struct network *n)
{
	const struct episode *ep = n->t->ep;
	size_t i, attempt = 0;
	int32_t last = 0, left = 0;
	bool known = false;

	for (i = n->begin; i <= n->end; i++) {
		for (; attempt < ep->nr_attempts && ep->attempts[attempt].pos <= i; attempt++) {
			const struct pin_event *ev = &ep->attempts[attempt].ev;

			if (ep->attempts[attempt].pos < n->begin)
				continue;
			if (!known)
				add_old(n, episode_unexpected(ev));
			else if (episode_expected(ev) != last)
				add_step(n, i, episode_expected(ev) - last, false);
			last = episode_expected(ev);
			left = episode_count(ev) - last;
			known = true;
		}
		if (i == n->end)
			break;
		add_gap(n, i);
		/* a sample that is missing: the next one shows what happened meanwhile */
		if (ep->ops[i].expected < 0) {
			left += known ? ep->ops[i].delta : 0;
			continue;
		}
		if (!known)
			add_old(n, episode_found(&ep->ops[i]) - ep->ops[i].expected);
		else if (ep->ops[i].expected != last)
			add_step(n, i, ep->ops[i].expected - last, true);
		last = ep->ops[i].expected;
		left = ep->ops[i].refcount - last;
		known = true;
	}
	if (n->end == ep->nr_ops && ep->ended && ep->end_expected >= 0 && n->end &&
	    ep->end_count == ep->ops[n->end - 1].refcount && ep->end_expected != last) {
		add_step(n, n->end, ep->end_expected - last, true);
		left = ep->end_count - ep->end_expected;
	}
	add_sink(n, END, n->end, NO_OP, left);
	return known;
}

/* === Where one may go ===================================================== */

static bool is_mapping(const struct stack_class *sc)
{
	return sc->role == ROLE_EXPECTED || sc->role == ROLE_ALLOC || sc->role == ROLE_MIGRATE;
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
	const struct stack_class *took = took_by(n, get), *gives = gave_by(n, put);

	if (n->relaxed || took->nameless || gives->nameless || common(n, get, put))
		return true;
	if (gives->pin && !took->gup && (took->ruled || took->positive))
		return false;
	/* nor does a stranger drain a batch, or zap what a fault took: those have names */
	if (took->ruled && (took->role == ROLE_BATCH || is_mapping(took)) && !is_kernels(gives))
		return false;
	if (took->pin && !gives->gup && (gives->ruled || gives->positive))
		return false;
	/* what is inlined hides whose of the kernel's own it is, not that it is */
	if (took->ruled && gives->ruled && strcmp(took->class, gives->class))
		return is_kernels(took) && is_kernels(gives);
	if ((took->ruled || took->positive) && is_mapping(gives))
		return is_mapping(took);
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
	const struct stack_class *gives = gave_by(n, put);
	bool partner = source->span == sink->span;

	if (source->pin != sink->pin && !n->t->ep->order)
		return false;
	if (partner)
		return true;
	if (put->get != NO_OP && put->get >= n->begin && tight(n, put))
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
		if (tight(n, &n->t->pairing->spans[source->span]))
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
	took = took_by(n, get);
	if (took->positive || took->role == ROLE_BATCH || took->role == ROLE_PINNER)
		return false;
	return !tight(n, get) || is_mapping(took) || near(source->from, sink->at);
}

/* Taken by the same task in the same place, and still there at the attempt. */
static bool same_get(const struct network *n, const struct source *source,
		     const struct sink *sink)
{
	const struct op *ops = n->t->ep->ops, *get = &ops[n->without_get], *other;

	/* what was lost may have been so on either side of the attempt */
	if (source->kind != TAKEN || source->from > n->at->pos ||
	    sink->at + (sink->kind != LOST) <= n->at->pos)
		return false;
	other = &ops[n->t->pairing->spans[source->span].get];
	return other->task == get->task && other->stack == get->stack;
}

/* Given back in the same place, by the same task or by nobody's. */
static bool same_put(const struct op *a, const struct op *b)
{
	return a->stack == b->stack && a->atomic == b->atomic &&
	       (a->task == b->task || a->atomic);
}

/* Does a story use this edge if the stake that is asked about is true? */
static bool left_out(const struct network *n, const struct source *source,
		     const struct sink *sink)
{
	const struct op *ops = n->t->ep->ops;

	if (n->without_get != NO_OP)
		return same_get(n, source, sink);
	if (n->without_put == NO_OP || sink->kind != PUT || sink->at < n->at->pos ||
	    source->from + source->behind > n->at->pos || source->kind == OWN)
		return false;
	return same_put(&ops[sink->at], &ops[n->without_put]);
}

static bool edge(void *ctx, size_t s, size_t k)
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

	return n->sources[s].kind == FALLEN && sink->kind == PUT && edge(ctx, s, k) &&
	       gave_by(n, &n->t->pairing->spans[sink->span])->role == ROLE_EXPECTED;
}

/*
 * Does each fall have a put of its own?  Then whatever nobody knows gave back
 * something else.
 */
static bool falls_are_told(const struct network *n, struct flow *flow)
{
	int64_t falls = 0;
	size_t i;

	for (i = 0; i < n->nr_sources; i++)
		falls += n->sources[i].kind == FALLEN ? n->gives[i] : 0;
	return flow_most(flow, n->gives, n->takes, edge_of_falls, (void *)n) == falls;
}

/* === Stakes =============================================================== */

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

	if (span->own || settled(n, span))
		return false;
	if (by_get)
		return span->get != NO_OP && ops[span->get].task == ops[n->without_get].task &&
		       ops[span->get].stack == ops[n->without_get].stack;
	return (span->get == NO_OP || stake->released) && put_of(n, stake) != NO_OP &&
	       same_put(&ops[put_of(n, stake)], &ops[n->without_put]);
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
		else if (certain < 0 && stake->share > most)
			stake->share = most;
	}
}

/* By its get, or by its put; what names contradict the counts for is not tested. */
static bool leave_out(struct network *n, const struct stake *stake, bool by_put)
{
	const struct span *span = &n->t->pairing->spans[stake->span];

	/* what was looked up may have been mapped */
	if (!by_put && n->relaxed && span->get != NO_OP && !took_by(n, span)->positive)
		return false;
	n->without_get = by_put ? NO_OP : span->get;
	n->without_put = by_put ? put_of(n, stake) : NO_OP;
	return n->without_get != NO_OP || (n->without_put != NO_OP && !over_gap(n, n->without_put));
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

			if (done[i] || stake->share < SURE || settled(n, span))
				continue;
			if (!leave_out(n, stake, by_put)) {
				if (by_put && stake->share > most)
					stake->share = most;
				continue;
			}
			if (by_put)
				stake->released |= span->get != NO_OP;
			keep_first(n, out, done, i,
				   all - flow_most(flow, n->gives, n->takes, edge, n), !by_put,
				   most);
		}
	}
	free(done);
}

/* By its name it is somebody's, not the kernel's own: the counts are not all there is. */
static bool is_known(const struct network *n, const struct stake *stake, bool by_put)
{
	const struct stack_class *sc = classify_stack(n->t->cl, n->t->ep->ops[by_put ?
		put_of(n, stake) : n->t->pairing->spans[stake->span].get].stack,
		by_put ? RULE_PUT : RULE_GET);

	return sc->positive && !sc->nameless;
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
	bool gaps = has_gaps(n);
	size_t i, k, tests = 0;
	int by_put;

	for (by_put = 0; by_put < 2 && !n->relaxed && !gaps; by_put++) {
		for (i = 0; i < out->nr && tests < TESTS_MAX; i++) {
			struct stake *stake = &out->stakes[i];
			int64_t certain;

			if (stake->share >= SURE || stake->share < UNLIKELY ||
			    stake->of == STAKE_SHORT ||
			    settled(n, &n->t->pairing->spans[stake->span]) ||
			    n->t->pairing->spans[stake->span].own || !leave_out(n, stake, by_put))
				continue;
			if (!is_known(n, stake, by_put))
				continue;
			tests++;
			certain = all - flow_most(flow, n->gives, n->takes, edge, n);
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

		if (is_pin(n, stake->units) == pins)
			*(stake->share >= SURE ? &sure : &unsure) += stake->units * stake->share;
	}
	/* a put and an open get that are sure, both, may be about one reference */
	for (i = 3 * out->nr; i-- > 0 && sure > all + 0.01;) {
		struct stake *stake = &out->stakes[i % out->nr];

		if (is_pin(n, stake->units) != pins || stake->share < SURE ||
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

		if (is_pin(n, stake->units) == pins && stake->share < SURE)
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

	find_range(&n);
	find_tight(&n);
	add_spans(&n);
	known = add_counts(&n);
	if (known && n.nr_sources * n.nr_sinks <= EDGES_MAX) {
		flow = flow_new(n.nr_sources, n.nr_sinks);
		takes = sum(n.takes, n.nr_sinks);
		n.told = falls_are_told(&n, flow);
		all = flow_most(flow, n.gives, n.takes, edge, &n);
		if (all < takes) {
			n.told = false;
			all = flow_most(flow, n.gives, n.takes, edge, &n);
		}
		if (all < takes) {
			n.relaxed = true;
			all = flow_most(flow, n.gives, n.takes, edge, &n);
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
	free(n.sources);
	free(n.gives);
	free(n.sinks);
	free(n.takes);
	free(n.tight);
}

/* May its put have given back what a stake is about? */
static bool is_rival(const struct network *n, const struct span *span)
{
	const struct stack_class *gives;

	if (span->own || span->put == NO_OP || span->put < n->at->pos)
		return false;
	if (span->get != NO_OP)
		return !tight(n, span);
	gives = gave_by(n, span);
	return gives->nameless || !is_mapping(gives) || !gives->ruled;
}

static bool is_staked(const struct stakes *out, size_t span)
{
	size_t i;

	for (i = 0; i < out->nr; i++)
		if (out->stakes[i].span == span && out->stakes[i].share >= SURE)
			return true;
	return false;
}

void certain_alone(const struct trial *t, const struct attempt *at, struct stakes *out,
		   float most)
{
	struct network n = { .t = t, .at = at };
	size_t i, k;

	find_tight(&n);
	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];

		if (is_staked(out, i) || !is_rival(&n, span))
			continue;
		for (k = 0; k < out->nr; k++) {
			struct stake *stake = &out->stakes[k];

			if (stake->share > most && !settled(&n, &t->pairing->spans[stake->span]) &&
			    is_pin(&n, stake->units) == is_pin(&n, span->units))
				stake->share = most;
		}
	}
	free(n.tight);
}
