// SPDX-License-Identifier: GPL-2.0
/*
 * How stories are told and judged; see told.h.
 */
#include "told.h"

#include <stdio.h>
#include <string.h>

static const char *spelled(const struct page *p, const char *names, char *text, size_t room)
{
	size_t used = 0;
	const char *end;

	if (p->inlined && strchr(names, ' '))
		names = strchr(names, ' ') + 1;
	if (!p->suffixed)
		return names;
	for (; *names; names = *end ? end + 1 : end) {
		end = names + strcspn(names, " ");
		used += snprintf(text + used, room - used, "%.*s%s ",
				 (int)strcspn(names, " @"), names,
				 strcspn(names, " @") < (size_t)(end - names) ? "" :
				 ".llvm.4711");
		if (strcspn(names, " @") < (size_t)(end - names))
			used += snprintf(text + used - 1, room - used, "%.*s ",
					 (int)(end - names - strcspn(names, " @")),
					 names + strcspn(names, " @")) - 1;
	}
	return text;
}

static void sample(struct page *p)
{
	p->s.expected = p->maps + p->cache;
}

void told_ref(struct page *p, int pid, int32_t delta, const char *names)
{
	char text[512];

	sample(p);
	if (p->s.id || p->watched)
		scene_ref(&p->s, pid, delta, spelled(p, names, text, sizeof(text)));
	else
		p->s.count += delta;
}

/* In an interrupt on top of a task. */
void told_softirq(struct page *p, int pid, int32_t delta, const char *names)
{
	p->s.ctx = CTX_SOFTIRQ;
	told_ref(p, pid, delta, names);
	p->s.ctx = CTX_TASK;
}

void told_wait(struct page *p, unsigned int ms)
{
	p->s.ts += ms * 1000000ull;
}

void told_fails(struct page *p, int32_t own, const char *names)
{
	char text[512];
	struct pin_event ev;

	p->s.id = 1;
	p->s.own = own;
	sample(p);
	ev = scene_fail(&p->s, p->plain ? p->s.count - p->maps - p->cache - own : 0);
	ev.marked = p->again ? MARKED_AGAIN : MARKED_NEW;
	ev.stack = scene_stack(&p->s, spelled(p, names, text, sizeof(text)));
	p->again = true;
	scene_feed(&p->s, ev);
}

/* The victim isolates, unmaps, maps again and fails so many times, and puts back. */
void told_call(struct page *p, int tries)
{
	int32_t maps = p->maps;

	told_ref(p, VICTIM, 1, ISOLATE);
	while (tries--) {
		while (p->maps) {
			p->maps--;
			told_ref(p, VICTIM, -1, UNMAP);
		}
		while (p->maps < maps) {
			told_ref(p, VICTIM, 1, REMAP);
			p->maps++;
		}
		told_fails(p, 1, "migrate_pages __alloc_contig_migrate_range" CMA);
	}
	told_ref(p, VICTIM, -1, PUTBACK);
	told_wait(p, 20);
}

void told_attempts(struct page *p, int nr)
{
	while (nr--)
		told_call(p, 1);
}

/* With nothing in the way any more. */
void told_migrates(struct page *p)
{
	told_wait(p, 3);
	told_ref(p, VICTIM, 1, ISOLATE);
	while (p->maps) {
		p->maps--;
		told_ref(p, VICTIM, -1, UNMAP);
	}
	if (p->cache) {
		int32_t all = p->s.count, left = all - p->cache;

		told_ref(p, VICTIM, -all, "folio_migrate_mapping __migrate_folio" MIGRATE);
		p->cache = 0;
		told_ref(p, VICTIM, left, "folio_migrate_mapping __migrate_folio" MIGRATE);
	}
	told_ref(p, VICTIM, -p->s.count, "migrate_folio_done" MIGRATE);
	scene_end(&p->s, WHY_FREED, 0);
}

/* Folios as a driver, a file system and a process have them. */
void told_anonymous(struct page *p)
{
	p->maps = p->s.count = 1;
}

void told_cached(struct page *p)
{
	p->cache = p->s.count = 1;
}

/* Is a claim about one that was in the way?  In these stories others are too. */
static bool is_true(const struct story *story, struct page *p, const struct failure *failure,
		    size_t i)
{
	int pid = scene_pid(&p->s, failure, i);

	/* the first of two, or what gave back what another took */
	return !failure->claims[i].known || pid == story->culprit || pid == SECOND ||
	       pid == OTHERS || (pid == KWORKER && !scene_holder(&p->s, failure, i)->acquired);
}

static bool is_culprit(const struct story *story, struct page *p, const struct failure *failure,
		       size_t i)
{
	const struct holder *holder = scene_holder(&p->s, failure, i);

	if (story->function)
		return holder->release.function &&
		       strstr(holder->release.function, story->function);
	return scene_pid(&p->s, failure, i) == story->culprit;
}

static int judge(const struct story *story, struct page *p, const char *how)
{
	const struct failure *failure = scene_judge(&p->s);
	bool named = !story->culprit && !story->function, second = !story->second;
	int faults = 0;
	size_t i;

	for (i = 0; i < failure->nr_claims; i++) {
		const struct claim *claim = &failure->claims[i];

		if (claim->confidence > (story->unsure ? 0.89 : 0.5) && !is_true(story, p, failure, i)) {
			print_error("%s, %s: %d is blamed (%.2f)\n", story->name, how,
				    scene_pid(&p->s, failure, i), claim->confidence);
			faults++;
		}
		named |= claim->confidence > 0.5 && is_culprit(story, p, failure, i);
		second |= claim->confidence > 0.5 &&
			scene_pid(&p->s, failure, i) == story->second;
		if (story->attempts && claim->attempts > story->attempts) {
			print_error("%s, %s: %d blocked %llu attempts\n", story->name, how,
				    scene_pid(&p->s, failure, i),
				    (unsigned long long)claim->attempts);
			faults++;
		}
	}
	if (p->inlined || p->plain)
		return faults;
	if (failure->verdict != story->verdict) {
		print_error("%s, %s: verdict %d, not %d: %s\n", story->name, how,
			    failure->verdict, story->verdict, failure->why);
		faults++;
	}
	if (!named || !second) {
		print_error("%s, %s: the culprit is not named\n", story->name, how);
		faults++;
	}
	return faults;
}

static int told_so(const struct story *story, struct page p, const char *how)
{
	int faults;

	scene_open(&p.s, 0);
	p.s.id = 0;
	if (!p.plain)
		scene_valued(&p.s, 0, 0);
	story->tell(&p);
	faults = judge(story, &p, how);
	scene_close(&p.s);
	return faults;
}

static int faults_of(const struct story *stories, size_t nr)
{
	int faults = 0;
	size_t i;

	for (i = 0; i < nr; i++) {
		faults += told_so(&stories[i], (struct page){ 0 }, "as it is");
		faults += told_so(&stories[i], (struct page){ .inlined = true }, "inlined");
		faults += told_so(&stories[i], (struct page){ .suffixed = true }, "suffixed");
		faults += told_so(&stories[i], (struct page){ .plain = true }, "plain");
	}
	return faults;
}

struct stories {
	const struct story *list;
	size_t nr;
};

static void stories_have_their_truth(void **state)
{
	const struct stories *stories = *state;

	assert_int_equal(faults_of(stories->list, stories->nr), 0);
}

int told_main(const struct story *stories, size_t nr)
{
	struct stories all = { .list = stories, .nr = nr };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(stories_have_their_truth, &all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
