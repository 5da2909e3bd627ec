// SPDX-License-Identifier: GPL-2.0
/*
 * Marks on pages that nobody uses, as many as the parameter "marks" says, for
 * as long as the module is loaded: what do they cost everybody else?  One of
 * eight is a huge page, up to 32 of them.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/mm.h>
#include <linux/module.h>
#include <linux/page_pinner.h>
#include <linux/vmalloc.h>

#define MOST_HUGE	32

static uint marks = 1;
module_param(marks, uint, 0444);
MODULE_PARM_DESC(marks, "how many pages to mark");

static struct page **pages;

static void elsewhere_free(void)
{
	uint i;

	for (i = 0; i < marks; i++) {
		if (pages[i])
			__free_pages(pages[i], compound_order(pages[i]));
	}
	vfree(pages);
}

static int __init elsewhere_init(void)
{
	uint i, huge = 0;

	pages = vcalloc(marks, sizeof(*pages));
	if (!pages)
		return -ENOMEM;
	for (i = 0; i < marks; i++) {
		if (i % 8 == 1 && huge < MOST_HUGE) {
			pages[i] = alloc_pages(GFP_KERNEL | __GFP_COMP | __GFP_NOWARN,
					       HPAGE_PMD_ORDER);
			huge += !!pages[i];
		}
		if (!pages[i])
			pages[i] = alloc_page(GFP_KERNEL);
		if (!pages[i]) {
			elsewhere_free();
			return -ENOMEM;
		}
		page_pinner_mark(page_folio(pages[i]), 0);
		cond_resched();
	}
	pr_info("%u marks, %u of them of huge pages\n", marks, huge);
	return 0;
}

static void __exit elsewhere_exit(void)
{
	elsewhere_free();
}

module_init(elsewhere_init);
module_exit(elsewhere_exit);

MODULE_DESCRIPTION("Marks that nobody has to do with");
MODULE_LICENSE("GPL");
