// SPDX-License-Identifier: GPL-2.0
/*
 * Releases and what took them; see hints.h.  What is known of functions stands
 * in classify_rules.c.
 */
#include "judge/hints.h"

#include <stddef.h>

#include "trace/stack.h"
#include "trace/symbols.h"
#include "util.h"

static const struct hint *find_function(const char *name)
{
	const struct rule *rules;
	size_t nr, i;

	rules = classify_builtin_rules(&nr);
	for (i = 0; i < nr; i++)
		if (rules[i].hint.taken_by && glob_match_any(rules[i].functions, name))
			return &rules[i].hint;
	return NULL;
}

const struct hint *hints_find(const struct trace *trace, uint32_t stack, uint32_t first)
{
	const struct hint *hint = NULL;
	const uint64_t *frames;
	size_t nr, i;

	frames = stacks_get(trace->stacks, stack, &nr);
	for (i = first; i < nr && !hint; i++)
		hint = find_function(symbols_find(trace->symbols, frames[i])->name);
	return hint;
}
