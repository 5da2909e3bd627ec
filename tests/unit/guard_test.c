// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of work in a process of its own: its result, or an error.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"

#include "read/guard.h"
#include "options.h"

static int succeed(void *ctx)
{
	return *(int *)ctx;
}

static int crash(void *ctx)
{
	/* the sanitizers have handlers of their own */
	signal(*(int *)ctx, SIG_DFL);
	raise(*(int *)ctx);
	return EXIT_COMPLETE;
}

static void result_is_passed_on(void **state)
{
	for (int ret = EXIT_COMPLETE; ret <= EXIT_LOST; ret++)
		assert_int_equal(guard_run("file", succeed, &ret), ret);
}

static void crash_is_an_error(void **state)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGKILL };
	size_t i;

	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		int sig = signals[i];

		assert_int_equal(guard_run("file", crash, &sig), EXIT_FAILED);
	}
}

/* "page_pinner report | head": whoever started it sees what happened. */
static void other_signals_end_both(void **state)
{
	int sig = SIGPIPE, status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		_exit(guard_run("file", crash, &sig));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGPIPE);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(result_is_passed_on),
		cmocka_unit_test(crash_is_an_error),
		cmocka_unit_test(other_signals_end_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
