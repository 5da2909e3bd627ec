/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a log, a pager, grep or a mail put in front of every line of a trace.
 *
 * There is no list of programs here.  A stack's frame can be told from what
 * stands in front of it, whatever that is; what stands in front of most frames
 * in the same form, and in front of the events as well, was put there.  Numbers
 * may differ from line to line, and so may the letter of a level or the name of a
 * month; words may not: lines of two files or programs are two texts.
 */
#ifndef PAGE_PINNER_HUSK_H
#define PAGE_PINNER_HUSK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HUSK_FORMS 4
#define HUSK_MAX 128

/**
 * struct husk - what was found in front of lines
 * @forms: forms that were seen
 * @nr: how many
 * @plain: frames with nothing in front, or what envelope.h knows
 * @frames: all frames
 * @strange: frames that husk_strip() did not find it in front of
 * @best: the form that was decided on, -1 for none
 */
struct husk {
	struct husk_form {
		char sample[HUSK_MAX + 1];	/* one of them, without blanks behind */
		char blanks[HUSK_MAX + 1];	/* those that stand behind each */
		bool any;			/* @blanks is known */
		uint64_t frames;
		uint64_t events;
		uint64_t of;			/* events since the form was seen */
	} forms[HUSK_FORMS];
	size_t nr;
	uint64_t plain;
	uint64_t frames;
	uint64_t strange;
	int best;
};

/**
 * husk_learn - look at a line
 * @h: what was found so far, from zero
 * @line: the line
 */
void husk_learn(struct husk *h, const char *line);

/**
 * husk_decide - say what stands in front
 * @h: what was found
 *
 * Return: false if nothing does.
 */
bool husk_decide(struct husk *h);

/**
 * husk_strip - take it off
 * @h: what was decided; @strange counts frames with something else in front
 * @line: a line
 *
 * Return: the line proper; @line if it has nothing of that form in front; NULL if it
 * has the time of the same log there, and then the name of another program.
 */
const char *husk_strip(struct husk *h, const char *line);

#endif
