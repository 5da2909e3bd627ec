// SPDX-License-Identifier: GPL-2.0
/*
 * Open gets: of marked and watched folios, who took the references that are
 * unexpected now, and what becomes of it with each operation.  The gets of one
 * folio are in mm/page_pinner_gets.c; readers are mm/page_pinner_look.c and
 * mm/page_pinner_dump.c.
 *
 * An entry is made when a get leaves more references than mappings, caches and
 * private data account for.  It goes
 *
 * - by a put of the same task and size, the newest first; else of the same
 *   task; else, if more is on record than is left, by the only one of its
 *   size, or the only one at all;
 * - when as many more references are expected as it has (a fault or a fork
 *   takes a reference before it maps the page), the newest first;
 * - when nothing unexpected is left, and when the folio is freed.
 *
 * Where that does not tell which one goes, none does.  Then more is on record
 * than is unexpected: readers see that, and say "one of" these.
 *
 * Nobody can drop a reference before the get that took it has returned.  So
 * entries are made after the operation, when the count is known, and are there
 * before the put that belongs to them.  What an operation finds out from its
 * own count applies to entries that are older than itself: the get of one that
 * overtook it may or may not be in that count.
 *
 * Expected references are read beside the count and not with it.  So nothing
 * is taken away on account of them unless the folio looks the same after the
 * operation, and is not locked: faults that map around, alone, map the page
 * first, under the folio lock, and take their reference then.
 */

#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#include "page_pinner.h"

/* A get or put of a folio, and what it found. */
struct page_pinner_change {
	const struct page_pinner_sample *sample;
	unsigned long pfn;
	u64 start_ns;		/* not after the operation */
	int refs;		/* taken or given back */
	int unexpected;		/* after it */
	int recorded;		/* before it, of those older than it */
	bool ruled;		/* is there a rule for what is expected? */
	bool steady;		/* the folio looks the same after it */
	pid_t pid;		/* of an interrupt: see page_pinner_taker() */
	u8 origin;
};

/*
 * Who it is: the task, or for an interrupt a negative number, the same for all
 * of its kind on this CPU.
 */
static pid_t page_pinner_taker(void)
{
	u8 ctx = page_pinner_ctx();

	if (ctx == PAGE_PINNER_CTX_TASK)
		return task_pid_nr(current);
	return -(raw_smp_processor_id() * 4 + ctx);
}

/* Does the sample belong to the count that the operation left? */
static bool page_pinner_steady(const struct page *page,
			       const struct page_pinner_sample *sample, int count)
{
	struct page_pinner_sample now;

	if (sample->flags & BIT(PG_locked))
		return false;
	page_pinner_sample(page, &now);
	return now.expected == sample->expected && !(now.flags & BIT(PG_locked)) &&
	       page_ref_count(page) == count;
}

static void page_pinner_fill(struct page_pinner_holder *holder,
			     const struct page_pinner_change *change, int excess)
{
	holder->refs = change->refs;
	holder->pid = change->pid;
	holder->ctx = page_pinner_ctx();
	strscpy(holder->comm, change->pid > 0 ? current->comm : "");
	holder->depth = stack_trace_save(holder->stack, ARRAY_SIZE(holder->stack), 0);
	holder->origin = page_pinner_origin(holder->stack, holder->depth);
	/* what is mapped around was expected before it was taken */
	holder->expected = change->sample->expected - max(excess, 0);
	holder->spare = max(change->unexpected - change->recorded - change->refs, 0);
	/* older than no operation that began before it was whole */
	holder->start_ns = local_clock();
}

/* A pin of a small folio is taken in two operations: they are one get. */
static bool page_pinner_joins(const struct page_pinner_change *change)
{
	const struct page_pinner_want first = {
		.before_ns = change->start_ns, .pid = change->pid, .refs = 1,
		.origin = PAGE_PINNER_ORIGIN_OTHER,
	};
	struct page_pinner_holder *holder;
	int i, nr;

	if (change->refs != GUP_PIN_COUNTING_BIAS - 1)
		return false;
	i = page_pinner_find(change->pfn, &first, &nr);
	holder = i < 0 ? NULL : page_pinner_pool_claim(change->pfn, i);
	if (!holder)
		return false;
	/* a task does one thing at a time: the entry is still what was found */
	WRITE_ONCE(holder->refs, GUP_PIN_COUNTING_BIAS);
	page_pinner_pool_release(change->pfn, i, true);
	return true;
}

static void page_pinner_got(struct page_pinner_change *change)
{
	/* accounted for, and no longer among what is unexpected */
	int excess = page_pinner_accounted(change->pfn, change->start_ns) -
		     (change->unexpected - change->refs);
	struct page_pinner_holder *holder;
	unsigned int i;

	if (change->ruled && change->steady && excess > 0) {
		page_pinner_risen(change->pfn, change->sample->expected, excess,
				  change->start_ns);
		change->recorded = page_pinner_recorded(change->pfn, change->start_ns);
	}
	if (change->ruled)
		change->refs = min(change->refs, change->unexpected);
	if (page_pinner_joins(change))
		return;
	holder = page_pinner_pool_add(change->pfn, &i);
	if (!holder)
		return;
	page_pinner_fill(holder, change, change->steady ? 0 : excess);
	page_pinner_count(PAGE_PINNER_STAT_GETS_OPENED);
	page_pinner_pool_release(change->pfn, i, true);
}

/*
 * The entry that a put answers, or -1.  A batch gives back what batches took,
 * whoever drains it, and page tables what was taken for them: no matter which.
 */
