// SPDX-License-Identifier: GPL-2.0
/*
 * Open gets: of marked and watched folios, who took the references that are
 * unexpected now.  Read through the debugfs files "holders" and "scan", and by
 * dump_page().
 *
 * An entry is made when a get leaves more references than mappings, caches and
 * private data account for.  A put takes one away: that of its own task and
 * size, else the only one of its size, else none, and then there are more
 * entries than unexpected references: readers say so and do not guess.  When
 * nothing unexpected is left, all entries of the folio go.
 *
 * The pool is a fixed table, searched in a window that begins where the hash
 * of the PFN says.  An entry is owned by whoever moves its key: from free to
 * busy and, filled, to the PFN; from the PFN to busy and back to free.  All of
 * it by cmpxchg(), so any context will do, and NMIs pass over what is busy.
 *
 * Nobody can drop a reference before the get that took it has returned.  So
 * entries are made after the operation, when the count is known, and are there
 * before the put that belongs to them.  A put that finds nothing unexpected
 * forgets only what is older than itself: a get that overtakes it stays.
 */

#define pr_fmt(fmt) "page_pinner: " fmt

#include <linux/hash.h>
#include <linux/kallsyms.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_ext.h>
#include <linux/page_pinner.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/stacktrace.h>
#include <linux/string.h>
#include <linux/swap.h>
#include <linux/vmalloc.h>

#include "internal.h"
#include "page_pinner.h"

/* Entries that are looked at for one PFN. */
#define PAGE_PINNER_WINDOW	32U

/* Keys: 0 is a free entry, then there are two for each PFN. */
#define PAGE_PINNER_KEY_FREE	0UL
#define PAGE_PINNER_KEY_BUSY	1UL

/*
 * Who fills and drains the per-CPU batches of the LRU and of mlock.  The task
 * that drains one gives back what others put into it, so a task tells nothing
 * there.  Only functions that other files call: those no compiler inlines.
 */
static struct page_pinner_function {
	unsigned long start;
	unsigned long end;
} page_pinner_batchers[] = {
	{ (unsigned long)folio_add_lru },
	{ (unsigned long)folio_mark_accessed },
	{ (unsigned long)folio_deactivate },
	{ (unsigned long)folio_mark_lazyfree },
	{ (unsigned long)deactivate_file_folio },
	{ (unsigned long)folio_rotate_reclaimable },
	{ (unsigned long)lru_add_drain_cpu },
#ifdef CONFIG_MMU
	{ (unsigned long)mlock_folio },
	{ (unsigned long)mlock_new_folio },
	{ (unsigned long)munlock_folio },
	{ (unsigned long)mlock_drain_local },
	{ (unsigned long)mlock_drain_remote },
#endif
};

/* Where they end; without kallsyms nobody knows, and nothing is a batch. */
static void page_pinner_batch_init(void)
{
	unsigned long size, offset;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(page_pinner_batchers); i++)
		if (kallsyms_lookup_size_offset(page_pinner_batchers[i].start, &size, &offset))
			page_pinner_batchers[i].end = page_pinner_batchers[i].start -
						      offset + size;
}

static bool page_pinner_is_batch(const unsigned long *stack, unsigned int depth)
{
	unsigned int i, j;

	for (i = 0; i < depth; i++)
		for (j = 0; j < ARRAY_SIZE(page_pinner_batchers); j++)
			if (stack[i] > page_pinner_batchers[j].start &&
			    stack[i] <= page_pinner_batchers[j].end)
				return true;
	return false;
}

static unsigned long page_pinner_key_of(unsigned long pfn)
{
	return (pfn + 1) << 1;
}

static struct {
	unsigned long *key;
	struct page_pinner_holder *holder;
	unsigned int bits;
} page_pinner_pool __read_mostly;

/* Called under page_pinner_key_mutex.  What was allocated stays. */
int page_pinner_holders_alloc(void)
{
	unsigned int size = roundup_pow_of_two(clamp(page_pinner_pool_wanted, 256U, 1U << 16));
	unsigned long *key;

	if (page_pinner_pool.key)
		return 0;
	page_pinner_batch_init();
	page_pinner_pool.holder = vcalloc(size, sizeof(*page_pinner_pool.holder));
	if (!page_pinner_pool.holder)
		return -ENOMEM;
	key = vcalloc(size, sizeof(*key));
	if (!key) {
		vfree(page_pinner_pool.holder);
		return -ENOMEM;
	}
	page_pinner_pool.bits = ilog2(size);
	/* publishes the rest: without keys there is no pool */
	smp_store_release(&page_pinner_pool.key, key);
	return 0;
}

