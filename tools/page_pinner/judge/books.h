/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How account.c works, for the files that it is made of.
 *
 *	account.c	attempt by attempt: what was there, what later puts return
 *	rises.c		which gets became expected
 *	shares.c	what was unexpected, shared among those that may be meant
 */
#ifndef PAGE_PINNER_BOOKS_H
#define PAGE_PINNER_BOOKS_H

#include "judge/pool.h"
#include "judge/stake.h"
#include "util.h"

/* A share that is sure, and the most of one that is not. */
#define SURE 0.95
#define UNSURE 0.85

/**
 * struct step - a change of what was expected, seen at an op or at an attempt
 * @pos: ops before it
 * @left: of the change: what nothing explains so far
 */
struct step {
	size_t pos;
	int32_t left;
};

/**
 * struct account - an episode while its unexpected references are accounted for
 * @t: the episode
 * @steps: of what was expected
 * @nr: how many
 * @room: allocated
 * @first_step: by attempt: the first step after it
 * @span_of: by op: its first span as a get, or NO_OP
 * @next_span: by span: the next of the same get
 * @risen: by span: units that became expected
 * @doubtful: by span: another may have done so in its place
 * @risen_at: by span: when; ops before it
 * @fell_at: by span: when these became unexpected again
 * @lone_of: by op: its span as a put without a get, or NO_OP
 * @lones: by op: puts without a get before it
 * @last_lone: by class of the put: the last without a get, + 1
 */
struct account {
	const struct trial *t;
	struct step *steps;
	size_t nr, room;
	size_t *first_step;
	size_t *span_of;
	size_t *next_span;
	int32_t *risen;
	bool *doubtful;
	size_t *risen_at;
	size_t *fell_at;
	size_t *lone_of;
	uint32_t *lones;
	struct map last_lone;
};

/**
 * rises_find - note each change of what was expected
 * @a: the account, its spans indexed
 */
void rises_find(struct account *a);

/**
 * rises_explain - let gets take the rises
 * @a: the account, the changes noted
 */
void rises_explain(struct account *a);

/**
 * rises_may - may a get have become a mapping
 * @a: the account
 * @span: of the get, or of the failing code's own
 *
 * Return: false for GUP, batches and pins.
 */
bool rises_may(const struct account *a, const struct span *span);

/**
 * shares_are_loose - is a pair of one task perhaps none
 * @a: the account
 * @index: of the span
 *
 * Return: true if another task may have given back what it took, and this one an
 * older reference.
 */
bool shares_are_loose(const struct account *a, size_t index);

/**
 * shares_of_gets - gets on record: which of them were there, and how surely
 * @a: the account
 * @at: the attempt
 * @before: what is known at the attempt
 * @out: a stake for each of them is added
 * @own: references of the failing code that are none of these; added to
 *
 * Return: how many references that makes.
 */
double shares_of_gets(struct account *a, const struct attempt *at, const struct pool *before,
		      struct stakes *out, int32_t *own);

/**
 * shares_limit - no more than were unexpected
 * @a: the account
 * @out: the stakes; their shares are made smaller
 * @sum: what they make now
 */
void shares_limit(struct account *a, struct stakes *out, double sum);

/**
 * shares_level - what one reference surely is, it is not in shares of others
 * @out: the stakes; their shares are changed
 * @gone: all references are known to be gone
 */
void shares_level(struct stakes *out, bool gone);

/**
 * shares_join - puts of one holder: which of them it was is unsure, but not whose
 * @a: the account
 * @out: the stakes; their shares are changed
 */
void shares_join(const struct account *a, struct stakes *out);

#endif
