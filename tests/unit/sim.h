/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hostile simulator: one folio of Linux 6.12 from the kernel's side.  It
 * keeps each reference apart (who took it, who will drop it, what it has
 * become), so the truth about every failure is known, and writes the events
 * that the kernel would have written.  Nothing here looks into the tool.
 *
 *	sim_folio	counts, and whose references		what happens
 *	sim_mark	the mark, failures, events
 *	sim_paths	which of the following come		beside the release
 *	sim_map		faults, zaps, forks, replacements
 *	sim_cache	page cache, swap cache, private, splits
 *	sim_brief	lookups, batches, other migrators
 *	sim_holders	who keeps references too long		to be named
 *	sim_victims	who fails to migrate, and retries	the failures
 *	sim_names	stacks, by compiler and table		how it is told
 *	sim_story	a seed's kernel, folio and people	the timeline
 *	sim_tell	clocks, loss, missing fields		the recording
 *	sim_truth	is what the tool says true?		the score
 */
#ifndef TEST_SIM_H
#define TEST_SIM_H

#include "scene.h"

#define SIM_MAX_REFS	1024
#define SIM_MAX_RECS	1536
#define SIM_MAX_ACTORS	28
#define SIM_MAX_ATTEMPTS 24
#define SIM_MAX_MARKS	8
#define SIM_ACTOR_REFS	6

/* Kinds of hostility; each can be switched on by itself. */
#define SIM_ELEMENTS(E)							\
	E(MAP_AROUND,	"mapped before the get")			\
	E(LATE_PUT,	"unmapped long before the put")			\
	E(NO_PUT,	"a fall with no put")				\
	E(OLD_RISES,	"a rise that uses up an old reference")		\
	E(BIG_PUT,	"unequal sizes")				\
	E(PAST,		"told from the past")				\
	E(BUDGET,	"suppressed by a budget")			\
	E(IRQ,		"interrupts on top of others")			\
	E(HAND_OVER,	"put by other owners")				\
	E(ATTEMPTS,	"several attempts")				\
	E(VICTIMS,	"several victims")				\
	E(UNKNOWN,	"functions that no rule knows")			\
	E(WRAPPERS,	"wrappers out of line")				\
	E(SKEW,		"skewed clocks")				\
	E(REUSE,	"reused pids and PFNs")				\
	E(FIELDS,	"missing fields")				\
	E(STACKS,	"missing stacks")				\
	E(SYMBOLS,	"missing symbols")				\
	E(SPLIT,	"splits")					\
	E(LOSS_TOLD,	"told loss")					\
	E(LOSS_UNTOLD,	"untold loss")					\
	E(STALE,	"counts read beside the operation")		\
	E(CROWD,	"many bystanders")				\
	E(LONG,		"so long that it must be forgotten")		\
	E(EVENTS,	"events that nobody enabled")			\
	E(COARSE,	"a clock that ticks seldom")

enum sim_element {
#define SIM_ENUM(name, text) SIM_##name,
	SIM_ELEMENTS(SIM_ENUM)
#undef SIM_ENUM
	SIM_NR_ELEMENTS
};

/* Who does it: a task, or an interrupt on top of one. */
struct sim_who {
	uint8_t task;		/* index in sim.tasks */
	uint8_t ctx;		/* enum pin_ctx */
};

enum sim_person {
	CMA_TAKE, MOVE_PAGES, ALICE, BOB, CAROL, DAVE, ERIN, FRANK, GRACE,
	SIM_KWORKER, KSOFTIRQD, SWAPPER, KCOMPACTD, KSWAPD,
	SIM_NR_PEOPLE
};

/**
 * struct sim_rec - one event of the kernel, in the order in which it happened
 * @ev: as the tool reads it; id 0: only a watched folio has it
 * @who: by whom
 * @actor: index of who did it
 * @suppressed: the budget left it out
 * @skipped: and it says so: it cancels out with the one beside it
 * @settles: the mark ended with it
 */
struct sim_rec {
	struct pin_event ev;
	struct sim_who who;
	int actor;
	bool suppressed;
	bool skipped;
	bool settles;
};

/**
 * struct sim_ref - references that share one fate
 * @units: how many
 * @actor: whose
 * @get: record of the operation that took them, -1 before the story or fallen
 * @put: record of the one that dropped them, -1 if none did
 * @born: records there were when they came into being
 * @pin: a FOLL_PIN of a small folio
 * @own: of the code that is about to fail: expected
 * @live: neither dropped nor become expected
 * @fallen: was a mapping or a cache's reference before
 * @blind: mapped or unmapped while another did the opposite, with no event in
 *	between: no recording shows it
 * @blocked: attempts at which they were unexpected, a bit each
 * @noted: actors whose latest try they refused, a bit each
 */
