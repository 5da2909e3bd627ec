// SPDX-License-Identifier: GPL-2.0
/*
 * The story of one mark; see episode.h.
 */
#include "episode.h"

#include <stdlib.h>
#include <string.h>

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
	if (!ep->began)
		ep->began = ev->ts;
	if (ev->ts > ep->end)
		ep->end = ev->ts;
	ep->order = ev->order;
}

void episode_op(struct episode *ep, const struct pin_event *ev)
{
	struct op op = {
		.ts = ev->ts, .task = ev->task, .stack = ev->stack,
		.refcount = ev->refcount, .delta = ev->delta, .atomic = ev->atomic,
	};

	saw(ep, ev);
	VEC_PUSH(ep->ops, ep->nr_ops, ep->room_ops, op);
}

static int32_t found_count(const struct op *op)
{
	return (int32_t)((uint32_t)op->refcount - (uint32_t)op->delta);
}

/*
 * Ops of other CPUs may be written before the failure that set the mark, as
 * they look for the mark as soon as it is there.  Where the last op left
 * another count than the failure found, it belongs before the op that found
 * the same.
 */
static size_t attempt_position(const struct episode *ep, const struct pin_event *ev)
{
	size_t first = ep->nr_attempts ? ep->attempts[ep->nr_attempts - 1].pos : 0;
	size_t i;

	if (!ep->nr_ops || ep->ops[ep->nr_ops - 1].refcount == ev->refcount)
		return ep->nr_ops;
	for (i = ep->nr_ops; i-- > first && ep->nr_ops - i <= ORDER_WINDOW;)
		if (found_count(&ep->ops[i]) == ev->refcount)
			return i;
	return ep->nr_ops;
}

void episode_attempt(struct episode *ep, const struct pin_event *ev)
{
	struct attempt attempt = { .ev = *ev, .pos = attempt_position(ep, ev) };

	saw(ep, ev);
	VEC_PUSH(ep->attempts, ep->nr_attempts, ep->room_attempts, attempt);
}

/* The op within the window that found @count, @end if there is none. */
static size_t find_next(const struct episode *ep, size_t from, size_t end, int32_t count)
{
	size_t i, last = from + ORDER_WINDOW < end ? from + ORDER_WINDOW : end;

	for (i = from; i < last; i++)
		if (found_count(&ep->ops[i]) == count)
			return i;
	return end;
}

/* Order one stretch between attempts; an attempt is never crossed. */
static size_t order_stretch(struct episode *ep, size_t from, size_t end, int32_t *count,
			    bool *known)
{
	size_t i, next, gaps = 0;
	struct op op;

	for (i = from; i < end; i++) {
		if (*known && found_count(&ep->ops[i]) != *count) {
			next = find_next(ep, i + 1, end, *count);
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

size_t episode_order(struct episode *ep)
{
	size_t i, from = 0, gaps = 0;
	bool known = false;
	int32_t count = 0;

	for (i = 0; i < ep->nr_attempts; i++) {
		gaps += order_stretch(ep, from, ep->attempts[i].pos, &count, &known);
		from = ep->attempts[i].pos;
		/* A first mark may miss one op in flight: no gap to count. */
		if (ep->attempts[i].ev.marked == MARKED_NEW)
			known = false;
	}
	return gaps + order_stretch(ep, from, ep->nr_ops, &count, &known);
}

int32_t episode_gap(const struct episode *ep, const struct attempt *attempt)
{
	if (attempt->pos >= ep->nr_ops)
		return 0;
	return found_count(&ep->ops[attempt->pos]) - attempt->ev.refcount;
}
