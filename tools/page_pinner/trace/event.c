// SPDX-License-Identifier: GPL-2.0
/*
 * Decoding of page_pinner events; see event.h.
 */
#include "trace/event.h"

#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "util.h"

#define T(type) (1u << PIN_##type)
#define FAILS T(FAIL)
#define REFS (T(GET) | T(PUT))
#define OPS (REFS | T(UNMARK))
#define ALL (FAILS | OPS)

/*
 * Every field that is read: where it goes, in which events, where it must be,
 * and the bit of pin_event.has that tells of one that came to the format later.
 */
static const struct event_field {
	const char *name;
	size_t offset;
	size_t size;
	unsigned int types;
	unsigned int required;
	uint32_t has;
} fields[] = {
#define LATER(name, member, types, required, has)			\
	{ name, offsetof(struct pin_event, member),			\
	  sizeof(((struct pin_event *)0)->member), types, required, has }
#define FIELD(name, member, types, required)				\
	LATER(name, member, types, required, 0)
	FIELD("pfn", pfn, ALL, ALL),
	FIELD("id", id, ALL, ALL),
	FIELD("refcount", refcount, ALL, ALL),
	FIELD("order", order, ALL, 0),
	FIELD("reason", reason, ALL, FAILS),
	LATER("expected", expected, ALL, FAILS, HAS_EXPECTED),
	FIELD("kind", kind, FAILS, FAILS),
	FIELD("marked", marked, FAILS, FAILS),
	LATER("mapcount", mapcount, ALL, 0, HAS_MAPCOUNT),
	LATER("flags", flags, ALL, 0, HAS_FLAGS),
	LATER("ctx", ctx, OPS, 0, HAS_CTX),
	LATER("seq", seq, OPS, 0, HAS_SEQ),
	LATER("own", own, FAILS, 0, HAS_OWN),
	LATER("refcount_now", refcount_now, FAILS, 0, HAS_REFCOUNT_NOW),
	LATER("expected_now", expected_now, FAILS, 0, HAS_EXPECTED_NOW),
	FIELD("pincount", pincount, FAILS, 0),
	FIELD("repeats", repeats, FAILS, 0),
	FIELD("delta", delta, REFS, REFS),
	FIELD("why", why, T(UNMARK), T(UNMARK)),
	FIELD("age_ns", age_ns, T(UNMARK), 0),
	FIELD("dropped", dropped, T(UNMARK), 0),
	FIELD("logged", logged, T(UNMARK), 0),
	FIELD("skipped", skipped, OPS, 0),
	FIELD("late", late, REFS, 0),
#undef FIELD
#undef LATER
};

/* What most fields need is to be copied, as wide as they are or cut to a byte. */
enum place_kind { PLACE_1, PLACE_4, PLACE_8, PLACE_4_TO_1, PLACE_OTHER, NR_PLACE_KINDS };

struct event_layout {
	bool swap;	/* the recording has the other byte order */
	size_t end;	/* where the last field ends */
	uint32_t has;	/* of the later fields */
	size_t nr;
	size_t ends[NR_PLACE_KINDS];	/* in @places: those of a kind stand together */
	struct place {
		enum place_kind kind;
		int offset;
		size_t to;	/* in struct pin_event */
		const struct event_field *field;
		uint8_t size;
		bool is_signed;
	} places[ARRAY_SIZE(fields)];
};

bool event_type_of(const char *name, enum pin_type *type)
{
	static const struct {
		const char *pattern;
		enum pin_type type;
	} names[] = {
		{ "page_pinner_fail_*", PIN_FAIL },
		{ "page_pinner_get", PIN_GET },
		{ "page_pinner_put", PIN_PUT },
		{ "page_pinner_unmark", PIN_UNMARK },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (glob_match(names[i].pattern, name)) {
			*type = names[i].type;
			return true;
		}
	}
	return false;
}

static void store(struct pin_event *ev, const struct event_field *field, int64_t value)
{
	void *to = (char *)ev + field->offset;

	switch (field->size) {
	case 1: *(uint8_t *)to = value; break;
	case 4: *(uint32_t *)to = value; break;
	case 8: *(uint64_t *)to = value; break;
	}
	ev->has |= field->has;
	if (field->has == HAS_CTX)
		ev->atomic = value != CTX_TASK;
}

