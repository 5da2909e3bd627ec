// SPDX-License-Identifier: GPL-2.0
/*
 * Victims and the holders in their way, as text for people; see text_victims.h.
 */
#include "show/text_victims.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "show/victims.h"
#include "show/words.h"

/* The column of names stands in line where there is room. */
static int name_width(const struct view *r)
{
	return r->width && r->width < 72 ? 4 : 24;
}

/* As many holders of a victim as fit: "[1] 8, [2] 1". */
static void put_holders(const struct view *r, const struct victim *victim, int room)
{
	char cell[64];
	size_t i;
	int len;

	for (i = 0; i < victim->nr_by; i++) {
		len = snprintf(cell, sizeof(cell), "%s[%u] %" PRIu64, i ? ", " : "",
			       r->f->holders[victim->by[i].holder]->rank, victim->by[i].failures);
		if (r->width && i && len + 4 > room) {
			fputs(" ...", r->out);
			break;
		}
		fputs(cell, r->out);
		room -= len;
	}
	fputc('\n', r->out);
}

static void put_victim(const struct view *r, const struct victim *victim)
{
	char name[64], span[32];
	int len;

	len = fprintf(r->out, "  %8" PRIu64 " %8" PRIu64 " %10s  %-*s ", victim->failures,
		      victim->named, words_duration(r->trace, span, sizeof(span), victim->blocked_ns),
		      name_width(r), words_task(r->trace, victim->task, name, sizeof(name)));
	put_holders(r, victim, r->width - len);
}

void text_victims(const struct view *r)
{
	struct victims victims = { 0 };
	size_t i;

	victims_find(r->f, &victims);
	if (r->verbose || (r->f->nr_named && (victims.nr > 1 || r->f->nr_named > 1))) {
		words_heading(r, "Victims");
		fprintf(r->out, "  failures    named    blocked  %-*s %s\n", name_width(r), "task",
			"by holder: failures");
		for (i = 0; i < victims.nr; i++) {
			if (r->entries && i == r->entries) {
				fprintf(r->out, "  ... and %zu more (-E 0 shows all)\n",
					victims.nr - i);
				break;
			}
			put_victim(r, &victims.victims[i]);
		}
	}
	victims_free(&victims);
}
