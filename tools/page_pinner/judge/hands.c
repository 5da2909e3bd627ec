// SPDX-License-Identifier: GPL-2.0
/*
 * References that change hands, and partners that change; see pairer.h.
 */
#include "judge/pairer.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* So many open gets are tried for a put. */
#define TRIES 64

/* What is known of a class whose references went from one task to another. */
struct family {
	struct queue gets;	/* open ones */
	size_t next;		/* of @gets */
	size_t first;		/* put that changed hands or found no get */
	bool met, tasks, functions, crossed;
};

static struct family *family_of(struct map *families, const char *class, bool make)
{
	uint64_t key = hash_bytes(class, strlen(class));
	struct family *family = map_get(families, key);

	if (!family && make) {
		family = xzalloc(sizeof(*family));
		map_put(families, key, family);
	}
	return family;
}

static bool same_function(const struct stack_class *a, const struct stack_class *b)
{
	return !strcmp(a->function ? a->function : "", b->function ? b->function : "");
}

/* The oldest open get of its class and size that came before a put. */
static size_t find_handed(struct pairer *p, struct family *family, const struct span *put)
{
	const struct stack_class *gives = fit_class(p, put->put, RULE_PUT);
	size_t i, tries = 0;

	while (family->next < family->gets.nr &&
	       p->out->spans[family->gets.spans[family->next]].put != NO_OP)
		family->next++;
	for (i = family->next; i < family->gets.nr && tries < TRIES; i++, tries++) {
		struct span *get = &p->out->spans[family->gets.spans[i]];

		if (get->put != NO_OP || get->get > put->put || get->units != put->units)
			continue;
		if (fit_same_class(fit_class(p, get->get, RULE_GET), gives))
			return family->gets.spans[i];
	}
	return NO_OP;
}

static bool changed_hands(const struct span *span)
{
	return span->role == ROLE_HOLDER && span->put != NO_OP && !span->own &&
	       (span->how == MATCH_NONE || span->how == MATCH_CLASS);
}

/*
 * Which of several puts of a class belongs to which get nobody can say from
 * the counts alone, once one was handed over: all of them are unsure.
 */
static void doubt_families(struct pairer *p, struct map *families)
{
	size_t i;

	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;
		const struct op *ops = p->ep->ops;

		if (!changed_hands(span))
			continue;
		family = family_of(families, span->class, true);
		if (!family->met) {
			family->met = true;
			family->first = i;
			continue;
		}
		const struct span *first = &p->out->spans[family->first];

		/* who gave back does not matter where it is known who took */
		family->tasks |= first->get == NO_OP || span->get == NO_OP ||
			ops[first->get].task != ops[span->get].task;
		family->functions |= !same_function(fit_class(p, first->put, RULE_PUT),
						    fit_class(p, span->put, RULE_PUT));
	}
	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;

		if (!changed_hands(span))
			continue;
		family = family_of(families, span->class, true);
		if (!family->crossed)
			continue;
		span->task_unsure |= family->tasks;
		span->function_unsure |= family->functions;
	}
}

/*
 * A put of the same task but of another family took a get that fits an
 * unmatched put as well, by its family: either may be the one that gave back
 * what was taken before the recording.
 */
void hands_doubt(struct pairer *p)
{
	struct map last = { 0 };	/* by class of the get: its last lone put, + 1 */
	size_t i;

	for (i = 0; i < p->out->nr; i++) {
		struct span *lone = &p->out->spans[i];
		uint64_t key;

		if (lone->get != NO_OP || lone->own || lone->role != ROLE_HOLDER)
			continue;
		key = hash_bytes(lone->class, strlen(lone->class));
		if ((uintptr_t)map_get(&last, key) < lone->put + 1)
			map_put(&last, key, (void *)(uintptr_t)(lone->put + 1));
	}
	for (i = 0; last.used && i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		const char *class;

		if (span->how != MATCH_TASK || span->get == NO_OP || span->role != ROLE_HOLDER)
			continue;
		class = fit_class(p, span->get, RULE_GET)->class;
		if (span->get >= (uintptr_t)map_get(&last, hash_bytes(class, strlen(class))))
			continue;
		span->function_unsure = true;
		for (size_t k = 0; k < p->out->nr; k++) {
			struct span *lone = &p->out->spans[k];

			if (lone->get == NO_OP && !lone->own && lone->role == ROLE_HOLDER &&
			    lone->put > span->get && !strcmp(lone->class, class))
				lone->function_unsure = true;
		}
		map_del(&last, hash_bytes(class, strlen(class)));
	}
	map_free(&last);
}

