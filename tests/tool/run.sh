#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs tests/tool/*.t: each is one test of the program as a user would call it,
# run in a directory of its own with $tool (the program) and $data (this
# directory) set; exit 0 is a pass, 4 a skip that has said why.

set -u
export LC_ALL=C
data=$(cd "$(dirname "$0")" && pwd)
tool=${PAGE_PINNER:-$data/../../tools/page_pinner/page_pinner}
export data tool

echo "TAP version 13"
set -- "$data"/*.t
[ -e "$1" ] || set --
echo "1..$#"
n=0
bad=0
for test in "$@"; do
	n=$((n + 1))
	name=$(basename "$test" .t)
	dir=$(mktemp -d)
	rc=0
	(cd "$dir" && sh "$test") > "$dir.log" 2>&1 < /dev/null || rc=$?
	case $rc in
	0) echo "ok $n - $name" ;;
	4) echo "ok $n - $name # SKIP $(tail -n 1 "$dir.log")" ;;
	*)
		echo "not ok $n - $name"
		sed 's/^/# /' "$dir.log" | tail -n 20
		bad=1 ;;
	esac
	rm -rf "$dir" "$dir.log"
done
exit "$bad"
