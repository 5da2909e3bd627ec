// SPDX-License-Identifier: GPL-2.0
/*
 * Runs a command several times, without its output: the median of the seconds
 * that it took, the most memory that one of its processes had, in KiB, and the
 * least of the seconds of CPU of all of them: other jobs change that little.
 *
 *	measure TIMES COMMAND...
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static double seconds_of(const struct timeval *time)
{
	return time->tv_sec + time->tv_usec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	int times = argc > 2 ? atoi(argv[1]) : 0, i, status;
	double *seconds = calloc(times + 1, sizeof(*seconds));
	struct rusage usage;
	double least = 0, cpu;
	long most = 0;

	if (times < 1 || !seconds)
		return 2;
	for (i = 0; i < times; i++) {
		double begin = now();
		pid_t pid = fork();

		if (!pid) {
			dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
			dup2(STDOUT_FILENO, STDERR_FILENO);
			execvp(argv[2], argv + 2);
			_exit(127);
		}
		if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || !WIFEXITED(status) ||
		    WEXITSTATUS(status) == 127)
			return 1;
		seconds[i] = now() - begin;
		if (usage.ru_maxrss > most)
			most = usage.ru_maxrss;
		cpu = seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
		if (!i || cpu < least)
			least = cpu;
	}
	qsort(seconds, times, sizeof(*seconds), compare);
	printf("%.3f %ld %.3f\n", seconds[times / 2], most, least);
	return 0;
}
