// SPDX-License-Identifier: GPL-2.0
/*
 * Which rule of the table knows a function: reads "FUNCTION get|put|any" from
 * standard input, prints the same with class and role, or "-" where no rule
 * has it.  Used by refcount_audit.sh.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/classify.h"

static bool knows(const struct rule *rule, const char *function)
{
	char *patterns = strdup(rule->functions), *save, *pattern;
	bool found = false;

	if (!patterns)
		exit(1);
	for (pattern = strtok_r(patterns, " ", &save); pattern && !found;
	     pattern = strtok_r(NULL, " ", &save))
		found = !fnmatch(pattern, function, 0);
	free(patterns);
	return found;
}

int main(void)
{
	size_t nr, i;
	const struct rule *rules = classify_builtin_rules(&nr);
	char function[256], direction[8];

	while (scanf("%255s %7s", function, direction) == 2) {
		unsigned int dir = !strcmp(direction, "get") ? RULE_GET :
				   !strcmp(direction, "put") ? RULE_PUT : RULE_ANY;

		for (i = 0; i < nr; i++)
			if ((rules[i].dir & dir) == dir && knows(&rules[i], function))
				break;
		printf("%s\t%s\t%s\n", function, direction, i < nr ? rules[i].class : "-");
	}
	return 0;
}
