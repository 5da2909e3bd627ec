// SPDX-License-Identifier: GPL-2.0
/*
 * Is what the tool says of a story true?  See sim.h.
 *
 * A claim is true if a reference that was in the way of one of the attempts
 * was taken or dropped there.  A truth is not decidable if a second story with
 * the same events has another one: two references change their places.
 */
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/stack.h"
#include "trace/symbols.h"

#define SURE 0.8999f

bool sim_in_set(const struct sim_set *set, int i)
{
	return set->bits[i / 64] & (1ull << (i % 64));
}

static void add_to(struct sim_set *set, int i)
{
	set->bits[i / 64] |= 1ull << (i % 64);
}

static uint32_t attempts_of(const struct sim *s, const struct failure *f)
{
	uint32_t mask = 0;
	int i;

	for (i = 0; i < s->nr_attempts; i++)
		if (s->marks[s->attempts[i].mark].id == f->id &&
		    s->attempts[i].reason == f->reason)
			mask |= 1u << i;
	return mask;
}

/* The next record of that time after @from: a coarse clock has several. */
static int record_at(const struct sim *s, const struct sim_telling *t, int from, uint64_t ts,
		     uint8_t type)
{
	int i;

	for (i = from + 1; i < s->nr_recs; i++)
		if (t->told[i] && t->ts[i] == ts && s->recs[i].ev.type == type)
			return i;
	return -1;
}

/* The same function, called by the same task; an interrupt has none. */
static bool same_site(const struct sim *s, int a, int b)
{
	const struct sim_rec *x = &s->recs[a], *y = &s->recs[b];

	return x->ev.stack == y->ev.stack && x->who.ctx == y->who.ctx &&
	       (x->who.task == y->who.task || x->who.ctx != CTX_TASK);
}

/* By the same functions of a holder's, whatever they were called from. */
static bool same_way(const struct sim *s, int a, int b)
{
	const struct sim_way *way = s->actors[s->recs[a].actor].way;

	return way && way == s->actors[s->recs[b].actor].way;
}

/* Of one function, by somebody who drops for others: no other holder. */
static bool same_holder(const struct sim *s, int a, int b)
{
	const struct sim_rec *x = &s->recs[a], *y = &s->recs[b];
	bool bystanders = (x->who.ctx || x->who.task == SIM_KWORKER) &&
			  (y->who.ctx || y->who.task == SIM_KWORKER);

	return same_site(s, a, b) || (bystanders && same_way(s, a, b));
}

struct claimed {
	const struct claim *claim;
	const struct holder *holder;
	int get, put;
};

static struct claimed look_up(const struct sim *s, const struct sim_telling *t,
			      const struct claim *claim)
{
	struct claimed c = { .claim = claim, .get = -1, .put = -1 };

	c.holder = s->scene.findings.holders[claim->holder];
	if (c.holder->acquired)
		c.get = record_at(s, t, -1, claim->from_ns, PIN_GET);
	if (!claim->open)
		c.put = record_at(s, t, -1, claim->to_ns, PIN_PUT);
	return c;
}

static bool right_task(const struct sim *s, const struct claimed *c, int rec)
{
	const struct sim_rec *r = &s->recs[rec];

	if (c->claim->atomic)
		return true;
	if (r->who.ctx != CTX_TASK)
		return !c->holder->owned;	/* a bystander must not be meant */
	return !strcmp(tasks_get(s->scene.trace.tasks, c->claim->task)->comm,
		       sim_comm(r->who.task));
}

/* References that one actor has at a time are alike: which it drops nobody can tell. */
static bool same_actors(const struct sim *s, const struct sim_telling *t,
			const struct claimed *c, const struct sim_ref *ref)
{
	return !c->claim->open && ref->put >= 0 && t->told[ref->put] &&
	       t->ts[ref->put] == c->claim->to_ns && s->recs[c->get].actor == ref->actor &&
	       right_task(s, c, c->get);
}

