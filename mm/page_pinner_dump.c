// SPDX-License-Identifier: GPL-2.0
/*
 * The open gets of a page that is dumped: beneath page_owner's lines, which
 * tell who allocated it, who holds it.  The formats are described in
 * Documentation/mm/page_pinner.rst.
 */

#define pr_fmt(fmt) "page_pinner: " fmt

#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/page_pinner.h>
#include <linux/sched/clock.h>
#include <linux/string_helpers.h>

#include "page_pinner.h"

const char * const page_pinner_ctx_names[] = {
	[PAGE_PINNER_CTX_TASK]		= "task",
	[PAGE_PINNER_CTX_SOFTIRQ]	= "softirq",
	[PAGE_PINNER_CTX_HARDIRQ]	= "hardirq",
	[PAGE_PINNER_CTX_NMI]		= "nmi",
};

/**
 * page_pinner_who - the task of an open get in one word
 * @holder: the open get
 * @text: set to "PID COMM", or "- -" in an interrupt
 *
 * What is not printable, and blanks, are escaped.
 */
void page_pinner_who(const struct page_pinner_holder *holder,
		     char text[PAGE_PINNER_WHO_LEN])
{
	size_t size = strnlen(holder->comm, TASK_COMM_LEN);
	int len;

	if (holder->pid <= 0) {
		strscpy(text, "- -", PAGE_PINNER_WHO_LEN);
		return;
	}
	len = scnprintf(text, PAGE_PINNER_WHO_LEN, "%d %s", holder->pid, size ? "" : "-");
	len += string_escape_mem(holder->comm, size, text + len, PAGE_PINNER_WHO_LEN - 1 - len,
				 ESCAPE_NAP | ESCAPE_APPEND | ESCAPE_OCTAL, " \\");
	text[len] = '\0';
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

/* Lines name the page again: those of two dumps at a time may mix. */
static void page_pinner_dump_holder(const struct page_pinner_holder *holder,
				    unsigned long pfn, bool sure)
{
	u64 now = local_clock(), s = holder->start_ns;
	u32 ns = do_div(s, NSEC_PER_SEC);
	char who[PAGE_PINNER_WHO_LEN];
	char *comm;
	int i;

	page_pinner_who(holder, who);
	comm = strchr(who, ' ');
	*comm++ = '\0';
	pr_warn("%d %s, %s %s comm %s since %llu.%06u age_ms %llu pfn 0x%lx\n", holder->refs,
		page_pinner_record(holder, sure), page_pinner_ctx_names[holder->ctx & 3],
		who, comm, s, ns / (u32)NSEC_PER_USEC,
		div_u64(now - min(now, holder->start_ns), NSEC_PER_MSEC), pfn);
	for (i = page_pinner_own_frames(holder); i < holder->depth; i++)
		pr_warn(" %pB\n", (void *)holder->stack[i]);
}

/**
 * __page_pinner_dump - who holds a page that is being dumped
 * @page: which; it may be damaged
 *
 * Context: any where printk() may be called.
 */
void __page_pinner_dump(const struct page *page)
{
	struct page_pinner_holder holder;
	struct page_pinner_sample s;
	int refcount, unexpected, all, shown = 0;
	const struct page *head;
	unsigned long pfn;
	unsigned int i;

	head = PagePoisoned(page) ? NULL : page_pinner_head_of(page);
	if (!head)
		return;
	pfn = page_to_pfn(head);
	refcount = page_ref_count(head);
	page_pinner_sample(head, &s);
	if (s.expected < 0 || refcount <= s.expected)
		return;
	unexpected = refcount - s.expected;
	/* one look is all there is time for: the count has to be that of the sample */
	if (page_ref_count(head) == refcount)
		page_pinner_holders_review(head, &s, refcount);
	all = page_pinner_accounted(pfn, PAGE_PINNER_EVER);
	pr_warn("pfn 0x%lx order %u refcount %d expected %d unexpected %d\n", pfn,
		s.order, refcount, s.expected, unexpected);
	for (i = 0; i < PAGE_PINNER_WINDOW; i++) {
		if (!page_pinner_pool_copy(pfn, i, &holder))
			continue;
		page_pinner_dump_holder(&holder, pfn, all <= unexpected);
		shown += holder.refs;
	}
	/* by what was shown: there is no room for copies, and gets come and go */
	all = max(all, unexpected);
	if (shown < all)
		pr_warn("%d %s pfn 0x%lx\n", all - shown, page_pinner_unknown(pfn), pfn);
}
