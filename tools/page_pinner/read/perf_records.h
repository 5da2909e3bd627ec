/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the reader of perf.data share: reader_perf.c has its files and
 * goes from record to record, perf_records.c reads them.
 */
#ifndef PAGE_PINNER_PERF_RECORDS_H
#define PAGE_PINNER_PERF_RECORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "read/cursor.h"
#include "read/perf_attr.h"
#include "read/perf_formats.h"
#include "read/perf_header.h"
#include "read/perf_loss.h"
#include "read/perf_order.h"
#include "read/perf_zstd.h"
#include "trace/trace.h"

/**
 * struct perf - a recording that is read
 * @trace: its tables
 * @header: of the file
 * @attrs: of the events that were on
 * @formats: of the events
 * @order: brings them into the order of time
 * @loss: counts what is missing
 * @zstd: unpacks records
 * @rounds: their ends mean something
 * @unpacking: the records were compressed
 * @cut: a pipe ended early
 */
struct perf {
	struct trace *trace;
	struct perf_header header;
	struct perf_attrs attrs;
	struct perf_formats *formats;
	struct perf_order *order;
	struct perf_loss *loss;
	struct perf_zstd *zstd;
	bool rounds;
	bool unpacking;
	bool cut;
};

/**
 * struct record - one record
 * @type: PERF_RECORD_* or RECORD_*
 * @misc: flags of its header
 * @body: what its size covers, behind the header
 * @rest: what stands behind it and is not counted in its size, and all else
 */
struct record {
	uint32_t type;
	uint16_t misc;
	struct cursor body;
	struct cursor *rest;
};

/**
 * perf_failed - report an error
 * @p: the recording
 * @why: words that go on from its name
 *
 * Return: -1.
 */
int perf_failed(struct perf *p, const char *why);

/**
 * perf_is_ours - are samples those of a page_pinner event
 * @p: the recording
 * @attr: attributes of the samples, or NULL
 *
 * Return: true if they are.
 */
bool perf_is_ours(struct perf *p, const struct perf_attr *attr);

/**
 * perf_read_osrelease - the kernel that was recorded
 * @p: the recording
 * @c: that section
 */
void perf_read_osrelease(struct perf *p, struct cursor c);

/**
 * perf_read_clocks - how far the clock of the samples is from the time of day
 * @p: the recording
 * @c: that section
 */
void perf_read_clocks(struct perf *p, struct cursor c);

/**
 * perf_read_sample - read a record: an event
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_sample(struct perf *p, struct record *r);

/**
 * perf_read_mmap - read a record: where the kernel lies
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_mmap(struct perf *p, struct record *r);

/**
 * perf_read_comm - read a record: a task has another name
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_comm(struct perf *p, struct record *r);

/**
 * perf_read_fork - read a record: a task has the name of its parent
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_fork(struct perf *p, struct record *r);

/**
 * perf_read_lost - read a record: records found no room
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_lost(struct perf *p, struct record *r);

/**
 * perf_read_lost_samples - read a record: samples found no room
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_lost_samples(struct perf *p, struct record *r);

/**
 * perf_read_throttle - read a record: events were switched off for being too many, or on again
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_throttle(struct perf *p, struct record *r);

/**
 * perf_read_round - read a record: what came before it is complete
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_round(struct perf *p, struct record *r);

/**
 * perf_read_attr - read a record: attributes of an event
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_attr(struct perf *p, struct record *r);

/**
 * perf_read_tracing_data - read a record: formats of events
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_tracing_data(struct perf *p, struct record *r);

/**
 * perf_read_auxtrace - read a record: what a processor traced of itself
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_auxtrace(struct perf *p, struct record *r);

/**
 * perf_read_feature - read a record: what else is known
 * @p: the recording
 * @r: the record
 *
 * Return: 0, or -1 after an error was reported.
 */
int perf_read_feature(struct perf *p, struct record *r);

#endif /* PAGE_PINNER_PERF_RECORDS_H */
