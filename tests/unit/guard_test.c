// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of work in a process of its own: its result, or an error.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scene.h"

#include "trace/guard.h"
#include "options.h"

static int succeed(struct guard *guard, void *ctx)
{
	return *(int *)ctx;
}

static int crash(struct guard *guard, void *ctx)
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

static int crash_in_library(struct guard *guard, void *ctx)
{
	guard_enter(guard, "libfault", NULL);
	return crash(guard, ctx);
}

static int crash_behind_library(struct guard *guard, void *ctx)
{
	guard_enter(guard, "libfault", NULL);
	guard_leave(guard);
	return crash(guard, ctx);
}

/* A library in a process of its own: what ended that one ends this one. */
static int crash_in_process(struct guard *guard, void *ctx)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		crash(guard, ctx);
	waitpid(pid, &status, 0);
	guard_follow(guard, "libapart", status);
	return EXIT_COMPLETE;
}

/* One that ended by itself does not. */
static int end_in_process(struct guard *guard, void *ctx)
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(1);
	waitpid(pid, &status, 0);
	guard_follow(guard, "libapart", status);
	return EXIT_LOST;
}

/* What standard error gets while some work crashes. */
static void check_message(int (*work)(struct guard *guard, void *ctx), const char *want)
{
	int pipe_fds[2], saved = dup(STDERR_FILENO), sig = SIGSEGV;
	char text[256] = "";
	ssize_t got;

	assert_int_equal(pipe(pipe_fds), 0);
	dup2(pipe_fds[1], STDERR_FILENO);
	assert_int_equal(guard_run("file", work, &sig), EXIT_FAILED);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(pipe_fds[1]);
	got = read(pipe_fds[0], text, sizeof(text) - 1);
	close(pipe_fds[0]);
	assert_true(got > 0);
	assert_non_null(strstr(text, want));
}

/* A fault of this program is not put down to the file. */
static void crash_is_told_from_damage(void **state)
{
	check_message(crash_in_library, "file: damaged: libfault ended");
	check_message(crash_in_process, "file: damaged: libapart ended");
	check_message(crash, "file: a fault of page_pinner");
	check_message(crash_behind_library, "file: a fault of page_pinner");
	assert_int_equal(guard_run("file", end_in_process, NULL), EXIT_LOST);
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
		cmocka_unit_test(crash_is_told_from_damage),
		cmocka_unit_test(other_signals_end_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
