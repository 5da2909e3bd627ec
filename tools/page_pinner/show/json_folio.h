/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A folio that is held now, as JSON.
 */
#ifndef PAGE_PINNER_JSON_FOLIO_H
#define PAGE_PINNER_JSON_FOLIO_H

#include <stddef.h>

#include "show/json.h"
#include "show/view.h"

/**
 * json_folio - one of the folios
 * @r: what is shown
 * @j: the document
 * @i: index in &struct findings.folios
 */
void json_folio(const struct view *r, struct json *j, size_t i);

/**
 * json_held - the member "held", how it was learned
 * @r: what is shown
 * @j: the document
 */
void json_held(const struct view *r, struct json *j);

#endif
