// SPDX-License-Identifier: GPL-2.0
/*
 * The text reader: which recording a line is of, what is missing, and what is
 * said of texts that are none of ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "read/reader.h"
#include "trace/stack.h"
#include "trace/symbols.h"
#include "trace/task.h"
#include "trace/trace.h"

#define FAIL "page_pinner_fail_alloc_contig: pfn=0x10 order=0 refcount=3 expected=2 mapcount=1 " \
	"pincount=0 reason=alloc_contig kind=extra_ref id=1 marked=new repeats=0 nid=0 mt=5 flags=0x0\n"
#define PUT "page_pinner_put: pfn=0x10 order=0 refcount=2 delta=-1 reason=alloc_contig id=1\n"
#define GET "page_pinner_get: pfn=0x10 order=0 refcount=3 delta=1 reason=alloc_contig id=1\n"
#define HEAD(us) "        cma_take-114     [000] .....     7." us ": "
#define HEAD1(us) "        cma_take-114     [001] .....     7." us ": "
#define STACK(us, frames) HEAD(us) "<stack trace>\n" frames
#define SWITCH "sched_switch: prev_comm=a\n"

struct heard {
	struct pin_event events[16];
	size_t nr;
	struct trace trace;
	char said[1024];	/* on standard error */
	int ret;
};

static void hear(void *ctx, const struct pin_event *ev)
{
	struct heard *heard = ctx;

	assert_true(heard->nr < 16);
	heard->events[heard->nr++] = *ev;
}

/* Reads a text; what is said goes to @said. */
static void read_bytes(struct heard *heard, const char *text, size_t size)
{
	FILE *in = fmemopen((void *)text, size, "r"), *err = tmpfile();
	int old = dup(2);
	size_t got;

	memset(heard, 0, sizeof(*heard));
	trace_init(&heard->trace, "text");
	fflush(stderr);
	dup2(fileno(err), 2);
	heard->ret = reader_text(&heard->trace, in, hear, heard);
	fflush(stderr);
	dup2(old, 2);
	close(old);
	rewind(err);
	got = fread(heard->said, 1, sizeof(heard->said) - 1, err);
	heard->said[got] = '\0';
	fclose(err);
	fclose(in);
}

static void read_all(struct heard *heard, const char *text)
{
	read_bytes(heard, text, strlen(text));
}

static void assert_said(const struct heard *heard, const char *words)
{
	if (!strstr(heard->said, words))
		fail_msg("\"%s\" is not in \"%s\"", words, heard->said);
}

static uint64_t count(const struct heard *heard, enum pin_type type)
{
	uint64_t nr = 0;

	for (size_t i = 0; i < heard->nr; i++)
		nr += heard->events[i].type == type;
	return nr;
}

static void end(struct heard *heard)
{
	trace_fini(&heard->trace);
}

static const char *function_of(struct heard *heard, size_t event, size_t frame)
{
	size_t nr;
	const uint64_t *addrs = stacks_get(heard->trace.stacks, heard->events[event].stack, &nr);

	return frame < nr ? symbols_find(heard->trace.symbols, addrs[frame])->name : NULL;
}

static void two_recordings_are_two_stories(void **state)
{
	static const char *const texts[] = {
		/* two files */
		"  a.dat: " HEAD("1") FAIL "  b.dat: " HEAD("2") PUT,
		/* one of an instance, one of the top */
		"    buf: " HEAD("1") FAIL "         " HEAD("2") PUT,
		/* one file behind the other */
		"cpus=2\n" HEAD("1") FAIL "cpus=2\n" HEAD("2") PUT,
		"# tracer: nop\n" HEAD("1") FAIL "# tracer: nop\n" HEAD("2") PUT,
		/* the same file twice, merged by time */
		"a.dat: cpus=2\na.dat: cpus=2\na.dat: " HEAD("1") FAIL "a.dat: " HEAD("1") FAIL,
		HEAD("1") FAIL "        cma_take-114     [000] .....     5.0: " PUT,
	};
	struct heard heard;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		read_all(&heard, texts[i]);
		if (heard.ret != -1)
			fail_msg("text %zu is not refused: %s", i, texts[i]);
		end(&heard);
	}
	/* a second one in which is none of ours */
	read_all(&heard, "    buf: " HEAD("1") FAIL "         " HEAD("2") SWITCH
		 "    buf: " HEAD("3") PUT);
	assert_int_equal(heard.ret, 0);
	assert_int_equal(heard.nr, 2);
	assert_int_equal(heard.trace.lost, 0);
	assert_string_equal(tasks_get(heard.trace.tasks, heard.events[0].task)->comm, "cma_take");
	end(&heard);
}

