/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of page_pinner's KUnit suite share: an ear that listens to
 * the trace events of one folio, and folios to listen to.
 */
#ifndef _MM_PAGE_PINNER_TEST_H
#define _MM_PAGE_PINNER_TEST_H

#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/page_pinner_types.h>
#include <linux/spinlock.h>

#include "page_pinner.h"

/**
 * enum heard_type - which event was heard
 * @HEARD_FAIL: page_pinner_fail_migrate
 * @HEARD_GET: page_pinner_get
 * @HEARD_PUT: page_pinner_put
 * @HEARD_UNMARK: page_pinner_unmark
 */
enum heard_type { HEARD_FAIL, HEARD_GET, HEARD_PUT, HEARD_UNMARK };

/**
 * struct heard - one event
 * @type: which event
 * @fail: its payload, if it is a failure
 * @ref: its payload, if it is a get or put
 * @unmark: its payload, if it is an unmark
 */
struct heard {
	enum heard_type type;
	union {
		struct page_pinner_fail fail;
		struct page_pinner_ref ref;
		struct page_pinner_unmark unmark;
	};
};

#define MAX_HEARD	256

/**
 * struct ear - events of one range of pages; others go on all the time
 * @lock: taken by whoever emits an event, in any context but NMI
 * @start: first PFN
 * @end: PFN after the last
 * @nr: events heard, those beyond MAX_HEARD counted
 * @events: in the order in which they came
 */
struct ear {
	raw_spinlock_t lock;
	unsigned long start;
	unsigned long end;
	unsigned int nr;
	struct heard events[MAX_HEARD];
};

extern struct ear ear;

void hear_nothing(void);
void hear_folio(struct folio *folio);
const struct heard *heard_one(struct kunit *test, enum heard_type type);
void expect_ref(struct kunit *test, int delta, int refcount, u32 id);
void expect_silence(struct kunit *test);
void listen(enum heard_type type, bool on);
void listen_all(bool on);

struct page_pinner_ranges *ranges_new(struct kunit *test, unsigned long start,
				      unsigned long end);
void set_range(struct kunit *test, struct page_pinner_ranges __rcu **set);
void set_range_of(struct kunit *test, struct page_pinner_ranges __rcu **set,
		  unsigned long start, unsigned long end);
void unset_range(struct page_pinner_ranges __rcu **set);

struct folio *folio_new(struct kunit *test, unsigned int order);
u32 mark(struct kunit *test, struct folio *folio);
void expect_freed(struct kunit *test, struct folio *folio, u32 id);
struct folio *shmem_folio_new(struct kunit *test, struct file **file);

extern struct kunit_case page_pinner_race_test_cases[];
extern struct kunit_case page_pinner_account_test_cases[];
extern struct kunit_case page_pinner_holders_test_cases[];
extern struct kunit_case page_pinner_budget_test_cases[];
extern struct kunit_case page_pinner_gate_test_cases[];

#endif /* _MM_PAGE_PINNER_TEST_H */
