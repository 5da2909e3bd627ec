// SPDX-License-Identifier: GPL-2.0
/*
 * Bounding the memory of an episode; see forget.h.
 */
#include "judge/forget.h"

#include <stdlib.h>
#include <string.h>

#include "judge/balance.h"
#include "judge/pair.h"
#include "util.h"

/* Below so many ops it is not worth the while. */
#define FORGET_FROM 512

/* Calls that begin and end with nothing in between are looked for so often. */
#define SHORT_FROM 24
#define SHORT_TAIL 16

/* The second part of a fast FOLL_PIN of a small folio: it is no get of its own. */
#define PIN_PART 1023

/* Ops this close to the end can still be moved when the order is restored. */
#define FORGET_TAIL 64

struct kept {
	uint32_t task;
	const char *class;
};

struct forget {
	struct episode *ep;
	struct findings *f;
	struct classifier *cl;
	struct pairing pairing;
	unsigned int *uses;	/* spans that an op is part of */
	bool *drop;		/* ops */
	struct kept *kept;
	size_t nr_kept, room_kept;
};

static bool in_the_way(const struct episode *ep, const struct span *span)
{
	size_t i;

	for (i = 0; i < ep->nr_attempts; i++)
		if (span->get < ep->attempts[i].pos && span->put >= ep->attempts[i].pos)
			return true;
	return false;
}

static bool first_of_its_kind(struct forget *fg, size_t get, const char *class)
{
	struct kept kept = { fg->ep->ops[get].task, class };
	size_t i;

	for (i = 0; i < fg->nr_kept; i++)
		if (fg->kept[i].task == kept.task && !strcmp(fg->kept[i].class, kept.class))
			return false;
	VEC_PUSH(fg->kept, fg->nr_kept, fg->room_kept, kept);
	return true;
}

/*
 * A pair that would be found again and again, whatever else is there: one task,
 * one class, the whole of both ops.
 */
static bool forgettable(struct forget *fg, const struct span *span)
{
	const struct op *ops = fg->ep->ops;
	size_t end = fg->ep->nr_ops - FORGET_TAIL;

	if (span->get == NO_OP || span->put == NO_OP || span->get >= end || span->put >= end ||
	    span->how != MATCH_TASK_CLASS || span->task_unsure || span->function_unsure)
		return false;
	if (fg->uses[span->get] != 1 || fg->uses[span->put] != 1 ||
	    -ops[span->put].delta != span->units ||
	    ops[span->get].expected != ops[span->put].expected)
		return false;
	return !in_the_way(fg->ep, span) && !first_of_its_kind(fg, span->get, span->class);
}

static void choose(struct forget *fg)
{
	size_t i;

	for (i = 0; i < fg->pairing.nr; i++) {
		const struct span *span = &fg->pairing.spans[i];

		if (span->get != NO_OP)
			fg->uses[span->get]++;
		if (span->put != NO_OP)
			fg->uses[span->put]++;
	}
	for (i = 0; i < fg->pairing.nr; i++) {
		const struct span *span = &fg->pairing.spans[i];

		if (!forgettable(fg, span))
			continue;
		fg->drop[span->get] = fg->drop[span->put] = true;
		if (span->more != NO_OP)
			fg->drop[span->more] = true;
		fg->f->paired++;
		balance_pair(fg->ep, span, fg->cl, fg->f);
		if (span->role != ROLE_HOLDER)
			findings_noise(fg->f, span->class, fg->ep->pfn, 2);
	}
}

/* What is left of the ordered part chains with nothing any more. */
static void squeeze(struct forget *fg)
{
	struct episode *ep = fg->ep;
	size_t i, k, to = 0, attempt = 0;

	for (i = 0; i <= ep->nr_ops; i++) {
		for (; attempt < ep->nr_attempts && ep->attempts[attempt].pos == i; attempt++)
			ep->attempts[attempt].pos = to;
		if (i == ep->nr_ops || fg->drop[i])
			continue;
		k = to++;
		ep->ops[k] = ep->ops[i];
		if (i <= ep->nr_ops - FORGET_TAIL)
			ep->ops[k].cut = true;
	}
	ep->forgotten += ep->nr_ops - to;
	ep->nr_ops = to;
}

/* The ordered part is left for good: note what only its ops can tell. */
static void order_for_good(struct episode *ep)
{
	size_t all = ep->nr_ops, i;

	ep->nr_ops -= FORGET_TAIL;
	ep->gaps = episode_order(ep);
	for (i = 0; i < ep->nr_attempts; i++) {
		struct attempt *attempt = &ep->attempts[i];

		if (attempt->pos < ep->nr_ops && !attempt->gap_known) {
			attempt->gap = episode_gap(ep, attempt);
			attempt->gap_known = true;
		}
	}
	ep->nr_ops = all;
}

/* Does an op follow the one before it with nothing missing between them? */
static bool follows(const struct op *before, const struct op *op)
{
	return !op->cut && !op->missing && !op->seq && episode_found(op) == before->refcount;
}

