// SPDX-License-Identifier: GPL-2.0
/*
 * Text as trace-cmd report, perf script and tracefs's trace file print it.
 * See reader.h.
 *
 * All three put "[cpu] time: event: fields" behind the task, each its own way,
 * and the stack on lines of its own.  What text loses: nanoseconds (unless
 * printed), modules of functions (trace-cmd), whether it was an interrupt
 * (perf), and losses that were not printed.
 */
#include "read/reader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "read/joiner.h"
#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"
#include "util.h"

#define FIELDS_MAX 32

/*
 * Neither task nor CPU stands further to the right than this, and no line is
 * longer: without such bounds a hostile line costs its length squared, or all
 * memory.
 */
#define HEAD_MAX 256
#define LINE_ROOM (1 << 16)

struct text {
	struct trace *trace;
	struct joiner *joiner;
	event_sink sink;
	void *ctx;
	uint64_t *last_ts;	/* by CPU */
	size_t nr_cpus, room_cpus;
	struct record_context at;
	bool in_stack;		/* frames of @at are being collected */
	uint64_t frames[STACK_MAX];
	size_t nr_frames;
	uint64_t lines;		/* that were events of any kind */
	uint64_t found;		/* that were ours */
	bool bad;
};

struct fields {
	char *names[FIELDS_MAX];
	char *values[FIELDS_MAX];
	size_t nr;
};

/* "123.456789" to nanoseconds, whatever the number of digits. */
static bool parse_time(const char *s, const char *end, uint64_t *ns)
{
	uint64_t seconds = 0, fraction = 0, unit = 1000000000;
	const char *p = s;

	for (; p < end && isdigit((unsigned char)*p); p++)
		seconds = seconds * 10 + (*p - '0');
	if (p == s || p == end || *p != '.')
		return false;
	for (p++; p < end && isdigit((unsigned char)*p); p++) {
		if (unit == 1)
			continue;
		unit /= 10;
		fraction += (*p - '0') * unit;
	}
	*ns = seconds * 1000000000 + fraction;
	return p == end;
}

struct head {
	char comm[64];
	int pid;
	int cpu;
	char flags[16];
	uint64_t ts;
	char *rest;		/* behind the time and its colon */
};

/* "comm-pid", or "comm pid", "comm pid/tid" as perf prints it. */
static bool parse_task(const char *line, size_t len, struct head *h)
{
	const char *end = line + len, *digits;
	size_t comm;

	while (end > line && (isspace((unsigned char)end[-1]) || end[-1] == ')')) {
		/* The "(tgid)" column of tracefs. */
		if (end[-1] == ')') {
			while (end > line && *--end != '(')
				;
			continue;
		}
		end--;
	}
	digits = end;
	while (digits > line && isdigit((unsigned char)digits[-1]))
		digits--;
	if (digits == end)
		return false;
	h->pid = atoi(digits);
	end = digits;
	if (end > line && end[-1] == '/') {
		end--;
		while (end > line && isdigit((unsigned char)end[-1]))
			end--;
	} else if (end > line && end[-1] == '-') {
		end--;
	}
	while (end > line && isspace((unsigned char)end[-1]))
		end--;
	while (line < end && isspace((unsigned char)*line))
		line++;
	comm = end - line;
	if (comm >= sizeof(h->comm))
		comm = sizeof(h->comm) - 1;
	memcpy(h->comm, line, comm);
	h->comm[comm] = '\0';
	return true;
}

/* Everything up to the name of the event. */
static bool parse_head(char *line, struct head *h)
{
	char *open = line, *p, *end;
	size_t len = 0;

	while ((open = strchr(open, '[')) && open - line < HEAD_MAX) {
		h->cpu = strtol(open + 1, &end, 10);
		if (end == open + 1 || *end != ']' || h->cpu < 0 || h->cpu > 1 << 16) {
			open++;
			continue;
		}
		h->flags[0] = '\0';
		for (p = end + 1; *p; p += len) {
			p += strspn(p, " \t");
			len = strcspn(p, " \t");
			if (len > 1 && p[len - 1] == ':')
				break;
			if (len && len < sizeof(h->flags)) {
				memcpy(h->flags, p, len);
				h->flags[len] = '\0';
			}
		}
		if (*p && parse_time(p, p + len - 1, &h->ts) &&
		    parse_task(line, open - line, h)) {
			h->rest = p + len + strspn(p + len, " \t");
			return true;
		}
		open++;
	}
	return false;
}

