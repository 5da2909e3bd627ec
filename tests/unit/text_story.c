// SPDX-License-Identifier: GPL-2.0
/*
 * Stories as text; see text_story.h.
 */
#include "text_story.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* One record and its stack, before it has a form. */
struct record {
	const char *comm;
	int pid;
	int cpu;
	uint64_t us;
	const char *name;
	char fields[256];
	const char *stack;	/* frames, separated by blanks */
};

enum look {
	ARROWS,			/* tracefs: a marker, then " => name" */
	TRACE_CMD,		/* "=> name (address)" */
	PERF,			/* right behind the event, then a blank line */
};

static const struct form {
	const char *name;
	const char *envelope;	/* in front of every line */
	const char *head;	/* c: comm, C: padded, 8: cut; p P L t T g ... see put_head() */
	enum look look;
} forms[] = {
	{ "tracefs", "", "C-P[]f s:", ARROWS },
	{ "tracefs, tgid", "", "C-Pg[]f s:", ARROWS },
	{ "tracefs, no flags", "", "C-P[] s:", ARROWS },
	{ "tracefs, ticks", "", "C-P[]f t:", ARROWS },
	{ "latency", "", "8-PLf u", ARROWS },
	{ "dmesg", "[   12.345678] ", "8-PLf u", ARROWS },
	{ "log", "Jun  1 12:00:00 host kernel: [   12.345678][    T1] ", "8-PLf u", ARROWS },
	{ "mail", "> ", "C-P[]f s:", ARROWS },
	{ "trace-cmd", "", "C-Q[] s:", TRACE_CMD },
	{ "trace-cmd, deltas", "", "C-Q[] s:d", TRACE_CMD },
	{ "trace-cmd, latency", "", "8-QLf s:", TRACE_CMD },
	{ "trace-cmd, instance", "", "IC-Q[] s:", TRACE_CMD },
	{ "perf", "", "c p [] s:S", PERF },
	{ "perf, period", "", "c p [] s:1S", PERF },
	{ "perf, no cpu", "", "c p s:S", PERF },
	{ "perf, no time", "", "c p []S", PERF },
	{ "perf, neither", "", "c pS", PERF },
	{ "perf, latency", "", "c p L s:S", PERF },
	{ "perf, pid and tid", "", "c 2 [] s:S", PERF },
	{ "perf, mail", ">> ", "c p [] s:S", PERF },
};

struct writer {
	FILE *out;
	uint64_t state;
	unsigned int form;
	bool damage;
	bool joined;		/* the line that was written last has no end */
	struct story *story;
};

unsigned int story_forms(void)
{
	return ARRAY_SIZE(forms);
}

const char *story_form_name(unsigned int form)
{
	return forms[form].name;
}

/* splitmix64 */
static uint64_t draw(struct writer *w, uint64_t below)
{
	uint64_t x = w->state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return (x ^ x >> 31) % below;
}

static void put_head(FILE *out, const char *head, const struct record *r)
{
	for (; *head; head++) {
		switch (*head) {
		case 'c': fprintf(out, "%s", r->comm); break;
		case 'C': fprintf(out, "%16s", r->comm); break;
		case '8': fprintf(out, "%8.8s", r->comm); break;
		case 'I': fprintf(out, "  buf: "); break;
		case 'p': fprintf(out, "%5d", r->pid); break;
		case 'P': fprintf(out, "%-7d ", r->pid); break;
		case 'Q': fprintf(out, "%-5d ", r->pid); break;
		case '2': fprintf(out, "%5d/%-5d", r->pid, r->pid); break;
		case 'g': fprintf(out, "(%7d) ", r->pid); break;
		case '[': fprintf(out, "[%03d", r->cpu); break;
		case 'L': fprintf(out, "%3d", r->cpu); break;
		case 'f': fprintf(out, "%s", head[-1] == ']' ? " ....." : "....."); break;
		case 's': fprintf(out, "%5d.%06d", (int)(r->us / 1000000), (int)(r->us % 1000000)); break;
		case 't': fprintf(out, "%12llu", (unsigned long long)r->us * 3000); break;
		case 'u': fprintf(out, "%4dus%c:", (int)r->us, " +!"[r->us % 3]); break;
		case 'd': fprintf(out, r->us % 2 ? " (+16)  " : "        "); break;
		case '1': fprintf(out, "          1"); break;
		case 'S': fprintf(out, "   page_pinner:"); break;
		default: fputc(*head, out);
		}
	}
	if (!strchr(head - 1, 'S'))
		fputc(' ', out);
}

