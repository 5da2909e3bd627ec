// SPDX-License-Identifier: GPL-2.0
/*
 * Text as trace-cmd report, perf script, tracefs's files and the kernel's log
 * have it.  See reader.h.
 *
 * The form of a text is found once, from its first page_pinner events, which
 * are held in memory until then: the columns in front of an event's name
 * (heads.h), its fields (fields.h) and the frames of stacks (frames.h).  Every
 * line is then held to that form.  What does not fit was torn, or comes from
 * elsewhere: an event that it could have been counts as lost, and so does one
 * that it stands in the middle of.
 */
#include "read/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "read/heads.h"
#include "read/fields.h"
#include "read/foreign.h"
#include "read/frames.h"
#include "read/joiner.h"
#include "read/lines.h"
#include "read/losses.h"
#include "trace/stack.h"
#include "trace/task.h"
#include "util.h"

/* So many events, or bytes, are looked at before the form is decided. */
#define SAMPLE_EVENTS 256
#define SAMPLE_BYTES (4 << 20)
/* A line that is shorter can be the beginning of a task's name. */
#define NAME_PART 16

enum stack_of {
	STACK_OF_NOBODY,
	STACK_OF_RECORD,	/* frames that come are of @at */
	STACK_OF_USER,		/* of a user's stack, or of another event */
};

struct text {
	struct trace *trace;
	struct joiner *joiner;
	struct lines *lines;
	struct fields *fields;
	struct frames *frames;
	struct foreign foreign;
	struct columns columns;
	bool learned;
	uint64_t *last_ts;	/* by CPU */
	bool *seen_cpu;
	size_t nr_cpus;
	struct record_context at;
	enum stack_of stack;
	bool stack_torn;
	bool stack_closed;	/* by a blank line: no frame may follow */
	uint64_t frames_of[STACK_MAX];
	size_t nr_frames;
	struct pin_event pending;	/* until the next line shows that it was whole */
	struct record_context pending_at;
	bool has_pending;
	char source[64];	/* of our events */
	bool has_source;
	bool overwritten;	/* the oldest events were */
	uint64_t order;		/* number of the next event, where there is no time */
	uint64_t headers;	/* lines of a trace that has no event */
	uint64_t others;	/* lines that are no part of a trace */
	uint64_t unread;	/* events that could not be read */
	uint64_t first_bad;	/* line */
	uint64_t torn_part;	/* line of what may be the beginning of a name */
	bool failed;
};

static void lose(struct text *t, uint64_t events, int cpu, bool count)
{
	struct pin_event ev = { .type = PIN_LOST, .lost = events, .ts = t->trace->last_ns };

	ev.cpu = cpu < 0 ? 0 : cpu;
	if (cpu < 0)
		ev.from_ns = t->trace->last_ns;
	else if ((size_t)cpu < t->nr_cpus)
		ev.from_ns = t->last_ts[cpu];
	t->trace->holes++;
	if (count)
		t->trace->lost += events ? events : 1;
	joiner_pass(t->joiner, &ev);
}

static void unreadable(struct text *t, uint64_t line)
{
	t->unread++;
	if (!t->first_bad)
		t->first_bad = line;
	lose(t, 1, -1, true);
}

static void commit(struct text *t)
{
	if (t->has_pending)
		joiner_event(t->joiner, &t->pending_at, &t->pending);
	t->has_pending = false;
}

static void end_stack(struct text *t, uint64_t line)
{
	uint32_t stack = STACK_NONE;
	bool waited = false;

	commit(t);
	if (t->stack == STACK_OF_RECORD && (t->nr_frames || t->stack_torn)) {
		if (!t->stack_torn)
			stack = stacks_intern(t->trace->stacks, t->frames_of, t->nr_frames);
		waited = joiner_stack(t->joiner, &t->at, stack);
		if (waited && t->stack_torn)
			unreadable(t, line);
	}
	t->stack = STACK_OF_NOBODY;
	t->stack_torn = t->stack_closed = false;
	t->nr_frames = 0;
}

/* A line that does not belong here: what it stands in is not to be trusted. */
static void tear(struct text *t, uint64_t line)
{
	if (t->has_pending) {
		t->has_pending = false;
		t->stack = STACK_OF_USER;
		unreadable(t, line);
	} else if (t->stack == STACK_OF_RECORD && !t->stack_closed) {
		t->stack_torn = true;
	}
}

static void add_frame(struct text *t, uint64_t addr)
{
	if (t->stack == STACK_OF_RECORD && t->nr_frames < STACK_MAX)
		t->frames_of[t->nr_frames++] = addr;
}

