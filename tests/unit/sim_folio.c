// SPDX-License-Identifier: GPL-2.0
/*
 * The folio: its count, what is expected of it, who has which reference, the
 * mark, and the events that mm/page_pinner.c would write; see sim.h.
 */
#include "sim.h"

#include <string.h>

bool sim_on(const struct sim *s, enum sim_element element)
{
	return s->elements & (1u << element);
}

/* splitmix64: neighbouring seeds have nothing in common. */
unsigned int sim_pick(struct sim *s, unsigned int n)
{
	uint64_t z = s->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return (z >> 33) % n;
}

unsigned int sim_between(struct sim *s, unsigned int from, unsigned int to)
{
	return from + sim_pick(s, to - from + 1);
}

/* folio_expected_ref_count() */
int32_t sim_expected(const struct sim *s)
{
	return s->mapped + s->cache + s->swap + s->priv;
}

struct sim_mark *sim_mark(struct sim *s)
{
	struct sim_mark *m = s->nr_marks ? &s->marks[s->nr_marks - 1] : NULL;

	return m && m->live ? m : NULL;
}

/* === Events =============================================================== */

static uint64_t page_flags(const struct sim *s)
{
	return (s->lru ? 1u << 5 : 0) | (s->priv ? 1u << 14 : 0) | 1u << 3;
}

static struct sim_rec *record(struct sim *s, uint8_t type, struct sim_who who,
			      const char *stack)
{
	struct sim_rec *rec = &s->recs[s->nr_recs];

	if (s->nr_recs + 4 >= SIM_MAX_RECS)
		s->over = true;
	if (s->nr_recs < SIM_MAX_RECS - 1)
		s->nr_recs++;
	memset(rec, 0, sizeof(*rec));
	s->ts += 100;
	rec->actor = s->current;
	rec->who = who;
	rec->ev = (struct pin_event){
		.type = type, .ts = s->ts, .pfn = s->scene.pfn, .order = s->order,
		.task = s->tasks[who.task], .cpu = who.task % 4, .buffer = who.task % 4,
		.refcount = s->count, .mapcount = s->mapped, .ctx = who.ctx,
		.atomic = who.ctx != CTX_TASK, .flags = page_flags(s),
		.stack = stack ? sim_stack(s, stack) : 0,
	};
	return rec;
}

/* After max_events each site, a task with a stack, may log little more. */
static bool may_log(struct sim *s, struct sim_mark *m, const struct sim_rec *rec)
{
	int i, same = 0;

	if (!s->max_events || m->logged < (uint32_t)s->max_events)
		return true;
	for (i = 0; i < s->nr_recs - 1; i++)
		same += s->recs[i].ev.id == m->id && !s->recs[i].suppressed &&
			s->recs[i].ev.task == rec->ev.task &&
			s->recs[i].ev.stack == rec->ev.stack;
	return same < 2;
}

static void end_mark(struct sim *s, struct sim_who who, uint8_t why)
{
	struct sim_mark *m = sim_mark(s);
	struct sim_rec *rec;

	if (!m)
		return;
	m->live = false;
	m->died = s->step;
	rec = record(s, PIN_UNMARK, who, NULL);
	rec->ev.id = m->id;
	rec->ev.why = why;
	rec->ev.expected = sim_expected(s);
	rec->ev.logged = m->logged;
	rec->ev.dropped = m->dropped;
	rec->ev.seq = ++m->seq;
	rec->ev.has = HAS_EXPECTED | HAS_MAPCOUNT | HAS_FLAGS | HAS_CTX | HAS_SEQ;
}

/* Written out of step: expected is read beside the operation, not with it. */
static int32_t sampled(struct sim *s, bool put)
{
	/* a kind of page without a rule, or one that is just changing */
	if (sim_on(s, SIM_STALE) && !sim_pick(s, 60)) {
		s->stale = true;
		return -1;
	}
	if (put && sim_on(s, SIM_STALE) && s->change_step == s->step - 1 &&
	    s->change_actor != s->current && !sim_pick(s, 4)) {
		s->stale = true;
		return s->change_from;
	}
	return sim_expected(s);
}

static void late_sample(struct sim *s)
{
	struct sim_rec *rec = s->nr_recs ? &s->recs[s->nr_recs - 1] : NULL;

	if (!rec || rec->ev.type != PIN_GET || rec->actor == s->current ||
	    !sim_on(s, SIM_STALE) || sim_pick(s, 4))
		return;
	s->stale = true;
	rec->ev.expected = sim_expected(s);
	rec->ev.mapcount = s->mapped;
}

/*
 * An operation that had looked for the mark before it was set is not logged;
 * a try-get that found it before it ended is, and has no number.
 */
static struct sim_mark *mark_as_seen(struct sim *s, int32_t delta, bool *late)
{
	struct sim_mark *m = s->nr_marks ? &s->marks[s->nr_marks - 1] : NULL;
	bool race = sim_on(s, SIM_STALE) && !sim_pick(s, 4);

