// SPDX-License-Identifier: GPL-2.0
/*
 * The budgets of page_pinner: which get and put events of a hot folio are
 * written.
 *
 * The first max_events of a mark are.  Most of what comes after that are
 * repetitions: a task that takes and gives back the same references again and
 * again, as memory offlining and long-term pins do while they retry.  They are
 * suppressed, but only where they cancel out: what one task took, the same
 * task gave back, and neither the count nor what is expected of it is another
 * one than before.  That is counted (@skipped of the events), so that a reader
 * can tell it from a loss.
 *
 * Until a stretch of operations cancels out it is kept.  If somebody else's
 * event comes in between, or a failure is told, the task writes what it has
 * kept (@late) before its next event: the story of that moment is complete.
 *
 * What cannot be kept has a rate for each folio and task, so that neither a
 * hot folio nor a hot task hides the events of another one.
 */

#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/page_pinner.h>
#include <linux/sched.h>
#include <trace/events/page_pinner.h>

#include "page_pinner.h"

/* === Rates ================================================================ */

/* Events a second of one task on one marked, on one watched folio. */
#define PAGE_PINNER_RATE_MARKED		64
#define PAGE_PINNER_RATE_WATCHED	256

#define PAGE_PINNER_RATE_BITS		11
#define PAGE_PINNER_RATE_WAYS		4

struct page_pinner_rate {
	atomic64_t key;
	u32 second;
	u32 count;
};

static struct page_pinner_rate page_pinner_rates[1 << PAGE_PINNER_RATE_BITS];

/* Whoever acts here: the task, or the interrupt that has none. */
static u32 page_pinner_actor(u8 ctx)
{
	/* no task has such a number */
	return ctx == PAGE_PINNER_CTX_TASK ? current->pid : ~(u32)ctx;
}

static u32 page_pinner_second(void)
{
	return jiffies / HZ;
}

/* The rate of @key; NULL where all that it could be are in use by others. */
static struct page_pinner_rate *page_pinner_rate_get(u64 key)
{
	unsigned int base = hash_64(key, PAGE_PINNER_RATE_BITS), i;
	u32 now = page_pinner_second();

	for (i = 0; i < PAGE_PINNER_RATE_WAYS; i++) {
		struct page_pinner_rate *rate = &page_pinner_rates[base ^ i];
		s64 old = atomic64_read(&rate->key);

		if (old == key)
			return rate;
		if (READ_ONCE(rate->second) != now &&
		    atomic64_try_cmpxchg(&rate->key, &old, key)) {
			WRITE_ONCE(rate->count, 0);
			WRITE_ONCE(rate->second, now);
			return rate;
		}
	}
	return NULL;
}

/* Without a rate of its own an event is written: nobody is to be hidden. */
static bool page_pinner_rate_allows(u64 key, u32 most)
{
	struct page_pinner_rate *rate = page_pinner_rate_get(key);
	u32 now = page_pinner_second();

	if (!rate)
		return true;
	/* two that race may get one number: one event more */
	if (READ_ONCE(rate->second) != now) {
		WRITE_ONCE(rate->second, now);
		WRITE_ONCE(rate->count, 0);
	}
	if (READ_ONCE(rate->count) >= most)
		return false;
	WRITE_ONCE(rate->count, READ_ONCE(rate->count) + 1);
	return true;
}

/**
 * page_pinner_budget_watched - may an event of a watched folio be written?
 * @pfn: of the folio, which has no mark
 * @ctx: &enum page_pinner_ctx
 *
 * Context: any.
 * Return: true if so.
 */
bool page_pinner_budget_watched(unsigned long pfn, u8 ctx)
{
	/* the upper bit keeps PFNs apart from the ids of marks; PIDs have 22 bits */
	u64 key = BIT_ULL(63) | (u64)pfn << 22 | (page_pinner_actor(ctx) & GENMASK(21, 0));

	return page_pinner_rate_allows(key, PAGE_PINNER_RATE_WATCHED);
}

/* === Stretches ============================================================ */

/* So many operations of one task may wait for those that cancel them. */
#define PAGE_PINNER_STRETCH_OPS		8
#define PAGE_PINNER_STRETCH_BITS	6
#define PAGE_PINNER_STRETCH_WAYS	4

/**
 * struct page_pinner_stretch - what one task did to one folio, not yet written
 * @busy: bit 0: somebody is at it; who finds it set does without
 * @nr: of @ops
 * @pid: whose it is, in task context
 * @id: of the mark, 0: nobody's
 * @second: when it was last used; others may take it when that is past
 * @logged: events of the mark when the first of @ops came
 * @expected: references expected before the first of @ops
 * @net: references taken and not given back, up to each of @ops
 * @ops: as they would have been written
 */
struct page_pinner_stretch {
	unsigned long busy;
	unsigned int nr;
	pid_t pid;
	u32 id;
	u32 second;
	u32 logged;
	int expected;
	int net[PAGE_PINNER_STRETCH_OPS];
	struct page_pinner_ref ops[PAGE_PINNER_STRETCH_OPS];
};

static struct page_pinner_stretch page_pinner_stretches[1 << PAGE_PINNER_STRETCH_BITS];

/*
 * The stretch of this task on the folio marked @id, busy.  If it has none and
 * @create is set, one that nobody uses any more is made its own, and *@fresh is
 * true.  NULL: there is none.
 */
static struct page_pinner_stretch *page_pinner_stretch_lock(u32 id, bool create, bool *fresh)
{
	unsigned int base = hash_32(id ^ hash_32(current->pid, 32), PAGE_PINNER_STRETCH_BITS);
	u32 now = page_pinner_second();
	unsigned int i;

