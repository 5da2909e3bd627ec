// SPDX-License-Identifier: GPL-2.0
/*
 * The balance of watched folios; see text_balance.h.
 */
#include "show/text_balance.h"

#include <inttypes.h>

#include "show/words.h"

static void put_row(const struct view *r, const struct taker *taker)
{
	char function[128], module[64], since[64] = "-";

	if (taker->open_ns)
		words_time(r->trace, taker->open_ns, since, sizeof(since));
	fprintf(r->out, "  %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %8" PRIu64 " %18s  %s%s%s%s\n",
		taker->took, taker->gave, taker->took - taker->gave, taker->pages.nr, since,
		words_clean(function, sizeof(function), taker->function),
		taker->module ? " [" : "",
		taker->module ? words_clean(module, sizeof(module), taker->module) : "",
		taker->module ? "]" : "");
}

void text_balance(const struct view *r)
{
	size_t i;

	if (!r->f->nr_takers)
		return;
	words_heading(r, "Balance of watched and marked folios");
	fprintf(r->out, "  %10s %10s %10s %8s %18s  %s\n", "took", "gave back", "open refs",
		"on pages", "open since", "function");
	for (i = 0; i < r->f->nr_takers; i++) {
		if (r->entries && i == r->entries) {
			fprintf(r->out, "  ... and %zu more (-E 0 shows all)\n",
				r->f->nr_takers - i);
			break;
		}
		put_row(r, r->f->takers[i]);
	}
}
