// SPDX-License-Identifier: GPL-2.0
/*
 * Makes a recording of any size out of a small one: its records are written
 * again and again, each time of other pages of the same area under other marks.
 *
 *	corpus KIND SMALL.dat LARGE.dat MEGABYTES
 *
 * failures: everything as it was.  unmarked: of that the failures that set no
 * mark, behind the first time.  watched: gets and puts of watched pages, which
 * never fail, with their stacks.  marks: 50 marks at a time, each with as many
 * operations as the kernel writes, which cross tasks.  retries: the same, and each
 * page is tried again all the time.  The others are what nobody records on purpose:
 * see the table of kinds.
 * SMALL.dat is a trace.dat of version 6 without compression.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <trace-cmd.h>

#define PAGE 4096
#define PAGE_HEAD 16
/* Everything is told of so many pages beside each other. */
#define SHIFTS 64
#define SHIFT 8
#define CPUS_MAX 64

/* Gets and puts, a get and its put at a time. */
static const struct kind {
	const char *name;
	uint64_t pages;		/* in turn */
	uint64_t pairs;		/* under each mark; 0: they are watched, none is marked */
	uint64_t tasks;		/* in turn, not those that took; 0: as it was recorded */
	bool again;		/* a mark's page is tried again all the time */
	bool held;		/* there are no puts */
	bool stacks;		/* each of another stack */
} kinds[] = {
	{ .name = "watched", .pages = 4096 },
	/* so many operations the kernel writes of a mark, nearly */
	{ .name = "marks", .pages = 50, .pairs = 2000, .tasks = 97 },
	{ .name = "retries", .pages = 50, .pairs = 2000, .tasks = 97, .again = true },
	{ .name = "pages", .pages = UINT64_MAX, .tasks = 97 },
	{ .name = "held", .pages = 1, .tasks = UINT64_MAX, .held = true },
	{ .name = "remarked", .pages = 1, .pairs = 2, .tasks = 97 },
	{ .name = "alive", .pages = UINT64_MAX, .pairs = 1, .tasks = 97 },
	{ .name = "tasks", .pages = 4096, .tasks = UINT64_MAX },
	{ .name = "stacks", .pages = 4096, .tasks = 97, .stacks = true },
};

struct record {
	char *data;
	int size;
	bool ours;	/* of page_pinner */
	bool fails;
	bool ends;
	bool stack;
	bool marked;	/* its mark, or that of the event that it is the stack of */
	int sign;	/* of a get or put */
};

struct cpu {
	FILE *out;
	char page[PAGE];
	size_t used;
	uint64_t ts;
	uint64_t bytes;
};

struct corpus {
	struct tep_handle *tep;
	struct record *list;
	size_t nr, room;
	struct cpu cpus[CPUS_MAX];
	int nr_cpus;
	uint64_t ts;
};

static void die(const char *what)
{
	fprintf(stderr, "corpus: %s\n", what);
	exit(1);
}

static struct tep_event *event_of(struct corpus *c, const struct record *r)
{
	return tep_find_event(c->tep, *(unsigned short *)r->data);
}

/* Another number in a field, where the event has that field. */
static void patch(struct corpus *c, struct record *r, const char *name, uint64_t value)
{
	struct tep_format_field *field = tep_find_field(event_of(c, r), name);

	if (field && field->offset + field->size <= r->size)
		memcpy(r->data + field->offset, &value, field->size);
}

static uint64_t number(struct corpus *c, const struct record *r, const char *name)
{
	struct tep_format_field *field = tep_find_field(event_of(c, r), name);
	uint64_t value = 0;

	if (field && field->offset + field->size <= r->size)
		memcpy(&value, r->data + field->offset, field->size);
	return value;
}

static int take(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *ctx)
{
	struct corpus *c = ctx;
	struct tep_event *event = tep_find_event(c->tep, tep_data_type(c->tep, record));
	struct record r = { .size = record->size };

	if (!event)
		return 0;
	r.data = malloc(r.size);
	memcpy(r.data, record->data, r.size);
	r.ours = !strcmp(event->system, "page_pinner");
	r.fails = r.ours && !strncmp(event->name, "page_pinner_fail", 16);
	r.ends = r.ours && !strcmp(event->name, "page_pinner_unmark");
	r.stack = !strcmp(event->name, "kernel_stack");
	r.marked = r.ours ? number(c, &r, "id") : r.stack && c->nr && c->list[c->nr - 1].marked;
	r.sign = !r.ours ? 0 : !strcmp(event->name, "page_pinner_get") ? 1 :
		 !strcmp(event->name, "page_pinner_put") ? -1 : 0;
	if (c->nr == c->room) {
		c->room = c->room ? c->room * 2 : 256;
		c->list = realloc(c->list, c->room * sizeof(*c->list));
	}
	c->list[c->nr++] = r;
	return 0;
}