static unsigned int page_pinner_slot(unsigned long pfn, unsigned int i)
{
	return (hash_long(pfn, page_pinner_pool.bits) + i) &
		((1U << page_pinner_pool.bits) - 1);
}

void page_pinner_holders_get(unsigned long pfn, int refs)
{
	unsigned long key = page_pinner_key_of(pfn);
	struct page_pinner_holder *holder;
	unsigned int i, slot;

	if (!page_pinner_pool.key)
		return;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		slot = page_pinner_slot(pfn, i);
		if (READ_ONCE(page_pinner_pool.key[slot]) == PAGE_PINNER_KEY_FREE &&
		    cmpxchg(&page_pinner_pool.key[slot], PAGE_PINNER_KEY_FREE,
			    PAGE_PINNER_KEY_BUSY) == PAGE_PINNER_KEY_FREE)
			break;
	}
	if (i == PAGE_PINNER_WINDOW) {
		page_pinner_count(PAGE_PINNER_STAT_HOLDERS_FULL);
		return;
	}
	holder = &page_pinner_pool.holder[slot];
	holder->start_ns = local_clock();
	holder->refs = refs;
	holder->ctx = page_pinner_ctx();
	holder->pid = holder->ctx == PAGE_PINNER_CTX_TASK ? current->pid : 0;
	strscpy(holder->comm, holder->pid ? current->comm : "-");
	holder->depth = stack_trace_save(holder->stack, ARRAY_SIZE(holder->stack), 3);
	holder->batch = page_pinner_is_batch(holder->stack, holder->depth);
	page_pinner_count(PAGE_PINNER_STAT_HOLDERS_SET);
	/* publishes the entry; pairs with smp_load_acquire() in page_pinner_holder_copy() */
	smp_store_release(&page_pinner_pool.key[slot], key);
}

/* Own the entry in @slot, if it is one of @key. */
static bool page_pinner_holder_claim(unsigned int slot, unsigned long key)
{
	return READ_ONCE(page_pinner_pool.key[slot]) == key &&
	       cmpxchg(&page_pinner_pool.key[slot], key, PAGE_PINNER_KEY_BUSY) == key;
}

static void page_pinner_holder_release(unsigned int slot, unsigned long key)
{
	/* the entry's last use comes before whatever its next owner writes */
	smp_store_release(&page_pinner_pool.key[slot], key);
}

/* A put, and what it finds. */
struct page_pinner_giver {
	unsigned long pfn;
	int refs;	/* that it gives back */
	int left;	/* unexpected references that are left, -1: unknown */
	pid_t pid;	/* 0: an interrupt */
	bool asked;	/* is @batch known? */
	bool batch;	/* a batch is being drained */
};

static bool page_pinner_giver_is_batch(struct page_pinner_giver *giver)
{
	unsigned long stack[PAGE_PINNER_HOLDER_DEPTH];

	if (!giver->asked) {
		giver->batch = page_pinner_is_batch(stack, stack_trace_save(stack,
								ARRAY_SIZE(stack), 3));
		giver->asked = true;
	}
	return giver->batch;
}

/* References on record, those of batches among them. */
static int page_pinner_recorded(unsigned long pfn, int *batches)
{
	unsigned long key = page_pinner_key_of(pfn);
	unsigned int i;
	int refs = 0;

	*batches = 0;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		unsigned int slot = page_pinner_slot(pfn, i);
		const struct page_pinner_holder *holder = &page_pinner_pool.holder[slot];

		if (READ_ONCE(page_pinner_pool.key[slot]) != key)
			continue;
		refs += READ_ONCE(holder->refs);
		*batches += READ_ONCE(holder->batch);
	}
	return refs;
}

/* How well an entry answers a put. */
enum page_pinner_fit {
	PAGE_PINNER_FITS_NOT,
	PAGE_PINNER_FITS_ANY,
	PAGE_PINNER_FITS_SIZE,
	PAGE_PINNER_FITS_TASK,
	PAGE_PINNER_FITS_BOTH,
};

