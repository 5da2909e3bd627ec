/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the text reader share: reader_text.c reads lines,
 * text_learn.c finds the form that they have, text_loss.c keeps account of what
 * is missing.
 */
#ifndef PAGE_PINNER_TEXT_H
#define PAGE_PINNER_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/fields.h"
#include "read/foreign.h"
#include "read/frames.h"
#include "read/heads.h"
#include "read/joiner.h"
#include "read/lines.h"
#include "read/page_refs.h"
#include "trace/event.h"
#include "trace/stack.h"
#include "trace/trace.h"

/**
 * enum stack_of - whose frames come next
 * @STACK_OF_NOBODY: there can be none
 * @STACK_OF_RECORD: those of the record that was read last
 * @STACK_OF_OTHER: those of an event that is not ours, or could not be read
 */
enum stack_of {
	STACK_OF_NOBODY,
	STACK_OF_RECORD,
	STACK_OF_OTHER,
};

/* How many of the events read last are remembered, for text_check_end(). */
#define RECENT_MAX 256

/**
 * struct text - a text being read
 * @trace: its tables
 * @joiner: takes the events
 * @lines: the text
 * @fields: forms of the events
 * @frames: form of the frames
 * @foreign: what it may be instead of a trace
 * @rewritten: what another text was made into is read, NULL if it is not
 * @bare: the text without what others put around it, NULL if nobody did
 * @kept: the text from the first event of page_ref on, NULL if there is none
 * @folded: lines of the sample that go on with the one in front of them
 * @wrapped: there were such lines, whether or not they could be put together
 * @breaks: how many of them were
 * @refs: pages that failed by what such a text says
 * @columns: form of what stands in front of an event's name
 * @learned: @columns, @fields and @frames are known
 * @deltas: times are those since the line before
 * @sum: of such times
 * @prefix: in front of each line of the file or instance that our events are of
 * @has_prefix: an event of ours was read
 * @last_ts: time of the last record, by CPU
 * @seen_cpu: had a record, by CPU
 * @new_cpu: the record that was read last is the first of its CPU, and others have some
 * @nr_cpus: length of both
 * @at: the record that was read last
 * @stack: whose frames come next
 * @stack_torn: some of them could not be read
 * @stack_crossed: a line that is no part of any trace stands behind them
 * @stack_closed: a blank line ended them
 * @addrs: the frames
 * @nr_addrs: how many
 * @pending: an event; the next line shows whether it was whole
 * @pending_at: who wrote it
 * @has_pending: there is one
 * @recent: marks and pages of events read last
 * @nr_recent: how many were put there
 * @overwritten: the oldest events were
 * @order: number of the last record, where lines have no time
 * @starts: lines that begin a recording
 * @started: the first of them
 * @second: line of the second
 * @others: lines that are no part of the trace
 * @nr: events by type
 * @marked: events that have a mark
 * @unread: events that could not be read
 * @tails: events that are whole, but have words behind their fields
 * @first_bad: line of the first of either
 * @last_bad: line of the last event that could not be read
 * @event: line of the last event of ours
 * @frame: line of the last frame
 * @misfit: the last line that did not fit
 * @ragged: the last line that was of nothing but blanks
 * @failed: an error was reported
 */
struct text {
	struct trace *trace;
	struct joiner *joiner;
	struct lines *lines;
	struct fields *fields;
	struct frames *frames;
	struct foreign foreign;
	FILE *rewritten;
	FILE *bare;
	FILE *kept;
	uint64_t folded;
	bool wrapped;
	uint64_t breaks;
	struct page_refs refs;
	struct columns columns;
	bool learned;
	bool deltas;
	uint64_t sum;
	char prefix[64];
	bool has_prefix;
	uint64_t *last_ts;
	bool *seen_cpu;
	bool new_cpu;
	size_t nr_cpus;
	struct record_context at;
	enum stack_of stack;
	bool stack_torn;
	bool stack_crossed;
	bool stack_closed;
	uint64_t addrs[STACK_MAX];
	size_t nr_addrs;
	struct pin_event pending;
	struct record_context pending_at;
	bool has_pending;
	uint64_t recent[RECENT_MAX];
	size_t nr_recent;
	bool overwritten;
	uint64_t order;
	uint64_t starts;
	char started[64];
	uint64_t second;
	uint64_t others;
	uint64_t nr[PIN_LOST];
	uint64_t marked;
	uint64_t unread;
	uint64_t tails;
	uint64_t first_bad;
	uint64_t last_bad;
	uint64_t event;
	uint64_t frame;
	uint64_t misfit;
	uint64_t ragged;
	bool failed;
};

