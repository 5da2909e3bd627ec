// SPDX-License-Identifier: GPL-2.0
/*
 * Whose a reference is, seen from a failure; see stake.h.
 */
#include "judge/stake.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* So many loose pairs of an episode are looked at. */
#define LOOSE 256
/* The most that what several share is worth. */
#define UNSURE 0.85
/* What lives that long is in the way, whatever it is called. */
#define SHORT_NS 1000000000ull
/* Meeting one of the kernel's threads twice, or all others in one call, within that is chance. */
#define CHANCE_NS 100000000ull

uint32_t stake_task(const struct trial *t, const struct span *span)
{
	if (span->own)
		return span->owner;
	return t->ep->ops[span->get != NO_OP ? span->get : span->put].task;
}

static bool in_interrupt(const struct trial *t, const struct span *span)
{
	return t->ep->ops[span->get != NO_OP ? span->get : span->put].atomic;
}

bool stake_is_victims(const struct trial *t, const struct span *span, const struct attempt *at)
{
	if (span->own)
		return classify_pid(t->cl, span->owner) == classify_pid(t->cl, at->ev.task);
	return !at->ev.atomic && !in_interrupt(t, span) &&
	       classify_pid(t->cl, stake_task(t, span)) == classify_pid(t->cl, at->ev.task);
}

const struct stack_class *stake_class(const struct trial *t, const struct span *span)
{
	if (span->put != NO_OP)
		return classify_stack(t->cl, t->ep->ops[span->put].stack, RULE_PUT);
	return classify_stack(t->cl, t->ep->ops[span->get].stack, RULE_GET);
}

/*
 * Before which op an attempt was decided: one that is told from the past saw a
 * count that was changed before its mark was set.
 */
static size_t decided_at(const struct episode *ep, const struct attempt *at)
{
	const struct pin_event *ev = &at->ev;
	size_t least = at > ep->attempts ? at[-1].pos : 0, pos = at->pos;

	if (!(ev->has & HAS_REFCOUNT_NOW) || episode_unexpected(ev) >= ev->refcount - ev->expected)
		return pos;
	for (; pos > least; pos--)
		if (ep->ops[pos - 1].refcount == ev->refcount)
			return pos;
	return at->pos;
}

/* Was it there at attempts of two calls, or for so long that it makes no difference? */
static bool is_long(const struct trial *t, const struct span *span, const struct attempt *at)
{
	const struct episode *ep = t->ep;
	uint64_t until = span->put != NO_OP ? ep->ops[span->put].ts : ep->end;
	size_t i;

	if (span->get != NO_OP && stake_class(t, span)->context & CONTEXT_KTHREAD &&
	    stake_class(t, span)->ruled && until < ep->ops[span->get].ts + CHANCE_NS)
		return false;
	for (i = 0; i < ep->nr_attempts; i++) {
		const struct attempt *other = &ep->attempts[i];

		if (other == at || other->ev.ts == at->ev.ts ||
		    (other->call == at->call && until <= at->ev.ts + CHANCE_NS))
			continue;
		if (pair_open_at(span, other->pos) || pair_open_at(span, decided_at(ep, other)))
			return true;
	}
	return until > at->ev.ts + SHORT_NS;
}

/* Of what the failing task was just doing, by the frames that both stacks have. */
static bool of_the_failure(const struct trial *t, const struct span *span,
			   const struct attempt *at)
{
	size_t op = span->get != NO_OP ? span->get : span->put;

	return classify_nested(t->cl, t->ep->ops[op].stack, at->ev.stack);
}

/*
 * Does all that is on record of it, its put, come from where others' references
 * are given back?  A kworker that failed gives back what anybody took.
 */
static bool of_others(const struct trial *t, const struct span *span, const struct attempt *at)
{
	const struct stack_class *gives;

	if (span->own || span->get != NO_OP)
		return false;
	gives = stake_class(t, span);
	return gives->context & CONTEXT_CALLBACK ||
	       (gives->context & CONTEXT_OTHERS && !of_the_failure(t, span, at));
}

/*
 * Nobody knows what it is, it was gone before the failure was even told, and had
 * not been there for long.
 */
static bool gone_at_once(const struct trial *t, const struct span *span, const struct attempt *at)
{
	const struct stack_class *sc = stake_class(t, span);
	const struct op *ops = t->ep->ops;

	return !sc->positive && !sc->ruled && !sc->nameless && span->put != NO_OP &&
	       ops[span->put].ts < at->ev.ts &&
	       ops[span->put].ts < ops[span->get != NO_OP ? span->get : 0].ts + CHANCE_NS;
}

