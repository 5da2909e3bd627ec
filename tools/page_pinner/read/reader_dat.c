// SPDX-License-Identifier: GPL-2.0
/*
 * trace-cmd's trace.dat through libtracecmd: all buffers of a file in one
 * pass, holes included.  See reader.h.
 */
#define _GNU_SOURCE
#include "read/reader.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <trace-cmd.h>

#include "read/dat_cut.h"
#include "read/dat_head.h"
#include "read/dat_relay.h"
#include "read/dat_symbols.h"
#include "read/joiner.h"
#include "read/nameless.h"
#include "trace/guard.h"
#include "trace/stack.h"
#include "trace/task.h"
#include "util.h"

/* Exported by the library, but declared in none of its installed headers. */
extern const char *tracecmd_get_uname(struct tracecmd_input *handle) __attribute__((weak));

/* A file has one name for each pid: these need not be asked for again.  A power of two. */
#define KNOWN_TASKS 256

/* What a record of some event id is to us. */
struct record_kind {
	enum { KIND_OTHER, KIND_EVENT, KIND_STACK } kind;
	bool event;			/* none of ftrace's own */
	enum pin_type type;
	struct event_layout *layout;
	struct area_layout *area;	/* of an event of "cma", else NULL */
	struct tep_format_field *caller;
};

struct dat {
	struct trace *trace;
	struct joiner *joiner;
	struct tep_handle *tep;
	struct tracecmd_input **handles;
	int nr_handles;
	struct record_kind *kinds;	/* by event id */
	int nr_kinds;
	struct dat_heads heads;
	uint64_t *last_ts;		/* by buffer and CPU */
	struct known_task {
		int pid;
		uint32_t task;		/* its number, from 1; 0 for none */
	} known[KNOWN_TASKS];		/* the last ones, by pid */
	int nr_cpus;
	event_sink sink;
	void *ctx;
	bool bad;
	unsigned int types;		/* of our events, by their formats */
	bool others;			/* formats of other events */
	bool refs;			/* those of page_ref among them */
	bool swap;			/* the file has the other byte order */
	int64_t date_ns;		/* what the library adds to the times */
	bool any;			/* a record of an event, ours or not */
};

/* The library's times are those of the day where it can make them so: dmesg's are not. */
static uint64_t time_of(const struct dat *dat, const struct dat_record *record)
{
	return record->ts - dat->date_ns;
}

/* The library says some things on standard error whatever its log level is. */
static struct tracecmd_input *open_quietly(int fd)
{
	int saved = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct tracecmd_input *handle;

	fflush(stderr);
	if (saved >= 0 && null >= 0)
		dup2(null, STDERR_FILENO);
	handle = tracecmd_open_fd(fd, TRACECMD_FL_LOAD_NO_PLUGINS);
	fflush(stderr);
	if (saved >= 0 && null >= 0)
		dup2(saved, STDERR_FILENO);
	if (saved >= 0)
		close(saved);
	if (null >= 0)
		close(null);
	return handle;
}

static int add_event(struct dat *dat, struct tep_event *format)
{
	struct record_kind *kind = &dat->kinds[format->id];
	const char *missing;

	if (!strcmp(format->name, "kernel_stack")) {
		kind->caller = tep_find_field(format, "caller");
		if (kind->caller)
			kind->kind = KIND_STACK;
		return 0;
	}
	if (strcmp(format->system, "ftrace"))
		kind->event = true;
	kind->area = area_layout_new(format);
	if (kind->area)
		return 0;
	if (strcmp(format->system, "page_pinner") || !event_type_of(format->name, &kind->type)) {
		dat->others |= kind->event;
		dat->refs |= !strcmp(format->system, "page_ref");
		return 0;
	}
	dat->types |= 1u << kind->type;
	kind->layout = event_layout_new(kind->type, format, &missing);
	if (!kind->layout) {
		report_error("%s: event %s has no field %s", dat->trace->file,
			     format->name, missing);
		return -1;
	}
	kind->kind = KIND_EVENT;
	return 1;
}

static int find_events(struct dat *dat)
{
	struct tep_event **events = tep_list_events(dat->tep, TEP_EVENT_SORT_ID);
	bool headed = false;
	int i, found = 0, ret;

	for (i = 0; events && events[i]; i++)
		if (events[i]->id >= dat->nr_kinds && events[i]->id < 1 << 20)
			dat->nr_kinds = events[i]->id + 1;
	dat->kinds = xzalloc((dat->nr_kinds + 1) * sizeof(*dat->kinds));
	for (i = 0; events && events[i]; i++) {
		if (events[i]->id < 0 || events[i]->id >= dat->nr_kinds)
			continue;
		headed = headed || dat_heads_init(&dat->heads, dat->tep, events[i]);
		ret = add_event(dat, events[i]);
		if (ret < 0)
			return -1;
		found += ret;
	}
	if (!found && dat->refs) {
		report_error("%s: " READER_PAGE_REFS, dat->trace->file, "trace-cmd report",
			     dat->trace->file);
		return -1;
	}
	if (!found || !headed) {
		report_error("%s: " READER_NO_EVENTS, dat->trace->file);
		return -1;
	}
	return 0;
}