static void split_fields(char *text, struct fields *f)
{
	char *word, *rest;

	f->nr = 0;
	for (word = strtok_r(text, " \t\r\n", &rest); word && f->nr < FIELDS_MAX;
	     word = strtok_r(NULL, " \t\r\n", &rest)) {
		char *equals = strchr(word, '=');

		if (!equals)
			continue;
		*equals = '\0';
		f->names[f->nr] = word;
		f->values[f->nr++] = equals + 1;
	}
}

static bool has_field(void *ctx, const char *name)
{
	const struct fields *f = ctx;
	size_t i;

	for (i = 0; i < f->nr; i++)
		if (!strcmp(f->names[i], name))
			return true;
	return false;
}

static void read_fields(struct text *t, struct pin_event *ev, const char *name, char *text)
{
	struct fields f;
	const char *missing;
	int64_t value;
	size_t i;

	split_fields(text, &f);
	missing = event_missing_field(ev->type, has_field, &f);
	if (missing) {
		if (!t->bad)
			report_error("%s: event %s has no field %s", t->trace->file, name,
				     missing);
		t->bad = true;
		return;
	}
	for (i = 0; i < f.nr; i++)
		if (event_enum_value(f.names[i], f.values[i], &value))
			event_set_field(ev, f.names[i], value);
	t->found++;
	joiner_event(t->joiner, &t->at, ev);
}

static void end_stack(struct text *t)
{
	if (t->in_stack && t->nr_frames)
		joiner_stack(t->joiner, &t->at,
			     stacks_intern(t->trace->stacks, t->frames, t->nr_frames));
	t->in_stack = false;
	t->nr_frames = 0;
}

static void note_cpu(struct text *t, int cpu, uint64_t ts)
{
	while (t->nr_cpus <= (size_t)cpu)
		VEC_PUSH(t->last_ts, t->nr_cpus, t->room_cpus, 0);
	t->last_ts[cpu] = ts;
}

static void read_event(struct text *t, struct head *h)
{
	struct pin_event ev = { .ts = h->ts, .cpu = h->cpu };
	char *name = h->rest, *colon, *system;
	enum pin_type type;

	t->lines++;
	t->at.cpu = h->cpu;
	t->at.pid = h->pid;
	t->at.flags = (uint32_t)hash_bytes(h->flags, strlen(h->flags));
	note_cpu(t, h->cpu, h->ts);
	trace_saw(t->trace, h->ts);
	if (!strncmp(name, "<stack trace>", 13) || !strncmp(name, "kernel_stack:", 13)) {
		t->in_stack = true;
		return;
	}
	/* perf prints "system:event:" */
	system = strstr(name, "page_pinner:page_pinner_");
	if (system == name)
		name += strlen("page_pinner:");
	colon = strchr(name, ':');
	if (!colon) {
		joiner_other(t->joiner, &t->at);
		return;
	}
	*colon = '\0';
	if (!event_type_of(name, &type)) {
		joiner_other(t->joiner, &t->at);
		return;
	}
	ev.type = type;
	ev.atomic = strpbrk(h->flags, "hHsZz") != NULL;
	ev.task = tasks_intern(t->trace->tasks, h->pid, h->comm);
	read_fields(t, &ev, name, colon + 1);
	/* perf prints the stack right behind, without a line of its own. */
	t->in_stack = true;
}

static void add_frame(struct text *t, uint64_t frame)
{
	if (t->in_stack && t->nr_frames < STACK_MAX)
		t->frames[t->nr_frames++] = frame;
}