	*fresh = false;
	for (i = 0; i < 2 * PAGE_PINNER_STRETCH_WAYS; i++) {
		unsigned int way = i % PAGE_PINNER_STRETCH_WAYS;
		struct page_pinner_stretch *stretch = &page_pinner_stretches[base ^ way];
		bool ours;

		/* first round: ours; second: one to be had */
		if (i == PAGE_PINNER_STRETCH_WAYS && !create)
			return NULL;
		if (test_and_set_bit_lock(0, &stretch->busy))
			continue;
		ours = stretch->id == id && stretch->pid == current->pid;
		if (!ours && i >= PAGE_PINNER_STRETCH_WAYS &&
		    (!stretch->id || now - stretch->second > 1)) {
			/* what it held stays in @dropped, and is not @skipped */
			stretch->id = id;
			stretch->pid = current->pid;
			stretch->nr = 0;
			*fresh = true;
			ours = true;
		}
		if (ours) {
			stretch->second = now;
			return stretch;
		}
		clear_bit_unlock(0, &stretch->busy);
	}
	return NULL;
}

static void page_pinner_stretch_unlock(struct page_pinner_stretch *stretch)
{
	clear_bit_unlock(0, &stretch->busy);
}

/* Write what is kept: it did not cancel out. */
static void page_pinner_stretch_tell(struct page_pinner_stretch *stretch,
				     struct page_pinner_mark *mark)
{
	unsigned int i;

	for (i = 0; i < stretch->nr; i++) {
		struct page_pinner_ref *ref = &stretch->ops[i];

		if (!page_pinner_tally(&mark->dropped, ref->id, -1))
			continue;
		this_cpu_dec(page_pinner_stat[PAGE_PINNER_STAT_DROPPED]);
		ref->late = true;
		page_pinner_ref_write(ref, mark);
	}
	stretch->nr = 0;
}

/*
 * Keep @ref.  Where it brings back the state after an earlier operation, what
 * lies between cancels out, and is counted instead.  Returns false where it
 * cannot be kept: it gives back what was not taken here, or there is no room.
 */
static bool page_pinner_stretch_keep(struct page_pinner_stretch *stretch,
				     struct page_pinner_mark *mark,
				     const struct page_pinner_ref *ref)
{
	int net = ref->delta + (stretch->nr ? stretch->net[stretch->nr - 1] : 0);
	unsigned int i;

	if (net < 0)
		return false;
	if (!stretch->nr) {
		stretch->logged = page_pinner_ticks(&mark->logged);
		stretch->expected = ref->expected;
	}
	for (i = 0; i < stretch->nr; i++) {
		if (net == (i ? stretch->net[i - 1] : 0) &&
		    ref->expected == (i ? stretch->ops[i - 1].expected : stretch->expected)) {
			page_pinner_tally(&mark->skipped, ref->id, stretch->nr - i + 1);
			stretch->nr = i;
			return true;
		}
	}
	if (stretch->nr == PAGE_PINNER_STRETCH_OPS)
		return false;
	stretch->ops[stretch->nr] = *ref;
	stretch->net[stretch->nr] = net;
	stretch->nr++;
	return true;
}

/* === Marks ================================================================ */

static bool page_pinner_budget_rate(const struct page_pinner_ref *ref)
{
	return page_pinner_rate_allows((u64)ref->id << 32 | page_pinner_actor(ref->ctx),
				       PAGE_PINNER_RATE_MARKED);
}

/**
 * page_pinner_budget_marked - may an event of a marked folio be written?
 * @ref: the event
 * @mark: whose id it has
 * @must: it has to be
 *
 * What this task has kept is written first if it has to be.
 *
 * Context: any.
 * Return: true if so.
 */
bool page_pinner_budget_marked(const struct page_pinner_ref *ref,
			       struct page_pinner_mark *mark, bool must)
{
	struct page_pinner_stretch *stretch = NULL;
	bool fresh, may, kept = false;

	if (page_pinner_ticks(&mark->logged) < READ_ONCE(page_pinner_ctl.max_events))
		return true;
	/* what an interrupt takes, whoever comes next in one gives back */
	if (ref->ctx == PAGE_PINNER_CTX_TASK && ref->seq)
		stretch = page_pinner_stretch_lock(ref->id, !must, &fresh);
	if (stretch) {
		if (stretch->nr && stretch->logged != page_pinner_ticks(&mark->logged))
			page_pinner_stretch_tell(stretch, mark);
		/* whom we see for the first time is not repeating himself */
		kept = !must && !fresh && page_pinner_stretch_keep(stretch, mark, ref);
	}
	may = must || (!kept && page_pinner_budget_rate(ref));
	if (stretch) {
		if (may)
			page_pinner_stretch_tell(stretch, mark);
		page_pinner_stretch_unlock(stretch);
	}
	return may;
}

/**
 * page_pinner_budget_tell - write what this task has kept of a folio
 * @found: its mark
 *
 * Before a failure is told: its counts include what was kept.
 *
 * Context: any.
 */
void page_pinner_budget_tell(const struct page_pinner_found *found)
{
	struct page_pinner_stretch *stretch;
	bool fresh;

	if (page_pinner_ctx() != PAGE_PINNER_CTX_TASK)
		return;
	stretch = page_pinner_stretch_lock(found->id, false, &fresh);
	if (!stretch)
		return;
	page_pinner_stretch_tell(stretch, found->mark);
	page_pinner_stretch_unlock(stretch);
}