struct sim_ref {
	int32_t units;
	int actor;
	int get;
	int put;
	int born;
	bool pin;
	bool own;
	bool live;
	bool fallen;
	bool blind;
	uint32_t blocked;
	uint32_t noted;
};

/**
 * struct sim_attempt - one failure
 * @rec: its event, -1 if the kernel only counted it
 * @mark: its mark, index
 * @reason: of the failure
 * @unexpected: references too many, by the truth
 * @owed: mappings whose get had not come yet: the counts show fewer
 */
struct sim_attempt {
	int rec;
	int mark;
	uint8_t reason;
	int32_t unexpected;
	int32_t owed;
};

struct sim;
struct sim_actor;

/**
 * typedef sim_path - what an actor does: one step a call
 * Return: false when it is done.
 */
typedef bool (*sim_path)(struct sim *s, struct sim_actor *a);

/**
 * struct sim_actor - somebody on some path through the kernel
 * @path: its steps
 * @way: what kind of holder, or NULL
 * @who: the task that it runs in
 * @pc: the next step
 * @wait: steps to sleep
 * @i: counts
 * @n: how many
 * @ref: its references, indices
 * @nr: how many of them
 * @flag: whatever the path needs
 * @past: refcount and what was expected, at an earlier try
 * @reason: of the failures
 * @by: who drops it
 * @exited: the task has exited, others do the rest
 * @call: all of it is one call: its task does nothing else meanwhile
 * @in_call: likewise, just now
 * @holder: somebody to be named
 * @unknown: no rule knows how it drops its references
 * @pins: by FOLL_PIN
 * @done: no more steps
 */
struct sim_actor {
	sim_path path;
	const struct sim_way *way;
	struct sim_who who;
	int pc, wait, i, n;
	int ref[SIM_ACTOR_REFS];
	int nr;
	int flag;
	int32_t past[2];
	uint8_t reason;
	struct sim_who by;
	bool exited;
	bool call;
	bool in_call;
	bool holder;
	bool unknown;
	bool pins;
	bool done;
};

/**
 * struct sim_build - the kernel as compiled, and what the table knows of it
 * @seed: which wrappers are out of line, which names stand for unknown ones
 * @wrappers: some are
 * @unknown_holders: no rule knows the functions of holders
 * @unknown_paths: nor those of memory management
 * @lto: the compiler inlines across files
 */
struct sim_build {
	uint64_t seed;
	bool wrappers;
	bool unknown_holders;
	bool unknown_paths;
	bool lto;
};

/**
 * struct sim_mark - one mark
 * @id: its number
 * @live: it has not ended
 * @low: lowest count so far
 * @born: step at which it was set
 * @setter: actor that set it
 * @died: and ended
 * @seq: numbers given
 * @logged: events written
 * @dropped: events suppressed
 * @skipped: of them, those that cancel each other out
 * @repeats: failures by reason
 */
struct sim_mark {
	uint32_t id;
	bool live;
	int32_t low;
	int born, died, setter;
	uint32_t seq;
	uint32_t logged;
	uint32_t dropped;
	uint32_t skipped;
	uint32_t repeats[16];
};

/**
 * struct sim - a story
 */
struct sim {
	struct scene scene;
	uint64_t state;			/* of the random numbers */
	uint64_t seed;
	uint32_t elements;		/* bits of enum sim_element */
	struct sim_build build;
	uint32_t tasks[SIM_NR_PEOPLE];	/* numbers of theirs in the recording */

	/* the folio */
	bool anon;
	bool lru;
	bool young;			/* of a file, but not in its cache yet */
	bool gone;			/* freed: nothing happens any more */
	uint8_t order;
	uint8_t order0;			/* when the story began */
	int32_t count;
	int32_t mapped, cache, swap, priv;
	int32_t owed;			/* mapped before the get */
	bool frozen;

	struct sim_actor actors[SIM_MAX_ACTORS];
	int nr_actors;
	int current;
	struct sim_actor *locked;	/* who has the folio lock */
	struct sim_ref refs[SIM_MAX_REFS];
	int nr_refs;
	struct sim_attempt attempts[SIM_MAX_ATTEMPTS];
	int nr_attempts;
	struct sim_mark marks[SIM_MAX_MARKS];
	int nr_marks;
	struct sim_rec recs[SIM_MAX_RECS];
	int nr_recs;

	/* of the latest change of what is expected: for samples that are late */
	int change_step, change_actor;
	int32_t change_from;
	int rise_at, rise_ref, fall_at, fall_ref;	/* records before it */
	int step;
	uint64_t ts;
	int max_events;			/* budget of a mark, 0 for none */
	uint8_t kind;			/* of the next failure, 0: extra_ref */
	bool keep_all;			/* judge as --explain does: nothing is forgotten */
	bool over;			/* tables are full: the story ends */
	bool stale;			/* some sample was late */
};

