// SPDX-License-Identifier: GPL-2.0
/*
 * PID 1 of the guest: mounts, runs the tests of /plan one after the other,
 * reports them as KTAP on the second serial port and hands back the files
 * that they left in /out through the first disk.  The verdict comes last,
 * after everything that could still change it.  See tests/guest/README.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_TESTS	512
#define EXIT_SKIP	4
#define TIMEOUT_S	120
#define LOG_LINES	30

/* Taints that only a kernel in trouble sets: die, warning, bad page, lockup. */
#define BAD_TAINTS	((1UL << 5) | (1UL << 7) | (1UL << 9) | (1UL << 14))

enum result { PASSED, FAILED, SKIPPED, NR_RESULTS };

struct test {
	char name[96];
	char args[160];
};

static FILE *ktap;

static void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(ktap, fmt, ap);
	va_end(ap);
	fflush(ktap);
}

static void kmsg(const char *what, const char *name)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	dprintf(fd, "guest: %s %s\n", what, name);
	close(fd);
}

static void mount_all(void)
{
	static const struct {
		const char *type, *dir, *data;
	} mounts[] = {
		{ "proc", "/proc", NULL },
		{ "sysfs", "/sys", NULL },
		{ "devtmpfs", "/dev", NULL },
		{ "tmpfs", "/dev/shm", "size=90%" },
		{ "tmpfs", "/tmp", "size=50%" },
		{ "tmpfs", "/out", "size=90%" },
		{ "debugfs", "/sys/kernel/debug", NULL },
		{ "tracefs", "/sys/kernel/tracing", NULL },
		{ "configfs", "/sys/kernel/config", NULL },
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].dir, 0755);
		if (mount(mounts[i].type, mounts[i].dir, mounts[i].type, 0,
			  mounts[i].data))
			fprintf(stderr, "init: mount %s: %s\n", mounts[i].dir,
				strerror(errno));
	}
}

static unsigned long taints(void)
{
	unsigned long value = 0;
	FILE *f = fopen("/proc/sys/kernel/tainted", "re");

	if (!f)
		return ~0UL;
	if (fscanf(f, "%lu", &value) != 1)
		value = ~0UL;
	fclose(f);
	return value & BAD_TAINTS;
}

/* Kills what a test left running; user processes alone have an exe link. */
static int kill_leftovers(void)
{
	int killed = 0;
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		char link[64], exe[256];
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid <= 1)
			continue;
		snprintf(link, sizeof(link), "/proc/%ld/exe", pid);
		if (readlink(link, exe, sizeof(exe)) <= 0)
			continue;
		kill((pid_t)pid, SIGKILL);
		killed++;
	}
	closedir(dir);
	while (waitpid(-1, NULL, killed ? 0 : WNOHANG) > 0)
		;
	return killed;
}

/* "slow=N" on the kernel command line: everything may take N times as long. */
static unsigned int slowness(void)
{
	unsigned int factor = 1;
	char word[256];
	FILE *f = fopen("/proc/cmdline", "re");

	if (!f)
		return factor;
	while (fscanf(f, "%255s", word) == 1)
		if (sscanf(word, "slow=%u", &factor) == 1)
			break;
	fclose(f);
	return factor ? factor : 1;
}

static unsigned int timeout_of(const char *path)
{
	unsigned int seconds = TIMEOUT_S;
	char line[256];
	FILE *f = fopen(path, "re");

	if (!f)
		return seconds;
	while (fgets(line, sizeof(line), f) && line[0] == '#')
		if (sscanf(line, "# timeout: %u", &seconds) == 1)
			break;
	fclose(f);
	return seconds * slowness();
}

static int run_shell(const char *command, const char *log, unsigned int seconds)
{
	struct timespec nap = { .tv_nsec = 5000000 };
	struct timespec begin, now;
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (pid == 0) {
		int in = open("/dev/null", O_RDONLY);
		int out = log ? open(log, O_WRONLY | O_CREAT | O_TRUNC, 0644) :
				open("/dev/console", O_WRONLY);

		dup2(in, 0);
		dup2(out, 1);
		dup2(out, 2);
		setsid();
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}

	clock_gettime(CLOCK_MONOTONIC, &begin);
	for (;;) {
		pid_t got = waitpid(-1, &status, WNOHANG);

		if (got == pid)
			return status;
		if (got > 0)
			continue;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - begin.tv_sec >= (time_t)seconds)
			break;
		nanosleep(&nap, NULL);
	}
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return -2;
}

static void show_log(const char *path)
{
	char lines[LOG_LINES][256];
	unsigned int count = 0;
	FILE *f = fopen(path, "re");

	if (!f)
		return;
	while (fgets(lines[count % LOG_LINES], sizeof(lines[0]), f))
		count++;
	fclose(f);
	for (unsigned int i = count > LOG_LINES ? count - LOG_LINES : 0;
	     i < count; i++) {
		char *line = lines[i % LOG_LINES];

		line[strcspn(line, "\r\n")] = '\0';
		say("# | %s\n", line);
	}
}

