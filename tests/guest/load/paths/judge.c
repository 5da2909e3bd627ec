// SPDX-License-Identifier: GPL-2.0
/* Compares the events of a row with what it counted: see paths.h. */
#include <regex.h>
#include <stdarg.h>

#include "judge.h"

#define MAX_EVENTS	512
#define TRACE		"/sys/kernel/tracing/trace"

/* Page flags of a kernel for x86_64, and what /proc/kpageflags calls them. */
static const struct {
	unsigned int bit, kpf;
	const char *name;
} flag_names[] = {
	{ 0, KPF_LOCKED, "locked" },
	{ 1, KPF_WRITEBACK, "writeback" },
	{ 5, KPF_LRU, "lru" },
	{ 8, KPF_ACTIVE, "active" },
	{ 14, KPF_PRIVATE, "private" },
	{ 18, KPF_UNEVICTABLE, "unevictable" },
};

struct event {
	bool unmark;
	int delta;
	int refcount;
	int expected;
	int mapcount;
	unsigned long flags;
	unsigned int id;
	unsigned int seq;
	char ctx[16];
	char why[16];
};

struct events {
	struct event of[MAX_EVENTS];
	int nr;
	int begin;		/* the first of the path */
	int end;		/* the first after it */
	const char *bad;
};

/* --- Reading ---------------------------------------------------------------- */

static const char *word(const char *line, const char *name)
{
	char key[32];
	const char *at;

	snprintf(key, sizeof(key), " %s=", name);
	at = strstr(line, key);
	return at ? at + strlen(key) : NULL;
}

static bool number(const char *line, const char *name, long *value)
{
	const char *at = word(line, name);

	if (at)
		*value = strtol(at, NULL, 0);
	return at;
}

static void text_word(const char *line, const char *name, char *value)
{
	const char *at = word(line, name);

	snprintf(value, 16, "%.*s", at ? (int)strcspn(at, " \n") : 0, at ? at : "");
}

static void read_event(struct events *events, const char *line, uint64_t pfn)
{
	struct event *event = &events->of[events->nr];
	long its = 0, delta = 0, refcount, expected, mapcount, flags, id, seq;

	/* the fields begin after "page_pinner_get:" */
	if (!number(line, "pfn", &its) || (uint64_t)its != pfn)
		return;
	if (strstr(line, "page_pinner_fail_"))
		return;
	if (events->nr == MAX_EVENTS) {
		events->bad = "too many events";
		return;
	}
	event->unmark = strstr(line, "page_pinner_unmark:");
	if (!number(line, "refcount", &refcount) || !number(line, "id", &id) ||
	    (!event->unmark && !number(line, "delta", &delta))) {
		events->bad = "an event without count";
		return;
	}
	if (!number(line, "expected", &expected) || !number(line, "mapcount", &mapcount) ||
	    !number(line, "flags", &flags) || !number(line, "seq", &seq)) {
		events->bad = "an event without the fields of the account";
		return;
	}
	event->delta = (int)delta;
	event->refcount = (int)refcount;
	event->expected = (int)expected;
	event->mapcount = (int)mapcount;
	event->flags = (unsigned long)flags;
	event->id = (unsigned int)id;
	event->seq = (unsigned int)seq;
	text_word(line, "ctx", event->ctx);
	text_word(line, "why", event->why);
	events->nr++;
}

static void read_events(struct events *events, uint64_t pfn)
{
	char line[1024];
	FILE *f = fopen(TRACE, "re");

	memset(events, 0, sizeof(*events));
	events->begin = events->end = -1;
	while (f && fgets(line, sizeof(line), f)) {
		if (strstr(line, "paths: begin"))
			events->begin = events->nr;
		else if (strstr(line, "paths: end"))
			events->end = events->nr;
		else if (strstr(line, "LOST"))
			events->bad = "lost events";
		else if (strstr(line, ": page_pinner_"))
			read_event(events, line, pfn);
	}
	if (f)
		fclose(f);
	if (!events->bad && (events->begin < 0 || events->end < events->begin))
		events->bad = "its marks are not in the trace";
}

/* --- Judging ---------------------------------------------------------------- */

struct verdict {
	char *text;
	size_t size;
	bool ok;
};

static void __attribute__((format(printf, 2, 3)))
say(struct verdict *v, const char *fmt, ...)
{
	size_t used = strlen(v->text);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(v->text + used, v->size - used, fmt, ap);
	va_end(ap);
}

#define wrong(v, ...)			\
	do {				\
		(v)->ok = false;	\
		say(v, "; " __VA_ARGS__);	\
	} while (0)

static void judge_chain(struct verdict *v, const struct events *events, int count)
{
	for (int i = 0; i < events->nr; i++) {
		const struct event *event = &events->of[i];

		if (event->refcount - event->delta != count) {
			wrong(v, "event %d left %d after %+d, but %d were there", i,
			      event->refcount, event->delta, count);
			return;
		}
		count = event->refcount;
	}
}

