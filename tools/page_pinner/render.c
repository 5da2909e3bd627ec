// SPDX-License-Identifier: GPL-2.0
/*
 * The findings as text for people; see render.h.
 *
 * The verdict comes first, then the holders ranked, then their stacks, then
 * what was set aside, and the counts at the end.
 */
#include "render.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "hints.h"
#include "rank.h"
#include "stack.h"
#include "symbols.h"
#include "task.h"
#include "util.h"

#define BOLD "\033[1m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

/* Names in a trace are anyone's: nothing in them may reach a terminal raw. */
const char *render_clean(char *to, size_t size, const char *from)
{
	size_t i;

	for (i = 0; i + 1 < size && from && from[i]; i++)
		to[i] = (unsigned char)from[i] < ' ' || (unsigned char)from[i] >= 0x7f ?
			'?' : from[i];
	to[i] = '\0';
	return to;
}

const char *render_duration(char *to, size_t size, uint64_t ns)
{
	static const struct {
		uint64_t unit;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (ns >= units[i].unit) {
			snprintf(to, size, "%" PRIu64 ".%02" PRIu64 " %s", ns / units[i].unit,
				 ns % units[i].unit * 100 / units[i].unit, units[i].name);
			return to;
		}
	}
	snprintf(to, size, "%" PRIu64 " ns", ns);
	return to;
}

static const char *color(const struct render *r, const char *escape)
{
	return r->color ? escape : "";
}

