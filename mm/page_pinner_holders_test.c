// SPDX-License-Identifier: GPL-2.0
/*
 * KUnit suite of page_pinner: open gets.  The folios are watched, and look as
 * if they were mapped; a worker is the other task.
 */

#include <kunit/test.h>
#include <linux/irq_work.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/pagemap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/workqueue.h>

#include "page_pinner_test.h"

/* === Folios and tasks ===================================================== */

static int watch_words(const char *words)
{
	char *text = kstrdup(words, GFP_KERNEL);
	struct page_pinner_ranges *ranges;
	int err;

	if (!text)
		return -ENOMEM;
	ranges = page_pinner_ranges_parse(NULL, text);
	kfree(text);
	if (IS_ERR(ranges))
		return PTR_ERR(ranges);
	mutex_lock(&page_pinner_ctl_mutex);
	err = page_pinner_ranges_install(&page_pinner_ctl.watch, ranges);
	mutex_unlock(&page_pinner_ctl_mutex);
	return err;
}

static void set_mapcount(struct folio *folio, int mapcount)
{
	atomic_set(&folio->_mapcount, mapcount - 1);
}

/* A watched folio, mapped once, with one reference. */
static struct folio *watched_new(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	char word[32];

	folio->mapping = (void *)PAGE_MAPPING_ANON;
	set_mapcount(folio, 1);
	snprintf(word, sizeof(word), "%lu", folio_pfn(folio));
	KUNIT_ASSERT_EQ(test, watch_words(word), 0);
	return folio;
}

static int recorded(struct folio *folio)
{
	return page_pinner_recorded(folio_pfn(folio), PAGE_PINNER_EVER);
}

static unsigned int entries(struct folio *folio)
{
	unsigned int i, nr = 0;

	for (i = 0; i < PAGE_PINNER_WINDOW; i++)
		nr += !!page_pinner_pool_peek(folio_pfn(folio), i);
	return nr;
}

/* The only entry. */
static struct page_pinner_holder the_entry(struct kunit *test, struct folio *folio)
{
	struct page_pinner_holder holder = {};
	unsigned int i;

	KUNIT_ASSERT_EQ(test, entries(folio), 1);
	for (i = 0; i < PAGE_PINNER_WINDOW; i++)
		if (page_pinner_pool_copy(folio_pfn(folio), i, &holder))
			break;
	return holder;
}

/* It is freed as it was made; whatever the test did, nothing is left. */
static void watched_free(struct kunit *test, struct folio *folio)
{
	folio->mapping = NULL;
	set_mapcount(folio, 0);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 1);
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	KUNIT_EXPECT_EQ(test, watch_words(""), 0);
	KUNIT_EXPECT_EQ(test, page_pinner_pool_used(), 0);
	hear_nothing();
}

static noinline void holders_take(struct folio *folio, int refs)
{
	folio_ref_add(folio, refs);
	barrier();	/* or it is a jump, and in no stack */
}

static noinline void holders_give(struct folio *folio, int refs)
{
	folio_put_refs(folio, refs);
	barrier();	/* or it is a jump, and in no stack */
}

struct other {
	struct work_struct work;
	struct folio *folio;
	int refs;
};

static void other_works(struct work_struct *work)
{
	struct other *other = container_of(work, struct other, work);

	if (other->refs > 0)
		holders_take(other->folio, other->refs);
	else
		holders_give(other->folio, -other->refs);
}

/* Another task takes so many references, or gives them back. */
static void by_another(struct folio *folio, int refs)
{
	struct other other = { .folio = folio, .refs = refs };

	INIT_WORK_ONSTACK(&other.work, other_works);
	schedule_work(&other.work);
	flush_work(&other.work);
	destroy_work_on_stack(&other.work);
}

/* === Gets and puts ======================================================== */

