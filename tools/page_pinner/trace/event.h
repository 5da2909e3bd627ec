/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One event of the page_pinner trace system as the rest of the program sees
 * it.  Records of libtracecmd and perf are decoded here, by the fields' names
 * and with their bounds checked once; no type of those libraries goes further.
 * The format itself: include/trace/events/page_pinner.h.
 */
#ifndef PAGE_PINNER_EVENT_H
#define PAGE_PINNER_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tep_event;
struct tep_handle;

/* What a FOLL_PIN adds to the refcount of a small folio: GUP_PIN_COUNTING_BIAS. */
#define PIN_UNITS 1024

/**
 * enum pin_type - what happened
 * @PIN_FAIL: any page_pinner_fail_*
 * @PIN_GET: the refcount went up
 * @PIN_PUT: the refcount went down
 * @PIN_UNMARK: the mark ended
 * @PIN_LOST: the recording has a hole: from @from_ns to @ts
 */
enum pin_type {
	PIN_FAIL,
	PIN_GET,
	PIN_PUT,
	PIN_UNMARK,
	PIN_LOST,
};

/* Numbers of the trace format: enum page_pinner_reason. */
enum pin_reason {
	REASON_NONE,
	REASON_WATCH,
	REASON_ALLOC_CONTIG,
	REASON_COMPACTION,
	REASON_LONGTERM_PIN,
	REASON_MEMORY_HOTPLUG,
	REASON_MEMORY_FAILURE,
	REASON_SYSCALL,
	REASON_MEMPOLICY_MBIND,
	REASON_NUMA_MISPLACED,
	REASON_DEMOTION,
	REASON_DAMON,
	REASON_OTHER,
	REASON_DEVICE,
};

/* Numbers of the trace format: enum page_pinner_kind. */
enum pin_kind {
	KIND_EXTRA_REF,
	KIND_NOT_LRU,
	KIND_LOCKED,
	KIND_WRITEBACK,
	KIND_BUFFERS,
	KIND_NO_MEMORY,
	KIND_SPLIT,
	KIND_UNMOVABLE,
	KIND_BUSY,
	KIND_NO_EXTRA_REF,
	KIND_NOFS,
};

/* Numbers of the trace format: enum page_pinner_marked. */
enum pin_marked {
	MARKED_NO,
	MARKED_NEW,
	MARKED_AGAIN,
	MARKED_REFUSED,
	MARKED_NO_PAGE_EXT,
};

/* Numbers of the trace format: enum page_pinner_why. */
enum pin_why {
	WHY_FREED,
	WHY_SETTLED,
	WHY_CLEARED,
};

/* Numbers of the trace format: enum page_pinner_ctx. */
enum pin_ctx {
	CTX_TASK,
	CTX_SOFTIRQ,
	CTX_HARDIRQ,
	CTX_NMI,
};

/* Fields that came to the format later: bits of &struct pin_event.has. */
#define HAS_EXPECTED		(1u << 0)	/* in get, put and unmark */
#define HAS_MAPCOUNT		(1u << 1)	/* likewise */
#define HAS_FLAGS		(1u << 2)
#define HAS_CTX			(1u << 3)
#define HAS_SEQ			(1u << 4)
#define HAS_OWN			(1u << 5)
#define HAS_REFCOUNT_NOW	(1u << 6)
#define HAS_EXPECTED_NOW	(1u << 7)

/**
 * struct pin_event - one decoded event
 * @type: what happened; says which of the fields below are set
 * @reason: who wanted to migrate, &enum pin_reason
 * @kind: why it failed, &enum pin_kind
 * @marked: what became of the mark, &enum pin_marked
 * @why: why the mark ended, &enum pin_why
 * @order: of the folio
 * @atomic: it happened in an interrupt: @task is a bystander.  By @ctx where
 *	the event has it, else by what the recorder noted beside it
 * @ctx: &enum pin_ctx, if @has says so
 * @has: which of the later fields the recording has, HAS_*
 * @cpu: where
 * @buffer: which buffer of the recording it was read from
 * @task: number of the running task, see task.h
 * @stack: number of its stack, see stack.h
 * @ts: nanoseconds
 * @pfn: of the head page
 * @id: of the mark, 0 for none
 * @refcount: after the operation; at a failure as decided on
 * @delta: of get and put
 * @expected: of a failure: references at which it would have succeeded.  Of
 *	get, put and unmark, if @has says so: what mappings, caches and private
 *	data account for, -1 where there is no rule
 * @mapcount: of a failure; of get, put and unmark if @has says so
 * @flags: page flags of the head page, if @has says so
 * @seq: running number of get, put and unmark under one mark, suppressed ones
 *	counted; 0 for a folio that is only watched, or if @has does not say so
 * @own: of a failure: references of the failing code that @expected includes
 * @refcount_now: of a failure: references when the mark was set or found
 * @expected_now: of a failure: what was expected then, without @own
 * @pincount: of a failure
 * @repeats: of a failure: earlier ones of this reason and mark
 * @dropped: of unmark: events that a budget suppressed
 * @logged: of unmark: gets and puts that were written before it
 * @skipped: of get, put and unmark: operations of the mark so far that a budget
 *	suppressed because they cancel each other out; of unmark: part of @dropped
 * @late: of get and put: written by a later operation of the task, from where
 *	@stack is
 * @lost: of PIN_LOST: how many events, 0 if unknown
 * @from_ns: of PIN_LOST: time of the last event before the hole
 * @age_ns: of unmark
 */
