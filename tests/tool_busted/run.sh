#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Broken variants of the post-processor: each patch here is applied to a copy
# of it, and the unit tests must fail.  A variant that does not build, or does
# not apply, proves nothing and has failed; so has all of it if the tests fail
# without any.  A patch may name the one test that is to catch it, in a line
# "Caught-by: NAME" before its diff: then only that one runs, be it a unit test
# or, as NAME.t, one of the program as its users call it.

set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Fewer stories than the real run has: a broken variant fails in many.
SIMULATOR_SEEDS=${SIMULATOR_SEEDS:-3000}
RULES_SEEDS=${RULES_SEEDS:-1000}
export SIMULATOR_SEEDS RULES_SEEDS
export PLAIN=1 OBJ="$work/obj"

nr=0
status=0
# Each is a build and a run of the tests: of all of them a third, in turn, or
# with BUSTED=all all of them.
turn=$(git -C "$root" rev-list --count HEAD 2> /dev/null || echo $(($(date +%s) / 86400)))
if [ $# -eq 0 ]; then
	number=0
	for patch in "$here"/*.patch; do
		number=$((number + 1))
		[ "${BUSTED-}" = all ] || [ $((number % 3)) -eq $((turn % 3)) ] || continue
		set -- "$@" "$patch"
	done
fi
echo "TAP version 13"
echo "1..$(($# + 1))"

verdict() {
	nr=$((nr + 1))
	if [ -z "$2" ]; then
		echo "ok $nr - $1"
		grep '^not ok' "$work/log" | sed 's/^/# /' || :
	else
		echo "not ok $nr - $1: $2"
		tail -n 30 "$work/log" | sed 's/^/# /'
		status=1
	fi
}

# program_test NAME: one test of the program, built from the copy
program_test() {
	make -s -C "$work/tools/page_pinner" > "$work/log" 2>&1 || return 1
	echo 'ok 1 - everything builds' > "$work/log"
	rm -rf "$work/run"
	mkdir "$work/run"
	rc=0
	(cd "$work/run" && tool="$work/tools/page_pinner/page_pinner" data="$root/tests/tool" \
		sh "$root/tests/tool/$1") >> "$work/log" 2>&1 < /dev/null || rc=$?
	# a test that was skipped has noticed nothing
	[ "$rc" -ne 0 ] && [ "$rc" -ne 4 ] || return 0
	sed -i '2,$s/^/not ok: /' "$work/log"
	return 1
}

# tests: those that are to notice a variant
tests() {
	case $TESTS in
	*.t) program_test "$TESTS" ;;
	*) sh "$work/tests/unit/run.sh" > "$work/log" 2>&1 ;;
	esac
}

mkdir -p "$work/tools" "$work/tests"
cp -Rp "$root/tools/page_pinner" "$work/tools/"
cp -Rp "$root/tests/unit" "$work/tests/"
why=
sh "$work/tests/unit/run.sh" > "$work/log" 2>&1 || why="fails by itself"
verdict "the tool as it is" "$why"

for patch in "$@"; do
	name=$(basename "$patch" .patch)
	why=
	TESTS=$(sed -n '/^---/q; s/^Caught-by: //p' "$patch")
	export TESTS
	if ! patch --dry-run -s -p1 -d "$work" < "$patch" > "$work/log" 2>&1; then
		verdict "$name is noticed" "does not apply"
		continue
	fi
	patch -s -p1 -d "$work" < "$patch"
	if tests; then
		why="is not noticed"
	elif ! grep -q '^ok 1 - everything builds' "$work/log"; then
		why="does not build"
	fi
	patch -s -R -p1 -d "$work" < "$patch"
	verdict "$name is noticed" "$why"
done
exit "$status"
