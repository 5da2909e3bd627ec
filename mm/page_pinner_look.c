// SPDX-License-Identifier: GPL-2.0
/*
 * Is a folio held now, by whom, and how is that said in a row of the debugfs
 * files "scan" and "holders"?  A look takes no reference and no lock.
 * mm/page_pinner_scan.c looks for the folios; Documentation/mm/page_pinner.rst
 * describes the rows.
 */

#include <linux/cma.h>
#include <linux/kallsyms.h>
#include <linux/math64.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>

#ifdef CONFIG_CMA
#include "cma.h"
#endif
#include "page_pinner.h"

/* === A look =============================================================== */

#ifdef CONFIG_CMA
static int page_pinner_cma_owns(struct cma *cma, void *data)
{
	unsigned long pfn = *(unsigned long *)data;
	unsigned long start = PHYS_PFN(cma_get_base(cma));

	return pfn >= start && pfn - start < cma_get_size(cma) >> PAGE_SHIFT &&
	       test_bit((pfn - start) >> cma->order_per_bit, cma->bitmap);
}

/* Handed out by cma_alloc(): it lies there by right. */
static bool page_pinner_is_cma_owned(unsigned long pfn)
{
	return cma_for_each_area(page_pinner_cma_owns, &pfn);
}
#else
static bool page_pinner_is_cma_owned(unsigned long pfn)
{
	return false;
}
#endif

/*
 * Has anybody to answer for it?  A user's pages, and in memory that is to stay
 * movable whatever lies there; not the kernel's own elsewhere.
 */
static bool page_pinner_is_listed(const struct page *page, unsigned long pfn,
				  const struct page_pinner_sample *s)
{
	if (s->user || s->flags & BIT(PG_lru) ||
	    page_pinner_recorded(pfn, PAGE_PINNER_EVER))
		return true;
	if (s->flags & BIT(PG_reserved))
		return false;
	return (page_zonenum(page) == ZONE_MOVABLE || page_pinner_stays_movable(page)) &&
	       !page_pinner_is_cma_owned(pfn);
}

/**
 * page_pinner_see - look at a folio: has it unexpected references?
 * @pfn: of its head page
 * @hugetlb: only if it is one of hugetlb
 * @seen: set to how it looks
 *
 * Context: process context.
 * Return: true if it has, and somebody is to answer for them.
 */
bool page_pinner_see(unsigned long pfn, bool hugetlb, struct page_pinner_seen *seen)
{
	struct page *page = pfn_to_online_page(pfn);

	if (!page)
		return false;
	seen->pfn = pfn;
	seen->steady = false;
	seen->refcount = page_ref_count(page);
	if (seen->refcount <= 0)
		return false;
	page_pinner_sample(page, &seen->sample);
	return seen->sample.expected >= 0 && seen->refcount > seen->sample.expected &&
	       (!hugetlb || seen->sample.hugetlb) &&
	       page_pinner_is_listed(page, pfn, &seen->sample);
}

static int page_pinner_unexpected(const struct page_pinner_seen *seen)
{
	return seen->refcount - seen->sample.expected;
}

/**
 * page_pinner_see_again - one more look at a folio, until two agree
 * @seen: of the look before; set to this one, unless it has more
 *
 * A folio that is just being isolated, as compaction does with many, is held
 * none the less: the least counts.
 *
 * Context: process context.
 * Return: false if nothing unexpected is left.
 */
bool page_pinner_see_again(struct page_pinner_seen *seen)
{
	struct page_pinner_seen now = { .pos = seen->pos };

	if (seen->steady)
		return true;
	if (!page_pinner_see(seen->pfn, false, &now))
		return false;
	now.steady = now.refcount == seen->refcount &&
		     now.sample.expected == seen->sample.expected &&
		     now.sample.mapping == seen->sample.mapping;
	if (page_pinner_unexpected(&now) <= page_pinner_unexpected(seen))
		*seen = now;
	return true;
}

/* === Its rows ============================================================= */

static const char *page_pinner_type(const struct page_pinner_sample *s)
{
	if (s->hugetlb)
		return "hugetlb";
	if (s->mapping & PAGE_MAPPING_ANON)
		return "anon";
	return s->mapping ? "file" : "none";
}

/* One name of a stack, without the blank that would end its column. */
static void page_pinner_show_frame(struct seq_file *m, unsigned long addr, bool first)
{
	char name[KSYM_SYMBOL_LEN], *blank;

	sprint_backtrace(name, addr);
	blank = strchr(name, ' ');
	if (blank)
		memmove(blank, blank + 1, strlen(blank));
	seq_printf(m, "%s%s", first ? "" : "<-", name);
}

static void page_pinner_show_who(struct seq_file *m, const struct page_pinner_holder *holder)
{
	u64 now = local_clock(), s = holder->start_ns;
	u32 ns = do_div(s, NSEC_PER_SEC);
	char who[PAGE_PINNER_WHO_LEN];
	int i, first = page_pinner_own_frames(holder);

	page_pinner_who(holder, who);
	seq_printf(m, " %s %s %llu.%06u %llu ", page_pinner_ctx_names[holder->ctx & 3], who,
		   s, ns / (u32)NSEC_PER_USEC,
		   div_u64(now - min(now, holder->start_ns), NSEC_PER_MSEC));
	if (first == holder->depth)
		seq_putc(m, '-');
	for (i = first; i < holder->depth; i++)
		page_pinner_show_frame(m, holder->stack[i], i == first);
}

static void page_pinner_show_columns(struct seq_file *m, const struct page_pinner_seen *seen,
				     unsigned long flags, int refs, const char *record)
{
	const struct page_pinner_sample *s = &seen->sample;

	seq_printf(m, "0x%lx %u %d %d %d %d %s %pGp %d %s", seen->pfn, s->order,
		   seen->refcount, s->expected, page_pinner_unexpected(seen), s->mapcount,
		   page_pinner_type(s), &flags, refs, record);
}

/**
 * page_pinner_show_folio - a row for each open get, and one for what is not on record
 * @m: where to
 * @seen: the folio
 * @open: room to read its open gets into
 *
 * Context: process context.
 */
void page_pinner_show_folio(struct seq_file *m, const struct page_pinner_seen *seen,
			    struct page_pinner_open *open)
{
	const struct page *page = pfn_to_online_page(seen->pfn);
	int unexpected = page_pinner_unexpected(seen), all;
	unsigned long flags;
	unsigned int i;

	if (!page)
		return;
	/* with the bits of zone and node, which a sample does without */
	flags = seen->sample.flags | (READ_ONCE(page->flags) & ~PAGEFLAGS_MASK);
	page_pinner_holders_review(page, &seen->sample, seen->refcount);
	page_pinner_open_take(seen->pfn, open);
	for (i = 0; i < open->nr; i++) {
		const struct page_pinner_holder *holder = &open->holder[i];

		page_pinner_show_columns(m, seen, flags, holder->refs,
					 page_pinner_record(holder, open->accounted <= unexpected));
		page_pinner_show_who(m, holder);
		seq_putc(m, '\n');
	}
	all = max(open->accounted, unexpected);
	if (open->refs < all) {
		page_pinner_show_columns(m, seen, flags, all - open->refs,
					 page_pinner_unknown(seen->pfn));
		seq_puts(m, " - - - - - -\n");
	}
}
