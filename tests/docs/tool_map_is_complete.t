#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the map of the post-processor has every source file, and no other
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../../tools/page_pinner"

# the words in front of the explanations
awk -F '\t' '/^What it costs/ { exit } /^\t[a-z]/ { print $2 }' README | tr -d ' ' | tr ',' '\n' |
	grep -v '^file->' | sort > "${TMPDIR:-/tmp}/map.$$"
for file in ./*.c ./*/*.c; do
	basename "$file" .c
done | sort > "${TMPDIR:-/tmp}/files.$$"
echo '1..1'
if diff "${TMPDIR:-/tmp}/files.$$" "${TMPDIR:-/tmp}/map.$$" > "${TMPDIR:-/tmp}/diff.$$"; then
	echo "ok 1 the map has $(wc -l < "${TMPDIR:-/tmp}/files.$$") files"
	rc=0
else
	echo "not ok 1 the map and the files differ"
	sed 's/^/# /' "${TMPDIR:-/tmp}/diff.$$"
	rc=1
fi
rm -f "${TMPDIR:-/tmp}/map.$$" "${TMPDIR:-/tmp}/files.$$" "${TMPDIR:-/tmp}/diff.$$"
exit "$rc"
