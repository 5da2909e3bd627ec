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

#include <string.h>

#include "judge/classifier.h"
#include "trace/stack.h"
#include "trace/task.h"
#include "util.h"

static bool is_interrupt(struct classifier *cl, const char *name)
{
	return rulebook_contexts(cl, name) & CONTEXT_INTERRUPT;
}

/* What is called from there is not a part of what that frame does. */
static bool is_foreign(struct classifier *cl, const struct symbol *sym)
{
	return sym->module || (rulebook_contexts(cl, sym->name) &
			       (CONTEXT_INTERRUPT | CONTEXT_CALLBACK | CONTEXT_CLOSE));
}

/* The rule of the frame that called frame @at, where that one is no module's. */
static const struct rule *find_outer(struct classifier *cl, const uint64_t *frames, size_t nr,
				     size_t at, unsigned int dir)
{
	const struct symbol *sym;

	if (at + 1 >= nr || symbols_find(cl->trace->symbols, frames[at])->module)
		return NULL;
	sym = symbols_find(cl->trace->symbols, frames[at + 1]);
	return is_foreign(cl, sym) ? NULL : rulebook_find(cl, sym->name, dir);
}

/* The rule of the innermost lasting name behind frame @at, if it is nobody's. */
static const struct rule *find_lasting(struct classifier *cl, const uint64_t *frames, size_t nr,
				       size_t at, unsigned int dir)
{
	const struct rule *rule;
	size_t i;

	for (i = at + 1; i < nr; i++) {
		const struct symbol *sym = symbols_find(cl->trace->symbols, frames[i]);

		/* what was interrupted has nothing to do with it */
		if (is_foreign(cl, sym))
			return NULL;
		rule = rulebook_lasting(cl, sym->name, dir);
		if (rule)
			return rule->role == ROLE_HOLDER ? NULL : rule;
	}
	return NULL;
}

static unsigned int find_context(struct classifier *cl, const uint64_t *frames, size_t nr)
{
	unsigned int found = 0;
	size_t i;

	for (i = 0; i < nr; i++)
		found |= rulebook_contexts(cl, symbols_find(cl->trace->symbols, frames[i])->name);
	return found & ~(CONTEXT_ENTRY | CONTEXT_CLOSE);
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
		const struct rule *rule = rulebook_find(cl, sym->name, dir);

		if (!rule || (rule->role != ROLE_PINNER && rule->role != ROLE_HELPER)) {
			*at = i;
			return sym;
		}
	}
	return symbols_find(cl->trace->symbols, frames[*at]);
}

static bool is_entry(struct classifier *cl, const char *name)
{
	return rulebook_contexts(cl, name) &
	       (CONTEXT_INTERRUPT | CONTEXT_KTHREAD | CONTEXT_ENTRY);
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
		rule = rulebook_find(cl, sym->name, dir);
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
	if (sym && !rule && is_entry(cl, sym->name) && !(sc->gup && glob_match("__*_sys_*", sym->name)))
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
		const struct rule *rule = rulebook_find(cl, name, dir);

		if (is_interrupt(cl, name))
			return false;
		if (rule && (rule->role == ROLE_EXPECTED || rule->role == ROLE_MIGRATE ||
			     rule->role == ROLE_ALLOC))
			return true;
	}
	return false;
}

/*
 * Of a short reference that stayed: who had asked for it.  What gives it back by
 * itself never handed it on, and is named itself.
 */
static void find_caller(struct classifier *cl, const uint64_t *frames, size_t nr, size_t at,
			unsigned int dir, struct stack_class *sc)
{
	size_t i;

	sc->caller = sc->function;
	sc->caller_module = sc->module;
	if (sc->role != ROLE_ALLOC && (sc->role != ROLE_BRIEF || dir == RULE_PUT))
		return;
	for (i = at + 1; i < nr; i++) {
		const struct symbol *sym = symbols_find(cl->trace->symbols, frames[i]);
		const struct rule *rule = rulebook_find(cl, sym->name, dir);

		if (is_interrupt(cl, sym->name))
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
		const struct rule *rule = rulebook_find(cl, sym->name, dir);

		if ((!rule && sym->module) || is_interrupt(cl, sym->name))
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

/* Not a part of what is called for each record: most stacks were classified long ago. */
__attribute__((noinline))
static const struct stack_class *classify_new(struct classifier *cl, uint32_t stack,
					      unsigned int dir, size_t place)
{
	if (place >= cl->nr_known)
		grow_known(cl, place);
	cl->known[place] = xzalloc(sizeof(*cl->known[place]));
	walk(cl, stack, dir, cl->known[place]);
	return cl->known[place];
}

const struct stack_class *classify_stack(struct classifier *cl, uint32_t stack,
					 unsigned int dir)
{
	size_t place = (size_t)stack << 1 | (dir >> 1);

	if (place < cl->nr_known && cl->known[place])
		return cl->known[place];
	return classify_new(cl, stack, dir, place);
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
		if (!is_entry(cl, x) && (depth >= 2 || rulebook_find(cl, x, RULE_ANY)))
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
