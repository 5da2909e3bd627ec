// SPDX-License-Identifier: GPL-2.0
/*
 * The story of one mark; see episode.h.
 */
#include "judge/episode.h"

#include <stdlib.h>
#include <string.h>

#include "trace/stack.h"
#include "util.h"

struct episode *episode_new(uint64_t pfn, uint32_t id)
{
	struct episode *ep = xzalloc(sizeof(*ep));

	ep->pfn = pfn;
	ep->id = id;
	return ep;
}

void episode_free(struct episode *ep)
{
	if (!ep)
		return;
	free(ep->ops);
	free(ep->attempts);
	free(ep);
}

static void saw(struct episode *ep, const struct pin_event *ev)
{
	struct last_seen *last = &ep->last;

	if (!ep->began)
		ep->began = ev->ts;
	if (ev->ts > ep->end)
		ep->end = ev->ts;
	/* what comes later may be a part of it, or another folio: a try-get has no number */
	if (ev->type == PIN_FAIL || !ep->nr_attempts)
		ep->order = ev->order;
	if (last->known && ev->ts < last->ts)
		return;
	last->known = true;
	last->ts = ev->ts;
	last->refcount = ev->type == PIN_FAIL ? episode_count(ev) : ev->refcount;
	last->expected = ev->type == PIN_FAIL ? last->refcount - episode_unexpected(ev) :
		ev->has & HAS_EXPECTED ? ev->expected : -1;
	last->has = ev->has & (HAS_FLAGS | HAS_MAPCOUNT);
	last->mapcount = ev->mapcount;
	last->flags = ev->flags;
}

/* Numbers run on: one that was left out is missing until it comes late. */
static void note_seq(struct episode *ep, struct op *op)
{
	size_t i;

	if (!op->seq)
		return;
	if (op->seq > ep->max_seq) {
		/* the first ones may have been written before the recording began */
		if (ep->max_seq || ep->begun)
			op->missing = episode_excess(op->seq - ep->max_seq - 1,
						     episode_excess(op->skipped, ep->max_skipped));
		/* it was missed when the mark ended */
		if (ep->ended && ep->missing > op->missing)
			ep->missing -= op->missing + 1;
		ep->max_seq = op->seq;
		if (op->skipped > ep->max_skipped)
			ep->max_skipped = op->skipped;
		return;
	}
	for (i = ep->nr_ops; i-- > 0;) {
		struct op *behind = &ep->ops[i];

		if (behind->missing && op->seq < behind->seq &&
		    op->seq + behind->missing >= behind->seq) {
			behind->missing--;
			return;
		}
		if (i + 256 < ep->nr_ops)
			return;
	}
}

/* One sample of so many may be missing: the next one shows what happened. */
#define VALUED_OF 4

void episode_op(struct episode *ep, const struct pin_event *ev)
{
	struct op op = {
		.ts = ev->ts, .task = ev->task, .stack = ev->late ? STACK_NONE : ev->stack,
		.refcount = ev->refcount, .delta = ev->delta, .atomic = ev->atomic,
		.expected = ev->has & HAS_EXPECTED ? ev->expected : -1,
		.id = ev->id, .seq = ev->seq, .skipped = ev->skipped,
	};

	saw(ep, ev);
	if (!ev->id)
		ep->watch_count = ev->refcount;
	if (!ev->id || ep->begun)
		ep->watch_known = !ev->id;
	ep->seen += ev->id != 0;
	note_seq(ep, &op);
	/* the kernel still kept it back when the mark ended */
	if (ep->ended && ev->late && ep->dropped)
		ep->dropped--;
	/* the count was not to be found because something is missing */
	if (op.missing && ep->moved_back)
		ep->attempts[ep->nr_attempts - 1].pos = ep->nr_ops;
	ep->moved_back = false;
	ep->unvalued += op.expected < 0 && !episode_frozen(&op);
	VEC_PUSH(ep->ops, ep->nr_ops, ep->room_ops, op);
}

int32_t episode_found(const struct op *op)
{
	return (int32_t)((uint32_t)op->refcount - (uint32_t)op->delta);
}

bool episode_pins(const struct episode *ep, int32_t units)
{
	return !ep->order && units % PIN_UNITS == 0;
}

bool episode_frozen(const struct op *op)
{
	return !op->refcount || !episode_found(op);
}

int32_t episode_count(const struct pin_event *ev)
{
	return ev->has & HAS_REFCOUNT_NOW ? ev->refcount_now : ev->refcount;
}

int32_t episode_unexpected(const struct pin_event *ev)
{
	if ((ev->has & HAS_REFCOUNT_NOW) && (ev->has & HAS_EXPECTED_NOW) &&
	    (ev->has & HAS_OWN) && ev->expected_now >= 0)
		return ev->refcount_now - ev->expected_now - ev->own;
	return ev->refcount - ev->expected;
}

int32_t episode_expected(const struct pin_event *ev)
{
	if (!(ev->has & HAS_OWN))
		return -1;
	if ((ev->has & HAS_REFCOUNT_NOW) && (ev->has & HAS_EXPECTED_NOW))
		return ev->expected_now;
	return ev->expected - ev->own;
}

