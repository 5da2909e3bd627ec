// SPDX-License-Identifier: GPL-2.0
/*
 * Names and fields of page_pinner events in text; see fields.h.
 */
#include "read/fields.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define PREFIX "page_pinner_"
#define PREFIX_LEN (sizeof(PREFIX) - 1)
#define NAME_MAX_LEN 47
#define KEY_MAX_LEN 23
#define KEYS_MAX 32
#define EVENTS_MAX 16
/* Of one name: torn lines among the first ones must not outvote the others. */
#define SHAPES_MAX 6

struct key {
	char name[KEY_MAX_LEN + 1];
	size_t len;
	const struct event_field *field;	/* NULL for one that is not read */
	bool is_enum;
};

/* The fields of an event in their order. */
struct shape {
	struct key keys[KEYS_MAX];
	size_t nr;
	unsigned int votes;
};

struct event_shapes {
	char name[NAME_MAX_LEN + 1];
	size_t name_len;
	enum pin_type type;
	struct shape shapes[SHAPES_MAX];
	size_t nr;
	struct shape *best;
};

struct fields {
	struct event_shapes events[EVENTS_MAX];
	size_t nr;
};

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * Every line of a text is searched: on by the whole prefix, or by less where the
 * character at its end can be one of its others.
 */
static const char *find_prefix(const char *p, const char *end)
{
	static const uint8_t less[256] = {
		['p'] = 6, ['a'] = 2, ['g'] = 3, ['e'] = 10, ['_'] = 5, ['i'] = 7, ['n'] = 9,
		['r'] = 11,
	};

	for (p += PREFIX_LEN - 1; p < end; p += PREFIX_LEN - less[(unsigned char)*p])
		if (*p == '_' && !memcmp(p - PREFIX_LEN + 1, PREFIX, PREFIX_LEN))
			return p - PREFIX_LEN + 1;
	return NULL;
}

bool anchor_find(const char *line, size_t size, struct anchor *a)
{
	static const char system[] = "page_pinner:";
	size_t len = sizeof(system) - 1;
	const char *p = line, *end;

	while ((p = find_prefix(p, line + size)) != NULL) {
		for (end = p; is_name(*end); end++)
			;
		if (*end != ':' || end - p > NAME_MAX_LEN) {
			p = end;
			continue;
		}
		a->name = a->start = p;
		a->name_len = end - p;
		a->text = end + 1;
		if ((size_t)(p - line) >= len && !memcmp(p - len, system, len))
			a->start = p - len;
		if (a->start == line || a->start[-1] == ' ' || a->start[-1] == '\t')
			return true;
		p = end;
	}
	return false;
}

struct fields *fields_new(void)
{
	return xzalloc(sizeof(struct fields));
}

void fields_free(struct fields *fields)
{
	free(fields);
}

static struct event_shapes *find_event(struct fields *fields, const struct anchor *a)
{
	size_t i;

	for (i = 0; i < fields->nr; i++)
		if (fields->events[i].name_len == a->name_len &&
		    !memcmp(fields->events[i].name, a->name, a->name_len))
			return &fields->events[i];
	return NULL;
}

static struct event_shapes *add_event(struct fields *fields, const struct anchor *a)
{
	char name[NAME_MAX_LEN + 1];
	struct event_shapes *event;
	enum pin_type type;

	memcpy(name, a->name, a->name_len);
	name[a->name_len] = '\0';
	if (fields->nr == EVENTS_MAX || !event_type_of(name, &type))
		return NULL;
	event = &fields->events[fields->nr++];
	memcpy(event->name, name, sizeof(name));
	event->name_len = a->name_len;
	event->type = type;
	return event;
}

static const char *skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

/* The end of a word; a character in quotes, as options/fields has it, may be a blank. */
static const char *word_end(const char *p)
{
	while (*p && *p != ' ' && *p != '\t') {
		if (*p == '\'' && p[1] && p[2] == '\'')
			p += 2;
		p++;
	}
	return p;
}

/* What belongs to no field: words in front of the first, numbers in parentheses. */
static const char *next_word(const char *p)
{
	p = skip_blanks(p);
	while (*p == '(')
		p = skip_blanks(word_end(p));
	return p;
}

static bool read_key(const char *p, struct key *key)
{
	size_t len = 0;

	while (is_name(p[len]))
		len++;
	if (!len || len > KEY_MAX_LEN || p[len] != '=')
		return false;
	memcpy(key->name, p, len);
	key->name[len] = '\0';
	key->len = len;
	key->field = event_field(key->name);
	key->is_enum = event_is_enum(key->name);
	return true;
}

static void read_shape(const char *p, struct shape *shape)
{
	shape->nr = 0;
	shape->votes = 0;
	for (p = next_word(p); *p && shape->nr < KEYS_MAX; p = next_word(word_end(p))) {
		if (read_key(p, &shape->keys[shape->nr]))
			shape->nr++;
		else if (shape->nr)
			break;
	}
}

static bool same_shape(const struct shape *a, const struct shape *b)
{
	size_t i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++)
		if (strcmp(a->keys[i].name, b->keys[i].name))
			return false;
	return true;
}

