// SPDX-License-Identifier: GPL-2.0
/*
 * The failures as text for people; see text_failures.h.  Those that there is
 * something to tell of are told one by one, but a story that repeats itself only
 * once; the others are counted.
 */
#include "show/text_failures.h"

#include <inttypes.h>
#include <stdlib.h>

#include "show/advice.h"
#include "show/refcount.h"
#include "show/story.h"
#include "show/words.h"
#include "show/wrap.h"
#include "trace/event.h"

#define VICTIMS_SHOWN 4

/* Put a line of the paragraph, and begin the next one. */
static void put_line(const struct view *r, int indent, struct strbuf *line)
{
	if (line->len)
		wrap_put(r->out, r->width, indent, line->text);
	line->len = 0;
}

static void put_claim(const struct view *r, const struct failure *failure,
		      const struct claim *claim, struct strbuf *line)
{
	const struct holder *h = r->f->holders[claim->holder];
	char function[128], module[64], tasks[160], span[32];

	strbuf_add(line, "-> %s%s", words_color(r, WORDS_BOLD),
		   words_clean(function, sizeof(function), words_function(h)));
	if (h->module)
		strbuf_add(line, " in module %s", words_clean(module, sizeof(module), h->module));
	strbuf_add(line, "%s: %" PRIu32 " %s%s, %s by %s%s%s", words_color(r, WORDS_PLAIN),
		   claim->refs, h->pin ? "pin" : "reference", claim->refs == 1 ? "" : "s",
		   h->acquired ? "held" : "released",
		   words_tasks(r->trace, h, ", ", h->in_irq ? "an interrupt" :
			       "an unknown task", tasks, sizeof(tasks)),
		   h->in_irq && h->nr_tasks ? " (interrupt)" : "", claim->exited ? " (has exited)" : "");
	if (claim->attempts)
		strbuf_add(line, ", blocked %" PRIu64 " of %" PRIu64 " attempts for at least %s",
			   claim->attempts, failure->attempts,
			   words_duration(r->trace, span, sizeof(span), claim->blocked_ns));
	strbuf_add(line, ", confidence %.2f [%" PRIu32 "]", claim->confidence, h->rank);
	if (claim->guess)
		strbuf_add(line, "; that get and put belong together is a guess");
	put_line(r, 6, line);
}

static void put_candidates(const struct view *r, const struct failure *failure,
			   struct strbuf *line)
{
	char task[48];
	size_t i;

	for (i = 0; i < failure->nr_candidates; i++) {
		const struct candidate *c = &failure->candidates[i];

		strbuf_add(line, "? %s by %s%s: %" PRId32 " reference%s",
			   c->get ? "taken" : "given back",
			   words_task(r->trace, c->task, task, sizeof(task)),
			   c->atomic ? " (interrupt)" : "", c->refs, c->refs == 1 ? "" : "s");
		refcount_pins(failure, c->refs, line);
		strbuf_add(line, ", share %.2f; not chosen: %s", c->share,
			   c->why_not ? c->why_not : "several could be meant");
		put_line(r, 6, line);
		words_frames(r, c->site.stack, c->site.first, line);
		put_line(r, 10, line);
	}
	if (failure->more_candidates)
		fprintf(r->out, "      ... and %" PRIu64 " candidates more\n",
			failure->more_candidates);
}

/* Whoever else ran into the same page, and where each came from. */
static void put_victims(const struct view *r, const struct failure *failure,
			struct strbuf *line)
{
	char task[48], when[64];
	size_t i;

	strbuf_add(line, "asked from: ");
	words_frames(r, failure->stack, failure->first, line);
	put_line(r, 6, line);
	for (i = 1; i < failure->nr_askers; i++) {
		const struct asker *asker = &failure->askers[i];

		if (i == VICTIMS_SHOWN && !r->verbose) {
			fprintf(r->out, "      ... and by %zu tasks more\n",
				failure->nr_askers - i);
			break;
		}
		strbuf_add(line, "and by %s, %" PRIu64 " times from %s on: ",
			   words_task(r->trace, asker->task, task, sizeof(task)),
			   asker->attempts,
			   words_time(r->trace, asker->first_ns, when, sizeof(when)));
		words_frames(r, asker->stack, asker->first, line);
		put_line(r, 6, line);
	}
}

