// SPDX-License-Identifier: GPL-2.0
/*
 * Sums over all episodes; see findings.h.
 */
#include "judge/findings.h"

#include <stdlib.h>
#include <string.h>

static const char *const verdict_names[NR_VERDICTS] = {
	[VERDICT_NAMED] = "named",
	[VERDICT_SELF] = "self",
	[VERDICT_CONCURRENT_PINNER] = "concurrent_pinner",
	[VERDICT_NEVER_RELEASED] = "never_released",
	[VERDICT_UNSAFE] = "unsafe",
	[VERDICT_UNRESOLVED] = "unresolved",
	[VERDICT_TRANSIENT] = "transient",
	[VERDICT_NOT_A_REFERENCE] = "not_a_reference",
	[VERDICT_NO_HOLDER] = "no_holder",
};

const char *verdict_name(enum verdict verdict)
{
	return verdict_names[verdict];
}

void findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->nr_failures; i++) {
		free(f->failures[i]->claims);
		free(f->failures[i]);
	}
	for (i = 0; i < f->nr_holders; i++) {
		free(f->holders[i]->tasks);
		free(f->holders[i]->holds);
		map_free(&f->holders[i]->pages);
		free(f->holders[i]);
	}
	for (i = 0; i < f->nr_noise; i++) {
		map_free(&f->noise[i]->pages);
		free(f->noise[i]);
	}
	free(f->failures);
	free(f->holders);
	free(f->noise);
	memset(f, 0, sizeof(*f));
}

void findings_keep(struct findings *f, bool (*wanted)(const struct failure *failure, void *ctx),
		   void *ctx)
{
	size_t i, kept = 0;

	for (i = 0; i < f->nr_failures; i++) {
		struct failure *failure = f->failures[i];

		if (wanted(failure, ctx)) {
			f->failures[kept++] = failure;
		} else {
			free(failure->claims);
			free(failure);
		}
	}
	f->nr_failures = kept;
}

struct failure *findings_failure(struct findings *f)
{
	struct failure *failure = xzalloc(sizeof(*failure));

	failure->seq = f->nr_failures;
	VEC_PUSH(f->failures, f->nr_failures, f->room_failures, failure);
	return failure;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_holder(const struct holder *a, const struct holder *b)
{
	return a->pin == b->pin && a->acquired == b->acquired &&
	       a->owned == b->owned && (!a->owned || a->owner == b->owner) &&
	       same_text(a->class, b->class) && same_text(a->module, b->module) &&
	       same_text(a->acquire.function, b->acquire.function) &&
	       same_text(a->release.function, b->release.function);
}

uint32_t findings_holder(struct findings *f, const struct holder *like)
{
	struct holder *holder;
	uint32_t i;

	for (i = 0; i < f->nr_holders; i++)
		if (same_holder(f->holders[i], like))
			return i;
	holder = xzalloc(sizeof(*holder));
	holder->id = f->nr_holders + 1;
	holder->pin = like->pin;
	holder->acquired = like->acquired;
	holder->owned = like->owned;
	holder->owner = like->owner;
	holder->class = like->class;
	holder->module = like->module;
	holder->acquire = like->acquire;
	holder->release = like->release;
	VEC_PUSH(f->holders, f->nr_holders, f->room_holders, holder);
	return f->nr_holders - 1;
}

void findings_noise(struct findings *f, const char *class, uint64_t pfn)
{
	struct noise *noise;
	size_t i;

	for (i = 0; i < f->nr_noise; i++)
		if (same_text(f->noise[i]->class, class))
			break;
	if (i == f->nr_noise) {
		noise = xzalloc(sizeof(*noise));
		noise->class = class;
		VEC_PUSH(f->noise, f->nr_noise, f->room_noise, noise);
	}
	f->noise[i]->events++;
	map_put(&f->noise[i]->pages, pfn, f);
}

void findings_lost(struct findings *f, uint64_t from_ns, uint64_t to_ns)
{
	size_t i;

	for (i = 0; i < f->nr_failures; i++) {
		struct failure *failure = f->failures[i];

		if (!failure->id || failure->end_ns < from_ns || failure->time_ns > to_ns ||
		    failure->verdict == VERDICT_NOT_A_REFERENCE ||
		    failure->verdict == VERDICT_NO_HOLDER)
			continue;
		failure->verdict = VERDICT_UNSAFE;
		failure->why = "events were lost while the page was marked";
		failure->nr_claims = 0;
	}
}

size_t findings_sum(const struct failure *failure, size_t i, struct claim *sum)
{
	*sum = failure->claims[i];
	for (i++; i < failure->nr_claims && failure->claims[i].holder == sum->holder; i++) {
		sum->refs += failure->claims[i].refs;
		sum->open |= failure->claims[i].open;
		if (failure->claims[i].confidence < sum->confidence)
			sum->confidence = failure->claims[i].confidence;
	}
	return i;
}
