// SPDX-License-Identifier: GPL-2.0
/*
 * The findings as JSON, schema page_pinner.report/1; see render.h.
 */
#include "show/render.h"

#include "judge/hints.h"
#include "show/group.h"
#include "show/json.h"
#include "show/rank.h"
#include "show/victims.h"
#include "show/words.h"
#include "trace/event.h"
#include "trace/inlined.h"
#include "trace/stack.h"
#include "trace/task.h"

/* Where the functions of a stack are in the sources, one for one. */
static void put_lines(const struct view *r, struct json *j, uint32_t stack, size_t from, size_t to)
{
	const struct debug_frame *frames;
	size_t i, k, nr;
	char line[512];

	json_open_inline(j, "lines", '[');
	for (i = from; i < to; i++) {
		nr = inlined_list(r->trace->inlined, stacks_get(r->trace->stacks, stack, &nr)[i],
				  &frames);
		for (k = 0; k < nr; k++) {
			snprintf(line, sizeof(line), "%s:%u%s", frames[k].file, frames[k].line,
				 frames[k].inlined ? " (inlined)" : "");
			json_string(j, NULL, *frames[k].file ? line : NULL);
		}
	}
	json_close(j, ']');
}

static void put_stack(const struct view *r, struct json *j, uint32_t stack, size_t first)
{
	const struct debug_frame *frames;
	bool lines = false;
	size_t nr, i, k, end;

	json_open_inline(j, "stack", '[');
	stacks_get(r->trace->stacks, stack, &nr);
	end = r->max_stack && first + r->max_stack < nr ? first + r->max_stack : nr;
	for (i = first; i < end; i++) {
		nr = inlined_list(r->trace->inlined, stacks_get(r->trace->stacks, stack, &nr)[i],
				  &frames);
		for (k = 0; k < nr; k++) {
			json_string(j, NULL, frames[k].function);
			lines |= *frames[k].file;
		}
	}
	json_close(j, ']');
	if (lines)
		put_lines(r, j, stack, first, end);
}

static void put_task(const struct view *r, struct json *j, uint32_t task)
{
	const struct task *t = tasks_get(r->trace->tasks, task);

	json_int(j, "pid", t->pid);
	json_string(j, "comm", t->comm);
}

/* In JSON lines each line says what it is. */
static void open_item(struct json *j, const char *type)
{
	json_open(j, NULL, '{');
	if (j->compact)
		json_string(j, "type", type);
}

/* One line of JSON lines is over. */
static void end_line(struct json *j)
{
	if (j->compact)
		j->comma = false;
}

static void put_trace(const struct view *r, struct json *j)
{
	json_open(j, "trace", '{');
	json_string(j, "file", r->trace->file);
	json_string(j, "kernel", r->trace->kernel);
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
	json_uint(j, "failures", r->all);
	json_close(j, '}');
}

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
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void put_failure(const struct view *r, struct json *j, const struct failure *failure)
{
	open_item(j, "failure");
	json_uint(j, "id", failure->id);
	json_uint(j, "time_ns", failure->time_ns);
	json_uint(j, "last_ns", failure->last_ns);
	json_uint(j, "attempts", failure->attempts);
	json_uint(j, "repeats", failure->repeats);
	json_string(j, "reason", event_reason_name(failure->reason));
	json_string(j, "kind", event_kind_name(failure->kind));
	json_uint(j, "pfn", failure->pfn);
	json_uint(j, "order", failure->order);
	json_int(j, "refcount", failure->refcount);
	json_int(j, "expected", failure->expected);
	json_int(j, "unexpected", (int64_t)failure->refcount - failure->expected);
	json_int(j, "mapcount", failure->mapcount);
	json_int(j, "pincount", failure->pincount);
	json_open(j, "victim", '{');
	put_task(r, j, failure->task);
	put_stack(r, j, failure->stack, failure->first);
	json_close(j, '}');
	json_string(j, "verdict", verdict_name(failure->verdict));
	json_string(j, "why", failure->why);
	put_claims(r, j, failure);
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
	put_stack(r, j, site->stack, site->first);
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
	json_uint(j, "pages", h->pages.used);
	json_uint(j, "failures", h->failures);
	json_uint(j, "still_held", h->open);
	json_uint(j, "released_in_irq", h->in_irq);
	json_open_inline(j, "hold_ns", '{');
	json_uint(j, "min", rank_percentile(h->holds, h->nr_holds, 0));
	json_uint(j, "median", rank_percentile(h->holds, h->nr_holds, 50));
	json_uint(j, "p90", rank_percentile(h->holds, h->nr_holds, 90));
	json_uint(j, "max", rank_percentile(h->holds, h->nr_holds, 100));
	json_close(j, '}');
	json_uint(j, "first_ns", h->first_ns);
	json_uint(j, "last_ns", h->last_ns);
	json_uint(j, "blocked_ns", h->blocked_ns);
}

