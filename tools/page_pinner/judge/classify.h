/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a stack says about the reference that was taken or dropped there: one
 * of the kernel's own short or expected references, or somebody's.  The
 * knowledge is in classify_rules.c, and in a file of the user's.
 */
#ifndef PAGE_PINNER_CLASSIFY_H
#define PAGE_PINNER_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/rules.h"
#include "trace/symbols.h"
#include "trace/trace.h"

struct classifier;

/**
 * struct stack_class - what is known of one stack in one direction
 * @class: name of its class; of a holder: of the family it belongs to
 * @role: what it means
 * @function: the frame a reader would name
 * @module: module of that frame, or NULL
 * @caller: who had asked for it, where @function is a lookup or an allocation
 * @caller_module: module of that one, or NULL
 * @frame: index of that frame in the stack
 * @first: index of the first frame that is not this feature's own
 * @pin: FOLL_PIN functions were on the way
 * @gup: functions of GUP were
 * @ruled: a rule or its module says which family it is of
 * @positive: it is evidence of a holder: GUP, a pin, a module, or a rule says so
 * @nameless: there is no stack, or no names for it: it can be nobody's name
 * @lasting: the role follows from a name that no compiler inlines
 * @within_mm: further out there is something that handles mappings or caches
 * @context: CONTEXT_*
 */
struct stack_class {
	const char *class;
	enum role role;
	const char *function;
	const char *module;
	const char *caller;
	const char *caller_module;
	size_t frame;
	size_t first;
	bool pin;
	bool gup;
	bool ruled;
	bool positive;
	bool nameless;
	bool lasting;
	bool within_mm;
	unsigned int context;
};

/**
 * classifier_new - a classifier with the built-in rules
 * @trace: whose stacks and symbols it reads; outlives it
 *
 * Return: the classifier, released by classifier_free().
 */
struct classifier *classifier_new(struct trace *trace);

/**
 * typedef rule_filter - is a pattern of a built-in rule to be used
 * @ctx: of whoever asks
 * @rule: the rule
 * @pattern: one of its functions
 *
 * Return: false to do without it.
 */
typedef bool (*rule_filter)(void *ctx, const struct rule *rule, const char *pattern);

/**
 * classifier_filter - do without some of the built-in patterns
 * @cl: the classifier, before any stack is classified
 * @keep: asked for each pattern
 * @ctx: for @keep
 *
 * How much hangs on names is tested so.
 */
void classifier_filter(struct classifier *cl, rule_filter keep, void *ctx);

/**
 * classifier_free - release a classifier
 * @cl: the classifier or NULL
 */
void classifier_free(struct classifier *cl);

/**
 * classifier_add_rule - a rule that is asked before all earlier ones
 * @cl: the classifier
 * @rule: copied, its strings too
 */
void classifier_add_rule(struct classifier *cl, const struct rule *rule);

/**
 * classifier_load - rules from a file of the user's
 * @cl: the classifier
 * @file: its name; lines "class role get|put|any pattern..."
 *
 * Return: 0, or -1 after an error was reported.
 */
int classifier_load(struct classifier *cl, const char *file);

/**
 * classify_pid - the thread id of a task
 * @cl: the classifier
 * @task: number of the task
 *
 * A task that changes its name has several numbers and one thread id.
 *
 * Return: the id.
 */
int classify_pid(const struct classifier *cl, uint32_t task);

/**
 * classify_nested - were two operations part of the same call
 * @cl: the classifier
 * @a: number of one's stack
 * @b: number of the other's
 *
 * Return: true if both stacks have outer frames in common, beyond those by which
 * any call enters the kernel.
 */
bool classify_nested(struct classifier *cl, uint32_t a, uint32_t b);

/**
 * classify_common - how much of a call two operations have in common
 * @cl: the classifier
 * @a: number of one's stack
 * @b: number of the other's
 *
 * Return: outer frames in both stacks, 0 if they are no more than what any call
 * enters the kernel by.
 */
size_t classify_common(struct classifier *cl, uint32_t a, uint32_t b);

/**
 * classify_stack - what a stack says
 * @cl: the classifier
 * @stack: its number
 * @dir: RULE_GET or RULE_PUT
 *
 * Return: the answer, the same pointer each time; lives as long as @cl.
 */
const struct stack_class *classify_stack(struct classifier *cl, uint32_t stack,
					 unsigned int dir);

#endif
