#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Broken variants of the post-processor: each patch here is applied to a copy
# of it, and the unit tests must fail.  A variant that does not build, or does
# not apply, proves nothing and has failed.

set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nr=0
status=0
set -- "$here"/*.patch
echo "TAP version 13"
echo "1..$#"
for patch in "$@"; do
	nr=$((nr + 1))
	name=$(basename "$patch" .patch)
	why=
	rm -rf "$work/tools" "$work/tests"
	mkdir -p "$work/tools" "$work/tests"
	cp -R "$root/tools/page_pinner" "$work/tools/"
	cp -R "$root/tests/unit" "$work/tests/"
	if ! patch -s -p1 -d "$work" < "$patch" > "$work/log" 2>&1; then
		why="does not apply"
	elif PLAIN=1 sh "$work/tests/unit/run.sh" > "$work/log" 2>&1; then
		why="is not noticed"
	elif ! grep -q '^ok 1 - everything builds' "$work/log"; then
		why="does not build"
	fi
	if [ -z "$why" ]; then
		echo "ok $nr - $name is noticed"
		grep '^not ok' "$work/log" | sed 's/^/# /'
	else
		echo "not ok $nr - $name $why"
		sed 's/^/# /' "$work/log"
		status=1
	fi
done
exit "$status"