static bool means_these(const struct sim *s, const struct claimed *c, const struct sim_ref *ref)
{
	if (c->get >= 0)
		return ref->get >= 0 && same_site(s, ref->get, c->get) &&
		       right_task(s, c, ref->get);
	if (c->put < 0 || ref->put < 0)
		return false;
	if (same_site(s, ref->put, c->put) && right_task(s, c, ref->put))
		return true;
	/* in an interrupt, so of no task: the function is what is named */
	if (c->claim->atomic && s->recs[c->put].who.ctx && same_way(s, ref->put, c->put))
		return true;
	/* dropped by another, in the same way: the task that took it */
	return ref->get >= 0 && s->recs[ref->put].ev.stack == s->recs[c->put].ev.stack &&
	       right_task(s, c, ref->get);
}

/* Does the claim speak of this reference? */
static bool means(const struct sim *s, const struct sim_telling *t, const struct claimed *claimed,
		  const struct sim_ref *ref)
{
	const struct claim *claim = claimed->claim;
	struct claimed c = *claimed;

	for (; c.get >= 0; c.get = record_at(s, t, c.get, claim->from_ns, PIN_GET))
		if (means_these(s, &c, ref) || same_actors(s, t, &c, ref))
			return true;
	if (claimed->get >= 0)
		return false;
	for (; c.put >= 0; c.put = record_at(s, t, c.put, claim->to_ns, PIN_PUT))
		if (means_these(s, &c, ref))
			return true;
	return false;
}

static int32_t references(const struct sim_ref *ref)
{
	return ref->pin ? ref->units / 1024 : ref->units;
}

/*
 * Does a name tell what this put is?  Of a holder its function, or that a
 * module made it; of memory management any that is not everybody's.
 */
static bool tells(const struct sim *s, int rec)
{
	static const char *const words[] = {
		"tlb_", "zap", "unmap", "lru", "lock_drain", "truncate", "page_cache", "filemap_",
		"migrat", "putback", "shrink", "wp_page", "swap", "split", "ksm_", "exit_mmap",
		"buffers", "compact", "process_vm", "copy_pte",
	};
	const struct sim_rec *r = &s->recs[rec];
	bool holder = s->actors[r->actor].holder;
	const uint64_t *frames;
	size_t nr, i, k;

	if (holder && !s->actors[r->actor].unknown)
		return true;
	frames = stacks_get(s->scene.trace.stacks, r->ev.stack, &nr);
	for (i = 0; i < nr; i++) {
		const struct symbol *sym = symbols_find(s->scene.trace.symbols, frames[i]);

		if (sym->module)
			return true;
		for (k = 0; !holder && k < sizeof(words) / sizeof(words[0]); k++)
			if (strstr(sym->name, words[k]))
				return true;
	}
	return false;
}

/* A pair of one task is its own. */
static bool own_pair(const struct sim *s, const struct sim_telling *t,
		     const struct sim_ref *ref)
{
	return ref->get >= 0 && ref->put >= 0 && t->told[ref->get] &&
	       s->recs[ref->get].who.task == s->recs[ref->put].who.task &&
	       !s->recs[ref->get].who.ctx && !s->recs[ref->put].who.ctx;
}

/* unpin_*() gives back pins, and nothing else does. */
static bool api_tells(const struct sim *s, int a, int b)
{
	const struct sim_actor *x = &s->actors[s->recs[a].actor], *y = &s->actors[s->recs[b].actor];

	return x->holder && y->holder && x->pins != y->pins && !s->build.unknown_paths &&
	       !s->build.lto;
}

static bool after_attempts(const struct sim *s, int put, uint32_t attempts)
{
	int i;

	for (i = 0; i < s->nr_attempts; i++)
		if (attempts & (1u << i) && s->attempts[i].rec >= put)
			return false;
	return true;
}

/*
 * Another story with the same events: what was in the way went with the put of
 * @x, and @x with the put that is blamed.
 */
static bool may_change_places(const struct sim *s, const struct sim_telling *t,
			      const struct sim_ref *ref, const struct sim_ref *x, uint32_t mask)
{
	if (x == ref || x->blocked & mask || x->own || ref->put < 0)
		return false;
	if (x->units != ref->units)
		return false;
	if (x->put < 0)
		return x->fallen && x->live && x->born <= ref->put && !tells(s, ref->put);
	/* at an attempt that comes after that put it was this one in any story */
	if (!after_attempts(s, x->put, ref->blocked & mask))
		return false;
	if (!t->told[x->put] || own_pair(s, t, x) ||
	    same_holder(s, x->put, ref->put) || api_tells(s, x->put, ref->put))
		return false;
	if (x->born > (x->put < ref->put ? x->put : ref->put))
		return false;
	return !tells(s, x->put) && !tells(s, ref->put);
}

