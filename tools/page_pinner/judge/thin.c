// SPDX-License-Identifier: GPL-2.0
/*
 * Attempts that stand for others; see thin.h.
 */
#include "judge/thin.h"

/* So many may be there before any goes. */
#define THIN_FROM 64
/* The first ones and the last ones say most. */
#define THIN_ENDS 12
/* So far back one is looked for that says the same. */
#define THIN_WINDOW 16

static bool alike(const struct pin_event *a, const struct pin_event *b)
{
	return a->task == b->task && a->reason == b->reason && a->kind == b->kind &&
	       a->refcount == b->refcount && a->expected == b->expected &&
	       a->refcount_now == b->refcount_now && a->expected_now == b->expected_now &&
	       a->own == b->own && a->stack == b->stack;
}

static struct attempt *find_alike(struct attempt *attempts, size_t nr, const struct attempt *like)
{
	size_t i;

	for (i = nr; i-- > 1 && i + THIN_WINDOW >= nr;)
		if (alike(&attempts[i].ev, &like->ev))
			return &attempts[i];
	return NULL;
}

void thin_attempts(struct episode *ep)
{
	size_t i, to = 0;
	bool turn = false;

	if (!ep->thin_at)
		ep->thin_at = THIN_FROM;
	if (ep->nr_attempts < ep->thin_at)
		return;
	for (i = 0; i < ep->nr_attempts; i++) {
		struct attempt *this = &ep->attempts[i], *other = NULL;

		if (i >= THIN_ENDS && i + THIN_ENDS < ep->nr_attempts && (turn = !turn))
			other = find_alike(ep->attempts, to, this);
		if (other) {
			other->times += this->times;
			if (this->last_ns > other->last_ns)
				other->last_ns = this->last_ns;
		} else {
			ep->attempts[to++] = *this;
		}
	}
	ep->nr_attempts = to;
	/* those that say different things all stay */
	ep->thin_at = to * 3 / 2 > THIN_FROM ? to * 3 / 2 : THIN_FROM;
}