/* What a test says of its parts, as KTAP has it: indented, before its own line. */
static void show_subtests(const char *name)
{
	char path[128], line[1100];
	FILE *f;

	snprintf(path, sizeof(path), "/out/%s/subtests", name);
	f = fopen(path, "re");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = '\0';
		say("    %s\n", line);
	}
	fclose(f);
}

/* The reason that skip() in lib.sh wrote as the last line of the log. */
static void skip_reason(const char *path, char *why, size_t size)
{
	char line[256];
	FILE *f = fopen(path, "re");

	snprintf(why, size, "no reason given");
	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (!strncmp(line, "SKIP: ", 6))
			snprintf(why, size, "%s", line + 6);
	}
	fclose(f);
}

static enum result run_test(int number, const struct test *test)
{
	char path[128], log[160], command[640], why[256];
	enum result result = FAILED;
	const char *problem = NULL;
	struct timespec begin, end;
	int status, left;

	snprintf(path, sizeof(path), "/tests/%s.tc", test->name);
	snprintf(log, sizeof(log), "/out/%s/log", test->name);
	snprintf(command, sizeof(command),
		 "/lib/page_pinner/run_test %s %s", path, test->args);
	snprintf(why, sizeof(why), "/out/%s", test->name);
	mkdir(why, 0755);

	kmsg("begin", test->name);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	if (access(path, R_OK)) {
		status = -1;
		problem = "no such test in the guest";
	} else {
		status = run_shell(command, log, timeout_of(path));
	}
	clock_gettime(CLOCK_MONOTONIC, &end);

	left = kill_leftovers();
	if (status == -2)
		problem = "timed out";
	else if (taints())
		problem = "the kernel complained, see the console";
	else if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		result = PASSED;
	else if (status >= 0 && WIFEXITED(status) &&
		 WEXITSTATUS(status) == EXIT_SKIP)
		result = SKIPPED;
	if (left && result == PASSED) {
		result = FAILED;
		problem = "left processes behind";
	}
	if (result == PASSED && run_shell("/lib/page_pinner/after_test",
					  "/out/after.log", 60)) {
		result = FAILED;
		problem = "left something behind";
		show_log("/out/after.log");
	} else if (result != PASSED) {
		run_shell("/lib/page_pinner/after_test", "/out/after.log", 60);
	}

	if (result == FAILED) {
		if (problem)
			say("# %s: %s\n", test->name, problem);
		show_log(log);
	}
	show_subtests(test->name);
	if (result == SKIPPED) {
		skip_reason(log, why, sizeof(why));
		say("ok %d %s # SKIP %s\n", number, test->name, why);
	} else {
		say("%s %d %s\n", result == PASSED ? "ok" : "not ok", number,
		    test->name);
	}
	say("# %s took %.1f s\n", test->name,
	    (double)(end.tv_sec - begin.tv_sec) +
	    (double)(end.tv_nsec - begin.tv_nsec) / 1e9);
	kmsg("end", test->name);
	return result;
}

static int read_plan(struct test *tests)
{
	char line[300];
	int count = 0;
	FILE *f = fopen("/plan", "re");

	if (!f)
		return 0;
	while (count < MAX_TESTS && fgets(line, sizeof(line), f)) {
		struct test *test = &tests[count];

		test->args[0] = '\0';
		if (sscanf(line, "%95s %159[^\n]", test->name, test->args) >= 1)
			count++;
	}
	fclose(f);
	return count;
}

int main(void)
{
	static struct test tests[MAX_TESTS];
	int count, totals[NR_RESULTS] = { 0 };
	bool handed_back;

	mount_all();
	setenv("PATH", "/bin:/sbin:/usr/bin:/usr/sbin", 1);
	setenv("HOME", "/tmp", 1);
	setenv("LC_ALL", "C", 1);

	ktap = fopen("/dev/ttyS1", "we");
	if (!ktap)
		ktap = stdout;

	run_shell("/lib/page_pinner/before_tests", "/out/before.log", 60);
	count = read_plan(tests);
	say("KTAP version 1\n1..%d\n", count);
	for (int i = 0; i < count; i++)
		totals[run_test(i + 1, &tests[i])]++;

	run_shell("dmesg > /out/dmesg", NULL, 60);
	handed_back = access("/dev/vda", W_OK) ||
		      run_shell("cd /out && tar -cf /dev/vda . && sync", NULL, 300) == 0;
	if (!handed_back)
		say("# the results could not be written to the disk\n");

	say("# Totals: pass:%d fail:%d skip:%d\n", totals[PASSED],
	    totals[FAILED], totals[SKIPPED]);
	say("# verdict: %s\n", count && handed_back && !totals[FAILED] &&
	    !taints() ? "complete" : "failed");
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