/* The lines of a record in one form, into a text of their own. */
static char *lines_of(const struct form *form, const struct record *r)
{
	char *text = NULL, *stack = strdup(r->stack), *frame, *save;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs(form->envelope, out);
	put_head(out, form->head, r);
	fprintf(out, "%s: %s\n", r->name, r->fields);
	if (form->look != PERF && *r->stack) {
		fputs(form->envelope, out);
		put_head(out, form->head, r);
		fprintf(out, form->look == ARROWS ? "<stack trace>\n" :
			"kernel_stack:         <stack trace >\n");
	}
	for (frame = strtok_r(stack, " ", &save); frame; frame = strtok_r(NULL, " ", &save)) {
		unsigned int sum = 0;

		for (const char *c = frame; *c; c++)
			sum = sum * 31 + *c;
		fputs(form->envelope, out);
		if (form->look == ARROWS)
			fprintf(out, " => %s\n", frame);
		else if (form->look == TRACE_CMD)
			fprintf(out, "=> %s (ffffffff81%06x)\n", frame, sum & 0xffffff);
		else
			fprintf(out, "\tffffffff81%06x %s+0x%x ([kernel.kallsyms])\n",
				sum & 0xffffff, frame, sum & 0xff);
	}
	if (form->look == PERF)
		fprintf(out, "%s\n", form->envelope);
	fclose(out);
	free(stack);
	return text;
}

/* Bytes that nobody meant, without a newline. */
static void put_noise(struct writer *w)
{
	static const char *const words[] = {
		"random: crng init done", "=> ", "[000]", "12.345678:", "page_pinner_put:",
		"pfn=0x10 ", "id=1", " => vfs_read x", "\tffffffff81000000 x+0x1 (y)", "#",
		"CPU:", "--More--", "> ", "comm-1 ", "<stack trace>", "refcount=1 delta=-1",
	};
	size_t n = 1 + draw(w, 4);

	while (n--) {
		if (draw(w, 3))
			fputs(words[draw(w, ARRAY_SIZE(words))], w->out);
		else
			fputc(1 + draw(w, 255) % 126 + (draw(w, 4) == 0), w->out);
	}
}

/*
 * A line, whole or damaged: broken in two, joined with the next, with a line of
 * noise in front.  Nothing is taken out: what is not there cannot be told.
 */
static void put_damaged(struct writer *w, const char *line, size_t len)
{
	size_t at;

	w->story->damaged++;
	switch (draw(w, 6)) {
	case 0:
		at = len ? draw(w, len) : 0;
		fwrite(line, 1, at, w->out);
		fputc('\n', w->out);
		fwrite(line + at, 1, len - at, w->out);
		fputc('\n', w->out);
		break;
	case 1:
		fwrite(line, 1, len, w->out);
		w->joined = true;
		break;
	case 2:
		put_noise(w);
		fputc('\n', w->out);
		fwrite(line, 1, len, w->out);
		fputc('\n', w->out);
		break;
	case 3:
		at = len ? draw(w, len) : 0;
		fwrite(line, 1, at, w->out);
		fputc('\n', w->out);
		put_noise(w);
		fputc('\n', w->out);
		fwrite(line + at, 1, len - at, w->out);
		fputc('\n', w->out);
		break;
	case 4:
		/* a second writer, in the middle of the line: behind the name, which is free */
		at = len > 16 ? 16 + draw(w, len - 16) : len;
		fwrite(line, 1, at, w->out);
		fwrite(line, 1, len, w->out);
		fputc('\n', w->out);
		fwrite(line + at, 1, len - at, w->out);
		fputc('\n', w->out);
		break;
	case 5:
		at = len > 16 ? 16 + draw(w, len - 16) : len;
		fwrite(line + at, 1, len - at, w->out);
		fputc('\n', w->out);
		fwrite(line, 1, len, w->out);
		fputc('\n', w->out);
		break;
	}
}

static void put_record(struct writer *w, struct record *r)
{
	const struct form *form = &forms[w->form];
	bool other = w->damage && !draw(w, 40);
	char *text, *line, *end;

	if (!strncmp(r->name, "page_pinner_", 12))
		w->story->events++;
	if (other) {
		w->story->damaged++;
		form = &forms[draw(w, ARRAY_SIZE(forms))];
	}
	text = lines_of(form, r);
	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		/* noise right behind a name would make another name of it */
		if (w->damage && !w->joined && !draw(w, 120)) {
			put_damaged(w, line, end - line);
		} else {
			fwrite(line, 1, end - line, w->out);
			fputc('\n', w->out);
			w->joined = false;
		}
	}
	free(text);
}

static const struct {
	const char *function;
	const char *stack;
} releases[] = {
	{ "generic_pipe_buf_release", "generic_pipe_buf_release pipe_read vfs_read ksys_read" },
	{ "page_cache_pipe_buf_release", "page_cache_pipe_buf_release free_pipe_info pipe_release" },
	{ "bio_release_pages", "gup_put_folio unpin_user_page bio_release_pages bio_endio" },
};

#define SCAN "isolate_migratepages_block isolate_migratepages_range alloc_contig_range_noprof"

