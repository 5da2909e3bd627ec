// SPDX-License-Identifier: GPL-2.0
/*
 * The story of one mark; see episode.h.
 */
#include "judge/episode.h"

#include <stdlib.h>
#include <string.h>

#include "trace/stack.h"
#include "util.h"

/* How far out of order ops of different CPUs are looked for. */
#define ORDER_WINDOW 16

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

static uint32_t excess(uint32_t a, uint32_t b)
{
	return a > b ? a - b : 0;
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
			op->missing = excess(op->seq - ep->max_seq - 1,
					     excess(op->skipped, ep->max_skipped));
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
	if (!*pos)
		return;
	memmove(ep->ops, ep->ops + *pos, (ep->nr_ops - *pos) * sizeof(*ep->ops));
	ep->nr_ops -= *pos;
	*pos = 0;
}

void episode_attempt(struct episode *ep, const struct pin_event *ev)
{
	struct attempt attempt = { .ev = *ev, .times = 1, .last_ns = ev->ts };

	saw(ep, ev);
	attempt.pos = ev->marked == MARKED_NEW && !ep->nr_attempts ? first_of_mark(ep, ev->id) :
		place_again(ep, ev);
	ep->moved_back = attempt.pos < ep->nr_ops && ep->nr_attempts;
	/*
	 * Was it watched until now?  If not, it may have been freed meanwhile,
	 * and what was taken then is no proof.
	 */
	if (ev->marked == MARKED_NEW && ep->watch_known && ep->watch_count != episode_count(ev) &&
	    ep->watch_count != ev->refcount)
		drop_stale(ep, &attempt.pos);
	ep->begun |= ev->marked == MARKED_NEW;
	VEC_PUSH(ep->attempts, ep->nr_attempts, ep->room_attempts, attempt);
}

void episode_end(struct episode *ep, const struct pin_event *ev)
{
	saw(ep, ev);
	ep->ended = true;
	ep->why = ev->why;
	ep->end_count = ev->refcount;
	ep->end_expected = ev->has & HAS_EXPECTED ? ev->expected : -1;
	ep->dropped += excess(ev->dropped, ev->skipped);
	ep->logged = ev->logged;
	if (ev->seq > ep->max_seq + 1 && (ep->max_seq || ep->begun))
		ep->missing += excess(ev->seq - ep->max_seq - 1,
				      excess(ev->skipped, ep->max_skipped));
}

/*
 * What one task did is on record in the order in which it did it.  An interrupt
 * in its name may come between an operation and its record.
 */
static bool may_move(const struct episode *ep, size_t to, size_t from)
{
	size_t i;

	for (i = to; i < from; i++)
		if (ep->ops[i].task == ep->ops[from].task &&
		    ep->ops[i].atomic == ep->ops[from].atomic)
			return false;
	return true;
}

/* By the numbers that the kernel gave them; how many are missing between two. */
static void order_numbers(struct episode *ep, size_t from, size_t end)
{
	uint32_t gap, spare = 0;
	size_t i, k;

	for (i = from + 1; i < end; i++) {
		struct op op = ep->ops[i];

		for (k = i; k > from && op.seq && op.id == ep->ops[k - 1].id &&
		     ep->ops[k - 1].seq > op.seq && !ep->ops[k - 1].cut; k--)
			ep->ops[k] = ep->ops[k - 1];
		ep->ops[k] = op;
	}
	for (i = from + 1; i < end; i++) {
		const struct op *before = &ep->ops[i - 1];
		struct op *op = &ep->ops[i];

		if (!op->seq || !before->seq || op->id != before->id || op->cut || before->cut)
			continue;
		/* another processor may have counted before its number was taken */
		spare += excess(op->skipped, before->skipped);
		gap = op->seq > before->seq ? op->seq - before->seq - 1 : 0;
		op->missing = excess(gap, spare);
		spare = excess(spare, gap);
	}
}

/*
 * The op within the window behind @at that found @count and may have come
 * before those between them, @end if there is none.
 */
static size_t find_next(const struct episode *ep, size_t at, size_t end, int32_t count)
{
	size_t i, last = at + 1 + ORDER_WINDOW < end ? at + 1 + ORDER_WINDOW : end;

	for (i = at + 1; i < last && !ep->ops[i].missing; i++)
		if (!ep->ops[i].cut && episode_found(&ep->ops[i]) == count &&
		    may_move(ep, at, i))
			return i;
	return end;
}