static const char *holder_function(const struct holder *h)
{
	const char *name = h->acquired ? h->acquire.function : h->release.function;

	return name ? name : "unknown";
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

static void put_heading(const struct render *r)
{
	uint64_t ns = r->trace->last_ns - r->trace->first_ns;
	uint64_t verdicts[NR_VERDICTS] = { 0 };
	char name[256], span[32];
	size_t i;
	int v;

	fprintf(r->out, "%sPage pinner report%s: %s", color(r, BOLD), color(r, PLAIN),
		render_clean(name, sizeof(name), r->trace->file));
	if (*r->trace->kernel)
		fprintf(r->out, ", Linux %s", render_clean(name, sizeof(name), r->trace->kernel));
	fprintf(r->out, ", %s\n", render_duration(span, sizeof(span), ns));
	for (i = 0; i < r->f->nr_failures; i++)
		verdicts[r->f->failures[i]->verdict]++;
	fprintf(r->out, "%zu failure%s", r->f->nr_failures, r->f->nr_failures == 1 ? "" : "s");
	for (v = 0, i = 0; v < NR_VERDICTS; v++)
		if (verdicts[v])
			fprintf(r->out, "%s%" PRIu64 " %s", i++ ? ", " : ": ", verdicts[v],
				verdict_name(v));
	fputc('\n', r->out);
	if (r->trace->lost)
		fprintf(r->out, "%sEvents were lost: verdicts they touch are unsafe. "
			"Record again with larger buffers (-b).%s\n",
			color(r, RED), color(r, PLAIN));
}

static void put_claim(const struct render *r, const struct claim *claim)
{
	const struct holder *h = r->f->holders[claim->holder];
	char function[128], module[64], tasks[160];

	task_names(r, h, tasks, sizeof(tasks));
	fprintf(r->out, "      -> %s%s%s%s%s: %u %s%s, %s by %s%s, confidence %.2f  [%u]\n",
		color(r, BOLD), render_clean(function, sizeof(function), holder_function(h)),
		h->module ? " in module " : "",
		h->module ? render_clean(module, sizeof(module), h->module) : "", color(r, PLAIN),
		claim->refs, h->pin ? "pin" : "reference", claim->refs == 1 ? "" : "s",
		h->acquired ? "held" : "released", tasks,
		h->in_irq ? " (interrupt)" : "", claim->confidence, h->rank);
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

/* One paragraph for @nr failures of which @failure is the first. */
static void put_failure(const struct render *r, const struct failure *failure, size_t nr,
			uint64_t last_ns)
{
	const struct task *t = tasks_get(r->trace->tasks, failure->task);
	char comm[32], span[32];
	struct claim sum;
	size_t k;

	fprintf(r->out, "\n  %s of pfn 0x%" PRIx64, event_reason_name(failure->reason),
		failure->pfn);
	if (failure->order)
		fprintf(r->out, " (order %u)", failure->order);
	if (nr > 1)
		fprintf(r->out, " and %zu more in %s", nr - 1,
			render_duration(span, sizeof(span), last_ns - failure->time_ns));
	fprintf(r->out, " by %s/%d: %s, refcount %d, expected %d (id %u",
		render_clean(comm, sizeof(comm), t->comm), t->pid, event_kind_name(failure->kind),
		failure->refcount, failure->expected, failure->id);
	if (failure->repeats > 1)
		fprintf(r->out, ", %" PRIu64 " times", failure->repeats);
	fprintf(r->out, ")\n      %s%s%s: %s\n",
		color(r, failure->verdict == VERDICT_NAMED ? BOLD : YELLOW),
		verdict_name(failure->verdict), color(r, PLAIN), failure->why);
	for (k = 0; k < failure->nr_claims;) {
		k = findings_sum(failure, k, &sum);
		put_claim(r, &sum);
	}
}

/* Failures that tell the same story are told once, unless all are wanted. */
static void put_failures(const struct render *r)
{
	const struct findings *f = r->f;
	bool *told = xzalloc(f->nr_failures + 1);
	size_t i, k, nr, shown = 0, left = 0;

	for (i = 0; i < f->nr_failures; i++) {
		uint64_t last_ns = f->failures[i]->time_ns;

		if (told[i])
			continue;
		if (r->entries && shown == r->entries) {
			left++;
			continue;
		}
		nr = 1;
		for (k = i + 1; !r->verbose && k < f->nr_failures; k++) {
			if (told[k] || !same_story(r, f->failures[i], f->failures[k]))
				continue;
			told[k] = true;
			last_ns = f->failures[k]->time_ns;
			nr++;
		}
		put_failure(r, f->failures[i], nr, last_ns);
		shown++;
	}
	if (left)
		fprintf(r->out, "\n  ... and %zu more (-E 0 shows all)\n", left);
	free(told);
}

static void put_stack(const struct render *r, const char *title, const struct site *site)
{
	char name[128], module[64];
	size_t nr, i;

	stacks_get(r->trace->stacks, site->stack, &nr);
	fprintf(r->out, "      %s\n", title);
	for (i = site->first; i < nr; i++) {
		const struct symbol *sym;

		if (r->max_stack && i - site->first == r->max_stack) {
			fprintf(r->out, "          ...\n");
			break;
		}
		sym = symbols_find(r->trace->symbols,
				   stacks_get(r->trace->stacks, site->stack, &nr)[i]);
		fprintf(r->out, "          %s%s%s%s\n", render_clean(name, sizeof(name), sym->name),
			sym->module ? " [" : "",
			sym->module ? render_clean(module, sizeof(module), sym->module) : "",
			sym->module ? "]" : "");
	}
}

static void put_hint(const struct render *r, const struct holder *h)
{
	const struct site *site = h->release.stack ? &h->release : &h->acquire;
	const struct hint *hint = hints_find(r->trace, site->stack, site->first);

	if (hint)
		fprintf(r->out, "      hint, by the names of the functions: taken by %s;\n"
			"      %s\n", hint->taken_by, hint->advice);
}

static void put_stacks(const struct render *r)
{
	char name[128];
	size_t i;

	for (i = 0; i < r->f->nr_named; i++) {
		const struct holder *h = r->f->holders[i];

		if (r->entries && i == r->entries)
			break;
		fprintf(r->out, "\n  [%u] %s\n", h->rank,
			render_clean(name, sizeof(name), holder_function(h)));
		if (h->acquired)
			put_stack(r, "taken at", &h->acquire);
		if (h->release.stack)
			put_stack(r, "released at", &h->release);
		put_hint(r, h);
	}
}

static void put_noise(const struct render *r)
{
	size_t i;

	if (!r->f->nr_noise)
		return;
	fprintf(r->out, "\n%sSet aside%s\n", color(r, BOLD), color(r, PLAIN));
	for (i = 0; i < r->f->nr_noise; i++)
		fprintf(r->out, "  %-12s %8" PRIu64 " events on %zu page%s\n",
			r->f->noise[i]->class, r->f->noise[i]->events, r->f->noise[i]->pages.used,
			r->f->noise[i]->pages.used == 1 ? "" : "s");
}

void render_text(const struct render *r)
{
	const struct findings *f = r->f;

	put_heading(r);
	put_failures(r);
	render_table(r);
	put_stacks(r);
	put_noise(r);
	fprintf(r->out, "\n%" PRIu64 " events read: %" PRIu64 " gets, %" PRIu64 " puts, %" PRIu64
		" paired, %" PRIu64 " unmatched puts, %" PRIu64 " open gets, %" PRIu64 " lost\n",
		r->trace->events, f->gets, f->puts, f->paired, f->unmatched_puts, f->open_gets,
		r->trace->lost);
}
