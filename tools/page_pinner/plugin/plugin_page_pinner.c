// SPDX-License-Identifier: GPL-2.0
/*
 * Plugin of libtraceevent: how trace-cmd, KernelShark and all that use that
 * library print the events of page_pinner.  The words are those of the kernel,
 * in the order of its print format, so that what reads its text reads this; what
 * is added stands in parentheses or is a key of its own:
 *
 *	delta=+1	with its sign
 *	unexpected=1	what is beyond the expected references, "?" if not known
 *	age_ns=2033244839 (2.033s)
 *	flags=0x2082c (6.12:referenced|uptodate|lru|owner_2|swapbacked)
 *
 * Enumerators are those of the recording; fields that came later than this
 * plugin follow the others.  A recording can be damaged: what lies outside a
 * record is "?", and no field is read unless its size is that of a number.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <event-parse.h>
#include <trace-seq.h>

#include "trace/pageflags.h"

#define NR_ITEMS(array) (sizeof(array) / sizeof((array)[0]))

/* Bits of flags are named as of this release unless the option says another. */
#define PRESUMED_KERNEL "6.12"

enum style {
	NUMBER,
	SIGNED,		/* always with its sign */
	HEX,
	ENUMERATOR,
	AGE,
	FLAGS,
};

static const struct row {
	const char *name;
	enum style style;
} rows[] = {
	{ "pfn", HEX }, { "order", NUMBER }, { "refcount", NUMBER }, { "delta", SIGNED },
	{ "expected", NUMBER }, { "mapcount", NUMBER }, { "pincount", NUMBER },
	{ "reason", ENUMERATOR }, { "kind", ENUMERATOR }, { "id", NUMBER },
	{ "marked", ENUMERATOR }, { "why", ENUMERATOR }, { "age_ns", AGE },
	{ "logged", NUMBER }, { "dropped", NUMBER }, { "repeats", NUMBER },
	{ "nid", NUMBER }, { "mt", NUMBER }, { "own", NUMBER }, { "refcount_now", NUMBER },
	{ "expected_now", NUMBER }, { "ctx", ENUMERATOR }, { "seq", NUMBER },
	{ "skipped", NUMBER }, { "late", NUMBER },
	{ "flags", FLAGS },
};

static const char *const events[] = {
	"page_pinner_fail_alloc_contig", "page_pinner_fail_compaction",
	"page_pinner_fail_longterm_pin", "page_pinner_fail_memory_hotplug",
	"page_pinner_fail_migrate", "page_pinner_get", "page_pinner_put",
	"page_pinner_unmark",
};

struct tep_plugin_option TEP_PLUGIN_OPTIONS[] = {
	{
		.name = "kernel",
		.plugin_alias = "page_pinner",
		.description = "Release of the kernel that recorded, for the names of page flags",
		.value = PRESUMED_KERNEL,
	},
	{ .name = NULL },
};

/* Reads a field; false if the record is too short for it, or it is no number. */
static bool read_field(const struct tep_format_field *field, const struct tep_record *record,
		       int64_t *value)
{
	unsigned long long number;
	int bits;

	if (field->offset < 0 || field->size <= 0 || field->size > 8 ||
	    field->flags & (TEP_FIELD_IS_ARRAY | TEP_FIELD_IS_STRING | TEP_FIELD_IS_DYNAMIC) ||
	    (int64_t)field->offset + field->size > record->size ||
	    tep_read_number_field((struct tep_format_field *)field, record->data, &number))
		return false;
	bits = 64 - 8 * field->size;
	*value = field->flags & TEP_FIELD_IS_SIGNED ?
		(int64_t)(number << bits) >> bits : (int64_t)number;
	return true;
}

/* A name out of a recording that neither a terminal nor a reader of text takes amiss. */
static bool is_word(const char *s)
{
	size_t len = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return len && !s[len];
}

/* The name that the print format of the event gives to a value of a field. */
static const char *enumerator(const struct tep_event *event, const char *field, int64_t value)
{
	const struct tep_print_flag_sym *symbol;
	const struct tep_print_arg *arg, *of;

	for (arg = event->print_fmt.args; arg; arg = arg->next) {
		of = arg->type == TEP_PRINT_SYMBOL ? arg->symbol.field : NULL;
		if (!of || of->type != TEP_PRINT_FIELD || strcmp(of->field.name, field))
			continue;
		for (symbol = arg->symbol.symbols; symbol; symbol = symbol->next)
			if (strtoll(symbol->value, NULL, 0) == value)
				return is_word(symbol->str) ? symbol->str : NULL;
	}
	return NULL;
}

