// SPDX-License-Identifier: GPL-2.0
/*
 * Sets of PFN ranges in words that an administrator knows: what is watched,
 * what is filtered, what is scanned.  mm/page_pinner_debugfs.c takes them from
 * files, mm/page_pinner.c from the command line.
 */

#include <linux/cma.h>
#include <linux/kstrtox.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/page_ext.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "page_pinner.h"

/* The most ranges that one set may have. */
#define PAGE_PINNER_MAX_RANGES	64

/* Writers of ranges hold this; readers are inside RCU. */
DEFINE_MUTEX(page_pinner_ctl_mutex);

bool page_pinner_ranges_hit(struct page_pinner_ranges __rcu **set,
			    const struct page *page, unsigned int order)
{
	const struct page_pinner_ranges *ranges;
	unsigned long pfn = page_to_pfn(page);
	unsigned long end = pfn + (1UL << order);
	unsigned int i;
	bool hit = false;

	rcu_read_lock();
	ranges = rcu_dereference(*set);
	for (i = 0; ranges && i < ranges->nr && !hit; i++)
		hit = pfn < ranges->range[i].end && end > ranges->range[i].start &&
		      (!ranges->range[i].hugetlb || PageHuge(page));
	rcu_read_unlock();
	return hit;
}

bool page_pinner_watched(const struct page *page, unsigned int order)
{
	return rcu_access_pointer(page_pinner_ctl.watch) &&
	       page_pinner_ranges_hit(&page_pinner_ctl.watch, page, order);
}

static int page_pinner_ranges_add(struct page_pinner_ranges *ranges,
				  unsigned long start, unsigned long last)
{
	if (last < start || last == ULONG_MAX)
		return -EINVAL;
	if (ranges->nr == PAGE_PINNER_MAX_RANGES)
		return -E2BIG;
	ranges->nr++;
	ranges->range[ranges->nr - 1].start = start;
	ranges->range[ranges->nr - 1].end = last + 1;
	return 0;
}

#ifdef CONFIG_CMA
struct page_pinner_cma {
	const char *name;
	struct page_pinner_ranges *ranges;
	bool found;
};

static int page_pinner_cma_match(struct cma *cma, void *data)
{
	struct page_pinner_cma *want = data;
	unsigned long start = PHYS_PFN(cma_get_base(cma));

	if (strcmp(cma_get_name(cma), want->name))
		return 0;
	want->found = true;
	return page_pinner_ranges_add(want->ranges, start, start +
				      (cma_get_size(cma) >> PAGE_SHIFT) - 1);
}

static int page_pinner_add_cma(struct page_pinner_ranges *ranges, const char *name)
{
	struct page_pinner_cma want = { .name = name, .ranges = ranges };
	int err = cma_for_each_area(page_pinner_cma_match, &want);

	return err ?: want.found ? 0 : -ENOENT;
}
#else
static int page_pinner_add_cma(struct page_pinner_ranges *ranges, const char *name)
{
	return -ENOENT;
}
#endif

static int page_pinner_add_block(struct page_pinner_ranges *ranges, const char *nr)
{
#ifdef CONFIG_MEMORY_HOTPLUG
	unsigned long pages = memory_block_size_bytes() >> PAGE_SHIFT;
	unsigned long block;
	int err = kstrtoul(nr, 0, &block);

	if (err)
		return err;
	if (block > ULONG_MAX / pages - 1)
		return -EINVAL;
	return page_pinner_ranges_add(ranges, block * pages,
				      (block + 1) * pages - 1);
#else
	return -ENOENT;
#endif
}

/* One word: PFN, FIRST-LAST, cma:NAME, memory:BLOCK, hugetlb or all. */
static int page_pinner_ranges_word(struct page_pinner_ranges *ranges, char *word)
{
	unsigned long start, last;
	char *dash;
	int err;

	if (!strcmp(word, "all") || !strcmp(word, "hugetlb")) {
		err = page_pinner_ranges_add(ranges, 0, ULONG_MAX - 1);
		if (!err)
			ranges->range[ranges->nr - 1].hugetlb = *word == 'h';
		return err;
	}

	if (!strncmp(word, "cma:", 4))
		return page_pinner_add_cma(ranges, word + 4);
	if (!strncmp(word, "memory:", 7))
		return page_pinner_add_block(ranges, word + 7);

	dash = strchr(word, '-');
	if (dash)
		*dash++ = '\0';
	err = kstrtoul(word, 0, &start);
	if (!err)
		err = kstrtoul(dash ?: word, 0, &last);
	return err ?: page_pinner_ranges_add(ranges, start, last);
}

