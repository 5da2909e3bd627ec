// SPDX-License-Identifier: GPL-2.0
/*
 * Advice; see advice.h.
 */
#include "show/advice.h"

#include <inttypes.h>

#include "judge/hints.h"
#include "show/words.h"
#include "trace/event.h"

/* Causes that are nobody's reference: what they are, and what helps. */
static const struct {
	const char *cause;
	const char *advice;
} kinds[] = {
	[KIND_EXTRA_REF] = { "an unexpected reference", NULL },
	[KIND_NOT_LRU] = { "the page was not on an LRU list",
		"somebody else had isolated it, or a batch held it: it is worth trying again; "
		"if it lasts, look for what isolates pages there" },
	[KIND_LOCKED] = { "the page was locked",
		"a lock is held during I/O and faults, it is worth trying again; if it lasts, "
		"find the task that waits for that I/O (echo w > /proc/sysrq-trigger)" },
	[KIND_WRITEBACK] = { "the page was under writeback",
		"sync before trying again; if it lasts, look for a slow or stuck device" },
	[KIND_BUFFERS] = { "its buffer heads are in use",
		"the file system holds a buffer of it: sync, or wait for the journal's next "
		"checkpoint" },
	[KIND_NO_MEMORY] = { "there was no page to move it to",
		"free memory, or allow more nodes and zones: nobody holds these pages" },
	[KIND_SPLIT] = { "the folio could not be split",
		"a large folio in use cannot be split: try again, or without huge pages there" },
	[KIND_UNMOVABLE] = { "the page cannot be moved at all",
		"memory of the kernel lies there: see who allocated it (page_owner)" },
	[KIND_BUSY] = { "it was still in use at the last test",
		"it was taken again, or freed late: it is worth trying again" },
	[KIND_NO_EXTRA_REF] = { "the refcount was as expected",
		"see the kernel's log: something but the refcount refused it" },
	[KIND_NOFS] = { "the caller must not wait for a file system",
		"compaction passes over the page cache without __GFP_FS: others can move it" },
};

const char *advice_kind(unsigned int kind)
{
	return kind < ARRAY_SIZE(kinds) && kinds[kind].cause ? kinds[kind].cause :
	       "a cause that this program does not know";
}

void advice_watch(const struct failure *failure, struct strbuf *to)
{
	strbuf_add(to, "echo 0x%" PRIx64, failure->pfn);
	if (failure->order)
		strbuf_add(to, "-0x%" PRIx64, 
			   failure->pfn + (UINT64_C(1) << (failure->order & 63)) - 1);
	strbuf_add(to, " > /sys/kernel/debug/page_pinner/watch; page_pinner record --reason=%s",
		   event_reason_name(failure->reason));
}

static void on_holder(const struct view *r, const struct operation *op, struct strbuf *to)
{
	const struct blocker *by = &op->by[0];
	const struct holder *h = r->f->holders[by->holder];
	const struct site *site = h->release.stack ? &h->release : &h->acquire;
	const struct hint *hint = hints_find(r->trace, site->stack, site->first);
	char function[128];

	if (by->exited)
		strbuf_add(to, "that task has exited: nobody is left to ask; ");
	if (hint)
		strbuf_add(to, "%s (%s)", hint->advice, hint->taken_by);
	else
		strbuf_add(to, "see in its stack below what %s keeps the page for",
			   words_clean(function, sizeof(function), words_function(h)));
}

static void on_unresolved(const struct failure *failure, struct strbuf *to)
{
	if (!failure->id && failure->marked == MARKED_REFUSED) {
		strbuf_add(to, "let more pages be marked (a larger number in "
			   "/sys/kernel/debug/page_pinner/max_marked), or end the marks that "
			   "nobody needs (echo 1 > /sys/kernel/debug/page_pinner/clear)");
		return;
	}
	if (!failure->id && failure->marked == MARKED_NO_PAGE_EXT) {
		strbuf_add(to, "ask the driver of that device: it knows who uses its memory");
		return;
	}
	if (failure->id)
		strbuf_add(to, "see what happened to it: --explain=%" PRIu32 "; ", failure->id);
	strbuf_add(to, "to have the get on record the next time: ");
	advice_watch(failure, to);
}

void advice_on(const struct view *r, const struct operation *op, struct strbuf *to)
{
	const struct failure *failure = op->main;
	const char *advice, *area;
	char name[AREA_NAME_MAX];

	if (op->nr_by) {
		on_holder(r, op, to);
		return;
	}
	switch (op->verdict) {
	case VERDICT_NEVER_RELEASED:
		area = areas_find(&r->trace->areas, op->from_pfn, op->to_pfn);
		strbuf_add(to, "to have its get on record the next time (cma:%s or memory:N in the "
			   "place of the page, if it may be another one): ",
			   area ? words_clean(name, sizeof(name), area) : "NAME");
		advice_watch(failure, to);
		break;
	case VERDICT_SELF:
		strbuf_add(to, "the caller has to drop its own references first: see its stack");
		break;
	case VERDICT_UNSAFE:
		strbuf_add(to, "record again with larger buffers (-b), or one reason alone "
			   "(--reason=%s)", event_reason_name(op->reason));
		break;
	case VERDICT_UNRESOLVED:
		on_unresolved(failure, to);
		break;
	case VERDICT_NO_HOLDER:
	case VERDICT_BAD_COUNT:
		strbuf_add(to, "report it to linux-mm@kvack.org with this recording: "
			   "the kernel counts wrongly there");
		break;
	case VERDICT_KEPT:
		strbuf_add(to, "it stays for as long as its owner lives; nobody leaked it");
		break;
	case VERDICT_CONCURRENT_PINNER:
		strbuf_add(to, "try again: two pins were in each other's way");
		break;
	default:
		advice = failure->kind < ARRAY_SIZE(kinds) ? kinds[failure->kind].advice : NULL;
		strbuf_add(to, "%s", advice ? advice : "try again: nothing lasting was in the way");
	}
}
