// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks of holders, one line each, as flame graphs are made of; see render.h.
 */
#include "show/render.h"

#include <inttypes.h>

#include "trace/inlined.h"
#include "trace/stack.h"
#include "trace/task.h"

static void put_name(const struct view *r, const char *name)
{
	for (; *name; name++)
		fputc(*name == ';' || (unsigned char)*name <= ' ' ||
		      (unsigned char)*name >= 0x7f ? '_' : *name, r->out);
}

/* Outermost first here; "_[i]" is what flame graphs know inlined functions by. */
static void put_frames(const struct view *r, uint64_t addr)
{
	const struct debug_frame *frames;
	size_t nr = inlined_list(r->trace->inlined, addr, &frames);

	while (nr--) {
		fputc(';', r->out);
		put_name(r, frames[nr].function);
		if (frames[nr].inlined)
			fputs("_[i]", r->out);
	}
}

void render_folded(const struct view *r)
{
	const struct site *site;
	const uint64_t *frames;
	size_t i, k, nr;

	for (i = 0; i < r->f->nr_named; i++) {
		const struct holder *h = r->f->holders[i];

		put_name(r, h->nr_tasks ? tasks_get(r->trace->tasks, h->tasks[0])->comm :
			  "unknown");
		site = h->acquired ? &h->acquire : &h->release;
		stacks_get(r->trace->stacks, site->stack, &nr);
		for (k = nr; k-- > site->first;) {
			frames = stacks_get(r->trace->stacks, site->stack, &nr);
			put_frames(r, frames[k]);
		}
		fprintf(r->out, " %" PRIu64 "\n", h->refs);
	}
}
