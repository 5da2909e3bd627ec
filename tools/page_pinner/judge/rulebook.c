// SPDX-License-Identifier: GPL-2.0
/*
 * The rules that a classifier asks: built in, and from files of the user's;
 * see classify.h.
 */
#include "judge/classify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge/classifier.h"

struct classifier *classifier_new(struct trace *trace)
{
	struct classifier *cl = xzalloc(sizeof(*cl));

	cl->trace = trace;
	cl->builtin = classify_builtin_rules(&cl->nr_builtin);
	return cl;
}

void classifier_free(struct classifier *cl)
{
	size_t i;

	if (!cl)
		return;
	for (i = 0; i < cl->nr_known; i++)
		free(cl->known[i]);
	free(cl->known);
	map_free(&cl->nested);
	for (i = 0; i < cl->names.room; i++)
		free(cl->names.slots[i].value);
	map_free(&cl->names);
	free(cl->rules);
	free(cl->filtered);
	free(cl);
}

void classifier_add_rule(struct classifier *cl, const struct rule *rule)
{
	struct rule copy = *rule;

	copy.class = symbols_intern(cl->trace->symbols, rule->class);
	copy.functions = symbols_intern(cl->trace->symbols, rule->functions);
	VEC_PUSH(cl->rules, cl->nr, cl->room, copy);
}

static const char *filter_patterns(struct classifier *cl, const struct rule *rule,
				   const char *patterns, rule_filter keep, void *ctx)
{
	char *copy = xstrdup(patterns), *pattern, *rest;
	struct strbuf kept = { 0 };
	const char *text;

	strbuf_add(&kept, "%s", "");
	for (pattern = strtok_r(copy, " ", &rest); pattern; pattern = strtok_r(NULL, " ", &rest))
		if (keep(ctx, rule, pattern))
			strbuf_add(&kept, "%s%s", kept.len ? " " : "", pattern);
	text = symbols_intern(cl->trace->symbols, kept.text);
	free(kept.text);
	free(copy);
	return text;
}

void classifier_filter(struct classifier *cl, rule_filter keep, void *ctx)
{
	size_t i;

	cl->filtered = xrealloc(NULL, cl->nr_builtin, sizeof(*cl->filtered));
	for (i = 0; i < cl->nr_builtin; i++) {
		struct rule *rule = &cl->filtered[i];

		*rule = cl->builtin[i];
		rule->functions = filter_patterns(cl, &cl->builtin[i], rule->functions, keep, ctx);
		if (rule->lasting)
			rule->lasting = filter_patterns(cl, &cl->builtin[i], rule->lasting, keep,
							ctx);
	}
	cl->builtin = cl->filtered;
}

/* What was found of a function: stacks differ, but few functions are in all of them. */
struct known_name {
	unsigned int contexts;
	unsigned int asked;		/* directions that @rules and @lasting are known of */
	const struct rule *rules[RULE_ANY + 1];
	const struct rule *lasting[RULE_ANY + 1];
};

static unsigned int find_contexts(const char *name)
{
	const struct context *contexts;
	unsigned int found = 0;
	size_t nr, i;

	contexts = classify_contexts(&nr);
	for (i = 0; i < nr; i++)
		if (glob_match_any(contexts[i].functions, name))
			found |= contexts[i].bit;
	return found;
}

static const struct rule *find_rule(const struct classifier *cl, const char *name,
				    unsigned int dir)
{
	size_t i;

	for (i = cl->nr; i-- > 0;)
		if ((cl->rules[i].dir & dir) && glob_match_any(cl->rules[i].functions, name))
			return &cl->rules[i];
	for (i = 0; i < cl->nr_builtin; i++)
		if ((cl->builtin[i].dir & dir) && glob_match_any(cl->builtin[i].functions, name))
			return &cl->builtin[i];
	return NULL;
}

static const struct rule *find_lasting(const struct classifier *cl, const char *name,
				       unsigned int dir)
{
	size_t i;

	for (i = 0; i < cl->nr_builtin; i++)
		if ((cl->builtin[i].dir & dir) && cl->builtin[i].lasting &&
		    glob_match_any(cl->builtin[i].lasting, name))
			return &cl->builtin[i];
	return NULL;
}

static struct known_name *know_name(struct classifier *cl, const char *name)
{
	struct known_name *known = map_get(&cl->names, (uintptr_t)name);

	if (!known) {
		known = xzalloc(sizeof(*known));
		known->contexts = find_contexts(name);
		map_put(&cl->names, (uintptr_t)name, known);
	}
	return known;
}

static struct known_name *know_rules(struct classifier *cl, const char *name, unsigned int dir)
{
	struct known_name *known = know_name(cl, name);

	if (!(known->asked & 1u << dir)) {
		known->asked |= 1u << dir;
		known->rules[dir] = find_rule(cl, name, dir);
		known->lasting[dir] = find_lasting(cl, name, dir);
	}
	return known;
}

unsigned int rulebook_contexts(struct classifier *cl, const char *name)
{
	return know_name(cl, name)->contexts;
}

const struct rule *rulebook_find(struct classifier *cl, const char *name, unsigned int dir)
{
	return know_rules(cl, name, dir)->rules[dir];
}

const struct rule *rulebook_lasting(struct classifier *cl, const char *name, unsigned int dir)
{
	return know_rules(cl, name, dir)->lasting[dir];
}

static int parse_rule(char *line, struct rule *rule)
{
	static const char *const roles[] = {
		[ROLE_HOLDER] = "holder", [ROLE_KEPT] = "kept", [ROLE_BATCH] = "batch", [ROLE_PINNER] = "pinner",
		[ROLE_MIGRATE] = "migrate", [ROLE_EXPECTED] = "expected", [ROLE_BRIEF] = "brief",
		[ROLE_ALLOC] = "alloc", [ROLE_HELPER] = "helper",
	};
	char *rest, *role, *dir;
	size_t i;

	rule->class = strtok_r(line, " \t", &rest);
	role = strtok_r(NULL, " \t", &rest);
	dir = strtok_r(NULL, " \t", &rest);
	if (!role || !dir)
		return -1;
	rule->dir = !strcmp(dir, "get") ? RULE_GET : !strcmp(dir, "put") ? RULE_PUT :
		    !strcmp(dir, "any") ? RULE_ANY : 0;
	rule->functions = rest + strspn(rest, " \t");
	for (i = 0; i < ARRAY_SIZE(roles); i++) {
		if (!strcmp(roles[i], role)) {
			rule->role = i;
			return rule->dir && *rule->functions ? 0 : -1;
		}
	}
	return -1;
}

int classifier_load(struct classifier *cl, const char *file)
{
	FILE *in = fopen(file, "r");
	char *line = NULL;
	size_t room = 0;
	int number = 0, ret = 0;

	if (!in) {
		report_error("%s: %s", file, strerror(errno));
		return -1;
	}
	while (!ret && getline(&line, &room, in) > 0) {
		struct rule rule = { .why = "", .source = file };

		number++;
		line[strcspn(line, "#\r\n")] = '\0';
		if (!line[strspn(line, " \t")])
			continue;
		ret = parse_rule(line, &rule);
		if (ret)
			report_error("%s: line %d: not \"class role get|put|any function...\"",
				     file, number);
		else
			classifier_add_rule(cl, &rule);
	}
	free(line);
	fclose(in);
	return ret;
}