static uint32_t task_of(struct dat *dat, int pid)
{
	struct known_task *known = &dat->known[pid & (KNOWN_TASKS - 1)];

	if (!known->task || known->pid != pid) {
		known->pid = pid;
		known->task = tasks_intern(dat->trace->tasks, pid,
					   tep_data_comm_from_pid(dat->tep, pid)) + 1;
	}
	return known->task - 1;
}

/* Bits of common_flags: hard interrupt, softirq, NMI. */
#define FLAGS_IRQ (0x08 | 0x10 | 0x40)

static void read_event(struct dat *dat, const struct record_kind *kind,
		       const struct record_context *at, const struct dat_record *record)
{
	struct pin_event ev = { .type = kind->type };

	if (!event_decode(kind->layout, record->data, record->size, &ev)) {
		if (!dat->bad)
			report_error("%s: an event is shorter than its format", dat->trace->file);
		dat->bad = true;
		return;
	}
	ev.ts = time_of(dat, record);
	ev.cpu = at->cpu;
	ev.buffer = at->buffer;
	if (!(ev.has & HAS_CTX))
		ev.atomic = (at->flags & FLAGS_IRQ) != 0;
	ev.task = task_of(dat, at->pid);
	joiner_event(dat->joiner, at, &ev);
}

static void read_stack(struct dat *dat, const struct record_kind *kind,
		       const struct record_context *at, const struct dat_record *record)
{
	int size = tep_get_long_size(dat->tep) == 4 ? 4 : 8, offset = kind->caller->offset;
	uint64_t frames[STACK_MAX], end = size == 4 ? UINT32_MAX : UINT64_MAX;
	const char *data = record->data;
	size_t nr, room;

	/* A dynamic array of newer kernels has its place in a word of the record. */
	if (kind->caller->flags & TEP_FIELD_IS_DYNAMIC) {
		if (offset < 0 || (uint32_t)offset + 4 > record->size)
			return;
		offset = tep_read_number(dat->tep, data + offset, 4) & 0xffff;
	}
	room = offset >= 0 && (uint32_t)offset < record->size ? (record->size - offset) / size : 0;
	if (room > STACK_MAX)
		room = STACK_MAX;
	if (size == 8 && !dat->swap)
		memcpy(frames, data + offset, room * 8);
	else
		for (nr = 0; nr < room; nr++)
			frames[nr] = tep_read_number(dat->tep, data + offset + nr * size, size);
	for (nr = 0; nr < room && frames[nr] && frames[nr] != end; nr++)
		;
	joiner_stack(dat->joiner, at, stacks_intern(dat->trace->stacks, frames, nr));
}

static void note_hole(struct dat *dat, const struct record_context *at,
		      const struct dat_record *record, uint64_t from)
{
	struct pin_event ev = { .type = PIN_LOST, .cpu = at->cpu, .buffer = at->buffer,
				.ts = time_of(dat, record), .from_ns = from };

	ev.lost = record->missed > 0 ? record->missed : 0;
	dat->trace->holes++;
	dat->trace->lost += ev.lost ? ev.lost : 1;
	joiner_flush(dat->joiner);
	dat->sink(dat->ctx, &ev);
}

static void take_record(void *ctx, const struct dat_record *record)
{
	struct dat *dat = ctx;
	struct dat_head head = dat_head_read(&dat->heads, record->data, record->size);
	struct record_context at = {
		.cpu = record->cpu, .buffer = record->buffer, .pid = head.pid, .flags = head.flags,
	};
	uint64_t ts = time_of(dat, record), *last = NULL;
	int id = head.type;

	if (at.cpu >= 0 && at.cpu < dat->nr_cpus)
		last = &dat->last_ts[at.buffer * dat->nr_cpus + at.cpu];
	if (record->missed)
		note_hole(dat, &at, record, last ? *last : 0);
	if (last)
		*last = ts;
	trace_saw(dat->trace, ts);
	dat->any |= id >= 0 && id < dat->nr_kinds && dat->kinds[id].event;
	if (id < 0 || id >= dat->nr_kinds || dat->kinds[id].kind == KIND_OTHER) {
		joiner_other(dat->joiner, &at);
		if (id >= 0 && id < dat->nr_kinds && dat->kinds[id].area)
			area_read(dat->kinds[id].area, record->data, record->size, &dat->trace->areas);
	} else if (dat->kinds[id].kind == KIND_STACK) {
		read_stack(dat, &dat->kinds[id], &at, record);
	} else {
		read_event(dat, &dat->kinds[id], &at, record);
	}
}

