// SPDX-License-Identifier: GPL-2.0
/*
 * Stacks to classes; see classify.h.
 *
 * A stack is walked from its innermost frame.  Frames of this feature and of
 * generic helpers are passed over; the first frame that is left decides.  If
 * no rule knows it, it belongs to somebody outside the memory management's
 * own short references: a holder.  Looking further out would not do: a driver
 * that drops its pages from an mmu notifier has try_to_migrate() further out.
 */
#include "judge/classify.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/stack.h"
#include "trace/task.h"
#include "util.h"

struct classifier {
	struct trace *trace;
	struct rule *rules;	/* of the user's, the last one is asked first */
	size_t nr, room;
	const struct rule *builtin;
	size_t nr_builtin;
	struct rule *filtered;
	struct stack_class **known;	/* by stack and direction: stacks are numbered from 0 */
	size_t nr_known;
	struct map nested;	/* by two stacks: 1 no, 2 yes */
};

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

static bool has_context(const char *name, unsigned int bits)
{
	const struct context *contexts;
	size_t nr, i;

	contexts = classify_contexts(&nr);
	for (i = 0; i < nr; i++)
		if ((contexts[i].bit & bits) && glob_match_any(contexts[i].functions, name))
			return true;
	return false;
}

static bool is_interrupt(const char *name)
{
	return has_context(name, CONTEXT_INTERRUPT);
}

/* What is called from there is not a part of what that frame does. */
static bool is_foreign(const struct symbol *sym)
{
	return sym->module || has_context(sym->name, CONTEXT_INTERRUPT | CONTEXT_CALLBACK);
}

/* The rule of the frame that called frame @at, where that one is no module's. */
static const struct rule *find_outer(struct classifier *cl, const uint64_t *frames, size_t nr,
				     size_t at, unsigned int dir)
{
	const struct symbol *sym;

	if (at + 1 >= nr || symbols_find(cl->trace->symbols, frames[at])->module)
		return NULL;
	sym = symbols_find(cl->trace->symbols, frames[at + 1]);
	return is_foreign(sym) ? NULL : find_rule(cl, sym->name, dir);
}

/* The rule of the innermost lasting name behind frame @at, if it is nobody's. */
static const struct rule *find_lasting(struct classifier *cl, const uint64_t *frames, size_t nr,
				       size_t at, unsigned int dir)
{
	const struct rule *builtin = cl->builtin;
	size_t i, k;

	for (i = at + 1; i < nr; i++) {
		const struct symbol *sym = symbols_find(cl->trace->symbols, frames[i]);

		/* what was interrupted has nothing to do with it */
		if (is_foreign(sym))
			return NULL;
		for (k = 0; k < cl->nr_builtin; k++) {
			if (!(builtin[k].dir & dir) || !builtin[k].lasting ||
			    !glob_match_any(builtin[k].lasting, sym->name))
				continue;
			return builtin[k].role == ROLE_HOLDER ? NULL : &builtin[k];
		}
	}
	return NULL;
}

static unsigned int find_context(struct classifier *cl, const uint64_t *frames, size_t nr)
{
	const struct context *contexts;
	unsigned int found = 0;
	size_t nr_contexts, i, k;

	contexts = classify_contexts(&nr_contexts);
	for (i = 0; i < nr; i++) {
		const char *name = symbols_find(cl->trace->symbols, frames[i])->name;

		for (k = 0; k < nr_contexts; k++)
			if (glob_match_any(contexts[k].functions, name))
				found |= contexts[k].bit;
	}
	return found & ~(CONTEXT_ENTRY | CONTEXT_CALLBACK);
}

static void name_holder(struct stack_class *sc, const struct symbol *sym, const struct rule *rule)
{
	sc->role = rule ? rule->role : ROLE_HOLDER;
	sc->class = rule ? rule->class : sym->module ? sym->module : sym->name;
}

/* Who pins is not GUP but its caller, if the stack reaches that far. */
static const struct symbol *pinner(struct classifier *cl, const uint64_t *frames, size_t nr,
				   size_t *at, unsigned int dir)
{
	size_t i;

	for (i = *at + 1; i < nr; i++) {
		const struct symbol *sym = symbols_find(cl->trace->symbols, frames[i]);
		const struct rule *rule = find_rule(cl, sym->name, dir);

		if (!rule || (rule->role != ROLE_PINNER && rule->role != ROLE_HELPER)) {
			*at = i;
			return sym;
		}
	}
	return symbols_find(cl->trace->symbols, frames[*at]);
}

