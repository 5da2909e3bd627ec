// SPDX-License-Identifier: GPL-2.0
/*
 * Failures and operations; see json_failure.h.
 */
#include "show/json_failure.h"

#include <stdlib.h>

#include "judge/near.h"
#include "judge/wants.h"
#include "show/advice.h"
#include "show/json_words.h"
#include "trace/event.h"
#include "util.h"

/* Claims of one holder stand together: one entry for all of them. */
static void put_claims(const struct view *r, struct json *j, const struct failure *failure)
{
	struct claim sum;
	size_t i, next;

	json_open(j, "holders", '[');
	for (i = 0; i < failure->nr_claims; i = next) {
		next = findings_sum(failure, i, &sum);
		json_open_inline(j, NULL, '{');
		json_uint(j, "holder", r->f->holders[sum.holder]->id);
		json_uint(j, "refs", sum.refs);
		json_real(j, "confidence", sum.confidence);
		json_uint(j, "attempts", sum.attempts);
		json_uint(j, "blocked_ns", sum.blocked_ns);
		json_bool(j, "still_held", sum.open);
		json_bool(j, "exited", sum.exited);
		json_bool(j, "guess", sum.guess);
		json_close(j, '}');
	}
	json_close(j, ']');
}

/* What the refcount was made of: the parts add up to it. */
static void put_part(const struct view *r, struct json *j, const struct part *part)
{
	static const char *const names[] = {
		[PART_EXPECTED] = "expected", [PART_OWN] = "own", [PART_HOLDER] = "holder",
		[PART_SHORT] = "short", [PART_CANDIDATE] = "candidate", [PART_UNEXPLAINED] = "unexplained",
	};

	json_open_inline(j, NULL, '{');
	json_string(j, "of", names[part->of]);
	if (part->of == PART_HOLDER)
		json_uint(j, "holder", r->f->holders[part->holder]->id);
	json_int(j, "refs", part->refs);
	json_close(j, '}');
}

static void put_account(const struct view *r, struct json *j, const struct failure *failure)
{
	/* without one: what was expected, own references included, and the rest */
	const struct part rest[] = {
		{ .of = PART_EXPECTED, .refs = failure->expected },
		{ .of = PART_UNEXPLAINED, .refs = failure->refcount - failure->expected },
	};
	const struct part *parts = failure->nr_parts ? failure->parts : rest;
	size_t nr = failure->nr_parts ? failure->nr_parts : ARRAY_SIZE(rest), i;

	json_open(j, "account", '[');
	for (i = 0; i < nr; i++)
		if (parts[i].refs)
			put_part(r, j, &parts[i]);
	json_close(j, ']');
}