static void vote(struct event_shapes *event, const struct shape *shape)
{
	size_t i;

	for (i = 0; i < event->nr; i++)
		if (same_shape(&event->shapes[i], shape))
			break;
	if (i == SHAPES_MAX)
		return;
	if (i == event->nr)
		event->shapes[event->nr++] = *shape;
	event->shapes[i].votes++;
	if (!event->best || event->shapes[i].votes > event->best->votes ||
	    (event->shapes[i].votes == event->best->votes && shape->nr > event->best->nr))
		event->best = &event->shapes[i];
}

bool fields_learn(struct fields *fields, const struct anchor *a)
{
	struct event_shapes *event = find_event(fields, a);
	struct shape shape;

	if (!event)
		event = add_event(fields, a);
	if (!event)
		return false;
	read_shape(a->text, &shape);
	vote(event, &shape);
	return true;
}

bool fields_know(struct fields *fields, const struct anchor *a)
{
	return find_event(fields, a) || fields_learn(fields, a);
}

static bool shape_has(void *ctx, const char *name)
{
	const struct shape *shape = ctx;
	size_t i;

	for (i = 0; i < shape->nr; i++)
		if (!strcmp(shape->keys[i].name, name))
			return true;
	return false;
}

const char *fields_missing(const struct fields *fields, const char **name)
{
	const char *missing = NULL;
	size_t i;

	for (i = 0; i < fields->nr; i++) {
		missing = event_missing_field(fields->events[i].type, shape_has,
					      fields->events[i].best);
		*name = fields->events[i].name;
		if (!missing)
			return NULL;
	}
	return missing;
}

/* A number in any of the ways that the kernel and the recorders print one. */
static bool read_number(const char *p, const char *end, int64_t *value)
{
	bool minus = false;
	uint64_t n = 0;
	const char *first;

	/* options/fields: "(2)", "' '(32)" */
	if (end - p > 3 && *p == '\'')
		p += 3;
	if (end - p > 2 && *p == '(' && end[-1] == ')') {
		p++;
		end--;
	}
	if (p < end && (*p == '-' || *p == '+')) {
		minus = *p == '-';
		p++;
	}
	if (end - p > 2 && p[0] == '0' && p[1] == 'x') {
		for (first = p += 2; p < end && isxdigit((unsigned char)*p); p++)
			n = n << 4 | (*p <= '9' ? *p - '0' : (*p | 0x20) - 'a' + 10);
		if (p - first > 16)
			return false;
	} else {
		for (first = p; p < end && *p >= '0' && *p <= '9'; p++)
			n = n * 10 + (*p - '0');
		if (p - first > 20)
			return false;
	}
	*value = minus ? -(int64_t)n : (int64_t)n;
	return p == end && p > first;
}

static bool read_enum(const struct key *key, const char *p, const char *end, int64_t *value)
{
	char text[32];
	size_t i, len = end - p;

	if (!len || len >= sizeof(text))
		return false;
	for (i = 0; i < len; i++)
		if (!is_name(p[i]))
			return false;
	memcpy(text, p, len);
	text[len] = '\0';
	if (!event_enum_value(key->name, text, value))
		*value = ENUM_UNKNOWN;
	return true;
}

static bool read_value(const struct key *key, const char *p, const char *end,
		       struct pin_event *ev)
{
	int64_t value;

	if (!key->field)
		return p < end;
	if (!read_number(p, end, &value)) {
		if (key->is_enum)
			return read_enum(key, p, end, &value) &&
			       (event_field_set(ev, key->field, value), true);
		/* flags by name: which bit a name is depends on the kernel */
		return !strcmp(key->name, "flags") && p < end;
	}
	if (!event_field_fits(key->field, value))
		return false;
	event_field_set(ev, key->field, value);
	return true;
}

static bool read_by(const struct shape *shape, const char *p, struct pin_event *ev,
		    const char **tail)
{
	const char *end;
	size_t i;

	/* perf script -F flags has a column of its own in front of the fields */
	for (p = next_word(p); *p; p = next_word(end)) {
		end = word_end(p);
		if (memchr(p, '=', end - p))
			break;
	}
	for (i = 0; i < shape->nr; i++, p = next_word(end)) {
		const struct key *key = &shape->keys[i];

		end = word_end(p);
		if ((size_t)(end - p) <= key->len || p[key->len] != '=' ||
		    memcmp(p, key->name, key->len) ||
		    !read_value(key, p + key->len + 1, end, ev))
			return false;
	}
	*tail = p;
	return true;
}

bool fields_read(struct fields *fields, const struct anchor *a, struct pin_event *ev,
		 const char **tail)
{
	struct event_shapes *event = find_event(fields, a);

	if (!event || event_missing_field(event->type, shape_has, event->best))
		return false;
	ev->type = event->type;
	return read_by(event->best, a->text, ev, tail);
}

bool fields_evidence(const char *text)
{
	static const char *const parts[] = {
		"pfn=", "refcount=", "delta=", "reason=", "kind=", "expected=", "marked=",
		"age_ns=", "mapcount=", "pincount=", "logged=", "repeats=",
	};
	size_t i, found = 0;

	if (strstr(text, "page_pinner"))
		return true;
	if (!strchr(text, '='))
		return false;
	for (i = 0; i < ARRAY_SIZE(parts); i++)
		found += strstr(text, parts[i]) != NULL;
	return found > 1;
}