static void loss_is_heard(void **state)
{
	static const struct {
		const char *line;
		uint64_t lost;
	} lines[] = {
		{ "CPU:0 [LOST 12 EVENTS]\n", 12 },
		{ "CPU:0 [12 EVENTS DROPPED]\n", 12 },
		{ "CPU:0 [LOST EVENTS]\n", 1 },
		{ "CPU:0 [EVENTS DROPPED]\n", 1 },
		{ "PERF_RECORD_LOST lost 12\n", 12 },
		{ HEAD("1") "PERF_RECORD_LOST lost 12\n", 12 },
		{ HEAD("1") "PERF_RECORD_LOST_SAMPLES lost 12\n", 12 },
		{ HEAD("1") "PERF_RECORD_THROTTLE\n", 1 },
		{ "** 12 printk messages dropped **\n", 1 },
		{ "Processed 12 events and lost 3 chunks!\n", 3 },
		{ "##### CPU 0 buffer started ####\n", 1 },
		{ "# entries-in-buffer/entries-written: 4/16   #P:2\n", 12 },
		{ "# latency: 27 us, #4/16, CPU#1 | (M:preempt VP:0, KP:0, SP:0 HP:0 #P:4)\n", 12 },
		{ "overrun: 12\n", 12 },
		{ "overrun: 0\n", 0 },
		{ "# entries-in-buffer/entries-written: 16/16   #P:2\n", 0 },
		{ HEAD("1") "PERF_RECORD_UNTHROTTLE\n", 0 },
	};
	char text[2048];
	struct heard heard;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), "%s%s%s", HEAD("1") FAIL, lines[i].line, HEAD("2") PUT);
		read_all(&heard, text);
		assert_int_equal(heard.ret, 0);
		if (heard.trace.lost != lines[i].lost || !heard.trace.holes != !lines[i].lost)
			fail_msg("%u lost, not %u: %s", (unsigned int)heard.trace.lost,
				 (unsigned int)lines[i].lost, lines[i].line);
		end(&heard);
	}
}

/* What was overwritten may be of a CPU whose first event comes late. */
static void overwritten_events_are_missing_until_each_cpu_began(void **state)
{
	struct heard heard;

	read_all(&heard, "# entries-in-buffer/entries-written: 3/9   #P:2\n"
		 HEAD("1") FAIL HEAD("2") PUT HEAD1("3") GET);
	assert_int_equal(count(&heard, PIN_LOST), 2);
	assert_int_equal(heard.events[0].type, PIN_LOST);
	assert_int_equal(heard.events[3].type, PIN_LOST);
	assert_int_equal(heard.events[3].from_ns, 0);
	assert_int_equal(heard.events[3].ts, 7300000000);
	assert_int_equal(heard.trace.lost, 6);
	end(&heard);
}

static void cut_text_costs_its_last_event(void **state)
{
	static const char text[] = HEAD("1") FAIL HEAD("2") PUT HEAD("3") GET;
	const char *last = strstr(text, HEAD("3"));
	struct heard heard;

	for (size_t size = last + 1 - text; size < sizeof(text) - 4; size++) {
		read_bytes(&heard, text, size);
		assert_int_equal(heard.ret, 0);
		if (!heard.trace.lost || count(&heard, PIN_GET))
			fail_msg("not told: %.*s", (int)(size - (last - text)), last);
		assert_int_equal(count(&heard, PIN_FAIL) + count(&heard, PIN_PUT), 2);
		assert_said(&heard, "cut");
		end(&heard);
	}
	/* without its last newline it is whole */
	read_bytes(&heard, text, sizeof(text) - 2);
	assert_int_equal(heard.nr, 3);
	assert_int_equal(heard.trace.lost, 0);
	end(&heard);
}

static void torn_stack_is_not_believed(void **state)
{
	static const char *const stacks[] = {
		" => generic_pipe_b\nuf_release\n => pipe_read\n",
		" => generic_pipe_buf_release => pipe_read\n",
		"=> generic_pipe_buf_release (ffffffff81279077)\n => pipe_read\n",
		" => generic_pipe_buf_release\n# \n\n => pipe_read\n",
		" => generic_pipe_buf_release\nsomething else\n => pipe_read\n",
		/* the next event follows on the same line */
		" => generic_pipe_buf_release\n => pipe_read",
	};
	char text[2048];
	struct heard heard;

	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		snprintf(text, sizeof(text), "%s%s%s%s",
			 HEAD("1") FAIL STACK("1", " => isolate\n => alloc_contig_range\n"),
			 HEAD("2") PUT, STACK("2", ""), stacks[i]);
		strcat(text, HEAD("3") SWITCH);
		read_all(&heard, text);
		assert_int_equal(heard.ret, 0);
		if (heard.events[1].stack != STACK_NONE || !heard.trace.lost)
			fail_msg("stack %zu is believed: %s", i, stacks[i]);
		assert_string_equal(function_of(&heard, 0, 1), "alloc_contig_range");
		end(&heard);
	}
}

