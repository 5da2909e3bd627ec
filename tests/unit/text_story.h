/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A story whose holders are known, written as text in any of the forms that
 * recorders, the kernel's log and mails have, whole or damaged.
 */
#ifndef TEXT_STORY_H
#define TEXT_STORY_H

#include <stddef.h>
#include <stdint.h>

#define STORY_PAGES 6

/**
 * struct story_truth - who holds a page
 * @pfn: the page
 * @pid: the holder
 * @comm: its name
 * @function: that the report has to name
 */
struct story_truth {
	uint64_t pfn;
	int pid;
	char comm[16];
	const char *function;
};

/**
 * struct story - a text
 * @text: the text
 * @size: its length
 * @events: page_pinner events that were written
 * @damaged: places that were damaged
 * @truth: of each page
 */
struct story {
	char *text;
	size_t size;
	uint64_t events;
	unsigned int damaged;
	struct story_truth truth[STORY_PAGES];
};

/**
 * story_forms - how many forms there are
 *
 * Return: their number.
 */
unsigned int story_forms(void);

/**
 * story_form_name - name of a form
 * @form: its number
 *
 * Return: the name.
 */
const char *story_form_name(unsigned int form);

/**
 * enum story_damage - what is done to a text
 * @STORY_WHOLE: nothing
 * @STORY_DAMAGED: other forms are mixed in, lines torn and wrapped, noise inserted
 * @STORY_WRAPPED: it is wrapped at one width
 */
enum story_damage {
	STORY_WHOLE,
	STORY_DAMAGED,
	STORY_WRAPPED,
};

/**
 * story_write - write a story
 * @story: set; @text to be freed
 * @seed: of everything that is drawn
 * @form: number of the form
 * @damage: what is done to it
 */
void story_write(struct story *story, uint64_t seed, unsigned int form,
		 enum story_damage damage);

#endif
