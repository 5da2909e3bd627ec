// SPDX-License-Identifier: GPL-2.0
/*
 * Stories of known truth as text, in every form, whole and damaged: a whole one
 * names every holder; a damaged one never a wrong one, and each loss is told.
 *
 * STORIES=n tries n damaged texts (100000 in the long run).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "judge/classify.h"
#include "judge/findings.h"
#include "judge/ledger.h"
#include "read/reader.h"
#include "show/rank.h"
#include "text_story.h"
#include "trace/task.h"
#include "trace/trace.h"

#define STORIES 4000

struct run {
	struct trace trace;
	struct classifier *cl;
	struct findings f;
	int ret;
};

static void run_story(struct run *run, struct story *story)
{
	FILE *in = fmemopen(story->text, story->size, "r");
	struct ledger *ledger;

	memset(run, 0, sizeof(*run));
	trace_init(&run->trace, "story");
	run->cl = classifier_new(&run->trace);
	ledger = ledger_new(&run->trace, run->cl, &run->f);
	run->ret = reader_text(&run->trace, in, ledger_feed, ledger);
	ledger_finish(ledger);
	ledger_free(ledger);
	rank_findings(&run->f, &run->trace, NULL);
	fclose(in);
}

static void end_run(struct run *run, struct story *story)
{
	findings_free(&run->f);
	classifier_free(run->cl);
	trace_fini(&run->trace);
	free(story->text);
}

static const struct story_truth *truth_of(const struct story *story, uint64_t pfn)
{
	for (size_t i = 0; i < STORY_PAGES; i++)
		if (story->truth[i].pfn == pfn)
			return &story->truth[i];
	return NULL;
}

/* Latency formats cut names to eight characters; perf has blanks around them. */
static bool same_comm(const char *comm, const char *truth)
{
	return !strcmp(comm, truth) || (strlen(comm) == 8 && !strncmp(comm, truth, 8));
}

/* Returns what a failure says that is not so, NULL if nothing is. */
static const char *wrong_name(const struct run *run, const struct story *story,
			      const struct failure *failure)
{
	const struct story_truth *truth = truth_of(story, failure->pfn);

	if (failure->verdict == VERDICT_UNSAFE)
		return NULL;
	if (!truth)
		return "a page that is not in the story";
	for (size_t i = 0; i < failure->nr_claims; i++) {
		const struct claim *claim = &failure->claims[i];
		const struct holder *h = run->f.holders[claim->holder];
		const struct task *task = tasks_get(run->trace.tasks, claim->task);
		const char *function = h->acquired ? h->acquire.function : h->release.function;

		if (claim->confidence < 0.5)
			continue;
		if (task->pid != truth->pid)
			return "a task that does not hold it";
		if (!same_comm(task->comm, truth->comm))
			return "a task by a wrong name";
		if (function && strcmp(function, truth->function))
			return "a function that is not on record";
	}
	return NULL;
}

static void whole_texts_name_every_holder(void **state)
{
	struct story story;
	struct run run;

	for (unsigned int form = 0; form < story_forms(); form++) {
		for (uint64_t seed = 1; seed <= 20; seed++) {
			story_write(&story, seed, form, STORY_WHOLE);
			run_story(&run, &story);
			if (run.ret || run.f.nr_failures != STORY_PAGES || run.trace.lost ||
			    run.trace.events != story.events)
				fail_msg("%s, seed %d: %zu failures, %d of %d events, %d lost\n%.1500s",
					 story_form_name(form), (int)seed, run.f.nr_failures,
					 (int)run.trace.events, (int)story.events,
					 (int)run.trace.lost, story.text);
			for (size_t i = 0; i < run.f.nr_failures; i++) {
				const struct failure *failure = run.f.failures[i];
				const char *wrong = wrong_name(&run, &story, failure);

				if (wrong || failure->verdict != VERDICT_NAMED)
					fail_msg("%s, seed %d, pfn %x: %s, %s\n%.1500s",
						 story_form_name(form), (int)seed,
						 (int)failure->pfn, verdict_name(failure->verdict),
						 wrong ? wrong : "right", story.text);
			}
			end_run(&run, &story);
		}
	}
}

