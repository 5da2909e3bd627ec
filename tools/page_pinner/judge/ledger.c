// SPDX-License-Identifier: GPL-2.0
/*
 * Episodes under way; see ledger.h.
 *
 * A page has at most one, found by PFN; its mark, if it has one, finds it too.
 * A new mark of the same PFN therefore ends what an older one left behind.
 */
#include "judge/ledger.h"

#include <stdlib.h>

#include "judge/balance.h"
#include "judge/deduce.h"
#include "judge/forget.h"
#include "judge/fold.h"
#include "judge/thin.h"
#include "judge/unmarked.h"
#include "util.h"

/* So many episodes wait for what comes behind their end. */
#define LATE_MAX 64

struct ledger {
	struct trace *trace;
	struct classifier *cl;
	struct findings *findings;
	struct unmarked *unmarked;
	struct folding *folding;
	ledger_watcher watcher;
	void *watcher_ctx;
	bool keep_all;		/* the watcher wants to see every op */
	struct map by_pfn;
	uint64_t late[LATE_MAX];	/* pages whose episodes wait, in turn */
	size_t nr_late;
	uint64_t *holes;	/* where each hole begins */
	size_t nr_holes, room_holes;
};

struct ledger *ledger_new(struct trace *trace, struct classifier *cl,
			  struct findings *findings)
{
	struct ledger *ledger = xzalloc(sizeof(*ledger));

	ledger->trace = trace;
	ledger->cl = cl;
	ledger->findings = findings;
	ledger->unmarked = unmarked_new(cl, findings);
	ledger->folding = folding_new(findings);
	return ledger;
}

void ledger_watch(struct ledger *ledger, ledger_watcher watcher, void *ctx)
{
	ledger->watcher = watcher;
	ledger->watcher_ctx = ctx;
	ledger->keep_all = true;
}

/*
 * What is under way is touched by a hole, and so is what ended during it: the
 * record that tells of a hole is the first one behind it.  Before a failure only
 * the gets are lost to it, not the verdict.  There may be many holes and many
 * episodes: each looks at those that came since it was touched last.
 */
static void note_holes(struct ledger *ledger, struct episode *ep)
{
	for (; ep->holes < ledger->nr_holes; ep->holes++) {
		if (!ep->nr_attempts)
			ep->nr_ops = 0;
		else if (!ep->late || ep->end >= ledger->holes[ep->holes])
			ep->holed = true;
		if (!ep->late)
			ep->holes = ledger->nr_holes - 1;
	}
}

static void judge_episode(struct ledger *ledger, struct episode *ep, bool over)
{
	struct pairing pairing;
	size_t gaps = episode_order(ep), before = ledger->findings->nr_failures;

	pair_episode(ep, ledger->cl, &pairing);
	deduce_episode(ep, gaps, &pairing, ledger->cl, ledger->trace, ledger->findings);
	folding_take(ledger->folding, before);
	balance_take(ep, &pairing, ledger->cl, ledger->findings);
	if (over)
		balance_open(ep, &pairing, ledger->cl, ledger->findings);
	if (ledger->watcher)
		ledger->watcher(ledger->watcher_ctx, ep, &pairing);
	pairing_free(&pairing);
}

/*
 * The kernel says how many events it wrote under this mark.  Were there more
 * than we read, some were lost, whatever the recorder says.
 */
static void find_silent_loss(struct ledger *ledger, struct episode *ep)
{
	if (!ep->ended || !ep->id || !ep->begun || ep->seen >= ep->logged)
		return;
	if (!ep->holed)
		ledger->trace->lost += ep->logged - ep->seen;
	ep->holed = true;
}

static void close_episode(struct ledger *ledger, struct episode *ep)
{
	map_del(&ledger->by_pfn, ep->pfn);
	note_holes(ledger, ep);
	find_silent_loss(ledger, ep);
	if (!ledger->keep_all)
		forget_calls(ep, ledger->cl, ledger->findings);
	judge_episode(ledger, ep, true);
	episode_free(ep);
}

/*
 * The mark is over.  A folio that is watched and lives on keeps the gets that
 * are still open: they are the proof when it fails again.
 *
 * Return: its episode then, else NULL.
 */
static struct episode *end_mark(struct ledger *ledger, struct episode *ep)
{
	ep->late = false;
	if (!ep->watched || ep->why == WHY_FREED) {
		close_episode(ledger, ep);
		return NULL;
	}
	find_silent_loss(ledger, ep);
	judge_episode(ledger, ep, false);
	forget_mark(ep, ledger->cl);
	ep->watch_count = ep->end_count;
	ep->watch_known = true;
	ep->began = 0;
	return ep;
}

/*
 * CPUs write on their own: the end of a mark may be read before the failure that
 * set it, or before the last changes under it.  Such an episode waits, but not
 * for ever.
 */
static void wait_for_late(struct ledger *ledger, struct episode *ep)
{
	size_t place = ledger->nr_late++ % LATE_MAX;
	struct episode *old = map_get(&ledger->by_pfn, ledger->late[place]);

	ep->late = true;
	if (old && old != ep && old->late) {
		note_holes(ledger, old);
		end_mark(ledger, old);
	}
	ledger->late[place] = ep->pfn;
}

