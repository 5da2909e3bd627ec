/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The story of one mark: the failures that it is about and every change of
 * the folio's refcount, in the order in which they happened.
 */
#ifndef PAGE_PINNER_EPISODE_H
#define PAGE_PINNER_EPISODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/findings.h"
#include "trace/event.h"

/* How far out of order ops of different CPUs are looked for. */
#define ORDER_WINDOW 16

/**
 * struct op - one change of the refcount
 * @ts: when
 * @task: by whom, see task.h
 * @stack: from where, see stack.h
 * @refcount: after it
 * @delta: the change
 * @expected: what mappings, caches and private data accounted for, -1 if unknown
 * @id: of the mark under which it was written, 0 for none
 * @seq: its number under that mark, 0 if unknown
 * @missing: so many operations before it are not on record, as the numbers tell
 * @skipped: so many of the mark, up to it, are known to cancel each other out
 * @atomic: @task is a bystander: an interrupt did it
 * @cut: ops before it were forgotten: its count follows from none
 * @told: it is part of a balance already
 */
struct op {
	uint64_t ts;
	uint32_t task;
	uint32_t stack;
	int32_t refcount;
	int32_t delta;
	int32_t expected;
	uint32_t id;
	uint32_t seq;
	uint32_t missing;
	uint32_t skipped;
	bool atomic;
	bool cut;
	bool told;
};

/**
 * struct attempt - one failure, or failed attempt within one
 * @ev: the event
 * @pos: how many of the ops came before it
 * @times: attempts that it stands for, itself among them; see thin.h
 * @last_ns: of these the last one
 * @gap: see episode_gap(); kept once the op behind it may be forgotten
 * @gap_known: @gap is set
 * @call: number of the call that tried it; one that tries again at once has one
 */
struct attempt {
	struct pin_event ev;
	size_t pos;
	uint64_t times;
	uint64_t last_ns;
	int32_t gap;
	bool gap_known;
	uint32_t call;
};

/**
 * struct episode - one mark; what each op touches lies together
 * @pfn: of the head page
 * @id: of the mark, 0 while it is only watched
 * @order: of the folio
 * @watched: events came before any failure
 * @ended: an unmark was seen
 * @why: it said this
 * @end_count: and that the refcount was this
 * @dropped: and that a budget suppressed so many events that do not cancel out
 * @end_expected: and that so many were expected, -1 if unknown
 * @unvalued: ops of which it is not known how many references were expected
 * @max_seq: highest number of an op under this mark
 * @max_skipped: most operations that an op said to be suppressed and to cancel out
 * @missing: operations before the end of the mark that are not on record, as
 *	the numbers tell
 * @last: what was last known of the page
 * @logged: events that the kernel wrote under this mark, as its end says
 * @late: the end was read, but the failure or some ops may come behind it
 * @seen: gets and puts of this mark that were read
 * @begun: the failure that set the mark was read
 * @moved_back: the latest record was a failure that was placed before ops
 * @holed: events were lost while it lived
 * @began: time of its first event
 * @end: time of its last one
 * @ops: changes of the refcount
 * @nr_ops: how many
 * @room_ops: allocated
 * @attempts: failures
 * @nr_attempts: how many
 * @room_attempts: allocated
 * @watch_count: refcount after the last op before a mark
 * @watch_known: @watch_count is set and no op of a mark came since
 * @forgotten: ops that were paired early to bound the memory
 * @forget_at: number of ops at which to try again
 * @holes: of the recording, so many were looked at
 * @thin_at: number of attempts at which some may go
 * @gaps: in the chain of counts of what was forgotten
 */
