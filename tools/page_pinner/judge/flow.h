/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much can flow from sources to sinks over given edges: the largest flow
 * of a small network with two sides.
 */
#ifndef PAGE_PINNER_FLOW_H
#define PAGE_PINNER_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;

/**
 * flow_new - a network without edges
 * @sources: how many
 * @sinks: how many
 *
 * Return: the network, released by flow_free().
 */
struct flow *flow_new(size_t sources, size_t sinks);

/**
 * flow_free - release a network
 * @flow: the network or NULL
 */
void flow_free(struct flow *flow);

/**
 * flow_most - how much reaches the sinks at most
 * @flow: the network
 * @gives: what each source has
 * @takes: what each sink takes
 * @edge: may source s give to sink k?
 * @ctx: for @edge
 *
 * Return: the largest sum.
 */
int64_t flow_most(struct flow *flow, const int32_t *gives, const int32_t *takes,
		  bool (*edge)(void *ctx, size_t s, size_t k), void *ctx);

#endif
