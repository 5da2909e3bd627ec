/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Balance: part of page_pinner_holder.c.
 *
 * In each round two kernel threads, bound to CPU 0 and 1, share one page of
 * this module that is marked, and hold one reference each.  Both take and drop
 * references in pairs, through every primitive, as fast as they can; then both
 * drop their last one at the same moment, and whoever reaches 0 frees the
 * page.  The next round mostly gets the very same page again.
 *
 * Probes on the tracepoints add up what is logged, as any other user of the
 * events would see it.  Of one mark these must hold:
 *
 *	sum	the deltas add up to minus the count at which it was marked
 *	chain	for a random function h of the count, h(after) - h(before) of
 *		all operations adds up to h(0) - h(first): the counts fit
 *		together into one gapless chain, in whatever order they came
 *	number	as many events as there were operations, in the rounds without
 *		attempts whose number depends on luck
 *	ends	exactly one page_pinner_unmark, why=freed; its number of events
 *		is that which was seen, but for an operation on the other CPU
 *		that was still going on
 */

#define BALANCE_CPUS	2

struct balance_thread {
	struct task_struct *task;
	struct completion done;
	int cpu;
	unsigned long ops;	/* this round's successful operations */
	unsigned long pairs;	/* of all rounds */
};

static struct {
	struct balance_thread threads[BALANCE_CPUS];
	struct page *page;
	unsigned int order;
	unsigned int pairs;
	unsigned int rounds;
	unsigned int round;
	atomic_t gate;
	bool stop;

	/* of the round's mark, written by probes */
	unsigned long pfn;
	u32 id;
	u32 last_id;
	int first;
	int marked_as;
	atomic_t marks;
	atomic_t unmarks;
	atomic_t wrong_end;
	atomic_t logged;
	atomic_t dropped;
	atomic_t strays;
	atomic_t events;
	atomic64_t sum;
	atomic64_t chain;

	/* of all rounds */
	u64 salt;
	unsigned long total_events;
	unsigned long total_pairs;
	unsigned long bad[6];
} bal;

enum { BAD_MARK, BAD_SUM, BAD_CHAIN, BAD_NUMBER, BAD_END, BAD_STRAY };

static const char * const balance_bad_names[] = {
	"mark", "sum", "chain", "number", "end", "stray",
};

static u64 balance_hash(int count)
{
	u64 x = (u64)(u32)count + bal.salt;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
	return x ^ (x >> 31);
}

/*
 * A guest whose processors take turns on one thread of the host changes turns
 * at a pause: do so in the middle of operations, now and then, or they would
 * hardly ever meet.
 */
static void balance_mingle(void)
{
	static u32 seed;

	seed = seed * 1664525 + 1013904223;
	if (!(seed >> 29))
		cpu_relax();
}

static void balance_probe_fail(void *data, const struct page_pinner_fail *fail)
{
	if (fail->pfn != READ_ONCE(bal.pfn))
		return;
	bal.marked_as = fail->marked;
	bal.first = fail->refcount;
	WRITE_ONCE(bal.id, fail->id);
	atomic_inc(&bal.marks);
}

static void balance_probe_ref(void *data, const struct page_pinner_ref *ref)
{
	if (ref->pfn != READ_ONCE(bal.pfn))
		return;
	if (ref->id != READ_ONCE(bal.id)) {
		atomic_inc(&bal.strays);
		return;
	}
	atomic_inc(&bal.events);
	atomic64_add(ref->delta, &bal.sum);
	atomic64_add(balance_hash(ref->refcount) -
		     balance_hash(ref->refcount - ref->delta), &bal.chain);
	balance_mingle();
}

static void balance_probe_unmark(void *data, const struct page_pinner_unmark *unmark)
{
	if (unmark->pfn != READ_ONCE(bal.pfn))
		return;
	if (unmark->id != READ_ONCE(bal.id) || unmark->why != PAGE_PINNER_FREED ||
	    unmark->refcount)
		atomic_inc(&bal.wrong_end);
	atomic_set(&bal.logged, unmark->logged);
	atomic_set(&bal.dropped, unmark->dropped);
	atomic_inc(&bal.unmarks);
}

/* Both threads pass together; the second to come resets the gate. */
static void balance_meet(unsigned int turn)
{
	unsigned int want = turn * BALANCE_CPUS;

	atomic_inc(&bal.gate);
	while ((unsigned int)atomic_read(&bal.gate) < want) {
		if (!need_resched())
			cpu_relax();
		cond_resched();
	}
}

/*
 * One pair of each primitive.  Each adds to thread->ops what it did.  The
 * pages of freeze() rounds see nothing but attempts, since a reference taken
 * without looking would be lost while the count is frozen.
 */
