// SPDX-License-Identifier: GPL-2.0
/*
 * The order in which the operations of an episode took place; see episode_order().
 */
#include "judge/episode.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* Two processors that count at once may take their numbers the other way round. */
#define AT_ONCE_NS 1000000ull

static bool is_numbered(const struct op *first, const struct op *second)
{
	return first->seq && first->id == second->id && first->seq < second->seq &&
	       second->ts > first->ts + AT_ONCE_NS;
}

/*
 * What one task did is on record in the order in which it did it.  An interrupt
 * in its name may come between an operation and its record.
 */
static bool may_move(const struct episode *ep, size_t to, size_t from)
{
	size_t i;

	for (i = to; i < from; i++)
		if ((ep->ops[i].task == ep->ops[from].task &&
		     ep->ops[i].atomic == ep->ops[from].atomic) ||
		    is_numbered(&ep->ops[i], &ep->ops[from]))
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
		spare += episode_excess(op->skipped, before->skipped);
		gap = op->seq > before->seq ? op->seq - before->seq - 1 : 0;
		op->missing = episode_excess(gap, spare);
		spare = episode_excess(spare, gap);
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
static void move_before(struct episode *ep, size_t attempt)
{
	struct attempt *at = &ep->attempts[attempt], *other;
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
		/* and so before those that failed later */
		for (other = at + 1; other < ep->attempts + ep->nr_attempts && other->pos <= i;
		     other++)
			other->pos++;
	}
}

/*
 * Is an attempt of the same call as the one before it, which tries again at once?
 * Its task unmaps and maps again, and so has operations only while less is expected
 * than when it failed; what it gives back or takes otherwise belongs to two calls.
 */
static bool same_call(const struct episode *ep, size_t attempt)
{
	const struct attempt *at = &ep->attempts[attempt], *before = at - 1;
	int32_t mapped = episode_expected(&before->ev);
	size_t i;

	if (before->ev.reason != at->ev.reason || before->ev.task != at->ev.task ||
	    before->ev.atomic || at->ev.atomic)
		return false;
	for (i = before->pos; i < at->pos; i++) {
		const struct op *op = &ep->ops[i];

		if (op->missing || op->cut)
			return false;
		if (!op->atomic && op->task == at->ev.task &&
		    (op->expected < 0 || op->expected >= mapped || episode_frozen(op)))
			return false;
	}
	return i == ep->nr_ops || !ep->ops[i].cut;
}

static void number_calls(struct episode *ep)
{
	size_t i;

	for (i = 1; i < ep->nr_attempts; i++)
		ep->attempts[i].call = ep->attempts[i - 1].call + !same_call(ep, i);
}

size_t episode_order(struct episode *ep)
{
	size_t i, from = 0, gaps = ep->gaps;
	bool known = false, fresh = false;
	int32_t count = 0;

	for (i = 0; i < ep->nr_attempts; i++)
		move_before(ep, i);
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
	number_calls(ep);
	return gaps;
}