/*
 * References that this holder dropped and no other story takes from it: as many
 * as it had, but for those that may change their places with others.
 */
static int32_t certain_units(const struct sim *s, const struct sim_telling *t,
			     const struct sim_ref *ref, uint32_t mask)
{
	int32_t units = 0, rivals = 0;
	int i, k;

	for (i = 0; i < s->nr_refs; i++) {
		const struct sim_ref *x = &s->refs[i];

		if (x->blocked & mask && x->put >= 0 && t->told[x->put] &&
		    same_holder(s, x->put, ref->put))
			units += x->units;
	}
	for (i = 0; i < s->nr_refs; i++) {
		for (k = 0; k < s->nr_refs; k++) {
			const struct sim_ref *mine = &s->refs[k];

			if (mine->blocked & mask && mine->put >= 0 && t->told[mine->put] &&
			    same_holder(s, mine->put, ref->put) &&
			    may_change_places(s, t, mine, &s->refs[i], mask)) {
				rivals += s->refs[i].units;
				break;
			}
		}
	}
	return units - rivals;
}

/* At one of the attempts is enough: what came before another is no rival there. */
static bool decidable_by_put(const struct sim *s, const struct sim_telling *t,
			     const struct sim_ref *ref, uint32_t mask)
{
	int i;

	for (i = 0; i < s->nr_attempts; i++)
		if (ref->blocked & mask & (1u << i) && certain_units(s, t, ref, 1u << i) > 0)
			return true;
	return false;
}

/* By construction: does the recording say who had it? */
static bool decidable(const struct sim *s, const struct sim_telling *t,
		      const struct sim_ref *ref, uint32_t mask)
{
	int i;

	if (t->lossy || t->no_fields || t->no_stacks || t->no_symbols || s->stale || ref->own)
		return false;
	if (!s->actors[ref->actor].holder)
		return false;
	for (i = 0; i < s->nr_attempts; i++)
		if (mask & (1u << i) && s->attempts[i].owed)
			return false;
	if (ref->put >= 0 && t->told[ref->put])
		return decidable_by_put(s, t, ref, mask);
	return ref->put < 0 && ref->live && ref->get >= 0 && t->told[ref->get];
}

/* === One failure ========================================================== */

struct verdicts {
	struct sim *s;
	const struct sim_telling *t;
	struct sim_score *score;
	bool verbose;
};

static void complain(const struct verdicts *v, const struct failure *f, const struct claim *c,
		     const char *what, const char *why)
{
	const struct holder *h = c ? v->s->scene.findings.holders[c->holder] : NULL;

	if (!v->verbose)
		return;
	printf("# seed %llu%s, %d events: mark %u %s: %s %s: %s (%s)",
	       (unsigned long long)v->s->seed, v->t->watched ? " watched" : "", v->t->nr, f->id,
	       event_reason_name(f->reason), what, why, verdict_name(f->verdict), f->why);
	if (c)
		printf(" %s %s/%s by %s, %u refs, %.2f, %llu to %llu%s",
		       h->acquired ? "taken" : "released", h->class,
		       h->release.function ? h->release.function : "-",
		       tasks_get(v->s->scene.trace.tasks, c->task)->comm, c->refs, c->confidence,
		       (unsigned long long)c->from_ns, (unsigned long long)c->to_ns,
		       c->open ? " open" : "");
	printf("\n");
}

/* What it really was, in a few words: the kinds of fault are counted by them. */
static const char *really(const struct sim *s, const struct claimed *c)
{
	int rec = c->put >= 0 ? c->put : c->get, i;
	const struct sim_ref *ref = NULL;

	for (i = 0; i < s->nr_refs; i++)
		if (rec >= 0 && (c->put >= 0 ? s->refs[i].put : s->refs[i].get) == rec)
			ref = &s->refs[i];
	if (!ref)
		return rec < 0 ? "no such event" : "a reference that became a mapping's";
	if (ref->blocked && c->get >= 0)
		return "taken by another";
	if (ref->blocked)
		return "of another failure, or by another task";
	if (ref->own)
		return "the victim's own";
	if (ref->fallen)
		return "of a mapping or cache until then";
	if (ref->put < 0)
		return "taken later, still held";
	if (ref->get < 0)
		return "?";
	return s->recs[ref->get].who.task == s->recs[ref->put].who.task ?
		s->recs[ref->put].who.ctx ? "a passer-by's, put in an interrupt" :
		"a passer-by's, one task's" : "a passer-by's, put by another";
}