static void put_victims(const struct view *r, struct json *j, const struct failure *failure)
{
	size_t i;

	json_open(j, "victims", '[');
	for (i = 0; i < failure->nr_askers; i++) {
		const struct asker *asker = &failure->askers[i];

		json_open(j, NULL, '{');
		json_who(r, j, asker->task, asker->stack, asker->first);
		json_uint(j, "attempts", asker->attempts);
		json_uint(j, "first_ns", asker->first_ns);
		json_uint(j, "last_ns", asker->last_ns);
		json_uint(j, "blocked_ns", asker->blocked_ns);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_candidates(const struct view *r, struct json *j, const struct failure *failure)
{
	size_t i;

	json_open(j, "candidates", '[');
	for (i = 0; i < failure->nr_candidates; i++) {
		const struct candidate *c = &failure->candidates[i];

		json_open(j, NULL, '{');
		json_string(j, "api", c->get ? "get" : "put");
		json_string(j, "class", c->class);
		json_string(j, "function", c->site.function ? c->site.function : "unknown");
		json_who(r, j, c->task, c->site.stack, c->site.first);
		json_bool(j, "interrupt", c->atomic);
		json_int(j, "refs", c->refs);
		json_real(j, "share", c->share);
		json_uint(j, "time_ns", c->ts);
		json_string(j, "why_not", c->why_not);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_uint(j, "more_candidates", failure->more_candidates);
}

static void put_last(struct json *j, const struct last_seen *last)
{
	if (!last->known) {
		json_string(j, "last_seen", NULL);
		return;
	}
	json_open_inline(j, "last_seen", '{');
	json_uint(j, "time_ns", last->ts);
	json_int(j, "refcount", last->refcount);
	json_int(j, "expected", last->expected);
	if (last->has & HAS_MAPCOUNT)
		json_int(j, "mapcount", last->mapcount);
	if (last->has & HAS_FLAGS)
		json_uint(j, "flags", last->flags);
	json_close(j, '}');
}

static void put_counts(struct json *j, const struct failure *failure)
{
	json_int(j, "refcount", failure->refcount);
	json_int(j, "expected", failure->expected);
	json_int(j, "unexpected", (int64_t)failure->refcount - failure->expected);
	json_int(j, "own", failure->own);
	json_int(j, "mapcount", failure->mapcount);
	json_int(j, "pincount", failure->pincount);
}

/* One entry may stand for many failures. */
static void put_pages(const struct view *r, struct json *j, const struct failure *failure)
{
	bool many = failure->pages.nr > 0;

	json_uint(j, "pages", many ? failure->pages.nr : 1);
	json_uint(j, "first_pfn", many ? failure->from_pfn : failure->pfn);
	json_uint(j, "last_pfn", many ? failure->to_pfn :
		  near_last_pfn(failure->pfn, failure->order));
	json_string(j, "cma_area", areas_find(&r->trace->areas, failure->pfn, failure->pfn));
}

void json_failure(const struct view *r, struct json *j, size_t i)
{
	const struct failure *failure = r->f->failures[i];

	json_item(j, "failure");
	json_uint(j, "number", i + 1);
	json_uint(j, "count", failure->count);
	json_uint(j, "id", failure->id);
	json_uint(j, "time_ns", failure->time_ns);
	json_uint(j, "last_ns", failure->last_ns);
	json_uint(j, "attempts", failure->attempts);
	json_uint(j, "blocked", failure->blocked);
	json_uint(j, "repeats", failure->repeats);
	json_string(j, "reason", event_reason_name(failure->reason));
	json_string(j, "kind", event_kind_name(failure->kind));
	json_uint(j, "pfn", failure->pfn);
	json_uint(j, "order", failure->order);
	put_pages(r, j, failure);
	put_counts(j, failure);
	json_open(j, "victim", '{');
	json_who(r, j, failure->task, failure->stack, failure->first);
	json_close(j, '}');
	put_victims(r, j, failure);
	json_string(j, "verdict", verdict_name(failure->verdict));
	json_string(j, "why", failure->why);
	put_claims(r, j, failure);
	put_account(r, j, failure);
	put_candidates(r, j, failure);
	put_last(j, &failure->last);
	json_close(j, '}');
}

static void put_wanted(const struct view *r, struct json *j, const struct operation *op)
{
	struct want want;

	wants_find(r->trace, op->reason, op->stack, op->first, &want);
	json_open_inline(j, "wanted", '{');
	json_string(j, "verb", want.verb);
	json_string(j, "for", want.whom);
	json_string(j, "function", want.function);
	json_string(j, "module", want.module);
	json_close(j, '}');
}

static void put_blockers(const struct view *r, struct json *j, const struct operation *op)
{
	size_t i;

	json_open(j, "holders", '[');
	for (i = 0; i < op->nr_by; i++) {
		const struct blocker *by = &op->by[i];

		json_open_inline(j, NULL, '{');
		json_uint(j, "holder", r->f->holders[by->holder]->id);
		json_uint(j, "refs", by->refs);
		json_uint(j, "failures", by->pages);
		json_uint(j, "attempts", by->attempts);
		json_uint(j, "held_ns", by->held_ns);
		json_bool(j, "at_least", by->at_least);
		json_bool(j, "still_held", by->open);
		json_bool(j, "exited", by->exited);
		json_real(j, "confidence", by->confidence);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void json_operation(const struct view *r, struct json *j, const struct operation *op,
		    const struct map *places)
{
	struct strbuf advice = { 0 };
	size_t i;

	json_item(j, "operation");
	json_string(j, "reason", event_reason_name(op->reason));
	json_open(j, "victim", '{');
	json_who(r, j, op->task, op->stack, op->first);
	json_close(j, '}');
	put_wanted(r, j, op);
	json_uint(j, "first_ns", op->first_ns);
	json_uint(j, "last_ns", op->last_ns);
	json_uint(j, "count", op->count);
	json_uint(j, "attempts", op->attempts);
	json_uint(j, "pages", op->pages);
	json_uint(j, "first_pfn", op->from_pfn);
	json_uint(j, "last_pfn", op->to_pfn);
	json_string(j, "cma_area", areas_find(&r->trace->areas, op->from_pfn, op->to_pfn));
	json_string(j, "verdict", verdict_name(op->verdict));
	put_blockers(r, j, op);
	json_open_inline(j, "failures", '[');
	for (i = 0; i < op->nr; i++)
		json_uint(j, NULL, (uintptr_t)map_get(places, (uintptr_t)op->failures[i]));
	json_close(j, ']');
	advice_on(r, op, &advice);
	json_string(j, "next", advice.text);
	free(advice.text);
	json_close(j, '}');
}
