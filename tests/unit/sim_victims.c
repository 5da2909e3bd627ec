// SPDX-License-Identifier: GPL-2.0
/*
 * Who fails to migrate the folio, and tries again; see sim.h.
 */
#include "sim.h"

#include <stdio.h>

#include "sim_paths.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#define CONTIG "-__alloc_contig_migrate_range alloc_contig_range_noprof cma_alloc " SYSCALL

static bool too_many(const struct sim *s, int own)
{
	return s->count > sim_expected(s) + own;
}

/* folio_putback_lru(), called by whoever isolated it. */
static void put_back(struct sim *s, struct sim_actor *a, const char *caller)
{
	char spec[500];
	struct sim_actor *drain;

	s->lru = true;
	if (!s->order && !sim_pick(s, 4)) {
		/* folio_putback_lru(): into a batch first */
		drain = sim_actor(s, sim_path_drain, CAROL, 0);
		if (drain) {
			s->lru = false;
			snprintf(spec, sizeof(spec), GET "folio_add_lru folio_putback_lru "
				 "putback_movable_pages %s", caller);
			drain->ref[0] = sim_get(s, a->who, 1, spec);
		}
	}
	snprintf(spec, sizeof(spec), PUT "folio_putback_lru putback_movable_pages %s", caller);
	sim_put(s, a->who, a->ref[0], 1, spec);
}

/*
 * migrate_pages(): isolated, unmapped, refused, mapped again, several times;
 * then told, and put back.
 */
static bool path_migrate(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	for (; a->n; a->n--) {
		while (!s->lru)
			SLEEP(a, 2);
		a->ref[0] = sim_get(s, a->who, 1, TRY_GET "?folio_get_nontail_page "
				    "-isolate_migratepages_block isolate_migratepages_range " CONTIG);
		s->refs[a->ref[0]].own = true;
		s->lru = false;
		a->flag = sim_between(s, 1, 3);
		NEXT(a);
		while (a->flag--) {
			LOCK(s, a);
			a->i = 0;
			while (s->mapped - s->owed > 0 && s->mapped <= 16) {
				a->ref[1] = sim_fall(s, 1, MAPPED);
				if (!sim_pick(s, 3))
					NEXT(a);
				sim_put(s, a->who, a->ref[1], 1, PUT "-try_to_migrate_one "
					"rmap_walk_anon try_to_migrate -migrate_pages_batch "
					"migrate_pages " CONTIG);
				a->i++;
				NEXT(a);
			}
			a->past[0] = 0;
			if (too_many(s, 1)) {
				a->past[0] = s->count;
				a->past[1] = sim_expected(s) + 1;
				sim_note(s);
			} else if (!s->mapped) {
				sim_freeze_and_free(s, a->who, a->ref[0]);
				return false;
			}
			SLEEP(a, sim_on(s, SIM_PAST) ? sim_pick(s, 12) : 0);
			while (a->i--) {
				a->ref[1] = sim_get(s, a->who, 1, GET "remove_migration_pte "
						    "rmap_walk_anon remove_migration_ptes "
						    "-migrate_pages_batch migrate_pages " CONTIG);
				if (!sim_pick(s, 3))
					NEXT(a);
				sim_rise(s, a->ref[1], 1, MAPPED);
				NEXT(a);
			}
			UNLOCK(s);
		}
		if (too_many(s, 1) && !(sim_on(s, SIM_PAST) && a->past[0] && sim_pick(s, 2))) {
			sim_fail(s, a->who, a->reason, 1, NULL, "migrate_pages " CONTIG);
		} else if (a->past[0] && sim_on(s, SIM_PAST)) {
			sim_fail(s, a->who, a->reason, 1, a->past, "migrate_pages " CONTIG);
		}
		NEXT(a);
		put_back(s, a, CONTIG);
		SLEEP(a, sim_between(s, 3, 25));
	}
	DONE();
}