/* A newline within its last number: the event would be of another mark. */
static void torn_event_is_not_believed(void **state)
{
	struct heard heard;

	read_all(&heard, HEAD("1") FAIL HEAD("2") PUT HEAD("3") "page_pinner_put: pfn=0x10 order=0 "
		 "refcount=2 delta=-1 reason=alloc_contig id=1\n2\n" HEAD("4") SWITCH);
	assert_int_equal(count(&heard, PIN_PUT), 1);
	assert_int_equal(heard.trace.lost, 1);
	end(&heard);
}

#define PERF(task, us) task "     7." us ":   page_pinner:"

static void line_of_another_form_is_lost(void **state)
{
	struct heard heard;

	/* perf script without the CPU, and one line of perf script -L */
	read_all(&heard, PERF("a     1", "1") FAIL "\n" PERF("a     1", "2") PUT "\n"
		 PERF("b    77   0", "3") PUT "\n" PERF("a     1", "4") GET "\n");
	assert_int_equal(count(&heard, PIN_PUT), 1);
	assert_int_equal(count(&heard, PIN_GET), 1);
	assert_int_equal(heard.trace.lost, 1);
	assert_said(&heard, "line 5");
	end(&heard);
}

static void enumerators_without_a_name_are_numbers(void **state)
{
	static const struct {
		const char *field;
		uint8_t reason;
		const char *name;
	} values[] = {
		{ "reason=alloc_contig", REASON_ALLOC_CONTIG, "alloc_contig" },
		{ "reason=2", REASON_ALLOC_CONTIG, "alloc_contig" },
		{ "reason=(2)", REASON_ALLOC_CONTIG, "alloc_contig" },
		{ "reason=' '(32)", 32, "32" },
		{ "reason=0x63", 99, "99" },
		{ "reason=from_the_future", ENUM_UNKNOWN, "unknown" },
	};
	struct heard heard;
	char text[512];

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		snprintf(text, sizeof(text), HEAD("1") "page_pinner_put: pfn=0x10 (16) order=(0) "
			 "refcount=0x2 (2) delta=0xffffffff (-1) %s id=0x1 (1)\n", values[i].field);
		read_all(&heard, text);
		assert_int_equal(heard.ret, 0);
		assert_int_equal(heard.nr, 1);
		assert_int_equal(heard.events[0].reason, values[i].reason);
		assert_int_equal(heard.events[0].delta, -1);
		assert_int_equal(heard.events[0].id, 1);
		assert_string_equal(event_reason_name(heard.events[0].reason), values[i].name);
		end(&heard);
	}
}

static void fields_that_came_later_are_read(void **state)
{
	struct heard heard;

	read_all(&heard, HEAD("1") "page_pinner_put: pfn=0x10 order=0 refcount=2 delta=-1 "
		 "reason=alloc_contig id=1 expected=-1 mapcount=3 flags=uptodate|lru ctx=softirq seq=7\n"
		 HEAD("2") "page_pinner_put: pfn=0x10 order=0 refcount=1 delta=-1 "
		 "reason=alloc_contig id=1 expected=1 mapcount=0 flags=0x2c ctx=task seq=8\n");
	assert_int_equal(heard.nr, 2);
	assert_int_equal(heard.trace.lost, 0);
	assert_int_equal(heard.events[0].has & (HAS_EXPECTED | HAS_MAPCOUNT | HAS_CTX | HAS_SEQ),
			 HAS_EXPECTED | HAS_MAPCOUNT | HAS_CTX | HAS_SEQ);
	/* which bits names of flags are depends on the kernel */
	assert_false(heard.events[0].has & HAS_FLAGS);
	assert_true(heard.events[0].atomic);
	assert_int_equal(heard.events[0].expected, -1);
	assert_int_equal(heard.events[1].flags, 0x2c);
	assert_false(heard.events[1].atomic);
	assert_int_equal(heard.events[1].seq, 8);
	end(&heard);
}

