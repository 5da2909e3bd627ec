/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was found out, summed over all episodes: failures with their verdicts,
 * holders, noise and counts.  Filled by deduce.c, ordered by rank.c, shown by
 * the renderers.
 */
#ifndef PAGE_PINNER_FINDINGS_H
#define PAGE_PINNER_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/holds.h"
#include "pageset.h"
#include "util.h"

/**
 * enum verdict - what became of a failure
 * @VERDICT_NAMED: named holders explain the unexpected references
 * @VERDICT_SELF: the failing task holds them itself
 * @VERDICT_CONCURRENT_PINNER: another task was pinning the page too
 * @VERDICT_NEVER_RELEASED: they were still held when the trace ended
 * @VERDICT_TRANSIENT: gone before the next attempt, nobody worth blaming
 * @VERDICT_NOT_A_REFERENCE: locked, writeback, ...: no reference is to blame
 * @VERDICT_NO_HOLDER: the counts agree: an accounting bug
 * @VERDICT_BAD_COUNT: the count is impossible: dropped below zero, or more was
 *	given back than taken: an accounting bug of whoever did that
 * @VERDICT_KEPT: kept by design for as long as its entry lives: poisoned memory,
 *	the ring of an AIO context, a page that a driver mapped
 * @VERDICT_UNRESOLVED: the trace does not say
 * @VERDICT_UNSAFE: events that might say so were lost
 *
 * In the order in which one verdict of several attempts wins over the others.
 */
enum verdict {
	VERDICT_BAD_COUNT,
	VERDICT_NAMED,
	VERDICT_SELF,
	VERDICT_CONCURRENT_PINNER,
	VERDICT_NEVER_RELEASED,
	VERDICT_KEPT,
	VERDICT_UNSAFE,
	VERDICT_UNRESOLVED,
	VERDICT_TRANSIENT,
	VERDICT_NOT_A_REFERENCE,
	VERDICT_NO_HOLDER,
	NR_VERDICTS
};

/**
 * struct site - a place in the kernel
 * @function: the frame a reader would name, NULL if there is no stack
 * @stack: number of the stack
 * @first: index of its first frame that is to be shown
 */
struct site {
	const char *function;
	uint32_t stack;
	uint32_t first;
};

/**
 * struct holder - one who held references
 * @id: its number, from 1
 * @rank: its place, from 1, set by rank.c
 * @pin: by FOLL_PIN
 * @acquired: gets are on record: the tasks are those who held
 * @owned: @owner tells this holder from others with the same functions
 * @owner: number of the task that held or, without a get on record, released
 * @class: name of its class
 * @module: of the function, NULL for the kernel proper
 * @acquire: where it took them, if @acquired
 * @release: where it gave them back; its function is NULL if it did not
 * @tasks: task numbers, each once
 * @nr_tasks: how many
 * @room_tasks: allocated
 * @in_irq: releases in interrupt context, where the task is a bystander
 * @refs: references that it explains; a pin counts as one
 * @pages: set of PFNs
 * @failures: failures that it explains
 * @open: references still held at the end
 * @holds: time held, each reference; once ranked, by length, and @nr of each counts
 *	those before it, too
 * @nr_holds: how many
 * @room_holds: allocated
 * @first_ns: earliest time at which it is known to hold
 * @last_ns: latest one
 * @blocked_ns: how long its victims' pages were blocked, summed
 */
struct holder {
	uint32_t id;
	uint32_t rank;
	bool pin;
	bool acquired;
	bool owned;
	uint32_t owner;
	const char *class;
	const char *module;
	struct site acquire;
	struct site release;
	uint32_t *tasks;
	size_t nr_tasks, room_tasks;
	uint64_t in_irq;
	uint64_t refs;
	struct pageset pages;
	uint64_t failures;
	uint64_t open;
	struct hold *holds;
	size_t nr_holds, room_holds;
	uint64_t first_ns;
	uint64_t last_ns;
	uint64_t blocked_ns;
};