/* A frame behind the end of its stack, or of a stack whose event is not there. */
static void stray_frame(struct text *t, uint64_t line)
{
	if (t->stack == STACK_OF_RECORD) {
		t->stack_torn = true;
	} else if (t->stack == STACK_OF_NOBODY && t->has_source) {
		t->stack = STACK_OF_USER;
		unreadable(t, line);
	}
}

static bool read_frame(struct text *t, uint64_t line, const char *p, size_t len)
{
	enum frame_kind kind;
	uint64_t addr;

	if (*p != ' ' && *p != '\t' && *p != '=')
		return false;
	kind = frames_read(t->frames, p, len, &addr);
	if (kind == FRAME_NOT)
		return false;
	commit(t);
	if (t->stack_closed || t->stack == STACK_OF_NOBODY)
		stray_frame(t, line);
	else if (kind == FRAME_KERNEL)
		add_frame(t, addr);
	return true;
}

static void note_cpu(struct text *t, const struct head *h)
{
	size_t nr = t->nr_cpus;

	if ((size_t)h->cpu >= nr) {
		t->nr_cpus = h->cpu + 1;
		t->last_ts = xrealloc(t->last_ts, t->nr_cpus, sizeof(*t->last_ts));
		t->seen_cpu = xrealloc(t->seen_cpu, t->nr_cpus, sizeof(*t->seen_cpu));
		memset(t->last_ts + nr, 0, (t->nr_cpus - nr) * sizeof(*t->last_ts));
		memset(t->seen_cpu + nr, 0, (t->nr_cpus - nr) * sizeof(*t->seen_cpu));
	}
	trace_saw(t->trace, h->ts);
	if (!t->seen_cpu[h->cpu] && t->overwritten)
		lose(t, 0, h->cpu, false);
	t->seen_cpu[h->cpu] = true;
	t->last_ts[h->cpu] = h->ts;
}

static void note_record(struct text *t, struct head *h)
{
	if (t->columns.time == TIME_NONE)
		h->ts = ++t->order;
	t->at.cpu = h->cpu;
	t->at.pid = h->pid;
	t->at.flags = (uint32_t)hash_bytes(h->flags, h->flags_len);
	note_cpu(t, h);
}

/* Events of two files or instances in one text are two stories. */
static bool same_source(struct text *t, const struct head *h)
{
	const char *p = h->source;
	size_t len = h->source_len;

	while (len && (*p == ' ' || *p == '\t')) {
		p++;
		len--;
	}
	while (len && (p[len - 1] == ' ' || p[len - 1] == '\t' || p[len - 1] == ':'))
		len--;
	if (len >= sizeof(t->source))
		len = sizeof(t->source) - 1;
	if (!t->has_source) {
		memcpy(t->source, p, len);
		t->source[len] = '\0';
		t->has_source = true;
	}
	if (strlen(t->source) == len && !memcmp(t->source, p, len))
		return true;
	report_error("%s: two recordings in one text, \"%s\" and \"%.*s\": report each by itself",
		     t->trace->file, t->source, (int)len, p);
	t->failed = true;
	return false;
}

static bool in_interrupt(const struct text *t, const struct head *h)
{
	size_t i;

	if (t->columns.task != TASK_DASH)
		return false;
	for (i = 0; i < h->flags_len; i++)
		if (strchr("hHsSzZ", h->flags[i]))
			return true;
	return false;
}

/* perf has the frame of an event without a call chain on the same line. */
static bool read_tail(struct text *t, const char *tail)
{
	uint64_t addr;

	if (!*tail)
		return true;
	if (t->columns.task != TASK_BLANK ||
	    frames_read(t->frames, tail - 1, strlen(tail - 1), &addr) != FRAME_KERNEL)
		return !strcmp(tail, "\\n\\");	/* of a page of systrace */
	add_frame(t, addr);
	return true;
}

static bool read_event(struct text *t, const struct line *line, const char *p,
		       const struct anchor *a)
{
	struct pin_event ev = { 0 };
	char comm[64];
	const char *tail;
	struct head h;

	if (!columns_before(&t->columns, p, a->start, &h) ||
	    !fields_read(t->fields, a, &ev, &tail))
		return false;
	/* a short line in front may be the rest of the task's name */
	if (!t->columns.dash && t->torn_part && t->torn_part + 1 == line->nr)
		return false;
	end_stack(t, line->nr);
	note_record(t, &h);
	t->stack = STACK_OF_RECORD;
	if (!read_tail(t, tail)) {
		t->stack = STACK_OF_NOBODY;
		return false;
	}
	if (!same_source(t, &h))
		return true;
	memcpy(comm, h.comm, h.comm_len);
	comm[h.comm_len] = '\0';
	ev.ts = h.ts;
	ev.cpu = h.cpu;
	ev.task = tasks_intern(t->trace->tasks, h.pid, comm);
	if (!(ev.has & HAS_CTX))
		ev.atomic = in_interrupt(t, &h);
	t->pending = ev;
	t->pending_at = t->at;
	t->has_pending = true;
	return true;
}

