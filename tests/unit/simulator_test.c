// SPDX-License-Identifier: GPL-2.0
/*
 * Random lives of a page of which the truth is known: owners take and drop
 * references, batches fill and drain, faults map and zap, migration isolates,
 * bystanders look; it fails at some moment.  Nobody may be named who did not
 * hold the page then; where one function held it and nothing was lost, it must
 * be named.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/event.h"
#include "scene.h"

#define SEEDS 6000
#define MAX_REFS 16

/* Ways to hold a page, by the class that the tool should name. */
static const struct way {
	const char *class, *get, *put;
	int32_t units;
} ways[] = {
	{ "pipe", VMSPLICE_GET, VMSPLICE_PUT, 1 },
	{ "rdma", UMEM_GET, UMEM_PUT, 1024 },
	{ "skb", "folio_get skb_splice_from_iter tcp_sendmsg_locked",
	  "folio_put skb_release_data consume_skb", 1 },
	{ "io_uring", "pin_user_pages_fast io_sqe_buffer_register",
	  "unpin_user_page io_buffer_unmap", 1024 },
	{ "bio", "iov_iter_extract_pages bio_iov_iter_get_pages",
	  "unpin_user_folio bio_release_pages", 1024 },
};
#define NR_WAYS (sizeof(ways) / sizeof(ways[0]))

/* The kernel's own references: never to be named, but for a batch. */
static const struct noise_way {
	const char *get, *put;
	int32_t max;
} noises[] = {
	{ LRU_GET, LRU_PUT, 2 },
	{ FAULT_GET, ZAP_PUT, 1 },
	{ ISOLATE_GET, PUTBACK_PUT, 1 },
	{ "folio_try_get filemap_get_entry", "folio_put filemap_read", 1 },
	{ "folio_try_get isolate_lru_folios", "folio_put shrink_folio_list", 1 },
};
#define NR_NOISES (sizeof(noises) / sizeof(noises[0]))

struct ref {
	const struct way *way;
	int pid;
	bool own;
};

struct sim {
	struct scene s;
	uint64_t state;
	struct ref refs[MAX_REFS];
	size_t nr;
	struct pin_event queue[256];
	size_t nr_queue;
	unsigned int used;	/* ways that may take part */
	bool other_task;	/* drops are made by whoever */
	bool silent;		/* one op was lost that no record tells of */
	bool reorder, lose, lost;
	bool untold;		/* losses may go unreported */
};

struct score {
	unsigned int right, wrong, unresolved, other, decidable, decided;
};

static unsigned int pick(struct sim *sim, unsigned int n)
{
	sim->state ^= sim->state << 13;
	sim->state ^= sim->state >> 7;
	sim->state ^= sim->state << 17;
	return (sim->state >> 11) % n;
}

static void emit(struct sim *sim, struct pin_event ev)
{
	if (sim->nr_queue < 256)
		sim->queue[sim->nr_queue++] = ev;
}

static void take(struct sim *sim, const struct way *way, int pid)
{
	if (sim->nr == MAX_REFS)
		return;
	sim->refs[sim->nr++] = (struct ref){ .way = way, .pid = pid };
	if (way->units == 1024 && pick(sim, 2)) {
		emit(sim, scene_op(&sim->s, pid, 1, way->get));
		emit(sim, scene_op(&sim->s, pid, 1023, way->get));
	} else {
		emit(sim, scene_op(&sim->s, pid, way->units, way->get));
	}
}

static void drop(struct sim *sim, size_t i)
{
	struct ref ref = sim->refs[i];
	int pid = sim->other_task && pick(sim, 2) ? KWORKER : ref.pid;

	sim->refs[i] = sim->refs[--sim->nr];
	emit(sim, scene_op(&sim->s, pid, -ref.way->units, ref.way->put));
}

static void make_noise(struct sim *sim)
{
	const struct noise_way *way = &noises[pick(sim, NR_NOISES)];
	int pid = pick(sim, 2) ? BYSTANDER : VICTIM;
	int32_t nr = 1 + pick(sim, way->max), i;

	for (i = 0; i < nr; i++)
		emit(sim, scene_op(&sim->s, pid, 1, way->get));
	emit(sim, scene_op(&sim->s, pid, -nr, way->put));
}

static void live(struct sim *sim, unsigned int steps)
{
	while (steps--) {
		switch (pick(sim, 4)) {
		case 0:
			do {
				const struct way *way = &ways[pick(sim, NR_WAYS)];

				if (!(sim->used & (1u << (way - ways))))
					continue;
				take(sim, way, HOLDER + pick(sim, 2));
			} while (0);
			break;
		case 1:
			if (sim->nr)
				drop(sim, pick(sim, sim->nr));
			break;
		default:
			make_noise(sim);
		}
	}
}

/* Neighbours change places, as if two CPUs had written them; some get lost. */
static void deliver(struct sim *sim)
{
	size_t i;

	for (i = 0; sim->reorder && i + 1 < sim->nr_queue; i++) {
		struct pin_event ev = sim->queue[i];

		if (pick(sim, 8) || sim->queue[i + 1].task == ev.task)
			continue;
		sim->queue[i] = sim->queue[i + 1];
		sim->queue[++i] = ev;
	}
	for (i = 0; i < sim->nr_queue; i++) {
		if (sim->lose && !pick(sim, 12)) {
			sim->lost = true;
			/* Of two in a row that cancel out there would be no trace. */
			if (sim->untold && !sim->silent && pick(sim, 2))
				sim->silent = true;
			else
				scene_lose(&sim->s, sim->queue[i].ts);
			continue;
		}
		scene_feed(&sim->s, sim->queue[i]);
	}
	sim->nr_queue = 0;
}

