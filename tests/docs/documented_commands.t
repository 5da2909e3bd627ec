#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: each command of the kernel document is run by a test

set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."

doc=Documentation/mm/page_pinner.rst
guest=tests/guest/test.d/documented_commands.tc
tool=tests/tool

# The lines of the document's literal blocks that are commands.
commands()
{
	awk '/::$/ { block = 1; next }
	     block && /^[^ \t]/ { block = 0 }
	     block && NF { sub(/^[ \t]+/, ""); print }' "$doc" |
	grep -E '^(trace-cmd|-e|echo|page_pinner) '
}

total=$(commands | grep -c .)
echo "TAP version 13"
echo "1..$((total + 1))"
n=0
bad=0
# a document without commands would pass for nothing
n=$((n + 1))
if [ "$total" -ge 4 ]; then
	echo "ok $n - the document has commands"
else
	echo "not ok $n - the document has $total commands"
	bad=1
fi
commands > "${TMPDIR:-/tmp}/documented.$$"
while IFS= read -r line; do
	n=$((n + 1))
	case $line in
	"page_pinner "*)
		if grep -rqE "report .*trace\.dat" "$tool" scripts/demo.sh; then
			echo "ok $n - $line"
			continue
		fi ;;
	*)
		if sed 's/^[ \t]*//' "$guest" | grep -qxF -- "$line"; then
			echo "ok $n - $line"
			continue
		fi ;;
	esac
	echo "not ok $n - no test runs: $line"
	bad=1
done < "${TMPDIR:-/tmp}/documented.$$"
rm -f "${TMPDIR:-/tmp}/documented.$$"
exit "$bad"
