// SPDX-License-Identifier: GPL-2.0
/*
 * The largest flow; see flow.h.  Each round looks for the shortest ways by which
 * more can flow: from a source with something left to a sink with room, also
 * over what was given to another sink and can be taken back.
 */
#include "judge/flow.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

struct flow {
	size_t sources, sinks;
	int32_t *amount;	/* by source and sink */
	unsigned char *open;	/* likewise: there is an edge */
	int32_t *left, *room;	/* by source, by sink */
	size_t *queue;		/* nodes: sources, then sinks */
	size_t *from;		/* by node: the one before it, or itself */
};

#define NOWHERE SIZE_MAX

struct flow *flow_new(size_t sources, size_t sinks)
{
	struct flow *flow = xzalloc(sizeof(*flow));

	flow->sources = sources;
	flow->sinks = sinks;
	flow->amount = xzalloc((sources * sinks + 1) * sizeof(*flow->amount));
	flow->open = xzalloc(sources * sinks + 1);
	flow->left = xzalloc((sources + 1) * sizeof(*flow->left));
	flow->room = xzalloc((sinks + 1) * sizeof(*flow->room));
	flow->queue = xzalloc((sources + sinks + 1) * sizeof(*flow->queue));
	flow->from = xzalloc((sources + sinks + 1) * sizeof(*flow->from));
	return flow;
}

void flow_free(struct flow *flow)
{
	if (!flow)
		return;
	free(flow->amount);
	free(flow->open);
	free(flow->left);
	free(flow->room);
	free(flow->queue);
	free(flow->from);
	free(flow);
}

/* Breadth first.  Return: a sink with room that can be reached, or NOWHERE. */
static size_t find_way(struct flow *flow)
{
	size_t n = flow->sources, head = 0, tail = 0, i, node;

	for (i = 0; i < n + flow->sinks; i++)
		flow->from[i] = NOWHERE;
	for (i = 0; i < n; i++) {
		if (flow->left[i] > 0) {
			flow->from[i] = i;
			flow->queue[tail++] = i;
		}
	}
	while (head < tail) {
		node = flow->queue[head++];
		if (node < n) {
			for (i = 0; i < flow->sinks; i++) {
				if (!flow->open[node * flow->sinks + i] ||
				    flow->from[n + i] != NOWHERE)
					continue;
				flow->from[n + i] = node;
				if (flow->room[i] > 0)
					return n + i;
				flow->queue[tail++] = n + i;
			}
			continue;
		}
		for (i = 0; i < n; i++) {
			if (flow->from[i] == NOWHERE &&
			    flow->amount[i * flow->sinks + node - n] > 0) {
				flow->from[i] = node;
				flow->queue[tail++] = i;
			}
		}
	}
	return NOWHERE;
}

/* As much as fits along the way that was found. */
static int32_t push(struct flow *flow, size_t end)
{
	size_t n = flow->sources, sinks = flow->sinks, node = end, before;
	int32_t most = flow->room[end - n];

	for (; flow->from[node] != node; node = before) {
		before = flow->from[node];
		if (node < n && flow->amount[node * sinks + before - n] < most)
			most = flow->amount[node * sinks + before - n];
	}
	if (flow->left[node] < most)
		most = flow->left[node];
	flow->left[node] -= most;
	flow->room[end - n] -= most;
	for (node = end; flow->from[node] != node; node = before) {
		before = flow->from[node];
		if (node < n)
			flow->amount[node * sinks + before - n] -= most;
		else
			flow->amount[before * sinks + node - n] += most;
	}
	return most;
}

int64_t flow_most(struct flow *flow, const int32_t *gives, const int32_t *takes,
		  bool (*edge)(void *ctx, size_t s, size_t k), void *ctx)
{
	int64_t sum = 0;
	size_t s, k, end;

	memset(flow->amount, 0, flow->sources * flow->sinks * sizeof(*flow->amount));
	for (s = 0; s < flow->sources; s++) {
		flow->left[s] = gives[s];
		for (k = 0; k < flow->sinks; k++)
			flow->open[s * flow->sinks + k] = edge(ctx, s, k);
	}
	for (k = 0; k < flow->sinks; k++)
		flow->room[k] = takes[k];
	while ((end = find_way(flow)) != NOWHERE)
		sum += push(flow, end);
	return sum;
}