static void put_head(const struct view *r, const struct story *story, struct strbuf *line)
{
	const struct failure *failure = story->first;
	char task[48], span[32], when[64];

	strbuf_add(line, "%s: %s of pfn 0x%" PRIx64,
		   words_time(r->trace, failure->time_ns, when, sizeof(when)),
		   event_reason_name(failure->reason), failure->pfn);
	if (failure->order)
		strbuf_add(line, " (order %u)", failure->order);
	if (story->nr > 1)
		strbuf_add(line, " and %" PRIu64 " more in %s", story->nr - 1,
			   words_duration(r->trace, span, sizeof(span),
					  story->last_ns - failure->time_ns));
	strbuf_add(line, " by %s: %s (id %" PRIu32,
		   words_task(r->trace, failure->task, task, sizeof(task)),
		   event_kind_name(failure->kind), failure->id);
	if (failure->repeats > 1)
		strbuf_add(line, ", %" PRIu64 " times", failure->repeats);
	strbuf_add(line, ")");
	put_line(r, 2, line);
}

/* One paragraph. */
static void put_story(const struct view *r, const struct story *story)
{
	const struct failure *failure = story->first;
	struct strbuf line = { 0 };
	struct claim sum;
	size_t k;

	put_head(r, story, &line);
	strbuf_add(&line, "%s%s%s: %s",
		   words_color(r, failure->verdict == VERDICT_NAMED ? WORDS_BOLD : WORDS_YELLOW),
		   verdict_name(failure->verdict), words_color(r, WORDS_PLAIN), failure->why);
	put_line(r, 6, &line);
	refcount_say(r, failure, &line);
	put_line(r, 6, &line);
	for (k = 0; k < failure->nr_claims;) {
		k = findings_sum(failure, k, &sum);
		put_claim(r, failure, &sum, &line);
	}
	if (failure->verdict == VERDICT_NEVER_RELEASED && !failure->nr_claims) {
		refcount_last(r, failure, &line);
		put_line(r, 6, &line);
	}
	put_candidates(r, failure, &line);
	put_victims(r, failure, &line);
	free(line.text);
}

/* Many failures over which there is nothing more to say: one sentence. */
static void put_count(const struct view *r, const struct story *story)
{
	const struct failure *first = story->first;
	struct strbuf line = { 0 };
	char task[48];

	strbuf_add(&line, "%s, %s: %" PRIu64 " failure%s of %" PRIu64 " page%s by %s, first of pfn 0x%" PRIx64
		   " (id %" PRIu32 "): %s%s%s, %s", event_reason_name(first->reason),
		   event_kind_name(first->kind), story->nr, story->nr == 1 ? "" : "s",
		   story->pages.nr, story->pages.nr == 1 ? "" : "s",
		   words_task(r->trace, first->task, task, sizeof(task)), first->pfn, first->id,
		   words_color(r, WORDS_YELLOW), verdict_name(first->verdict),
		   words_color(r, WORDS_PLAIN), first->why);
	put_line(r, 2, &line);
	strbuf_add(&line, "asked from: ");
	words_frames(r, first->stack, first->first, &line);
	put_line(r, 6, &line);
	free(line.text);
}

/* Is there somebody, or something, to tell of? */
static bool tells(const struct failure *failure)
{
	return failure->nr_claims || failure->nr_candidates ||
	       failure->verdict == VERDICT_NEVER_RELEASED ||
	       failure->verdict == VERDICT_BAD_COUNT || failure->verdict == VERDICT_KEPT;
}

/* The stories with something in them, or those without. */
static void put_stories(const struct view *r, const struct stories *stories, bool telling)
{
	uint64_t left = 0;
	size_t i, shown = 0;

	for (i = 0; i < stories->nr; i++) {
		const struct story *story = &stories->list[i];

		if (telling != tells(story->first))
			continue;
		if (r->entries && shown == r->entries) {
			left += story->nr;
			continue;
		}
		if (!shown++)
			words_heading(r, telling ? "Failures" :
				      "Failures for which nobody is named");
		else if (telling || r->verbose)
			fputc('\n', r->out);
		if (telling || r->verbose)
			put_story(r, story);
		else
			put_count(r, story);
	}
	if (left)
		fprintf(r->out, "  ... and %" PRIu64 " more failures (-E 0 shows all)\n", left);
}

void text_failures(const struct view *r)
{
	struct stories stories = { 0 };

	stories_find(r->f, r->trace, r->verbose, &stories);
	put_stories(r, &stories, true);
	put_stories(r, &stories, false);
	stories_free(&stories);
}
