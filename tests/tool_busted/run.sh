#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Broken variants of the post-processor: each patch here is applied to a copy
# of it, and the unit tests must fail, or, where the patch says so in a line
# "Noticed by: tests/tool/NAME.t", that test of the program, which has to pass
# with the program as it is.  A variant that does not build, or does not apply,
# proves nothing and has failed.  With names as arguments: only these.

set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# tested TEST LOG: run one test of the program that was built in the copy
tested()
{
	dir=$work/run
	rm -rf "$dir"
	mkdir "$dir"
	(cd "$dir" && tool=$work/tools/page_pinner/page_pinner data=$root/tests/tool \
		sh "$root/$1") > "$2" 2>&1 < /dev/null
}

# noticed PATCH: sets why if it is not
noticed()
{
	test=$(sed -n 's/^Noticed by: //p' "$1")
	if ! patch -s -p1 -d "$work" < "$1" > "$work/log" 2>&1; then
		why="does not apply"
	elif [ -z "$test" ]; then
		if PLAIN=1 sh "$work/tests/unit/run.sh" > "$work/log" 2>&1; then
			why="is not noticed"
		elif ! grep -q '^ok 1 - everything builds' "$work/log"; then
			why="does not build"
		fi
	elif ! make -s -C "$work/tools/page_pinner" > "$work/log" 2>&1; then
		why="does not build"
	else
		rc=0
		tested "$test" "$work/log" || rc=$?
		case $rc in
		0) why="is not noticed" ;;
		4) why="cannot be tested here" ;;
		esac
		sed 's/^/not ok: /' "$work/log" > "$work/said"
		mv "$work/said" "$work/log"
	fi
}

nr=0
status=0
if [ "$#" -gt 0 ]; then
	for name in "$@"; do
		shift
		set -- "$@" "$here/$name.patch"
	done
else
	set -- "$here"/*.patch
fi
echo "TAP version 13"
echo "1..$#"
for patch in "$@"; do
	nr=$((nr + 1))
	name=$(basename "$patch" .patch)
	why=
	rm -rf "$work/tools" "$work/tests"
	mkdir -p "$work/tools" "$work/tests"
	cp -Rp "$root/tools/page_pinner" "$work/tools/"
	cp -Rp "$root/tests/unit" "$work/tests/"
	noticed "$patch"
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