	*late = false;
	if (!m)
		return NULL;
	if (m->live)
		return race && !m->seq && m->born == s->step - 1 && m->setter != s->current ?
			NULL : m;
	*late = race && delta > 0 && m->died == s->step - 1 && !s->gone;
	return *late ? m : NULL;
}

static int operation(struct sim *s, struct sim_who who, int32_t delta, const char *stack)
{
	int32_t expected = sampled(s, delta < 0);
	struct sim_rec *rec;
	struct sim_mark *m;
	bool late;
	int index;

	m = mark_as_seen(s, delta, &late);
	s->count += delta;
	rec = record(s, delta < 0 ? PIN_PUT : PIN_GET, who, stack);
	index = rec - s->recs;
	rec->ev.delta = delta;
	rec->ev.reason = REASON_WATCH;
	rec->ev.expected = expected;
	rec->ev.has = HAS_EXPECTED | HAS_MAPCOUNT | HAS_FLAGS | HAS_CTX | HAS_SEQ;
	if (late) {
		rec->ev.id = m->id;
	} else if (m) {
		bool low = s->count < m->low;

		if (low)
			m->low = s->count;
		rec->settles = delta < 0 && expected >= 0 && s->count > 0 && s->count <= expected &&
			       expected == sim_expected(s);
		rec->ev.id = m->id;
		rec->ev.seq = ++m->seq;
		rec->suppressed = !low && !rec->settles && !may_log(s, m, rec);
		*(rec->suppressed ? &m->dropped : &m->logged) += 1;
		if (rec->settles)
			end_mark(s, who, WHY_SETTLED);
	}
	if (!s->count && !s->frozen) {
		s->gone = true;
		m = sim_mark(s);
		if (m) {
			end_mark(s, who, WHY_FREED);
		} else {
			rec = record(s, PIN_UNMARK, who, NULL);
			rec->ev.why = WHY_FREED;
			rec->ev.has = HAS_EXPECTED | HAS_MAPCOUNT | HAS_FLAGS | HAS_CTX | HAS_SEQ;
		}
	}
	return index;
}

/* === References =========================================================== */

static int new_ref(struct sim *s, int32_t units, int get)
{
	struct sim_ref *ref = &s->refs[s->nr_refs];

	if (s->nr_refs + 4 >= SIM_MAX_REFS)
		s->over = true;
	if (s->nr_refs < SIM_MAX_REFS - 1)
		s->nr_refs++;
	*ref = (struct sim_ref){
		.units = units, .actor = s->current, .get = get, .put = -1,
		.born = s->nr_recs, .live = true,
	};
	return ref - s->refs;
}

/* Part of it goes another way from here on. */
static int split_ref(struct sim *s, int ref, int32_t units)
{
	int part;

	if (s->refs[ref].units == units)
		return ref;
	part = new_ref(s, units, -1);
	s->refs[part] = s->refs[ref];
	s->refs[part].units = units;
	s->refs[ref].units -= units;
	return part;
}

int sim_get(struct sim *s, struct sim_who who, int32_t units, const char *stack)
{
	return new_ref(s, units, operation(s, who, units, stack));
}

void sim_get_more(struct sim *s, struct sim_who who, int ref, int32_t units, const char *stack)
{
	operation(s, who, units, stack);
	s->refs[ref].units += units;
}

void sim_get_zero(struct sim *s, struct sim_who who, const char *stack)
{
	operation(s, who, 0, stack);
}

void sim_put(struct sim *s, struct sim_who who, int ref, int32_t units, const char *stack)
{
	ref = split_ref(s, ref, units);
	s->refs[ref].live = false;
	s->refs[ref].put = operation(s, who, -units, stack);
}

/* Taken before anybody watched. */
int sim_held_since_ever(struct sim *s, int32_t units)
{
	s->count += units;
	return new_ref(s, units, -1);
}

static int32_t *part_of(struct sim *s, enum sim_what what)
{
	return what == MAPPED ? &s->mapped : what == CACHE ? &s->cache :
	       what == SWAP ? &s->swap : &s->priv;
}

static void changed(struct sim *s, int32_t from)
{
	s->change_step = s->step;
	s->change_actor = s->current;
	s->change_from = from;
	late_sample(s);
}

void sim_rise(struct sim *s, int ref, int32_t units, enum sim_what what)
{
	int32_t from = sim_expected(s);

	ref = split_ref(s, ref, units);
	s->refs[ref].live = false;
	*part_of(s, what) += units;
	changed(s, from);
}

/* Return: what was a mapping's or a cache's reference until now. */
int sim_fall(struct sim *s, int32_t units, enum sim_what what)
{
	int32_t from = sim_expected(s);
	int ref = new_ref(s, units, -1);

	s->refs[ref].fallen = true;
	*part_of(s, what) -= units;
	changed(s, from);
	return ref;
}

/* filemap_map_pages() adds the mappings first. */
void sim_rise_owed(struct sim *s, int32_t units)
{
	int32_t from = sim_expected(s);

	s->mapped += units;
	s->owed += units;
	changed(s, from);
}

void sim_get_owed(struct sim *s, struct sim_who who, int32_t units, const char *stack)
{
	operation(s, who, units, stack);
	s->owed -= units;
}

