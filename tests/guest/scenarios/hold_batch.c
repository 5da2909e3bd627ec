// SPDX-License-Identifier: GPL-2.0
/*
 * Leaves pages in a batch of the last processor: of the LRU's (pages that were
 * accessed a second time, on their way to the active list), or of mlock's (they
 * were just faulted into a locked mapping).  The batch has a reference to each until it is
 * full or drained, and nobody but this processor does either by itself.
 * Writes down at its end how many of them have moved since.
 *
 * Models the batches of "mm: disable LRU pagevec during the migration
 * temporarily", 2021.
 */
#include <sched.h>

#include "holder.h"

#define BATCH_PAGES	8	/* fewer than any batch holds */

static void stay_on_last_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) - 1, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(1, "sched_setaffinity");
}

/* The second access puts a page on its way to the active list. */
static void fill_activate_batch(struct holder *h)
{
	int mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	char byte;

	for (size_t i = 0; i < 2 * h->pages; i++)
		if (pread(mem, &byte, 1, (off_t)(uintptr_t)(h->mem + i / 2 * PAGE)) != 1)
			err(1, "/proc/self/mem");
	close(mem);
}

/*
 * Faults a second, locked mapping of the shared pages in.  To lock what is
 * mapped already drains the batch at once, and so does each munmap().
 */
static void fill_mlock_batch(struct holder *h)
{
	size_t size = h->pages * PAGE;
	char *again = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (again == MAP_FAILED)
		err(1, "mmap");
	for (size_t i = 0; i < size; i += PAGE)
		if (mremap(h->mem + i, 0, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   again + i) == MAP_FAILED)
			err(1, "a second mapping");
	if (mlock2(again, size, MLOCK_ONFAULT))
		err(1, "mlock2");
	for (size_t i = 0; i < size; i += PAGE)
		again[i] = 1;
}

int main(int argc, char **argv)
{
	uint64_t pfns[BATCH_PAGES];
	struct holder h;
	size_t moved = 0;

	holder_init(&h, "batch", argc, argv);
	if (h.pages > BATCH_PAGES)
		errx(2, "at most %d pages", BATCH_PAGES);
	stay_on_last_cpu();
	if (h.shmem)
		fill_mlock_batch(&h);
	else
		fill_activate_batch(&h);
	for (size_t i = 0; i < h.pages; i++)
		pfns[i] = pfn_of(h.mem + i * PAGE);
	holder_hold(&h);
	for (size_t i = 0; i < h.pages; i++)
		moved += pfn_of(h.mem + i * PAGE) != pfns[i];
	printf("moved=%zu\n", moved);
	return 0;
}
