/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel itself says of references that are held now: rows of the
 * debugfs files "holders" and "scan", and what dump_page() wrote into the log.
 */
#ifndef PAGE_PINNER_HELD_H
#define PAGE_PINNER_HELD_H

#include <stdbool.h>
#include <stdint.h>

/**
 * enum held_record - what the kernel has on record of some references
 * @HELD_OPEN: the get is open
 * @HELD_ONE_OF: it, or another one of the same folio: some were given back, it is
 *	not known which
 * @HELD_BATCH: a per-CPU batch of the LRU or of mlock holds them
 * @HELD_UNRECORDED: no get is on record
 * @HELD_REFUSED: likewise, and gets found no room
 */
enum held_record {
	HELD_OPEN,
	HELD_ONE_OF,
	HELD_BATCH,
	HELD_UNRECORDED,
	HELD_REFUSED,
	NR_HELD_RECORDS
};

/**
 * struct held - some references of one folio that are alike
 * @look: rows with the same number and PFN were seen at the same time
 * @log: dump_page() looked: what it saw is of the past
 * @pfn: of the head page
 * @order: of the folio
 * @refcount: of the folio
 * @expected: what mappings, caches and private data account for
 * @mapcount: of the folio, if @has says so
 * @flags: of the head page, if @has says so
 * @has: HAS_MAPCOUNT, HAS_FLAGS; see event.h
 * @refs: how many references, in units of the refcount; 0: the folio was looked
 *	at, and no row could be read
 * @record: what is on record of them
 * @ctx: &enum pin_ctx of the get
 * @task: number of the task, in task context
 * @since_ns: when the get was
 * @age_ns: how long before the look
 * @stack: number of its stack
 *
 * The last five only where a get is on record.
 */
struct held {
	uint64_t look;
	bool log;
	uint64_t pfn;
	uint8_t order;
	int32_t refcount;
	int32_t expected;
	int32_t mapcount;
	uint64_t flags;
	uint32_t has;
	int32_t refs;
	enum held_record record;
	uint8_t ctx;
	uint32_t task;
	uint64_t since_ns;
	uint64_t age_ns;
	uint32_t stack;
};

/**
 * typedef held_sink - takes rows
 * @ctx: the receiver
 * @held: the row; valid during the call
 */
typedef void (*held_sink)(void *ctx, const struct held *held);

/**
 * struct held_source - how it was learned
 * @looks: tables and dumps
 * @logs: of these, dumps
 * @rows: that could be read
 * @unread: that could not, or that are missing
 * @first_bad: line of the first of these, 0 if none
 * @counted: the kernel's counters were read
 * @refused: gets that found no room, since boot
 * @busy: gets given up for contention, since boot
 */
struct held_source {
	uint64_t looks;
	uint64_t logs;
	uint64_t rows;
	uint64_t unread;
	uint64_t first_bad;
	bool counted;
	uint64_t refused;
	uint64_t busy;
};

#endif
