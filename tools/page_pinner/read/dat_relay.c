// SPDX-License-Identifier: GPL-2.0
/*
 * Records from a process of their own; see dat_relay.h.
 *
 * Both processes share a ring of blocks.  A byte on a socket hands the next one
 * over: to the reader here when it is full, back when it may be filled again.
 * The first blocks are filled before there is another process: a small file needs
 * none.
 */
#define _GNU_SOURCE
#include "read/dat_relay.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <trace-cmd.h>

#include "read/dat_symbols.h"
#include "trace/guard.h"
#include "util.h"

#define BLOCKS 8
#define BLOCK_SIZE (128u << 10)
/* No event of ours, and no stack, ends behind that: offsets in a record have 16 bits. */
#define RECORD_MAX (72u << 10)

struct block {
	uint32_t used;
	bool last;		/* all was read */
	int32_t error;		/* with @last: what the library said of that */
	_Alignas(8) char bytes[BLOCK_SIZE];
};

struct relay {
	struct block *blocks;
	uint64_t turn;		/* blocks filled, or read, so far */
	uint64_t ready;		/* so many were filled in this process, to be read in it */
	pid_t pid;		/* of the other process, 0 in that, -1 if there is none */
	int sock;
	struct tracecmd_input **handles;
	int nr_handles;
};

static struct block *block_of(const struct relay *relay)
{
	return &relay->blocks[relay->turn % BLOCKS];
}

static bool hand_over(const struct relay *relay)
{
	ssize_t put;

	do {
		put = send(relay->sock, "", 1, MSG_NOSIGNAL);
	} while (put < 0 && errno == EINTR);
	return put == 1;
}

static bool wait_for_other(const struct relay *relay)
{
	char byte;
	ssize_t got;

	do {
		got = recv(relay->sock, &byte, 1, 0);
	} while (got < 0 && errno == EINTR);
	return got == 1;
}

/* Another process goes on reading.  Returns true in that. */
static bool part(struct relay *relay)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return false;
	relay->ready = relay->turn;
	relay->pid = fork();
	close(ends[relay->pid ? 1 : 0]);
	relay->sock = ends[relay->pid ? 0 : 1];
	return !relay->pid;
}

/*
 * The next block, empty; returns false if this process reads no more.  Nobody reads
 * what the other one writes: then there is no use in it.
 */
static bool next_block(struct relay *relay)
{
	if (relay->pid && relay->turn + 1 == BLOCKS && !part(relay))
		return false;
	if (!relay->pid && !hand_over(relay))
		_exit(EXIT_FAILED);
	if (++relay->turn >= BLOCKS && !wait_for_other(relay))
		_exit(EXIT_FAILED);
	block_of(relay)->used = 0;
	return true;
}

static int buffer_of(const struct relay *relay, const struct tracecmd_input *handle)
{
	int i = 0;

	while (i < relay->nr_handles - 1 && relay->handles[i] != handle)
		i++;
	return i;
}

/* How much room a record takes in a block: what follows it is aligned again. */
static size_t room_for(size_t size)
{
	return sizeof(struct dat_record) + ((size + 7) & ~7ul);
}

static int put_record(struct tracecmd_input *handle, struct tep_record *record, int cpu, void *ctx)
{
	struct relay *relay = ctx;
	struct block *block = block_of(relay);
	struct dat_record to = {
		.ts = record->ts, .missed = record->missed_events, .cpu = cpu,
		.buffer = relay->nr_handles > 1 ? buffer_of(relay, handle) : 0,
		.size = record->size > 0 ? record->size : 0,
	};

	if (to.size > RECORD_MAX)
		to.size = RECORD_MAX;
	if (block->used + room_for(to.size) > BLOCK_SIZE) {
		if (!next_block(relay))
			return -1;
		block = block_of(relay);
	}
	memcpy(block->bytes + block->used, &to, sizeof(to));
	memcpy(block->bytes + block->used + sizeof(to), record->data, to.size);
	block->used += room_for(to.size);
	return 0;
}

/* Returns in the process that takes the records, where another one may go on. */
static void read_all(struct relay *relay)
{
	int ret = tracecmd_iterate_events_multi(relay->handles, relay->nr_handles, put_record,
						relay);

	if (relay->pid > 0)
		return;
	block_of(relay)->error = ret;
	block_of(relay)->last = true;
	relay->ready = relay->turn + 1;
	if (relay->pid)
		return;
	hand_over(relay);
	_exit(EXIT_COMPLETE);
}

/* A process that a library has spoiled may have written anything. */
static bool take_block(const struct relay *relay, dat_record_sink sink, void *ctx)
{
	const struct block *block = block_of(relay);
	size_t used = block->used, at = 0;
	struct dat_record record;

	if (used > BLOCK_SIZE)
		return false;
	while (at < used) {
		if (used - at < sizeof(record))
			return false;
		memcpy(&record, block->bytes + at, sizeof(record));
		if (record.size > RECORD_MAX || room_for(record.size) > used - at ||
		    record.buffer < 0 || record.buffer >= relay->nr_handles)
			return false;
		record.data = block->bytes + at + sizeof(record);
		sink(ctx, &record);
		at += room_for(record.size);
	}
	return true;
}

/* Returns true when the last block was read. */
static bool take_all(struct relay *relay, dat_record_sink sink, void *ctx, int *error)
{
	for (relay->turn = 0; relay->turn < relay->ready || wait_for_other(relay); relay->turn++) {
		if (!take_block(relay, sink, ctx))
			return false;
		if (block_of(relay)->last) {
			*error = block_of(relay)->error;
			return true;
		}
		if (relay->pid > 0)
			hand_over(relay);
	}
	return false;
}

static int read_beside(struct relay *relay, struct guard *guard, dat_record_sink sink, void *ctx)
{
	int status = 0, error = -1;
	bool all;

	guard_enter(guard, DAT_LIBRARY, NULL);
	read_all(relay);
	guard_leave(guard);
	all = take_all(relay, sink, ctx, &error);
	/* it ends, at the latest when it finds that this end is closed */
	if (relay->sock >= 0)
		close(relay->sock);
	while (relay->pid > 0 && waitpid(relay->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (relay->pid > 0 && !all)
		guard_follow(guard, DAT_LIBRARY, status);
	return error;
}

int dat_relay(const char *file, struct guard *guard, struct tracecmd_input **handles, int nr,
	      dat_record_sink sink, void *ctx)
{
	struct relay relay = { .handles = handles, .nr_handles = nr, .pid = -1, .sock = -1 };
	size_t size = BLOCKS * sizeof(*relay.blocks);
	int ret;

	relay.blocks = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (relay.blocks == MAP_FAILED) {
		report_error("%s: %s", file, strerror(errno));
		return -1;
	}
	ret = read_beside(&relay, guard, sink, ctx);
	munmap(relay.blocks, size);
	if (ret)
		report_error("%s: reading stopped early", file);
	return ret ? -1 : 0;
}
