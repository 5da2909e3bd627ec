// SPDX-License-Identifier: GPL-2.0
/*
 * Takes a FOLL_LONGTERM pin of a file's pages through gup_test.  What lies in
 * CMA or ZONE_MOVABLE must be moved out first, and one extra reference is
 * enough to make that fail.
 */
#include <getopt.h>
#include <sys/mman.h>

#include "longterm.h"

static const char usage_text[] =
"usage: longterm [-h] -f FILE [-o PAGE] [-n PAGES] [-d] [-F] [-w TRUTH]\n"
"Map FILE and pin PAGES (1) of its pages for long, from number PAGE (0) on;\n"
"unpin them at once.  Exit 0: pinned, 1: refused, 2: cannot be tried.\n"
"  -d        each of them twice, at two addresses\n"
"  -F        by the fast path first\n"
"  -w TRUTH  file to write the process, the errno and the frames\n";

int main(int argc, char **argv)
{
	struct longterm_args args = { .flags = LONGTERM_WRITE };
	const char *file = NULL, *truth = NULL;
	unsigned long first = 0, pages = 1, times = 1;
	int c, fd, gup, error = 0;
	char *mem;

	while ((c = getopt(argc, argv, "hf:o:n:dFw:")) != -1) {
		switch (c) {
		case 'f': file = optarg; break;
		case 'o': first = parse_number(optarg); break;
		case 'n': pages = parse_number(optarg); break;
		case 'd': times = 2; break;
		case 'F': args.flags |= LONGTERM_FAST; break;
		case 'w': truth = optarg; break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	if (!file || !pages) {
		fputs(usage_text, stderr);
		return 2;
	}

	gup = longterm_open();
	fd = open(file, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", file);
	mem = mmap(NULL, times * pages * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		err(2, "mmap");
	for (unsigned long i = 0; i < times; i++) {
		if (mmap(mem + i * pages * PAGE, pages * PAGE, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_FIXED, fd, (off_t)(first * PAGE)) == MAP_FAILED)
			err(2, "mmap");
	}
	for (unsigned long i = 0; i < times * pages; i++)
		*(volatile char *)(mem + i * PAGE);

	if (truth) {
		uint64_t *pfns = calloc(pages, sizeof(*pfns));

		if (!pfns)
			err(2, "calloc");
		for (unsigned long i = 0; i < pages; i++)
			pfns[i] = pfn_of(mem + i * PAGE);
		write_truth(truth, "longterm", pfns, pages);
		free(pfns);
	}

	args.addr = (uintptr_t)mem;
	args.size = times * pages * PAGE;
	if (ioctl(gup, LONGTERM_START, &args))
		error = errno;
	else if (ioctl(gup, LONGTERM_STOP))
		err(2, "cannot unpin");
	if (error) {
		errno = error;
		err(1, "FOLL_LONGTERM pin of %lu pages", pages);
	}
	return 0;
}
