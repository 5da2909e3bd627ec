// SPDX-License-Identifier: GPL-2.0
/*
 * What is held now as text for people; see render.h.
 *
 * The folios come first, then the holders ranked, their stacks, what was set
 * aside, and the counts.
 */
#include "show/render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "show/folio_words.h"
#include "show/text_noise.h"
#include "show/text_stacks.h"
#include "show/text_table.h"
#include "show/words.h"
#include "show/wrap.h"

struct sums {
	uint64_t unexpected;
	uint64_t unrecorded;
	uint64_t batched;
	uint64_t surplus;
};

static void sum_up(const struct findings *f, struct sums *sums)
{
	size_t i;

	for (i = 0; i < f->nr_folios; i++) {
		const struct folio *folio = f->folios[i];

		if (folio->refcount > folio->expected)
			sums->unexpected += (int64_t)folio->refcount - folio->expected;
		sums->unrecorded += folio->unrecorded;
		sums->batched += folio->batched;
		sums->surplus += folio->surplus;
	}
}

static void put_losses(const struct view *r)
{
	const struct held_source *held = r->held;
	char line[512];

	if (held->refused || held->busy) {
		snprintf(line, sizeof(line), "%sThe kernel could not record %" PRIu64 " gets since boot (%" PRIu64
			 " found no room, %" PRIu64 " no turn): names are unsafe. "
			 "Watch less, or boot with page_pinner=on,gets=N.%s",
			 words_color(r, WORDS_RED), held->refused + held->busy, held->refused,
			 held->busy, words_color(r, WORDS_PLAIN));
		wrap_put(r->out, r->width, 0, line);
	}
	if (held->unread) {
		snprintf(line, sizeof(line), "%s%" PRIu64 " line%s could not be read or missing: no name is taken from such.%s",
			 words_color(r, WORDS_RED), held->unread, held->unread == 1 ? "" : "s",
			 words_color(r, WORDS_PLAIN));
		wrap_put(r->out, r->width, 0, line);
	}
}

static void put_heading(const struct view *r, const struct sums *sums)
{
	char name[256], filter[256], line[1024];
	int used;

	snprintf(line, sizeof(line), "%sPage pinner holders%s: %s", words_color(r, WORDS_BOLD),
		 words_color(r, WORDS_PLAIN), words_clean(name, sizeof(name), r->trace->file));
	wrap_put(r->out, r->width, 0, line);
	used = snprintf(line, sizeof(line), "%zu folio%s", r->f->nr_folios,
			r->f->nr_folios == 1 ? "" : "s");
	if (r->filter)
		used += snprintf(line + used, sizeof(line) - used, " of %" PRIu64 " (%s)", r->all,
				 words_clean(filter, sizeof(filter), r->filter));
	used += snprintf(line + used, sizeof(line) - used, " with %" PRIu64 " unexpected reference%s: %zu holder%s",
			 sums->unexpected, sums->unexpected == 1 ? "" : "s", r->f->nr_named,
			 r->f->nr_named == 1 ? "" : "s");
	if (sums->batched)
		used += snprintf(line + used, sizeof(line) - used, ", %" PRIu64 " in batches",
				 sums->batched);
	if (sums->unrecorded)
		used += snprintf(line + used, sizeof(line) - used, ", %" PRIu64 " not on record",
				 sums->unrecorded);
	if (sums->surplus)
		snprintf(line + used, sizeof(line) - used, ", %" PRIu64 " of these given back",
			 sums->surplus);
	wrap_put(r->out, r->width, 0, line);
	put_losses(r);
}

static void put_alike(const struct view *r, const struct alike *alike)
{
	const struct folio *folio = r->f->folios[alike->folios[0]];
	struct strbuf line = { 0 };
	size_t i;

	folio_head(r, alike, &line);
	wrap_put(r->out, r->width, 2, line.text);
	for (i = 0; i < folio->nr_claims; i++) {
		line.len = 0;
		folio_claim(r, alike, i, &line);
		wrap_put(r->out, r->width, 6, line.text);
	}
	for (i = 0; line.len = 0, folio_rest(r, folio, i, &line); i++)
		wrap_put(r->out, r->width, 6, line.text);
	free(line.text);
}

static void put_folios(const struct view *r)
{
	struct alikes alikes = { 0 };
	size_t i;

	if (!r->f->nr_folios) {
		fprintf(r->out, "\nNo folio has unexpected references%s.\n",
			r->filter ? " and is left by the filters" : "");
		return;
	}
	words_heading(r, "Folios that are held");
	alikes_find(r->f, r->verbose, &alikes);
	for (i = 0; i < alikes.nr; i++) {
		if (r->entries && i == r->entries) {
			fprintf(r->out, "  ... and %zu more (-E 0 shows all)\n", alikes.nr - i);
			break;
		}
		put_alike(r, &alikes.list[i]);
	}
	alikes_free(&alikes);
}

static void put_counts(const struct view *r, const struct sums *sums)
{
	char line[256];

	snprintf(line, sizeof(line), "%" PRIu64 " rows read%s: %" PRIu64 " open gets, %" PRIu64 " lost",
		 r->held->rows, r->filter ? ", whatever was asked for" : "", r->f->open_gets,
		 r->trace->lost);
	fputc('\n', r->out);
	wrap_put(r->out, r->width, 0, line);
}

void render_held(const struct view *r)
{
	struct sums sums = { 0 };

	sum_up(r->f, &sums);
	put_heading(r, &sums);
	put_folios(r);
	text_table(r);
	text_stacks(r);
	text_noise(r);
	put_counts(r, &sums);
}