static void print_flags(struct trace_seq *s, uint64_t flags)
{
	const char *kernel = TEP_PLUGIN_OPTIONS[0].value;
	bool told = strcmp(kernel, PRESUMED_KERNEL);
	const char *name, *between = "";
	unsigned int bit;

	for (bit = 0; bit < 64; bit++) {
		name = flags >> bit & 1 ? pageflags_name(kernel, bit) : NULL;
		if (!name)
			continue;
		if (!*between)
			trace_seq_printf(s, told ? " (" : " (%s:", PRESUMED_KERNEL);
		trace_seq_printf(s, "%s%s", between, name);
		between = "|";
	}
	if (*between)
		trace_seq_puts(s, ")");
}

static void print_value(struct trace_seq *s, const struct tep_event *event,
			const struct row *row, int64_t value)
{
	const char *name = NULL;

	switch (row->style) {
	case SIGNED:
		trace_seq_printf(s, "%+" PRId64, value);
		break;
	case HEX:
		trace_seq_printf(s, "0x%" PRIx64, (uint64_t)value);
		break;
	case ENUMERATOR:
		name = enumerator(event, row->name, value);
		if (name)
			trace_seq_puts(s, name);
		else
			trace_seq_printf(s, "%" PRId64, value);
		break;
	case AGE:
		trace_seq_printf(s, "%" PRIu64 " (%" PRIu64 ".%03" PRIu64 "s)", (uint64_t)value,
				 (uint64_t)value / 1000000000,
				 (uint64_t)value % 1000000000 / 1000000);
		break;
	case FLAGS:
		trace_seq_printf(s, "0x%" PRIx64, (uint64_t)value);
		print_flags(s, value);
		break;
	case NUMBER:
		trace_seq_printf(s, "%" PRId64, value);
		break;
	}
}

static const struct tep_format_field *find_field(const struct tep_event *event, const char *name)
{
	const struct tep_format_field *field;

	for (field = event->format.fields; field; field = field->next)
		if (!strcmp(field->name, name))
			return field;
	return NULL;
}

static void print_field(struct trace_seq *s, const struct tep_event *event,
			const struct tep_record *record, const struct tep_format_field *field,
			const struct row *row)
{
	int64_t value;

	trace_seq_printf(s, "%s%s=", s->len && s->buffer[s->len - 1] != ' ' ? " " : "", row->name);
	if (read_field(field, record, &value))
		print_value(s, event, row, value);
	else
		trace_seq_puts(s, "?");
}

/* Of each event with both counts: text is read by the keys that all of a kind have. */
static void print_unexpected(struct trace_seq *s, const struct tep_event *event,
			     const struct tep_record *record)
{
	const struct tep_format_field *count = find_field(event, "refcount");
	const struct tep_format_field *rule = find_field(event, "expected");
	int64_t refcount, expected;

	if (!count || !rule)
		return;
	if (read_field(count, record, &refcount) && read_field(rule, record, &expected) &&
	    expected >= 0)
		trace_seq_printf(s, " unexpected=%" PRId64, refcount - expected);
	else
		trace_seq_puts(s, " unexpected=?");
}

static bool is_later(const char *name)
{
	size_t i;

	for (i = 0; i < NR_ITEMS(rows); i++)
		if (!strcmp(rows[i].name, name))
			return false;
	return is_word(name);
}

static int print_event(struct trace_seq *s, struct tep_record *record, struct tep_event *event,
		       void *context)
{
	const struct tep_format_field *field;
	size_t i;

	for (i = 0; i < NR_ITEMS(rows); i++) {
		field = find_field(event, rows[i].name);
		if (!field)
			continue;
		print_field(s, event, record, field, &rows[i]);
		if (!strcmp(rows[i].name, "expected"))
			print_unexpected(s, event, record);
	}
	for (field = event->format.fields; field; field = field->next) {
		struct row row = { field->name, NUMBER };

		if (is_later(field->name))
			print_field(s, event, record, field, &row);
	}
	return 0;
}

int TEP_PLUGIN_LOADER(struct tep_handle *tep)
{
	size_t i;

	for (i = 0; i < NR_ITEMS(events); i++)
		tep_register_event_handler(tep, -1, "page_pinner", events[i], print_event, NULL);
	return 0;
}

void TEP_PLUGIN_UNLOADER(struct tep_handle *tep)
{
	size_t i;

	for (i = 0; i < NR_ITEMS(events); i++)
		tep_unregister_event_handler(tep, -1, "page_pinner", events[i], print_event, NULL);
}