/**
 * text_uncover - take off what others put around every line
 * @t: the text, at its beginning; @failed is set if it cannot be kept
 */
void text_uncover(struct text *t);

/**
 * text_learn - find the form of a text
 * @t: the text; @failed is set if it cannot be read
 *
 * Afterwards the next line is the first of those that the form was found from.
 * What stood in front of them was only looked at for losses.
 */
void text_learn(struct text *t);

/**
 * text_skip - look at a line of a text whose form is not known
 * @t: the text
 * @line: the line
 */
void text_skip(struct text *t, const struct line *line);

/**
 * text_keep - keep a line that may be needed if there is no event of ours
 * @t: the text
 * @line: the line
 */
void text_keep(struct text *t, const struct line *line);

/**
 * text_read_refs - read the story that page_ref events tell in place of the text
 * @t: the text, at its end; @failed is set if it cannot be kept
 *
 * Return: false if they tell none.
 */
bool text_read_refs(struct text *t);

/**
 * text_unfold - read the text with the lines put together that a mail had wrapped
 * @t: the text, rewound; @failed is set if that cannot be done
 *
 * Return: true if something else is read now.
 */
bool text_unfold(struct text *t);

/**
 * text_supposed - failures of which it is not known when they happened
 * @t: the text
 * @line: the line that is read next
 */
void text_supposed(struct text *t, uint64_t line);

/**
 * text_tell_rewritten - say what the text was made into
 * @t: the text, read to its end
 */
void text_tell_rewritten(const struct text *t);

/**
 * text_rewrite_free - release what another text was made into
 * @t: the text
 */
void text_rewrite_free(struct text *t);

/**
 * text_unprefixed - a line without the prefix that events have
 * @t: the text
 * @p: the line
 *
 * Return: @p or what follows the prefix in it.
 */
const char *text_unprefixed(const struct text *t, const char *p);

/**
 * text_is_header - does a line belong to a trace and say nothing
 * @t: the text
 * @line: the line
 * @p: its text
 *
 * Return: true if it does.
 */
bool text_is_header(struct text *t, const struct line *line, const char *p);

/**
 * text_is_appendix - does a line stand behind a stack and say nothing of it
 * @p: the line
 *
 * Return: true if it does.
 */
bool text_is_appendix(const char *p);

/**
 * text_lose - events are missing here
 * @t: the text
 * @events: how many, 0 if that is not known
 * @cpu: where, -1 if that is not known
 */
void text_lose(struct text *t, uint64_t events, int cpu);

/**
 * text_loss_line - does a line tell of a loss
 * @t: the text
 * @p: the line
 *
 * Return: true if it does; the loss is counted.
 */
bool text_loss_line(struct text *t, const char *p);

/**
 * text_overwritten - the first record of a CPU whose oldest ones were overwritten
 * @t: the text
 * @cpu: the CPU
 * @ts: time of the record
 */
void text_overwritten(struct text *t, int cpu, uint64_t ts);

/**
 * text_unreadable - an event of ours could not be read
 * @t: the text
 * @line: number of the line
 */
void text_unreadable(struct text *t, uint64_t line);

/**
 * text_misfit - a line that has not the form of the text
 * @t: the text
 * @line: the line
 *
 * The event or stack that it stands in the middle of is not to be trusted.
 */
void text_misfit(struct text *t, const struct line *line);

/**
 * text_check_end - was the text cut in its last line
 * @t: the text
 * @last: the line
 */
void text_check_end(struct text *t, const struct line *last);

/**
 * text_tell - say what did not fit
 * @t: the text
 */
void text_tell(struct text *t);

#endif