/*
 * What is claimed was mapped or unmapped where no event could show it.  As in
 * means_these(), a claim is about what was taken or dropped in one place.
 */
static bool is_blind(const struct sim *s, const struct claimed *c)
{
	int i;

	for (i = 0; i < s->nr_refs; i++) {
		const struct sim_ref *ref = &s->refs[i];

		if (ref->blind && ((c->put >= 0 && ref->put >= 0 && same_site(s, ref->put, c->put)) ||
				   (c->get >= 0 && ref->get >= 0 && same_site(s, ref->get, c->get))))
			return true;
	}
	return false;
}

/* Whoever dropped it: its get is on record, and the task is the one that took it. */
static bool known_taker(const struct verdicts *v, const struct claimed *c,
			const struct sim_ref *ref)
{
	return ref->get >= 0 && v->t->told[ref->get] && right_task(v->s, c, ref->get);
}

static void check_claim(const struct verdicts *v, const struct failure *f,
			const struct claim *claim, uint32_t mask, struct sim_set *named)
{
	struct claimed c = look_up(v->s, v->t, claim);
	bool right = false, sure = false;
	int i;

	if (claim->confidence < SURE)
		return;
	for (i = 0; i < v->s->nr_refs; i++) {
		const struct sim_ref *ref = &v->s->refs[i];

		if (!(ref->blocked & mask) || !means(v->s, v->t, &c, ref))
			continue;
		right = true;
		sure |= c.get >= 0 || known_taker(v, &c, ref) ||
			decidable_by_put(v->s, v->t, ref, mask);
		add_to(named, i);
	}
	if (!right && is_blind(v->s, &c)) {
		v->score->blind++;
		complain(v, f, claim, "BLIND", really(v->s, &c));
	} else if (!right) {
		v->score->wrong++;
		complain(v, f, claim, "WRONG", really(v->s, &c));
	} else if (!sure) {
		v->score->outright++;
		complain(v, f, claim, "OUTRIGHT", really(v->s, &c));
	}
}

static void complain_all(const struct verdicts *v, const struct failure *f, const char *what)
{
	size_t i;

	complain(v, f, NULL, what, "");
	for (i = 0; i < f->nr_claims && getenv("SIMULATOR_SEED"); i++)
		complain(v, f, &f->claims[i], what, "is said of");
}

/* Of no holder more than it had, and of no reference more than one, at an attempt. */
static void check_amounts(const struct verdicts *v, const struct failure *f, uint32_t mask)
{
	const struct sim *s = v->s;
	uint64_t nr = 0;
	size_t i;
	int k, r;

	for (k = 0; k < s->nr_attempts; k++) {
		int32_t most = 0, sure = 0;
		double sum = 0;

		if (!(mask & (1u << k)) || s->attempts[k].rec < 0 ||
		    !v->t->told[s->attempts[k].rec])
			continue;
		for (r = 0; r < s->nr_refs; r++)
			if (s->refs[r].blocked & (1u << k))
				most += references(&s->refs[r]);
		for (i = 0; i < f->nr_claims; i++) {
			const struct claim *c = &f->claims[i];

			if (nr < c->attempt || nr >= c->attempt + c->attempts)
				continue;
			sum += c->refs * (double)c->confidence;
			sure += c->confidence >= SURE ? c->refs : 0;
		}
		nr++;
		if (sure > most || sum > most + 0.01) {
			*(sure > most ? &v->score->amount : &v->score->sum) += 1;
			complain_all(v, f, sure > most ? "AMOUNT" : "SUM");
			return;
		}
	}
}

