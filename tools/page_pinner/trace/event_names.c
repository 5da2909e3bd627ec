// SPDX-License-Identifier: GPL-2.0
/*
 * Names of the numbers in page_pinner events; see event.h.
 */
#include "trace/event.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

static const char *const reason_names[] = {
	[REASON_NONE] = "none",
	[REASON_WATCH] = "watch",
	[REASON_ALLOC_CONTIG] = "alloc_contig",
	[REASON_COMPACTION] = "compaction",
	[REASON_LONGTERM_PIN] = "longterm_pin",
	[REASON_MEMORY_HOTPLUG] = "memory_hotplug",
	[REASON_MEMORY_FAILURE] = "memory_failure",
	[REASON_SYSCALL] = "syscall",
	[REASON_MEMPOLICY_MBIND] = "mempolicy_mbind",
	[REASON_NUMA_MISPLACED] = "numa_misplaced",
	[REASON_DEMOTION] = "demotion",
	[REASON_DAMON] = "damon",
	[REASON_OTHER] = "other",
	[REASON_DEVICE] = "device",
};

static const char *const kind_names[] = {
	[KIND_EXTRA_REF] = "extra_ref",
	[KIND_NOT_LRU] = "not_lru",
	[KIND_LOCKED] = "locked",
	[KIND_WRITEBACK] = "writeback",
	[KIND_BUFFERS] = "buffers",
	[KIND_NO_MEMORY] = "no_memory",
	[KIND_SPLIT] = "split",
	[KIND_UNMOVABLE] = "unmovable",
	[KIND_BUSY] = "busy",
	[KIND_NO_EXTRA_REF] = "no_extra_ref",
	[KIND_NOFS] = "nofs",
};

static const char *const marked_names[] = {
	[MARKED_NO] = "no",
	[MARKED_NEW] = "new",
	[MARKED_AGAIN] = "again",
	[MARKED_REFUSED] = "refused",
	[MARKED_NO_PAGE_EXT] = "no_page_ext",
};

static const char *const why_names[] = {
	[WHY_FREED] = "freed",
	[WHY_SETTLED] = "settled",
	[WHY_CLEARED] = "cleared",
};

static const char *const ctx_names[] = {
	[CTX_TASK] = "task",
	[CTX_SOFTIRQ] = "softirq",
	[CTX_HARDIRQ] = "hardirq",
	[CTX_NMI] = "nmi",
};

/* The text of every number that a field of one byte can have. */
static const char *number_of(unsigned int value)
{
#define N1(n) { '0' + (n) / 100, '0' + (n) / 10 % 10, '0' + (n) % 10 }
#define N8(n) N1(n), N1(n + 1), N1(n + 2), N1(n + 3), N1(n + 4), N1(n + 5), N1(n + 6), N1(n + 7)
#define N64(n) N8(n), N8(n + 8), N8(n + 16), N8(n + 24), N8(n + 32), N8(n + 40), N8(n + 48), N8(n + 56)
	static const char numbers[256][4] = { N64(0), N64(64), N64(128), N64(192) };
#undef N64
#undef N8
#undef N1

	if (value >= ENUM_UNKNOWN)
		return "unknown";
	return numbers[value] + (value < 10 ? 2 : value < 100);
}

static const char *name_of(const char *const *names, size_t nr, unsigned int value)
{
	return value < nr && names[value] ? names[value] : number_of(value);
}

const char *event_reason_name(unsigned int reason)
{
	return name_of(reason_names, ARRAY_SIZE(reason_names), reason);
}

const char *event_kind_name(unsigned int kind)
{
	return name_of(kind_names, ARRAY_SIZE(kind_names), kind);
}

const char *event_why_name(unsigned int why)
{
	return name_of(why_names, ARRAY_SIZE(why_names), why);
}

static const struct {
	const char *field;
	const char *const *names;
	size_t nr;
} enums[] = {
	{ "reason", reason_names, ARRAY_SIZE(reason_names) },
	{ "kind", kind_names, ARRAY_SIZE(kind_names) },
	{ "marked", marked_names, ARRAY_SIZE(marked_names) },
	{ "why", why_names, ARRAY_SIZE(why_names) },
	{ "ctx", ctx_names, ARRAY_SIZE(ctx_names) },
};

bool event_is_enum(const char *field)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(enums); i++)
		if (!strcmp(enums[i].field, field))
			return true;
	return false;
}

bool event_enum_value(const char *field, const char *text, int64_t *value)
{
	size_t i, j;
	char *end;

	for (i = 0; i < ARRAY_SIZE(enums); i++) {
		if (strcmp(enums[i].field, field))
			continue;
		for (j = 0; j < enums[i].nr; j++) {
			if (!strcmp(enums[i].names[j], text)) {
				*value = j;
				return true;
			}
		}
	}
	if (*text == '-')
		*value = strtoll(text, &end, 0);
	else
		*value = (int64_t)strtoull(text, &end, 0);
	return end != text && !*end;
}