/* "name+0x1/0x2 [module]", "name (address)", "name ([module])", or an address. */
static void read_frame(struct text *t, char *p)
{
	char *name = p, *module = NULL, *end;
	uint64_t addr;
	size_t len = strcspn(name, " \t\r\n");

	p += len;
	end = strchr(p, '[');
	if (end && strchr(end, ']') && !strstr(end, "kernel.kallsyms")) {
		module = end + 1;
		*strchr(module, ']') = '\0';
	}
	name[len] = '\0';
	len = strcspn(name, "+");
	name[len] = '\0';
	if (!*name)
		return;
	addr = strtoull(name, &end, 16);
	if (!*end && end - name > 8)
		add_frame(t, addr);
	else
		add_frame(t, symbols_by_name(t->trace->symbols, name, module));
}

static bool read_stack_line(struct text *t, char *line)
{
	char *p = line + strspn(line, " \t"), *end;

	if (!strncmp(p, "=>", 2)) {
		p += 2;
		p += strspn(p, " \t");
		if (*p)
			read_frame(t, p);
		return true;
	}
	/* perf: address, name+offset, (object) */
	if (p == line || !isxdigit((unsigned char)*p))
		return false;
	strtoull(p, &end, 16);
	if (end - p < 4 || (*end != ' ' && *end != '\t'))
		return false;
	end += strspn(end, " \t");
	if (!strncmp(end, "[unknown]", 9)) {
		add_frame(t, strtoull(p, NULL, 16));
		return true;
	}
	if (!*end)
		return false;
	read_frame(t, end);
	return true;
}

/* "CPU:1 [12 EVENTS DROPPED]", "CPU:1 [LOST 12 EVENTS]", PERF_RECORD_LOST */
static bool read_loss(struct text *t, const char *line)
{
	struct pin_event ev = { .type = PIN_LOST };
	const char *cpu = strstr(line, "CPU:"), *digits;

	if (strstr(line, "PERF_RECORD_LOST")) {
		digits = strstr(line, "lost ");
		ev.lost = digits ? strtoull(digits + 5, NULL, 10) : 0;
	} else if (cpu && (strstr(line, "EVENTS DROPPED]") || strstr(line, "[LOST "))) {
		ev.cpu = atoi(cpu + 4);
		digits = strchr(line, '[') + 1;
		digits += strcspn(digits, "0123456789]");
		ev.lost = strtoull(digits, NULL, 10);
	} else {
		return false;
	}
	if (ev.cpu >= 0 && (size_t)ev.cpu < t->nr_cpus)
		ev.from_ns = t->last_ts[ev.cpu];
	ev.ts = t->trace->last_ns;
	t->trace->holes++;
	t->trace->lost += ev.lost ? ev.lost : 1;
	joiner_flush(t->joiner);
	t->sink(t->ctx, &ev);
	return true;
}

static void read_line(struct text *t, char *line)
{
	struct head h;

	if (*line == '#' || read_stack_line(t, line))
		return;
	if (parse_head(line, &h)) {
		end_stack(t);
		read_event(t, &h);
	} else if (read_loss(t, line)) {
		end_stack(t);
	} else if (!line[strspn(line, " \t\r\n")]) {
		end_stack(t);
	}
}

/* Returns the line's length, 0 at the end, -1 for what is no line of text. */
static ssize_t get_line(FILE *in, char *line)
{
	size_t len = 0;
	int c;

	while ((c = getc_unlocked(in)) != EOF) {
		if (!c || len == LINE_ROOM - 1)
			return -1;
		line[len++] = c;
		if (c == '\n')
			break;
	}
	line[len] = '\0';
	return len;
}

int reader_text(struct trace *trace, FILE *in, event_sink sink, void *ctx)
{
	struct text t = { .trace = trace, .sink = sink, .ctx = ctx };
	char *line = xzalloc(LINE_ROOM);
	ssize_t len = 0;

	t.joiner = joiner_new(sink, ctx);
	while (!t.bad && (len = get_line(in, line)) > 0)
		read_line(&t, line);
	if (len < 0) {
		report_error("%s: not a trace", trace->file);
		t.bad = true;
	}
	end_stack(&t);
	joiner_flush(t.joiner);
	joiner_free(t.joiner);
	free(line);
	free(t.last_ts);
	if (t.bad)
		return -1;
	if (!t.found) {
		report_error(t.lines ? "%s: no page_pinner events recorded" : "%s: not a trace",
			     trace->file);
		return -1;
	}
	return 0;
}