/* One call of one task: it took a reference and gave it back. */
static bool is_call(struct forget *fg, const struct op *get, const struct op *put)
{
	const struct stack_class *took, *gives;

	if (get->delta <= 0 || put->delta != -get->delta || get->task != put->task ||
	    get->atomic || put->atomic || get->expected != put->expected ||
	    get->told != put->told || (!fg->ep->order && get->delta % PIN_PART == 0) ||
	    !follows(get - 1, get) || !follows(get, put))
		return false;
	took = classify_stack(fg->cl, get->stack, RULE_GET);
	gives = classify_stack(fg->cl, put->stack, RULE_PUT);
	return took->class == gives->class && took->module == gives->module &&
	       took->role == gives->role &&
	       (took->role != ROLE_BRIEF || classify_nested(fg->cl, get->stack, put->stack));
}

static void forget_call(struct forget *fg, size_t get, const struct stack_class *took)
{
	struct span span = { .get = get, .put = get + 1, .units = fg->ep->ops[get].delta };

	fg->f->paired++;
	balance_pair(fg->ep, &span, fg->cl, fg->f);
	if (took->role == ROLE_HOLDER)
		return;
	findings_noise(fg->f, took->class, fg->ep->pfn, 2);
}

/*
 * Most of what is recorded of a watched folio are calls with nothing in between.
 * Without them the counts chain as before: they are found by looking at each op
 * once, and need no order to be restored.
 */
static void find_calls(struct forget *fg, size_t end)
{
	struct episode *ep = fg->ep;
	size_t i, to = 0;

	for (i = 0; i < ep->nr_ops; i++) {
		const struct stack_class *took;
		const struct op *get;

		ep->ops[to++] = ep->ops[i];
		get = to < 3 || i >= end ? NULL : &ep->ops[to - 2];
		if (!get || !is_call(fg, get, get + 1))
			continue;
		took = classify_stack(fg->cl, get->stack, RULE_GET);
		if (first_of_its_kind(fg, to - 2, took->class))
			continue;
		to -= 2;
		forget_call(fg, to, took);
	}
	ep->forgotten += ep->nr_ops - to;
	ep->nr_ops = to;
	free(fg->kept);
	fg->kept = NULL;
	fg->nr_kept = fg->room_kept = 0;
}

void forget_calls(struct episode *ep, struct classifier *cl, struct findings *f)
{
	struct forget fg = { .ep = ep, .f = f, .cl = cl };

	if (!ep->nr_attempts)
		find_calls(&fg, ep->nr_ops);
}

void forget_pairs(struct episode *ep, struct classifier *cl, struct findings *f)
{
	struct forget fg = { .ep = ep, .f = f, .cl = cl };
	size_t all;

	if (!ep->forget_at)
		ep->forget_at = SHORT_FROM;
	if (ep->nr_ops < ep->forget_at)
		return;
	if (!ep->nr_attempts)
		find_calls(&fg, ep->nr_ops - SHORT_TAIL);
	all = ep->nr_ops;
	if (all < FORGET_FROM) {
		ep->forget_at = all * 3 / 2 > SHORT_FROM ? all * 3 / 2 : SHORT_FROM;
		return;
	}
	ep->forget_at = all + FORGET_FROM;
	/* Gaps behind the ordered part are counted when their turn comes. */
	if (ep->nr_attempts && ep->attempts[ep->nr_attempts - 1].pos + FORGET_TAIL > all)
		return;
	order_for_good(ep);
	pair_episode(ep, cl, &fg.pairing);
	fg.uses = xzalloc(all * sizeof(*fg.uses));
	fg.drop = xzalloc(all * sizeof(*fg.drop));
	choose(&fg);
	squeeze(&fg);
	ep->forget_at = ep->nr_ops * 2 > FORGET_FROM ? ep->nr_ops * 2 : FORGET_FROM;
	free(fg.uses);
	free(fg.drop);
	free(fg.kept);
	pairing_free(&fg.pairing);
}

/*
 * A count of zero, or a freeze, leaves nobody's references but those of whoever
 * does it, and these are not unexpected: what was taken before and is not given
 * back on record is over.
 */
static size_t last_zero(const struct episode *ep)
{
	size_t i = ep->nr_ops;

	/* nor is any left where no more are there than are expected */
	if (ep->ended && ep->end_expected >= 0 && ep->end_count <= ep->end_expected)
		return i;
	while (i > 0 && ep->ops[i - 1].refcount)
		i--;
	return i;
}

void forget_mark(struct episode *ep, struct classifier *cl)
{
	struct pairing pairing;
	struct op *ops = NULL, op;
	size_t nr = 0, room = 0, zero = last_zero(ep), i;

	pair_episode(ep, cl, &pairing);
	for (i = 0; i < pairing.nr; i++) {
		const struct span *span = &pairing.spans[i];

		if (span->get == NO_OP || span->put != NO_OP)
			continue;
		if (span->get < zero)
			continue;
		op = ep->ops[span->get];
		op.delta = span->units;
		op.cut = true;
		VEC_PUSH(ops, nr, room, op);
	}
	pairing_free(&pairing);
	free(ep->ops);
	ep->ops = ops;
	ep->nr_ops = nr;
	ep->room_ops = room;
	ep->nr_attempts = 0;
	ep->id = 0;
	ep->gaps = 0;
	ep->dropped = 0;
	ep->seen = 0;
	ep->begun = false;
	ep->forgotten = 0;
	ep->forget_at = ep->thin_at = 0;
	ep->ended = ep->holed = ep->late = false;
	ep->max_seq = ep->max_skipped = ep->missing = 0;
	ep->unvalued = 0;
	for (i = 0; i < nr; i++)
		ep->unvalued += ops[i].expected < 0;
}
