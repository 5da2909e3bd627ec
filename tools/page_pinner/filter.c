// SPDX-License-Identifier: GPL-2.0
/*
 * Filters; see filter.h.
 */
#include "filter.h"

#include <inttypes.h>
#include <string.h>

#include "trace/event.h"
#include "trace/task.h"

struct filter {
	const struct trace *trace;
	const struct options *opts;
};

/* Is this task the victim, or one of the holders, that was asked for? */
static bool involves(const struct filter *filter, uint32_t task)
{
	const struct task *t = tasks_get(filter->trace->tasks, task);
	const struct options *opts = filter->opts;

	return (!opts->by_pid || (int)opts->pid == t->pid) &&
	       (!opts->comm || !strcmp(opts->comm, t->comm));
}

/* Any page of a folio stands for it. */
static bool other_page(const struct options *opts, uint64_t pfn, uint8_t order)
{
	return opts->by_pfn && (opts->pfn < pfn || (opts->pfn - pfn) >> (order & 63));
}

static bool involves_claims(const struct filter *filter, const struct claim *claims, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (claims[i].known && involves(filter, claims[i].task))
			return true;
	return false;
}

static bool wanted_folio(const struct folio *folio, void *ctx)
{
	const struct filter *filter = ctx;

	if (other_page(filter->opts, folio->pfn, folio->order))
		return false;
	return (!filter->opts->by_pid && !filter->opts->comm) ||
	       involves_claims(filter, folio->claims, folio->nr_claims);
}

/* Where and when. */
static bool is_there(const struct failure *failure, void *ctx)
{
	const struct options *opts = ctx;

	if (other_page(opts, failure->pfn, failure->order) ||
	    (opts->explain && opts->explain != failure->id))
		return false;
	return failure->time_ns >= opts->from_ns && failure->time_ns <= opts->to_ns;
}

static bool wanted(const struct failure *failure, void *ctx)
{
	const struct filter *filter = ctx;
	const struct options *opts = filter->opts;

	if (opts->reason && strcmp(opts->reason, event_reason_name(failure->reason)))
		return false;
	/* those that share an entry were asked one by one */
	if (!failure->pages.nr && !is_there(failure, (void *)opts))
		return false;
	return involves(filter, failure->task) ||
	       involves_claims(filter, failure->claims, failure->nr_claims);
}

void filter_early(struct findings *f, const struct options *opts)
{
	if (!opts->by_pfn && !opts->explain && !opts->from_ns && opts->to_ns == UINT64_MAX)
		return;
	f->wanted = is_there;
	f->wanted_ctx = (void *)opts;
}

void filter_findings(struct findings *f, const struct trace *trace, const struct options *opts)
{
	struct filter filter = { .trace = trace, .opts = opts };

	findings_keep(f, wanted, &filter);
	findings_keep_folios(f, wanted_folio, &filter);
}

static void say_time(struct strbuf *to, uint64_t ns)
{
	strbuf_add(to, "%" PRIu64, ns / 1000000000);
	if (ns % 1000000000)
		strbuf_add(to, ".%09" PRIu64, ns % 1000000000);
}

void filter_say(const struct options *opts, struct strbuf *to)
{
	size_t begin = to->len;

	if (opts->reason)
		strbuf_add(to, " --reason=%s", opts->reason);
	if (opts->comm)
		strbuf_add(to, " --comm=%s", opts->comm);
	if (opts->by_pid)
		strbuf_add(to, " --pid=%" PRIu64, opts->pid);
	if (opts->by_pfn)
		strbuf_add(to, " --pfn=0x%" PRIx64, opts->pfn);
	if (opts->explain)
		strbuf_add(to, " --explain=%" PRIu64, opts->explain);
	if (opts->from_ns || opts->to_ns != UINT64_MAX) {
		strbuf_add(to, " --time=");
		if (opts->from_ns)
			say_time(to, opts->from_ns);
		strbuf_add(to, ",");
		if (opts->to_ns != UINT64_MAX)
			say_time(to, opts->to_ns);
	}
	if (to->len > begin) {
		memmove(to->text + begin, to->text + begin + 1, to->len - begin);
		to->len--;
	}
}
