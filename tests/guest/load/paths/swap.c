// SPDX-License-Identifier: GPL-2.0
/* The swap cache: in and out, with the extra reference that keeps the page. */
#include "paths.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT	21
#endif

/*
 * Isolated; added to the swap cache, whose reference comes first; unmapped,
 * the mapping before its reference; written; put back, since an extra
 * reference is held.
 */
static void path_out(void)
{
	struct path path = {
		.name = "add_to_swap_cache, try_to_unmap", .fd = -1,
		.want = "^\\+1:\\+1 \\+1:\\+2 -1:\\+1 (\\+1:\\+2 -1:\\+1 )*-1:\\+0 $",
	};

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	if (madvise(path.addr, PAGE, MADV_PAGEOUT))
		path_fail(&path, "MADV_PAGEOUT");
	path_drain();
	if (path_frame(path.addr))
		path_fail(&path, "it was not unmapped");
	path_end(&path);
}

/* Holds it once more and swaps it out: it stays in the swap cache. */
static void keep_in_cache(struct path *path)
{
	path->addr = anon_page();
	path_drain();
	path->pfn = path_frame(path->addr);
	path->held = 1;
	if (!holder("take keep get pfn:%llu", (unsigned long long)path->pfn))
		path_fail(path, "the module cannot take it");
	if (madvise(path->addr, PAGE, MADV_PAGEOUT))
		path_fail(path, "MADV_PAGEOUT");
	path_drain();
}

/*
 * From the swap cache: the reference of the look-up becomes that of the
 * mapping, without a get of its own.
 */
static void path_in(void)
{
	struct path path = {
		.name = "do_swap_page", .fd = -1, .want = "^\\+1:\\+1 \\+0:\\+1 $",
	};

	keep_in_cache(&path);
	if (path_begin(&path)) {
		if (*(volatile char *)path.addr != 0x5a)
			path_fail(&path, "other contents");
		path_drain();
		path_end(&path);
	}
	holder("drop keep");
}

/*
 * Without an extra reference it is frozen, at that of the isolation and that of
 * the swap cache, and freed so.
 */
static void path_reclaim(void)
{
	struct path path = {
		.name = "reclaim", .fd = -1, .gone = true, .watched = true,
		.want = "^\\+1:\\+1 \\+1:\\+2 -1:\\+1 (\\+1:\\+2 -1:\\+1 )*-2:\\? freed $",
	};

	path.addr = anon_page();
	if (!path_begin(&path))
		return;
	if (madvise(path.addr, PAGE, MADV_PAGEOUT))
		path_fail(&path, "MADV_PAGEOUT");
	path_drain();
	if (path_frame(path.addr))
		path_fail(&path, "it was not unmapped");
	path_end(&path);
}

/*
 * The last mapping goes; the cache is left, and then its reference put; then
 * that of the mapping.
 */
static void path_out_of_cache(void)
{
	struct path path = {
		.name = "delete_from_swap_cache", .fd = -1,
		.want = "^-1:\\+1 -1:\\+0 $",
	};

	keep_in_cache(&path);
	if (*(volatile char *)path.addr != 0x5a)
		path_fail(&path, "other contents");
	if (path_begin(&path)) {
		munmap(path.addr, PAGE);
		path_end(&path);
	}
	holder("drop keep");
}

void paths_swap(void)
{
	path_out();
	path_in();
	path_out_of_cache();
	path_reclaim();
}
