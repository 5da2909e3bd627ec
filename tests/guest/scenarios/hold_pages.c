// SPDX-License-Identifier: GPL-2.0
/*
 * Has pages and holds none of them: the innocent owner of memory that somebody
 * else holds.
 *
 * Models the two processes that were counted in "count is 3" in the RFC of
 * 2021 and had nothing to do with it.
 */
#include "holder.h"

int main(int argc, char **argv)
{
	struct holder h;

	holder_init(&h, "none", argc, argv);
	holder_hold(&h);
	return 0;
}
