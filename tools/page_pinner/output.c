// SPDX-License-Identifier: GPL-2.0
/*
 * Where a report goes; see output.h.
 */
#include "output.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "show/group.h"
#include "show/render.h"
#include "show/terminal.h"
#include "util.h"

static void render(const struct view *view, enum format format)
{
	switch (format) {
	case FORMAT_TEXT:
		if (view->held)
			render_held(view);
		else
			render_text(view);
		break;
	case FORMAT_JSON:
		render_json(view);
		break;
	case FORMAT_JSONL:
		render_jsonl(view);
		break;
	case FORMAT_CSV:
		render_csv(view);
		break;
	case FORMAT_FOLDED:
		render_folded(view);
		break;
	}
}

static void fill_in(struct view *view, const struct options *opts)
{
	view->out = stdout;
	view->by = opts->by;
	view->width = opts->output ? 0 : terminal_width();
	view->color = opts->color && !opts->output;
	view->entries = opts->entries;
	view->max_stack = opts->max_stack;
	view->verbose = opts->verbose;
	view->separator = opts->separator;
	view->fields = opts->fields;
}

int output_write(struct view *view, const struct options *opts)
{
	const char *name = opts->output ? opts->output : "standard output";
	struct pager pager;
	bool paged = false;
	int ret;

	fill_in(view, opts);
	if (opts->output) {
		view->out = fopen(opts->output, "w");
		if (!view->out) {
			report_error("%s: %s", name, strerror(errno));
			return -1;
		}
	}
	if (!opts->output && !opts->no_pager && opts->format == FORMAT_TEXT)
		paged = pager_open(&pager);
	if (paged)
		view->out = pager.out;
	if (view->preface && opts->format == FORMAT_TEXT)
		fprintf(view->out, "%s\n", view->preface);
	render(view, opts->format);
	if (paged) {
		/* who quits the pager early has read enough */
		pager_close(&pager);
		return 0;
	}
	ret = ferror(view->out);
	ret |= opts->output ? fclose(view->out) : fflush(view->out);
	if (ret)
		report_error("%s: could not be written", name);
	return ret ? -1 : 0;
}

int output_grouped(struct view *view, const struct options *opts)
{
	struct findings groups = { 0 };
	int ret;

	view->groups = view->f;
	if (!opts->by)
		return output_write(view, opts);
	group_findings(view->f, opts->by, opts->key, view->trace, &groups);
	view->groups = &groups;
	ret = output_write(view, opts);
	findings_free(&groups);
	return ret;
}