bool episode_valued(const struct episode *ep)
{
	size_t i;

	for (i = 0; i < ep->nr_attempts; i++)
		if (episode_expected(&ep->attempts[i].ev) < 0)
			return false;
	return ep->nr_attempts && ep->unvalued * VALUED_OF <= ep->nr_ops + ep->forgotten;
}

/*
 * The mark is set before its failure is written: what is under the mark came
 * later, whatever the order of the records.
 */
static size_t first_of_mark(const struct episode *ep, uint32_t id)
{
	size_t pos = ep->nr_ops;

	while (pos > 0 && ep->ops[pos - 1].id == id)
		pos--;
	return pos;
}

/* Where ops are missing a count proves nothing. */
static bool has_gap(const struct episode *ep, size_t from)
{
	size_t i = ep->nr_ops > from + ORDER_WINDOW ? ep->nr_ops - ORDER_WINDOW : from;

	for (; i < ep->nr_ops; i++)
		if (ep->ops[i].missing ||
		    (i > from && episode_found(&ep->ops[i]) != ep->ops[i - 1].refcount))
			return true;
	return false;
}

/* Other CPUs may have written ops before it that came later: the count tells. */
static size_t place_again(const struct episode *ep, const struct pin_event *ev)
{
	size_t least = ep->nr_attempts ? ep->attempts[ep->nr_attempts - 1].pos : 0;
	int32_t count = episode_count(ev);
	size_t pos = ep->nr_ops;

	if (!(ev->has & HAS_REFCOUNT_NOW) || has_gap(ep, least))
		return pos;
	for (; pos > least && pos + ORDER_WINDOW > ep->nr_ops; pos--) {
		if (ep->ops[pos - 1].refcount == count)
			return pos;
		/* what its own task did before stands before it */
		if (ep->ops[pos - 1].task == ev->task && !ep->ops[pos - 1].atomic)
			break;
	}
	return pos > least && ep->ops[pos - 1].refcount == count ? pos : ep->nr_ops;
}

/* What was recorded before the mark does not lead up to it: forget that. */
static void drop_stale(struct episode *ep, size_t *pos)
{
	size_t i;

	if (!*pos)
		return;
	memmove(ep->ops, ep->ops + *pos, (ep->nr_ops - *pos) * sizeof(*ep->ops));
	ep->nr_ops -= *pos;
	for (i = 0; i < ep->nr_attempts; i++)
		ep->attempts[i].pos -= ep->attempts[i].pos < *pos ? ep->attempts[i].pos : *pos;
	*pos = 0;
}

/* Clocks differ: the failure that set the mark may be read behind others under it. */
static void put_first(struct episode *ep, size_t pos)
{
	struct attempt attempt = ep->attempts[ep->nr_attempts - 1];
	size_t i;

	for (i = ep->nr_attempts - 1; i > 0; i--)
		ep->attempts[i] = ep->attempts[i - 1];
	ep->attempts[0] = attempt;
	for (i = 1; i < ep->nr_attempts; i++)
		if (ep->attempts[i].pos < pos)
			ep->attempts[i].pos = pos;
}

void episode_attempt(struct episode *ep, const struct pin_event *ev)
{
	struct attempt attempt = { .ev = *ev, .times = 1, .last_ns = ev->ts };
	bool first = ev->marked == MARKED_NEW && !ep->begun;

	saw(ep, ev);
	attempt.pos = first ? first_of_mark(ep, ev->id) : place_again(ep, ev);
	ep->moved_back = attempt.pos < ep->nr_ops && ep->nr_attempts && !first;
	/*
	 * Was it watched until now?  If not, it may have been freed meanwhile,
	 * and what was taken then is no proof.
	 */
	if (ev->marked == MARKED_NEW && ep->watch_known && ep->watch_count != episode_count(ev) &&
	    ep->watch_count != ev->refcount && (first || !ep->nr_attempts))
		drop_stale(ep, &attempt.pos);
	ep->begun |= ev->marked == MARKED_NEW;
	VEC_PUSH(ep->attempts, ep->nr_attempts, ep->room_attempts, attempt);
	if (first && ep->nr_attempts > 1)
		put_first(ep, attempt.pos);
}

void episode_end(struct episode *ep, const struct pin_event *ev)
{
	saw(ep, ev);
	ep->ended = true;
	ep->why = ev->why;
	ep->end_count = ev->refcount;
	ep->end_expected = ev->has & HAS_EXPECTED ? ev->expected : -1;
	ep->dropped += episode_excess(ev->dropped, ev->skipped);
	ep->logged = ev->logged;
	if (ev->seq > ep->max_seq + 1 && (ep->max_seq || ep->begun))
		ep->missing += episode_excess(ev->seq - ep->max_seq - 1,
					      episode_excess(ev->skipped, ep->max_skipped));
}

int32_t episode_gap(const struct episode *ep, const struct attempt *attempt)
{
	if (attempt->gap_known)
		return attempt->gap;
	if (attempt->pos >= ep->nr_ops)
		return 0;
	return episode_found(&ep->ops[attempt->pos]) - episode_count(&attempt->ev);
}
