// SPDX-License-Identifier: GPL-2.0
/*
 * Heads of records; see dat_head.h.
 */
#include "read/dat_head.h"

#include <stddef.h>
#include <string.h>

#include <event-parse.h>

/* As all kernels have had it: no calls for each of the fields of each record. */
struct plain_head {
	uint16_t type;
	uint8_t flags;
	uint8_t preempt;
	int32_t pid;
};

static bool is_at(const struct tep_format_field *field, size_t offset, size_t size)
{
	return field && field->offset == (int)offset && field->size == (int)size;
}

#define IS_PLAIN(field, member)							\
	is_at(field, offsetof(struct plain_head, member),			\
	      sizeof(((struct plain_head *)0)->member))

bool dat_heads_init(struct dat_heads *heads, struct tep_handle *tep, struct tep_event *event)
{
	heads->tep = tep;
	heads->type = tep_find_common_field(event, "common_type");
	heads->pid = tep_find_common_field(event, "common_pid");
	heads->flags = tep_find_common_field(event, "common_flags");
	heads->preempt = tep_find_common_field(event, "common_preempt_count");
	heads->plain = tep_is_file_bigendian(tep) == tep_is_local_bigendian(tep) &&
		IS_PLAIN(heads->type, type) && IS_PLAIN(heads->flags, flags) &&
		IS_PLAIN(heads->preempt, preempt) && IS_PLAIN(heads->pid, pid);
	return heads->type && heads->pid;
}

static unsigned int value(const struct dat_heads *heads, const struct tep_format_field *field,
			  const void *data, size_t size)
{
	if (!field || field->offset < 0 || field->size <= 0 ||
	    (size_t)field->offset + field->size > size)
		return 0;
	return tep_read_number(heads->tep, (const char *)data + field->offset, field->size);
}

struct dat_head dat_head_read(const struct dat_heads *heads, const void *data, size_t size)
{
	struct plain_head plain;

	if (heads->plain && size >= sizeof(plain)) {
		memcpy(&plain, data, sizeof(plain));
		return (struct dat_head){
			plain.type, plain.pid, plain.flags | plain.preempt << 8,
		};
	}
	return (struct dat_head){
		value(heads, heads->type, data, size), value(heads, heads->pid, data, size),
		value(heads, heads->flags, data, size) |
			value(heads, heads->preempt, data, size) << 8,
	};
}