static void put_holder(const struct view *r, struct json *j, const struct holder *h)
{
	bool released = h->release.function || h->release.stack || !h->acquired;
	size_t i;

	open_item(j, "holder");
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
		put_task(r, j, h->tasks[i]);
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
	open_item(j, "group");
	json_uint(j, "rank", h->rank);
	if (r->by == GROUP_BY_TASK) {
		json_open_inline(j, "task", '{');
		if (h->nr_tasks)
			put_task(r, j, h->tasks[0]);
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

	open_item(j, "victim");
	put_task(r, j, victim->task);
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

/* Victims, and groups if there are any: in JSON lines each is one. */
static void put_tables(const struct view *r, struct json *j)
{
	struct victims victims = { 0 };
	size_t i;

	victims_find(r->f, &victims);
	if (!j->compact)
		json_open(j, "victims", '[');
	for (i = 0; i < victims.nr; i++) {
		end_line(j);
		put_victim(r, j, &victims.victims[i]);
	}
	if (!j->compact)
		json_close(j, ']');
	victims_free(&victims);
	if (!r->by)
		return;
	if (!j->compact)
		json_open(j, "groups", '[');
	for (i = 0; i < r->groups->nr_named; i++) {
		end_line(j);
		put_group(r, j, r->groups->holders[i]);
	}
	if (!j->compact)
		json_close(j, ']');
}

static void put_noise(const struct view *r, struct json *j)
{
	size_t i;

	json_open(j, "noise", '[');
	for (i = 0; i < r->f->nr_noise; i++) {
		json_open_inline(j, NULL, '{');
		json_string(j, "class", r->f->noise[i]->class);
		json_uint(j, "events", r->f->noise[i]->events);
		json_uint(j, "pages", r->f->noise[i]->pages.used);
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

void render_jsonl(const struct view *r)
{
	struct json j = { .out = r->out, .compact = true };
	size_t i;

	open_item(&j, "report");
	json_string(&j, "schema", "page_pinner.report/1");
	put_trace(r, &j);
	put_filter(r, &j);
	put_noise(r, &j);
	put_counts(r, &j);
	json_close(&j, '}');
	for (i = 0; i < r->f->nr_failures; i++) {
		end_line(&j);
		put_failure(r, &j, r->f->failures[i]);
	}
	for (i = 0; i < r->f->nr_named; i++) {
		end_line(&j);
		put_holder(r, &j, r->f->holders[i]);
	}
	put_tables(r, &j);
}

void render_json(const struct view *r)
{
	struct json j = { .out = r->out };
	size_t i;

	json_open(&j, NULL, '{');
	json_string(&j, "schema", "page_pinner.report/1");
	put_trace(r, &j);
	put_filter(r, &j);
	json_open(&j, "failures", '[');
	for (i = 0; i < r->f->nr_failures; i++)
		put_failure(r, &j, r->f->failures[i]);
	json_close(&j, ']');
	json_open(&j, "holders", '[');
	for (i = 0; i < r->f->nr_named; i++)
		put_holder(r, &j, r->f->holders[i]);
	json_close(&j, ']');
	put_tables(r, &j);
	put_noise(r, &j);
	put_counts(r, &j);
	json_close(&j, '}');
}