/* sim_folio.c */
bool sim_on(const struct sim *s, enum sim_element element);
unsigned int sim_pick(struct sim *s, unsigned int n);
unsigned int sim_between(struct sim *s, unsigned int from, unsigned int to);
int32_t sim_expected(const struct sim *s);
int sim_get(struct sim *s, struct sim_who who, int32_t units, const char *stack);
void sim_get_more(struct sim *s, struct sim_who who, int ref, int32_t units, const char *stack);
void sim_get_zero(struct sim *s, struct sim_who who, const char *stack);
void sim_put(struct sim *s, struct sim_who who, int ref, int32_t units, const char *stack);
int sim_held_since_ever(struct sim *s, int32_t units);

/* What the rmap, the caches and private data count: no event by itself. */
enum sim_what { MAPPED, CACHE, SWAP, PRIVATE };
void sim_rise(struct sim *s, int ref, int32_t units, enum sim_what what);
int sim_fall(struct sim *s, int32_t units, enum sim_what what);
void sim_rise_owed(struct sim *s, int32_t units);
void sim_get_owed(struct sim *s, struct sim_who who, int32_t units, const char *stack);

void sim_freeze_and_free(struct sim *s, struct sim_who who, int own);
void sim_split(struct sim *s, struct sim_who who);
bool sim_adds_up(const struct sim *s);

/* sim_mark.c */
struct sim_mark *sim_mark(struct sim *s);
struct sim_rec *sim_record(struct sim *s, uint8_t type, struct sim_who who, const char *stack);
void sim_late_sample(struct sim *s);
int sim_operation(struct sim *s, struct sim_who who, int32_t delta, const char *stack);
void sim_end_mark(struct sim *s, struct sim_who who, uint8_t why);
void sim_note(struct sim *s);
void sim_fail(struct sim *s, struct sim_who who, uint8_t reason, int32_t own,
	      const int32_t *past, const char *stack);

/* sim_names.c */
uint32_t sim_stack(struct sim *s, const char *spec);

/* sim_story.c, sim_paths.c, sim_holders.c, sim_victims.c */
struct sim_actor *sim_actor(struct sim *s, sim_path path, enum sim_person person, int wait);
void sim_add_paths(struct sim *s);
void sim_add_holders(struct sim *s);
void sim_add_victims(struct sim *s);

/* Steps of a path: a function that goes on where it left. */
#define STEPS(a)	switch ((a)->pc) { case 0:
#define NEXT(a)		do { (a)->pc = __LINE__; return true; case __LINE__:; } while (0)
#define SLEEP(a, steps)	do { (a)->wait = (steps); NEXT(a); } while (0)
#define LOCK(s, a)	do {						\
	while ((s)->locked && (s)->locked != (a))		\
		SLEEP(a, 0);					\
	(s)->locked = (a);					\
} while (0)
#define UNLOCK(s)	((s)->locked = NULL)
#define DONE()		} return false

/**
 * struct sim_telling - how the recording is made of what happened
 * @watched: what came before the failures is in it
 * @file: the events in the order of the file
 * @nr: how many
 * @told: records of the story that are in it
 * @ts: and their times in it
 * @lossy: events of the mark are missing
 */
struct sim_telling {
	bool watched;
	struct pin_event file[SIM_MAX_RECS + 64];
	int nr;
	bool told[SIM_MAX_RECS];
	uint64_t ts[SIM_MAX_RECS];
	bool lossy;
	bool no_fields, no_stacks, no_symbols;
};

/* sim_tell.c */
void sim_tell(struct sim *s, bool watched, struct sim_telling *t);

/**
 * struct sim_score - sums over seeds
 */
struct sim_score {
	unsigned int stories, failures;
	unsigned int wrong, outright, amount, sum, verdict, less, blind;
	unsigned int decidable, named;
};

/* References by index, a bit each. */
struct sim_set {
	uint64_t bits[SIM_MAX_REFS / 64];
};

/* sim_story.c */
extern const char *const sim_element_names[SIM_NR_ELEMENTS];
const char *sim_comm(enum sim_person person);
void sim_story(struct sim *s, uint64_t seed, uint32_t elements, uint32_t without);
void sim_end(struct sim *s);
void sim_print(struct sim *s, const struct sim_telling *t);

/* sim_truth.c */
void sim_judge(struct sim *s, const struct sim_telling *t, struct sim_score *score,
	       struct sim_set *named, bool verbose);
bool sim_in_set(const struct sim_set *set, int i);
void sim_summary(const struct sim *s, uint32_t ids, char *out, size_t size);

#endif
