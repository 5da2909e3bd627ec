// SPDX-License-Identifier: GPL-2.0
/*
 * Tables, logs and counters, in any order; see held_reader.h.
 */
#define _GNU_SOURCE
#include "read/held_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "read/foreign.h"
#include "read/held_dump.h"
#include "read/held_table.h"
#include "read/held_words.h"
#include "read/lines.h"
#include "read/source.h"
#include "util.h"

/* What one input is read with. */
struct held_input {
	struct trace *trace;
	struct held_source *source;
	held_sink sink;
	void *ctx;
	struct held_table table;
	struct held_dumps *dumps;
	struct foreign foreign;
};

static void unread(struct held_source *source, uint64_t line)
{
	source->unread++;
	if (!source->first_bad || line < source->first_bad)
		source->first_bad = line;
}

/* "gets_refused 12": a counter of the debugfs file "stats", of those asked for or not. */
static bool is_counter(struct held_source *source, const char *line)
{
	struct held_word name, number, more;
	uint64_t value;

	/* a row that was cut behind its PFN is none */
	if (!held_word(&line, &name) || *name.text < 'a' || *name.text > 'z' ||
	    !held_word(&line, &number) ||
	    !held_unsigned(&number, 10, UINT64_MAX, &value) || held_word(&line, &more))
		return false;
	if (held_is(&name, "gets_refused")) {
		source->refused = value;
		source->counted = true;
	} else if (held_is(&name, "gets_busy")) {
		source->busy = value;
		source->counted = true;
	}
	return true;
}

static void read_row(struct held_input *in, const struct line *line)
{
	struct held held;

	if (!line->ended || line->torn ||
	    !held_table_row(&in->table, line->text, in->trace, &held)) {
		unread(in->source, line->nr);
		return;
	}
	held.look = in->source->looks;
	in->source->rows++;
	in->sink(in->ctx, &held);
}

/* Rows behind the mark of a comment, as results of tests are kept, have a heading behind one. */
static bool is_comment(const char *text)
{
	return *text == '#' && strncmp(text + strspn(text, "# \t"), "0x", 2);
}

static void read_line(struct held_input *in, const struct line *line)
{
	if (held_dumps_line(in->dumps, line->text, line->nr, line->ended && !line->torn))
		return;
	if (!line->torn && held_table_heading(&in->table, line->text)) {
		in->source->looks++;
		return;
	}
	if (!line->torn && is_counter(in->source, line->text))
		return;
	if (in->table.nr && line->text[strspn(line->text, " \t")] && !is_comment(line->text))
		read_row(in, line);
	else
		foreign_note(&in->foreign, line->text);
}

/* What was cut off is missing, and nobody knows what it was. */
static int check_end(struct held_input *in, const struct source *source, const char *file)
{
	bool damaged;
	const char *why = source_fault(source, &damaged);

	if (!why)
		return 0;
	report_error(damaged ? "%s: %s" : "%s: %s; what comes before that is reported", file, why);
	in->source->unread++;
	return damaged ? -1 : 0;
}

static int read_one(struct held_input *in, const char *file)
{
	struct source *source = source_open(file, SOURCE_LIMIT);
	struct lines *lines;
	struct line line;
	int ret;

	if (!source)
		return -1;
	in->table.nr = 0;
	lines = lines_new(source_stream(source));
	while (lines_next(lines, &line))
		read_line(in, &line);
	lines_free(lines);
	ret = check_end(in, source, file);
	source_close(source);
	return ret;
}

/* The files that debugfs has; those that are missing in a copy are no error. */
static int read_directory(struct held_input *in, const char *name, int dir)
{
	static const char *const files[] = { "holders", "scan", "stats" };
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(files) && !ret; i++) {
		struct strbuf path = { 0 };

		if (faccessat(dir, files[i], F_OK, 0))
			continue;
		strbuf_add(&path, "%s/%s", name, files[i]);
		ret = read_one(in, path.text);
		free(path.text);
	}
	return ret;
}

static int read_any(struct held_input *in, const char *file)
{
	int dir = strcmp(file, "-") ? open(file, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	bool ours = strstr(file, "/page_pinner") != NULL;
	int ret;

	if (dir >= 0) {
		ret = read_directory(in, file, dir);
		close(dir);
		return ret;
	}
	if (ours && (errno == ENOENT || errno == EACCES)) {
		report_error("%s: %s; is this root, debugfs mounted, and was the kernel booted with page_pinner=on?",
			     file, strerror(errno));
		return -1;
	}
	return read_one(in, file);
}

static void tell_foreign(const struct held_input *in, const char *file)
{
	/* dumps of pages, of a kernel that does not know who holds them */
	if (in->foreign.nr_dumps)
		foreign_tell(&in->foreign, file);
	else
		report_error("%s: nothing about holders: neither the table of debugfs page_pinner/holders or scan, nor a log with dump_page(); page_pinner report reads recordings",
			     file);
}

int held_read(struct trace *trace, struct held_source *source, held_sink sink, void *ctx)
{
	struct held_input in = { .trace = trace, .source = source, .sink = sink, .ctx = ctx };
	int ret;

	memset(source, 0, sizeof(*source));
	in.dumps = held_dumps_new(trace, source, sink, ctx);
	ret = read_any(&in, trace->file);
	held_dumps_free(in.dumps);
	if (!ret && !source->looks) {
		tell_foreign(&in, trace->file);
		ret = -1;
	}
	return ret;
}
