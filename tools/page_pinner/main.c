// SPDX-License-Identifier: GPL-2.0
/*
 * page_pinner: who holds the pages that could not be migrated.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "holders.h"
#include "judge/rules.h"
#include "options.h"
#include "record.h"
#include "report.h"
#include "util.h"

#define VERSION "0.2"

static const struct cli_command *const commands[] = {
	&report_command, &record_command, &holders_command, NULL
};

static int (*const runs[])(int argc, char **argv) = { report_main, record_main, holders_main };

static const struct cli_command *find(const char *name, size_t *i)
{
	for (*i = 0; commands[*i]; (*i)++)
		if (!strcmp(commands[*i]->name, name))
			break;
	return commands[*i];
}

static int help(int argc, char **argv)
{
	size_t i;

	for (i = 0; commands[i]; i++)
		printf("%s page_pinner %s [OPTION...] %s\n", i ? "      " : "usage:",
		       commands[i]->name, commands[i]->operands);
	puts("Name who holds the pages that could not be migrated.\n");
	for (i = 0; commands[i]; i++)
		printf("  %-22s%s\n", commands[i]->name, commands[i]->title);
	puts("  COMMAND --help        its options\n"
	     "  --version             the version of this program\n"
	     "  -h, --help            this text");
	return EXIT_COMPLETE;
}

static int version(int argc, char **argv)
{
	puts("page_pinner " VERSION);
	return EXIT_COMPLETE;
}

/* For the completion of bash: what the last word may become. */
static int complete(int argc, char **argv)
{
	cli_complete(commands, argc - 1, argv + 1, stdout);
	return EXIT_COMPLETE;
}

/* The classes that a report can show, each once, and what they are. */
static int manual_classes(void)
{
	const struct rule *rules;
	size_t nr, i, k;

	rules = classify_builtin_rules(&nr);
	for (i = 0; i < nr; i++) {
		for (k = 0; k < i && strcmp(rules[k].class, rules[i].class); k++)
			;
		if (k == i && rules[i].role != ROLE_HELPER && rules[i].role != ROLE_OWN)
			printf("%s\t%s\n", rules[i].class, rules[i].why);
	}
	return EXIT_COMPLETE;
}

/* For the Makefile: parts of the manual that the program knows better. */
static int manual(int argc, char **argv)
{
	size_t i;
	const char *part = argc > 1 ? argv[1] : "";
	const struct cli_command *command = find(part, &i);

	if (!strcmp(part, "classes"))
		return manual_classes();
	if (!command)
		return EXIT_USAGE;
	cli_manual(command, stdout);
	return EXIT_COMPLETE;
}

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} switches[] = {
	{ "--help", help }, { "-h", help }, { "help", help }, { "--version", version },
	{ "--complete", complete }, { "--manual", manual },
};

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	if (find(name, &i) && argc > 2 && !strcmp(argv[2], "--version"))
		return version(argc, argv);
	if (find(name, &i))
		return runs[i](argc - 1, argv + 1);
	for (i = 0; i < ARRAY_SIZE(switches); i++)
		if (!strcmp(name, switches[i].name))
			return switches[i].run(argc - 1, argv + 1);
	report_error(*name ? "%s: no such command; see page_pinner --help" :
		     "%sno command; see page_pinner --help", name);
	return EXIT_USAGE;
}
