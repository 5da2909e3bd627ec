// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes from pipes: streams keep every byte but the null bytes around, files
 * hold what the pipe held, and the limit holds.
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

#include "read/source.h"
#include "util.h"

#define SIZE (300 << 10)

static struct source *open_pipe(const char *command, uint64_t limit, FILE **pipe)
{
	static char name[32];	/* the source keeps it */

	*pipe = popen(command, "r");
	assert_non_null(*pipe);
	snprintf(name, sizeof(name), "/dev/fd/%d", fileno(*pipe));
	return source_open(name, limit);
}

static void bytes_of_a_pipe_are_all_there(void **state)
{
	/* null bytes in front, in the middle and at the end */
	static const char command[] =
		"head -c 100000 /dev/zero; printf a; head -c 100000 /dev/zero; printf b; "
		"head -c 100000 /dev/zero";
	struct source *source;
	FILE *pipe, *in;
	size_t nr = 1;
	bool damaged;
	int c;

	source = open_pipe(command, SOURCE_LIMIT, &pipe);
	assert_non_null(source);
	in = source_stream(source);
	assert_int_equal(getc(in), 'a');
	while (!(c = getc(in)))
		nr++;
	assert_int_equal(c, 'b');
	assert_int_equal(nr, 100001);
	assert_int_equal(getc(in), EOF);
	assert_null(source_fault(source, &damaged));
	assert_false(damaged);
	source_close(source);
	pclose(pipe);
}

static void a_kept_pipe_is_a_file(void **state)
{
	static const char command[] = "printf ab; head -c 100000 /dev/zero; printf c; "
				      "head -c 70000 /dev/zero";
	char *text = xzalloc(SIZE);
	struct source *source;
	FILE *pipe;
	int fd;

	source = open_pipe(command, SOURCE_LIMIT, &pipe);
	assert_non_null(source);
	fd = source_file(source);
	assert_true(fd >= 0);
	assert_int_equal(pread(fd, text, SIZE, 0), 170003);
	assert_memory_equal(text, "ab", 2);
	assert_int_equal(text[100002], 'c');
	free(text);
	source_close(source);
	pclose(pipe);
}

static void the_limit_holds_for_a_pipe(void **state)
{
	struct source *source;
	FILE *pipe;

	source = open_pipe("head -c 300000 /dev/zero | tr '\\0' x", SIZE / 2, &pipe);
	assert_non_null(source);
	assert_int_equal(source_file(source), -1);
	source_close(source);
	pclose(pipe);
}

/* A stream of text ends at the limit of what is packed, and says so. */
static void the_limit_holds_for_packed_text(void **state)
{
	struct source *source;
	size_t nr = 0;
	FILE *pipe, *in;
	bool damaged;

	source = open_pipe("head -c 3000000 /dev/zero | tr '\\0' x | gzip -c", 1 << 20, &pipe);
	assert_non_null(source);
	in = source_stream(source);
	while (getc(in) != EOF)
		nr++;
	assert_in_range(nr, 1 << 20, 3 << 19);
	assert_non_null(strstr(source_fault(source, &damaged), "more than 1 MiB"));
	source_close(source);
	pclose(pipe);
}

static void layers_without_end_are_not_unpacked(void **state)
{
	struct source *source;
	const unsigned char *head;
	size_t size;
	FILE *pipe;

	source = open_pipe("echo x | gzip -c | gzip -c | gzip -c | gzip -c | gzip -c",
			   SOURCE_LIMIT, &pipe);
	assert_non_null(source);
	head = source_head(source, &size);
	assert_memory_equal(head, "\x1f\x8b", 2);
	source_close(source);
	pclose(pipe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_of_a_pipe_are_all_there),
		cmocka_unit_test(a_kept_pipe_is_a_file),
		cmocka_unit_test(the_limit_holds_for_a_pipe),
		cmocka_unit_test(the_limit_holds_for_packed_text),
		cmocka_unit_test(layers_without_end_are_not_unpacked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