static void flush_page(struct cpu *cpu)
{
	uint64_t commit = cpu->used - PAGE_HEAD;

	if (cpu->used <= PAGE_HEAD)
		return;
	memcpy(cpu->page + 8, &commit, sizeof(commit));
	memset(cpu->page + cpu->used, 0, PAGE - cpu->used);
	fwrite(cpu->page, PAGE, 1, cpu->out);
	cpu->bytes += PAGE;
	cpu->used = 0;
}

/* As the ring buffer does: a word with length and time, then the record. */
static void put(struct corpus *c, struct cpu *cpu, const struct record *r)
{
	uint32_t words = (r->size + 3) / 4, head[2];
	size_t room = 4 * words + 8;

	c->ts += 1000;
	if (!cpu->used || cpu->used + room > PAGE) {
		flush_page(cpu);
		memcpy(cpu->page, &c->ts, sizeof(c->ts));
		cpu->used = PAGE_HEAD;
		cpu->ts = c->ts;
	}
	head[0] = (uint32_t)(c->ts - cpu->ts) << 5;
	if (c->ts - cpu->ts >= 1u << 27)
		die("records of one CPU lie too far apart");
	cpu->ts = c->ts;
	if (words <= 28) {
		head[0] |= words;
		memcpy(cpu->page + cpu->used, head, 4);
		cpu->used += 4;
	} else {
		head[1] = words * 4 + 4;
		memcpy(cpu->page + cpu->used, head, 8);
		cpu->used += 8;
	}
	memset(cpu->page + cpu->used, 0, words * 4);
	memcpy(cpu->page + cpu->used, r->data, r->size);
	cpu->used += words * 4;
}

static void copy_all(struct corpus *c, uint64_t turn, bool marks)
{
	struct cpu *cpu = &c->cpus[turn % c->nr_cpus];
	size_t i;

	for (i = 0; i < c->nr; i++) {
		struct record r = c->list[i];
		char data[PAGE];

		if (r.marked && !marks)
			continue;
		memcpy(data, r.data, r.size);
		r.data = data;
		if (r.ours) {
			patch(c, &r, "pfn", number(c, &r, "pfn") + turn % SHIFTS * SHIFT);
			if (number(c, &r, "id"))
				patch(c, &r, "id", number(c, &r, "id") + turn * 1000);
		}
		put(c, cpu, &r);
	}
}

/* Of the gets that were recorded every other one has its own put behind it. */
static size_t own_get(const struct corpus *c, uint64_t turn)
{
	size_t i, nr = 0;

	for (i = 0; i < c->nr; i++)
		nr += c->list[i].sign > 0;
	nr = turn % ((nr + 1) / 2) * 2;
	for (i = 0; i < c->nr; i++)
		if (c->list[i].sign > 0 && !nr--)
			return i;
	return 0;
}

/* An event, by a task of ours unless it is 0, and its stack: that is the next one. */
static void put_event(struct corpus *c, struct cpu *cpu, size_t i, int32_t pid)
{
	struct record *r = &c->list[i];

	if (pid)
		memcpy(r->data + 4, &pid, 4);
	put(c, cpu, r);
	for (i++; i < c->nr && !c->list[i].stack; i++)
		;
	if (i == c->nr)
		return;
	memcpy(c->list[i].data + 4, r->data + 4, 4);
	put(c, cpu, &c->list[i]);
}

/* The first one of its kind that was recorded: the failure, or the end, of a mark. */
static void put_first(struct corpus *c, struct cpu *cpu, bool end, uint64_t page, uint64_t id)
{
	size_t i;

	for (i = 0; i < c->nr; i++)
		if (end ? c->list[i].ends : c->list[i].fails && c->list[i].marked)
			break;
	if (i == c->nr)
		die("no mark in the recording");
	patch(c, &c->list[i], "pfn", 0x100000 + page);
	patch(c, &c->list[i], "id", id);
	put_event(c, cpu, i, 0);
}

/* Another address in the stack of an event: not of the innermost frames. */
static void change_stack(struct corpus *c, size_t i, uint64_t address)
{
	struct tep_format_field *field;
	const char *data;
	size_t at;

	for (i++; i < c->nr && !c->list[i].stack; i++)
		;
	if (i == c->nr)
		return;
	field = tep_find_field(event_of(c, &c->list[i]), "caller");
	data = c->list[i].data;
	at = field->flags & TEP_FIELD_IS_DYNAMIC ? *(uint16_t *)(data + field->offset) :
		field->offset;
	if (at + 6 * sizeof(address) <= (size_t)c->list[i].size)
		memcpy(c->list[i].data + at + 5 * sizeof(address), &address, sizeof(address));
}

