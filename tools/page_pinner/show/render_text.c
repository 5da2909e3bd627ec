// SPDX-License-Identifier: GPL-2.0
/*
 * The findings as text for people; see render.h.
 *
 * The verdicts come first, then the holders ranked, their victims and the
 * failures one by one, then stacks, what was set aside, and the counts.
 */
#include "show/render.h"

#include <inttypes.h>
#include <string.h>

#include "show/operation.h"
#include "show/text_answers.h"
#include "show/text_balance.h"
#include "show/text_failures.h"
#include "show/text_noise.h"
#include "show/text_stacks.h"
#include "show/text_table.h"
#include "show/text_victims.h"
#include "show/words.h"
#include "show/wrap.h"
#include "trace/symbols.h"

static void put_verdicts(const struct view *r, const struct operations *operations)
{
	uint64_t verdicts[NR_VERDICTS] = { 0 };
	char filter[256], line[512 + 256];
	uint64_t count = findings_count(r->f);
	size_t i, used;
	int v;

	for (i = 0; i < r->f->nr_failures; i++)
		verdicts[r->f->failures[i]->verdict] += r->f->failures[i]->count;
	used = snprintf(line, sizeof(line), "%" PRIu64 " failure%s", count, count == 1 ? "" : "s");
	if (r->filter)
		used += snprintf(line + used, sizeof(line) - used, " of %" PRIu64 " (%s)", r->all,
				 words_clean(filter, sizeof(filter), r->filter));
	if (operations->nr)
		used += snprintf(line + used, sizeof(line) - used, " in %zu operation%s",
				 operations->nr, operations->nr == 1 ? "" : "s");
	for (v = 0, i = 0; v < NR_VERDICTS; v++)
		if (verdicts[v])
			used += snprintf(line + used, sizeof(line) - used, "%s%" PRIu64 " %s",
					 i++ ? ", " : ": ", verdicts[v], verdict_name(v));
	wrap_put(r->out, r->width, 0, line);
}

/* Modules that are gone may lack a name; where it is more, a list of names lacks. */
static void put_nameless(const struct view *r)
{
	size_t asked, unknown = symbols_unknown(r->trace->symbols, &asked);
	char line[256];

	if (unknown * 4 < asked || !unknown)
		return;
	snprintf(line, sizeof(line), "%s%zu of %zu addresses in stacks have no name: give --kallsyms "
		 "(a copy of /proc/kallsyms, read by root before the next boot) or --vmlinux.%s",
		 words_color(r, WORDS_RED), unknown, asked, words_color(r, WORDS_PLAIN));
	wrap_put(r->out, r->width, 0, line);
}

/* What the times are, where they are no seconds. */
static void put_clock(const struct view *r)
{
	char line[160], name[32];

	words_clean(name, sizeof(name), r->trace->clock_name);
	if (r->trace->clock == CLOCK_NONE) {
		wrap_put(r->out, r->width, 0, "The recording has no times: events are numbered.");
		return;
	}
	if (r->trace->clock != CLOCK_TICKS)
		return;
	if (!strcmp(name, "counter"))
		snprintf(line, sizeof(line), "Times are of the clock counter: they tell the order "
			 "of events, and no time.");
	else if (!strcmp(name, "uptime"))
		snprintf(line, sizeof(line), "Times are of the clock uptime: its ticks are of 10 ms, "
			 "where USER_HZ is 100.");
	else
		snprintf(line, sizeof(line), "Times are ticks of %s%s whose rate the recording does "
			 "not tell.", *name ? "the clock " : "a clock", name);
	wrap_put(r->out, r->width, 0, line);
}

static void put_heading(const struct view *r, const struct operations *operations)
{
	char name[256], kernel[128], span[32], line[512];

	snprintf(line, sizeof(line), "%sPage pinner report%s: %s%s%s, %s",
		 words_color(r, WORDS_BOLD),
		 words_color(r, WORDS_PLAIN), words_clean(name, sizeof(name), r->trace->file),
		 *r->trace->kernel ? ", Linux " : "",
		 words_clean(kernel, sizeof(kernel), r->trace->kernel),
		 words_duration(r->trace, span, sizeof(span), r->trace->last_ns - r->trace->first_ns));
	wrap_put(r->out, r->width, 0, line);
	put_verdicts(r, operations);
	if (r->trace->no_stacks) {
		snprintf(line, sizeof(line), "%s%" PRIu64 " of %" PRIu64 " events have no stack: "
			 "record with -T.%s", words_color(r, WORDS_RED), r->trace->no_stacks,
			 r->trace->events, words_color(r, WORDS_PLAIN));
		wrap_put(r->out, r->width, 0, line);
	}
	put_nameless(r);
	put_clock(r);
	if (!r->trace->lost)
		return;
	snprintf(line, sizeof(line), "%sEvents were lost: verdicts they touch are unsafe. "
		 "Record again with larger buffers (-b).%s", words_color(r, WORDS_RED),
		 words_color(r, WORDS_PLAIN));
	wrap_put(r->out, r->width, 0, line);
}

static void put_counts(const struct view *r)
{
	const struct findings *f = r->f;
	char line[512];

	snprintf(line, sizeof(line), "%" PRIu64 " events read%s: %" PRIu64 " gets, %" PRIu64
		 " puts, %" PRIu64 " paired, %" PRIu64 " unmatched puts, %" PRIu64
		 " open gets, %" PRIu64 " lost", r->trace->events, r->filter ? ", whatever was asked for" : "", f->gets, f->puts, f->paired,
		 f->unmatched_puts, f->open_gets, r->trace->lost);
	fputc('\n', r->out);
	wrap_put(r->out, r->width, 0, line);
}

void render_text(const struct view *r)
{
	struct operations operations = { 0 };

	operations_find(r->f, &operations);
	text_answers(r, &operations);
	put_heading(r, &operations);
	text_table(r);
	text_victims(r);
	text_failures(r);
	text_stacks(r);
	text_balance(r);
	text_noise(r);
	put_counts(r);
	operations_free(&operations);
}
