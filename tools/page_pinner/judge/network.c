// SPDX-License-Identifier: GPL-2.0
/*
 * Sources and sinks of an episode; see network.h.
 */
#include "judge/network.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

const struct stack_class *network_took(const struct network *n, const struct span *span)
{
	return classify_stack(n->t->cl, n->t->ep->ops[span->get].stack, RULE_GET);
}

const struct stack_class *network_gave(const struct network *n, const struct span *span)
{
	return classify_stack(n->t->cl, n->t->ep->ops[span->put].stack, RULE_PUT);
}

static void add_source(struct network *n, enum source_kind kind, size_t from, size_t span,
		       int32_t units)
{
	struct source source = {
		.kind = kind, .from = from, .span = span, .pin = episode_pins(n->t->ep, units),
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
	struct sink sink = {
		.kind = kind, .at = at, .span = span, .pin = episode_pins(n->t->ep, units),
		.behind = kind != LOST,
	};

	if (units <= 0)
		return;
	VEC_PUSH(n->takes, n->nr_sinks, n->room_takes, units);
	n->nr_sinks--;
	VEC_PUSH(n->sinks, n->nr_sinks, n->room_sinks, sink);
}

/* Between freezes nothing is created or lost unseen. */
static void find_range(struct network *n)
{
	const struct episode *ep = n->t->ep;
	size_t i;

	n->begin = 0;
	n->end = ep->nr_ops;
	for (i = n->at->pos; i-- > 0;) {
		if (episode_frozen(&ep->ops[i])) {
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
		if (get && put && network_settled(n, span))
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
		n->sinks[n->nr_sinks - 1].behind = behind;
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

bool network_build(struct network *n)
{
	find_range(n);
	add_spans(n);
	return add_counts(n);
}

void network_free(struct network *n)
{
	free(n->sources);
	free(n->gives);
	free(n->sinks);
	free(n->takes);
}