enum stake_of stake_kind(const struct trial *t, const struct span *span,
			 const struct attempt *at)
{
	bool victims = stake_is_victims(t, span, at) && !of_others(t, span, at);

	if (span->own)
		return STAKE_SHORT;
	switch (span->role) {
	case ROLE_KEPT:
		return STAKE_KEPT;
	case ROLE_HOLDER:
		if (!victims)
			return gone_at_once(t, span, at) ? STAKE_SHORT : STAKE_HOLDER;
		/* a long-term pin takes references by GUP, and gives them back to try again */
		if ((!stake_class(t, span)->positive || at->ev.reason == REASON_LONGTERM_PIN) &&
		    of_the_failure(t, span, at))
			return STAKE_SHORT;
		return STAKE_SELF;
	case ROLE_BATCH:
		return STAKE_BATCH;
	case ROLE_PINNER:
		return victims ? STAKE_SHORT : STAKE_PINNER;
	case ROLE_EXPECTED:
		return STAKE_SHORT;
	default:
		if (victims && (span->role == ROLE_MIGRATE || of_the_failure(t, span, at)))
			return STAKE_SHORT;
		/* what was looked up and not put again was handed on to somebody */
		if (t->valued && span->role == ROLE_BRIEF && span->get != NO_OP &&
		    span->put == NO_OP)
			return victims ? STAKE_SELF : STAKE_HOLDER;
		return is_long(t, span, at) ? victims ? STAKE_SELF : STAKE_HOLDER : STAKE_SHORT;
	}
}

struct stake *stakes_add(struct stakes *stakes, size_t span, int32_t units, double share,
			 enum stake_of of)
{
	struct stake stake = { .span = span, .units = units, .share = share, .of = of,
			       .release = NO_OP };

	VEC_PUSH(stakes->stakes, stakes->nr, stakes->room, stake);
	return &stakes->stakes[stakes->nr - 1];
}

bool stake_names(const struct stake *stake)
{
	if (stake->of == STAKE_SHORT)
		return false;
	return stake->family || (!stake->why_not && stake->share > 0.5);
}

static const struct stack_class *taken_by(const struct trial *t, const struct span *span)
{
	return classify_stack(t->cl, t->ep->ops[span->get].stack, RULE_GET);
}

/* The latest put before the attempt of each class, and of another task as well. */
struct latest {
	size_t put[2];
	int pid[2];
};

static void note_put(struct latest *latest, int pid, size_t put)
{
	bool first = !latest->put[0] || latest->pid[0] == pid;
	size_t place = first ? 0 : 1;

	if (latest->put[place] < put + 1)
		latest->put[place] = put + 1;
	latest->pid[place] = pid;
}

/*
 * References of a family change hands.  Before any of it was given back each
 * get is still its taker's, whoever gives it back later.
 */
static void doubt_tasks(struct stakes *stakes, const struct trial *t, const struct attempt *at)
{
	struct map last = { 0 };	/* by class: its last such put before the attempt, + 1 */
	size_t i;

	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];
		uint64_t key;

		if (!span->task_unsure || span->put >= at->pos)
			continue;
		key = hash_bytes(span->class, strlen(span->class));
		if ((uintptr_t)map_get(&last, key) < span->put + 1)
			map_put(&last, key, (void *)(uintptr_t)(span->put + 1));
	}
	for (i = 0; i < stakes->nr; i++) {
		struct stake *stake = &stakes->stakes[i];
		const struct span *span = &t->pairing->spans[stake->span];
		uint64_t key;

		if (!span->task_unsure)
			continue;
		key = hash_bytes(span->class, strlen(span->class));
		stake->unsure |= span->get == NO_OP ||
			(uintptr_t)map_get(&last, key) > span->get + 1;
	}
	map_free(&last);
}

static bool hands_over(const struct trial *t, const struct span *span)
{
	return span->get != NO_OP && !span->own && span->role == ROLE_HOLDER;
}

static void doubt_hand_overs(struct stakes *stakes, const struct trial *t,
			     const struct attempt *at)
{
	struct map classes = { 0 };
	size_t i, k;

	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];
		const char *class;
		struct latest *latest;

		if (!hands_over(t, span) || span->put == NO_OP || span->put >= at->pos ||
		    classify_nested(t->cl, t->ep->ops[span->get].stack,
				    t->ep->ops[span->put].stack))
			continue;
		class = taken_by(t, span)->class;
		latest = map_get(&classes, hash_bytes(class, strlen(class)));
		if (!latest) {
			latest = xzalloc(sizeof(*latest));
			map_put(&classes, hash_bytes(class, strlen(class)), latest);
		}
		note_put(latest, classify_pid(t->cl, stake_task(t, span)), span->put);
	}
	for (i = 0; classes.used && i < stakes->nr; i++) {
		struct stake *stake = &stakes->stakes[i];
		const struct span *span = &t->pairing->spans[stake->span];
		const struct latest *latest;
		bool crossed = false;
		const char *class;

		if (!hands_over(t, span))
			continue;
		class = taken_by(t, span)->class;
		latest = map_get(&classes, hash_bytes(class, strlen(class)));
		for (k = 0; latest && k < 2; k++)
			crossed |= latest->put[k] > span->get + 1 &&
				latest->pid[k] != classify_pid(t->cl, stake_task(t, span));
		/* the counts tell that its put gave back one of them, whoever took it */
		if (crossed && stakes->valued && span->put != NO_OP)
			stake->released = true;
		else
			stake->unsure |= crossed;
	}
	for (i = 0; i < classes.room; i++)
		free(classes.slots[i].value);
	map_free(&classes);
}

