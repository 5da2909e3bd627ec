// SPDX-License-Identifier: GPL-2.0
/*
 * The form of a text, found from its first page_pinner events; see text.h.
 */
#include "read/text.h"

#include <inttypes.h>
#include <string.h>

#include "read/unfold.h"
#include "util.h"

/* So many events, or bytes, are looked at before the form is decided. */
#define SAMPLE_EVENTS 256
#define SAMPLE_BYTES (4 << 20)
/* Mail programs wrap lines at less. */
#define LINE_LOOKED_AT 128

const char *text_unprefixed(const struct text *t, const char *p)
{
	size_t len = strlen(t->prefix);

	return len && !strncmp(p, t->prefix, len) ? p + len : p;
}

/*
 * A second beginning of the same file or instance, and events of ours behind
 * it: two recordings were put into one text.
 */
static void note_start(struct text *t, const struct line *line, const char *p)
{
	size_t len = p - line->text;

	if (len >= sizeof(t->started))
		len = sizeof(t->started) - 1;
	if (!t->starts++) {
		memcpy(t->started, line->text, len);
		t->started[len] = '\0';
	} else if (!t->second && strlen(t->started) == len &&
		   !memcmp(t->started, line->text, len)) {
		t->second = line->nr;
	}
}

/* "# event : name = page_pinner:page_pinner_put, ...", as perf script --header has it */
static void note_event_on(struct text *t, const char *p)
{
	const char *name = strstr(p, "name = page_pinner:");
	char copy[64];
	enum pin_type type;
	size_t len;

	if (!name || strncmp(p, "# event : ", 10))
		return;
	name += 19;
	len = strspn(name, "abcdefghijklmnopqrstuvwxyz_");
	if (len >= sizeof(copy))
		return;
	memcpy(copy, name, len);
	copy[len] = '\0';
	if (event_type_of(copy, &type))
		t->trace->on |= 1u << type;
}

/* What perf script -F insnlen, insn and iregs have behind a stack. */
bool text_is_appendix(const char *p)
{
	static const char *const begins[] = { " ilen: ", " insn: ", " ABI:" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(p, begins[i], strlen(begins[i])))
			return p[strspn(p, " abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:"
					   "0123456789_")] == '\0';
	return false;
}

bool text_is_header(struct text *t, const struct line *line, const char *p)
{
	static const char *const begins[] = {
		"#", "version = ", "registering plugin: ", "overriding event ",
		"removing override handler ", "No kallsyms or vmlinux ", "[ perf record: ",
		"Dumping ftrace buffer:", "-----------", "   (ftrace buffer empty)",
		/* perf script -D */
		". ", "...", " ...",
		/* trace-cmd's sums, and those of per_cpu/cpu0/stats */
		"CPU: ", "entries: ", "overrun: ", "commit overrun: ", "bytes: ",
		"oldest event ts: ", "now ts: ", "dropped events: ", "read events: ",
	};
	const char *cpus = strstr(p, "cpus=");
	size_t i;

	/* "cpus=2", behind the name of a file if there are several */
	if (cpus && (cpus == p || cpus[-1] == ' ') &&
	    !cpus[5 + strspn(cpus + 5, "0123456789")]) {
		note_start(t, line, cpus);
		return true;
	}
	if (!strncmp(p, "# tracer: ", 10))
		note_start(t, line, p);
	if (*p == '#')
		note_event_on(t, p);
	for (i = 0; i < ARRAY_SIZE(begins); i++)
		if (!strncmp(p, begins[i], strlen(begins[i])))
			return true;
	/* the markup of a page that the trace stands in */
	if (*p == '<' && p[strlen(p) - 1] == '>')
		return true;
	if (p[strspn(p, " \t")] == '#')
		return true;
	return strstr(p, "]: PERF_RECORD_") || strstr(p, "]: event: ") ||
	       (!strncmp(p, "CPU ", 4) && strstr(p, " is empty"));
}

void text_skip(struct text *t, const struct line *line)
{
	const char *p = line->text;

	/* most lines are of other events */
	if (foreign_event(p) && !strstr(p, "PERF_RECORD_")) {
		t->others++;
		foreign_note(&t->foreign, p);
		return;
	}
	if (!p[strspn(p, " \t")] || text_loss_line(t, p) || text_is_header(t, line, p))
		return;
	t->others++;
	foreign_note(&t->foreign, p);
}

/* The rest of an event's line, where events are of ours. */
static void note_fold(struct text *t, char *before, const struct line *line)
{
	if (*before && !line->torn && unfold_goes_on(before, line->text))
		t->folded++;
	*before = '\0';
	/* a line that is as long as any event is whole */
	if (line->len < LINE_LOOKED_AT && !line->torn)
		memcpy(before, line->text, line->len + 1);
}

/* Returns how many events there are in the sample. */
static size_t survey(struct text *t, struct column_votes *votes)
{
	char before[LINE_LOOKED_AT] = "";
	struct anchor a;
	struct line line;
	size_t nr = 0;

	t->folded = 0;
	lines_hold(t->lines);
	while (nr < SAMPLE_EVENTS && lines_held(t->lines) < SAMPLE_BYTES &&
	       lines_next(t->lines, &line)) {
		note_fold(t, before, &line);
		if (line.torn || !anchor_find(line.text, line.len, &a) || !fields_learn(t->fields, &a))
			continue;
		column_votes_add(votes, line.text, a.start);
		nr++;
	}
	return nr;
}

