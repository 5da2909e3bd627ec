/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is known of functions of the kernel: the one table of their names.  The
 * knowledge is in classify_rules.c.
 */
#ifndef PAGE_PINNER_RULES_H
#define PAGE_PINNER_RULES_H

#include <stddef.h>

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
#define CONTEXT_ENTRY		(1u << 3)	/* nothing: all calls pass through there */
#define CONTEXT_CALLBACK	(1u << 4)	/* its task calls back whoever has something to give */
#define CONTEXT_CLOSE		(1u << 5)	/* nothing: whoever has the mapping gives back */

/* Whose task the operation is of says nothing of whose reference it is. */
#define CONTEXT_OTHERS		(CONTEXT_INTERRUPT | CONTEXT_KTHREAD | CONTEXT_CALLBACK)

/* Directions a rule is for. */
#define RULE_GET 1u
#define RULE_PUT 2u
#define RULE_ANY (RULE_GET | RULE_PUT)

/**
 * struct hint - what a release usually means
 * @taken_by: the API that takes such references, NULL if nothing is known
 * @advice: what can be done
 */
struct hint {
	const char *taken_by;
	const char *advice;
};

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

#endif