static struct episode *episode_for(struct ledger *ledger, const struct pin_event *ev)
{
	struct episode *ep = map_get(&ledger->by_pfn, ev->pfn);

	if (ep)
		note_holes(ledger, ep);
	if (ep && ep->late && ep->id != ev->id) {
		ep = end_mark(ledger, ep);
	} else if (ep && ep->id && ev->id && ep->id != ev->id) {
		/* Its end is not on record: it did not end with the trace. */
		ep->ended = true;
		ep->why = WHY_CLEARED;
		ep->end_count = ep->last.refcount;
		ep->end_expected = ep->last.expected;
		ep = end_mark(ledger, ep);
	}
	if (!ep) {
		ep = episode_new(ev->pfn, ev->id);
		ep->holes = ledger->nr_holes;
		map_put(&ledger->by_pfn, ev->pfn, ep);
	}
	if (!ev->id) {
		ep->watched = true;
	} else if (ep->id != ev->id) {
		ep->id = ev->id;
		ep->seen = 0;
		ep->begun = false;
	}
	return ep;
}

static void feed_op(struct ledger *ledger, const struct pin_event *ev)
{
	unsigned int dir = ev->type == PIN_GET ? RULE_GET : RULE_PUT;
	unsigned int context = classify_stack(ledger->cl, ev->stack, dir)->context;
	struct episode *ep = episode_for(ledger, ev);
	struct pin_event copy = *ev;

	/* where neither the event nor the recorder says so, the stack tells of an interrupt */
	if (!(ev->has & HAS_CTX))
		copy.atomic |= (context & CONTEXT_INTERRUPT) != 0;
	if (!copy.atomic && context & CONTEXT_EXIT)
		map_put(&ledger->findings->exits, ev->task + 1ull, ledger);
	episode_op(ep, &copy);
	if (!ledger->keep_all)
		forget_pairs(ep, ledger->cl, ledger->findings);
}

static void feed_fail(struct ledger *ledger, const struct pin_event *ev)
{
	struct episode *ep;

	if (!ev->id) {
		unmarked_feed(ledger->unmarked, ev);
		return;
	}
	ep = episode_for(ledger, ev);
	episode_attempt(ep, ev);
	if (!ledger->keep_all)
		thin_attempts(ep);
	if (ep->late && !ep->missing)
		end_mark(ledger, ep);
}

static void feed_unmark(struct ledger *ledger, const struct pin_event *ev)
{
	struct episode *ep = map_get(&ledger->by_pfn, ev->pfn);

	if (!ep || (ev->id && ep->id && ep->id != ev->id))
		return;
	note_holes(ledger, ep);
	ledger->findings->ends++;
	episode_end(ep, ev);
	if (ep->id && (ep->missing || ep->dropped || (!ep->nr_attempts && ep->nr_ops)))
		wait_for_late(ledger, ep);
	else
		end_mark(ledger, ep);
}

static void feed_lost(struct ledger *ledger, const struct pin_event *ev)
{
	VEC_PUSH(ledger->holes, ledger->nr_holes, ledger->room_holes, ev->from_ns);
	findings_lost(ledger->findings, ev->from_ns, ev->ts);
	folding_lost(ledger->folding, ev->from_ns);
}

void ledger_feed(void *ctx, const struct pin_event *ev)
{
	struct ledger *ledger = ctx;

	if (ev->type != PIN_LOST) {
		ledger->trace->events++;
		ledger->trace->no_stacks += !ev->stack && ev->type != PIN_UNMARK;
	}
	switch (ev->type) {
	case PIN_FAIL:
		feed_fail(ledger, ev);
		break;
	case PIN_GET:
	case PIN_PUT:
		*(ev->type == PIN_GET ? &ledger->findings->gets : &ledger->findings->puts) += 1;
		feed_op(ledger, ev);
		break;
	case PIN_UNMARK:
		feed_unmark(ledger, ev);
		break;
	case PIN_LOST:
		feed_lost(ledger, ev);
		break;
	}
}

static int by_age(const void *a, const void *b)
{
	const struct episode *const *x = a, *const *y = b;

	if ((*x)->began != (*y)->began)
		return (*x)->began < (*y)->began ? -1 : 1;
	return (*x)->pfn < (*y)->pfn ? -1 : (*x)->pfn > (*y)->pfn;
}

void ledger_finish(struct ledger *ledger)
{
	struct episode **all = NULL;
	size_t nr = 0, room = 0, i;

	for (i = 0; i < ledger->by_pfn.room; i++)
		if (ledger->by_pfn.slots[i].value)
			VEC_PUSH(all, nr, room, ledger->by_pfn.slots[i].value);
	if (nr)
		qsort(all, nr, sizeof(*all), by_age);
	for (i = 0; i < nr; i++)
		close_episode(ledger, all[i]);
	free(all);
	findings_apply_losses(ledger->findings);
	findings_note_exits(ledger->findings);
}

void ledger_free(struct ledger *ledger)
{
	size_t i;

	if (!ledger)
		return;
	for (i = 0; i < ledger->by_pfn.room; i++)
		episode_free(ledger->by_pfn.slots[i].value);
	map_free(&ledger->by_pfn);
	unmarked_free(ledger->unmarked);
	folding_free(ledger->folding);
	free(ledger->holes);
	free(ledger);
}
