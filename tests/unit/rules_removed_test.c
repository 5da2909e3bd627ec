// SPDX-License-Identifier: GPL-2.0
/*
 * The table of rules describes; the counts decide.  Stories of the simulator
 * (sim.h), judged with the whole table and without all families of holders and
 * half of the wrappers: verdicts, tasks and amounts stay.  Without what the
 * table knows of memory management as well, nobody innocent is named.
 *
 *	RULES_SEEDS=n	stories
 *	RULES_VERBOSE=1	a line for each that changed
 */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/task.h"

#if defined(__SANITIZE_ADDRESS__)
#define SEEDS 600
#else
#define SEEDS 6000
#endif

struct removal {
	uint64_t seed;
	bool holders;
	bool wrappers;	/* half of them, by seed */
	bool noise;
};

static bool stays(void *ctx, const struct rule *rule, const char *pattern)
{
	const struct removal *removal = ctx;
	uint64_t h = removal->seed * 0x9e3779b97f4a7c15ull;

	switch (rule->role) {
	case ROLE_OWN:
		return true;
	case ROLE_HOLDER:
	case ROLE_KEPT:
		return !removal->holders;
	case ROLE_HELPER:
		while (*pattern)
			h = (h ^ (unsigned char)*pattern++) * 0x100000001b3ull;
		return !removal->wrappers || (h ^ (h >> 31)) & 1;
	default:
		return !removal->noise;
	}
}

/* Whom a report names for certain, and for how much: tasks, not functions. */
static void summarize(const struct sim *s, char *out, size_t size)
{
	const struct findings *f = &s->scene.findings;
	size_t i, k, at = 0;

	out[0] = '\0';
	for (i = 0; i < f->nr_failures; i++) {
		const struct failure *failure = f->failures[i];
		uint32_t refs[SIM_NR_PEOPLE * 2] = { 0 };

		at += snprintf(out + at, size - at, "%u %u %s:", failure->id, failure->reason,
			       verdict_name(failure->verdict));
		for (k = 0; k < failure->nr_claims; k++) {
			const struct claim *c = &failure->claims[k];

			if (c->confidence > 0.8999f && c->task < SIM_NR_PEOPLE)
				refs[c->atomic ? SIM_NR_PEOPLE : c->task] += c->refs;
		}
		for (k = 0; k < SIM_NR_PEOPLE * 2; k++)
			if (refs[k])
				at += snprintf(out + at, size - at, " %s %u",
					       k < SIM_NR_PEOPLE ?
					       tasks_get(s->scene.trace.tasks, k)->comm : "irq",
					       refs[k]);
		at += snprintf(out + at, size - at, "; ");
	}
}

static struct sim sim;
static struct sim_telling told;

static void judge_without(const struct removal *removal, struct sim_score *score,
			  char *out, size_t size)
{
	struct sim_set named;

	classifier_free(sim.scene.cl);
	sim.scene.cl = classifier_new(&sim.scene.trace);
	classifier_filter(sim.scene.cl, stays, (void *)removal);
	sim_judge(&sim, &told, score, &named, getenv("RULES_VERBOSE"));
	summarize(&sim, out, size);
}

/* What happens on any machine: no loss, no missing fields, names that exist. */
static uint32_t ordinary(uint64_t seed)
{
	static const enum sim_element some[] = {
		SIM_MAP_AROUND, SIM_LATE_PUT, SIM_OLD_RISES, SIM_BIG_PUT, SIM_IRQ,
		SIM_HAND_OVER, SIM_ATTEMPTS, SIM_VICTIMS, SIM_CROWD, SIM_PAST,
	};
	uint64_t h = seed * 0x9e3779b97f4a7c15ull;

	h ^= h >> 32;
	return 1u << SIM_WRAPPERS | 1u << some[h % 10] | 1u << some[(h >> 8) % 10];
}

static unsigned long seeds(void)
{
	return getenv("RULES_SEEDS") ? strtoul(getenv("RULES_SEEDS"), NULL, 0) : SEEDS;
}

static void names_do_not_decide(void **state)
{
	static const struct removal nothing;
	struct sim_score all = { 0 }, without = { 0 };
	unsigned long seed, stories = 0, same = 0;
	char a[2000], b[2000];

	for (seed = 1; seed <= seeds(); seed++) {
		struct removal removal = { .seed = seed, .holders = true, .wrappers = true };

		sim_story(&sim, seed, ordinary(seed), 0);
		sim_tell(&sim, seed % 2, &told);
		judge_without(&nothing, &all, a, sizeof(a));
		judge_without(&removal, &without, b, sizeof(b));
		stories += a[0] != '\0';
		same += a[0] && !strcmp(a, b);
		if (getenv("RULES_VERBOSE") && strcmp(a, b))
			printf("# seed %lu%s: %s\n#\tbecomes %s\n", seed,
			       seed % 2 ? " watched" : "", a, b);
		sim_end(&sim);
	}
	printf("# without holders' rules and half of the wrappers: %lu of %lu stories (%.1f %%) "
	       "have the same verdicts, tasks and amounts; %u wrong before, %u after\n", same,
	       stories, 100.0 * same / stories, all.wrong, without.wrong);
#if __has_include("judge/account.h")
	assert_true(same * 100 >= stories * 95);
	assert_int_equal(without.wrong, 0);
#endif
}

static void nobody_innocent_is_named_without_any_name(void **state)
{
	struct sim_score score = { 0 };
	unsigned long seed;
	char text[2000];

	for (seed = 1; seed <= seeds(); seed++) {
		struct removal removal = {
			.seed = seed, .holders = true, .wrappers = true, .noise = true,
		};

		sim_story(&sim, seed, ordinary(seed), 0);
		sim_tell(&sim, seed % 2, &told);
		judge_without(&removal, &score, text, sizeof(text));
		sim_end(&sim);
	}
	printf("# without the noise families as well: %u failures, %u wrong; of %u decidable "
	       "%u named (%u %%)\n", score.failures, score.wrong, score.decidable, score.named,
	       100 * score.named / score.decidable);
#if __has_include("judge/account.h")
	assert_int_equal(score.wrong, 0);
#endif
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_do_not_decide),
		cmocka_unit_test(nobody_innocent_is_named_without_any_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