bool stake_is_loose(const struct trial *t, const struct span *span)
{
	return span->get != NO_OP && span->put != NO_OP && span->how == MATCH_TASK &&
	       !classify_nested(t->cl, t->ep->ops[span->get].stack,
				t->ep->ops[span->put].stack);
}

/* Could the put of @lone have given back what @pair took? */
static bool may_change(const struct trial *t, const struct span *pair, const struct span *lone)
{
	const struct stack_class *took = taken_by(t, pair), *gives = stake_class(t, lone);

	return pair->units == lone->units && pair->get < lone->put &&
	       !pair_conflict(took, gives);
}

/*
 * A task took one reference and dropped two: which of them was there before the
 * attempt, only the functions could tell.
 */
static void doubt_own_pairs(struct stakes *stakes, const struct trial *t,
			    const struct attempt *at)
{
	size_t *loose = NULL, nr = 0, room = 0, i, k;

	for (i = 0; i < t->pairing->nr; i++) {
		const struct span *span = &t->pairing->spans[i];

		if (!span->own && span->get != NO_OP && span->get >= at->pos &&
		    !(stakes->risen && stakes->risen[i]) && stake_is_loose(t, span) &&
		    nr < LOOSE)
			VEC_PUSH(loose, nr, room, i);
	}
	for (i = 0; nr && i < stakes->nr; i++) {
		struct stake *stake = &stakes->stakes[i];
		const struct span *span = &t->pairing->spans[stake->span];
		int pid;

		if (span->own || span->get != NO_OP || t->ep->ops[span->put].atomic)
			continue;
		pid = classify_pid(t->cl, stake_task(t, span));
		for (k = 0; k < nr; k++) {
			const struct span *pair = &t->pairing->spans[loose[k]];

			if (classify_pid(t->cl, stake_task(t, pair)) != pid ||
			    !may_change(t, pair, span))
				continue;
			stake->share *= 0.5;
			stake->why_not = "its task gave back another one that may be meant";
			break;
		}
	}
	free(loose);
}

/*
 * Several could be meant, but all of them are of one family that a rule knows and
 * nobody's in particular: it is the family's.
 */
static void find_family(struct stakes *stakes, const struct trial *t)
{
	const char *class = NULL;
	float sum = 0;
	size_t i;

	for (i = 0; i < stakes->nr; i++) {
		const struct stake *stake = &stakes->stakes[i];
		const struct span *span = &t->pairing->spans[stake->span];

		if (stake->share < 0.02)
			continue;
		if (stake_names(stake) || stake->of != STAKE_HOLDER || span->get != NO_OP ||
		    !t->ep->ops[span->put].atomic || !stake_class(t, span)->ruled ||
		    (class && strcmp(class, span->class)))
			return;
		class = span->class;
		sum += stake->units * stake->share;
	}
	if (!class || sum < stakes->unexpected - 0.2)
		return;
	for (i = 0; i < stakes->nr; i++)
		stakes->stakes[i].family = stakes->stakes[i].share >= 0.02;
}

void stakes_doubt(struct stakes *stakes, const struct trial *t, const struct attempt *at)
{
	size_t i;

	for (i = 0; i < stakes->nr; i++) {
		struct stake *stake = &stakes->stakes[i];
		const struct span *span = &t->pairing->spans[stake->span];

		if (span->function_unsure && stakes->valued && stake->share > UNSURE)
			stake->share = UNSURE;
		if (!stake->why_not && stake_class(t, span)->nameless &&
		    (span->get == NO_OP || taken_by(t, span)->nameless))
			stake->why_not = "its stack is not on record";
	}
	doubt_tasks(stakes, t, at);
	doubt_hand_overs(stakes, t, at);
	if (!stakes->valued)
		return;
	doubt_own_pairs(stakes, t, at);
	find_family(stakes, t);
}

void stakes_free(struct stakes *stakes)
{
	free(stakes->stakes);
	memset(stakes, 0, sizeof(*stakes));
}