static bool is_entry(const char *name)
{
	return has_context(name, CONTEXT_INTERRUPT | CONTEXT_KTHREAD | CONTEXT_ENTRY);
}

/* Frames of this feature and of helpers are passed over, and what helpers call. */
static size_t first_frame(struct classifier *cl, const uint64_t *frames, size_t nr,
			  unsigned int dir, struct stack_class *sc, const struct rule **found)
{
	const struct rule *rule = NULL;
	const struct symbol *sym;
	size_t i;

	for (i = 0; i < nr; i++) {
		sym = symbols_find(cl->trace->symbols, frames[i]);
		rule = find_rule(cl, sym->name, dir);
		/* helpers may stand between them, if the compiler inlined none */
		if (rule && rule->role == ROLE_OWN) {
			sc->first = i + 1;
			continue;
		}
		if (!rule && (rule = find_outer(cl, frames, nr, i, dir)) != NULL &&
		    rule->role != ROLE_HELPER)
			rule = NULL;
		if (!rule || rule->role != ROLE_HELPER)
			break;
		if (!strcmp(rule->class, "gup"))
			sc->positive = sc->gup = true;
		if (strstr(sym->name, "pin_user") || strstr(sym->name, "unpin"))
			sc->pin = true;
	}
	/* who enters the kernel there is not what it does, unless it does nothing else */
	sym = i < nr ? symbols_find(cl->trace->symbols, frames[i]) : NULL;
	if (sym && !rule && is_entry(sym->name) && !(sc->gup && glob_match("__*_sys_*", sym->name)))
		i = nr;
	*found = i < nr ? rule : NULL;
	return i;
}

/* Something that handles mappings or caches, in the call that frame @at is part of. */
static bool find_mm(struct classifier *cl, const uint64_t *frames, size_t nr, size_t at,
		    unsigned int dir)
{
	size_t i;

	for (i = at + 1; i < nr; i++) {
		const char *name = symbols_find(cl->trace->symbols, frames[i])->name;
		const struct rule *rule = find_rule(cl, name, dir);

		if (is_interrupt(name))
			return false;
		if (rule && (rule->role == ROLE_EXPECTED || rule->role == ROLE_MIGRATE ||
			     rule->role == ROLE_ALLOC))
			return true;
	}
	return false;
}

/* Of a short reference that stayed: who had asked for it. */
static void find_caller(struct classifier *cl, const uint64_t *frames, size_t nr, size_t at,
			unsigned int dir, struct stack_class *sc)
{
	size_t i;

	sc->caller = sc->function;
	sc->caller_module = sc->module;
	if (sc->role != ROLE_BRIEF && sc->role != ROLE_ALLOC)
		return;
	for (i = at + 1; i < nr; i++) {
		const struct symbol *sym = symbols_find(cl->trace->symbols, frames[i]);
		const struct rule *rule = find_rule(cl, sym->name, dir);

		if (is_interrupt(sym->name))
			return;
		if (rule && rule->role > ROLE_KEPT)
			continue;
		sc->caller = sym->name;
		sc->caller_module = sym->module;
		return;
	}
}

/* What is kept by design is told by whoever set it up, not by how. */
static const struct rule *find_kept(struct classifier *cl, const uint64_t *frames, size_t nr,
				    unsigned int dir, size_t *at)
{
	size_t i;

	for (i = *at; i < nr; i++) {
		const struct symbol *sym = symbols_find(cl->trace->symbols, frames[i]);
		const struct rule *rule = find_rule(cl, sym->name, dir);

		if ((!rule && sym->module) || is_interrupt(sym->name))
			return NULL;
		if (rule && rule->role == ROLE_KEPT) {
			*at = i;
			return rule;
		}
	}
	return NULL;
}

/*
 * What nobody knows is a part of what called it, if that is the kernel's own; else
 * of what lasts further out.
 */
static const struct rule *find_further(struct classifier *cl, const uint64_t *frames, size_t nr,
				       size_t at, unsigned int dir, struct stack_class *sc)
{
	const struct rule *outer = find_outer(cl, frames, nr, at, dir);
	const struct rule *lasting = find_lasting(cl, frames, nr, at, dir);

	if (outer && (outer->role <= ROLE_KEPT || outer->role == ROLE_OWN))
		outer = NULL;
	sc->lasting = lasting && (!outer || outer == lasting);
	return outer ? outer : lasting;
}

