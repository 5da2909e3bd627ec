#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Audits the table of rules against the objects of a kernel: each function of
# mm, fs, block, lib, io_uring and kernel that changes a refcount is known to a
# rule, or stands in refcount_functions.own as somebody's own: a holder for
# which no family is needed.  So what a new kernel brings is seen here and not
# as a wrong name.  Prints TAP.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [-w] KERNEL_OUTPUT_DIRECTORY"
	echo "-w: write refcount_functions.own anew; look at the difference."
}

write=
while getopts hw option; do
	case $option in
	h) usage; exit 0 ;;
	w) write=yes ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -eq 1 ] || { usage >&2; exit 2; }

here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
own=$here/refcount_functions.own
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$repo/scripts/refcount_functions.pl" "$1" > "$work/all"
"${CC:-gcc}" -D_GNU_SOURCE -I"$repo/tools/page_pinner" -o "$work/rule_of" \
	"$here/rule_of.c" "$repo/tools/page_pinner/judge/classify_rules.c"
cut -f 1,2 "$work/all" | sort -u > "$work/functions"
comments()
{
	cat <<-END
	# Functions that change the refcount of pages and that no rule of the table
	# knows, get or put as said: reports take each for somebody's own.  That is
	# true of drivers and sockets; those of mm/ and fs/ still want a rule.
	# Written by tests/build/refcount_audit.sh -w, to be read before it is kept.
	END
}

# those_unknown: of the functions on standard input those that no rule knows.
those_unknown()
{
	"$work/rule_of" | awk -F '\t' '$3 == "-" { print $1, $2 }' | sort -u
}
those_unknown < "$work/functions" > "$work/unknown"

if [ -n "$write" ]; then
	# also those that this kernel does not have
	{ comments; grep -v '^#' "$own" | cat - "$work/unknown" | those_unknown; } > "$work/new"
	cp "$work/new" "$own"
fi
grep -v '^#' "$own" | sort > "$work/own"

number=0
rc=0
verdict()
{
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number $2"
	else
		echo "not ok $number $2"
		rc=1
	fi
}

# none FILE TEXT: right if the file is empty; shows it otherwise.
none()
{
	count=$(wc -l < "$1")
	verdict "$count" "$2"
	sed 's/^/# /' "$1" | head -n 40
}

echo "1..4"
count=$(wc -l < "$work/functions")
few=0
[ "$count" -ge 200 ] || few=1
verdict "$few" "the objects have $count functions that change a refcount"

comm -23 "$work/unknown" "$work/own" > "$work/new"
none "$work/new" "each is classed by a rule, or listed as somebody's own"
those_unknown < "$work/own" | comm -13 - "$work/own" | sed 's/$/: a rule knows it by now/; s/^/# /'

# Names that may decide between two: only such as are functions everywhere.
"$repo/scripts/refcount_functions.pl" -b "$1" | "$work/rule_of" -l | sort -u > "$work/lasting"
# a name that is local in one file and shared in another is meant as the latter
awk '$2 != "local" { print $1 }' "$work/lasting" | sort -u > "$work/sound"
awk '$2 == "local" { print $1 }' "$work/lasting" | sort -u | comm -23 - "$work/sound" > "$work/unsound"
[ -s "$work/lasting" ] || echo "no lasting name is in these objects" > "$work/unsound"
none "$work/unsound" "what the table calls lasting is called from other files"

# The audit itself: with a rule less it has to complain.
sed 's/generic_pipe_buf_\*/no_such_function/' "$repo/tools/page_pinner/judge/classify_rules.c" > "$work/rules.c"
"${CC:-gcc}" -D_GNU_SOURCE -I"$repo/tools/page_pinner" -o "$work/less" \
	"$here/rule_of.c" "$work/rules.c"
missed=1
"$work/less" < "$work/functions" | grep -q "^generic_pipe_buf_get	get	-" && missed=0
verdict "$missed" "the audit sees a rule that is missing"
exit "$rc"