struct episode {
	uint64_t pfn;
	uint32_t id;
	uint8_t order;
	uint8_t why;
	bool watched;
	bool ended;
	struct op *ops;
	size_t nr_ops, room_ops;
	size_t forget_at;
	size_t nr_attempts, room_attempts;
	uint64_t began;
	uint64_t end;
	struct last_seen last;
	int32_t watch_count;
	bool watch_known;
	bool late;
	bool begun;
	bool moved_back;
	bool holed;
	uint32_t seen;
	uint32_t max_seq;
	uint32_t max_skipped;
	size_t unvalued;
	struct attempt *attempts;
	int32_t end_count;
	int32_t end_expected;
	uint32_t missing;
	uint32_t dropped;
	uint32_t logged;
	uint64_t forgotten;
	size_t thin_at;
	size_t holes;
	size_t gaps;
};

/**
 * episode_new - an empty story
 * @pfn: of the folio's head page
 * @id: of its mark
 *
 * Return: the episode, released by episode_free().
 */
struct episode *episode_new(uint64_t pfn, uint32_t id);

/**
 * episode_free - release an episode
 * @ep: the episode or NULL
 */
void episode_free(struct episode *ep);

/**
 * episode_op - a change of the refcount was read
 * @ep: the episode
 * @ev: a get or put
 */
void episode_op(struct episode *ep, const struct pin_event *ev);

/**
 * episode_attempt - a failure was read
 * @ep: the episode
 * @ev: a failure or a retry
 */
void episode_attempt(struct episode *ep, const struct pin_event *ev);

/**
 * episode_end - the end of the mark was read
 * @ep: the episode
 * @ev: an unmark
 */
void episode_end(struct episode *ep, const struct pin_event *ev);

/**
 * episode_excess - how far one number is beyond another
 * @a: the one
 * @b: the other
 *
 * Return: the difference, 0 if there is none.
 */
static inline uint32_t episode_excess(uint32_t a, uint32_t b)
{
	return a > b ? a - b : 0;
}

/**
 * episode_found - the count that an op found
 * @op: the op
 *
 * Return: the refcount before it.
 */
int32_t episode_found(const struct op *op);

/**
 * episode_pins - are so many references pins of a small folio
 * @ep: the episode
 * @units: of the refcount
 *
 * Return: true if they are.  None are, too.
 */
bool episode_pins(const struct episode *ep, int32_t units);

/**
 * episode_frozen - was the folio frozen before or behind an op
 * @op: the op
 *
 * Return: true if its count tells nothing about references.
 */
bool episode_frozen(const struct op *op);

/**
 * episode_count - the references at an attempt
 * @ev: the failure
 *
 * Return: those at the moment of the mark where the recording has them, else
 *	those that the failure was decided on.
 */
int32_t episode_count(const struct pin_event *ev);

/**
 * episode_unexpected - how many references were unexpected at an attempt
 * @ev: the failure
 *
 * Return: the number at the moment that episode_count() is about.
 */
int32_t episode_unexpected(const struct pin_event *ev);

/**
 * episode_expected - what mappings, caches and private data accounted for then
 * @ev: the failure
 *
 * Return: the number, without references of the failing code; -1 if unknown.
 */
int32_t episode_expected(const struct pin_event *ev);

/**
 * episode_valued - is it known at each op and attempt how many were expected
 * @ep: the episode
 *
 * Return: true if the account can be kept.
 */
bool episode_valued(const struct episode *ep);

/**
 * episode_order - restore the order in which the operations took place
 * @ep: the episode
 *
 * CPUs may have written their events in another order than their operations
 * took.  Each op says which count it found: ops are moved by a few places
 * where that closes a gap in the chain of counts.  Attempts get the numbers of
 * their calls.
 *
 * Return: number of gaps that remain.
 */
size_t episode_order(struct episode *ep);

/**
 * episode_gap - the count at an attempt against the op that follows
 * @ep: an ordered episode
 * @attempt: one of its attempts
 *
 * Return: how far the count had moved, unrecorded, between the attempt and
 * the first op after it; 0 where no op follows.
 */
int32_t episode_gap(const struct episode *ep, const struct attempt *attempt);

#endif
