/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Folios that are held now, in words, and those that are held alike.
 */
#ifndef PAGE_PINNER_FOLIO_WORDS_H
#define PAGE_PINNER_FOLIO_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/findings.h"
#include "show/view.h"
#include "util.h"

/**
 * struct alike - folios of which the same is to be said, but for PFN and times
 * @folios: indices in &struct findings.folios
 * @nr: how many
 * @room: allocated
 */
struct alike {
	size_t *folios;
	size_t nr, room;
};

/**
 * struct alikes - all of them
 * @list: in the order of their first folios
 * @nr: how many
 * @room: allocated
 */
struct alikes {
	struct alike *list;
	size_t nr, room;
};

/**
 * alikes_find - put folios that are held alike together
 * @f: ranked findings
 * @each: every folio stands for itself
 * @to: empty; to be released by alikes_free()
 */
void alikes_find(const struct findings *f, bool each, struct alikes *to);

/**
 * alikes_free - release everything in there
 * @alikes: the folios
 */
void alikes_free(struct alikes *alikes);

/**
 * folio_head - which folios, and what their refcount is made of
 * @r: what is shown
 * @alike: the folios
 * @to: "pfn 0x7c03 order 0: refcount 3 = 1 mapping + 2 unexpected" is added here
 */
void folio_head(const struct view *r, const struct alike *alike, struct strbuf *to);

/**
 * folio_claim - who holds one of the unexpected references
 * @r: what is shown
 * @alike: the folios
 * @i: index of the claim, the same in each of them
 * @to: a sentence is added here
 */
void folio_claim(const struct view *r, const struct alike *alike, size_t i, struct strbuf *to);

/**
 * folio_rest - what nobody is named for
 * @r: what is shown
 * @folio: the folio
 * @i: from 0
 * @to: a sentence is added here
 *
 * Return: false if there is no such sentence, and no further one.
 */
bool folio_rest(const struct view *r, const struct folio *folio, size_t i, struct strbuf *to);

#endif