/* A get and a put of one page, with the stacks of some that were recorded. */
static void copy_refs(struct corpus *c, const struct kind *kind, uint64_t turn)
{
	struct cpu *cpu = &c->cpus[turn % c->nr_cpus];
	uint64_t page = turn % kind->pages, pairs = turn / kind->pages;
	uint64_t id = kind->pairs ? 1 + page + pairs / kind->pairs * kind->pages : 0;
	int32_t count = kind->held ? 2 + turn : 2;
	size_t i, k, at = kind->tasks ? turn * 7 : own_get(c, turn);

	if (id && pairs % kind->pairs == 0 && pairs)
		put_first(c, cpu, true, page, id - kind->pages);
	if (id && (pairs % kind->pairs == 0 || kind->again))
		put_first(c, cpu, false, page, id);
	for (k = 0; k < (kind->held ? 1 : 2); k++, at += kind->tasks ? 3 : 1) {
		int sign = k ? -1 : 1;

		for (i = 0; i < c->nr && c->list[(at + i) % c->nr].sign != sign; i++)
			;
		i = (at + i) % c->nr;
		if (c->list[i].sign != sign)
			die("no get or put in the recording");
		count += sign;
		patch(c, &c->list[i], "pfn", 0x100000 + page);
		patch(c, &c->list[i], "id", id);
		patch(c, &c->list[i], "reason", id ? 2 : 1);
		patch(c, &c->list[i], "refcount", count);
		patch(c, &c->list[i], "delta", sign);
		if (kind->stacks)
			change_stack(c, i, 0xffffffff81000000 + 16 * (2 * turn + k));
		/* who gives back is seldom the one that took */
		put_event(c, cpu, i, kind->tasks ? 1000 + (turn * 31 + k * 17) % kind->tasks : 0);
	}
}

static const struct kind *find_kind(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static void copy_file(FILE *from, FILE *to)
{
	char buffer[1 << 16];
	size_t n;

	rewind(from);
	while ((n = fread(buffer, 1, sizeof(buffer), from)))
		fwrite(buffer, 1, n, to);
}

/* Everything before the data of the CPUs, with a new table of where that is. */
static void write_file(struct corpus *c, const char *small, const char *large)
{
	static const char mark[] = "flyrecord";
	FILE *in = fopen(small, "r"), *out = fopen(large, "w");
	uint64_t at, table[2];
	char *text, *found = NULL, *next;
	long size;
	int i;

	if (!in || !out)
		die("cannot open a file");
	fseek(in, 0, SEEK_END);
	size = ftell(in);
	rewind(in);
	text = malloc(size);
	if (fread(text, 1, size, in) != (size_t)size || memcmp(text + 3, "tracing6", 9))
		die("not a trace.dat of version 6");
	for (next = text; (next = memmem(next, text + size - next, mark, sizeof(mark))); next++)
		if (!found)
			found = next;
	if (!found)
		die("no flyrecord");
	at = found + sizeof(mark) - text;
	fwrite(text, 1, at, out);
	at = (at + 16 * c->nr_cpus + PAGE - 1) / PAGE * PAGE;
	for (i = 0; i < c->nr_cpus; i++) {
		table[0] = at;
		table[1] = c->cpus[i].bytes;
		fwrite(table, sizeof(table), 1, out);
		at += table[1];
	}
	while (ftell(out) % PAGE)
		fputc(0, out);
	for (i = 0; i < c->nr_cpus; i++)
		copy_file(c->cpus[i].out, out);
	if (fclose(out))
		die("cannot write");
	fclose(in);
	free(text);
}

int main(int argc, char **argv)
{
	struct tracecmd_input *handle;
	struct corpus c = { .ts = 1000000000 };
	const struct kind *kind;
	uint64_t turn, bytes = 0, want;
	int i;

	if (argc != 5)
		die("usage: corpus KIND SMALL.dat LARGE.dat MEGABYTES");
	kind = find_kind(argv[1]);
	want = strtoull(argv[4], NULL, 10) << 20;
	handle = tracecmd_open(argv[2], TRACECMD_FL_LOAD_NO_PLUGINS);
	if (!handle)
		die("cannot read the recording");
	c.tep = tracecmd_get_tep(handle);
	c.nr_cpus = tep_get_cpus(c.tep);
	if (c.nr_cpus < 1 || c.nr_cpus > CPUS_MAX)
		die("too many CPUs");
	tracecmd_iterate_events(handle, NULL, 0, take, &c);
	for (i = 0; i < c.nr_cpus; i++)
		c.cpus[i].out = tmpfile();
	for (turn = 0; bytes < want; turn++) {
		if (kind)
			copy_refs(&c, kind, turn);
		else
			copy_all(&c, turn, !turn || !strcmp(argv[1], "failures"));
		for (i = 0, bytes = 0; i < c.nr_cpus; i++)
			bytes += c.cpus[i].bytes;
	}
	for (i = 0; i < c.nr_cpus; i++)
		flush_page(&c.cpus[i]);
	write_file(&c, argv[2], argv[3]);
	tracecmd_close(handle);
	return 0;
}
