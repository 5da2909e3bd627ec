// SPDX-License-Identifier: GPL-2.0
/*
 * Prints events through the plugin of libtraceevent, as what loads it would:
 *
 *	plugin_print PLUGIN [KERNEL]	the cases below, a line each
 *	plugin_print PLUGIN SEED COUNT	so many formats and records made up
 *
 * Each record ends where a page ends that has no page behind it.
 */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <event-parse.h>
#include <trace-seq.h>

#define PAGE 4096
#define COMMON								\
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"	\
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"	\
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n" \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"

/* As the kernel prints it of page_pinner_get. */
#define GET_FIELDS							\
	"\tfield:unsigned long pfn;\toffset:8;\tsize:8;\tsigned:0;\n"		\
	"\tfield:unsigned int id;\toffset:16;\tsize:4;\tsigned:0;\n"		\
	"\tfield:int refcount;\toffset:20;\tsize:4;\tsigned:1;\n"		\
	"\tfield:int delta;\toffset:24;\tsize:4;\tsigned:1;\n"			\
	"\tfield:unsigned char order;\toffset:28;\tsize:1;\tsigned:0;\n"	\
	"\tfield:unsigned char reason;\toffset:29;\tsize:1;\tsigned:0;\n"	\
	"\tfield:unsigned char ctx;\toffset:30;\tsize:1;\tsigned:0;\n"		\
	"\tfield:int expected;\toffset:32;\tsize:4;\tsigned:1;\n"		\
	"\tfield:int mapcount;\toffset:36;\tsize:4;\tsigned:1;\n"		\
	"\tfield:unsigned int seq;\toffset:40;\tsize:4;\tsigned:0;\n"		\
	"\tfield:unsigned long flags;\toffset:48;\tsize:8;\tsigned:0;\n"
#define GET_SIZE 56

static struct tep_handle *tep;
static int (*load)(struct tep_handle *tep);

/* A handle of its own for each format: a handler is for one event of its name. */
static struct tep_event *event_of(const char *name, int id, const char *fields,
				  const char *print)
{
	static char text[16384];
	int len = snprintf(text, sizeof(text), "name: %s\nID: %d\nformat:\n" COMMON
			   "%s\nprint fmt: %s\n", name, id, fields, print);

	tep_free(tep);
	tep = tep_alloc();
	tep_set_long_size(tep, 8);
	load(tep);
	tep_parse_event(tep, text, len, "page_pinner");
	return tep_find_event(tep, id);
}

/* A record of that size whose last byte is the last that may be read. */
static void print(struct tep_event *event, const void *data, size_t size)
{
	static char *pages;
	struct tep_record record = { .size = size };
	struct trace_seq s;

	if (!event || !event->handler) {
		printf("no handler\n");
		return;
	}
	if (!pages) {
		pages = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (pages == MAP_FAILED || mprotect(pages + PAGE, PAGE, PROT_NONE))
			exit(2);
	}
	record.data = pages + PAGE - size;
	memcpy(record.data, data, size);
	trace_seq_init(&s);
	event->handler(&s, &record, event, event->context);
	trace_seq_terminate(&s);
	printf("%s\n", s.buffer);
	trace_seq_destroy(&s);
}

static void put(unsigned char *data, int offset, int size, uint64_t value)
{
	memcpy(data + offset, &value, size);	/* little endian, as the handle is told */
}

static const char *const get_print =
	"\"pfn=0x%lx reason=%s ctx=%s\", REC->pfn, __print_symbolic(REC->reason, "
	"{ 0, \"none\" }, { 2, \"alloc_contig\" }, { 77, \"of_a_newer_kernel\" }, "
	"{ 78, \"two words\" }), __print_symbolic(REC->ctx, { 0, \"task\" }, { 1, \"softirq\" })";

static void fill(unsigned char *data)
{
	memset(data, 0, GET_SIZE);
	put(data, 8, 8, 0x3bb2e);
	put(data, 16, 4, 7);
	put(data, 20, 4, 4);
	put(data, 24, 4, 1);
	put(data, 28, 1, 9);
	put(data, 29, 1, 2);
	put(data, 30, 1, 1);
	put(data, 32, 4, 2);
	put(data, 36, 4, 1);
	put(data, 40, 4, 3);
	put(data, 48, 8, 0x2082c);
}

