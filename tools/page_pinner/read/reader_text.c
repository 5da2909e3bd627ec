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

#include <stdlib.h>
#include <string.h>

#include "read/frame.h"
#include "read/losses.h"
#include "read/text.h"
#include "trace/task.h"
#include "util.h"

/* Recorders sort by time: so far back it goes only in another recording. */
#define BACK_MAX 1000000000
/* No name of a task is so long. */
#define NAME_ROOM 16
/* Flags of a record as a number: in a hardirq, in a softirq. */
#define RAW_IRQ 0x18

static void commit(struct text *t)
{
	if (t->has_pending)
		joiner_event(t->joiner, &t->pending_at, &t->pending);
	t->has_pending = false;
}

static void end_stack(struct text *t, uint64_t line)
{
	uint32_t stack = STACK_NONE;

	commit(t);
	t->stack_torn |= t->stack_crossed;
	if (t->stack == STACK_OF_RECORD && (t->nr_addrs || t->stack_torn)) {
		if (!t->stack_torn)
			stack = stacks_intern(t->trace->stacks, t->addrs, t->nr_addrs);
		if (joiner_stack(t->joiner, &t->at, stack) && t->stack_torn)
			text_unreadable(t, line);
	}
	t->stack = STACK_OF_NOBODY;
	t->stack_torn = t->stack_crossed = t->stack_closed = false;
	t->nr_addrs = 0;
}

static void add_frame(struct text *t, uint64_t addr)
{
	if (t->stack == STACK_OF_RECORD && t->nr_addrs < STACK_MAX)
		t->addrs[t->nr_addrs++] = addr;
}

/* A frame behind the end of its stack, or of a stack whose event is not there. */
static void stray_frame(struct text *t, uint64_t line)
{
	if (t->stack == STACK_OF_RECORD) {
		t->stack_torn = true;
	} else if (t->stack == STACK_OF_NOBODY && t->has_prefix) {
		t->stack = STACK_OF_OTHER;
		text_unreadable(t, line);
	}
}

/* A text without an end may have been cut in a name; one that is known was not. */
static bool may_be_cut(const struct text *t, const struct line *line)
{
	size_t len = line->len;

	if (line->ended || !len || frames_known(t->frames, line->text, len))
		return false;
	/* where stacks have arrows, it is the beginning of an event */
	if (t->columns.task == TASK_DASH && !strstr(line->text, "=>"))
		return true;
	return !strchr(")>]", line->text[len - 1]) || (len > 1 && line->text[len - 2] == '=');
}

static bool read_frame(struct text *t, const struct line *line, const char *p, size_t len)
{
	enum frame_kind kind;
	uint64_t addr;

	if ((*p != ' ' && *p != '\t' && *p != '=') || may_be_cut(t, line))
		return false;
	kind = frames_read(t->frames, p, len, &addr);
	/* other events can have other forms of frames, those of users are in files */
	if (kind == FRAME_NOT && t->stack == STACK_OF_OTHER &&
	    (frames_like(p) || frame_is_users(p)))
		kind = FRAME_SKIPPED;
	/* a stack of tracefs and trace-cmd has a line of its own in front */
	if (kind == FRAME_NOT || (t->has_pending && t->columns.task == TASK_DASH))
		return false;
	commit(t);
	t->frame = line->nr;
	if (t->stack_closed || t->stack_crossed || t->stack == STACK_OF_NOBODY)
		stray_frame(t, line->nr);
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
	t->new_cpu = nr && !t->seen_cpu[h->cpu];
	if (!t->seen_cpu[h->cpu] && t->overwritten)
		text_overwritten(t, h->cpu, h->ts);
	t->seen_cpu[h->cpu] = true;
	t->last_ts[h->cpu] = h->ts;
}

static void note_record(struct text *t, struct head *h)
{
	if (t->columns.time == TIME_NONE)
		h->ts = ++t->order;
	else if (t->deltas)
		h->ts = t->sum += h->ts;
	t->at.cpu = h->cpu;
	t->at.pid = h->pid;
	t->at.flags = (uint32_t)hash_bytes(h->flags, h->flags_len);
	note_cpu(t, h);
}