/*
 * Migration has succeeded: anonymous small folios are not even frozen, others
 * come back with the cache's references less, and are out of it a bit later.
 */
void sim_freeze_and_free(struct sim *s, struct sim_who who, int own)
{
	int32_t cache = s->cache;

	if (cache) {
		s->frozen = true;
		operation(s, who, -s->count, "?folio_ref_freeze -__folio_migrate_mapping "
			  "folio_migrate_mapping -__migrate_folio migrate_folio "
			  "-move_to_new_folio -migrate_pages_batch migrate_pages");
		operation(s, who, s->refs[own].units, "?folio_ref_unfreeze "
			  "-__folio_migrate_mapping folio_migrate_mapping -__migrate_folio "
			  "migrate_folio -move_to_new_folio -migrate_pages_batch migrate_pages");
		s->frozen = false;
		s->cache = 0;
		s->priv = 0;
	}
	sim_put(s, who, own, s->refs[own].units, "?page_ref_dec_and_test ?put_page_testzero "
		"?folio_put -migrate_folio_done -migrate_pages_batch migrate_pages");
}

/* A THP becomes small folios: this one is the first of them. */
void sim_split(struct sim *s, struct sim_who who)
{
	s->frozen = true;
	operation(s, who, -s->count, "?folio_ref_freeze split_huge_page_to_list_to_order "
		  "deferred_split_scan kswapd kthread");
	s->order = 0;
	s->cache = !!s->cache;
	operation(s, who, 1 + s->cache, "?page_ref_add ?page_ref_inc -__split_huge_page "
		  "split_huge_page_to_list_to_order deferred_split_scan kswapd kthread");
	s->frozen = false;
}

/* Whatever paths do: each reference is somebody's. */
bool sim_adds_up(const struct sim *s)
{
	int32_t sum = sim_expected(s) - s->owed;
	int i;

	for (i = 0; i < s->nr_refs; i++)
		if (s->refs[i].live)
			sum += s->refs[i].units;
	return s->gone || (sum == s->count && s->mapped >= s->owed && s->cache >= 0);
}

/* === Failures ============================================================= */

static bool in_the_way(const struct sim *s, const struct sim_ref *ref)
{
	return ref->live && !(ref->own && ref->actor == s->current);
}

/* The counts are read now and told later. */
void sim_note(struct sim *s)
{
	uint32_t bit = 1u << s->current;
	int i;

	for (i = 0; i < s->nr_refs; i++) {
		s->refs[i].noted &= ~bit;
		if (in_the_way(s, &s->refs[i]))
			s->refs[i].noted |= bit;
	}
}

static void block(struct sim *s, int attempt, bool past)
{
	int i;

	for (i = 0; i < s->nr_refs; i++)
		if (in_the_way(s, &s->refs[i]) ||
		    (past && s->refs[i].noted & (1u << s->current)))
			s->refs[i].blocked |= 1u << attempt;
}

static struct sim_mark *set_mark(struct sim *s)
{
	struct sim_mark *m = &s->marks[s->nr_marks++];

	*m = (struct sim_mark){ .id = s->nr_marks, .live = true, .low = s->count,
				.born = s->step, .setter = s->current };
	return m;
}

void sim_fail(struct sim *s, struct sim_who who, uint8_t reason, int32_t own,
	      const int32_t *past, const char *stack)
{
	int32_t now = sim_expected(s), told[2] = { s->count, now + own };
	struct sim_mark *m = sim_mark(s);
	struct sim_attempt *at = &s->attempts[s->nr_attempts];
	struct sim_rec *rec;
	bool fresh = !m;
	uint32_t repeats;

	if (past) {
		told[0] = past[0];
		told[1] = past[1];
	}
	if (told[0] <= told[1] || s->nr_attempts == SIM_MAX_ATTEMPTS ||
	    (!m && s->nr_marks == SIM_MAX_MARKS))
		return;
	if (!m)
		m = set_mark(s);
	block(s, s->nr_attempts, past);
	*at = (struct sim_attempt){
		.rec = -1, .mark = m - s->marks, .reason = reason, .owed = s->owed,
		.unexpected = s->count - (now - s->owed) - own,
	};
	s->nr_attempts++;
	repeats = m->repeats[reason]++;
	if (repeats && (repeats & (repeats - 1)))
		return;
	rec = record(s, PIN_FAIL, who, stack);
	at->rec = rec - s->recs;
	rec->ev.id = m->id;
	rec->ev.reason = reason;
	rec->ev.kind = s->kind;
	rec->ev.marked = fresh ? MARKED_NEW : MARKED_AGAIN;
	rec->ev.refcount = told[0];
	rec->ev.expected = told[1];
	rec->ev.pincount = s->order ? 0 : told[0] / 1024;
	rec->ev.own = own;
	rec->ev.refcount_now = s->count;
	rec->ev.expected_now = now;
	rec->ev.repeats = repeats;
	rec->ev.has = HAS_FLAGS | HAS_OWN | HAS_REFCOUNT_NOW | HAS_EXPECTED_NOW;
	if (fresh && s->count <= now + own)
		end_mark(s, who, WHY_SETTLED);
}
