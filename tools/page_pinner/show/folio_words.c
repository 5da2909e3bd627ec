// SPDX-License-Identifier: GPL-2.0
/*
 * Words on folios; see folio_words.h.
 */
#include "show/folio_words.h"

#include <inttypes.h>
#include <stdlib.h>

#include "show/words.h"
#include "trace/event.h"

/* What has to be the same, but for the claims, as numbers. */
static uint64_t hash_folio(const struct folio *folio)
{
	const int64_t numbers[] = {
		folio->order, folio->refcount, folio->expected,
		folio->has & HAS_MAPCOUNT ? folio->mapcount : -1, folio->log, folio->refused,
		folio->unrecorded, folio->batched, folio->surplus, folio->nr_claims,
	};
	uint64_t hash = hash_bytes(numbers, sizeof(numbers));
	size_t i;

	for (i = 0; i < folio->nr_claims; i++) {
		const struct claim *claim = &folio->claims[i];
		const int64_t own[] = {
			hash, claim->holder, claim->task, claim->units, claim->guess, claim->known,
			claim->own,
		};

		hash = hash_bytes(own, sizeof(own));
	}
	return hash;
}

static bool same_claims(const struct folio *a, const struct folio *b)
{
	size_t i;

	for (i = 0; i < a->nr_claims; i++)
		if (a->claims[i].holder != b->claims[i].holder ||
		    a->claims[i].task != b->claims[i].task ||
		    a->claims[i].units != b->claims[i].units ||
		    a->claims[i].guess != b->claims[i].guess)
			return false;
	return true;
}

void alikes_find(const struct findings *f, bool each, struct alikes *to)
{
	struct map known = { 0 };
	size_t i;

	for (i = 0; i < f->nr_folios; i++) {
		uint64_t hash = hash_folio(f->folios[i]);
		uintptr_t place = each ? 0 : (uintptr_t)map_get(&known, hash);
		struct alike *alike;

		/* of two with one hash by accident, the second stands for itself */
		if (!place || f->folios[to->list[place - 1].folios[0]]->nr_claims !=
			      f->folios[i]->nr_claims ||
		    !same_claims(f->folios[to->list[place - 1].folios[0]], f->folios[i])) {
			struct alike new = { 0 };

			VEC_PUSH(to->list, to->nr, to->room, new);
			place = to->nr;
			map_put(&known, hash, (void *)place);
		}
		alike = &to->list[place - 1];
		VEC_PUSH(alike->folios, alike->nr, alike->room, i);
	}
	map_free(&known);
}

void alikes_free(struct alikes *alikes)
{
	size_t i;

	for (i = 0; i < alikes->nr; i++)
		free(alikes->list[i].folios);
	free(alikes->list);
	alikes->list = NULL;
	alikes->nr = alikes->room = 0;
}

static const struct folio *first_of(const struct view *r, const struct alike *alike)
{
	return r->f->folios[alike->folios[0]];
}

void folio_head(const struct view *r, const struct alike *alike, struct strbuf *to)
{
	const struct folio *first = first_of(r, alike);
	const struct folio *last = r->f->folios[alike->folios[alike->nr - 1]];
	int64_t mapped = first->has & HAS_MAPCOUNT ? first->mapcount : -1;
	const char *between = " = ";

	if (alike->nr > 1)
		strbuf_add(to, "%zu folios in ", alike->nr);
	strbuf_add(to, "pfn 0x%" PRIx64, first->pfn);
	if (alike->nr > 1)
		strbuf_add(to, "-0x%" PRIx64, last->pfn);
	strbuf_add(to, " order %u: %srefcount %d", first->order, alike->nr > 1 ? "each " : "",
		   first->refcount);
	if (mapped >= 0 && mapped <= first->expected) {
		if (mapped) {
			strbuf_add(to, "%s%" PRId64 " mapping%s", between, mapped,
				   mapped == 1 ? "" : "s");
			between = " + ";
		}
		if (first->expected > mapped) {
			strbuf_add(to, "%s%" PRId64 " of caches and private data", between,
				   first->expected - mapped);
			between = " + ";
		}
	} else if (first->expected) {
		strbuf_add(to, "%s%d expected", between, first->expected);
		between = " + ";
	}
	strbuf_add(to, "%s%" PRId64 " unexpected", between,
		   (int64_t)first->refcount - first->expected);
	if (first->log)
		strbuf_add(to, ", when dump_page() looked");
}