/**
 * struct claim - one span of references that explains a failure
 * @holder: index in &struct findings.holders
 * @refs: references; a pin counts as one
 * @units: the same in units of the refcount: a pin of a small folio is 1024
 * @task: who held or, if the get is not on record, who released
 * @confidence: the share of one unexpected reference that this explains, as far
 *	as the recording tells; of one reference all of them sum to at most 1
 * @attempt: index of the first attempt that it blocked, see &struct failure.attempts
 * @attempts: how many it blocked, one after the other from @attempt on
 * @blocked_ns: from the first of these until it was given back, else the end
 * @guess: that the get and the put belong together is a guess
 * @own: of whoever migrates a folio, which is held now: it goes with the attempt
 * @exited: its task has exited, as the recording shows
 * @counted: this span's first claim: its references count for the holder
 * @known: @task is certain
 * @atomic: @task is a bystander: an interrupt released it
 * @open: never given back
 * @from_ns: when it was taken, else when the page first failed
 * @to_ns: when it was given back, else the end of the recording
 * @holds: where failures of marks share an entry, how long each was held: then
 *	@refs and @units are of each, @attempts of all, @blocked_ns is the longest
 *	and @from_ns and @to_ns are the first and the last; else NULL
 */
struct claim {
	uint32_t holder;
	uint32_t refs;
	int32_t units;
	uint32_t task;
	float confidence;
	uint64_t attempt;
	uint64_t attempts;
	uint64_t blocked_ns;
	bool guess;
	bool own;
	bool exited;
	bool counted;
	bool known;
	bool atomic;
	bool open;
	uint64_t from_ns;
	uint64_t to_ns;
	struct holds *holds;
};

/**
 * struct asker - one who wanted the page and failed: a victim of a failure
 * @task: who, see task.h
 * @stack: from where, at its first attempt
 * @first: index of its first frame to be shown
 * @attempts: failure events of this task
 * @first_ns: of its first attempt
 * @last_ns: of its last one
 * @blocked_ns: from the first until the page was free, else the end of the
 *	recording; 0 where nobody is known to have blocked it
 */
struct asker {
	uint32_t task;
	uint32_t stack;
	uint32_t first;
	uint64_t attempts;
	uint64_t first_ns;
	uint64_t last_ns;
	uint64_t blocked_ns;
};

/**
 * enum part_of - what a part of a refcount is
 * @PART_EXPECTED: mappings, page and swap cache, private data
 * @PART_OWN: of the code that failed
 * @PART_HOLDER: of a holder that a claim names
 * @PART_SHORT: short references of the kernel's own
 * @PART_CANDIDATE: of somebody who could not be told from others
 * @PART_UNEXPLAINED: nothing on record says whose it is
 */
enum part_of {
	PART_EXPECTED,
	PART_OWN,
	PART_HOLDER,
	PART_SHORT,
	PART_CANDIDATE,
	PART_UNEXPLAINED,
};

/**
 * struct part - what the refcount of a failure was made of
 * @of: what this part is
 * @holder: index in &struct findings.holders, of PART_HOLDER
 * @refs: in units of the refcount: a pin of a small folio is 1024; all parts of a
 *	failure add up to its refcount.  Negative only as PART_UNEXPLAINED, where
 *	less was there than is accounted for
 */
struct part {
	enum part_of of;
	uint32_t holder;
	int32_t refs;
};

/**
 * struct candidate - somebody who could be meant, and why nobody says so
 * @site: where it took the reference, if @get, else where it gave it back
 * @get: its get is on record
 * @task: who, see task.h
 * @atomic: @task is a bystander: it happened in an interrupt
 * @class: name of its class
 * @refs: in units of the refcount
 * @share: of one unexpected reference, 0 to 1
 * @ts: when
 * @why_not: why it was not chosen
 */
struct candidate {
	struct site site;
	bool get;
	bool atomic;
	uint32_t task;
	const char *class;
	int32_t refs;
	float share;
	uint64_t ts;
	const char *why_not;
};

/**
 * struct last_seen - what was last known of a page
 * @known: anything is
 * @ts: when that was
 * @refcount: then
 * @expected: then, -1 if unknown: without the references of the failing code
 * @mapcount: then, if @has says so
 * @flags: page flags then, if @has says so
 * @has: HAS_MAPCOUNT, HAS_FLAGS; see event.h
 */
struct last_seen {
	bool known;
	uint64_t ts;
	int32_t refcount;
	int32_t expected;
	int32_t mapcount;
	uint64_t flags;
	uint32_t has;
};

