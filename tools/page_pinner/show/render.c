// SPDX-License-Identifier: GPL-2.0
/*
 * The findings as text for people; see render.h.
 *
 * The verdicts come first, then the holders ranked, their victims and the
 * failures one by one, then stacks, what was set aside, and the counts.
 */
#include "show/render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "judge/hints.h"
#include "trace/stack.h"
#include "trace/symbols.h"
#include "util.h"
#include "show/wrap.h"

#define BOLD "\033[1m"
#define RED "\033[31m"
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

const char *render_function(const struct holder *h)
{
	const char *name = h->acquired ? h->acquire.function : h->release.function;

	return name ? name : "unknown";
}

static void put_verdicts(const struct render *r)
{
	uint64_t verdicts[NR_VERDICTS] = { 0 };
	char line[512];
	size_t i, used;
	int v;

	for (i = 0; i < r->f->nr_failures; i++)
		verdicts[r->f->failures[i]->verdict]++;
	used = snprintf(line, sizeof(line), "%zu failure%s", r->f->nr_failures,
			r->f->nr_failures == 1 ? "" : "s");
	for (v = 0, i = 0; v < NR_VERDICTS; v++)
		if (verdicts[v])
			used += snprintf(line + used, sizeof(line) - used, "%s%" PRIu64 " %s",
					 i++ ? ", " : ": ", verdicts[v], verdict_name(v));
	wrap_put(r->out, r->width, 0, line);
}

static void put_heading(const struct render *r)
{
	char name[256], kernel[128], span[32], line[512];

	snprintf(line, sizeof(line), "%sPage pinner report%s: %s%s%s, %s", color(r, BOLD),
		 color(r, PLAIN), render_clean(name, sizeof(name), r->trace->file),
		 *r->trace->kernel ? ", Linux " : "",
		 render_clean(kernel, sizeof(kernel), r->trace->kernel),
		 render_duration(span, sizeof(span), r->trace->last_ns - r->trace->first_ns));
	wrap_put(r->out, r->width, 0, line);
	put_verdicts(r);
	if (!r->trace->lost)
		return;
	snprintf(line, sizeof(line), "%sEvents were lost: verdicts they touch are unsafe. "
		 "Record again with larger buffers (-b).%s", color(r, RED), color(r, PLAIN));
	wrap_put(r->out, r->width, 0, line);
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
	char line[512];

	if (!hint)
		return;
	snprintf(line, sizeof(line), "hint, by the names of the functions: taken by %s;",
		 hint->taken_by);
	wrap_put(r->out, r->width, 6, line);
	wrap_put(r->out, r->width, 6, hint->advice);
}

static bool same_stacks(const struct holder *a, const struct holder *b)
{
	return a->acquired == b->acquired &&
	       (!a->acquired || a->acquire.stack == b->acquire.stack) &&
	       a->release.stack == b->release.stack;
}

static void put_stacks(const struct render *r)
{
	size_t nr = r->entries && r->entries < r->f->nr_named ? r->entries : r->f->nr_named;
	bool *told = xzalloc(nr + 1);
	char name[128];
	size_t i, k;

	if (nr)
		fprintf(r->out, "\n%sStacks%s\n", color(r, BOLD), color(r, PLAIN));
	for (i = 0; i < nr; i++) {
		const struct holder *h = r->f->holders[i];

		if (told[i])
			continue;
		fputs(i ? "\n " : " ", r->out);
		for (k = i; k < nr; k++) {
			if (k != i && !same_stacks(h, r->f->holders[k]))
				continue;
			told[k] = true;
			fprintf(r->out, " [%u]", r->f->holders[k]->rank);
		}
		fprintf(r->out, " %s\n", render_clean(name, sizeof(name), render_function(h)));
		if (h->acquired)
			put_stack(r, "taken at", &h->acquire);
		if (h->release.stack)
			put_stack(r, "released at", &h->release);
		put_hint(r, h);
	}
	free(told);
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

static void put_counts(const struct render *r)
{
	const struct findings *f = r->f;
	char line[512];

	snprintf(line, sizeof(line), "%" PRIu64 " events read: %" PRIu64 " gets, %" PRIu64
		 " puts, %" PRIu64 " paired, %" PRIu64 " unmatched puts, %" PRIu64
		 " open gets, %" PRIu64 " lost", r->trace->events, f->gets, f->puts, f->paired,
		 f->unmatched_puts, f->open_gets, r->trace->lost);
	fputc('\n', r->out);
	wrap_put(r->out, r->width, 0, line);
}

void render_text(const struct render *r)
{
	put_heading(r);
	render_table(r);
	render_victims(r);
	render_failures(r);
	put_stacks(r);
	put_noise(r);
	put_counts(r);
}
