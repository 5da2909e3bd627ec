// SPDX-License-Identifier: GPL-2.0
/*
 * The mark and the events: what mm/page_pinner.c would write of each change of
 * the count, and of each failure; see sim.h.
 */
#include "sim.h"

#include <string.h>

struct sim_mark *sim_mark(struct sim *s)
{
	struct sim_mark *m = s->nr_marks ? &s->marks[s->nr_marks - 1] : NULL;

	return m && m->live ? m : NULL;
}

static uint64_t page_flags(const struct sim *s)
{
	return (s->lru ? 1u << 5 : 0) | (s->priv ? 1u << 14 : 0) | 1u << 3;
}

struct sim_rec *sim_record(struct sim *s, uint8_t type, struct sim_who who,
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

/* What a task took and gave back at once, with nothing in between, is only counted. */
static void cancel_out(struct sim_mark *m, struct sim_rec *rec)
{
	struct sim_rec *before = rec - 1;

	if (m->seq < 2 || before->ev.id != m->id || before->ev.seq != m->seq - 1 ||
	    !before->suppressed || before->skipped || before->actor != rec->actor ||
	    before->ev.delta != -rec->ev.delta || rec->ev.delta > 0 ||
	    before->ev.expected != rec->ev.expected || before[-1].ev.id != m->id ||
	    before[-1].ev.type == PIN_FAIL || before[-1].ev.expected != rec->ev.expected)
		return;
	before->skipped = rec->skipped = true;
	m->skipped += 2;
}

void sim_end_mark(struct sim *s, struct sim_who who, uint8_t why)
{
	struct sim_mark *m = sim_mark(s);
	struct sim_rec *rec;

	if (!m)
		return;
	m->live = false;
	m->died = s->step;
	rec = sim_record(s, PIN_UNMARK, who, NULL);
	rec->ev.id = m->id;
	rec->ev.why = why;
	rec->ev.expected = sim_expected(s);
	rec->ev.logged = m->logged;
	rec->ev.dropped = m->dropped;
	rec->ev.skipped = m->skipped;
	rec->ev.seq = ++m->seq;
	rec->ev.has = HAS_EXPECTED | HAS_MAPCOUNT | HAS_FLAGS | HAS_CTX | HAS_SEQ;
}

/* Written out of step: expected is read beside the operation, not with it. */
static int32_t sampled(struct sim *s, bool put)
{
	/* a kind of page without a rule, or one that is just changing: it says so */
	if (sim_on(s, SIM_STALE) && !sim_pick(s, 40))
		return -1;
	if (put && sim_on(s, SIM_STALE) && s->change_step == s->step - 1 &&
	    s->change_actor != s->current && !sim_pick(s, 4)) {
		s->stale = true;
		return s->change_from;
	}
	return sim_expected(s);
}

void sim_late_sample(struct sim *s)
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

int sim_operation(struct sim *s, struct sim_who who, int32_t delta, const char *stack)
{
	int32_t expected = sampled(s, delta < 0);
	struct sim_rec *rec;
	struct sim_mark *m;
	bool late;
	int index;

	m = mark_as_seen(s, delta, &late);
	s->count += delta;
	rec = sim_record(s, delta < 0 ? PIN_PUT : PIN_GET, who, stack);
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
		if (rec->suppressed)
			cancel_out(m, rec);
		rec->ev.skipped = m->skipped;
		if (rec->settles)
			sim_end_mark(s, who, WHY_SETTLED);
	}
	if (!s->count && !s->frozen) {
		s->gone = true;
		m = sim_mark(s);
		if (m) {
			sim_end_mark(s, who, WHY_FREED);
		} else {
			rec = sim_record(s, PIN_UNMARK, who, NULL);
			rec->ev.why = WHY_FREED;
			rec->ev.has = HAS_EXPECTED | HAS_MAPCOUNT | HAS_FLAGS | HAS_CTX | HAS_SEQ;
		}
	}
	return index;
}

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
	rec = sim_record(s, PIN_FAIL, who, stack);
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
		sim_end_mark(s, who, WHY_SETTLED);
}
