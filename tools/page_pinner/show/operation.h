/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What failed as its victim and dmesg see it: one allocation, one offline, one
 * registration, with all the pages that it could not have.
 */
#ifndef PAGE_PINNER_OPERATION_H
#define PAGE_PINNER_OPERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/findings.h"

/**
 * struct blocker - a holder in the way of an operation
 * @holder: index in &struct findings.holders
 * @refs: its references, a pin counts as one
 * @pages: failures of the operation that it explains
 * @attempts: attempts of these that it blocked
 * @held_ns: the longest time that one of them was held
 * @at_least: that is a lower bound: it began earlier, or ended later
 * @confidence: the least one
 * @open: some were still held when the recording ended
 * @exited: its task has exited
 * @guess: that a get and a put belong together is a guess
 */
struct blocker {
	uint32_t holder;
	uint64_t refs;
	uint64_t pages;
	uint64_t attempts;
	uint64_t held_ns;
	bool at_least;
	float confidence;
	bool open;
	bool exited;
	bool guess;
};

/**
 * struct operation - failures of one task and reason, close in time and in place
 * @task: the victim
 * @reason: &enum pin_reason
 * @stack: where its first attempt came from
 * @first: index of the first frame of that to be shown
 * @first_ns: of its first attempt
 * @last_ns: of its last one
 * @attempts: of all its failures
 * @pages: distinct folios
 * @from_pfn: the lowest page
 * @to_pfn: the highest one, of a folio its last page
 * @verdict: of its failures the one that says most
 * @main: the first failure with that verdict
 * @verdicts: how many failures have each
 * @failures: all of them, in the order of time
 * @nr: how many entries these are
 * @room: allocated
 * @count: how many failures
 * @by: who was in the way, those who explain most first
 * @nr_by: how many
 * @room_by: allocated
 */
struct operation {
	uint32_t task;
	uint8_t reason;
	uint32_t stack;
	uint32_t first;
	uint64_t first_ns;
	uint64_t last_ns;
	uint64_t attempts;
	uint64_t pages;
	uint64_t from_pfn;
	uint64_t to_pfn;
	enum verdict verdict;
	const struct failure *main;
	uint64_t verdicts[NR_VERDICTS];
	const struct failure **failures;
	size_t nr, room;
	uint64_t count;
	struct blocker *by;
	size_t nr_by, room_by;
};

/**
 * struct operations - all of them
 * @list: those that somebody is to blame for first, then by time
 * @nr: how many
 * @room: allocated
 */
struct operations {
	struct operation *list;
	size_t nr, room;
};

/**
 * operations_find - put failures together
 * @f: ranked findings
 * @to: empty; to be released by operations_free()
 *
 * A failure that two tasks ran into belongs to an operation of each.
 */
void operations_find(const struct findings *f, struct operations *to);

/**
 * operations_free - release everything in there
 * @operations: the operations
 */
void operations_free(struct operations *operations);

/**
 * operation_harmless - is nobody to blame, as far as is known
 * @verdict: of an operation or a failure
 *
 * Return: true if it was a matter of time, of locks, or of the count itself.
 */
bool operation_harmless(enum verdict verdict);

#endif