static void judge_seq(struct verdict *v, const struct path *path,
		      const struct events *events)
{
	unsigned int last = 0;

	for (int i = 0; i < events->nr; i++) {
		const struct event *event = &events->of[i];

		if (path->watched ? event->seq || event->id :
				    event->seq != last + 1 || !event->id) {
			wrong(v, "event %d has seq %u after %u, id %u", i,
			      event->seq, last, event->id);
			return;
		}
		last = event->seq;
	}
}

static void judge_quiet(struct verdict *v, const struct events *events, int from,
			const struct truth *truth, const char *when)
{
	if (events->nr < from + 2) {
		wrong(v, "no events in the quiet %s", when);
		return;
	}
	for (int i = from; i < from + 2; i++) {
		const struct event *event = &events->of[i];

		if (event->delta != (i == from ? 1 : -1))
			wrong(v, "%+d is not the module's, %s", event->delta, when);
		if (event->expected != truth->expected)
			wrong(v, "expected=%d, but %d were counted %s",
			      event->expected, truth->expected, when);
		if (event->mapcount != truth->mapcount)
			wrong(v, "mapcount=%d, but %d were counted %s",
			      event->mapcount, truth->mapcount, when);
		if (strcmp(event->ctx, "task"))
			wrong(v, "ctx=%s %s", event->ctx, when);
		for (size_t n = 0; n < sizeof(flag_names) / sizeof(flag_names[0]); n++)
			if ((event->flags >> flag_names[n].bit & 1) !=
			    (truth->kpageflags >> flag_names[n].kpf & 1))
				wrong(v, "flags=0x%lx: %s is not so %s", event->flags,
				      flag_names[n].name, when);
	}
	/* without the module's own */
	if (events->of[from + 1].refcount != truth->refcount)
		wrong(v, "refcount=%d, but %d were read %s",
		      events->of[from + 1].refcount, truth->refcount, when);
}

static void match(struct verdict *v, const char *text, const char *pattern)
{
	regex_t want;

	if (regcomp(&want, pattern, REG_EXTENDED | REG_NOSUB)) {
		wrong(v, "%s: not a regular expression", pattern);
		return;
	}
	if (regexec(&want, text, 0, NULL, 0))
		wrong(v, "%.200s is not %s", text, pattern);
	regfree(&want);
}

static void judge_order(struct verdict *v, const struct path *path,
			const struct events *events, int base)
{
	char order[16 * MAX_EVENTS] = "", ctx[16 * MAX_EVENTS] = "";
	char lru[MAX_EVENTS + 1] = "";

	for (int i = events->begin; i < events->end; i++) {
		const struct event *event = &events->of[i];
		char *end = order + strlen(order);

		if (event->unmark)
			sprintf(end, "%s ", event->why);
		else if (event->expected < 0 || !event->refcount)
			sprintf(end, "%+d:? ", event->delta);
		else
			sprintf(end, "%+d:%+d ", event->delta,
				event->refcount - event->expected - base);
		sprintf(ctx + strlen(ctx), "%s ", event->ctx);
		strcat(lru, event->flags >> 5 & 1 ? "1" : "0");
	}
	say(v, "%.400s", order);
	match(v, order, path->want);
	match(v, ctx, path->ctx ? path->ctx : "^(task )*$");
	if (path->lru)
		match(v, lru, path->lru);
}

bool judge(struct path *path, const struct truth *before,
	   const struct truth *after, char *text, size_t size)
{
	static struct events events;
	struct verdict v = { .text = text, .size = size, .ok = true };
	int base = before->refcount - before->expected;
	int should = path->held + !path->watched;

	text[0] = '\0';
	read_events(&events, path->pfn);
	if (!events.bad)
		judge_order(&v, path, &events, base);
	if (path->problem[0])
		wrong(&v, "%s", path->problem);
	if (events.bad) {
		wrong(&v, "%s", events.bad);
		return false;
	}
	say(&v, "(%d of %d", before->expected, before->refcount);
	if (!path->gone)
		say(&v, " -> %d of %d", after->expected, after->refcount);
	say(&v, ")");
	if (base != should)
		wrong(&v, "%d unexpected in the beginning, not %d", base, should);
	if (!path->gone && after->refcount - after->expected != should + path->left)
		wrong(&v, "%d unexpected in the end, not %d",
		      after->refcount - after->expected, should + path->left);
	judge_quiet(&v, &events, 0, before, "before");
	if (!path->gone)
		judge_quiet(&v, &events, events.end, after, "after");
	judge_chain(&v, &events, before->refcount);
	judge_seq(&v, path, &events);
	return v.ok;
}
