// SPDX-License-Identifier: GPL-2.0
/*
 * Answers; see text_answers.h.
 */
#include "show/text_answers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "judge/wants.h"
#include "show/advice.h"
#include "show/words.h"
#include "show/wrap.h"
#include "trace/event.h"

/* As many holders stand in the answer, and as many operations nobody is to blame for. */
#define BLOCKERS_SHOWN 3
#define HARMLESS_SHOWN 3

static void say_pages(const struct view *r, const struct operation *op, struct strbuf *to)
{
	const char *area = areas_find(&r->trace->areas, op->from_pfn, op->to_pfn);
	char name[4 * AREA_NAME_MAX];

	if (op->pages > 1)
		strbuf_add(to, "%" PRIu64 " pages in ", op->pages);
	strbuf_add(to, "pfn 0x%" PRIx64, op->from_pfn);
	if (op->to_pfn != op->from_pfn)
		strbuf_add(to, "-0x%" PRIx64, op->to_pfn);
	if (area)
		strbuf_add(to, " of CMA area \"%s\"", words_clean(name, sizeof(name), area));
}

static void say_victim(const struct view *r, const struct operation *op, struct strbuf *to)
{
	char task[48], module[64];
	struct want want;
	size_t verb;

	wants_find(r->trace, op->reason, op->stack, op->first, &want);
	/* "move to a device": the pages stand behind the verb */
	verb = strcspn(want.verb, " ");
	strbuf_add(to, "%s could not %.*s ", words_task(r->trace, op->task, task, sizeof(task)),
		   (int)verb, want.verb);
	say_pages(r, op, to);
	strbuf_add(to, "%s", want.verb + verb);
	if (want.whom)
		strbuf_add(to, " for %s", want.whom);
	if (want.module)
		strbuf_add(to, " in module %s", words_clean(module, sizeof(module), want.module));
	strbuf_add(to, " (%s)", event_reason_name(op->reason));
}

static void say_blocker(const struct view *r, const struct blocker *by, bool first,
			struct strbuf *to)
{
	const struct holder *h = r->f->holders[by->holder];
	char held[32], class[64], tasks[160], module[64];

	words_duration(r->trace, held, sizeof(held), by->held_ns);
	strbuf_add(to, "%sheld %s%s%s by %" PRIu64 " %s %s%s", first ? "" : "; ",
		   by->at_least ? "at least " : "", held,
		   by->open ? ", until the recording ended," : "", by->refs,
		   words_clean(class, sizeof(class), h->class), h->pin ? "pin" : "reference",
		   by->refs == 1 ? "" : "s");
	if (h->module)
		strbuf_add(to, " of module %s", words_clean(module, sizeof(module), h->module));
	words_tasks(r->trace, h, ", ",
		    h->in_irq ? "an interrupt" : "an unknown task", tasks, sizeof(tasks));
	strbuf_add(to, "%s %s%s%s%s", h->acquired ? " of" : ", released by", words_color(r, WORDS_BOLD),
		   tasks, words_color(r, WORDS_PLAIN), by->exited ? ", which has exited" : "");
	strbuf_add(to, " [%u], confidence %.2f", h->rank, by->confidence);
}

/* Each task once: the evidence against it stands with the failure. */
static void say_candidates(const struct view *r, const struct failure *failure,
			   struct strbuf *to)
{
	size_t i, k, shown = 0;
	char task[48];

	for (i = 0; i < failure->nr_candidates; i++) {
		for (k = 0; k < i && failure->candidates[k].task != failure->candidates[i].task; k++)
			;
		if (k < i || failure->candidates[i].atomic)
			continue;
		if (shown == BLOCKERS_SHOWN) {
			strbuf_add(to, " and others");
			return;
		}
		strbuf_add(to, "%s%s", shown++ ? ", " : "; candidates are ",
			   words_task(r->trace, failure->candidates[i].task, task, sizeof(task)));
	}
}

/* Where nobody can be named, the verdict is the answer. */
static void say_verdict(const struct view *r, const struct operation *op, struct strbuf *to)
{
	const struct failure *failure = op->main;
	char held[32];

	strbuf_add(to, "%s%s%s: ", words_color(r, WORDS_YELLOW), verdict_name(op->verdict),
		   words_color(r, WORDS_PLAIN));
	if (op->verdict == VERDICT_NOT_A_REFERENCE)
		strbuf_add(to, "%s", advice_kind(failure->kind));
	else if (op->verdict == VERDICT_NEVER_RELEASED && failure->end_ns > op->first_ns)
		strbuf_add(to, "held at least %s, %s; who took it is not on record",
			   words_duration(r->trace, held, sizeof(held),
					  failure->end_ns - op->first_ns), failure->why);
	else
		strbuf_add(to, "%s", failure->why);
	if (op->verdict != VERDICT_NEVER_RELEASED && op->last_ns > op->first_ns)
		strbuf_add(to, ", in %" PRIu64 " attempts within %s", op->attempts,
			   words_duration(r->trace, held, sizeof(held),
					  op->last_ns - op->first_ns));
	say_candidates(r, failure, to);
}

static void say_others(const struct operation *op, struct strbuf *to)
{
	uint64_t others = op->count - op->verdicts[op->verdict];
	enum verdict v;
	bool any = false;

	if (!others)
		return;
	strbuf_add(to, " (%" PRIu64 " of %" PRIu64 " failures; the others: ",
		   op->verdicts[op->verdict], op->count);
	for (v = 0; v < NR_VERDICTS; v++)
		if (v != op->verdict && op->verdicts[v]) {
			strbuf_add(to, "%s%" PRIu64 " %s", any ? ", " : "", op->verdicts[v],
				   verdict_name(v));
			any = true;
		}
	strbuf_add(to, ")");
}

static void put_answer(const struct view *r, const struct operation *op)
{
	struct strbuf line = { 0 };
	char when[64];
	size_t i;

	strbuf_add(&line, "%s: ", words_time(r->trace, op->first_ns, when, sizeof(when)));
	say_victim(r, op, &line);
	strbuf_add(&line, ": ");
	for (i = 0; i < op->nr_by && i < BLOCKERS_SHOWN; i++)
		say_blocker(r, &op->by[i], !i, &line);
	if (op->nr_by > BLOCKERS_SHOWN)
		strbuf_add(&line, "; and %zu holders more", op->nr_by - BLOCKERS_SHOWN);
	if (!op->nr_by)
		say_verdict(r, op, &line);
	say_others(op, &line);
	wrap_put(r->out, r->width, 0, line.text);
	line.len = 0;
	strbuf_add(&line, "Next: ");
	advice_on(r, op, &line);
	strbuf_add(&line, ".");
	wrap_put(r->out, r->width, 2, line.text);
	free(line.text);
}

void text_answers(const struct view *r, const struct operations *operations)
{
	size_t i, harmless = 0, shown = 0;

	for (i = 0; i < operations->nr; i++) {
		const struct operation *op = &operations->list[i];

		if (operation_harmless(op->verdict) && !r->verbose && r->entries &&
		    harmless++ == HARMLESS_SHOWN)
			break;
		if (r->entries && shown++ == r->entries)
			break;
		put_answer(r, op);
	}
	if (i < operations->nr)
		fprintf(r->out, "... and %zu more operations that failed (-E 0 shows all)\n",
			operations->nr - i);
	if (!operations->nr)
		fputs(r->filter ? "No failure is left by the filters.\n" : "Nothing failed.\n",
		      r->out);
	fputc('\n', r->out);
}
