// SPDX-License-Identifier: GPL-2.0
/*
 * Who a pid is: by the name that it had at the time.
 */
#include "scene.h"

#include "trace/task.h"

static void another_name_is_another_task(void **state)
{
	struct tasks *tasks = tasks_new();
	uint32_t qemu = tasks_intern(tasks, 300, "qemu"), bash = tasks_intern(tasks, 300, "bash");

	assert_int_not_equal(qemu, bash);
	assert_int_equal(tasks_intern(tasks, 300, "qemu"), qemu);
	assert_string_equal(tasks_get(tasks, qemu)->comm, "qemu");
	assert_string_equal(tasks_get(tasks, bash)->comm, "bash");
	assert_int_equal(tasks_get(tasks, bash)->pid, 300);
	assert_int_not_equal(tasks_intern(tasks, 301, "bash"), bash);
	tasks_free(tasks);
}

/* A recorder that did not catch the name is no other task. */
static void a_name_that_is_not_told_is_the_last(void **state)
{
	struct tasks *tasks = tasks_new();
	uint32_t first = tasks_intern(tasks, 300, "<...>"), named, other;

	assert_string_equal(tasks_get(tasks, first)->comm, "");
	assert_int_equal(tasks_intern(tasks, 300, NULL), first);
	named = tasks_intern(tasks, 300, "qemu");
	assert_int_equal(named, first);
	assert_string_equal(tasks_get(tasks, first)->comm, "qemu");
	other = tasks_intern(tasks, 300, "bash");
	assert_int_not_equal(other, first);
	assert_int_equal(tasks_intern(tasks, 300, "<...>"), other);
	tasks_free(tasks);
}

/* perf tells each name that there was: without one it stays without. */
static void a_task_known_to_have_no_name_gets_none(void **state)
{
	struct tasks *tasks = tasks_new();
	uint32_t first = tasks_intern(tasks, 300, "");

	assert_int_not_equal(tasks_intern(tasks, 300, "bash"), first);
	assert_string_equal(tasks_get(tasks, first)->comm, "");
	assert_int_equal(tasks_intern(tasks, 300, ""), first);
	tasks_free(tasks);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_name_is_another_task),
		cmocka_unit_test(a_name_that_is_not_told_is_the_last),
		cmocka_unit_test(a_task_known_to_have_no_name_gets_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