static int page_pinner_answered(const struct page_pinner_change *change, int left)
{
	struct page_pinner_want want = {
		.before_ns = change->start_ns, .pid = change->pid,
		.refs = change->refs, .origin = change->origin,
	};
	/* references without an entry, before this put */
	int spare = left + change->refs - change->recorded;
	const struct page_pinner_holder *holder;
	bool more = !change->ruled || change->recorded > left;
	int found, nr;

	if (change->origin != PAGE_PINNER_ORIGIN_OTHER) {
		want.pid = 0;
		found = page_pinner_find(change->pfn, &want, &nr);
		/* with all that was there, too, there is one too many now */
		more |= page_pinner_accounted(change->pfn, change->start_ns) > left;
		return more || change->origin == PAGE_PINNER_ORIGIN_BATCH ? found : -1;
	}

	found = page_pinner_find(change->pfn, &want, &nr);
	if (found < 0) {
		want.refs = 0;
		found = page_pinner_find(change->pfn, &want, &nr);
	}
	holder = found < 0 ? NULL : page_pinner_pool_peek(change->pfn, found);
	/*
	 * Less is expected than at that get, and more is without an entry: some
	 * mapping or cache gave its reference up since, and this may be its put.
	 * The second alone says nothing of the kind: another CPU may have taken
	 * one, whose entry is not made yet, or found no room.
	 */
	if (holder && change->ruled && !more && change->steady &&
	    change->sample->expected < READ_ONCE(holder->expected) &&
	    spare > READ_ONCE(holder->spare))
		found = -1;
	if (found >= 0)
		return found;
	/* nor does it say which is left over while others take and give back */
	if (!more || (change->ruled && !change->steady))
		return -1;

	want.pid = 0;
	want.refs = change->refs;
	found = page_pinner_find(change->pfn, &want, &nr);
	if (!nr) {
		want.refs = 0;
		found = page_pinner_find(change->pfn, &want, &nr);
	}
	return nr == 1 ? found : -1;
}

/*
 * The usual put: something on record is given back, all of it is somebody's,
 * and the task that puts took as much.  Then nobody has to look at its stack.
 */
static bool page_pinner_gave_its_own(const struct page_pinner_change *change)
{
	const struct page_pinner_want own = {
		.before_ns = change->start_ns, .pid = change->pid, .refs = change->refs,
		.origin = PAGE_PINNER_ORIGIN_OTHER,
	};
	const struct page_pinner_want others = {
		.before_ns = PAGE_PINNER_EVER, .origin = PAGE_PINNER_ORIGIN_OTHER,
	};
	const struct page_pinner_want all = { .before_ns = PAGE_PINNER_EVER, .origin = -1 };
	int found, nr_others, nr_all, nr;

	if (!change->ruled || change->recorded <= change->unexpected)
		return false;
	found = page_pinner_find(change->pfn, &own, &nr);
	if (found < 0)
		return false;
	page_pinner_find(change->pfn, &others, &nr_others);
	page_pinner_find(change->pfn, &all, &nr_all);
	return nr_others == nr_all &&
	       page_pinner_close(change->pfn, found, change->refs) == change->refs;
}

static void page_pinner_gave(struct page_pinner_change *change)
{
	int left = change->unexpected, tries = PAGE_PINNER_WINDOW, found, excess;
	unsigned long stack[PAGE_PINNER_HOLDER_DEPTH];

	excess = page_pinner_accounted(change->pfn, change->start_ns) - (left + change->refs);
	if (change->ruled && change->steady && excess > 0) {
		page_pinner_risen(change->pfn, change->sample->expected, excess,
				  change->start_ns);
		change->recorded = page_pinner_recorded(change->pfn, change->start_ns);
	}
	if (page_pinner_gave_its_own(change))
		return;

	change->origin = page_pinner_origin(stack, stack_trace_save(stack, ARRAY_SIZE(stack), 0));
	while (change->refs && tries--) {
		found = page_pinner_answered(change, left);
		if (found < 0)
			break;
		change->refs -= page_pinner_close(change->pfn, found, change->refs);
		change->recorded = page_pinner_recorded(change->pfn, change->start_ns);
	}
	if (change->refs && page_pinner_pool_busy(change->pfn))
		page_pinner_count(PAGE_PINNER_STAT_GETS_BUSY);
}

/**
 * page_pinner_holders_account - keep the open gets of a folio
 * @page: its head
 * @sample: how it looked while the operation's references were held
 * @delta: references taken (> 0) or given back (< 0)
 * @count: after the operation
 * @start_ns: local_clock(), not after the operation
 *
 * Not for a freeze, which has all references, nor for what gives them back.
 *
 * Context: any, inside the RCU section of the operation.
 */
void page_pinner_holders_account(const struct page *page,
				 const struct page_pinner_sample *sample,
				 int delta, int count, u64 start_ns)
{
	bool ruled = sample->expected >= 0;
	struct page_pinner_change change = {
		.sample = sample,
		.pfn = page_to_pfn(page),
		.start_ns = start_ns,
		.refs = abs(delta),
		.unexpected = ruled ? count - sample->expected : count,
		.ruled = ruled,
		.pid = page_pinner_taker(),
	};

	change.recorded = page_pinner_recorded(change.pfn, start_ns);
	if (change.recorded)
		change.steady = page_pinner_steady(page, sample, count);
	if (ruled && change.unexpected <= 0) {
		/* else another CPU is at work, whose next operation will tell */
		if (change.steady)
			page_pinner_holders_settle(change.pfn, start_ns);
		else if (delta < 0 && change.recorded)
			page_pinner_gave(&change);
		return;
	}
	if (delta > 0)
		page_pinner_got(&change);
	else if (delta < 0 && change.recorded)
		page_pinner_gave(&change);
	if (ruled && change.recorded && change.steady)
		page_pinner_spare(change.pfn,
				  max(count - sample->expected -
				      page_pinner_recorded(change.pfn, PAGE_PINNER_EVER), 0));
}