/* "<stack trace>", "kernel_stack:", on the line of which there may be a frame. */
static bool read_marker(struct text *t, uint64_t line, const char *rest)
{
	size_t len = strcspn(rest, ">:");

	if (!strncmp(rest, "<user stack", 11) || !strncmp(rest, "user_stack:", 11)) {
		t->stack = STACK_OF_USER;
		return true;
	}
	if (strncmp(rest, "<stack trace", 12) && strncmp(rest, "kernel_stack:", 13))
		return false;
	t->stack = STACK_OF_RECORD;
	rest += len + (rest[len] != '\0');
	rest += strspn(rest, " \t");
	if (!strncmp(rest, "<stack trace", 12))
		return true;
	if (!strncmp(rest, "size=", 5))
		t->nr_frames = frames_raw(rest, t->frames_of, STACK_MAX);
	else if (!strncmp(rest, "=>", 2))
		t->stack_torn = !read_frame(t, line, rest, strlen(rest)) &&
				!read_frame(t, line, rest - 1, strlen(rest) + 1);
	return true;
}

static bool read_other(struct text *t, const struct line *line, const char *p)
{
	struct loss loss = { .cpu = -1 };
	struct head h;

	if (!columns_find(&t->columns, p, &h))
		return false;
	end_stack(t, line->nr);
	if (loss_in_record(h.rest, &loss)) {
		lose(t, loss.events, h.cpu, true);
		return true;
	}
	note_record(t, &h);
	if (!read_marker(t, line->nr, h.rest)) {
		joiner_other(t->joiner, &t->at);
		t->stack = STACK_OF_USER;
	}
	return true;
}

static bool read_loss(struct text *t, const struct line *line, const char *p)
{
	struct loss loss;

	if (!loss_in_line(p, &loss))
		return false;
	end_stack(t, line->nr);
	if (loss.oldest && loss.cpu < 0) {
		t->overwritten = true;
		t->trace->lost += loss.events;
		t->trace->holes++;
	} else if (loss.oldest) {
		t->overwritten = true;
		if (!t->trace->holes)
			lose(t, 0, -1, true);
	} else {
		lose(t, loss.events, loss.cpu, true);
	}
	return true;
}

/* Lines that belong to a trace, or to what prints it, but say nothing. */
static bool is_header(const char *p)
{
	static const char *const begins[] = {
		"#", "cpus=", "version = ", "registering plugin: ", "overriding event ",
		"removing override handler ", "No kallsyms or vmlinux ", "[ perf record: ",
		"Dumping ftrace buffer:", "-----------", "   (ftrace buffer empty)",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(p, begins[i], strlen(begins[i])))
			return true;
	return !strncmp(p, "CPU ", 4) && strstr(p, " is empty");
}

static void misfit(struct text *t, const struct line *line, const char *p)
{
	if (fields_evidence(p) || line->torn) {
		tear(t, line->nr);
		unreadable(t, line->nr);
	} else {
		tear(t, line->nr);
		t->others++;
		if (!t->first_bad)
			t->first_bad = line->nr;
	}
	if (line->len < NAME_PART)
		t->torn_part = line->nr;
}

/* The form is known: the line has it, or does not belong here. */
static void read_line(struct text *t, const struct line *line)
{
	const char *p = columns_strip(&t->columns, line->text);
	struct anchor a;
	size_t len;

	if (!p) {
		if (*line->text)
			misfit(t, line, line->text);
		return;
	}
	len = line->text + line->len - p;
	if (!p[strspn(p, " \t")]) {
		commit(t);
		t->stack_closed = t->columns.task == TASK_BLANK;
		return;
	}
	if (line->torn) {
		misfit(t, line, p);
		return;
	}
	if ((t->columns.task == TASK_BLANK ? frames_aligned(p) : t->stack != STACK_OF_NOBODY) &&
	    read_frame(t, line->nr, p, len))
		return;
	if (anchor_find(p, &a) && fields_know(t->fields, &a)) {
		if (!read_event(t, line, p, &a))
			misfit(t, line, p);
	} else if (read_other(t, line, p) || read_loss(t, line, p)) {
		return;
	} else if (is_header(p)) {
		t->headers++;
		commit(t);
	} else if (!read_frame(t, line->nr, p, len)) {
		misfit(t, line, p);
	}
}