/* Of folios held alike, from the shortest to the longest time. */
static void say_time(const struct view *r, const struct alike *alike, size_t at, struct strbuf *to)
{
	uint64_t least = UINT64_MAX, most = 0, since = UINT64_MAX;
	char text[64];
	size_t i;

	for (i = 0; i < alike->nr; i++) {
		const struct claim *claim = &r->f->folios[alike->folios[i]]->claims[at];
		uint64_t held = claim->to_ns - claim->from_ns;

		least = held < least ? held : least;
		most = held > most ? held : most;
		since = claim->from_ns < since ? claim->from_ns : since;
	}
	strbuf_add(to, "held");
	/* a core does not say what time it is */
	if (most)
		strbuf_add(to, " %s", words_duration(r->trace, text, sizeof(text), least));
	if (most != least)
		strbuf_add(to, " to %s", words_duration(r->trace, text, sizeof(text), most));
	if (since)
		strbuf_add(to, "%s since %s%s", most ? "," : "",
			   words_time(r->trace, since, text, sizeof(text)), most ? "," : "");
}

void folio_claim(const struct view *r, const struct alike *alike, size_t i, struct strbuf *to)
{
	const struct claim *claim = &first_of(r, alike)->claims[i];
	const struct holder *h = r->f->holders[claim->holder];
	char text[160];

	if (first_of(r, alike)->surplus)
		strbuf_add(to, "%sone of%s: ", words_color(r, WORDS_YELLOW),
			   words_color(r, WORDS_PLAIN));
	say_time(r, alike, i, to);
	strbuf_add(to, " by %u %s %s%s", claim->refs, words_clean(text, sizeof(text), h->class),
		   h->pin ? "pin" : "reference", claim->refs == 1 ? "" : "s");
	if (h->module)
		strbuf_add(to, " of module %s", words_clean(text, sizeof(text), h->module));
	strbuf_add(to, " of %s%s%s", words_color(r, WORDS_BOLD),
		   claim->known ? words_task(r->trace, claim->task, text, sizeof(text)) :
				  "an interrupt", words_color(r, WORDS_PLAIN));
	strbuf_add(to, ", taken by %s", words_clean(text, sizeof(text), words_function(h)));
	if (claim->own) {
		strbuf_add(to, ": of whoever migrates it");
		return;
	}
	strbuf_add(to, " [%u], confidence %.2f", h->rank, claim->confidence);
}

static void say_unrecorded(const struct view *r, const struct folio *folio, struct strbuf *to)
{
	bool one = folio->unrecorded == 1;

	strbuf_add(to, "%s%" PRId64 " reference%s not on record%s: ",
		   words_color(r, WORDS_YELLOW), folio->unrecorded, one ? " is" : "s are",
		   words_color(r, WORDS_PLAIN));
	if (folio->refused)
		strbuf_add(to, "the kernel had no room for some gets of this page (boot with page_pinner=on,gets=N)");
	else
		strbuf_add(to, "%s from before the watch or the mark", one ? "it is" : "they are");
	if (r->held->unread)
		strbuf_add(to, ", or in lines that could not be read");
}

static void say_batched(const struct folio *folio, struct strbuf *to)
{
	bool one = folio->batched == 1;
	char class[64];

	strbuf_add(to, "%" PRId64 " reference%s in a per-CPU batch (%s): nobody to blame, the next drain gives %s back",
		   folio->batched, one ? " waits" : "s wait",
		   words_clean(class, sizeof(class), folio->batch), one ? "it" : "them");
}

bool folio_rest(const struct view *r, const struct folio *folio, size_t i, struct strbuf *to)
{
	if (folio->batched && !i--) {
		say_batched(folio, to);
		return true;
	}
	if (folio->unrecorded && !i--) {
		say_unrecorded(r, folio, to);
		return true;
	}
	if (folio->surplus && !i--) {
		strbuf_add(to, "%" PRId64 " of these references %s given back: it is not known which",
			   folio->surplus, folio->surplus == 1 ? "was" : "were");
		return true;
	}
	return false;
}