static enum page_pinner_fit page_pinner_fits(const struct page_pinner_holder *holder,
					     const struct page_pinner_giver *giver)
{
	bool same = READ_ONCE(holder->refs) == giver->refs;

	if (READ_ONCE(holder->batch) != giver->batch)
		return PAGE_PINNER_FITS_NOT;
	if (giver->pid && !giver->batch && READ_ONCE(holder->pid) == giver->pid)
		return same ? PAGE_PINNER_FITS_BOTH : PAGE_PINNER_FITS_TASK;
	return same ? PAGE_PINNER_FITS_SIZE : PAGE_PINNER_FITS_ANY;
}

/*
 * The slot of the entry that a put answers, or -1.  The newest of the same task
 * and size, else of the same task.  Others' only where more is on record than
 * is left, and where there is but one: of its size, else at all.
 */
static int page_pinner_holder_of(struct page_pinner_giver *giver)
{
	unsigned long key = page_pinner_key_of(giver->pfn);
	enum page_pinner_fit best = PAGE_PINNER_FITS_NOT;
	int found = -1, recorded, batches, nr = 0;
	u64 newest = 0;
	unsigned int i;

	recorded = page_pinner_recorded(giver->pfn, &batches);
	if (!recorded)
		return -1;
	/* ask, if a batch of which there is a record, or none, may be meant */
	if (batches || giver->left < 0 || recorded < giver->left + giver->refs)
		page_pinner_giver_is_batch(giver);

	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		unsigned int slot = page_pinner_slot(giver->pfn, i);
		const struct page_pinner_holder *holder = &page_pinner_pool.holder[slot];
		enum page_pinner_fit fits;
		u64 start;

		if (READ_ONCE(page_pinner_pool.key[slot]) != key)
			continue;
		fits = page_pinner_fits(holder, giver);
		if (fits == PAGE_PINNER_FITS_NOT || fits < best)
			continue;
		nr = fits == best ? nr + 1 : 1;
		start = READ_ONCE(holder->start_ns);
		if (fits > best || start >= newest) {
			newest = start;
			found = slot;
		}
		best = fits;
	}
	if (best >= PAGE_PINNER_FITS_TASK)
		return found;
	/* which of several batches is no matter: they are nobody's */
	if (giver->left >= 0 && recorded <= giver->left)
		return -1;
	return nr == 1 || giver->batch ? found : -1;
}

void page_pinner_holders_put(unsigned long pfn, int refs, int left)
{
	struct page_pinner_giver giver = {
		.pfn = pfn,
		.refs = refs,
		.left = left,
		.pid = page_pinner_ctx() == PAGE_PINNER_CTX_TASK ? current->pid : 0,
	};
	unsigned long key = page_pinner_key_of(pfn);
	int tries = PAGE_PINNER_WINDOW, slot, given;

	while (page_pinner_pool.key && giver.refs && tries--) {
		struct page_pinner_holder *holder;

		slot = page_pinner_holder_of(&giver);
		if (slot < 0)
			return;
		if (!page_pinner_holder_claim(slot, key))
			continue;	/* another put was there first */
		holder = &page_pinner_pool.holder[slot];
		given = min(holder->refs, giver.refs);
		giver.refs -= given;
		WRITE_ONCE(holder->refs, holder->refs - given);
		if (holder->refs) {
			page_pinner_holder_release(slot, key);
			continue;
		}
		page_pinner_count(PAGE_PINNER_STAT_HOLDERS_ENDED);
		page_pinner_holder_release(slot, PAGE_PINNER_KEY_FREE);
	}
}

void page_pinner_holders_settle(unsigned long pfn, u64 before_ns)
{
	unsigned long key = page_pinner_key_of(pfn);
	unsigned int i, slot;

	if (!page_pinner_pool.key)
		return;
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		slot = page_pinner_slot(pfn, i);
		if (!page_pinner_holder_claim(slot, key))
			continue;
		if (page_pinner_pool.holder[slot].start_ns >= before_ns) {
			page_pinner_holder_release(slot, key);
			continue;
		}
		page_pinner_count(PAGE_PINNER_STAT_HOLDERS_ENDED);
		page_pinner_holder_release(slot, PAGE_PINNER_KEY_FREE);
	}
}