static void get_and_put_of_a_task_cancel(struct kunit *test)
{
	struct folio *folio = watched_new(test);
	struct page_pinner_holder holder;
	char name[KSYM_SYMBOL_LEN];
	int own;

	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	by_another(folio, 1);
	holders_take(folio, 2);
	KUNIT_EXPECT_EQ(test, recorded(folio), 3);
	holders_give(folio, 2);
	holder = the_entry(test, folio);
	KUNIT_EXPECT_EQ(test, holder.refs, 1);
	KUNIT_EXPECT_NE(test, holder.pid, task_pid_nr(current));
	KUNIT_EXPECT_EQ(test, holder.ctx, PAGE_PINNER_CTX_TASK);

	/* it may be yet another one that gives it back */
	holders_take(folio, 2);
	by_another(folio, -1);
	holder = the_entry(test, folio);
	KUNIT_EXPECT_EQ(test, holder.pid, task_pid_nr(current));
	KUNIT_EXPECT_STREQ(test, holder.comm, current->comm);
	own = page_pinner_own_frames(&holder);
	KUNIT_ASSERT_LT(test, own, holder.depth);
	sprint_symbol_no_offset(name, holder.stack[own] - 1);
	if (IS_ENABLED(CONFIG_KALLSYMS))
		KUNIT_EXPECT_EQ(test, strncmp(name, "holders_take", 12), 0);
	holders_give(folio, 2);
	watched_free(test, folio);
}

static void put_of_another_takes_the_only_one_of_its_size(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	holders_take(folio, 1);
	holders_take(folio, 3);
	by_another(folio, -3);
	KUNIT_EXPECT_EQ(test, the_entry(test, folio).refs, 1);
	holders_give(folio, 1);
	watched_free(test, folio);
}

static void put_of_another_among_equals_is_ambiguous(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	holders_take(folio, 1);
	holders_take(folio, 1);
	by_another(folio, -1);
	/* two on record and one unexpected: readers see that */
	KUNIT_EXPECT_EQ(test, recorded(folio), 2);
	KUNIT_EXPECT_EQ(test, folio_ref_count(folio), 2);
	by_another(folio, -1);
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	watched_free(test, folio);
}

static void references_without_a_get_are_left_alone(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	/* one from before the watch */
	KUNIT_ASSERT_EQ(test, watch_words(""), 0);
	folio_get(folio);
	KUNIT_ASSERT_EQ(test, watch_words("all"), 0);
	holders_take(folio, 1);
	/* that is the old one's put: what is on record accounts for the rest */
	by_another(folio, -1);
	KUNIT_EXPECT_EQ(test, the_entry(test, folio).pid, task_pid_nr(current));
	folio_get(folio);
	folio_put(folio);
	KUNIT_EXPECT_EQ(test, recorded(folio), 1);
	holders_give(folio, 1);
	/* all of memory was watched: the pool need not be empty until it is not */
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	watched_free(test, folio);
}

static void busy_reader_hides_nobody(struct kunit *test)
{
	struct folio *folio = watched_new(test);
	int i;

	by_another(folio, 1);
	for (i = 0; i < 20000; i++) {
		folio_get(folio);
		folio_put(folio);
	}
	KUNIT_EXPECT_NE(test, the_entry(test, folio).pid, task_pid_nr(current));
	by_another(folio, -1);
	watched_free(test, folio);
}

struct interrupt {
	struct irq_work work;
	struct folio *folio;
};

static void interrupt_takes_and_gives(struct irq_work *work)
{
	struct folio *folio = container_of(work, struct interrupt, work)->folio;

	holders_take(folio, 1);
	holders_give(folio, 1);
}

static void interrupt_is_a_taker_of_its_own(struct kunit *test)
{
	struct folio *folio = watched_new(test);
	struct interrupt interrupt = {
		.work = IRQ_WORK_INIT_HARD(interrupt_takes_and_gives),
		.folio = folio,
	};

	holders_take(folio, 1);
	irq_work_queue(&interrupt.work);
	irq_work_sync(&interrupt.work);
	KUNIT_EXPECT_EQ(test, the_entry(test, folio).pid, task_pid_nr(current));
	holders_give(folio, 1);
	watched_free(test, folio);
}

