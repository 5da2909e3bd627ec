// SPDX-License-Identifier: GPL-2.0
/*
 * The folio: its count, what is expected of it, and who has which reference;
 * see sim.h.
 */
#include "sim.h"

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
	return new_ref(s, units, sim_operation(s, who, units, stack));
}

void sim_get_more(struct sim *s, struct sim_who who, int ref, int32_t units, const char *stack)
{
	sim_operation(s, who, units, stack);
	s->refs[ref].units += units;
}

void sim_get_zero(struct sim *s, struct sim_who who, const char *stack)
{
	sim_operation(s, who, 0, stack);
}

void sim_put(struct sim *s, struct sim_who who, int ref, int32_t units, const char *stack)
{
	ref = split_ref(s, ref, units);
	s->refs[ref].live = false;
	s->refs[ref].put = sim_operation(s, who, -units, stack);
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
	sim_late_sample(s);
}

/* Up and down with no event in between: the samples do not show it. */
static void go_up(struct sim *s, int ref)
{
	s->rise_at = s->nr_recs + 1;
	s->rise_ref = ref;
	if (s->fall_at != s->rise_at)
		return;
	s->refs[s->fall_ref].blind = true;
	if (ref >= 0)
		s->refs[ref].blind = true;
}

static void go_down(struct sim *s, int ref)
{
	s->fall_at = s->nr_recs + 1;
	s->fall_ref = ref;
	if (s->rise_at != s->fall_at)
		return;
	s->refs[ref].blind = true;
	if (s->rise_ref >= 0)
		s->refs[s->rise_ref].blind = true;
}

void sim_rise(struct sim *s, int ref, int32_t units, enum sim_what what)
{
	int32_t from = sim_expected(s);

	ref = split_ref(s, ref, units);
	s->refs[ref].live = false;
	*part_of(s, what) += units;
	go_up(s, ref);
	changed(s, from);
}

/* Return: what was a mapping's or a cache's reference until now. */
int sim_fall(struct sim *s, int32_t units, enum sim_what what)
{
	int32_t from = sim_expected(s);
	int ref = new_ref(s, units, -1);

	s->refs[ref].fallen = true;
	*part_of(s, what) -= units;
	go_down(s, ref);
	changed(s, from);
	return ref;
}

/* filemap_map_pages() adds the mappings first. */
void sim_rise_owed(struct sim *s, int32_t units)
{
	int32_t from = sim_expected(s);

	s->mapped += units;
	s->owed += units;
	go_up(s, -1);
	changed(s, from);
}

void sim_get_owed(struct sim *s, struct sim_who who, int32_t units, const char *stack)
{
	sim_operation(s, who, units, stack);
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
		sim_operation(s, who, -s->count, "?folio_ref_freeze -__folio_migrate_mapping "
			  "folio_migrate_mapping -__migrate_folio migrate_folio "
			  "-move_to_new_folio -migrate_pages_batch migrate_pages");
		sim_operation(s, who, s->refs[own].units, "?folio_ref_unfreeze "
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
	sim_operation(s, who, -s->count, "?folio_ref_freeze split_huge_page_to_list_to_order "
		  "deferred_split_scan kswapd kthread");
	s->order = 0;
	s->cache = !!s->cache;
	sim_operation(s, who, 1 + s->cache, "?page_ref_add ?page_ref_inc -__split_huge_page "
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
