// SPDX-License-Identifier: GPL-2.0
/*
 * Takes pages from a CMA area, or gives them back, through the files that
 * CONFIG_CMA_DEBUGFS offers: a contiguous allocation that anybody can ask for.
 */
#include <getopt.h>

#include "load.h"

static const char usage_text[] =
"usage: cma_take [-h] [-f] [-n PAGES] [-w TRUTH] [AREA]\n"
"Allocate PAGES contiguous pages (the whole area) of the CMA area AREA\n"
"(reserved).  Exit 0: done, 1: refused, 2: cannot be tried.\n"
"  -f        free them instead\n"
"  -w TRUTH  file to write the process and the errno\n";

static unsigned long area_size(const char *area)
{
	char path[128];
	unsigned long count;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/count", area);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%lu", &count) != 1)
		err(2, "%s", path);
	fclose(f);
	return count;
}

int main(int argc, char **argv)
{
	const char *area = "reserved", *action = "alloc", *truth = NULL;
	unsigned long pages = 0;
	char path[128], text[32];
	int c, fd, len, error = 0;

	while ((c = getopt(argc, argv, "hfn:w:")) != -1) {
		switch (c) {
		case 'f': action = "free"; break;
		case 'n': pages = parse_number(optarg); break;
		case 'w': truth = optarg; break;
		case 'h': fputs(usage_text, stdout); return 0;
		default: fputs(usage_text, stderr); return 2;
		}
	}
	if (optind < argc)
		area = argv[optind];
	if (!pages)
		pages = area_size(area);

	snprintf(path, sizeof(path), "/sys/kernel/debug/cma/%s/%s", area, action);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", path);
	len = snprintf(text, sizeof(text), "%lu", pages);
	if (write(fd, text, (size_t)len) != len)
		error = errno;
	if (truth) {
		FILE *f = fopen(truth, "we");

		if (!f)
			err(2, "%s", truth);
		fprintf(f, "pid=%d comm=%s errno=%d pages=%lu\n", getpid(),
			program_invocation_short_name, error, pages);
		fclose(f);
	}
	if (error) {
		errno = error;
		err(1, "%s: %lu pages", path, pages);
	}
	return 0;
}