static noinline void balance_pair(struct balance_thread *t, unsigned int which)
{
	struct page *tail = bal.page + (1U << bal.order) - 1;
	struct folio *folio = page_folio(bal.page);
	struct page *head = &folio->page;
	struct page *batch[2] = { tail, head };
	struct folio_batch fbatch;

	switch (which % 12) {
	case 0:
		get_page(tail);
		put_page(head);
		t->ops += 2;
		break;
	case 1:
		folio_get(folio);
		folio_put(folio);
		t->ops += 2;
		break;
	case 2:
		if (folio_try_get(folio)) {
			folio_put(folio);
			t->ops += 2;
		}
		break;
	case 3:
		page_ref_add(head, 3);
		page_ref_sub(head, 3);
		t->ops += 2;
		break;
	case 4:
		page_ref_inc(head);
		page_ref_dec(head);
		t->ops += 2;
		break;
	case 5:
		folio_ref_add(folio, GUP_PIN_COUNTING_BIAS);
		folio_put_refs(folio, GUP_PIN_COUNTING_BIAS);
		t->ops += 2;
		break;
	case 6:
		page_ref_inc_return(head);
		page_ref_dec_return(head);
		t->ops += 2;
		break;
	case 7:
		folio_get(folio);
		folio_get(folio);
		release_pages(batch, 2);
		t->ops += 4;
		break;
	case 8:
		folio_ref_add(folio, 5);
		folio_ref_sub_return(folio, 5);
		t->ops += 2;
		break;
	case 9:
		page_ref_inc(head);
		if (page_ref_dec_and_test(head))
			__folio_put(folio);
		t->ops += 2;
		break;
	case 10:
		page_ref_add(head, 7);
		if (page_ref_sub_and_test(head, 7))
			__folio_put(folio);
		t->ops += 2;
		break;
	case 11:
		folio_get(folio);
		folio_batch_init(&fbatch);
		folio_batch_add(&fbatch, folio);
		folios_put(&fbatch);
		t->ops += 2;
		break;
	}
}

static noinline void balance_try_pair(struct balance_thread *t, unsigned int which)
{
	struct folio *folio = page_folio(bal.page);

	if (which & 1) {
		if (folio_try_get(folio)) {
			folio_put(folio);
			t->ops += 2;
		}
	} else if (folio_ref_freeze(folio, BALANCE_CPUS)) {
		folio_ref_unfreeze(folio, BALANCE_CPUS);
		t->ops += 2;
	}
}

/* The last reference of this thread; the other drops its own meanwhile. */
static noinline void balance_last(struct balance_thread *t)
{
	struct folio *folio = page_folio(bal.page);
	struct page *batch[1] = { &folio->page };
	struct folio_batch fbatch;

	switch ((bal.round + t->cpu * 3) % 7) {
	case 0:
		put_page(&folio->page);
		break;
	case 1:
		folio_put_refs(folio, 1);
		break;
	case 2:
		release_pages(batch, 1);
		break;
	case 3:
		folio_batch_init(&fbatch);
		folio_batch_add(&fbatch, folio);
		folios_put(&fbatch);
		break;
	case 4:
		if (!page_ref_dec_return(&folio->page))
			__folio_put(folio);
		break;
	case 5:
		if (page_ref_sub_and_test(&folio->page, 1))
			__folio_put(folio);
		break;
	case 6:
		if (folio_ref_freeze(folio, 1))
			__folio_put(folio);
		else
			folio_put(folio);
		break;
	}
	t->ops++;
}

/* Rounds of single pages mostly: these go straight back to this CPU's list. */
static void balance_round_begin(void)
{
	bal.order = bal.round % 8 == 7 ? 2 : 0;
	bal.page = alloc_pages(GFP_KERNEL | __GFP_COMP, bal.order);
	if (!bal.page) {
		bal.stop = true;
		return;
	}
	get_page(bal.page);
	atomic_set(&bal.marks, 0);
	atomic_set(&bal.unmarks, 0);
	atomic_set(&bal.wrong_end, 0);
	atomic_set(&bal.strays, 0);
	atomic_set(&bal.events, 0);
	atomic64_set(&bal.sum, 0);
	atomic64_set(&bal.chain, 0);
	bal.last_id = bal.id;
	WRITE_ONCE(bal.pfn, page_to_pfn(bal.page));
	page_pinner_mark(page_folio(bal.page), 1);
}

static void balance_check(int which, bool good)
{
	if (good)
		return;
	if (!bal.bad[which]++)
		pr_info("round %u order %u: wrong %s: id=%u after %u marked=%d marks=%d first=%d events=%d ops=%lu logged=%d dropped=%d sum=%lld unmarks=%d strays=%d\n",
			bal.round, bal.order, balance_bad_names[which], bal.id,
			bal.last_id, bal.marked_as, atomic_read(&bal.marks), bal.first,
			atomic_read(&bal.events),
			bal.threads[0].ops + bal.threads[1].ops,
			atomic_read(&bal.logged), atomic_read(&bal.dropped),
			(long long)atomic64_read(&bal.sum),
			atomic_read(&bal.unmarks), atomic_read(&bal.strays));
}