/* Order one stretch between attempts; an attempt is never crossed. */
static size_t order_stretch(struct episode *ep, size_t from, size_t end, int32_t *count,
			    bool *known)
{
	size_t i, next, gaps = 0;
	struct op op;

	order_numbers(ep, from, end);
	for (i = from; i < end; i++) {
		if (*known && !ep->ops[i].cut && episode_found(&ep->ops[i]) != *count) {
			/* what is missing before it explains the gap */
			next = ep->ops[i].missing ? end : find_next(ep, i, end, *count);
			if (next < end) {
				op = ep->ops[next];
				memmove(&ep->ops[i + 1], &ep->ops[i],
					(next - i) * sizeof(op));
				ep->ops[i] = op;
			} else {
				gaps++;
			}
		}
		*count = ep->ops[i].refcount;
		*known = true;
	}
	return gaps;
}

/*
 * A new mark may miss one op in flight: its count need not be the one that the
 * first op found.  The chain starts with it only if that leaves fewer gaps.
 */
static size_t order_first_stretch(struct episode *ep, size_t from, size_t end, int32_t *count,
				  bool *known)
{
	size_t size = (end - from) * sizeof(*ep->ops), gaps, chained;
	int32_t start = *count, last;
	struct op *copy;

	if (from == end || ep->ops[from].cut || episode_found(&ep->ops[from]) == start ||
	    find_next(ep, from, end, start) == end) {
		*known = false;
		return order_stretch(ep, from, end, count, known);
	}
	copy = xzalloc(size);
	memcpy(copy, ep->ops + from, size);
	*known = false;
	gaps = order_stretch(ep, from, end, count, known);
	last = *count;
	/* Now with the mark's count; what is swapped in @copy is the plain order. */
	for (size_t i = from; i < end; i++) {
		struct op op = ep->ops[i];

		ep->ops[i] = copy[i - from];
		copy[i - from] = op;
	}
	*count = start;
	chained = order_stretch(ep, from, end, count, known);
	if (chained >= gaps) {
		memcpy(ep->ops + from, copy, size);
		*count = last;
		chained = gaps;
	}
	free(copy);
	return chained;
}

/* Written behind a failure, but its number says that it came before. */
static void move_before(struct episode *ep, struct attempt *at)
{
	uint32_t last = 0;
	size_t i, k;

	for (i = at->pos; i-- > 0 && i + ORDER_WINDOW > at->pos;)
		if (ep->ops[i].id == at->ev.id && ep->ops[i].seq > last)
			last = ep->ops[i].seq;
	for (i = at->pos; i < ep->nr_ops && i < at->pos + ORDER_WINDOW; i++) {
		struct op op = ep->ops[i];

		if (!op.seq || op.seq > last || op.id != at->ev.id || op.cut)
			continue;
		for (k = i; k > at->pos; k--)
			ep->ops[k] = ep->ops[k - 1];
		ep->ops[at->pos++] = op;
	}
}

size_t episode_order(struct episode *ep)
{
	size_t i, from = 0, gaps = ep->gaps;
	bool known = false, fresh = false;
	int32_t count = 0;

	for (i = 0; i < ep->nr_attempts; i++)
		move_before(ep, &ep->attempts[i]);
	for (i = 0; i <= ep->nr_attempts; i++) {
		size_t end = i < ep->nr_attempts ? ep->attempts[i].pos : ep->nr_ops;

		gaps += fresh ? order_first_stretch(ep, from, end, &count, &known) :
			order_stretch(ep, from, end, &count, &known);
		if (i == ep->nr_attempts)
			break;
		from = end;
		fresh = ep->attempts[i].ev.marked == MARKED_NEW;
		if (fresh)
			count = episode_count(&ep->attempts[i].ev);
	}
	/* Moving ops can push a gap out at the end of the chain. */
	if (ep->ended && ep->why == WHY_SETTLED && from < ep->nr_ops)
		gaps += count != ep->end_count;
	return gaps;
}

int32_t episode_gap(const struct episode *ep, const struct attempt *attempt)
{
	if (attempt->gap_known)
		return attempt->gap;
	if (attempt->pos >= ep->nr_ops)
		return 0;
	return episode_found(&ep->ops[attempt->pos]) - episode_count(&attempt->ev);
}
