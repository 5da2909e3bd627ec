// SPDX-License-Identifier: GPL-2.0
/*
 * Symbols, clock and date of a trace.dat; see dat_symbols.h.
 */
#define _GNU_SOURCE
#include "read/dat_symbols.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <event-parse.h>

#include "read/dat_file.h"
#include "trace/guard.h"
#include "trace/symbols.h"

/*
 * The library keeps the module of a function to itself.  Where its file cannot be
 * read without it, its listing of all functions, which goes to standard output, is
 * the only way: let that be a file in memory for the moment.
 */
static void list_symbols(struct trace *trace, struct tep_handle *tep)
{
	int saved = -1, fd = memfd_create("kallsyms", MFD_CLOEXEC);
	off_t size;
	char *text;

	if (fd < 0)
		return;
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	if (saved < 0 || dup2(fd, STDOUT_FILENO) < 0)
		goto out;
	tep_print_funcs(tep);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	size = lseek(fd, 0, SEEK_END);
	if (size <= 0)
		goto out;
	text = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		goto out;
	guard_leave(trace->guard);
	symbols_parse_kallsyms(trace->symbols, text, size);
	guard_enter(trace->guard, DAT_LIBRARY, NULL);
	munmap(text, size);
out:
	if (saved >= 0)
		close(saved);
	close(fd);
}

/* From a file that is mapped they are copied, what was unpacked is kept as it is. */
static size_t take_symbols(struct symbols *syms, struct dat_file *file)
{
	void *memory = file->unpacked;

	if (!memory)
		return symbols_parse_kallsyms(syms, file->kallsyms, file->kallsyms_size);
	file->unpacked = NULL;
	return symbols_take_kallsyms(syms, memory, file->kallsyms, file->kallsyms_size);
}

int64_t dat_symbols_load(struct trace *trace, struct tep_handle *tep, int fd)
{
	struct dat_file file;
	int64_t date_ns;
	size_t found = 0;

	guard_leave(trace->guard);
	dat_file_read(fd, &file);
	if (*file.clock)
		trace_set_clock(trace, file.converted ? "tsc2nsec" : file.clock);
	if (file.dated && trace->clock == CLOCK_NS)
		trace->date_ns = file.date_ns;
	if (file.kallsyms)
		found = take_symbols(trace->symbols, &file);
	date_ns = file.dated ? file.date_ns : 0;
	dat_file_free(&file);
	guard_enter(trace->guard, DAT_LIBRARY, NULL);
	if (!found)
		list_symbols(trace, tep);
	return date_ns;
}