/**
 * struct failure - one mark and reason, or failures that tell the same
 * @count: failures that it stands for: more than one where they tell the same, see
 *	unmarked.h and fold.h
 * @pages: of these, where they may be more than one
 * @from_pfn: of @pages the lowest one
 * @to_pfn: and the highest one, of a folio its last page
 * @id: of the mark, 0 if none was set
 * @time_ns: of the first failure
 * @last_ns: of the last one
 * @attempts: failure events
 * @blocked: of these, the ones that a claim explains
 * @own: references of the failing code in @expected, -1 if unknown
 * @askers: its victims, in the order of their first attempts
 * @nr_askers: how many
 * @room_askers: allocated
 * @parts: the account: what @refcount was made of; none if it is not known
 * @nr_parts: how many
 * @room_parts: allocated
 * @candidates: who could be meant where nobody is named outright
 * @nr_candidates: how many
 * @room_candidates: allocated
 * @more_candidates: how many more there are
 * @last: of the page, when it was last seen under its mark
 * @repeats: failures that the kernel counted, events or not
 * @reason: &enum pin_reason
 * @kind: &enum pin_kind
 * @marked: what became of the mark, &enum pin_marked
 * @order: of the folio
 * @pfn: of its head page
 * @refcount: at the attempt that the verdict is about
 * @expected: at that attempt
 * @mapcount: at that attempt
 * @pincount: at that attempt
 * @task: the first of its victims, see task.h
 * @stack: the first victim's
 * @first: index of its first frame to be shown
 * @verdict: what became of it
 * @why: in a sentence
 * @end_ns: when the mark ended
 * @blocked_ns: for how long marks that share this entry were blocked, any of them
 * @until_ns: and until when
 * @claims: what holds explain it
 * @nr_claims: how many
 * @room_claims: allocated
 * @seq: in the order of finding
 * @place: index in &struct findings.failures, until it is ranked
 *
 * Holders are summed up from the claims of all failures only at the end, by
 * rank.c: what is found out later can still take a failure out of the sums.
 */
struct failure {
	uint64_t count;
	struct pageset pages;
	uint64_t from_pfn;
	uint64_t to_pfn;
	uint32_t id;
	uint64_t time_ns;
	uint64_t last_ns;
	uint64_t attempts;
	uint64_t blocked;
	uint64_t repeats;
	uint8_t reason;
	uint8_t kind;
	uint8_t marked;
	uint8_t order;
	uint64_t pfn;
	int32_t refcount;
	int32_t expected;
	int32_t mapcount;
	int32_t pincount;
	int32_t own;
	uint32_t task;
	uint32_t stack;
	uint32_t first;
	struct asker *askers;
	size_t nr_askers, room_askers;
	struct part *parts;
	size_t nr_parts, room_parts;
	struct candidate *candidates;
	size_t nr_candidates, room_candidates;
	uint64_t more_candidates;
	struct last_seen last;
	enum verdict verdict;
	const char *why;
	uint64_t end_ns;
	uint64_t blocked_ns;
	uint64_t until_ns;
	struct claim *claims;
	size_t nr_claims, room_claims;
	uint64_t seq;
	size_t place;
};

/**
 * struct folio - one that is held now
 * @pfn: of its head page
 * @order: of the folio
 * @refcount: when the kernel looked
 * @expected: then: what mappings, caches and private data account for
 * @mapcount: then, if @has says so
 * @flags: page flags then, if @has says so
 * @has: HAS_MAPCOUNT, HAS_FLAGS; see event.h
 * @at_ns: when that was
 * @timed: @at_ns is known
 * @log: dump_page() looked: what it saw is of the past
 * @claims: open gets
 * @nr_claims: how many
 * @room_claims: allocated
 * @unrecorded: unexpected references that no open get accounts for
 * @batched: of the others, those that wait in a per-CPU batch
 * @batch: class of that batch
 * @refused: gets of it, or of one hashed like it, found no room
 * @surplus: more open gets than unexpected references: so many were given back
 * @look: number of the look
 */
struct folio {
	uint64_t pfn;
	uint8_t order;
	int32_t refcount;
	int32_t expected;
	int32_t mapcount;
	uint64_t flags;
	uint32_t has;
	uint64_t at_ns;
	bool timed;
	bool log;
	struct claim *claims;
	size_t nr_claims, room_claims;
	int64_t unrecorded;
	int64_t batched;
	const char *batch;
	bool refused;
	int64_t surplus;
	uint64_t look;
};

/**
 * struct noise - references of one class that were set aside
 * @class: its name
 * @events: gets and puts
 * @pages: set of PFNs
 */