static int open_buffers(struct dat *dat, struct tracecmd_input *handle)
{
	int i, nr = tracecmd_buffer_instances(handle);

	dat->handles = xzalloc((nr + 1) * sizeof(*dat->handles));
	dat->handles[dat->nr_handles++] = handle;
	for (i = 0; i < nr; i++) {
		struct tracecmd_input *instance = tracecmd_buffer_instance_handle(handle, i);

		if (!instance) {
			report_error("%s: buffer %s cannot be read", dat->trace->file,
				     tracecmd_buffer_instance_name(handle, i));
			return -1;
		}
		dat->handles[dat->nr_handles++] = instance;
	}
	dat->nr_cpus = tep_get_cpus(dat->tep);
	if (dat->nr_cpus < 1 || dat->nr_cpus > 1 << 16)
		dat->nr_cpus = 1;
	dat->last_ts = xzalloc(dat->nr_handles * dat->nr_cpus * sizeof(*dat->last_ts));
	return 0;
}

static void note_kernel(struct dat *dat, struct tracecmd_input *handle)
{
	const char *uname = tracecmd_get_uname ? tracecmd_get_uname(handle) : NULL;
	char *copy, *word, *rest;
	int field;

	if (!uname)
		return;
	/* "Linux host release version machine" */
	copy = xstrdup(uname);
	for (word = strtok_r(copy, " ", &rest), field = 0; word && field < 2; field++)
		word = strtok_r(NULL, " ", &rest);
	if (word) {
		free(dat->trace->kernel);
		dat->trace->kernel = xstrdup(word);
	}
	free(copy);
}

static void close_all(struct dat *dat)
{
	int i;

	for (i = 0; i < dat->nr_kinds; i++) {
		event_layout_free(dat->kinds[i].layout);
		free(dat->kinds[i].area);
	}
	free(dat->kinds);
	free(dat->last_ts);
	joiner_free(dat->joiner);
	for (i = dat->nr_handles; i-- > 0;)
		tracecmd_close(dat->handles[i]);
	free(dat->handles);
}

/* The formats say what trace-cmd was asked for; without -e it was nothing, and they are of all. */
static void note_events(struct dat *dat)
{
	if (!dat->others || dat->any)
		dat->trace->on |= dat->types;
}

/* What was cut off can be of any CPU, and of any time. */
static void note_cut(struct dat *dat)
{
	struct pin_event ev = { .type = PIN_LOST, .ts = dat->trace->last_ns };

	report_error("%s: cut off; what comes before that is reported", dat->trace->file);
	dat->trace->holes++;
	dat->trace->lost++;
	dat->sink(dat->ctx, &ev);
}

static int read_all(struct dat *dat, struct tracecmd_input *handle, int fd)
{
	int ret;

	dat->tep = tracecmd_get_tep(handle);
	dat->swap = tep_is_file_bigendian(dat->tep) != tep_is_local_bigendian(dat->tep);
	if (open_buffers(dat, handle) || find_events(dat))
		return -1;
	note_kernel(dat, handle);
	dat->date_ns = dat_symbols_load(dat->trace, dat->tep, fd);
	guard_leave(dat->trace->guard);
	ret = dat_relay(dat->trace->file, dat->trace->guard, dat->handles, dat->nr_handles,
			take_record, dat);
	joiner_flush(dat->joiner);
	note_events(dat);
	return ret || dat->bad ? -1 : 0;
}

/* The library closes the descriptor that it is given. */
static int read_dat(struct dat *dat, int fd)
{
	struct tracecmd_input *handle;
	int ret;

	tep_set_loglevel(TEP_LOG_NONE);
	tracecmd_set_loglevel(TEP_LOG_NONE);
	lseek(fd, 0, SEEK_SET);
	guard_enter(dat->trace->guard, DAT_LIBRARY, NULL);
	handle = open_quietly(fd);
	if (!handle) {
		guard_leave(dat->trace->guard);
		report_error("%s: not a complete trace.dat file", dat->trace->file);
		return -1;
	}
	dat->joiner = joiner_new(dat->sink, dat->ctx);
	ret = read_all(dat, handle, fd);
	guard_enter(dat->trace->guard, DAT_LIBRARY, NULL);
	close_all(dat);
	guard_leave(dat->trace->guard);
	return ret;
}

int reader_dat(struct trace *trace, int fd, event_sink sink, void *ctx)
{
	struct dat dat = { .trace = trace, .sink = sink, .ctx = ctx };
	uint64_t full = dat_cut_size(fd);
	int ret, copy = full ? nameless_copy(trace->file, fd, full) : dup(fd);

	if (copy < 0)
		return -1;
	ret = read_dat(&dat, copy);
	if (!ret && full)
		note_cut(&dat);
	return ret;
}
