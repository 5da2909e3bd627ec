// SPDX-License-Identifier: GPL-2.0
/*
 * What is missing in a text, or could not be read; see text.h.
 */
#include "read/text.h"

#include <inttypes.h>
#include <string.h>

#include "read/losses.h"
#include "util.h"

static void pass_hole(struct text *t, uint64_t events, int cpu, uint64_t from, uint64_t to)
{
	struct pin_event ev = { .type = PIN_LOST, .lost = events, .from_ns = from, .ts = to };

	ev.cpu = cpu < 0 ? 0 : cpu;
	t->trace->holes++;
	joiner_pass(t->joiner, &ev);
}

void text_lose(struct text *t, uint64_t events, int cpu)
{
	uint64_t from = t->trace->last_ns;

	if (cpu >= 0)
		from = (size_t)cpu < t->nr_cpus ? t->last_ts[cpu] : 0;
	t->trace->lost += events ? events : 1;
	pass_hole(t, events, cpu, from, t->trace->last_ns);
}

void text_overwritten(struct text *t, int cpu, uint64_t ts)
{
	pass_hole(t, 0, cpu, 0, ts);
}

bool text_loss_line(struct text *t, const char *p)
{
	struct loss loss;

	if (!loss_in_line(p, &loss))
		return false;
	if (!loss.oldest) {
		text_lose(t, loss.events, loss.cpu);
	} else if (loss.cpu < 0) {
		t->overwritten = true;
		t->trace->lost += loss.events;
		t->trace->holes++;
	} else if (!t->overwritten) {
		/* the header that says how many was cut away */
		t->overwritten = true;
		text_lose(t, 0, loss.cpu);
	}
	return true;
}

void text_unreadable(struct text *t, uint64_t line)
{
	if (!t->unread++)
		t->first_bad = line;
	t->last_bad = line;
	text_lose(t, 1, -1);
}

/* The last line, cut, but with its beginning: not the rest of what was in front. */
static bool cut_head(const struct text *t, const struct line *line)
{
	size_t blanks = strspn(line->text, " \t");

	if (line->ended || !blanks)
		return false;
	return t->columns.task == TASK_DASH ? line->text[blanks] != '=' : t->has_pending;
}

/* It has what is in no frame, torn or not. */
static bool no_frame(const struct line *line)
{
	return line->ended && !line->torn && line->len > 2 && strpbrk(line->text, "`~@$\"'!?,;");
}

void text_misfit(struct text *t, const struct line *line)
{
	bool ours = line->torn || fields_evidence(line->text);
	/* blanks alone can be the beginning of a frame that was torn */
	bool within = !t->stack_closed || t->ragged + 1 == line->nr;

	bool begins = cut_head(t, line);

	if (begins) {
		ours = true;
	} else if (t->has_pending) {
		t->has_pending = false;
		t->stack = STACK_OF_OTHER;
		ours = true;
	} else if (t->stack == STACK_OF_RECORD && within &&
		   (t->stack_crossed || no_frame(line))) {
		t->stack_crossed = true;
	} else if (t->stack == STACK_OF_RECORD && within) {
		t->stack_torn = true;
	} else if (t->stack == STACK_OF_OTHER && within) {
		/* the rest of the record in front of it, of which kind it is not known */
		ours = true;
	}
	if (ours)
		text_unreadable(t, line->nr);
	else if (t->has_prefix && !t->others++ && !t->unread)
		t->first_bad = line->nr;
	if (t->has_prefix)
		t->misfit = line->nr;
}

/* Cut within its last number, an event would be of another mark or page. */
static bool was_whole(const struct text *t)
{
	uint64_t key[2] = { t->pending.pfn, t->pending.id };
	uint64_t hash = hash_bytes(key, sizeof(key));
	size_t i;

	/* the last one put there is this event's own */
	for (i = 0; i + 1 < t->nr_recent && i < RECENT_MAX; i++)
		if (i != (t->nr_recent - 1) % RECENT_MAX && t->recent[i] == hash)
			return true;
	return false;
}

void text_check_end(struct text *t, const struct line *last)
{
	if (last->ended || !last->len)
		return;
	if (t->event == last->nr ? !t->has_pending || was_whole(t) : t->frame == last->nr)
		return;
	/* what it was to become is not known */
	if (t->event == last->nr)
		t->has_pending = false;
	if (t->last_bad != last->nr)
		text_unreadable(t, last->nr);
}

/* A text does not say which events were on.  What has a mark failed, and let go. */
static void tell_what_is_missing(const struct text *t)
{
	if (!t->marked || t->refs.on_record)
		return;
	if (!t->nr[PIN_FAIL])
		report_error("%s: no page_pinner_fail_* in it, what failed is not on record: "
			     "was it off?", t->trace->file);
	else if (!t->nr[PIN_PUT])
		report_error("%s: no page_pinner_put in it, who let go is not on record: "
			     "was it off?", t->trace->file);
}

void text_tell(struct text *t)
{
	const char *file = t->trace->file;

	if (!t->unread)
		tell_what_is_missing(t);

	if (t->tails && t->tails == t->unread && !t->has_prefix) {
		report_error("%s: words that are no fields stand behind its page_pinner events, as in "
			     "line %" PRIu64 ": leave out the option that has them printed "
			     "(perf script -F)", file, t->first_bad);
		t->failed = true;
	} else if (t->unread && !t->has_prefix) {
		report_error("%s: none of its %" PRIu64 " page_pinner events can be read, as in line %"
			     PRIu64 ": lines wrapped by a mail, or changed?", file, t->unread,
			     t->first_bad);
		t->failed = true;
	} else if (t->unread) {
		report_error("%s: %" PRIu64 " event%s torn, cut or of another form, the first in line %"
			     PRIu64 ": counted as lost", file, t->unread,
			     t->unread == 1 ? " was" : "s were", t->first_bad);
	} else if (t->others && t->has_prefix) {
		report_error("%s: %" PRIu64 " line%s no part of the trace, the first is line %"
			     PRIu64, file, t->others, t->others == 1 ? " is" : "s are",
			     t->first_bad);
	}
	if (!t->failed)
		text_tell_rewritten(t);
}