/* Events of two files or instances in one text are two stories. */
static bool same_source(struct text *t, const struct head *h)
{
	const char *p = h->source_len ? h->source : "";
	size_t len = h->source_len;

	while (len && p[len - 1] == ' ')
		len--;
	if (len >= sizeof(t->prefix))
		len = sizeof(t->prefix) - 1;
	if (!t->has_prefix) {
		memcpy(t->prefix, p, len);
		t->prefix[len] = '\0';
		t->has_prefix = true;
	}
	return strlen(t->prefix) == len && !memcmp(t->prefix, p, len);
}

static void check_recording(struct text *t, const struct line *line, const struct head *h)
{
	const char *file = t->trace->file;
	bool back = t->columns.time != TIME_NONE && h->ts + BACK_MAX < t->trace->last_ns;

	if ((t->second || back) && t->new_cpu && same_source(t, h))
		report_error("%s: one CPU behind the other, the second from line %llu on: tracefs's file "
			     "trace has them in order", file,
			     (unsigned long long)(t->second ? t->second : line->nr));
	else if (!same_source(t, h))
		report_error("%s: two recordings in one text, \"%s\" and \"%.*s\": report each by itself",
			     file, t->prefix, (int)h->source_len, h->source);
	else if (t->second)
		report_error("%s: two recordings in one text, the second from line %llu on: "
			     "report each by itself", file, (unsigned long long)t->second);
	else if (back)
		report_error("%s: time goes back in line %llu: two recordings in one text? "
			     "report each by itself", file, (unsigned long long)line->nr);
	else
		return;
	t->failed = true;
}

static bool in_interrupt(const struct text *t, const struct head *h)
{
	size_t i;

	if (t->columns.task != TASK_DASH)
		return false;
	if (h->flags_len > 3 && *h->flags == '-')
		return strtoul(h->flags + 1, NULL, 16) & RAW_IRQ;
	for (i = 0; i < h->flags_len; i++)
		if (strchr("hHsSzZ", h->flags[i]))
			return true;
	return false;
}

/* Behind the fields: nothing, or perf's frame of an event without a call chain. */
static bool read_tail(struct text *t, const struct line *line, const char *tail, uint64_t *addr)
{
	*addr = 0;
	if (!*tail)
		return true;
	return t->columns.task == TASK_BLANK && line->ended &&
	       frames_read(t->frames, tail - 1, strlen(tail - 1), addr) != FRAME_NOT;
}

static void remember(struct text *t, const struct pin_event *ev)
{
	uint64_t key[2] = { ev->pfn, ev->id };

	t->recent[t->nr_recent++ % RECENT_MAX] = hash_bytes(key, sizeof(key));
	t->nr[ev->type]++;
	t->marked += ev->id != 0;
}

static bool read_event(struct text *t, const struct line *line, const char *p,
		       const struct anchor *a)
{
	struct pin_event ev = { 0 };
	char comm[64];
	const char *tail;
	uint64_t addr;
	struct head h;

	if (!columns_before(&t->columns, p, a->start, &h) ||
	    !fields_read(t->fields, a, &ev, &tail))
		return false;
	if (!read_tail(t, line, tail, &addr)) {
		t->tails++;
		return false;
	}
	/* the line in front may have the beginning of the task's name */
	if (!t->columns.dash && t->misfit && t->misfit + 1 == line->nr)
		return false;
	end_stack(t, line->nr);
	note_record(t, &h);
	check_recording(t, line, &h);
	memcpy(comm, h.comm, h.comm_len);
	comm[h.comm_len] = '\0';
	ev.ts = h.ts;
	ev.cpu = h.cpu;
	ev.task = tasks_intern(t->trace->tasks, h.pid, comm);
	if (!(ev.has & HAS_CTX))
		ev.atomic = in_interrupt(t, &h);
	remember(t, &ev);
	t->pending = ev;
	t->pending_at = t->at;
	t->has_pending = true;
	t->event = line->nr;
	t->stack = STACK_OF_RECORD;
	if (addr)
		add_frame(t, addr);
	return true;
}

/* Words in front of a stack; returns what follows them, NULL for other words. */
static const char *skip_marker(const char *p)
{
	static const char *const words[] = { "kernel_stack:", "<stack trace>", "<stack trace >" };
	const char *start = p;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (strncmp(p, words[i], strlen(words[i])))
			continue;
		p += strlen(words[i]);
		p += strspn(p, " \t");
	}
	return p == start ? NULL : p;
}