static bool was_held_by(const struct ref *held, size_t nr, const char *class, int pid)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (!strcmp(held[i].way->class, class) && (pid < 0 || held[i].pid == pid))
			return true;
	return false;
}

/* Is all that was named true?  The task counts where the get is on record. */
static bool names_truth(struct sim *sim, const struct failure *failure,
			const struct ref *held, size_t nr)
{
	size_t i;

	for (i = 0; i < failure->nr_claims; i++) {
		const struct holder *h = scene_holder(&sim->s, failure, i);
		bool proof = h->acquired && failure->claims[i].known;

		if (!was_held_by(held, nr, h->class,
				 proof ? scene_pid(&sim->s, failure, i) : -1))
			return false;
	}
	return true;
}

static void judge(struct sim *sim, const struct ref *held, size_t nr, bool decidable,
		  uint64_t seed, struct score *score)
{
	const struct failure *failure = scene_judge(&sim->s);
	bool named = failure->nr_claims > 0;

	score->decidable += decidable;
	if (named && names_truth(sim, failure, held, nr)) {
		score->right++;
		score->decided += decidable;
	} else if (named) {
		if (!score->wrong++ || getenv("SIMULATOR_VERBOSE"))
			printf("# seed %llu: wrong: %s (%s), %zu held, reordered %d\n",
			       (unsigned long long)seed, verdict_name(failure->verdict),
			       failure->why, nr, sim->reorder);
	} else if (failure->verdict == VERDICT_UNRESOLVED ||
		   failure->verdict == VERDICT_UNSAFE) {
		score->unresolved++;
	} else {
		score->other++;
	}
	if (decidable && !named && getenv("SIMULATOR_VERBOSE"))
		printf("# seed %llu: %s, not named: %s\n", (unsigned long long)seed,
		       verdict_name(failure->verdict), failure->why);
}

enum loss { LOSE_NOTHING, LOSE_TOLD, LOSE_UNTOLD };

static void run_seed(uint64_t seed, enum loss loss, struct score *score)
{
	static const uint64_t spread = 0x9e3779b97f4a7c15ull;
	struct sim sim = { .state = (seed + 1) * spread, .lose = loss != LOSE_NOTHING,
			   .untold = loss == LOSE_UNTOLD };
	struct ref held[MAX_REFS];
	int32_t unexpected = 0;
	bool single, watched;
	size_t nr, i;

	single = pick(&sim, 2);
	watched = pick(&sim, 2);
	sim.used = single ? 1u << pick(&sim, NR_WAYS) : 1 + pick(&sim, (1u << NR_WAYS) - 1);
	sim.other_task = pick(&sim, 2);
	sim.reorder = pick(&sim, 2);
	scene_open(&sim.s, 2);
	sim.s.tells = true;
	/* marks of other pages ended on record: so would this one's */
	sim.s.findings.ends = 1;
	sim.s.id = 0;
	live(&sim, pick(&sim, 6));
	while (!sim.nr)
		live(&sim, 1);
	if (watched)
		deliver(&sim);
	sim.nr_queue = 0;
	sim.s.id = 1;
	for (i = 0; i < sim.nr; i++)
		unexpected += sim.refs[i].way->units;
	nr = sim.nr;
	memcpy(held, sim.refs, sizeof(held));
	scene_feed(&sim.s, scene_fail(&sim.s, unexpected));
	live(&sim, pick(&sim, 12));
	while (sim.nr && pick(&sim, 16))
		drop(&sim, sim.nr - 1);
	deliver(&sim);
	if (!sim.nr)
		scene_end(&sim.s, WHY_SETTLED, 0);
	judge(&sim, held, nr, single && !sim.nr && !sim.lost && !sim.reorder, seed, score);
	scene_close(&sim.s);
}

static void run_all(enum loss loss, struct score *score)
{
	static const char *const names[] = { "nothing lost", "losses reported",
					     "losses partly unreported" };
	uint64_t seed;

	memset(score, 0, sizeof(*score));
	for (seed = 0; seed < SEEDS; seed++)
		run_seed(seed, loss, score);
	printf("# simulator, %s: %u seeds: %u named right, %u named wrong, %u unresolved or "
	       "unsafe, %u other; decidable: %u of %u named right\n",
	       names[loss], SEEDS, score->right, score->wrong,
	       score->unresolved, score->other, score->decided, score->decidable);
}

static void nobody_is_named_wrongly(void **state)
{
	struct score score;

	run_all(LOSE_NOTHING, &score);
	assert_int_equal(score.wrong, 0);
	assert_true(score.decidable > SEEDS / 8);
	assert_int_equal(score.decided, score.decidable);
}

static void nobody_is_named_wrongly_when_events_are_lost(void **state)
{
	struct score score;

	run_all(LOSE_TOLD, &score);
	assert_int_equal(score.wrong, 0);
	assert_true(score.unresolved > 0);
}

/*
 * No tracer loses events without a record of it; if one did, the chain of
 * counts shows most holes, and what the unmark says of events written all.
 * Where the recording ends before the mark does, only the chain is there.
 */
static void unreported_losses_show_in_the_counts(void **state)
{
	struct score score;

	run_all(LOSE_UNTOLD, &score);
	assert_int_equal(score.wrong, 0);
	assert_true(score.unresolved > 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_named_wrongly),
		cmocka_unit_test(nobody_is_named_wrongly_when_events_are_lost),
		cmocka_unit_test(unreported_losses_show_in_the_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