/* Nobody follows these folios any more: their puts will not be seen. */
void page_pinner_holders_forget(void)
{
	unsigned long slot, key, pfn;

	for (slot = 0; slot < page_pinner_holders_size(); slot++) {
		struct page *page;

		key = READ_ONCE(page_pinner_pool.key[slot]);
		if (key <= PAGE_PINNER_KEY_BUSY)
			continue;
		pfn = (key >> 1) - 1;
		page = pfn_to_online_page(pfn);
		if (page && page_pinner_active() &&
		    (page_pinner_watched(page, 0) || page_pinner_is_marked(page)))
			continue;
		if (page_pinner_holder_claim(slot, key)) {
			page_pinner_count(PAGE_PINNER_STAT_HOLDERS_ENDED);
			page_pinner_holder_release(slot, PAGE_PINNER_KEY_FREE);
		}
	}
}

/* === Readers ============================================================== */

/* A copy of the entry in @slot, if it is one of @key and stays so. */
static bool page_pinner_holder_copy(unsigned int slot, unsigned long key,
				    struct page_pinner_holder *copy)
{
	const struct page_pinner_holder *holder = &page_pinner_pool.holder[slot];

	/* pairs with smp_store_release() in page_pinner_holders_get() */
	if (smp_load_acquire(&page_pinner_pool.key[slot]) != key)
		return false;
	*copy = *holder;
	/* the copy is whole if its owner is still the same */
	smp_rmb();
	return READ_ONCE(page_pinner_pool.key[slot]) == key &&
	       READ_ONCE(holder->start_ns) == copy->start_ns;
}

unsigned int page_pinner_holders_find(unsigned long pfn, unsigned int i,
				      struct page_pinner_holder *copy)
{
	unsigned long key = page_pinner_key_of(pfn);

	if (!page_pinner_pool.key)
		return 0;
	for (; i < PAGE_PINNER_WINDOW; i++)
		if (page_pinner_holder_copy(page_pinner_slot(pfn, i), key, copy))
			return i + 1;
	return 0;
}

unsigned long page_pinner_holders_next(unsigned long *slot)
{
	for (; page_pinner_pool.key && *slot < 1UL << page_pinner_pool.bits; ++*slot) {
		unsigned long key = READ_ONCE(page_pinner_pool.key[*slot]);
		struct page_pinner_holder copy;
		unsigned long pfn;
		unsigned int first;

		if (key <= PAGE_PINNER_KEY_BUSY)
			continue;
		pfn = (key >> 1) - 1;
		/* each folio once: at the first of its entries */
		first = page_pinner_holders_find(pfn, 0, &copy);
		if (first && page_pinner_slot(pfn, first - 1) == *slot)
			return pfn;
	}
	return ULONG_MAX;
}

unsigned long page_pinner_holders_size(void)
{
	return page_pinner_pool.key ? 1UL << page_pinner_pool.bits : 0;
}

/* The head of a page that may be damaged: not farther off than a head can be. */
static const struct page *page_pinner_head_of(const struct page *page)
{
	unsigned long head = READ_ONCE(page->compound_head);
	const struct page *found = (const struct page *)(head - 1);

	if (!(head & 1))
		return page;
	return found < page && page - found < 1L << PAGE_PINNER_MAX_ORDER ? found : NULL;
}

/**
 * __page_pinner_dump - who holds a page that is being dumped
 * @page: which
 *
 * Context: any.
 */
void __page_pinner_dump(const struct page *page)
{
	struct page_pinner_holder holder;
	struct page_pinner_sample s;
	const struct page *head;
	int refcount, known = 0;
	unsigned int i;

	head = PagePoisoned(page) ? NULL : page_pinner_head_of(page);
	if (!head)
		return;
	refcount = page_ref_count(head);
	page_pinner_sample(head, &s);
	if (s.expected < 0 || refcount <= s.expected)
		return;
	pr_warn("refcount %d, expected %d: %d unexpected\n", refcount, s.expected,
		refcount - s.expected);
	for (i = 0; (i = page_pinner_holders_find(page_to_pfn(head), i, &holder)); ) {
		known += holder.refs;
		pr_warn("%d taken by %s/%d %llu ms ago at:\n", holder.refs, holder.comm,
			holder.pid, div_u64(local_clock() - holder.start_ns, NSEC_PER_MSEC));
		stack_trace_print(holder.stack, holder.depth, 4);
	}
	if (known > refcount - s.expected)
		pr_warn("%d of these are given back: it is not known which\n",
			known - (refcount - s.expected));
	else if (known < refcount - s.expected)
		pr_warn("%d not on record\n", refcount - s.expected - known);
}
