/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a failing task still has to give back of its own, asked for many pairs of
 * one episode.
 */
#ifndef PAGE_PINNER_DUES_H
#define PAGE_PINNER_DUES_H

#include "judge/episode.h"

struct dues;

/**
 * dues_new - find what each failing task owed, and until when
 * @ep: the episode
 *
 * Return: the dues, released by dues_free().
 */
struct dues *dues_new(const struct episode *ep);

/**
 * dues_free - release them
 * @dues: the dues or NULL
 */
void dues_free(struct dues *dues);

/**
 * dues_open - has a task given back less than it owed
 * @dues: of the episode
 * @get: an op of the task; attempts before it count
 * @put: likewise, a put behind it
 *
 * Return: true if @put may still be of what the task owed when it failed.
 */
bool dues_open(const struct dues *dues, size_t get, size_t put);

#endif