/**
 * page_pinner_ranges_parse - a set of ranges from words
 * @old: ranges that the new set has, too, or NULL
 * @text: words between blanks, commas and newlines; written to
 *
 * Context: process context, may sleep.
 * Return: the new set, NULL if it is empty, or an ERR_PTR(): then nothing of
 *	@text was taken.
 */
struct page_pinner_ranges *
page_pinner_ranges_parse(const struct page_pinner_ranges *old, char *text)
{
	struct page_pinner_ranges *ranges;
	char *word;
	int err;

	ranges = kzalloc(struct_size(ranges, range, PAGE_PINNER_MAX_RANGES),
			 GFP_KERNEL);
	if (!ranges)
		return ERR_PTR(-ENOMEM);
	if (old) {
		ranges->nr = old->nr;
		memcpy(ranges->range, old->range,
		       old->nr * sizeof(old->range[0]));
	}
	while ((word = strsep(&text, ", \t\n"))) {
		if (!*word)
			continue;
		err = page_pinner_ranges_word(ranges, word);
		if (err) {
			kfree(ranges);
			return ERR_PTR(err);
		}
	}
	if (!ranges->nr) {
		kfree(ranges);
		return NULL;
	}
	return ranges;
}

/**
 * page_pinner_ranges_copy - a private copy of a set
 * @set: which
 * @copy: set to it, for kfree(); NULL if the set is empty
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOMEM.
 */
int page_pinner_ranges_copy(struct page_pinner_ranges __rcu **set,
			    struct page_pinner_ranges **copy)
{
	struct page_pinner_ranges *old;
	int err = 0;

	*copy = NULL;
	mutex_lock(&page_pinner_ctl_mutex);
	old = rcu_dereference_protected(*set, lockdep_is_held(&page_pinner_ctl_mutex));
	if (old) {
		*copy = kmemdup(old, struct_size(old, range, old->nr), GFP_KERNEL);
		if (!*copy)
			err = -ENOMEM;
	}
	mutex_unlock(&page_pinner_ctl_mutex);
	return err;
}

/*
 * The bounds of what is watched, for a quick look.  A folio is found by its
 * head, which may lie before the range that its tail reaches into.
 */
static void page_pinner_watch_bounds(const struct page_pinner_ranges *ranges)
{
	unsigned long start = ULONG_MAX, end = 0;
	unsigned int i;

	for (i = 0; ranges && i < ranges->nr; i++) {
		start = min(start, ranges->range[i].start);
		end = max(end, ranges->range[i].end);
	}
	WRITE_ONCE(page_pinner_ctl.watch_start,
		   ALIGN_DOWN(start, PUD_SIZE / PAGE_SIZE));
	WRITE_ONCE(page_pinner_ctl.watch_end, end);
}

/**
 * page_pinner_ranges_install - put a set of ranges in force
 * @set: which
 * @new: the ranges, or NULL for none; freed if this fails
 *
 * A watch holds the key, whether anybody listens or not.
 *
 * Context: process context, under page_pinner_ctl_mutex.
 * Return: 0, or -ENOMEM: then nothing has changed.
 */
int page_pinner_ranges_install(struct page_pinner_ranges __rcu **set,
			       struct page_pinner_ranges *new)
{
	bool watch = set == &page_pinner_ctl.watch;
	struct page_pinner_ranges *old;
	int err;

	old = rcu_dereference_protected(*set, lockdep_is_held(&page_pinner_ctl_mutex));
	if (watch && new && !old) {
		err = page_pinner_hold();
		if (err) {
			kfree(new);
			return err;
		}
	}
	if (watch && new)
		page_pinner_gate_watch(new, true);
	if (watch)
		page_pinner_watch_bounds(new);
	rcu_assign_pointer(*set, new);
	if (old) {
		/* operations that still saw the old ones have left after this */
		synchronize_rcu();
		kfree(old);
	}
	if (watch && old) {
		page_pinner_gate_watch(new, false);
		page_pinner_pool_forget();
		if (!new)
			page_pinner_drop();
	}
	return 0;
}