static void pin_in_two_operations_is_one_get(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	by_another(folio, 1);
	folio_ref_inc(folio);
	folio_ref_add(folio, GUP_PIN_COUNTING_BIAS - 1);
	KUNIT_EXPECT_EQ(test, entries(folio), 2);
	by_another(folio, -GUP_PIN_COUNTING_BIAS);
	KUNIT_EXPECT_EQ(test, the_entry(test, folio).refs, 1);
	by_another(folio, -1);
	watched_free(test, folio);
}

/* === What is expected changes ============================================= */

static void rise_takes_the_newest_get(struct kunit *test)
{
	struct folio *folio = watched_new(test);
	struct page_pinner_sample sample;

	by_another(folio, 1);
	/* a fork, or a fault: the get, and then the mapping */
	holders_take(folio, 1);
	set_mapcount(folio, 2);
	page_pinner_sample(&folio->page, &sample);
	page_pinner_holders_review(&folio->page, &sample, folio_ref_count(folio));
	KUNIT_EXPECT_NE(test, the_entry(test, folio).pid, task_pid_nr(current));

	/* the next operation finds out, too, without a reader */
	holders_take(folio, 1);
	set_mapcount(folio, 3);
	holders_take(folio, 2);
	KUNIT_EXPECT_EQ(test, recorded(folio), 3);
	holders_give(folio, 2);
	KUNIT_EXPECT_NE(test, the_entry(test, folio).pid, task_pid_nr(current));

	set_mapcount(folio, 1);
	folio_put_refs(folio, 2);
	by_another(folio, -1);
	watched_free(test, folio);
}

static void rise_takes_the_get_and_not_what_is_older(struct kunit *test)
{
	struct folio *folio = watched_new(test);
	struct page_pinner_sample sample;

	/* one that nobody will ever drop, as the kernel's of its vdso */
	KUNIT_ASSERT_EQ(test, watch_words(""), 0);
	folio_get(folio);
	KUNIT_ASSERT_EQ(test, watch_words("all"), 0);
	holders_take(folio, 1);
	set_mapcount(folio, 2);
	page_pinner_sample(&folio->page, &sample);
	page_pinner_holders_review(&folio->page, &sample, folio_ref_count(folio));
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);

	/* by the next operation */
	holders_take(folio, 1);
	set_mapcount(folio, 3);
	holders_take(folio, 2);
	KUNIT_EXPECT_EQ(test, recorded(folio), 2);
	holders_give(folio, 2);
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	set_mapcount(folio, 1);
	folio_put_refs(folio, 3);
	watched_free(test, folio);
}

static void map_around_hides_nobody(struct kunit *test)
{
	struct folio *folio = watched_new(test);
	struct page_pinner_sample sample;

	by_another(folio, 1);
	/* a fault that maps around: the mapping, and then its get */
	folio_lock(folio);
	set_mapcount(folio, 2);
	holders_take(folio, 1);
	folio_unlock(folio);
	page_pinner_sample(&folio->page, &sample);
	page_pinner_holders_review(&folio->page, &sample, folio_ref_count(folio));
	KUNIT_EXPECT_NE(test, the_entry(test, folio).pid, task_pid_nr(current));
	set_mapcount(folio, 1);
	folio_put(folio);
	KUNIT_EXPECT_NE(test, the_entry(test, folio).pid, task_pid_nr(current));
	by_another(folio, -1);
	watched_free(test, folio);
}

