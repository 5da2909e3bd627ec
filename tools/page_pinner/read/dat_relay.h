/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Records of a trace.dat, read ahead.  libtracecmd finds, unpacks and orders
 * them one by one, on one CPU; with it in a process of its own the other one
 * judges meanwhile.  Measured: of a zstd file with watched folios that is the
 * difference between 1.7 and 1.2 times the library's own iteration.
 */
#ifndef PAGE_PINNER_DAT_RELAY_H
#define PAGE_PINNER_DAT_RELAY_H

#include <stdint.h>

struct guard;
struct tracecmd_input;

/**
 * struct dat_record - one record
 * @ts: its time, as the library says it
 * @missed: events that are missing before it, -1 for an unknown number
 * @cpu: where it was written
 * @buffer: index of the handle that it is from
 * @size: bytes at @data
 * @data: the record; of one that is longer than any of ours only the beginning
 */
struct dat_record {
	uint64_t ts;
	int64_t missed;
	int32_t cpu;
	int32_t buffer;
	uint32_t size;
	const void *data;
};

/**
 * typedef dat_record_sink - takes the records
 * @ctx: the receiver
 * @record: the record, only valid during the call
 */
typedef void (*dat_record_sink)(void *ctx, const struct dat_record *record);

/**
 * dat_relay - all records of a file, in the order of their times
 * @file: its name, for messages
 * @guard: what ends this process if the library's crashed
 * @handles: its buffers, opened; nothing is read from them here
 * @nr: how many
 * @sink: called for each record, in this process
 * @ctx: for @sink
 *
 * Return: 0, or -1 with an error told if not all could be read.
 */
int dat_relay(const char *file, struct guard *guard, struct tracecmd_input **handles, int nr,
	      dat_record_sink sink, void *ctx);

#endif
