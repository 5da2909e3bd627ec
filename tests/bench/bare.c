// SPDX-License-Identifier: GPL-2.0
/*
 * The least that reading a trace.dat takes: open it, go through its records,
 * count them.  What the post-processor is measured beside.
 */
#include <stdio.h>

#include <trace-cmd.h>

#define BUFFERS_MAX 64

static int count(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *ctx)
{
	++*(unsigned long *)ctx;
	return 0;
}

int main(int argc, char **argv)
{
	struct tracecmd_input *handles[BUFFERS_MAX];
	unsigned long records = 0;
	int nr = 0, i;

	tep_set_loglevel(TEP_LOG_NONE);
	tracecmd_set_loglevel(TEP_LOG_NONE);
	handles[nr++] = argc == 2 ? tracecmd_open(argv[1], TRACECMD_FL_LOAD_NO_PLUGINS) : NULL;
	if (!handles[0])
		return 1;
	for (i = 0; i < tracecmd_buffer_instances(handles[0]) && nr < BUFFERS_MAX; i++)
		handles[nr++] = tracecmd_buffer_instance_handle(handles[0], i);
	tracecmd_iterate_events_multi(handles, nr, count, &records);
	printf("%lu\n", records);
	while (nr--)
		tracecmd_close(handles[nr]);
	return 0;
}
