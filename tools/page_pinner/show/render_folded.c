// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks of holders, one line each, as flame graphs are made of; see render.h.
 */
#include "show/render.h"

#include <inttypes.h>

#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"

static void put_frame(const struct view *r, const char *name)
{
	for (; *name; name++)
		fputc(*name == ';' || (unsigned char)*name <= ' ' ||
		      (unsigned char)*name >= 0x7f ? '_' : *name, r->out);
}

void render_folded(const struct view *r)
{
	const struct site *site;
	const uint64_t *frames;
	size_t i, k, nr;

	for (i = 0; i < r->f->nr_named; i++) {
		const struct holder *h = r->f->holders[i];

		put_frame(r, h->nr_tasks ? tasks_get(r->trace->tasks, h->tasks[0])->comm :
			  "unknown");
		site = h->acquired ? &h->acquire : &h->release;
		stacks_get(r->trace->stacks, site->stack, &nr);
		for (k = nr; k-- > site->first;) {
			frames = stacks_get(r->trace->stacks, site->stack, &nr);
			fputc(';', r->out);
			put_frame(r, symbols_find(r->trace->symbols, frames[k])->name);
		}
		fprintf(r->out, " %" PRIu64 "\n", h->refs);
	}
}