static void unmapping_is_not_the_put_of_a_get(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	/* who holds it unmaps it: the mapping goes, and then its reference */
	holders_take(folio, 1);
	set_mapcount(folio, 0);
	holders_give(folio, 1);
	KUNIT_EXPECT_EQ(test, the_entry(test, folio).refs, 1);
	holders_take(folio, 1);
	set_mapcount(folio, 1);
	holders_take(folio, 1);
	holders_give(folio, 1);
	KUNIT_EXPECT_EQ(test, recorded(folio), 1);
	holders_give(folio, 1);
	watched_free(test, folio);
}

static void nothing_unexpected_forgets_all(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	holders_take(folio, 1);
	holders_take(folio, 1);
	KUNIT_EXPECT_EQ(test, recorded(folio), 2);
	/* both have become mappings */
	set_mapcount(folio, 3);
	by_another(folio, 1);
	KUNIT_EXPECT_EQ(test, recorded(folio), 1);
	by_another(folio, -1);
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	set_mapcount(folio, 1);
	folio_put_refs(folio, 2);
	watched_free(test, folio);
}

static void free_forgets_all(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	holders_take(folio, 1);
	KUNIT_EXPECT_EQ(test, recorded(folio), 1);
	page_pinner_free(&folio->page, 0);
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	holders_give(folio, 1);
	watched_free(test, folio);
}

static void end_of_the_watch_forgets_all(struct kunit *test)
{
	struct folio *folio = watched_new(test);

	holders_take(folio, 1);
	KUNIT_EXPECT_EQ(test, recorded(folio), 1);
	KUNIT_EXPECT_EQ(test, watch_words("0-1"), 0);
	KUNIT_EXPECT_EQ(test, recorded(folio), 0);
	holders_give(folio, 1);
	watched_free(test, folio);
}

/* === The pool ============================================================= */

static unsigned long stat(enum page_pinner_stat_item item)
{
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu(page_pinner_stat[item], cpu);
	return sum;
}

static void no_room_is_counted_and_told(struct kunit *test)
{
	unsigned long refused = stat(PAGE_PINNER_STAT_GETS_REFUSED);
	unsigned long opened = stat(PAGE_PINNER_STAT_GETS_OPENED);
	unsigned long closed = stat(PAGE_PINNER_STAT_GETS_CLOSED);
	struct folio *folio = watched_new(test);
	unsigned int i;

	for (i = 0; i < PAGE_PINNER_WINDOW; i++)
		holders_take(folio, 1);
	KUNIT_EXPECT_EQ(test, entries(folio), PAGE_PINNER_WINDOW);
	KUNIT_EXPECT_STREQ(test, page_pinner_unknown(folio_pfn(folio)), "unrecorded");
	holders_take(folio, 1);
	KUNIT_EXPECT_EQ(test, entries(folio), PAGE_PINNER_WINDOW);
	KUNIT_EXPECT_STREQ(test, page_pinner_unknown(folio_pfn(folio)), "refused");
	KUNIT_EXPECT_EQ(test, stat(PAGE_PINNER_STAT_GETS_REFUSED), refused + 1);
	for (i = 0; i <= PAGE_PINNER_WINDOW; i++)
		holders_give(folio, 1);
	watched_free(test, folio);
	KUNIT_EXPECT_EQ(test, stat(PAGE_PINNER_STAT_GETS_OPENED) - opened, PAGE_PINNER_WINDOW);
	KUNIT_EXPECT_EQ(test, stat(PAGE_PINNER_STAT_GETS_CLOSED) - closed, PAGE_PINNER_WINDOW);
}

