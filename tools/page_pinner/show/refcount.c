// SPDX-License-Identifier: GPL-2.0
/*
 * Refcounts in words; see refcount.h.
 */
#include "show/refcount.h"

#include <inttypes.h>

#include "show/words.h"
#include "trace/event.h"
#include "trace/pageflags.h"

void refcount_pins(const struct failure *failure, int64_t refs, struct strbuf *to)
{
	if (!failure->order && refs && refs % PIN_UNITS == 0)
		strbuf_add(to, " (%" PRId64 " FOLL_PIN%s)", refs / PIN_UNITS,
			   refs == PIN_UNITS ? "" : "s");
}

/* The next summand: its sign stands before it, but for the first one. */
static void say_sign(int64_t refs, bool first, struct strbuf *to)
{
	strbuf_add(to, "%s%s", first ? "" : refs < 0 ? " - " : " + ", first && refs < 0 ? "-" : "");
	strbuf_add(to, "%" PRId64 " ", refs < 0 ? -refs : refs);
}

/* Mappings are counted by themselves where that can be. */
static bool say_expected(const struct failure *failure, int64_t refs, bool first,
			 struct strbuf *to)
{
	int64_t maps = failure->mapcount;

	if (refs > 0 && maps > 0 && maps <= refs) {
		say_sign(maps, first, to);
		strbuf_add(to, "mapping%s", maps == 1 ? "" : "s");
		refs -= maps;
		first = false;
	}
	if (refs) {
		say_sign(refs, first, to);
		strbuf_add(to, failure->own < 0 ? "of caches, private data or own" :
			   "of caches and private data");
		first = false;
	}
	return first;
}

static void say_part(const struct view *r, const struct failure *failure,
		     const struct part *part, struct strbuf *to)
{
	const struct holder *h;
	char class[64];

	switch (part->of) {
	case PART_OWN:
		strbuf_add(to, "own");
		break;
	case PART_HOLDER:
		h = r->f->holders[part->holder];
		strbuf_add(to, "%s [%u]", words_clean(class, sizeof(class), h->class), h->rank);
		break;
	case PART_SHORT:
		strbuf_add(to, "short, of the kernel's own");
		break;
	case PART_CANDIDATE:
		strbuf_add(to, "of a candidate");
		break;
	default:
		strbuf_add(to, part->refs < 0 ? "missing" : "unexplained");
		break;
	}
	refcount_pins(failure, part->refs, to);
}

/* Without an account: what was expected, own references included, and the rest. */
static void say_rest(const struct failure *failure, struct strbuf *to)
{
	int64_t rest = (int64_t)failure->refcount - failure->expected;

	strbuf_add(to, "%" PRId32 " expected", failure->expected);
	if (!rest)
		return;
	say_sign(rest, false, to);
	strbuf_add(to, rest < 0 ? "missing" : "unexpected");
	refcount_pins(failure, rest, to);
}

void refcount_say(const struct view *r, const struct failure *failure, struct strbuf *to)
{
	bool first = true;
	size_t i;

	strbuf_add(to, "refcount %" PRId32 " = ", failure->refcount);
	for (i = 0; i < failure->nr_parts; i++) {
		const struct part *part = &failure->parts[i];

		if (part->of == PART_EXPECTED) {
			first = say_expected(failure, part->refs, first, to);
		} else if (part->refs) {
			say_sign(part->refs, first, to);
			say_part(r, failure, part, to);
			first = false;
		}
	}
	if (!failure->nr_parts)
		say_rest(failure, to);
	else if (first)
		strbuf_add(to, "0");
}

static void say_flags(const struct view *r, uint64_t flags, struct strbuf *to)
{
	const char *name;
	unsigned int bit;
	bool any = false;

	strbuf_add(to, ", flags 0x%" PRIx64, flags);
	for (bit = 0; bit < 64; bit++) {
		name = flags >> bit & 1 ? pageflags_name(r->trace->kernel, bit) : NULL;
		if (!name)
			continue;
		strbuf_add(to, "%s%s", any ? "|" : " (", name);
		any = true;
	}
	if (any)
		strbuf_add(to, ")");
}

void refcount_last(const struct view *r, const struct failure *failure, struct strbuf *to)
{
	const struct last_seen *last = &failure->last;
	char age[32];

	words_duration(r->trace, age, sizeof(age), r->trace->last_ns - failure->time_ns);
	strbuf_add(to, "held for at least %s; ", age);
	if (!last->known) {
		strbuf_add(to, "refcount %" PRId32 ", expected %" PRId32 ", mapcount %" PRId32
			   ", pincount %" PRId32, failure->refcount, failure->expected,
			   failure->mapcount, failure->pincount);
		return;
	}
	words_duration(r->trace, age, sizeof(age),
		       last->ts > failure->time_ns ? last->ts - failure->time_ns : 0);
	strbuf_add(to, "last seen %s after it failed: refcount %" PRId32, age, last->refcount);
	if (last->expected >= 0) {
		strbuf_add(to, ", expected %" PRId32, last->expected);
		strbuf_add(to, ", unexpected %" PRId64, (int64_t)last->refcount - last->expected);
		refcount_pins(failure, (int64_t)last->refcount - last->expected, to);
	}
	if (last->has & HAS_MAPCOUNT)
		strbuf_add(to, ", mapcount %" PRId32, last->mapcount);
	strbuf_add(to, ", pincount %" PRId32, failure->pincount);
	if (last->has & HAS_FLAGS)
		say_flags(r, last->flags, to);
}