/* Pairs that only their task holds together, by family and task. */
static void find_loose(struct pairer *p, struct map *loose)
{
	size_t i;

	for (i = 0; i < p->out->nr; i++) {
		const struct span *span = &p->out->spans[i];
		const struct stack_class *took;

		if (span->own || span->get == NO_OP || span->how != MATCH_TASK)
			continue;
		took = fit_class(p, span->get, RULE_GET);
		if (fit_held(took) && took->ruled)
			map_put(loose, hash_bytes(took->class, strlen(took->class)) ^
				pairer_task_key(p, p->ep->ops[span->get].task), (void *)(uintptr_t)(i + 1));
	}
}

/* May @span, as well as the pair, have had the pair's put? */
static bool may_swap(struct pairer *p, const struct span *pair, const struct span *span)
{
	enum match how;

	if (pair == span || pair->how != MATCH_TASK || pair->units != span->units ||
	    pair->get > span->put)
		return false;
	if (span->get == NO_OP)
		return true;
	return span->get < pair->put &&
	       fit_task(p, fit_class(p, span->get, RULE_GET), fit_class(p, pair->put, RULE_PUT),
			fit_nested(p, span->get, pair->put), &how) > 0;
}

/*
 * A put of the same task came before the one of the get's family and was matched
 * with it: they change partners.
 */
void hands_change_partners(struct pairer *p)
{
	struct map loose = { 0 };
	size_t i;

	find_loose(p, &loose);
	for (i = 0; loose.used && i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i], *pair;
		const struct stack_class *gives;
		size_t put, index;

		if (span->own || span->put == NO_OP || p->ep->ops[span->put].atomic ||
		    (span->get != NO_OP && span->how != MATCH_TASK))
			continue;
		gives = fit_class(p, span->put, RULE_PUT);
		index = (uintptr_t)map_get(&loose, hash_bytes(gives->class, strlen(gives->class)) ^
					   pairer_task_key(p, p->ep->ops[span->put].task));
		pair = index && gives->ruled ? &p->out->spans[index - 1] : NULL;
		if (!pair || !may_swap(p, pair, span))
			continue;
		put = pair->put;
		pair->put = span->put;
		pair->how = MATCH_TASK_CLASS;
		span->put = put;
		fit_set_meaning(p, span);
		fit_set_meaning(p, pair);
	}
	map_free(&loose);
}

void hands_over(struct pairer *p)
{
	struct map families = { 0 };
	size_t i, to = 0;

	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;

		if (span->get == NO_OP || span->put != NO_OP ||
		    !fit_held(fit_class(p, span->get, RULE_GET)))
			continue;
		family = family_of(&families, fit_class(p, span->get, RULE_GET)->class, true);
		VEC_PUSH(family->gets.spans, family->gets.nr, family->gets.room, i);
	}
	for (i = 0; i < p->out->nr; i++) {
		struct span *span = &p->out->spans[i];
		struct family *family;
		size_t get;

		if (span->get != NO_OP || span->own || span->role != ROLE_HOLDER)
			continue;
		family = family_of(&families, span->class, false);
		get = family ? find_handed(p, family, span) : NO_OP;
		if (get == NO_OP)
			continue;
		family->crossed = true;
		p->out->spans[get].put = span->put;
		p->out->spans[get].how = MATCH_CLASS;
		fit_set_meaning(p, &p->out->spans[get]);
		p->out->paired++;
		p->out->unmatched_puts--;
		span->role = ROLE_OWN;
	}
	for (i = 0; i < p->out->nr; i++)
		if (p->out->spans[i].role != ROLE_OWN)
			p->out->spans[to++] = p->out->spans[i];
	p->out->nr = to;
	doubt_families(p, &families);
	for (i = 0; i < families.room; i++) {
		struct family *family = families.slots[i].value;

		if (family)
			free(family->gets.spans);
		free(family);
	}
	map_free(&families);
}
