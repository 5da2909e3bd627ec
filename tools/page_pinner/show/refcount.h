/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A refcount in words: what it was made of, and what is known of its page.
 */
#ifndef PAGE_PINNER_REFCOUNT_H
#define PAGE_PINNER_REFCOUNT_H

#include <stdint.h>

#include "judge/findings.h"
#include "show/view.h"
#include "util.h"

/**
 * refcount_say - what the refcount of a failure was made of
 * @r: what is shown
 * @failure: the failure
 * @to: "refcount 3 = 1 mapping + 1 own + 1 pipe [1]" is added here
 *
 * Both sides are the same number, whatever is known of it.
 */
void refcount_say(const struct view *r, const struct failure *failure, struct strbuf *to);

/**
 * refcount_pins - units of a refcount as pins
 * @failure: says if the folio is small, where a pin counts as 1024
 * @refs: units
 * @to: " (1 FOLL_PIN)" is added here, if it is a whole number of them
 */
void refcount_pins(const struct failure *failure, int64_t refs, struct strbuf *to);

/**
 * refcount_last - what is last known of a page that nobody is named for
 * @r: what is shown
 * @failure: the failure
 * @to: a sentence is added here
 */
void refcount_last(const struct view *r, const struct failure *failure, struct strbuf *to);

#endif
