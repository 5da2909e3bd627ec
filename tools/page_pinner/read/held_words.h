/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the table and the log write alike: numbers, frames, names of tasks.
 * Each reads one piece as a whole or refuses it.
 */
#ifndef PAGE_PINNER_HELD_WORDS_H
#define PAGE_PINNER_HELD_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/held.h"
#include "trace/symbols.h"
#include "trace/trace.h"

/**
 * struct held_word - a piece of a line
 * @text: where it begins; not NUL-terminated
 * @len: its length
 */
struct held_word {
	const char *text;
	size_t len;
};

/**
 * held_word - the next piece between blanks
 * @p: moved behind it
 * @word: set to the piece
 *
 * Return: false at the end of the line.
 */
bool held_word(const char **p, struct held_word *word);

/**
 * held_is - is it this word
 * @word: the piece
 * @text: the word
 *
 * Return: true if it is.
 */
bool held_is(const struct held_word *word, const char *text);

/**
 * held_unsigned - a number
 * @word: the piece
 * @base: 10, or 16 with 0x in front
 * @max: greatest one
 * @value: set to it
 *
 * Return: false if it is none.
 */
bool held_unsigned(const struct held_word *word, int base, uint64_t max, uint64_t *value);

/**
 * held_int - a number that a refcount may have
 * @word: the piece
 * @value: set to it
 *
 * Return: false if it is none.
 */
bool held_int(const struct held_word *word, int32_t *value);

/**
 * held_flags - page flags, with or without their names in brackets behind
 * @word: the piece
 * @value: set to the number
 *
 * Return: false if it has another form.
 */
bool held_flags(const struct held_word *word, uint64_t *value);

/**
 * held_seconds - seconds with decimals
 * @word: the piece
 * @ns: set to nanoseconds
 *
 * Return: false if it has another form.
 */
bool held_seconds(const struct held_word *word, uint64_t *ns);

/**
 * held_age - milliseconds
 * @word: the piece
 * @ns: set to nanoseconds
 *
 * Return: false if it has another form.
 */
bool held_age(const struct held_word *word, uint64_t *ns);

/**
 * held_record_of - what is on record
 * @word: the piece
 * @record: set to it
 *
 * Return: false if it is no word that is known.
 */
bool held_record_of(const struct held_word *word, enum held_record *record);

/**
 * held_who - who took references
 * @trace: gets the task
 * @ctx: the context
 * @pid: thread id; "-" in an interrupt
 * @comm: name with octal escapes; "-" in an interrupt
 * @held: @ctx and @task are set
 *
 * Return: false if one of the pieces has another form.
 */
bool held_who(struct trace *trace, const struct held_word *ctx, const struct held_word *pid,
	      const struct held_word *comm, struct held *held);

/**
 * held_frame - a frame of a stack
 * @symbols: gives it an address
 * @word: name+0xoffset/0xsize, [module] behind it or behind a blank; or an address
 * @addr: set to it
 *
 * Return: false if it has another form: cut, or no frame.
 */
bool held_frame(struct symbols *symbols, const struct held_word *word, uint64_t *addr);

#endif