struct pin_event {
	uint8_t type;
	uint8_t reason;
	uint8_t kind;
	uint8_t marked;
	uint8_t why;
	uint8_t order;
	uint8_t ctx;
	bool atomic;
	uint32_t has;
	int cpu;
	int buffer;
	uint32_t task;
	uint32_t stack;
	uint64_t ts;
	uint64_t pfn;
	uint32_t id;
	int32_t refcount;
	int32_t delta;
	int32_t expected;
	int32_t mapcount;
	int32_t pincount;
	int32_t own;
	int32_t refcount_now;
	int32_t expected_now;
	uint32_t seq;
	uint32_t repeats;
	uint32_t dropped;
	uint32_t logged;
	uint32_t skipped;
	uint8_t late;
	uint64_t flags;
	uint64_t lost;
	uint64_t from_ns;
	uint64_t age_ns;
};

/**
 * typedef event_sink - takes the events of a recording
 * @ctx: the receiver
 * @ev: the event, only valid during the call
 */
typedef void (*event_sink)(void *ctx, const struct pin_event *ev);

/**
 * event_type_of - type of a trace event by its name
 * @name: the event's name, without the system
 * @type: set to the type
 *
 * Return: false for an event that this program does not know.
 */
bool event_type_of(const char *name, enum pin_type *type);

/**
 * event_set_field - set a field by its name in the trace format
 * @ev: the event
 * @name: the field's name
 * @value: its number
 *
 * Return: false for a name that this program does not know.
 */
bool event_set_field(struct pin_event *ev, const char *name, int64_t value);

struct event_field;

/**
 * event_field - find a field by its name in the trace format
 * @name: the field's name
 *
 * Return: the field, NULL for a name that this program does not know.
 */
const struct event_field *event_field(const char *name);

/**
 * event_field_fits - can a field have this value
 * @field: the field
 * @value: the number, signed or not
 *
 * Return: false for a number that the trace format has no room for.
 */
bool event_field_fits(const struct event_field *field, int64_t value);

/**
 * event_field_set - set a field
 * @ev: the event
 * @field: from event_field()
 * @value: its number
 */
void event_field_set(struct pin_event *ev, const struct event_field *field, int64_t value);

/**
 * event_missing_field - first required field that is not in a set
 * @type: of the event
 * @has: asked for each required field
 * @ctx: for @has
 *
 * Return: the name of a field that is missing, NULL if there is none.
 */
const char *event_missing_field(enum pin_type type,
				bool (*has)(void *ctx, const char *name), void *ctx);

struct event_layout;

/**
 * event_layout_new - find the fields of an event once
 * @type: what the event is
 * @format: its format, from the recording
 * @missing: set to the name of a required field that is not there
 *
 * Return: where the fields lie, NULL if @missing was set.
 */
struct event_layout *event_layout_new(enum pin_type type, struct tep_event *format,
				      const char **missing);

/**
 * event_layout_free - release a layout
 * @layout: the layout or NULL
 */
void event_layout_free(struct event_layout *layout);

/**
 * event_decode - read the fields of one record
 * @layout: from event_layout_new()
 * @data: the record
 * @size: its length; a field beyond it is an error
 * @ev: fields of the event are set, the others stay
 *
 * Return: false if the record is too short.
 */
bool event_decode(const struct event_layout *layout, const void *data, size_t size,
		  struct pin_event *ev);

/* An enumerator that a text names and this program does not know. */
#define ENUM_UNKNOWN 255

/**
 * event_reason_name - name of a reason
 * @reason: &enum pin_reason
 *
 * Return: as in the trace format, the number of a newer one.
 */
const char *event_reason_name(unsigned int reason);

/**
 * event_kind_name - name of a kind of failure
 * @kind: &enum pin_kind
 *
 * Return: as in the trace format, the number of a newer one.
 */
const char *event_kind_name(unsigned int kind);

/**
 * event_why_name - name of the end of a mark
 * @why: &enum pin_why
 *
 * Return: as in the trace format, the number of a newer one.
 */
const char *event_why_name(unsigned int why);

/**
 * event_is_enum - is the text form of a field a name
 * @field: name of the field
 *
 * Return: true for an enumeration.
 */
bool event_is_enum(const char *field);

/**
 * event_enum_value - number of a name in the text form of a field
 * @field: name of the field
 * @text: the name, or a number
 * @value: set to the number
 *
 * Return: false if @text is neither.
 */
bool event_enum_value(const char *field, const char *text, int64_t *value);

#endif
