/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What terminals, mails and web pages make of the characters and lines of a
 * text.  It was done to all of a text or to none of it: some of the text shows
 * what, and the rest is then taken back the same way.
 */
#ifndef PAGE_PINNER_DECODE_H
#define PAGE_PINNER_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No line is put together that is longer: a hostile text could have no end. */
#define DECODE_ROOM 4096
/* No terminal is wider. */
#define DECODE_WIDTH_MAX 400

/**
 * struct decode - what was done to a text
 * @lines: how many lines were looked at
 * @marks: lines with escape sequences of a terminal
 * @spaces: lines with blanks that do not break
 * @tabs: lines with a tab as a log writes it
 * @entities: stacks' lines whose arrow is that of a web page
 * @arrows: those whose arrow is one
 * @quoted: lines with a quoted equals sign
 * @equals: lines with one that is not quoted
 * @blank: lines that are blank, by whether their number is odd
 * @length: how many lines are so long
 * @broken: those of an event that the next line goes on with
 * @between: how many of those go on with a new word, without a blank
 * @last: length of the line before, 0 if it is of no event
 * @blank_last: that line ends in a blank
 * @events: lines that begin an event of ours
 * @unmark: take escape sequences out
 * @space: make them blanks
 * @tab: make them tabs
 * @entity: make entities characters
 * @quote: make quoted characters characters, and put lines together
 * @skip: leave out every second line where it is blank: 1, or 2 for the odd ones
 * @width: where lines were broken, 0 for nowhere
 */
struct decode {
	uint64_t lines;
	uint64_t marks;
	uint64_t spaces;
	uint64_t tabs;
	uint64_t entities;
	uint64_t arrows;
	uint64_t quoted;
	uint64_t equals;
	uint64_t blank[2];
	uint64_t length[DECODE_WIDTH_MAX + 1];
	uint64_t broken[DECODE_WIDTH_MAX + 1];
	uint64_t between;
	size_t last;
	bool blank_last;
	uint64_t events;
	bool unmark;
	bool space;
	bool tab;
	bool entity;
	bool quote;
	int skip;
	size_t width;
};

/**
 * decode_learn - look at a line
 * @d: what was found so far, from zero
 * @line: the line
 * @len: its length
 */
void decode_learn(struct decode *d, const char *line, size_t len);

/**
 * decode_decide - say what was done
 * @d: what was found
 *
 * Return: false if nothing was.
 */
bool decode_decide(struct decode *d);

/**
 * decode_leave_out - is a line none of the text's
 * @d: what was done
 * @line: the line
 * @nr: its number
 *
 * Return: true if it was put between two of them.
 */
bool decode_leave_out(const struct decode *d, const char *line, uint64_t nr);

/**
 * decode_goes_on - is the next line a part of this one
 * @d: what was done
 * @line: the line as it was read
 * @len: its length
 * @next: the next one
 *
 * Return: true if it is.
 */
bool decode_goes_on(const struct decode *d, const char *line, size_t len, const char *next);

/**
 * decode_text - take it back
 * @d: what was done
 * @text: a line that was put together; changed
 * @len: its length
 *
 * Return: its new length, never more.
 */
size_t decode_text(const struct decode *d, char *text, size_t len);

#endif