static void walk(struct classifier *cl, uint32_t stack, unsigned int dir, struct stack_class *sc)
{
	const struct rule *rule, *further, *kept;
	const struct symbol *sym;
	const uint64_t *frames;
	size_t nr, i;

	frames = stacks_get(cl->trace->stacks, stack, &nr);
	sc->class = "unknown";
	sc->nameless = true;
	if (!nr)
		return;
	sc->context = find_context(cl, frames, nr);
	i = first_frame(cl, frames, nr, dir, sc, &rule);
	/* helpers alone name nobody */
	sc->nameless = i == nr;
	i -= sc->nameless;
	kept = dir == RULE_GET ? find_kept(cl, frames, nr, dir, &i) : NULL;
	if (kept)
		rule = kept;
	sym = symbols_find(cl->trace->symbols, frames[i]);
	if (rule && rule->role == ROLE_PINNER)
		sym = pinner(cl, frames, nr, &i, dir);
	sc->frame = i;
	sc->function = sym->name;
	sc->module = sym->module;
	sc->nameless |= !sym->known;
	sc->ruled = rule || sym->module;
	sc->positive |= sc->pin || sym->module || (rule && rule->role <= ROLE_KEPT);
	further = rule || sc->positive ? NULL : find_further(cl, frames, nr, i, dir, sc);
	if (rule && rule->lasting && glob_match_any(rule->lasting, sym->name))
		sc->lasting = true;
	if (further) {
		rule = further;
		sc->ruled = true;
	}
	if (!rule || rule->role <= ROLE_KEPT) {
		name_holder(sc, sym, rule);
	} else {
		sc->role = rule->role;
		sc->class = rule->class;
		if (!sc->lasting && rule->role != ROLE_PINNER)
			sc->lasting = find_lasting(cl, frames, nr, i, dir) == rule;
	}
	sc->within_mm = find_mm(cl, frames, nr, i, dir);
	find_caller(cl, frames, nr, i, dir, sc);
}

static void grow_known(struct classifier *cl, size_t place)
{
	size_t nr = (place + 1) * 2;

	cl->known = xrealloc(cl->known, nr, sizeof(*cl->known));
	memset(cl->known + cl->nr_known, 0, (nr - cl->nr_known) * sizeof(*cl->known));
	cl->nr_known = nr;
}

const struct stack_class *classify_stack(struct classifier *cl, uint32_t stack,
					 unsigned int dir)
{
	size_t place = (size_t)stack << 1 | (dir >> 1);

	if (place >= cl->nr_known)
		grow_known(cl, place);
	if (!cl->known[place]) {
		cl->known[place] = xzalloc(sizeof(*cl->known[place]));
		walk(cl, stack, dir, cl->known[place]);
	}
	return cl->known[place];
}

static size_t count_common(struct classifier *cl, uint32_t a, uint32_t b)
{
	const uint64_t *frames;
	const char *x, *y;
	size_t na, nb, depth = 0, common = 0;

	stacks_get(cl->trace->stacks, a, &na);
	stacks_get(cl->trace->stacks, b, &nb);
	while (na-- && nb--) {
		size_t nr;

		frames = stacks_get(cl->trace->stacks, a, &nr);
		x = symbols_find(cl->trace->symbols, frames[na])->name;
		frames = stacks_get(cl->trace->stacks, b, &nr);
		y = symbols_find(cl->trace->symbols, frames[nb])->name;
		if (strcmp(x, y))
			break;
		/* the outermost enter the kernel, even if they are not known */
		if (!is_entry(x) && (depth >= 2 || find_rule(cl, x, RULE_ANY)))
			common = depth + 1;
		depth++;
	}
	return common;
}

size_t classify_common(struct classifier *cl, uint32_t a, uint32_t b)
{
	uint64_t key = (uint64_t)a << 32 | b;
	uintptr_t known = (uintptr_t)map_get(&cl->nested, key);

	if (!known) {
		known = count_common(cl, a, b) + 1;
		map_put(&cl->nested, key, (void *)known);
	}
	return known - 1;
}

bool classify_nested(struct classifier *cl, uint32_t a, uint32_t b)
{
	return classify_common(cl, a, b) > 0;
}

int classify_pid(const struct classifier *cl, uint32_t task)
{
	return tasks_get(cl->trace->tasks, task)->pid;
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