/* As an NMI that interrupts who works on the entry. */
static void entry_that_is_worked_on_is_passed_over(struct kunit *test)
{
	unsigned long busy = stat(PAGE_PINNER_STAT_GETS_BUSY);
	struct folio *folio = watched_new(test);
	struct page_pinner_holder *holder = NULL;
	unsigned int i;

	holders_take(folio, 1);
	by_another(folio, 1);
	for (i = 0; i < PAGE_PINNER_WINDOW && !holder; i++) {
		holder = page_pinner_pool_peek(folio_pfn(folio), i);
		if (holder && holder->pid == task_pid_nr(current))
			break;
		holder = NULL;
	}
	KUNIT_ASSERT_PTR_EQ(test, page_pinner_pool_claim(folio_pfn(folio), i), holder);
	holders_take(folio, 2);
	KUNIT_EXPECT_EQ(test, recorded(folio), 3);
	holders_give(folio, 2);
	KUNIT_EXPECT_EQ(test, recorded(folio), 1);
	holders_give(folio, 1);
	KUNIT_EXPECT_EQ(test, stat(PAGE_PINNER_STAT_GETS_BUSY), busy + 1);
	page_pinner_pool_release(folio_pfn(folio), i, true);
	/* it missed its put: more is on record than is unexpected */
	KUNIT_EXPECT_EQ(test, recorded(folio), 2);
	by_another(folio, -1);
	watched_free(test, folio);
}

/* === What readers say ===================================================== */

static void tasks_are_one_word(struct kunit *test)
{
	struct page_pinner_holder holder = { .pid = 7, .comm = "a b\\\n" };
	char who[PAGE_PINNER_WHO_LEN];

	page_pinner_who(&holder, who);
	KUNIT_EXPECT_STREQ(test, who, "7 a\\040b\\134\\012");
	memset(holder.comm, 0xff, sizeof(holder.comm));
	holder.pid = INT_MAX;
	page_pinner_who(&holder, who);
	KUNIT_EXPECT_EQ(test, strlen(who), 11 + 4 * TASK_COMM_LEN);
	holder.comm[0] = '\0';
	page_pinner_who(&holder, who);
	KUNIT_EXPECT_STREQ(test, who, "2147483647 -");
	holder.pid = -1;
	page_pinner_who(&holder, who);
	KUNIT_EXPECT_STREQ(test, who, "- -");
}

static void batches_are_told_by_their_stack(struct kunit *test)
{
	unsigned long stack[] = { (unsigned long)schedule + 1, (unsigned long)folio_add_lru + 1 };

	if (!IS_ENABLED(CONFIG_KALLSYMS))
		kunit_skip(test, "no kallsyms");
	KUNIT_EXPECT_EQ(test, page_pinner_origin(stack, 1), PAGE_PINNER_ORIGIN_OTHER);
	KUNIT_EXPECT_EQ(test, page_pinner_origin(stack, 2), PAGE_PINNER_ORIGIN_BATCH);
	stack[0] = (unsigned long)handle_mm_fault + 1;
	KUNIT_EXPECT_EQ(test, page_pinner_origin(stack, 2), PAGE_PINNER_ORIGIN_MAPPING);
}

/* A page of the kernel that is mapped, as those of the vDSO are. */
static void what_is_reserved_has_one_of_its_own(struct kunit *test)
{
	struct folio *folio = folio_new(test, 0);
	struct page_pinner_sample sample;

	__SetPageReserved(&folio->page);
	page_pinner_sample(&folio->page, &sample);
	KUNIT_EXPECT_EQ(test, sample.expected, 1);
	set_mapcount(folio, 2);
	page_pinner_sample(&folio->page, &sample);
	KUNIT_EXPECT_EQ(test, sample.expected, 3);
	/* of a device's memory that is a file's, it is the file's */
	folio->mapping = (void *)sizeof(long);
	page_pinner_sample(&folio->page, &sample);
	KUNIT_EXPECT_EQ(test, sample.expected, 3);
	folio->mapping = NULL;
	set_mapcount(folio, 0);
	__ClearPageReserved(&folio->page);
	folio_put(folio);
}

