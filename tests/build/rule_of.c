// SPDX-License-Identifier: GPL-2.0
/*
 * Asks the table of rules.  Reads "FUNCTION get|put" from standard input, and
 * prints the same with the class of the first rule that has it, or "-".  With
 * -l it reads "FUNCTION BINDING", and prints those that a name stands for which
 * the table calls lasting.
 * Used by refcount_audit.sh.
 */
#include <fnmatch.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/rules.h"

static bool matches(const char *list, const char *function)
{
	char *patterns = strdup(list), *save, *pattern;
	bool found = false;

	if (!patterns)
		exit(1);
	for (pattern = strtok_r(patterns, " ", &save); pattern && !found;
	     pattern = strtok_r(NULL, " ", &save))
		found = !fnmatch(pattern, function, 0);
	free(patterns);
	return found;
}

/* Of the functions on standard input those that a lasting name stands for. */
static int list_lasting(const struct rule *rules, size_t nr)
{
	char function[256], binding[16];

	while (scanf("%255s %15s", function, binding) == 2)
		for (size_t i = 0; i < nr; i++)
			if (rules[i].lasting && matches(rules[i].lasting, function)) {
				printf("%s\t%s\t%s\n", function, binding, rules[i].class);
				break;
			}
	return 0;
}

int main(int argc, char **argv)
{
	char function[256], direction[8];
	const struct rule *rules;
	size_t nr, i;

	rules = classify_builtin_rules(&nr);
	if (argc == 2 && !strcmp(argv[1], "-l"))
		return list_lasting(rules, nr);
	while (scanf("%255s %7s", function, direction) == 2) {
		unsigned int dir = !strcmp(direction, "get") ? RULE_GET : RULE_PUT;

		for (i = 0; i < nr; i++)
			if (rules[i].dir & dir && matches(rules[i].functions, function))
				break;
		printf("%s\t%s\t%s\n", function, direction, i < nr ? rules[i].class : "-");
	}
	return 0;
}
