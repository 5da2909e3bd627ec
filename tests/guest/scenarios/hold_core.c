// SPDX-License-Identifier: GPL-2.0
/*
 * Dumps core into a pipe that nobody reads yet: of the pages that the truth
 * lists it holds the one that it is about to write.
 */
#include <sys/resource.h>

#include "holder.h"

int main(int argc, char **argv)
{
	struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct holder h;

	holder_init(&h, "coredump", argc, argv);
	if (setrlimit(RLIMIT_CORE, &all))
		err(1, "RLIMIT_CORE");
	holder_tell(&h, "");
	abort();
}
