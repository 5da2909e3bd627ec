// SPDX-License-Identifier: GPL-2.0
/*
 * Groups of holders; see group.h.
 *
 * A group is a holder like any other, to which the claims of its members are
 * handed: the sums are made where those of single holders are.
 */
#include "show/group.h"

#include <stdlib.h>
#include <string.h>

#include "show/rank.h"
#include "show/words.h"
#include "util.h"

static const char *const names[NR_GROUP_BY] = {
	[GROUP_BY_HOLDER] = "holder",
	[GROUP_BY_FUNCTION] = "function",
	[GROUP_BY_MODULE] = "module",
	[GROUP_BY_TASK] = "task",
};

const char *group_name(enum group_by by)
{
	return names[by];
}

static const char *module_of(const struct holder *h)
{
	return h->module ? h->module : "[kernel]";
}

/* Is a holder with this claim one of the group? */
static bool belongs(const struct holder *group, enum group_by by, const struct holder *h,
		    const struct claim *claim)
{
	switch (by) {
	case GROUP_BY_FUNCTION:
		return !strcmp(group->release.function, words_function(h)) &&
		       !strcmp(module_of(group), module_of(h));
	case GROUP_BY_MODULE:
		return !strcmp(group->module, module_of(h));
	case GROUP_BY_TASK:
		return group->owned == claim->known &&
		       (!claim->known || group->owner == claim->task);
	default:
		return group->owner == h->id;
	}
}

static struct holder *new_group(enum group_by by, const struct holder *h,
				const struct claim *claim)
{
	struct holder *group = xzalloc(sizeof(*group));

	group->acquired = true;
	group->pin = true;
	group->class = by == GROUP_BY_FUNCTION ? h->class : "";
	if (by == GROUP_BY_FUNCTION) {
		group->acquire.function = group->release.function = words_function(h);
		group->module = h->module;
	} else if (by == GROUP_BY_MODULE) {
		group->module = module_of(h);
	} else if (by == GROUP_BY_TASK) {
		group->owned = claim->known;
		group->owner = claim->task;
	} else {
		group->owner = h->id;
	}
	return group;
}

static uint32_t group_of(struct findings *groups, enum group_by by, const struct holder *h,
			 const struct claim *claim)
{
	struct holder *group;
	uint32_t i;

	for (i = 0; i < groups->nr_holders; i++)
		if (belongs(groups->holders[i], by, h, claim))
			break;
	if (i == groups->nr_holders) {
		group = new_group(by, h, claim);
		group->id = i + 1;
		VEC_PUSH(groups->holders, groups->nr_holders, groups->room_holders, group);
	}
	groups->holders[i]->acquired &= h->acquired;
	groups->holders[i]->pin &= h->pin;
	return i;
}

/* The same claim, but of the group. */
static struct claim claim_for(const struct findings *f, enum group_by by, const struct claim *from,
			      struct findings *groups)
{
	struct claim claim = *from;

	claim.holder = group_of(groups, by, f->holders[claim.holder], &claim);
	return claim;
}

void group_findings(const struct findings *f, enum group_by by, const char *key,
		    struct trace *trace, struct findings *groups)
{
	size_t i, k;

	for (i = 0; i < f->nr_failures; i++) {
		const struct failure *from = f->failures[i];
		struct failure *to;

		if (!from->nr_claims)
			continue;
		to = findings_failure_like(groups, from);
		for (k = 0; k < from->nr_claims; k++) {
			struct claim claim = claim_for(f, by, &from->claims[k], groups);

			VEC_PUSH(to->claims, to->nr_claims, to->room_claims, claim);
		}
	}
	for (i = 0; i < f->nr_folios; i++) {
		const struct folio *from = f->folios[i];
		struct folio *to = findings_folio(groups);

		to->pfn = from->pfn;
		for (k = 0; k < from->nr_claims; k++) {
			struct claim claim = claim_for(f, by, &from->claims[k], groups);

			VEC_PUSH(to->claims, to->nr_claims, to->room_claims, claim);
		}
	}
	rank_findings(groups, trace, key);
}