/* perf script --deltatime begins with 0, and then times go up and down. */
static void learn_time(struct text *t, const struct head *h, uint64_t nr)
{
	if (!nr)
		t->deltas = false;
	else if (!t->trace->first_ns && h->ts < t->trace->last_ns)
		t->deltas = true;
	if (!nr || h->ts < t->trace->first_ns)
		t->trace->first_ns = h->ts;
	t->trace->last_ns = h->ts;
}

static void learn_prefix(struct text *t, const struct head *h)
{
	size_t len = h->source_len;

	while (len && h->source[len - 1] == ' ')
		len--;
	if (*t->prefix || !len || len >= sizeof(t->prefix))
		return;
	memcpy(t->prefix, h->source, len);
	t->prefix[len] = '\0';
}

/* Once more through the sample: what can be told only with the columns known. */
static void learn_rest(struct text *t, size_t held)
{
	uint64_t first_ns = t->trace->first_ns, last_ns = t->trace->last_ns, nr = 0;
	struct anchor a;
	struct line line;
	struct head h;

	lines_rewind(t->lines);
	lines_hold(t->lines);
	while (lines_held(t->lines) < held && lines_next(t->lines, &line)) {
		const char *p = columns_strip(&t->columns, line.text);

		if (!p || line.torn)
			continue;
		if (anchor_find(p, line.text + line.len - p, &a)) {
			if (columns_before(&t->columns, p, a.start, &h)) {
				learn_time(t, &h, nr++);
				learn_prefix(t, &h);
			}
			continue;
		}
		frames_learn(t->frames, text_unprefixed(t, p));
	}
	lines_rewind(t->lines);
	t->trace->first_ns = first_ns;
	t->trace->last_ns = last_ns;
}

static void tell_folded(struct text *t)
{
	report_error("%s: its lines were wrapped, and where cannot be told with certainty: "
		     "give the text as it was before a mail had it", t->trace->file);
	t->failed = true;
}

static void check_fields(struct text *t)
{
	const char *name, *missing = fields_missing(t->fields, &name);

	if (!missing)
		return;
	t->failed = true;
	if (t->wrapped)
		tell_folded(t);
	else if (!strcmp(missing, "pfn"))
		report_error("%s: event %s has no fields: print them, perf script -F +trace",
			     t->trace->file, name);
	else if (t->foreign.seen[0] && (!strcmp(missing, "refcount") || !strcmp(missing, "id")))
		foreign_tell(&t->foreign, t->trace->file);
	else
		report_error("%s: event %s has no field %s", t->trace->file, name, missing);
}

static void check_columns(struct text *t)
{
	if (t->columns.task == TASK_NONE && !t->failed && t->wrapped) {
		tell_folded(t);
	} else if (t->columns.task == TASK_NONE && !t->failed) {
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

/* Lines without an event of ours go by; the sample begins where one is. */
static size_t find_sample(struct text *t, struct column_votes *votes)
{
	size_t nr, held;
	struct line line;

	while (!(nr = survey(t, votes))) {
		held = lines_held(t->lines);
		lines_rewind(t->lines);
		lines_hold(t->lines);
		while (lines_held(t->lines) < held && lines_next(t->lines, &line)) {
			text_skip(t, &line);
			text_keep(t, &line);
		}
		if (!held)
			break;
	}
	return nr;
}

/* Is it another page_pinner's event? */
static void note_foreign(struct text *t, size_t held)
{
	struct line line;

	lines_rewind(t->lines);
	lines_hold(t->lines);
	while (lines_held(t->lines) < held && lines_next(t->lines, &line))
		foreign_note(&t->foreign, line.text);
}

void text_learn(struct text *t)
{
	struct column_votes *votes = column_votes_new();
	size_t nr = find_sample(t, votes), held = lines_held(t->lines);
	const char *name;

	if (!nr && text_read_refs(t)) {
		nr = find_sample(t, votes);
		held = lines_held(t->lines);
	}
	if (nr && t->folded && !t->rewritten) {
		lines_rewind(t->lines);
		if (text_unfold(t)) {
			fields_free(t->fields);
			t->fields = fields_new();
			column_votes_free(votes);
			votes = column_votes_new();
			nr = find_sample(t, votes);
			held = lines_held(t->lines);
		}
	}
	if (t->failed) {
		/* nothing is left to be read */
	} else if (!nr && t->trace->on & 1u << PIN_FAIL) {
		/* perf script says that they were on, and nothing failed */
	} else if (!nr && t->starts && !t->others) {
		t->trace->on |= 1u << PIN_FAIL;
		report_error("%s: no event in it: if page_pinner's were on, nothing failed",
			     t->trace->file);
	} else if (!nr) {
		foreign_tell(&t->foreign, t->trace->file);
		t->failed = true;
	} else if (!column_votes_decide(votes, &t->columns)) {
		report_error("%s: page_pinner events behind columns of an unknown form: "
			     "print them without options", t->trace->file);
		t->failed = true;
	} else {
		if (fields_missing(t->fields, &name))
			note_foreign(t, held);
		check_fields(t);
		check_columns(t);
		learn_rest(t, held);
	}
	column_votes_free(votes);
}