static void times_are_what_they_are(void **state)
{
	struct heard heard;

	read_all(&heard, "            a-1     [000] .....  7246137484: " FAIL);
	assert_int_equal(heard.trace.clock, CLOCK_TICKS);
	assert_int_equal(heard.events[0].ts, 7246137484);
	end(&heard);
	read_all(&heard, "a     1 [000]   page_pinner:" FAIL "\na     1 [000]   page_pinner:" PUT);
	assert_int_equal(heard.trace.clock, CLOCK_NONE);
	assert_true(heard.events[0].ts < heard.events[1].ts);
	end(&heard);
	/* perf script --deltatime */
	read_all(&heard, "a     1 [000]     0.000000:   page_pinner:" FAIL
		 "\na     1 [000]     0.500000:   page_pinner:" PUT
		 "\na     1 [000]     0.000001:   page_pinner:" GET);
	assert_int_equal(heard.trace.clock, CLOCK_NS);
	assert_int_equal(heard.events[2].ts, 500001000);
	end(&heard);
	read_all(&heard, "       a-1       0d..1.   42us+: " FAIL);
	assert_int_equal(heard.trace.clock, CLOCK_NS);
	assert_int_equal(heard.events[0].ts, 42000);
	end(&heard);
}

static void nothing_failed_is_no_error(void **state)
{
	struct heard heard;

	read_all(&heard, "cpus=2\n");
	assert_int_equal(heard.ret, 0);
	assert_true(heard.trace.on & 1u << PIN_FAIL);
	end(&heard);
	read_all(&heard, HEAD("1") SWITCH);
	assert_int_equal(heard.ret, -1);
	assert_false(heard.trace.on);
	assert_said(&heard, "no page_pinner events");
	end(&heard);
	read_all(&heard, "hello\n");
	assert_int_equal(heard.ret, -1);
	assert_said(&heard, "not a trace");
	end(&heard);
}

static void event_that_was_off_is_named(void **state)
{
	struct heard heard;

	read_all(&heard, HEAD("1") FAIL);
	assert_said(&heard, "no page_pinner_put");
	end(&heard);
	read_all(&heard, HEAD("1") PUT);
	assert_said(&heard, "no page_pinner_fail_*");
	end(&heard);
	read_all(&heard, HEAD("1") FAIL HEAD("2") PUT);
	assert_string_equal(heard.said, "");
	end(&heard);
}

static void strangers_are_named(void **state)
{
	static const struct {
		const char *text;
		const char *words;
	} texts[] = {
		{ HEAD("1") "page_pinner_put: pfn=0x10 flags=lru count=2 mapcount=1 mt=1\n", "2021" },
		{ "page:0 refcount:3 mapcount:1 mapping:0 index:0x0 pfn:0x10\n", "dump_page" },
		{ HEAD("1") "page_ref_mod: pfn=0x10 flags=lru count=2 mapcount=1 val=-1\n",
		  "page_ref" },
		{ " 3)   0.081 us    |  foo();\n", "function_graph" },
		{ "page_pinner:" PUT, "no tasks" },
		{ HEAD("1") "page_pinner_put: pfn=0x10 order=0 refcount=2 reason=other id=1\n",
		  "no field delta" },
	};
	struct heard heard;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		read_all(&heard, texts[i].text);
		assert_int_equal(heard.ret, -1);
		assert_said(&heard, texts[i].words);
		assert_int_equal(heard.nr, 0);
		end(&heard);
	}
}

static void users_frames_are_left_out(void **state)
{
	struct heard heard;

	read_all(&heard, "a     1 [000]     1.000000:   page_pinner:" FAIL
		 "\tffffffff811e6d47 isolate_migratepages_block+0xe77 ([kernel.kallsyms])\n"
		 "\tffffffffc0123456 nv_pin+0x7 ([nvidia])\n"
		 "\t           424f0 __libc_write+0x10 (/bin/cma_take)\n"
		 "\t    7fcf763ed7c8 XXX::read(int, char) (/tmp/perf-43287.map)\n\n");
	assert_int_equal(heard.nr, 1);
	assert_string_equal(function_of(&heard, 0, 0), "isolate_migratepages_block");
	assert_string_equal(function_of(&heard, 0, 1), "nv_pin");
	assert_null(function_of(&heard, 0, 2));
	assert_int_equal(heard.trace.lost, 0);
	end(&heard);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_recordings_are_two_stories),
		cmocka_unit_test(loss_is_heard),
		cmocka_unit_test(overwritten_events_are_missing_until_each_cpu_began),
		cmocka_unit_test(cut_text_costs_its_last_event),
		cmocka_unit_test(torn_stack_is_not_believed),
		cmocka_unit_test(torn_event_is_not_believed),
		cmocka_unit_test(line_of_another_form_is_lost),
		cmocka_unit_test(enumerators_without_a_name_are_numbers),
		cmocka_unit_test(fields_that_came_later_are_read),
		cmocka_unit_test(times_are_what_they_are),
		cmocka_unit_test(nothing_failed_is_no_error),
		cmocka_unit_test(event_that_was_off_is_named),
		cmocka_unit_test(strangers_are_named),
		cmocka_unit_test(users_frames_are_left_out),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
