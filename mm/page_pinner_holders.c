// SPDX-License-Identifier: GPL-2.0
/*
 * Open gets: of marked and watched folios, who took the references that are
 * unexpected now.  Readers are mm/page_pinner_scan.c and mm/page_pinner_dump.c.
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

/* All that is on record, older than what is under way or not. */
#define PAGE_PINNER_EVER	U64_MAX

/* === Entries of one folio ================================================= */

/* References on record, of gets that ended before @before_ns. */
static int page_pinner_recorded(unsigned long pfn, u64 before_ns)
{
	unsigned int i;
	int refs = 0;

	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);

		if (holder && READ_ONCE(holder->start_ns) <= before_ns)
			refs += READ_ONCE(holder->refs);
	}
	return refs;
}

/* Take up to @refs from an entry.  Returns how many; 0 if it is no longer there. */
static int page_pinner_close(unsigned long pfn, unsigned int i, int refs)
{
	struct page_pinner_holder *holder = page_pinner_pool_claim(pfn, i);

	if (!holder)
		return 0;
	refs = min(refs, holder->refs);
	WRITE_ONCE(holder->refs, holder->refs - refs);
	if (!holder->refs)
		page_pinner_count(PAGE_PINNER_STAT_GETS_CLOSED);
	page_pinner_pool_release(pfn, i, holder->refs);
	return refs;
}

/* So many references are not on record: for entries that think of more. */
static void page_pinner_spare(unsigned long pfn, int spare)
{
	unsigned int i;

	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);

		/* a new owner of the entry has a better number, and writes it last */
		if (holder && READ_ONCE(holder->spare) > spare)
			WRITE_ONCE(holder->spare, spare);
	}
}

/*
 * Unexpected references that are accounted for: those on record, and those
 * that were without an entry at each of these gets.  What is unexpected beside
 * them has gone: given back, or become expected.
 */
static int page_pinner_accounted(unsigned long pfn, u64 before_ns)
{
	int spare = INT_MAX;
	unsigned int i;

	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);

		if (holder && READ_ONCE(holder->start_ns) <= before_ns)
			spare = min(spare, READ_ONCE(holder->spare));
	}
	return spare == INT_MAX ? 0 : page_pinner_recorded(pfn, before_ns) + spare;
}

/**
 * page_pinner_holders_settle - forget the open gets of a folio
 * @pfn: of the folio
 * @before_ns: those that are not younger
 *
 * Context: any.
 */
void page_pinner_holders_settle(unsigned long pfn, u64 before_ns)
{
	unsigned int i;

	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		struct page_pinner_holder *holder = page_pinner_pool_claim(pfn, i);
		bool keep;

		if (!holder)
			continue;
		keep = holder->start_ns > before_ns;
		if (!keep)
			page_pinner_count(PAGE_PINNER_STAT_GETS_CLOSED);
		page_pinner_pool_release(pfn, i, keep);
	}
}

/* What is asked of an entry; 0 and -1: nothing. */
struct page_pinner_want {
	u64 before_ns;
	pid_t pid;
	int refs;
	int origin;
};

/* The newest entry that is as wanted, or -1; and how many there are. */
static int page_pinner_find(unsigned long pfn, const struct page_pinner_want *want, int *nr)
{
	int found = -1;
	u64 newest = 0;
	unsigned int i;

	*nr = 0;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);
		u64 start;

		if (!holder || (want->pid && READ_ONCE(holder->pid) != want->pid) ||
		    (want->refs && READ_ONCE(holder->refs) != want->refs) ||
		    (want->origin >= 0 && READ_ONCE(holder->origin) != want->origin))
			continue;
		start = READ_ONCE(holder->start_ns);
		if (start > want->before_ns)
			continue;
		++*nr;
		if (start >= newest) {
			newest = start;
			found = i;
		}
	}
	return found;
}

/* Take what page tables took, newest first: it was mapped, and is so no more. */
static void page_pinner_unmapped(unsigned long pfn, int excess, u64 before_ns)
{
	const struct page_pinner_want mapped = {
		.before_ns = before_ns, .origin = PAGE_PINNER_ORIGIN_MAPPING,
	};
	int tries = PAGE_PINNER_WINDOW, found, nr;

	while (excess > 0 && tries--) {
		found = page_pinner_find(pfn, &mapped, &nr);
		if (found < 0)
			return;
		excess -= page_pinner_close(pfn, found, excess);
	}
}

/*
 * @excess references on record are expected by now: those of the newest gets
 * at which fewer were.  Or they were, and are gone again.
 */
static void page_pinner_risen(unsigned long pfn, int expected, int excess, u64 before_ns)
{
	int tries = PAGE_PINNER_WINDOW;

	while (excess > 0 && tries--) {
		int refs = 0, found = -1;
		u64 newest = 0;
		unsigned int i;

		for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
			const struct page_pinner_holder *holder = page_pinner_pool_peek(pfn, i);
			u64 start;

			if (!holder || READ_ONCE(holder->expected) >= expected)
				continue;
			start = READ_ONCE(holder->start_ns);
			if (start > before_ns || start < newest)
				continue;
			newest = start;
			found = i;
			refs = min(excess, expected - READ_ONCE(holder->expected));
		}
		if (found < 0)
			break;
		excess -= page_pinner_close(pfn, found, refs);
	}
	page_pinner_unmapped(pfn, excess, before_ns);
}

/**
 * page_pinner_holders_review - has any of the open gets become expected?
 * @page: head of the folio
 * @sample: how it looks
 * @refcount: at that moment
 *
 * For readers, who may come long after the last operation.
 *
 * Context: any.
 */
void page_pinner_holders_review(const struct page *page,
				const struct page_pinner_sample *sample, int refcount)
{
	unsigned long pfn = page_to_pfn(page);
	u64 now = local_clock();

	if (sample->expected >= 0 && refcount > 0 && !(sample->flags & BIT(PG_locked)))
		page_pinner_risen(pfn, sample->expected, page_pinner_accounted(pfn, now) -
				  (refcount - sample->expected), now);
}

/**
 * page_pinner_holders_known - references of a folio that are on record
 * @pfn: of the folio
 *
 * Context: any.
 * Return: their number; more than are unexpected where it is ambiguous.
 */
int page_pinner_holders_known(unsigned long pfn)
{
	return page_pinner_recorded(pfn, PAGE_PINNER_EVER);
}

/**
 * page_pinner_holders_accounted - references of a folio that there should be
 * @pfn: of the folio
 *
 * Context: any.
 * Return: those on record, and those that were there before them; more than
 * are unexpected where it is ambiguous which are gone.
 */
int page_pinner_holders_accounted(unsigned long pfn)
{
	return page_pinner_accounted(pfn, PAGE_PINNER_EVER);
}

/* === One operation ======================================================== */

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
	 * More is without an entry than at that get: some mapping or cache gave
	 * its reference up since, and this may be its put.  Or another CPU has
	 * just taken one, and its entry is not made yet: then the count says
	 * nothing of the kind.
	 */
	if (holder && change->ruled && !more && change->steady &&
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
