// SPDX-License-Identifier: GPL-2.0
/* What a row counts by itself, without a word of page_pinner: see paths.h. */
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "judge.h"

/* The refcount as the module reads it. */
static int count_of(uint64_t pfn)
{
	char text[4096] = "";
	const char *count;
	ssize_t n = -1;
	int fd;

	if (!holder("count pfn:%llu", (unsigned long long)pfn))
		return -1;
	fd = open("/dev/page_pinner_holder", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	count = n > 0 ? strstr(text, "count=") : NULL;
	return count ? atoi(count + 6) : -1;
}

static uint64_t kernel_word(const char *file, uint64_t pfn)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	uint64_t word = 0;

	if (fd < 0 || pread(fd, &word, sizeof(word), (off_t)(pfn * sizeof(word))) !=
	    sizeof(word))
		err(2, "%s", file);
	close(fd);
	return word;
}

uint64_t path_frame_in(pid_t pid, const char *addr)
{
	char file[64];
	uint64_t entry = 0;
	int fd;

	snprintf(file, sizeof(file), "/proc/%d/pagemap", pid ? pid : getpid());
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	if (pread(fd, &entry, sizeof(entry),
		  (off_t)((uintptr_t)addr / PAGE * sizeof(entry))) != sizeof(entry))
		entry = 0;
	close(fd);
	return entry >> 63 & 1 ? entry & ((1ULL << 55) - 1) : 0;
}

/* Is the huge page at this address mapped as one? */
bool path_mapped_as_one(pid_t pid, const char *addr)
{
	char file[64], line[256];
	unsigned long from, to, kib;
	bool here = false, one = false;
	FILE *f;

	snprintf(file, sizeof(file), "/proc/%d/smaps", pid ? pid : getpid());
	f = fopen(file, "re");
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = (uintptr_t)addr >= from && (uintptr_t)addr < to;
		else if (here && (sscanf(line, "AnonHugePages: %lu", &kib) == 1 ||
				  sscanf(line, "ShmemPmdMapped: %lu", &kib) == 1 ||
				  sscanf(line, "Private_Hugetlb: %lu", &kib) == 1 ||
				  sscanf(line, "Shared_Hugetlb: %lu", &kib) == 1))
			one |= kib >= HUGE / 1024;
	}
	if (f)
		fclose(f);
	return one;
}

static int mappings(const struct path *path)
{
	int sum = 0;

	for (unsigned int m = 0; m < path->nr_maps; m++) {
		pid_t pid = path->maps[m].pid;
		const char *addr = path->maps[m].addr;
		int here = 0;

		for (unsigned int i = 0; i < path->nr; i++)
			here += path_frame_in(pid, addr + i * PAGE) == path->pfn + i;
		sum += here == HUGE / PAGE && path_mapped_as_one(pid, addr) ? 1 : here;
	}
	return sum;
}

static bool in_cache(const struct path *path)
{
	unsigned char there = 0;
	struct statfs fs;
	struct stat st;
	char *mem;

	if (path->fd < 0)
		return path->cached;
	/* mincore() asks the page table alone of hugetlb: ask what it occupies */
	if (!fstatfs(path->fd, &fs) && fs.f_type == HUGETLBFS_MAGIC)
		return !fstat(path->fd, &st) && st.st_blocks;
	/* a mapping that nobody has touched: only the cache can tell */
	mem = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, path->fd,
		   (off_t)(path->index * PAGE));
	if (mem == MAP_FAILED)
		return false;
	if (mincore(mem, PAGE, &there))
		there = 0;
	munmap(mem, PAGE);
	return there & 1;
}

void path_truth(const struct path *path, struct truth *truth)
{
	uint64_t flags = kernel_word("/proc/kpageflags", path->pfn);

	truth->mapcount = mappings(path);
	truth->kpageflags = flags;
	truth->expected = truth->mapcount;
	if (in_cache(path))
		truth->expected += (int)path->nr;
	if (flags & KPF(KPF_SWAPCACHE) && flags & KPF(KPF_SWAPBACKED))
		truth->expected += (int)path->nr;
	if (flags & KPF(KPF_PRIVATE))
		truth->expected++;
	truth->refcount = count_of(path->pfn);
}
