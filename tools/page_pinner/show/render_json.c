// SPDX-License-Identifier: GPL-2.0
/*
 * The findings as JSON, schema page_pinner.report/1; see render.h.
 */
#include "show/render.h"

#include "judge/hints.h"
#include "show/group.h"
#include "show/json.h"
#include "show/json_failure.h"
#include "show/json_folio.h"
#include "show/json_words.h"
#include "show/rank.h"
#include "show/victims.h"
#include "show/words.h"

/* One line of JSON lines is over. */
static void end_line(struct json *j)
{
	if (j->compact)
		j->comma = false;
}

static void put_trace(const struct view *r, struct json *j)
{
	static const char *const clocks[] = {
		[CLOCK_NS] = "ns", [CLOCK_TICKS] = "ticks", [CLOCK_NONE] = "none",
	};

	json_open(j, "trace", '{');
	json_string(j, "file", r->trace->file);
	json_string(j, "kernel", r->trace->kernel);
	json_string(j, "clock", clocks[r->trace->clock]);
	json_int(j, "date_ns", r->trace->date_ns);
	json_uint(j, "first_ns", r->trace->first_ns);
	json_uint(j, "last_ns", r->trace->last_ns);
	json_uint(j, "events", r->trace->events);
	json_uint(j, "lost", r->trace->lost);
	json_uint(j, "dropped", r->f->dropped);
	json_close(j, '}');
}

/* What was left out of the failures, holders and victims, but not of the rest. */
static void put_filter(const struct view *r, struct json *j)
{
	if (!r->filter) {
		json_string(j, "filter", NULL);
		return;
	}
	json_open_inline(j, "filter", '{');
	json_string(j, "options", r->filter);
	json_uint(j, "failures", r->held ? 0 : r->all);
	if (r->held)
		json_uint(j, "folios", r->all);
	json_close(j, '}');
}

static void put_site(const struct view *r, struct json *j, const char *name,
		     const struct site *site, bool known)
{
	if (!known) {
		json_string(j, name, NULL);
		return;
	}
	json_open(j, name, '{');
	json_string(j, "function", site->function ? site->function : "unknown");
	json_stack(r, j, site->stack, site->first);
	json_close(j, '}');
}

static void put_hint(const struct view *r, struct json *j, const struct holder *h)
{
	const struct site *site = h->release.stack ? &h->release : &h->acquire;
	const struct hint *hint = hints_find(r->trace, site->stack, site->first);

	if (!hint) {
		json_string(j, "hint", NULL);
		return;
	}
	json_open(j, "hint", '{');
	json_string(j, "taken_by", hint->taken_by);
	json_string(j, "advice", hint->advice);
	json_close(j, '}');
}

static void put_sums(struct json *j, const struct holder *h)
{
	json_uint(j, "refs", h->refs);
	json_uint(j, "pages", h->pages.nr);
	json_uint(j, "failures", h->failures);
	json_uint(j, "still_held", h->open);
	json_uint(j, "released_in_irq", h->in_irq);
	json_open_inline(j, "hold_ns", '{');
	json_uint(j, "min", rank_held(h, 0));
	json_uint(j, "median", rank_held(h, 50));
	json_uint(j, "p90", rank_held(h, 90));
	json_uint(j, "max", rank_held(h, 100));
	json_close(j, '}');
	json_uint(j, "first_ns", h->first_ns);
	json_uint(j, "last_ns", h->last_ns);
	json_uint(j, "blocked_ns", h->blocked_ns);
}

static void put_holder(const struct view *r, struct json *j, const struct holder *h)
{
	bool released = h->release.function || h->release.stack || !h->acquired;
	size_t i;

	json_item(j, "holder");
	json_uint(j, "id", h->id);
	json_uint(j, "rank", h->rank);
	json_string(j, "class", h->class);
	json_string(j, "api", h->pin ? "pin" : "get");
	json_string(j, "module", h->module);
	json_string(j, "task_from", h->acquired ? "acquire" : "release");
	put_site(r, j, "acquire", &h->acquire, h->acquired);
	put_site(r, j, "release", &h->release, released);
	json_open(j, "tasks", '[');
	for (i = 0; i < h->nr_tasks; i++) {
		json_open_inline(j, NULL, '{');
		json_task(r, j, h->tasks[i]);
		json_close(j, '}');
	}
	json_close(j, ']');
	put_sums(j, h);
	json_string(j, "hold_from", h->acquired ? "acquire" : "failure");
	put_hint(r, j, h);
	json_close(j, '}');
}

/* What only sums of holders have. */
static void put_group(const struct view *r, struct json *j, const struct holder *h)
{
	json_item(j, "group");
	json_uint(j, "rank", h->rank);
	if (r->by == GROUP_BY_TASK) {
		json_open_inline(j, "task", '{');
		if (h->nr_tasks)
			json_task(r, j, h->tasks[0]);
		json_close(j, '}');
	} else {
		json_string(j, group_name(r->by), r->by == GROUP_BY_MODULE ? h->module :
			    words_function(h));
	}
	put_sums(j, h);
	json_close(j, '}');
}

