// SPDX-License-Identifier: GPL-2.0
/*
 * Event streams made by hand; see scene.h.
 */
#include "scene.h"

#include <stdio.h>
#include <string.h>

#include "trace/symbols.h"

void scene_open(struct scene *s, int32_t count)
{
	memset(s, 0, sizeof(*s));
	trace_init(&s->trace, "scene");
	s->cl = classifier_new(&s->trace);
	s->ledger = ledger_new(&s->trace, s->cl, &s->findings);
	s->pfn = 0x1234;
	s->id = 1;
	s->count = count;
	s->ts = 1000;
}

void scene_close(struct scene *s)
{
	ledger_free(s->ledger);
	findings_free(&s->findings);
	classifier_free(s->cl);
	trace_fini(&s->trace);
}

uint32_t scene_stack(struct scene *s, const char *names)
{
	uint64_t frames[32];
	char text[512], *name, *rest, *module;
	size_t nr = 0;

	snprintf(text, sizeof(text), "%s", names);
	for (name = strtok_r(text, " ", &rest); name; name = strtok_r(NULL, " ", &rest)) {
		module = strchr(name, '@');
		if (module)
			*module++ = '\0';
		frames[nr++] = symbols_by_name(s->trace.symbols, name, module);
	}
	return stacks_intern(s->trace.stacks, frames, nr);
}

static struct pin_event stamp(struct scene *s, int type, int pid, const char *names)
{
	char comm[16];
	struct pin_event ev = { .type = type, .pfn = s->pfn, .id = s->id, .order = s->order };

	snprintf(comm, sizeof(comm), "task%d", pid);
	s->ts += 1000;
	ev.ts = s->ts;
	ev.refcount = s->count;
	ev.task = tasks_intern(s->trace.tasks, pid, comm);
	ev.stack = scene_stack(s, names);
	if (s->valued) {
		ev.has = HAS_EXPECTED | HAS_CTX | HAS_SEQ;
		ev.expected = s->expected;
		ev.ctx = s->ctx;
		ev.atomic = s->ctx != CTX_TASK;
		ev.seq = s->id && type != PIN_FAIL ? ++s->seq : 0;
		ev.skipped = s->skipped;
	}
	return ev;
}

void scene_valued(struct scene *s, int32_t expected, int32_t own)
{
	s->valued = true;
	s->expected = expected;
	s->own = own;
}

struct pin_event scene_op(struct scene *s, int pid, int32_t delta, const char *names)
{
	struct pin_event ev;

	s->count += delta;
	ev = stamp(s, delta > 0 ? PIN_GET : PIN_PUT, pid, names);
	ev.delta = delta;
	s->logged += s->id != 0;
	return ev;
}

void scene_ref(struct scene *s, int pid, int32_t delta, const char *names)
{
	scene_feed(s, scene_op(s, pid, delta, names));
}

struct pin_event scene_fail(struct scene *s, int32_t unexpected)
{
	struct pin_event ev = stamp(s, PIN_FAIL, VICTIM, FAIL_STACK);

	ev.reason = REASON_ALLOC_CONTIG;
	ev.kind = KIND_EXTRA_REF;
	ev.marked = MARKED_NEW;
	ev.expected = s->count - unexpected;
	if (s->valued) {
		ev.has = HAS_EXPECTED | HAS_OWN | HAS_REFCOUNT_NOW | HAS_EXPECTED_NOW;
		ev.own = s->own;
		ev.refcount_now = s->count;
		ev.expected_now = s->expected;
		ev.expected = s->expected + s->own;
		ev.atomic = false;
	}
	return ev;
}

void scene_feed(struct scene *s, struct pin_event ev)
{
	trace_saw(&s->trace, ev.ts);
	ledger_feed(s->ledger, &ev);
}

void scene_end(struct scene *s, unsigned int why, uint32_t dropped)
{
	struct pin_event ev = stamp(s, PIN_UNMARK, BYSTANDER, "");

	ev.why = why;
	ev.dropped = dropped;
	ev.logged = s->tells ? s->logged : 0;
	scene_feed(s, ev);
}

void scene_lose(struct scene *s, uint64_t from_ns)
{
	struct pin_event ev = { .type = PIN_LOST, .ts = s->ts, .from_ns = from_ns, .lost = 3 };

	ledger_feed(s->ledger, &ev);
}

struct failure *scene_judge(struct scene *s)
{
	ledger_finish(s->ledger);
	rank_findings(&s->findings, &s->trace, NULL);
	return s->findings.nr_failures ? s->findings.failures[0] : NULL;
}

struct holder *scene_holder(struct scene *s, const struct failure *failure, size_t i)
{
	return i < failure->nr_claims ?
		s->findings.holders[failure->claims[i].holder] : NULL;
}

int scene_pid(struct scene *s, const struct failure *failure, size_t i)
{
	return i < failure->nr_claims ?
		tasks_get(s->trace.tasks, failure->claims[i].task)->pid : -1;
}
