/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a classifier is made of: for classify.c and rulebook.c.
 */
#ifndef PAGE_PINNER_CLASSIFIER_H
#define PAGE_PINNER_CLASSIFIER_H

#include "judge/rules.h"
#include "trace/trace.h"
#include "util.h"

struct stack_class;

/**
 * struct classifier - rules, and what they said of stacks so far
 * @trace: whose stacks and symbols these are
 * @rules: of the user's, the last one is asked first
 * @nr: how many
 * @room: allocated
 * @builtin: those of classify_rules.c, asked after all others
 * @nr_builtin: how many
 * @filtered: @builtin without some of their patterns, or NULL
 * @known: by stack and direction: stacks are numbered from 0
 * @nr_known: how many there is room for
 * @nested: by two stacks: frames in common, + 1
 * @names: what rulebook.c found of a function, by its name's place
 */
struct classifier {
	struct trace *trace;
	struct rule *rules;
	size_t nr, room;
	const struct rule *builtin;
	size_t nr_builtin;
	struct rule *filtered;
	struct stack_class **known;
	size_t nr_known;
	struct map nested;
	struct map names;
};

/**
 * rulebook_contexts - what a frame says of the whole stack
 * @cl: the classifier
 * @name: of its function, from the table of symbols: the same name is in the same place
 *
 * Return: CONTEXT_*.
 */
unsigned int rulebook_contexts(struct classifier *cl, const char *name);

/**
 * rulebook_find - the rule that knows a function
 * @cl: the classifier
 * @name: of the function, as for rulebook_contexts()
 * @dir: RULE_GET, RULE_PUT or both
 *
 * Return: the rule, or NULL.
 */
const struct rule *rulebook_find(struct classifier *cl, const char *name, unsigned int dir);

/**
 * rulebook_lasting - the built-in rule that knows a function which no compiler inlines
 * @cl: the classifier
 * @name: of the function, as for rulebook_contexts()
 * @dir: RULE_GET, RULE_PUT or both
 *
 * Return: the rule, or NULL.
 */
const struct rule *rulebook_lasting(struct classifier *cl, const char *name, unsigned int dir);

#endif
