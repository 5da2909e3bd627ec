// SPDX-License-Identifier: GPL-2.0
/*
 * Wrapping; see wrap.h.
 */
#include "show/wrap.h"

#include <string.h>

/* Columns that the text takes: escapes for colours take none. */
static int columns(const char *text, size_t len)
{
	size_t i;
	int n = 0;

	for (i = 0; i < len; i++) {
		if (text[i] == '\033')
			while (i < len && text[i] != 'm')
				i++;
		else
			n++;
	}
	return n;
}

void wrap_put(FILE *out, int width, int indent, const char *text)
{
	int at = indent;

	fprintf(out, "%*s", indent, "");
	while (*text) {
		size_t len = strcspn(text, " ");
		int room = columns(text, len);

		if (at > indent + 2 && width && at + 1 + room > width) {
			at = indent + 2;
			fprintf(out, "\n%*s", at, "");
		} else if (at > indent) {
			fputc(' ', out);
			at++;
		}
		fwrite(text, 1, len, out);
		at += room;
		text += len;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}