/* What is shown is what was counted, whatever has become of it. */
static void open_gets_are_read_once(struct kunit *test)
{
	struct folio *folio = watched_new(test);
	struct page_pinner_open *open = kunit_kzalloc(test, sizeof(*open), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, open);
	holders_take(folio, 2);
	by_another(folio, 3);
	page_pinner_open_take(folio_pfn(folio), open);
	holders_give(folio, 2);
	KUNIT_EXPECT_EQ(test, open->nr, 2);
	KUNIT_EXPECT_EQ(test, open->refs, 5);
	KUNIT_EXPECT_EQ(test, open->accounted, 5);
	KUNIT_EXPECT_EQ(test, open->holder[0].refs + open->holder[1].refs, 5);
	page_pinner_open_take(folio_pfn(folio), open);
	KUNIT_EXPECT_EQ(test, open->nr, 1);
	KUNIT_EXPECT_EQ(test, open->refs, 3);
	by_another(folio, -3);
	page_pinner_open_take(folio_pfn(folio), open);
	KUNIT_EXPECT_EQ(test, open->nr, 0);
	KUNIT_EXPECT_EQ(test, open->accounted, 0);
	watched_free(test, folio);
}

static void words_are_taken_whole_or_not_at_all(struct kunit *test)
{
	static const struct {
		const char *words;
		int err;
	} cases[] = {
		{ "5", 0 }, { "0x10-0x1f,7", 0 }, { " 1\t2\n3 ", 0 }, { "", 0 },
		{ "hugetlb all", 0 },
		{ "7-5", -EINVAL }, { "5-", -EINVAL }, { "-5", -EINVAL }, { "5 x", -EINVAL },
		{ "cma:no such area", -ENOENT }, { "cma:", -ENOENT },
		{ "memory:x", IS_ENABLED(CONFIG_MEMORY_HOTPLUG) ? -EINVAL : -ENOENT },
		{ "memory:0xffffffffffffffff",
		  IS_ENABLED(CONFIG_MEMORY_HOTPLUG) ? -EINVAL : -ENOENT },
		{ "0xffffffffffffffff", -EINVAL },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = kstrdup(cases[i].words, GFP_KERNEL);
		struct page_pinner_ranges *ranges;

		KUNIT_ASSERT_NOT_NULL(test, text);
		ranges = page_pinner_ranges_parse(NULL, text);
		kfree(text);
		KUNIT_EXPECT_EQ_MSG(test, PTR_ERR_OR_ZERO(ranges), cases[i].err, "\"%s\"",
				    cases[i].words);
		if (!IS_ERR(ranges))
			kfree(ranges);
	}
}

struct kunit_case page_pinner_holders_test_cases[] = {
	KUNIT_CASE(get_and_put_of_a_task_cancel),
	KUNIT_CASE(put_of_another_takes_the_only_one_of_its_size),
	KUNIT_CASE(put_of_another_among_equals_is_ambiguous),
	KUNIT_CASE(references_without_a_get_are_left_alone),
	KUNIT_CASE(busy_reader_hides_nobody),
	KUNIT_CASE(interrupt_is_a_taker_of_its_own),
	KUNIT_CASE(pin_in_two_operations_is_one_get),
	KUNIT_CASE(rise_takes_the_newest_get),
	KUNIT_CASE(rise_takes_the_get_and_not_what_is_older),
	KUNIT_CASE(map_around_hides_nobody),
	KUNIT_CASE(unmapping_is_not_the_put_of_a_get),
	KUNIT_CASE(nothing_unexpected_forgets_all),
	KUNIT_CASE(free_forgets_all),
	KUNIT_CASE(end_of_the_watch_forgets_all),
	KUNIT_CASE(no_room_is_counted_and_told),
	KUNIT_CASE(entry_that_is_worked_on_is_passed_over),
	KUNIT_CASE(tasks_are_one_word),
	KUNIT_CASE(batches_are_told_by_their_stack),
	KUNIT_CASE(words_are_taken_whole_or_not_at_all),
	KUNIT_CASE(what_is_reserved_has_one_of_its_own),
	KUNIT_CASE(open_gets_are_read_once),
	{}
};
