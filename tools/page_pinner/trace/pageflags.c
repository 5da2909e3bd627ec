// SPDX-License-Identifier: GPL-2.0
/*
 * Names of page flags; see pageflags.h.
 */
#include "trace/pageflags.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const char *const flags_6_12[] = {
	"locked", "writeback", "referenced", "uptodate", "dirty", "lru", "head", "waiters",
	"active", "workingset", "owner_priv_1", "owner_2", "arch_1", "reserved", "private",
	"private_2", "reclaim", "swapbacked", "unevictable",
};

static const struct {
	const char *series;
	const char *const *names;
	unsigned int nr;
} layouts[] = {
	{ "6.12", flags_6_12, sizeof(flags_6_12) / sizeof(flags_6_12[0]) },
};

const char *pageflags_name(const char *release, unsigned int bit)
{
	size_t i, len;

	for (i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++) {
		len = strlen(layouts[i].series);
		if (!strncmp(release, layouts[i].series, len) &&
		    !isdigit((unsigned char)release[len]))
			return bit < layouts[i].nr ? layouts[i].names[bit] : NULL;
	}
	return NULL;
}