static void cases(void)
{
	struct tep_event *get = event_of("page_pinner_get", 100, GET_FIELDS, get_print);
	unsigned char data[GET_SIZE];
	size_t size;

	fill(data);
	print(get, data, GET_SIZE);
	put(data, 24, 4, -1024);		/* a put of a pin, whatever its event */
	put(data, 32, 4, -1);			/* there is no rule */
	put(data, 29, 1, 77);
	put(data, 48, 8, 0);
	print(get, data, GET_SIZE);
	memset(data + 8, 0xff, GET_SIZE - 8);	/* all that numbers can be */
	print(get, data, GET_SIZE);
	fill(data);
	put(data, 29, 1, 78);			/* a name that would be two words */
	print(get, data, GET_SIZE);
	for (size = GET_SIZE; size-- > 46;)	/* cut within the last field */
		print(get, data, size);
	print(get, data, 10);

	print(event_of("page_pinner_put", 101,
		       "\tfield:unsigned long pfn;\toffset:8;\tsize:8;\tsigned:0;\n"
		       "\tfield:int delta;\toffset:16;\tsize:4;\tsigned:1;\n"
		       "\tfield:unsigned short gadget;\toffset:20;\tsize:2;\tsigned:0;\n"
		       "\tfield:char reason[8];\toffset:24;\tsize:8;\tsigned:0;\n"
		       "\tfield:unsigned int id;\toffset:4294967288;\tsize:4;\tsigned:0;\n"
		       "\tfield:unsigned int seq;\toffset:24;\tsize:3;\tsigned:0;\n",
		       "\"%d\", REC->no_such_field +"), data, GET_SIZE);
	print(event_of("page_pinner_unmark", 102,
		       "\tfield:unsigned long long age_ns;\toffset:8;\tsize:8;\tsigned:0;\n"
		       "\tfield:unsigned char why;\toffset:16;\tsize:1;\tsigned:0;\n",
		       "\"%s\", __print_symbolic(REC->why, { 7, \"\033[31m%n\" })"),
	      "\0\0\0\0\0\0\0\0\xe7\xe9\x30\x79\0\0\0\0\x07", 17);
}

static unsigned int seed;

static unsigned int any(unsigned int below)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 8) % below;
}

static void made_up(unsigned int count)
{
	static const char *const names[] = {
		"pfn", "order", "refcount", "delta", "expected", "reason", "kind", "id", "why",
		"age_ns", "ctx", "flags", "seq", "later", "common_pid",
	};
	static const char *const printed[] = { "pfn", "reason", "ctx" };
	static const char *const types[] = {
		"unsigned long", "int", "unsigned char", "char", "__data_loc char[]", "void *",
		"struct folio",
	};
	static const unsigned int sizes[] = { 0, 1, 2, 3, 4, 8, 16, 4096, 1u << 31 };
	static const char *const events[] = {
		"page_pinner_get", "page_pinner_put", "page_pinner_unmark",
		"page_pinner_fail_compaction",
	};
	unsigned int i, j, nr, used;
	unsigned char data[256];
	char fields[8192] = "";

	for (i = 0; i < count; i++) {
		nr = any(20);
		/* what the print format names is there: libtraceevent 1.7.1 crashes else */
		for (j = used = 0; j < 3; j++)
			used += snprintf(fields + used, sizeof(fields) - used,
					 "\tfield:int %s;\toffset:%u;\tsize:%u;\tsigned:1;\n",
					 printed[j], any(300), sizes[any(9)]);
		for (j = 0; j < nr; j++)
			used += snprintf(fields + used, sizeof(fields) - used,
					 "\tfield:%s %s%s;\toffset:%u;\tsize:%u;\tsigned:%u;\n",
					 types[any(7)], names[any(15)], any(5) ? "" : "[4]",
					 any(8) ? any(256) : any(1u << 24) << 8,
					 sizes[any(9)], any(2));
		for (j = 0; j < sizeof(data); j++)
			data[j] = any(256);
		print(event_of(events[i % 4], 200 + i, fields, get_print), data, any(257));
	}
}

int main(int argc, char **argv)
{
	struct tep_plugin_option *options;
	void *plugin;

	plugin = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	load = plugin ? (int (*)(struct tep_handle *))dlsym(plugin, TEP_PLUGIN_LOADER_NAME) : NULL;
	options = plugin ? dlsym(plugin, TEP_PLUGIN_OPTIONS_NAME) : NULL;
	if (!load || !options) {
		fprintf(stderr, "no plugin: %s\n", dlerror());
		return 2;
	}
	tep_set_loglevel(TEP_LOG_NONE);
	if (argc == 3)
		options[0].value = argv[2];
	if (argc == 4) {
		seed = atoi(argv[2]);
		made_up(atoi(argv[3]));
	} else {
		cases();
	}
	tep_free(tep);
	return 0;
}
