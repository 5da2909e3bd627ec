// SPDX-License-Identifier: GPL-2.0
/*
 * A folio as JSON; see json_folio.h.
 */
#include "show/json_folio.h"

#include "show/json_words.h"
#include "show/words.h"
#include "trace/event.h"

static void put_get(const struct view *r, struct json *j, const struct claim *claim)
{
	json_open_inline(j, NULL, '{');
	if (claim->own)
		json_string(j, "holder", NULL);
	else
		json_uint(j, "holder", r->f->holders[claim->holder]->id);
	json_string(j, "function", words_function(r->f->holders[claim->holder]));
	json_uint(j, "refs", claim->refs);
	json_real(j, "confidence", claim->confidence);
	json_bool(j, "sure", !claim->guess);
	json_bool(j, "interrupt", claim->atomic);
	if (claim->known) {
		json_task(r, j, claim->task);
	} else {
		json_int(j, "pid", 0);
		json_string(j, "comm", "");
	}
	json_uint(j, "since_ns", claim->from_ns);
	json_uint(j, "held_ns", claim->to_ns - claim->from_ns);
	json_close(j, '}');
}

void json_folio(const struct view *r, struct json *j, size_t i)
{
	const struct folio *folio = r->f->folios[i];
	size_t k;

	json_item(j, "folio");
	json_uint(j, "pfn", folio->pfn);
	json_uint(j, "order", folio->order);
	json_int(j, "refcount", folio->refcount);
	json_int(j, "expected", folio->expected);
	json_int(j, "unexpected", (int64_t)folio->refcount - folio->expected);
	if (folio->has & HAS_MAPCOUNT)
		json_int(j, "mapcount", folio->mapcount);
	else
		json_string(j, "mapcount", NULL);
	if (folio->has & HAS_FLAGS)
		json_uint(j, "flags", folio->flags);
	else
		json_string(j, "flags", NULL);
	if (folio->timed)
		json_uint(j, "time_ns", folio->at_ns);
	else
		json_string(j, "time_ns", NULL);
	json_string(j, "from", folio->log ? "log" : "table");
	json_open(j, "gets", '[');
	for (k = 0; k < folio->nr_claims; k++)
		put_get(r, j, &folio->claims[k]);
	json_close(j, ']');
	json_int(j, "not_on_record", folio->unrecorded);
	json_bool(j, "refused", folio->refused);
	json_int(j, "in_batches", folio->batched);
	json_int(j, "given_back", folio->surplus);
	json_close(j, '}');
}

void json_held(const struct view *r, struct json *j)
{
	json_open_inline(j, "held", '{');
	json_uint(j, "looks", r->held->looks);
	json_uint(j, "logs", r->held->logs);
	json_uint(j, "rows", r->held->rows);
	json_uint(j, "unread", r->held->unread);
	json_bool(j, "counted", r->held->counted);
	json_uint(j, "refused", r->held->refused);
	json_uint(j, "busy", r->held->busy);
	json_close(j, '}');
}