static void put_victim(const struct view *r, struct json *j, const struct victim *victim)
{
	size_t i;

	json_item(j, "victim");
	json_task(r, j, victim->task);
	json_uint(j, "failures", victim->failures);
	json_uint(j, "named", victim->named);
	json_uint(j, "blocked_ns", victim->blocked_ns);
	json_open(j, "holders", '[');
	for (i = 0; i < victim->nr_by; i++) {
		json_open_inline(j, NULL, '{');
		json_uint(j, "holder", r->f->holders[victim->by[i].holder]->id);
		json_uint(j, "failures", victim->by[i].failures);
		json_uint(j, "refs", victim->by[i].refs);
		json_close(j, '}');
	}
	json_close(j, ']');
	json_close(j, '}');
}

static void put_noise(const struct view *r, struct json *j)
{
	size_t i;

	json_open(j, "noise", '[');
	for (i = 0; i < r->f->nr_noise; i++) {
		json_open_inline(j, NULL, '{');
		json_string(j, "class", r->f->noise[i]->class);
		json_uint(j, "events", r->f->noise[i]->events);
		json_uint(j, "pages", r->f->noise[i]->pages.nr);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_counts(const struct view *r, struct json *j)
{
	json_open(j, "counts", '{');
	json_uint(j, "gets", r->f->gets);
	json_uint(j, "puts", r->f->puts);
	json_uint(j, "paired", r->f->paired);
	json_uint(j, "unmatched_puts", r->f->unmatched_puts);
	json_uint(j, "open_gets", r->f->open_gets);
	json_uint(j, "lost", r->trace->lost);
	json_uint(j, "without_stack", r->trace->no_stacks);
	json_close(j, '}');
}

/* What functions took and gave back, of folios that were watched or marked. */
static void put_taker(const struct view *r, struct json *j, const struct taker *taker)
{
	json_item(j, "balance");
	json_string(j, "function", taker->function);
	json_string(j, "module", taker->module);
	json_uint(j, "took", taker->took);
	json_uint(j, "gave_back", taker->gave);
	json_uint(j, "open", taker->took - taker->gave);
	json_uint(j, "open_pages", taker->pages.nr);
	json_uint(j, "open_since_ns", taker->open_ns);
	json_close(j, '}');
}

/* Lists of a document; in JSON lines their entries, a line each. */
static void open_list(struct json *j, const char *name)
{
	if (!j->compact)
		json_open(j, name, '[');
}

static void close_list(struct json *j)
{
	if (!j->compact)
		json_close(j, ']');
}

static void put_operations(const struct view *r, struct json *j)
{
	struct operations operations = { 0 };
	struct map places = { 0 };
	size_t i;

	for (i = 0; i < r->f->nr_failures; i++)
		map_put(&places, (uintptr_t)r->f->failures[i], (void *)(uintptr_t)(i + 1));
	operations_find(r->f, &operations);
	open_list(j, "operations");
	for (i = 0; i < operations.nr; i++) {
		end_line(j);
		json_operation(r, j, &operations.list[i], &places);
	}
	close_list(j);
	operations_free(&operations);
	map_free(&places);
}

static void put_victims(const struct view *r, struct json *j)
{
	struct victims victims = { 0 };
	size_t i;

	victims_find(r->f, &victims);
	open_list(j, "victims");
	for (i = 0; i < victims.nr; i++) {
		end_line(j);
		put_victim(r, j, &victims.victims[i]);
	}
	close_list(j);
	victims_free(&victims);
}

static void put_lists(const struct view *r, struct json *j)
{
	size_t i;

	put_operations(r, j);
	open_list(j, "failures");
	for (i = 0; i < r->f->nr_failures; i++) {
		end_line(j);
		json_failure(r, j, i);
	}
	close_list(j);
	if (r->held) {
		open_list(j, "folios");
		for (i = 0; i < r->f->nr_folios; i++) {
			end_line(j);
			json_folio(r, j, i);
		}
		close_list(j);
	}
	open_list(j, "holders");
	for (i = 0; i < r->f->nr_named; i++) {
		end_line(j);
		put_holder(r, j, r->f->holders[i]);
	}
	close_list(j);
	put_victims(r, j);
	open_list(j, "balances");
	for (i = 0; i < r->f->nr_takers; i++) {
		end_line(j);
		put_taker(r, j, r->f->takers[i]);
	}
	close_list(j);
	if (!r->by)
		return;
	open_list(j, "groups");
	for (i = 0; i < r->groups->nr_named; i++) {
		end_line(j);
		put_group(r, j, r->groups->holders[i]);
	}
	close_list(j);
}

void render_jsonl(const struct view *r)
{
	struct json j = { .out = r->out, .compact = true };

	json_item(&j, "report");
	json_string(&j, "schema", "page_pinner.report/1");
	put_trace(r, &j);
	put_filter(r, &j);
	if (r->held)
		json_held(r, &j);
	put_noise(r, &j);
	put_counts(r, &j);
	json_close(&j, '}');
	put_lists(r, &j);
}

void render_json(const struct view *r)
{
	struct json j = { .out = r->out };

	json_open(&j, NULL, '{');
	json_string(&j, "schema", "page_pinner.report/1");
	put_trace(r, &j);
	put_filter(r, &j);
	if (r->held)
		json_held(r, &j);
	put_lists(r, &j);
	put_noise(r, &j);
	put_counts(r, &j);
	json_close(&j, '}');
}