struct noise {
	const char *class;
	uint64_t events;
	struct pageset pages;
};

/**
 * struct taker - a balance: what one function took and got rid of again
 * @function: that took them
 * @module: of that function, NULL for the kernel proper
 * @took: references, in units of the refcount, of watched and marked folios
 * @gave: of these, the ones whose put is on record
 * @open_ns: since when the oldest of the others is open, 0 if none is
 * @pages: set of PFNs with open ones
 */
struct taker {
	const char *function;
	const char *module;
	uint64_t took;
	uint64_t gave;
	uint64_t open_ns;
	struct pageset pages;
};

/**
 * struct lost_time - a stretch of time that events are missing from
 * @from_ns: time of the last event before it
 * @to_ns: of the first one behind it
 */
struct lost_time {
	uint64_t from_ns;
	uint64_t to_ns;
};

/**
 * typedef failure_filter - does a failure stay
 * @failure: the failure
 * @ctx: of whoever asks
 *
 * Return: true if it does.
 */
typedef bool (*failure_filter)(const struct failure *failure, void *ctx);

/**
 * struct findings - all of it
 * @wanted: which failures stay, NULL for all: asked early for those that may share
 *	an entry
 * @wanted_ctx: for @wanted
 * @left_out: failures that it left out so
 * @failures: by mark and reason
 * @nr_failures: how many
 * @room_failures: allocated
 * @seq: how many were ever found
 * @holds: those of claims in shared entries
 * @nr_holds: how many
 * @room_holds: allocated
 * @folios: held now, as told by the kernel itself and not by a recording
 * @nr_folios: how many
 * @room_folios: allocated
 * @holders: named ones
 * @nr_holders: how many
 * @nr_named: the first so many explain a failure or hold a folio, set by rank.c
 * @room_holders: allocated
 * @noise: classes set aside
 * @nr_noise: how many
 * @room_noise: allocated
 * @by_holder: chains of @holders by hash
 * @by_taker: @takers by function and module
 * @last_taker: of these the one asked for last
 * @takers: balances of watched folios, those with most open first
 * @nr_takers: how many
 * @room_takers: allocated
 * @losses: disjoint, in the order of time
 * @nr_losses: how many
 * @room_losses: allocated
 * @exits: by task number, +1: those whose exit is on record
 * @gets: get events
 * @puts: put events
 * @paired: gets with their put
 * @unmatched_puts: puts whose get is not on record
 * @open_gets: gets whose put is not
 * @dropped: events that the kernel's budget suppressed
 * @ends: ends of marks seen; without any, the recording left them out
 */
struct findings {
	failure_filter wanted;
	void *wanted_ctx;
	uint64_t left_out;
	struct failure **failures;
	size_t nr_failures, room_failures;
	uint64_t seq;
	struct holds **holds;
	size_t nr_holds, room_holds;
	struct folio **folios;
	size_t nr_folios, room_folios;
	struct holder **holders;
	size_t nr_holders, nr_named, room_holders;
	struct noise **noise;
	size_t nr_noise, room_noise;
	struct map by_holder;
	struct map by_taker;
	struct taker *last_taker;
	struct taker **takers;
	size_t nr_takers, room_takers;
	struct lost_time *losses;
	size_t nr_losses, room_losses;
	struct map exits;
	uint64_t gets;
	uint64_t puts;
	uint64_t paired;
	uint64_t unmatched_puts;
	uint64_t open_gets;
	uint64_t dropped;
	uint64_t ends;
};

/**
 * findings_free - release everything in there
 * @f: the findings, empty afterwards
 */
void findings_free(struct findings *f);

/**
 * findings_keep - drop failures, before rank.c sums up
 * @f: the findings
 * @wanted: says of each failure whether it stays
 * @ctx: for @wanted
 */
void findings_keep(struct findings *f, failure_filter wanted, void *ctx);

/**
 * findings_keep_folios - drop folios, before rank.c sums up
 * @f: the findings
 * @wanted: says of each folio whether it stays
 * @ctx: for @wanted
 */
void findings_keep_folios(struct findings *f,
			  bool (*wanted)(const struct folio *folio, void *ctx), void *ctx);

/**
 * findings_folio - an entry for a folio
 * @f: the findings
 *
 * Return: a new, zeroed entry; belongs to @f.
 */
struct folio *findings_folio(struct findings *f);

/**
 * findings_failure - an entry for a failure
 * @f: the findings
 *
 * Return: a new, zeroed entry; belongs to @f.
 */
