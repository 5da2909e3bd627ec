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
		[ ! -s "$work/told" ] || tr -s ' ' < "$work/told"
	else
		echo "not ok $nr - $1: $2"
		tail -n 30 "$work/log" | sed 's/^/# /'
		status=1
	fi
}

# elements NAME...: their bits, as SIMULATOR_ELEMENTS wants them
elements() {
	for name; do
		sed -n 's/^\tE(\([A-Z_]*\),.*/\1/p' "$root/tests/unit/sim.h" | grep -nx "$name" |
			cut -d : -f 1
	done | awk '{ sum += 2 ^ ($1 - 1) } END { print sum }'
}

# stories ELEMENTS: few, of one kind, with clocks that change the order
stories() {
	SIMULATOR_ELEMENTS=$1 SIMULATOR_SEEDS=1500 SIMULATOR_DRIFT=5 "$OBJ/$TESTS" > "$work/stories" 2>&1
}

# stands_all: the tool as it is stands the stories of the variant that is next
stands_all() {
	for kind in $kinds; do
		bits=$(elements "$kind" $beside)
		[ -e "$work/stood.$bits" ] && continue
		if [ ! -e "$work/whole" ]; then
			sh "$work/tests/unit/run.sh" > "$work/log" 2>&1 || :
			cp "$OBJ/$TESTS" "$work/whole" || { echo "does not build by itself"; return; }
		fi
		SIMULATOR_ELEMENTS=$bits SIMULATOR_SEEDS=1500 SIMULATOR_DRIFT=5 "$work/whole" \
			> "$work/stood.$bits" 2>&1 || echo "$kind is not stood by the tool as it is"
	done
}

# notices_all: each kind of hostility alone shows that the tool is broken
notices_all() {
	: > "$work/log"
	for kind in $kinds; do
		if stories "$(elements "$kind" $beside)"; then
			echo "is not noticed by stories with $kind"
		fi
		sed -n "s/^# all /# $kind: /p" "$work/stories" | tee -a "$work/told" >> "$work/log"
	done
}

# program_test NAME: one test of the program, built from the copy
program_test() {
	make -s -C "$work/tools/page_pinner" LTO= > "$work/log" 2>&1 || return 1
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
# of variants that were asked for by name only those tests that are to notice them
TESTS=
[ "$(grep -L '^Caught-by: .*_test$' "$@")" ] ||
	TESTS=$(sed -n 's/^Caught-by: \(.*_test\)$/\1/p' "$@" | sort -u)
export TESTS
sh "$work/tests/unit/run.sh" > "$work/log" 2>&1 || why="fails by itself"
verdict "the tool as it is" "$why"

for patch in "$@"; do
	name=$(basename "$patch" .patch)
	why=
	TESTS=$(sed -n '/^---/q; s/^Caught-by: //p' "$patch")
	export TESTS
	kinds=$(sed -n '/^---/q; s/^Hostility: //p' "$patch")
	beside=$(sed -n '/^---/q; s/^Beside: //p' "$patch")
	if [ "$kinds" ]; then
		why=$(stands_all)
		[ -z "$why" ] || { verdict "$name is noticed" "$why"; continue; }
	fi
	: > "$work/told"
	if ! patch --dry-run -s -p1 -d "$work" < "$patch" > "$work/log" 2>&1; then
		verdict "$name is noticed" "does not apply"
		continue
	fi
	patch -s -p1 -d "$work" < "$patch"
	if [ "$kinds" ]; then
		SIMULATOR_SEEDS=10 sh "$work/tests/unit/run.sh" > "$work/log" 2>&1 || :
		if grep -q '^ok 1 - everything builds' "$work/log"; then
			why=$(notices_all)
		else
			why="does not build"
		fi
	elif tests; then
		why="is not noticed"
	elif ! grep -q '^ok 1 - everything builds' "$work/log"; then
		why="does not build"
	fi
	patch -s -R -p1 -d "$work" < "$patch"
	verdict "$name is noticed" "$why"
done
exit "$status"