/* isolate_migratepages_block(): more references than mappings, not even tried. */
static bool path_scan(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	for (; a->n; a->n--) {
		while (!s->lru)
			SLEEP(a, 2);
		a->ref[0] = sim_get(s, a->who, 1, TRY_GET "?folio_get_nontail_page "
				    "-isolate_migratepages_block isolate_migratepages_range " CONTIG);
		s->refs[a->ref[0]].own = true;
		if (!sim_pick(s, 3))
			NEXT(a);
		if (too_many(s, 1))
			sim_fail(s, a->who, a->reason, 1, NULL, "-isolate_migratepages_block "
				 "isolate_migratepages_range " CONTIG);
		NEXT(a);
		sim_put(s, a->who, a->ref[0], 1, PUT "-isolate_migratepages_block "
			"isolate_migratepages_range " CONTIG);
		SLEEP(a, sim_between(s, 3, 25));
	}
	DONE();
}

/* FOLL_LONGTERM: pinned, isolated, unpinned, refused, put back, once more. */
static bool path_longterm(struct sim *s, struct sim_actor *a)
{
	STEPS(a);
	for (; a->n; a->n--) {
		a->ref[1] = sim_get(s, a->who, s->order ? 1 : 1024, "?page_ref_add ?folio_ref_add "
				    "?try_grab_folio __get_user_pages -__gup_longterm_locked "
				    "pin_user_pages " SYSCALL);
		a->flag = s->order ? 1 : 1024;
		s->refs[a->ref[1]].own = true;
		NEXT(a);
		if (!s->lru) {
			s->kind = KIND_NOT_LRU;
			if (too_many(s, a->flag))
				sim_fail(s, a->who, a->reason, a->flag, NULL,
					 "-collect_longterm_unpinnable_folios "
					 "-check_and_migrate_movable_pages pin_user_pages " SYSCALL);
			s->kind = KIND_EXTRA_REF;
			a->i = 0;
		} else {
			a->ref[0] = sim_get(s, a->who, 1, GET "folio_isolate_lru "
					    "-collect_longterm_unpinnable_folios "
					    "-__gup_longterm_locked pin_user_pages " SYSCALL);
			s->refs[a->ref[0]].own = true;
			s->lru = false;
			a->i = 1;
		}
		NEXT(a);
		sim_put(s, a->who, a->ref[1], a->flag, UNPIN "unpin_user_pages "
			"-migrate_longterm_unpinnable_folios -__gup_longterm_locked "
			"pin_user_pages " SYSCALL);
		NEXT(a);
		if (a->i) {
			if (too_many(s, 1))
				sim_fail(s, a->who, a->reason, 1, NULL, "migrate_pages "
					 "-migrate_longterm_unpinnable_folios pin_user_pages "
					 SYSCALL);
			NEXT(a);
			put_back(s, a, "-migrate_longterm_unpinnable_folios "
				 "-__gup_longterm_locked pin_user_pages " SYSCALL);
		}
		SLEEP(a, sim_between(s, 3, 25));
	}
	DONE();
}

static const struct {
	sim_path path;
	uint8_t reason;
} victims[] = {
	{ path_migrate, REASON_ALLOC_CONTIG },
	{ path_migrate, REASON_ALLOC_CONTIG },
	{ path_migrate, REASON_MEMORY_HOTPLUG },
	{ path_migrate, REASON_SYSCALL },
	{ path_scan, REASON_ALLOC_CONTIG },
	{ path_scan, REASON_COMPACTION },
	{ path_longterm, REASON_LONGTERM_PIN },
};

static void add(struct sim *s, enum sim_person person, int wait)
{
	unsigned int i = sim_pick(s, ARRAY_LEN(victims));
	struct sim_actor *a = sim_actor(s, victims[i].path, person, wait);

	if (!a)
		return;
	a->reason = victims[i].reason;
	a->n = sim_on(s, SIM_ATTEMPTS) ? sim_between(s, 2, 5) : 1;
}

void sim_add_victims(struct sim *s)
{
	add(s, CMA_TAKE, sim_between(s, 8, 25));
	if (sim_on(s, SIM_VICTIMS))
		add(s, MOVE_PAGES, sim_between(s, 8, 60));
}
