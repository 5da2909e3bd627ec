// SPDX-License-Identifier: GPL-2.0
/* LRU batches: who waits in one has a reference more, and mostly PG_lru. */
#include "paths.h"

#ifndef MADV_COLD
#define MADV_COLD	20
#endif

/* Off the LRU until the batch is drained: set just before its put. */
static void path_new(void)
{
	struct path path = {
		.name = "lru_add batch", .fd = -1, .batched = true,
		.held = 1, .left = -1, .want = "^-1:-1 $", .lru = "^1$",
	};

	path_drain();
	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	path_drain();
	path_end(&path);
}

/* The others keep it on while they wait. */
static void path_lazyfree(void)
{
	struct path path = {
		.name = "lazyfree batch", .fd = -1, .want = "^\\+1:\\+1 -1:\\+0 $",
		.lru = "^11$",
	};

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	if (madvise(path.addr, PAGE, MADV_FREE))
		path_fail(&path, "MADV_FREE");
	path_drain();
	path_end(&path);
}

/* Read twice: active. */
static void path_activate(void)
{
	struct path path = {
		.name = "activate batch", .lru = "^1+$",
		.want = "^(\\+1:\\+1 -1:\\+0 )*\\+1:\\+1 \\+1:\\+2 -1:\\+1 (\\+1:\\+2 -1:\\+1 )*-1:\\+0 $",
	};
	char byte;

	path.addr = shmem_page(&path.fd, PAGE);
	if (!path_begin(&path))
		return;
	for (int i = 0; i < 3; i++)
		if (pread(path.fd, &byte, 1, 0) != 1)
			path_fail(&path, "read");
	path_drain();
	path_end(&path);
}

/* An active page, as only such can be. */
static void path_deactivate(void)
{
	struct path path = {
		.name = "deactivate batch", .want = "^\\+1:\\+1 -1:\\+0 $",
		.lru = "^11$",
	};
	char byte;

	path.addr = shmem_page(&path.fd, PAGE);
	path_drain();
	for (int i = 0; i < 3; i++)
		if (pread(path.fd, &byte, 1, 0) != 1)
			path_fail(&path, "read");
	if (!path_begin(&path))
		return;
	if (madvise(path.addr, PAGE, MADV_COLD))
		path_fail(&path, "MADV_COLD");
	path_drain();
	path_end(&path);
}

static void path_mlock(void)
{
	struct path path = {
		.name = "mlock batch", .fd = -1, .want = "^\\+1:\\+1 -1:\\+0 $",
		.lru = "^11$",
	};

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	if (mlock(path.addr, PAGE))
		path_fail(&path, "mlock");
	path_drain();
	path_end(&path);
}

void paths_lru(void)
{
	path_new();
	path_activate();
	path_deactivate();
	path_lazyfree();
	path_mlock();
}
