// SPDX-License-Identifier: GPL-2.0
/*
 * Takes a page frame out of use, as a machine does that counts its corrected
 * memory errors.
 */
#include <getopt.h>

#include "load.h"

static const char usage_text[] =
"usage: soft_offline [-h] PFN\n"
"Soft-offline a page frame.\n"
"Exit 0: done, 1: refused, 2: cannot be tried.\n";

int main(int argc, char **argv)
{
	static const char path[] = "/sys/devices/system/memory/soft_offline_page";
	char text[32];
	int fd, n;

	if (argc == 2 && !strcmp(argv[1], "-h")) {
		fputs(usage_text, stdout);
		return 0;
	}
	if (argc != 2) {
		fputs(usage_text, stderr);
		return 2;
	}
	n = snprintf(text, sizeof(text), "0x%llx",
		     (unsigned long long)parse_number(argv[1]) * PAGE);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		err(2, "%s", path);
	if (write(fd, text, (size_t)n) == n)
		return 0;
	warn("%s", text);
	return 1;
}
