// SPDX-License-Identifier: GPL-2.0
/*
 * The failures as text for people; see render.h.  Those that somebody is named
 * for are told one by one, but a story that repeats itself only once; the
 * others are counted.
 */
#include "show/render.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "trace/event.h"
#include "trace/task.h"
#include "util.h"
#include "show/wrap.h"

#define BOLD "\033[1m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

static const char *color(const struct render *r, const char *escape)
{
	return r->color ? escape : "";
}

static void task_names(const struct render *r, const struct holder *h, char *to, size_t size)
{
	size_t i, used = 0;
	char comm[32];

	to[0] = '\0';
	for (i = 0; i < h->nr_tasks && used < size; i++) {
		const struct task *t = tasks_get(r->trace->tasks, h->tasks[i]);

		if (i == 3) {
			snprintf(to + used, size - used, " and %zu more", h->nr_tasks - i);
			return;
		}
		used += snprintf(to + used, size - used, "%s%s/%d", i ? ", " : "",
				 render_clean(comm, sizeof(comm), t->comm), t->pid);
	}
	if (!h->nr_tasks)
		snprintf(to, size, "an unknown task");
}

static void put_claim(const struct render *r, const struct claim *claim)
{
	const struct holder *h = r->f->holders[claim->holder];
	char function[128], module[64], tasks[160], line[512];

	task_names(r, h, tasks, sizeof(tasks));
	snprintf(line, sizeof(line),
		 "-> %s%s%s%s%s: %u %s%s, %s by %s%s, confidence %.2f [%u]",
		 color(r, BOLD), render_clean(function, sizeof(function), render_function(h)),
		 h->module ? " in module " : "",
		 h->module ? render_clean(module, sizeof(module), h->module) : "", color(r, PLAIN),
		 claim->refs, h->pin ? "pin" : "reference", claim->refs == 1 ? "" : "s",
		 h->acquired ? "held" : "released", tasks,
		 h->in_irq ? " (interrupt)" : "", claim->confidence, h->rank);
	wrap_put(r->out, r->width, 6, line);
}

static void put_verdict(const struct render *r, const struct failure *failure)
{
	char line[256];

	snprintf(line, sizeof(line), "%s%s%s: %s",
		 color(r, failure->verdict == VERDICT_NAMED ? BOLD : YELLOW),
		 verdict_name(failure->verdict), color(r, PLAIN), failure->why);
	wrap_put(r->out, r->width, 6, line);
}

/* One paragraph for @nr failures of which @failure is the first. */
static void put_failure(const struct render *r, const struct failure *failure, size_t nr,
			uint64_t last_ns)
{
	const struct task *t = tasks_get(r->trace->tasks, failure->task);
	char comm[32], span[32], order[32] = "", more[96] = "", times[48] = "", line[512];
	struct claim sum;
	size_t k;

	if (failure->order)
		snprintf(order, sizeof(order), " (order %u)", failure->order);
	if (nr > 1)
		snprintf(more, sizeof(more), " and %zu more in %s", nr - 1,
			 render_duration(span, sizeof(span), last_ns - failure->time_ns));
	if (failure->repeats > 1)
		snprintf(times, sizeof(times), ", %" PRIu64 " times", failure->repeats);
	snprintf(line, sizeof(line), "%s of pfn 0x%" PRIx64 "%s%s by %s/%d: %s, refcount %d, "
		 "expected %d (id %u%s)", event_reason_name(failure->reason), failure->pfn, order,
		 more, render_clean(comm, sizeof(comm), t->comm), t->pid,
		 event_kind_name(failure->kind), failure->refcount, failure->expected,
		 failure->id, times);
	wrap_put(r->out, r->width, 2, line);
	put_verdict(r, failure);
	for (k = 0; k < failure->nr_claims;) {
		k = findings_sum(failure, k, &sum);
		put_claim(r, &sum);
	}
}

/* Many failures over which nobody is named: one sentence. */
static void put_count(const struct render *r, const struct failure *first, size_t nr,
		      size_t pages)
{
	const struct task *t = tasks_get(r->trace->tasks, first->task);
	char comm[32], line[512];

	snprintf(line, sizeof(line), "%s, %s: %zu failure%s of %zu page%s by %s, first of pfn "
		 "0x%" PRIx64 " (id %u): %s%s%s, %s", event_reason_name(first->reason),
		 event_kind_name(first->kind), nr, nr == 1 ? "" : "s", pages,
		 pages == 1 ? "" : "s", render_clean(comm, sizeof(comm), t->comm), first->pfn,
		 first->id, color(r, YELLOW), verdict_name(first->verdict), color(r, PLAIN),
		 first->why);
	wrap_put(r->out, r->width, 2, line);
}

/* Do two failures tell the same story, but for the page? */
static bool same_story(const struct render *r, const struct failure *a, const struct failure *b)
{
	size_t i;

	if (a->reason != b->reason || a->kind != b->kind || a->verdict != b->verdict ||
	    strcmp(a->why, b->why) || a->nr_claims != b->nr_claims ||
	    strcmp(tasks_get(r->trace->tasks, a->task)->comm,
		   tasks_get(r->trace->tasks, b->task)->comm))
		return false;
	for (i = 0; i < a->nr_claims; i++)
		if (a->claims[i].holder != b->claims[i].holder ||
		    a->claims[i].refs != b->claims[i].refs)
			return false;
	return true;
}

/* One story: @first and all after it that tell the same. */
static void put_story(const struct render *r, size_t first, bool *told)
{
	const struct findings *f = r->f;
	const struct failure *failure = f->failures[first];
	uint64_t last_ns = failure->time_ns;
	struct map pages = { 0 };
	size_t k, nr = 1;

	map_put(&pages, failure->pfn, &pages);
	for (k = first + 1; !r->verbose && k < f->nr_failures; k++) {
		if (told[k] || !same_story(r, failure, f->failures[k]))
			continue;
		told[k] = true;
		last_ns = f->failures[k]->time_ns;
		map_put(&pages, f->failures[k]->pfn, &pages);
		nr++;
	}
	if (failure->nr_claims || r->verbose)
		put_failure(r, failure, nr, last_ns);
	else
		put_count(r, failure, nr, pages.used);
	map_free(&pages);
}

/* The stories with somebody's name in them, or those without. */
static void put_stories(const struct render *r, bool named, bool *told)
{
	const struct findings *f = r->f;
	size_t i, shown = 0, left = 0;

	for (i = 0; i < f->nr_failures; i++) {
		if (told[i] || named != (f->failures[i]->nr_claims > 0))
			continue;
		if (r->entries && shown == r->entries) {
			left++;
			continue;
		}
		if (!shown++)
			fprintf(r->out, "\n%s%s%s\n", color(r, BOLD),
				named ? "Failures" : "Failures for which nobody is named",
				color(r, PLAIN));
		else if (named || r->verbose)
			fputc('\n', r->out);
		put_story(r, i, told);
	}
	if (left)
		fprintf(r->out, "  ... and %zu more failures (-E 0 shows all)\n", left);
}

void render_failures(const struct render *r)
{
	bool *told = xzalloc(r->f->nr_failures + 1);

	put_stories(r, true, told);
	put_stories(r, false, told);
	free(told);
}
