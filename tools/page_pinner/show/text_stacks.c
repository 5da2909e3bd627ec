// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks of holders for people; see text_stacks.h.
 */
#include "show/text_stacks.h"

#include <stdlib.h>

#include "judge/hints.h"
#include "show/words.h"
#include "show/wrap.h"
#include "trace/inlined.h"
#include "trace/stack.h"
#include "trace/symbols.h"
#include "util.h"

static void put_frame(const struct view *r, const char *module, const struct debug_frame *frame)
{
	char text[128];

	fprintf(r->out, "          %s", words_clean(text, sizeof(text), frame->function));
	if (module)
		fprintf(r->out, " [%s]", words_clean(text, sizeof(text), module));
	if (frame->inlined)
		fputs(" (inlined)", r->out);
	if (*frame->file)
		fprintf(r->out, " %s:%u", words_clean(text, sizeof(text), frame->file),
			frame->line);
	fputc('\n', r->out);
}

static void put_stack(const struct view *r, const char *title, const struct site *site)
{
	const struct debug_frame *frames;
	size_t nr, i, k, nr_frames;
	uint64_t addr;

	stacks_get(r->trace->stacks, site->stack, &nr);
	fprintf(r->out, "      %s\n", title);
	for (i = site->first; i < nr; i++) {
		if (r->max_stack && i - site->first == r->max_stack) {
			fprintf(r->out, "          ...\n");
			break;
		}
		addr = stacks_get(r->trace->stacks, site->stack, &nr)[i];
		nr_frames = inlined_list(r->trace->inlined, addr, &frames);
		for (k = 0; k < nr_frames; k++)
			put_frame(r, symbols_find(r->trace->symbols, addr)->module, &frames[k]);
	}
}

static void put_hint(const struct view *r, const struct holder *h)
{
	const struct site *site = h->release.stack ? &h->release : &h->acquire;
	const struct hint *hint = hints_find(r->trace, site->stack, site->first);
	char line[512];

	if (!hint)
		return;
	snprintf(line, sizeof(line), "hint, by the names of the functions: taken by %s;",
		 hint->taken_by);
	wrap_put(r->out, r->width, 6, line);
	wrap_put(r->out, r->width, 6, hint->advice);
}

static bool same_stacks(const struct holder *a, const struct holder *b)
{
	return a->acquired == b->acquired &&
	       (!a->acquired || a->acquire.stack == b->acquire.stack) &&
	       a->release.stack == b->release.stack;
}

void text_stacks(const struct view *r)
{
	size_t nr = r->entries && r->entries < r->f->nr_named ? r->entries : r->f->nr_named;
	bool *told = xzalloc(nr + 1);
	char name[128];
	size_t i, k;

	if (nr)
		words_heading(r, "Stacks");
	for (i = 0; i < nr; i++) {
		const struct holder *h = r->f->holders[i];

		if (told[i])
			continue;
		fputs(i ? "\n " : " ", r->out);
		for (k = i; k < nr; k++) {
			if (k != i && !same_stacks(h, r->f->holders[k]))
				continue;
			told[k] = true;
			fprintf(r->out, " [%u]", r->f->holders[k]->rank);
		}
		fprintf(r->out, " %s\n", words_clean(name, sizeof(name), words_function(h)));
		if (h->acquired)
			put_stack(r, "taken at", &h->acquire);
		if (h->release.stack)
			put_stack(r, "released at", &h->release);
		put_hint(r, h);
	}
	free(told);
}
