/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the unexpected references of one attempt were, as far as can be said:
 * the spans that may be among them, and how surely each is.  Found by account.c
 * where the recording says what was expected at each operation, else by
 * evidence.c from the stacks.
 */
#ifndef PAGE_PINNER_STAKE_H
#define PAGE_PINNER_STAKE_H

#include "judge/classify.h"
#include "judge/episode.h"
#include "judge/pair.h"

/**
 * enum stake_of - whose reference it is, seen from the failure
 * @STAKE_HOLDER: somebody's who was in the way
 * @STAKE_SELF: of the failing task, but not of what it was doing
 * @STAKE_KEPT: kept by design
 * @STAKE_BATCH: of a batch that was not drained
 * @STAKE_PINNER: of a long-term pin in the making
 * @STAKE_SHORT: one of the kernel's own that was soon gone
 */
enum stake_of {
	STAKE_HOLDER,
	STAKE_SELF,
	STAKE_KEPT,
	STAKE_BATCH,
	STAKE_PINNER,
	STAKE_SHORT,
	NR_STAKES,
};

/**
 * struct stake - a span that may be among the unexpected references
 * @span: its index
 * @units: references that it is about, in units of the refcount
 * @share: how surely each of these was one of them: 0 to 1
 * @of: whose it is
 * @release: op that gave it back, found by elimination, or NO_OP
 * @released: only that its put gave it back is sure, not that its get took it
 * @family: which of several it was is unsure, but all are of one family
 * @unsure: another task's reference of the same kind could be meant as well
 * @why_not: why it is not chosen, NULL if it is
 */
struct stake {
	size_t span;
	int32_t units;
	float share;
	enum stake_of of;
	size_t release;
	bool released;
	bool family;
	bool unsure;
	const char *why_not;
};

/**
 * struct stakes - all of one attempt
 * @stakes: in the order of the spans
 * @nr: how many
 * @room: allocated
 * @unexpected: references to be explained
 * @valued: the recording says at each operation what was expected
 * @left: of the unexpected ones, those that nobody gave back on record
 * @became: those that became a mapping or a cache's reference meanwhile
 * @gap: ops are missing that could tell whose they are
 * @risen: by span, how many of its units became expected; NULL if unknown;
 *	belongs to the account
 */
struct stakes {
	struct stake *stakes;
	size_t nr, room;
	int32_t unexpected;
	bool valued;
	float left;
	float became;
	bool gap;
	const int32_t *risen;
};

/**
 * struct trial - an episode that is judged
 * @ep: the episode, ordered
 * @pairing: its spans
 * @cl: says what the stacks mean
 * @gaps: that remain in the chain of counts
 * @valued: the account can be kept
 * @tight: by span: it is in any story; see ties.h
 */
struct trial {
	const struct episode *ep;
	const struct pairing *pairing;
	struct classifier *cl;
	size_t gaps;
	bool valued;
	const bool *tight;
};

/**
 * stake_task - whose a span is as far as the recording says
 * @t: its episode
 * @span: the span
 *
 * Return: the task that took it, or, not on record, that gave it back.
 */
uint32_t stake_task(const struct trial *t, const struct span *span);

/**
 * stake_is_victims - is a span of the task that failed, and not an interrupt's
 * @t: its episode
 * @span: the span
 * @at: the failure
 *
 * Return: true if it is.
 */
bool stake_is_victims(const struct trial *t, const struct span *span, const struct attempt *at);

/**
 * stake_kind - whose reference a span is, seen from a failure
 * @t: its episode
 * @span: the span
 * @at: the failure
 *
 * Return: &enum stake_of; a short one that two calls met, or that stayed for long, is a
 *	holder's; what nobody knows and was gone before the failure was told is short.
 */
enum stake_of stake_kind(const struct trial *t, const struct span *span,
			 const struct attempt *at);

/**
 * stake_is_loose - does nothing but their task hold a get and a put together
 * @t: the episode
 * @span: the pair
 *
 * Return: true if neither a common class nor a common call does.
 */
bool stake_is_loose(const struct trial *t, const struct span *span);

/**
 * stake_class - what the stack says by which a span is known
 * @t: its episode
 * @span: the span, not the failing code's own
 *
 * Return: of its put if there is one, else of its get.
 */
const struct stack_class *stake_class(const struct trial *t, const struct span *span);

/**
 * stakes_add - one more
 * @stakes: to be added to
 * @span: index of the span
 * @units: references
 * @share: how surely
 * @of: whose
 *
 * Return: the new one, valid until the next.
 */
struct stake *stakes_add(struct stakes *stakes, size_t span, int32_t units, double share,
			 enum stake_of of);

/**
 * stakes_doubt - some may be mistaken for others
 * @stakes: those of an attempt
 * @t: its episode
 * @at: the attempt
 *
 * Two tasks hold references of one class and one was given back before the
 * attempt: which, the counts do not say.  What has no names names nobody.
 */
void stakes_doubt(struct stakes *stakes, const struct trial *t, const struct attempt *at);

/**
 * stake_names - is a stake sure enough to be somebody's
 * @stake: the stake
 *
 * Return: true if it may be held against its owner.
 */
bool stake_names(const struct stake *stake);

/**
 * stakes_free - release them
 * @stakes: the stakes
 */
void stakes_free(struct stakes *stakes);

#endif