/* Verdicts that say something of the truth without a name. */
static void check_verdict(const struct verdicts *v, const struct failure *f, uint32_t mask)
{
	const struct sim *s = v->s;
	bool self = false, lasting = false;
	int i;

	/* of an attempt that is not on record nobody can know */
	for (i = 0; i < s->nr_attempts; i++)
		if (s->attempts[i].rec < 0 || !v->t->told[s->attempts[i].rec])
			mask &= ~(1u << i);
	for (i = 0; i < s->nr_refs; i++) {
		const struct sim_ref *ref = &s->refs[i];
		uint32_t blocked = ref->blocked & mask;

		if (!blocked)
			continue;
		self |= s->tasks[s->actors[ref->actor].who.task] == f->task;
		lasting |= blocked & (blocked - 1) && s->actors[ref->actor].holder;
	}
	if ((f->verdict == VERDICT_SELF && !self) ||
	    (f->verdict == VERDICT_TRANSIENT && lasting) ||
	    (f->verdict == VERDICT_NO_HOLDER && mask)) {
		v->score->verdict++;
		complain(v, f, NULL, "VERDICT", "");
	}
}

static void check_failure(const struct verdicts *v, const struct failure *f,
			  struct sim_set *named)
{
	uint32_t mask = attempts_of(v->s, f);
	struct sim_set mine = { 0 };
	size_t i;
	int k;

	v->score->failures++;
	if (getenv("SIMULATOR_SEED"))
		complain_all(v, f, "says");
	for (i = 0; i < f->nr_claims; i++)
		check_claim(v, f, &f->claims[i], mask, &mine);
	check_amounts(v, f, mask);
	check_verdict(v, f, mask);
	for (k = 0; k < v->s->nr_refs; k++) {
		const struct sim_ref *ref = &v->s->refs[k];
		bool known = sim_in_set(&mine, k);

		if (known)
			add_to(named, k);
		if (!(ref->blocked & mask) || !decidable(v->s, v->t, ref, mask))
			continue;
		v->score->decidable++;
		v->score->named += known;
		if (!known && getenv("SIMULATOR_UNNAMED"))
			complain(v, f, NULL, "not named", "");
	}
}

static void see_nothing(void *ctx, const struct episode *ep, const struct pairing *pairing)
{
}

void sim_judge(struct sim *s, const struct sim_telling *t, struct sim_score *score,
	       struct sim_set *named, bool verbose)
{
	struct verdicts v = { .s = s, .t = t, .score = score, .verbose = verbose };
	struct scene *scene = &s->scene;
	size_t i;
	int k;

	ledger_free(scene->ledger);
	findings_free(&scene->findings);
	memset(&scene->findings, 0, sizeof(scene->findings));
	scene->trace.events = scene->trace.lost = scene->trace.holes = 0;
	scene->trace.first_ns = scene->trace.last_ns = 0;
	scene->ledger = ledger_new(&scene->trace, scene->cl, &scene->findings);
	if (s->keep_all)
		ledger_watch(scene->ledger, see_nothing, NULL);
	for (k = 0; k < t->nr; k++)
		if (t->file[k].type == PIN_LOST)
			ledger_feed(scene->ledger, &t->file[k]);
		else
			scene_feed(scene, t->file[k]);
	scene_judge(scene);
	memset(named, 0, sizeof(*named));
	score->stories++;
	for (i = 0; i < scene->findings.nr_failures; i++)
		check_failure(&v, scene->findings.failures[i], named);
}

/*
 * Whom a report names for certain, and for how much: tasks, not functions.  Of
 * marks beyond @ids nothing is told: those are another folio's.
 */
void sim_summary(const struct sim *s, uint32_t ids, char *out, size_t size)
{
	const struct findings *f = &s->scene.findings;
	size_t i, k, at = 0;

	out[0] = '\0';
	for (i = 0; i < f->nr_failures; i++) {
		const struct failure *failure = f->failures[i];
		uint32_t refs[SIM_NR_PEOPLE + 1] = { 0 };

		if (ids && failure->id > ids)
			continue;
		at += snprintf(out + at, size - at, "%u %u %s:", failure->id, failure->reason,
			       verdict_name(failure->verdict));
		for (k = 0; k < failure->nr_claims; k++) {
			const struct claim *c = &failure->claims[k];

			if (c->confidence > SURE && c->task < SIM_NR_PEOPLE)
				refs[c->atomic ? SIM_NR_PEOPLE : c->task] += c->refs;
		}
		for (k = 0; k <= SIM_NR_PEOPLE; k++)
			if (refs[k])
				at += snprintf(out + at, size - at, " %s %u", k < SIM_NR_PEOPLE ?
					       sim_comm(k) : "irq", refs[k]);
		at += snprintf(out + at, size - at, "; ");
	}
}
