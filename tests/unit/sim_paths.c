// SPDX-License-Identifier: GPL-2.0
/*
 * What memory management does to a folio beside the release that a test waits
 * for: which of it happens in a story; see sim.h.
 */
#include "sim.h"

#include "sim_paths.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

int sim_nr_pages(const struct sim *s)
{
	return 1 << s->order;
}

/* Mappings that have their reference: the page table lock is held till then. */
int sim_mapped(const struct sim *s)
{
	return s->mapped - s->owed;
}

/* How long mmu_gather and folio batches keep what they will put. */
int sim_gather(struct sim *s)
{
	return sim_on(s, SIM_LATE_PUT) ? sim_between(s, 2, 40) : sim_pick(s, 2);
}

struct sim_who sim_anybody(struct sim *s)
{
	static const uint8_t who[] = { CAROL, DAVE, ERIN, FRANK, GRACE, SIM_KWORKER };

	return (struct sim_who){ .task = who[sim_pick(s, ARRAY_LEN(who))] };
}

static const struct {
	sim_path path;
	enum sim_element element;	/* chosen by it, SIM_NR_ELEMENTS: always may be */
	bool call;			/* one call from the first step to the last */
} paths[] = {
	{ sim_path_zap, SIM_LATE_PUT, true },
	{ sim_path_zap, SIM_NR_ELEMENTS, true },
	{ sim_path_zap_mlocked, SIM_LATE_PUT },
	{ sim_path_reclaim, SIM_NR_ELEMENTS, true },
	{ sim_path_fork, SIM_NR_ELEMENTS },
	{ sim_path_fault, SIM_OLD_RISES, true },
	{ sim_path_fault, SIM_NR_ELEMENTS, true },
	{ sim_path_map_around, SIM_MAP_AROUND, true },
	{ sim_path_swapin, SIM_OLD_RISES, true },
	{ sim_path_swap_cache, SIM_LATE_PUT },
	{ sim_path_faults, SIM_BIG_PUT, true },
	{ sim_path_read, SIM_LONG, true },
	{ sim_path_truncate, SIM_BIG_PUT, true },
	{ sim_path_truncate, SIM_LATE_PUT, true },
	{ sim_path_shmem_swap, SIM_NO_PUT },
	{ sim_path_private, SIM_LATE_PUT },
	{ sim_path_pmd_split, SIM_BIG_PUT, true },
	{ sim_path_device_exclusive, SIM_NO_PUT },
	{ sim_path_ksm, SIM_CROWD, true },
	{ sim_path_cow, SIM_BIG_PUT, true },
	{ sim_path_read, SIM_NR_ELEMENTS, true },
	{ sim_path_activate, SIM_CROWD },
	{ sim_path_mlock, SIM_CROWD },
	{ sim_path_remote, SIM_BIG_PUT, true },
	{ sim_path_compaction, SIM_CROWD, true },
	{ sim_path_split, SIM_SPLIT, true },
};

static void add(struct sim *s, unsigned int i)
{
	int wait = paths[i].path == sim_path_split && sim_pick(s, 2) ? 0 : sim_pick(s, 45);
	struct sim_actor *a = sim_actor(s, paths[i].path, sim_between(s, CAROL, GRACE), wait);

	if (a)
		a->call = paths[i].call;
}

void sim_add_paths(struct sim *s)
{
	unsigned int i, nr;

	if (s->young)
		sim_actor(s, sim_path_add_to_cache, ERIN, 0);
	for (i = 0; i < ARRAY_LEN(paths); i++)
		if (paths[i].element != SIM_NR_ELEMENTS && sim_on(s, paths[i].element))
			for (nr = sim_pick(s, 3); nr; nr--)
				add(s, i);
	for (nr = sim_pick(s, sim_on(s, SIM_CROWD) ? 6 : 4); nr; nr--) {
		do {
			i = sim_pick(s, ARRAY_LEN(paths));
		} while (paths[i].element != SIM_NR_ELEMENTS);
		add(s, i);
	}
	if (sim_on(s, SIM_BUDGET))
		sim_actor(s, sim_path_hot, sim_between(s, CAROL, GRACE), sim_pick(s, 45));
}