/* The reader's messages are many; standard error is shut. */
#define complain(...) do {		\
	printf("# " __VA_ARGS__);	\
	printf("\n");			\
	fail();				\
} while (0)

static void quiet(void)
{
	fflush(stderr);
	if (!freopen("/dev/null", "w", stderr))
		fail();
}

/* The text, on the way to which a failure can be looked into. */
static void show(const struct story *story)
{
	const char *file = getenv("STORY_FILE");
	FILE *out = file ? fopen(file, "w") : NULL;

	if (!out)
		return;
	fwrite(story->text, 1, story->size, out);
	fclose(out);
}

static void damaged_texts_name_nobody_wrongly(void **state)
{
	const char *wish = getenv("STORIES");
	uint64_t stories = wish ? strtoull(wish, NULL, 10) : STORIES, refused = 0, named = 0;
	uint64_t failures = 0, damaged = 0;

	quiet();
	for (uint64_t seed = 1; seed <= stories; seed++) {
		unsigned int form = seed % story_forms();
		struct story story;
		struct run run;

		story_write(&story, seed, form, STORY_DAMAGED);
		run_story(&run, &story);
		damaged += story.damaged > 0;
		refused += run.ret != 0;
		for (size_t i = 0; !run.ret && i < run.f.nr_failures; i++) {
			const char *wrong = wrong_name(&run, &story, run.f.failures[i]);

			failures++;
			named += run.f.failures[i]->verdict == VERDICT_NAMED;
			if (wrong) {
				show(&story);
				complain("%s, seed %d, pfn %x: %s", story_form_name(form),
					 (int)seed, (int)run.f.failures[i]->pfn, wrong);
			}
		}
		if (!run.ret && run.trace.events < story.events && !run.trace.lost) {
			show(&story);
			complain("%s, seed %d: %d of %d events and no loss told",
				 story_form_name(form), (int)seed, (int)run.trace.events,
				 (int)story.events);
		}
		end_run(&run, &story);
	}
	printf("# %d texts, %d damaged, %d refused: %d of %d failures named, none wrongly\n",
	       (int)stories, (int)damaged, (int)refused, (int)named, (int)failures);
}

static void wrapped_texts_are_joined_or_refused(void **state)
{
	uint64_t joined = 0, all = 0;

	quiet();
	for (unsigned int form = 0; form < story_forms(); form++) {
		for (uint64_t seed = 1; seed <= 50; seed++, all++) {
			struct story story;
			struct run run;
			size_t named = 0;

			story_write(&story, seed, form, STORY_WRAPPED);
			run_story(&run, &story);
			for (size_t i = 0; !run.ret && i < run.f.nr_failures; i++) {
				const char *wrong = wrong_name(&run, &story, run.f.failures[i]);

				named += run.f.failures[i]->verdict == VERDICT_NAMED;
				if (wrong) {
					show(&story);
					complain("%s, seed %d, pfn %x: %s", story_form_name(form),
						 (int)seed, (int)run.f.failures[i]->pfn, wrong);
				}
			}
			if (!run.ret && named < STORY_PAGES && !run.trace.lost) {
				show(&story);
				complain("%s, seed %d: %d of %d named and no loss told",
					 story_form_name(form), (int)seed, (int)named, STORY_PAGES);
			}
			joined += named == STORY_PAGES;
			end_run(&run, &story);
		}
	}
	printf("# %d of %d wrapped texts told the whole story\n", (int)joined, (int)all);
	/* the longest columns alone are wrapped within, and names with blanks */
	if (joined * 4 < all * 3)
		complain("too few");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_texts_name_every_holder),
		cmocka_unit_test(damaged_texts_name_nobody_wrongly),
		cmocka_unit_test(wrapped_texts_are_joined_or_refused),
	};

	return cmocka_run_group_tests_name("text_story", tests, NULL, NULL);
}
