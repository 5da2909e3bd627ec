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

#include "judge/hints.h"
#include "trace/symbols.h"
#include "trace/trace.h"

/**
 * enum role - what part a reference plays when a migration fails
 * @ROLE_HOLDER: it may be the one that is in the way
 * @ROLE_KEPT: likewise, but by design it stays for as long as its entry lives
 * @ROLE_BATCH: a per-CPU batch; in the way only while it is not drained
 * @ROLE_PINNER: a long-term pin in the making, given up again
 * @ROLE_MIGRATE: of whoever migrates or isolates
 * @ROLE_EXPECTED: mapping, page cache, swap cache: migration counts on it
 * @ROLE_BRIEF: a lookup; gone before anyone could mind
 * @ROLE_ALLOC: the first reference; passes to whoever the page is for
 * @ROLE_HELPER: not a class of its own: the frame is passed over
 * @ROLE_OWN: frames of tracing and of page_pinner itself: never shown
 */
enum role {
	ROLE_HOLDER,
	ROLE_KEPT,
	ROLE_BATCH,
	ROLE_PINNER,
	ROLE_MIGRATE,
	ROLE_EXPECTED,
	ROLE_BRIEF,
	ROLE_ALLOC,
	ROLE_HELPER,
	ROLE_OWN,
};

/* Under what an operation ran, as its stack tells: bits of stack_class.context. */
#define CONTEXT_INTERRUPT	(1u << 0)	/* its task is a bystander */
#define CONTEXT_KTHREAD		(1u << 1)	/* a thread of the kernel's, often for others */
#define CONTEXT_EXIT		(1u << 2)	/* its task exits */

/* Directions a rule is for. */
#define RULE_GET 1u
#define RULE_PUT 2u
#define RULE_ANY (RULE_GET | RULE_PUT)

/**
 * struct rule - one line of the table
 * @class: name of the class as reports show it
 * @role: what it means
 * @dir: for gets, for puts, or both
 * @functions: patterns with '*', separated by blanks
 * @why: comment: what the kernel does there
 * @source: where that can be read
 * @lasting: of @functions, those that no compiler inlines, as another file calls
 *	them: found further out they tell the class of a frame that no rule knows
 * @hint: what usually took a reference that is given back there
 */
struct rule {
	const char *class;
	enum role role;
	unsigned int dir;
	const char *functions;
	const char *why;
	const char *source;
	const char *lasting;
	struct hint hint;
};

/**
 * struct context - what a frame says of the whole stack
 * @bit: CONTEXT_*
 * @functions: patterns with '*', separated by blanks
 * @why: comment
 */
struct context {
	unsigned int bit;
	const char *functions;
	const char *why;
};

/**
 * classify_contexts - the frames that say under what an operation ran
 * @nr: set to their number
 *
 * Return: the lines.
 */
const struct context *classify_contexts(size_t *nr);

/**
 * classify_builtin_rules - the table that comes with the program
 * @nr: set to the number of lines
 *
 * Return: the lines; the first that matches a frame counts.
 */
const struct rule *classify_builtin_rules(size_t *nr);

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
 * @positive: it is evidence of a holder: GUP, a pin, a module, or a rule says so
 * @nameless: there is no stack, or no names for it: it can be nobody's name
 * @lasting: the role follows from a name that no compiler inlines
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
	bool positive;
	bool nameless;
	bool lasting;
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
