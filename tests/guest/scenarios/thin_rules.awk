# SPDX-License-Identifier: GPL-2.0
#
# classify_rules.c without the families of holders and without half of the
# wrappers, which of them by "seed"; with "noise" set without what is known of
# memory management as well.  Says on standard error how much is gone.

# The text between the quotes of a line, with half of its words.
function thin(line,	head, text, tail, n, words, i, kept)
{
	match(line, /"[^"]*"/)
	head = substr(line, 1, RSTART)
	text = substr(line, RSTART + 1, RLENGTH - 2)
	tail = substr(line, RSTART + RLENGTH - 1)
	n = split(text, words, " ")
	kept = ""
	for (i = 1; i <= n; i++) {
		state = (state * 69069 + 12345) % 4294967296
		if (state < 2147483648)
			wrappers++
		else
			kept = kept words[i] " "
	}
	return head kept tail
}

BEGIN {
	state = seed * 7919
	for (i = 0; i < 8; i++)
		state = (state * 69069 + 12345) % 4294967296
}

/^static const struct rule rules/ { table = 1 }
/^};/ { table = 0 }

table && /^\t\{ "/ {
	gone = /ROLE_HOLDER|ROLE_KEPT/ || (noise && !/ROLE_HELPER|ROLE_OWN/)
	families += gone
	patterns = 0
	helper = /ROLE_HELPER/
	if (!gone)
		print
	if (!/\},$/)
		inside = 1
	else
		gone = 0
	next
}

# The patterns end with the first line that ends in a comma.
table && inside && helper && !patterns {
	print thin($0)
	if (/",$/)
		patterns = 1
	next
}

!gone { print }
table && /\},$/ { gone = inside = 0 }
END { print families " families and " wrappers " wrappers" > "/dev/stderr" }