/* The first frame, on the line of the marker: the others stand behind more blanks, or fewer. */
static bool read_marked(struct text *t, const struct line *line, const char *frame)
{
	const char *lead = frames_lead(t->frames);
	char copy[512];
	int len;

	if (read_frame(t, line, frame, strlen(frame)) ||
	    read_frame(t, line, frame - 1, strlen(frame) + 1))
		return true;
	len = snprintf(copy, sizeof(copy), "%s%s", lead, frame);
	return len > 0 && (size_t)len < sizeof(copy) && read_frame(t, line, copy, len);
}

/* "<stack trace>", "kernel_stack:", on the line of which there may be a frame. */
static bool read_marker(struct text *t, const struct line *line, const char *rest)
{
	const char *frame = skip_marker(rest);

	if (!strncmp(rest, "<user stack", 11) || !strncmp(rest, "user_stack:", 11)) {
		t->stack = STACK_OF_OTHER;
		return true;
	}
	if (!frame)
		return false;
	t->stack = STACK_OF_RECORD;
	if (!strncmp(frame, "size=", 5))
		t->nr_addrs = frame_raw(frame, t->addrs, STACK_MAX);
	else if (*frame)
		t->stack_torn = !read_marked(t, line, frame);
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
		text_lose(t, loss.events, t->columns.cpu == CPU_NONE ? -1 : h.cpu);
		return true;
	}
	note_record(t, &h);
	if (!read_marker(t, line, h.rest)) {
		area_read_text(h.rest, &t->trace->areas);
		joiner_other(t->joiner, &t->at);
		t->stack = STACK_OF_OTHER;
	}
	return true;
}

static bool read_loss(struct text *t, const struct line *line, const char *p)
{
	struct loss loss;

	if (!loss_in_line(p, &loss))
		return false;
	end_stack(t, line->nr);
	return text_loss_line(t, p);
}

/* The line has the form of the text, or does not belong here. */
static void read_line(struct text *t, const struct line *line)
{
	const char *p = columns_strip(&t->columns, line->text), *q;
	const char *end = line->text + line->len;
	struct anchor a;
	bool frame_first;

	if (!p || line->torn) {
		if (*line->text || line->torn)
			text_misfit(t, line);
		return;
	}
	q = *t->prefix ? text_unprefixed(t, p) : p;
	if (!q[strspn(q, " \t")]) {
		commit(t);
		t->stack_closed = true;
		t->ragged = *q ? line->nr : 0;
		return;
	}
	frame_first = t->columns.task == TASK_BLANK ? frame_aligned(q) :
		      t->stack != STACK_OF_NOBODY && q[strspn(q, " \t")] == '=';
	if (frame_first && read_frame(t, line, q, end - q))
		return;
	if (anchor_find(p, end - p, &a) && fields_know(t->fields, &a)) {
		if (!read_event(t, line, p, &a))
			text_misfit(t, line);
	} else if (!read_other(t, line, p) && !read_loss(t, line, q)) {
		if (text_is_header(t, line, q)) {
			commit(t);
			/* a name may begin so, too */
			if (t->has_prefix && line->len < NAME_ROOM)
				t->misfit = line->nr;
		} else if (t->columns.task == TASK_BLANK && text_is_appendix(q)) {
			commit(t);
			t->stack_closed = true;
		} else if (!read_frame(t, line, q, end - q)) {
			text_misfit(t, line);
		}
	}
}

static void read_text(struct text *t)
{
	struct line line = { .nr = 0 };

	text_uncover(t);
	text_learn(t);
	while (!t->failed && lines_next(t->lines, &line)) {
		read_line(t, &line);
		text_supposed(t, line.nr);
	}
	if (t->failed)
		return;
	text_check_end(t, &line);
	/* the prompt of a shell, the rest of a page */
	t->stack_crossed = false;
	end_stack(t, line.nr);
	text_supposed(t, UINT64_MAX);
	joiner_flush(t->joiner);
}

int reader_text(struct trace *trace, FILE *in, event_sink sink, void *ctx)
{
	struct text t = { .trace = trace };

	t.lines = lines_new(in);
	t.joiner = joiner_new(sink, ctx);
	t.fields = fields_new();
	t.frames = frames_new(trace->symbols);
	read_text(&t);
	/* of damaged data there is no report, and nothing else to be told */
	if (!t.failed && !ferror(in))
		text_tell(&t);
	joiner_free(t.joiner);
	fields_free(t.fields);
	frames_free(t.frames);
	lines_free(t.lines);
	text_rewrite_free(&t);
	free(t.last_ts);
	free(t.seen_cpu);
	return t.failed ? -1 : 0;
}