struct failure *findings_failure(struct findings *f);

/**
 * findings_take_out - a failure is told by another entry
 * @f: the findings, not ranked yet
 * @failure: the failure, released
 */
void findings_take_out(struct findings *f, struct failure *failure);

/**
 * findings_count - how many failures there are
 * @f: the findings
 *
 * Return: all that the entries stand for.
 */
uint64_t findings_count(const struct findings *f);

/**
 * findings_pages - put the pages of a failure into a set
 * @failure: the failure
 * @to: the set
 */
void findings_pages(const struct failure *failure, struct pageset *to);

/**
 * findings_failure_like - an entry with the facts of another, but nothing of its lists
 * @f: the findings
 * @from: the other
 *
 * Return: a new entry without claims, askers, parts and candidates; belongs to @f.
 */
struct failure *findings_failure_like(struct findings *f, const struct failure *from);

/**
 * findings_holder - the holder of a class, with its functions and its task
 * @f: the findings
 * @like: class, module, pin, acquired, owner, acquire and release are compared,
 *	the last two by functions, and copied if it is new
 *
 * Return: index in @f->holders.
 */
uint32_t findings_holder(struct findings *f, const struct holder *like);

/**
 * findings_noise - count ops of a class that were set aside
 * @f: the findings
 * @class: its name; compared by pointer
 * @pfn: of the folio
 * @events: how many ops
 */
void findings_noise(struct findings *f, const char *class, uint64_t pfn, unsigned int events);

/**
 * findings_taker - the balance of a function
 * @f: the findings
 * @function: its name, compared as text
 * @module: its module or NULL
 *
 * Return: the balance; belongs to @f.
 */
struct taker *findings_taker(struct findings *f, const char *function, const char *module);

/**
 * findings_note_exits - tell of each claim if its task has exited
 * @f: the findings, complete
 */
void findings_note_exits(struct findings *f);

/**
 * findings_exited - is the exit of a task on record
 * @f: the findings
 * @task: number of the task
 *
 * Return: true if it is: what it holds nobody gives back for it any more.
 */
bool findings_exited(const struct findings *f, uint32_t task);

/**
 * findings_concern - did a reference hold while a victim asked
 * @claim: the reference
 * @asker: the victim
 *
 * Another victim's trouble lies before this one asked first, or after it asked last.
 *
 * Return: true if it did.
 */
bool findings_concern(const struct claim *claim, const struct asker *asker);

/**
 * findings_beyond - how much of a stretch was not counted before
 * @until_ns: where what was counted ends; moved on
 * @from_ns: where the stretch begins
 * @to_ns: and ends
 *
 * For stretches in the order of time, which may overlap.
 *
 * Return: its length.
 */
uint64_t findings_beyond(uint64_t *until_ns, uint64_t from_ns, uint64_t to_ns);

/**
 * findings_sum - the claims of one holder in a ranked failure
 * @failure: the failure
 * @i: index of its first claim
 * @sum: set to one claim for all of them, with the least confidence
 *
 * Return: index of the first claim of the next holder.
 */
size_t findings_sum(const struct failure *failure, size_t i, struct claim *sum);

/**
 * findings_lost - events are missing from a stretch of time
 * @f: the findings
 * @from_ns: time of the last event before it
 * @to_ns: of the first one behind it; not before that of an earlier call
 */
void findings_lost(struct findings *f, uint64_t from_ns, uint64_t to_ns);

/**
 * findings_can_be_unsafe - does its verdict rest on the events under its mark
 * @failure: the failure
 *
 * Return: true if a loss would change it.
 */
bool findings_can_be_unsafe(const struct failure *failure);

/**
 * findings_make_unsafe - events are missing under the mark
 * @failure: one that can be unsafe
 */
void findings_make_unsafe(struct failure *failure);

/**
 * findings_apply_loss - a failure that a loss so far touches becomes unsafe
 * @f: the findings
 * @failure: one of them
 */
void findings_apply_loss(const struct findings *f, struct failure *failure);

/**
 * findings_apply_losses - failures that a loss touches become unsafe
 * @f: the findings, complete
 */
void findings_apply_losses(struct findings *f);

/**
 * verdict_name - name of a verdict as in the report
 * @verdict: the verdict
 *
 * Return: the name.
 */
const char *verdict_name(enum verdict verdict);

#endif