static void balance_round_end(void)
{
	unsigned long ops = 0;
	int i;

	WRITE_ONCE(bal.pfn, ULONG_MAX);
	for (i = 0; i < BALANCE_CPUS; i++)
		ops += bal.threads[i].ops;

	balance_check(BAD_MARK, atomic_read(&bal.marks) == 1 &&
		      bal.marked_as == PAGE_PINNER_MARK_NEW &&
		      bal.first == BALANCE_CPUS && bal.id != bal.last_id);
	balance_check(BAD_SUM, atomic64_read(&bal.sum) == -bal.first);
	balance_check(BAD_CHAIN, atomic64_read(&bal.chain) ==
		      (s64)(balance_hash(0) - balance_hash(bal.first)));
	balance_check(BAD_NUMBER, atomic_read(&bal.events) == ops);
	balance_check(BAD_END, atomic_read(&bal.unmarks) == 1 &&
		      !atomic_read(&bal.wrong_end) &&
		      atomic_read(&bal.logged) <= atomic_read(&bal.events) &&
		      atomic_read(&bal.logged) > atomic_read(&bal.events) - BALANCE_CPUS &&
		      !atomic_read(&bal.dropped));
	balance_check(BAD_STRAY, !atomic_read(&bal.strays));
	bal.total_events += atomic_read(&bal.events);

	for (i = 0; i < BALANCE_CPUS; i++) {
		bal.total_pairs += (bal.threads[i].ops - 1) / 2;
		bal.threads[i].ops = 0;
	}
	bal.round++;
}

static int balance_thread(void *data)
{
	struct balance_thread *t = data;
	unsigned int turn = 0, i;

	for (;;) {
		if (t->cpu == 0) {
			if (bal.round == bal.rounds)
				bal.stop = true;
			else
				balance_round_begin();
		}
		balance_meet(++turn);
		if (bal.stop)
			break;
		for (i = 0; i < bal.pairs; i++) {
			if (bal.round % 4 == 3)
				balance_try_pair(t, i + t->cpu);
			else
				balance_pair(t, i + bal.round);
		}
		balance_meet(++turn);
		balance_last(t);
		balance_meet(++turn);
		if (t->cpu == 0)
			balance_round_end();
	}
	complete(&t->done);
	/* stays until the one who started it is done with its structure */
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static int balance_register(void)
{
	int err = register_trace_page_pinner_fail_migrate(balance_probe_fail, NULL);

	err = err ?: register_trace_page_pinner_get(balance_probe_ref, NULL);
	err = err ?: register_trace_page_pinner_put(balance_probe_ref, NULL);
	return err ?: register_trace_page_pinner_unmark(balance_probe_unmark, NULL);
}

static void balance_unregister(void)
{
	unregister_trace_page_pinner_fail_migrate(balance_probe_fail, NULL);
	unregister_trace_page_pinner_get(balance_probe_ref, NULL);
	unregister_trace_page_pinner_put(balance_probe_ref, NULL);
	unregister_trace_page_pinner_unmark(balance_probe_unmark, NULL);
	tracepoint_synchronize_unregister();
}

static int balance_run(void)
{
	struct balance_thread *t;
	int i, started;

	for (started = 0; started < BALANCE_CPUS; started++) {
		t = &bal.threads[started];
		t->cpu = started;
		init_completion(&t->done);
		t->task = kthread_create(balance_thread, t, "balance/%d", started);
		if (IS_ERR(t->task))
			break;
		kthread_bind(t->task, started);
	}
	/* a thread that never ran ends at kthread_stop() without meeting */
	for (i = 0; i < started; i++) {
		t = &bal.threads[i];
		if (started == BALANCE_CPUS)
			wake_up_process(t->task);
	}
	for (i = 0; i < started; i++) {
		t = &bal.threads[i];
		/* on a busy machine it takes long, and is not hung */
		while (started == BALANCE_CPUS &&
		       !wait_for_completion_timeout(&t->done, 30 * HZ))
			;
	}
	for (i = 0; i < started; i++)
		kthread_stop(bal.threads[i].task);
	return started == BALANCE_CPUS ? 0 : -ENOMEM;
}

static int holder_cmd_balance(char *text)
{
	char *rounds = strsep(&text, " "), *pairs = strsep(&text, " ");
	unsigned long bad = 0;
	size_t n;
	int i, err;

	if (num_online_cpus() < BALANCE_CPUS)
		return -ENODEV;
	memset(&bal, 0, sizeof(bal));
	bal.pfn = ULONG_MAX;
	bal.salt = get_random_u64();
	if (!rounds || !pairs || kstrtouint(rounds, 0, &bal.rounds) ||
	    kstrtouint(pairs, 0, &bal.pairs))
		return -EINVAL;

	err = balance_register();
	if (!err)
		err = balance_run();
	balance_unregister();
	if (err)
		return err;

	for (i = 0; i < ARRAY_SIZE(bal.bad); i++)
		bad += bal.bad[i];
	n = scnprintf(holder_result, sizeof(holder_result),
		      "rounds=%u pairs=%lu events=%lu mismatches=%lu\n",
		      bal.round, bal.total_pairs, bal.total_events, bad);
	for (i = 0; i < ARRAY_SIZE(bal.bad); i++)
		n += scnprintf(holder_result + n, sizeof(holder_result) - n,
			       "wrong_%s=%lu\n", balance_bad_names[i], bal.bad[i]);
	return 0;
}
