/* SPDX-License-Identifier: GPL-2.0 */
/* What a row counted by itself, and whether the events agree. */
#ifndef JUDGE_H
#define JUDGE_H

#include <linux/kernel-page-flags.h>

#include "paths.h"

/* not among the exported ones */
#define KPF_PRIVATE	35

#define KPF(bit)	(1ULL << (bit))

/**
 * struct truth - of a page in quiet, without a word of page_pinner
 * @refcount: read by the test module
 * @expected: references of page tables, caches and private data
 * @mapcount: page table entries that map the folio
 * @kpageflags: as /proc/kpageflags has them
 */
struct truth {
	int refcount;
	int expected;
	int mapcount;
	uint64_t kpageflags;
};

/**
 * path_truth - count the references of the row's page
 * @path: row
 * @truth: to be filled in
 */
void path_truth(const struct path *path, struct truth *truth);

/**
 * judge - compare the events in the trace buffer with the truth
 * @path: row, over
 * @before: in quiet before the path
 * @after: in quiet after it; unused if the page is gone
 * @text: what was seen, and what is wrong with it
 * @size: of @text
 *
 * Return: do they agree?
 */
bool judge(struct path *path, const struct truth *before,
	   const struct truth *after, char *text, size_t size);

#endif /* JUDGE_H */