static const char *const comms[] = {
	"holder", "io7[2]", "a => b", "beef cafe", "# x", "tmux: server", "(sd-pam)", "[000]",
	"1.500000:", "a-5", "x (123)", "foo 7", "a 1 [0] 1.1: x:",
};

static void write_page(struct writer *w, unsigned int page, uint64_t us)
{
	struct story_truth *truth = &w->story->truth[page];
	size_t release = draw(w, ARRAY_SIZE(releases));
	bool pin = release == 2;
	struct record r = { .comm = "cma_take", .pid = 4000, .cpu = draw(w, 4), .us = us };
	int id = page + 1, after;

	truth->pfn = 0x1000 + page * 0x111;
	truth->pid = 5000 + page;
	strcpy(truth->comm, comms[draw(w, ARRAY_SIZE(comms))]);
	truth->function = releases[release].function;
	after = pin ? 1025 : 2;
	r.name = "page_pinner_fail_alloc_contig";
	r.stack = SCAN;
	sprintf(r.fields, "pfn=0x%x order=0 refcount=%d expected=2 mapcount=1 pincount=%d "
		"reason=alloc_contig kind=extra_ref id=%d marked=new repeats=0 nid=0 mt=5 flags=0x0",
		(int)truth->pfn, after + 1, pin, id);
	put_record(w, &r);
	r.us += 10;
	r.name = "page_pinner_put";
	sprintf(r.fields, "pfn=0x%x order=0 refcount=%d delta=-1 reason=alloc_contig id=%d",
		(int)truth->pfn, after, id);
	put_record(w, &r);
	if (draw(w, 2)) {
		r.us += 10;
		r.name = "sched_switch";
		r.stack = "";
		sprintf(r.fields, "prev_comm=a prev_pid=1 next_comm=b next_pid=2");
		put_record(w, &r);
	}
	r = (struct record){ .comm = truth->comm, .pid = truth->pid, .cpu = draw(w, 4),
			     .us = us + 5000, .name = "page_pinner_put",
			     .stack = releases[release].stack };
	sprintf(r.fields, "pfn=0x%x order=0 refcount=1 delta=%d reason=alloc_contig id=%d",
		(int)truth->pfn, pin ? -1024 : -1, id);
	put_record(w, &r);
	r.us += 1;
	r.name = "page_pinner_unmark";
	sprintf(r.fields, "pfn=0x%x order=0 refcount=1 reason=alloc_contig id=%d why=settled "
		"age_ns=5000000 logged=2 dropped=0", (int)truth->pfn, id);
	put_record(w, &r);
}

/* Where a line is to be broken so that it is no longer than @width; its end if it is not. */
static size_t break_at(const char *line, size_t len, size_t width)
{
	size_t at = len > width ? width : 0, blanks = strspn(line, " \t>");

	while (at > blanks && line[at] != ' ')
		at--;
	return at > blanks ? at : len;
}

/* As a mail program does: at blanks, which are left at the ends of lines or are not. */
static void wrap(struct writer *w, size_t width, bool even)
{
	struct story *story = w->story;
	char *text = story->text, *line, *end;
	bool keep = draw(w, 2), quote = draw(w, 2);
	size_t size, len, at;
	FILE *out = open_memstream(&story->text, &size);

	for (line = text; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		len = end - line;
		while ((at = break_at(line, len, even ? width : width - draw(w, 20))) < len) {
			fprintf(out, "%.*s%s\n", (int)at, line, keep ? " " : "");
			if (quote && *forms[w->form].envelope == '>')
				fputs(forms[w->form].envelope, out);
			line += at + 1;
			len -= at + 1;
		}
		fprintf(out, "%.*s\n", (int)len, line);
	}
	fwrite(line, 1, text + story->size - line, out);
	fclose(out);
	story->size = size;
	free(text);
}

void story_write(struct story *story, uint64_t seed, unsigned int form, enum story_damage damage)
{
	struct writer w = { .state = seed, .form = form, .story = story };
	unsigned int page;

	memset(story, 0, sizeof(*story));
	w.out = open_memstream(&story->text, &story->size);
	for (page = 0; page < STORY_PAGES; page++) {
		/* the form is learned from whole lines, then come the others */
		w.damage = damage == STORY_DAMAGED && page;
		write_page(&w, page, 1000 + page * 10000);
	}
	fclose(w.out);
	if (damage == STORY_WRAPPED)
		wrap(&w, 64 + draw(&w, 30), true);
	if (damage != STORY_DAMAGED)
		return;
	if (!draw(&w, 6))
		wrap(&w, 64 + draw(&w, 30), draw(&w, 2));
	if (!draw(&w, 5)) {
		story->size -= 1 + draw(&w, story->size / 3);
		/* a text that ends with a line is whole, as far as anybody can tell */
		while (story->size > 1 && (story->text[story->size] == '\n' ||
					   story->text[story->size - 1] == '\n'))
			story->size--;
		story->damaged++;
	}
}
