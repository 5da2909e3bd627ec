// SPDX-License-Identifier: GPL-2.0
/*
 * page_pinner: who holds the pages that could not be migrated.
 */
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "record.h"
#include "report.h"
#include "util.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
	{ "report", report_main },
	{ "record", record_main },
};

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	if (!strcmp(name, "--help") || !strcmp(name, "-h")) {
		fputs(options_usage(), stdout);
		return EXIT_COMPLETE;
	}
	report_error(*name ? "%s: no such command; see page_pinner --help" :
		     "%sno command; see page_pinner --help", name);
	return EXIT_USAGE;
}
