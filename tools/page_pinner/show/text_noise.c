// SPDX-License-Identifier: GPL-2.0
/*
 * What was set aside; see text_noise.h.
 */
#include "show/text_noise.h"

#include <inttypes.h>
#include <string.h>

#include "show/words.h"

void text_noise(const struct view *r)
{
	size_t i, len, width = 12;

	if (!r->f->nr_noise)
		return;
	words_heading(r, r->filter ? "Set aside, in the whole recording" : "Set aside");
	for (i = 0; i < r->f->nr_noise; i++) {
		len = strlen(r->f->noise[i]->class);
		width = len > width ? len : width;
	}
	for (i = 0; i < r->f->nr_noise; i++)
		fprintf(r->out, "  %-*s %8" PRIu64 " events on %" PRIu64 " page%s\n",
			(int)width, r->f->noise[i]->class, r->f->noise[i]->events, r->f->noise[i]->pages.nr,
			r->f->noise[i]->pages.nr == 1 ? "" : "s");
}