/* No page_pinner event so far: what is it? */
static void skip_line(struct text *t, const struct line *line)
{
	const char *p = line->text;

	if (!p[strspn(p, " \t")])
		return;
	if (read_loss(t, line, p) || is_header(p))
		t->headers++;
	else
		t->others++;
	foreign_note(&t->foreign, p);
}

/* Returns how many events there are in the sample. */
static size_t survey(struct text *t, struct column_votes *votes)
{
	struct line line;
	struct anchor a;
	size_t nr = 0;

	lines_hold(t->lines);
	while (nr < SAMPLE_EVENTS && lines_held(t->lines) < SAMPLE_BYTES &&
	       lines_next(t->lines, &line)) {
		if (line.torn)
			continue;
		if (anchor_find(line.text, &a) && fields_learn(t->fields, &a)) {
			column_votes_add(votes, line.text, a.start);
			nr++;
		}
	}
	return nr;
}

static void learn_frames(struct text *t, size_t held)
{
	struct line line;

	lines_rewind(t->lines);
	lines_hold(t->lines);
	while (lines_held(t->lines) < held && lines_next(t->lines, &line)) {
		const char *p = columns_strip(&t->columns, line.text);

		if (p && !line.torn)
			frames_learn(t->frames, p);
	}
	lines_rewind(t->lines);
}

static void check_fields(struct text *t)
{
	const char *name, *missing = fields_missing(t->fields, &name);

	if (!missing)
		return;
	t->failed = true;
	if (!strcmp(missing, "refcount") || !strcmp(missing, "id"))
		foreign_tell(&t->foreign, t->trace->file);
	else
		report_error("%s: event %s has no field %s", t->trace->file, name, missing);
}

static void check_columns(struct text *t)
{
	if (t->columns.task == TASK_NONE) {
		report_error("%s: no tasks in front of the events: print them with perf script "
			     "-F +comm,+tid, or with the option context-info of tracefs",
			     t->trace->file);
		t->failed = true;
	}
	if (t->columns.time == TIME_TICKS)
		t->trace->clock = CLOCK_TICKS;
	else if (t->columns.time == TIME_NONE)
		t->trace->clock = CLOCK_NONE;
}

/* Reads up to where events of ours are, and decides on the form. */
static void learn(struct text *t)
{
	struct column_votes *votes = column_votes_new();
	struct line line;
	size_t held;

	while (!survey(t, votes)) {
		held = lines_held(t->lines);
		lines_rewind(t->lines);
		lines_hold(t->lines);
		while (lines_held(t->lines) < held && lines_next(t->lines, &line))
			skip_line(t, &line);
		if (!held)
			break;
	}
	held = lines_held(t->lines);
	t->learned = column_votes_decide(votes, &t->columns);
	column_votes_free(votes);
	if (!t->learned)
		return;
	check_fields(t);
	check_columns(t);
	learn_frames(t, held);
}

/* The last line of a text that was cut has no end. */
static void check_end(struct text *t, const struct line *last)
{
	if (last->ended || !last->nr)
		return;
}

static void tell_misfits(const struct text *t)
{
	if (t->unread)
		report_error("%s: %" PRIu64 " events were torn or are of another form, the first in "
			     "line %" PRIu64 ": they count as lost", t->trace->file, t->unread,
			     t->first_bad);
	else if (t->others)
		report_error("%s: %" PRIu64 " lines are no part of the trace, the first is line %"
			     PRIu64, t->trace->file, t->others, t->first_bad);
}

static void read_text(struct text *t)
{
	struct line line = { .nr = 0 };

	learn(t);
	if (!t->learned) {
		foreign_tell(&t->foreign, t->trace->file);
		t->failed = true;
		return;
	}
	while (!t->failed && lines_next(t->lines, &line))
		read_line(t, &line);
	if (t->failed)
		return;
	check_end(t, &line);
	end_stack(t, line.nr);
	joiner_flush(t->joiner);
	tell_misfits(t);
}

int reader_text(struct trace *trace, FILE *in, event_sink sink, void *ctx)
{
	struct text t = { .trace = trace };

	t.lines = lines_new(in);
	t.joiner = joiner_new(sink, ctx);
	t.fields = fields_new();
	t.frames = frames_new(trace->symbols);
	read_text(&t);
	joiner_free(t.joiner);
	fields_free(t.fields);
	frames_free(t.frames);
	lines_free(t.lines);
	free(t.last_ts);
	free(t.seen_cpu);
	return t.failed ? -1 : 0;
}