const struct event_field *event_field(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

bool event_field_fits(const struct event_field *field, int64_t value)
{
	switch (field->size) {
	case 1: return value >= 0 && value <= UINT8_MAX;
	case 4: return value >= INT32_MIN && value <= UINT32_MAX;
	default: return true;
	}
}

void event_field_set(struct pin_event *ev, const struct event_field *field, int64_t value)
{
	store(ev, field, value);
}

bool event_set_field(struct pin_event *ev, const char *name, int64_t value)
{
	const struct event_field *field = event_field(name);

	if (field)
		store(ev, field, value);
	return field != NULL;
}

const char *event_missing_field(enum pin_type type,
				bool (*has)(void *ctx, const char *name), void *ctx)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if ((fields[i].required & (1u << type)) && !has(ctx, fields[i].name))
			return fields[i].name;
	return NULL;
}

static bool format_has(void *ctx, const char *name)
{
	return tep_find_field(ctx, name) != NULL;
}

static enum place_kind place_kind(const struct event_layout *layout,
				  const struct event_field *field, int size)
{
	if (layout->swap || field->has == HAS_CTX)
		return PLACE_OTHER;
	if (size == 1 && field->size == 1)
		return PLACE_1;
	if (size == 4 && field->size == 4)
		return PLACE_4;
	if (size == 8 && field->size == 8)
		return PLACE_8;
	return size == 4 && field->size == 1 ? PLACE_4_TO_1 : PLACE_OTHER;
}

/* A field that no number can be read from makes every event too short. */
static void add_place(struct event_layout *layout, const struct event_field *field,
		      const struct tep_format_field *found)
{
	size_t end;

	if (!found)
		return;
	end = found->offset < 0 || found->size <= 0 || found->size > 8 ? SIZE_MAX :
	      (size_t)found->offset + found->size;
	if (end > layout->end)
		layout->end = end;
	layout->has |= field->has;
	layout->places[layout->nr++] = (struct place){
		.kind = place_kind(layout, field, found->size), .offset = found->offset,
		.to = field->offset, .field = field, .size = found->size,
		.is_signed = found->flags & TEP_FIELD_IS_SIGNED,
	};
}

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

struct event_layout *event_layout_new(enum pin_type type, struct tep_event *format,
				      const char **missing)
{
	struct event_layout *layout;
	unsigned int kind;
	size_t i;

	*missing = event_missing_field(type, format_has, format);
	if (*missing)
		return NULL;
	layout = xzalloc(sizeof(*layout));
	layout->swap = tep_is_file_bigendian(format->tep) != tep_is_local_bigendian(format->tep);
	for (i = 0; i < ARRAY_SIZE(fields); i++)
		if (fields[i].types & (1u << type))
			add_place(layout, &fields[i], tep_find_field(format, fields[i].name));
	qsort(layout->places, layout->nr, sizeof(*layout->places), compare_places);
	for (kind = 0, i = 0; kind < NR_PLACE_KINDS; kind++) {
		while (i < layout->nr && layout->places[i].kind == kind)
			i++;
		layout->ends[kind] = i;
	}
	return layout;
}

void event_layout_free(struct event_layout *layout)
{
	free(layout);
}

/* A number of 1, 2, 4 or 8 bytes; the library's way is a call for each. */
static int64_t read_number(const char *data, int size, bool is_signed, bool swap)
{
	uint64_t n8;
	uint32_t n4;
	uint16_t n2;

	switch (size) {
	case 1:
		return is_signed ? *(const int8_t *)data : *(const uint8_t *)data;
	case 2:
		memcpy(&n2, data, 2);
		n2 = swap ? __builtin_bswap16(n2) : n2;
		return is_signed ? (int16_t)n2 : n2;
	case 4:
		memcpy(&n4, data, 4);
		n4 = swap ? __builtin_bswap32(n4) : n4;
		return is_signed ? (int64_t)(int32_t)n4 : (int64_t)n4;
	case 8:
		memcpy(&n8, data, 8);
		return swap ? __builtin_bswap64(n8) : n8;
	}
	return 0;
}

bool event_decode(const struct event_layout *layout, const void *data, size_t size,
		  struct pin_event *ev)
{
	const struct place *place = layout->places;
	const size_t *ends = layout->ends;
	const char *from = data;
	char *to = (char *)ev;
	uint32_t wide;

	if (layout->end > size)
		return false;
	ev->has |= layout->has;
	for (; place < layout->places + ends[PLACE_1]; place++)
		to[place->to] = from[place->offset];
	for (; place < layout->places + ends[PLACE_4]; place++)
		memcpy(to + place->to, from + place->offset, 4);
	for (; place < layout->places + ends[PLACE_8]; place++)
		memcpy(to + place->to, from + place->offset, 8);
	for (; place < layout->places + ends[PLACE_4_TO_1]; place++) {
		memcpy(&wide, from + place->offset, 4);
		to[place->to] = wide;
	}
	for (; place < layout->places + layout->nr; place++)
		store(ev, place->field, read_number(from + place->offset, place->size,
						    place->is_signed, layout->swap));
	return true;
}
