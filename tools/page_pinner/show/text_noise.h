/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was set aside: references that are nobody's fault.
 */
#ifndef PAGE_PINNER_TEXT_NOISE_H
#define PAGE_PINNER_TEXT_NOISE_H

#include "show/view.h"

/**
 * text_noise - put what was set aside
 * @r: what to show; nothing if there is none
 */
void text_noise(const struct view *r);

#endif
