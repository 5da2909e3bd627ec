// SPDX-License-Identifier: GPL-2.0
/*
 * A list of symbols; see names.h.
 */
#include "names.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "trace/symbols.h"
#include "util.h"

int names_read(struct trace *trace, const char *file)
{
	size_t size;
	char *text = read_file(file, &size);
	size_t found;

	if (!text) {
		report_error("%s: %s", file, strerror(errno));
		return -1;
	}
	found = symbols_take_kallsyms(trace->symbols, text, text, size);
	if (!found) {
		report_error("%s: not a list of symbols such as /proc/kallsyms", file);
		return -1;
	}
	return 0;
}
