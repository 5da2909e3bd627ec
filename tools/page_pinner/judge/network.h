/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An episode as a network: references come from sources and go to sinks.  Each
 * way to fill all sinks is a story with the same operations and counts.
 *
 *	network.c	the sources and the sinks
 *	edges.c		what may go where
 */
#ifndef PAGE_PINNER_NETWORK_H
#define PAGE_PINNER_NETWORK_H

#include "judge/flow.h"
#include "judge/stake.h"

/**
 * enum source_kind - where references come from
 * @OLD: they were there from the start
 * @FALLEN: a mapping or a cache gave them up, or somebody took them unseen
 * @TAKEN: by a get
 * @OWN: of the failing code
 */
enum source_kind { OLD, FALLEN, TAKEN, OWN };

/**
 * enum sink_kind - where references go to
 * @PUT: somebody gave them back
 * @RISE: they became a mapping's or a cache's
 * @LOST: given back, and not on record
 * @END: left at the end
 */
enum sink_kind { PUT, RISE, LOST, END };

/**
 * struct source - references of one origin
 * @kind: which
 * @from: ops before it
 * @span: whose get it is, or NO_OP
 * @pin: of pins of a small folio
 * @behind: of an attempt at the same place it comes behind
 */
struct source {
	enum source_kind kind;
	size_t from;
	size_t span;
	bool pin;
	bool behind;
};

/**
 * struct sink - references of one end
 * @kind: which
 * @at: the op, of a rise the ops before it
 * @span: whose put it is, or NO_OP
 * @pin: of pins of a small folio
 * @behind: of an attempt at the same place it comes behind
 */
struct sink {
	enum sink_kind kind;
	size_t at;
	size_t span;
	bool pin;
	bool behind;
};

/**
 * struct network - an episode, seen from one attempt
 * @t: the episode
 * @at: the attempt
 * @begin: its first op: between freezes nothing comes or goes unseen
 * @end: the op behind its last one
 * @sources: what there is
 * @gives: and how many references each gives
 * @nr_sources: how many
 * @room_sources: allocated
 * @room_gives: likewise
 * @sinks: where it goes
 * @takes: and how many each takes
 * @nr_sinks: how many
 * @room_sinks: allocated
 * @room_takes: likewise
 * @handed: what was looked up and not put again was handed on to somebody
 * @relaxed: names are not trusted: they contradict the counts
 * @told: for each fall there is a put that by its name is a mapping's
 * @without_get: op of the stake whose edges are left out, or NO_OP
 * @without_put: likewise by its put
 * @without_pin: it is of pins of a small folio
 */
struct network {
	const struct trial *t;
	const struct attempt *at;
	size_t begin, end;
	struct source *sources;
	int32_t *gives;
	size_t nr_sources, room_sources, room_gives;
	struct sink *sinks;
	int32_t *takes;
	size_t nr_sinks, room_sinks, room_takes;
	bool handed;
	bool relaxed;
	bool told;
	size_t without_get, without_put;
	bool without_pin;
};

/**
 * network_build - find the sources and the sinks
 * @n: its trial and attempt are set, the rest is zero; see network_free()
 *
 * Return: false if the recording does not say what was expected.
 */
bool network_build(struct network *n);

/**
 * network_free - release what was found
 * @n: the network
 */
void network_free(struct network *n);

/**
 * network_took - what the stack of a get says
 * @n: the network
 * @span: with a get
 *
 * Return: its class.
 */
const struct stack_class *network_took(const struct network *n, const struct span *span);

/**
 * network_gave - what the stack of a put says
 * @n: the network
 * @span: with a put
 *
 * Return: its class.
 */
const struct stack_class *network_gave(const struct network *n, const struct span *span);

/**
 * network_tight - are a get and its put in any story
 * @n: the network
 * @span: the pair
 *
 * Return: true if they are.
 */
bool network_tight(const struct network *n, const struct span *span);

/**
 * network_settled - likewise, and nothing was mapped in between
 * @n: the network
 * @span: the pair
 *
 * Return: true if there is nothing to be tested.
 */
bool network_settled(const struct network *n, const struct span *span);

/**
 * network_is_mapping - is it of mappings, caches or new pages
 * @sc: what a stack says
 *
 * Return: true if it is.
 */
bool network_is_mapping(const struct stack_class *sc);

/**
 * network_same_put - given back in one place, by one task or by nobody's
 * @a: a put
 * @b: another
 *
 * Return: true if they were.
 */
bool network_same_put(const struct op *a, const struct op *b);

/**
 * network_edge - may a source go to a sink
 * @ctx: the network
 * @s: index of the source
 * @k: index of the sink
 *
 * Return: true unless time, size or names forbid it, or it is left out.
 */
bool network_edge(void *ctx, size_t s, size_t k);

/**
 * network_falls_told - has each fall a put that by its name is a mapping's
 * @n: the network
 * @flow: of its size
 *
 * Then whatever nobody knows gave back something else.
 *
 * Return: true if it has.
 */
bool network_falls_told(const struct network *n, struct flow *flow);

#endif
