// SPDX-License-Identifier: GPL-2.0
/*
 * Formats of events in perf.data; see perf_formats.h.
 */
#include "read/perf_formats.h"

#include <stdlib.h>
#include <string.h>

#include <event-parse.h>

#include "trace/guard.h"
#include "read/tracing_data.h"
#include "util.h"

/* Bits of common_flags: hard interrupt, softirq, NMI. */
#define FLAGS_IRQ (0x08 | 0x10 | 0x40)

struct perf_formats {
	struct trace *trace;
	struct tep_handle *tep;
	struct map layouts;	/* by event id */
	struct map areas;	/* of those that tell of CMA areas, by event id */
	struct map types;	/* the same: type + 1 */
	int type_offset, type_size;
	int flags_offset;	/* of common_flags, one byte; -1: none */
	bool refs;		/* page_ref's events have formats */
};

struct perf_formats *perf_formats_new(struct trace *trace)
{
	struct perf_formats *formats = xzalloc(sizeof(*formats));

	tep_set_loglevel(TEP_LOG_NONE);
	formats->trace = trace;
	formats->flags_offset = -1;
	formats->tep = tep_alloc();
	if (formats->tep)
		return formats;
	report_error("%s: out of memory", trace->file);
	free(formats);
	return NULL;
}

static void note_common(struct perf_formats *f, struct tep_event *format)
{
	struct tep_format_field *field = tep_find_common_field(format, "common_type");

	if (field && field->offset >= 0 && (field->size == 2 || field->size == 4)) {
		f->type_offset = field->offset;
		f->type_size = field->size;
	}
	field = tep_find_common_field(format, "common_flags");
	if (field && field->offset >= 0 && field->size == 1)
		f->flags_offset = field->offset;
}

static int add_layout(struct perf_formats *f, struct tep_event *format)
{
	struct event_layout *layout;
	const char *missing;
	struct area_layout *area = area_layout_new(format);
	enum pin_type type;

	if (area) {
		free(map_get(&f->areas, format->id));
		map_put(&f->areas, format->id, area);
		note_common(f, format);
		return 0;
	}
	f->refs |= !strcmp(format->system, "page_ref");
	if (strcmp(format->system, "page_pinner") || !event_type_of(format->name, &type))
		return 0;
	layout = event_layout_new(type, format, &missing);
	if (!layout) {
		report_error("%s: event %s has no field %s", f->trace->file, format->name,
			     missing);
		return -1;
	}
	event_layout_free(map_get(&f->layouts, format->id));
	map_put(&f->layouts, format->id, layout);
	map_put(&f->types, format->id, (void *)(uintptr_t)(type + 1));
	note_common(f, format);
	return 0;
}

int perf_formats_learn(struct perf_formats *formats, const struct cursor *data)
{
	struct tep_event **events;
	int ret, i;

	guard_enter(formats->trace->guard, "libtraceevent", NULL);
	ret = data->bad || tracing_data_parse(formats->tep, formats->trace->symbols, data->p,
					      data->end - data->p);
	events = ret ? NULL : tep_list_events(formats->tep, TEP_EVENT_SORT_ID);
	guard_leave(formats->trace->guard);
	if (ret) {
		report_error("%s: the formats of its events cannot be understood",
			     formats->trace->file);
		return -1;
	}
	for (i = 0; events && events[i]; i++)
		if (add_layout(formats, events[i]))
			return -1;
	return 0;
}

bool perf_formats_type(const struct perf_formats *formats, uint64_t id, enum pin_type *type)
{
	uintptr_t known = (uintptr_t)map_get(&formats->types, id);

	if (known)
		*type = known - 1;
	return known;
}

bool perf_formats_page_refs(const struct perf_formats *formats)
{
	return formats->refs;
}

int perf_formats_decode(const struct perf_formats *formats, const struct cursor *raw,
			struct pin_event *ev)
{
	const struct event_layout *layout;
	const struct area_layout *area;
	enum pin_type type;
	size_t size;
	uint64_t id;

	if (raw->bad || !formats->type_size)
		return 0;
	size = raw->end - raw->p;
	if ((size_t)formats->type_offset + formats->type_size > size)
		return 0;
	id = tep_read_number(formats->tep, raw->p + formats->type_offset, formats->type_size);
	area = map_get(&formats->areas, id);
	if (area)
		area_read(area, raw->p, size, &formats->trace->areas);
	layout = map_get(&formats->layouts, id);
	if (!layout || !perf_formats_type(formats, id, &type))
		return 0;
	if (!event_decode(layout, raw->p, size, ev))
		return -1;
	ev->type = type;
	/* What an interrupt puts is not the doing of the task it interrupted. */
	if (!(ev->has & HAS_CTX) && formats->flags_offset >= 0 &&
	    (size_t)formats->flags_offset < size)
		ev->atomic = (raw->p[formats->flags_offset] & FLAGS_IRQ) != 0;
	return 1;
}

void perf_formats_free(struct perf_formats *formats)
{
	size_t i;

	if (!formats)
		return;
	for (i = 0; i < formats->layouts.room; i++)
		event_layout_free(formats->layouts.slots[i].value);
	for (i = 0; i < formats->areas.room; i++)
		free(formats->areas.slots[i].value);
	map_free(&formats->areas);
	map_free(&formats->layouts);
	map_free(&formats->types);
	tep_free(formats->tep);
	free(formats);
}
