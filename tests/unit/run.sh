#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Builds every *_test.c here against the tool's sources, plainly and with the
# sanitizers, and runs them; one TAP line for each program.  TOOL=dir takes the
# tool's sources from elsewhere; PLAIN=1 leaves sanitizers and valgrind out;
# TESTS="name..." runs these alone; OBJ=dir keeps what was built there and
# builds what is older than its source or any header.

set -eu
export LC_ALL=C

here=$(cd "$(dirname "$0")" && pwd)
tool=${TOOL:-$here/../../tools/page_pinner}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

ldlibs="$(make -s -C "$tool" print-libs) $(pkg-config --cflags --libs cmocka)"
cflags="-std=gnu11 -Wall -Wextra -Wno-unused-parameter -g $ldlibs -I$tool -I$here"

# stale OBJECT SOURCE: is it older than its source, or than any header?
stale() {
	[ ! -e "$1" ] || [ "$(find "$2" "$tool"/*.h "$tool"/*/*.h "$here"/*.h -newer "$1" |
		head -n 1)" ]
}

# build dir flags...: the tool without its main(), then one program per test
build() {
	dir=$1
	shift
	mkdir -p "$dir"
	for src in "$tool"/*.c "$tool"/*/*.c "$here"/*.c; do
		case $src in */main.c | *_test.c) continue ;; esac
		if stale "$dir/$(basename "$src" .c).o" "$src"; then
			echo "$src"
		fi
	done | xargs -P "$(nproc)" -I {} sh -c \
		'src=$1; shift; cc "$@" -c -o "$0/$(basename "$src" .c).o" "$src"' "$dir" {} $cflags "$@" || return 1
	rm -f "$dir/tool.a"
	ar rcs "$dir/tool.a" "$dir"/*.o
	for test in $tests; do
		echo "$here/$test.c"
	done | xargs -P "$(nproc)" -I {} sh -c \
		'out=$0/$(basename "$1" .c); src=$1; dir=$0; libs=$2; shift 2
		cc "$@" -o "$out" "$src" "$dir/tool.a" $libs' \
		"$dir" {} "$ldlibs" $cflags "$@"
}

tests=${TESTS:-$(cd "$here" && ls ./*_test.c | sed 's,^./,,; s/\.c$//')}
nr=0
status=0

result() {
	nr=$((nr + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $nr - $2"
	else
		echo "not ok $nr - $2"
		status=1
	fi
}

# run name command...: the comments of the program stay, its own TAP is folded
run() {
	name=$1
	shift
	rc=0
	"$@" > "$work/out" 2>&1 || rc=$?
	grep -c '^ok ' "$work/out" > "$work/count" || :
	grep '^# ' "$work/out" || :
	[ "$rc" -eq 0 ] || grep -v '^ok \|^# ' "$work/out" | sed 's/^/# /'
	[ "$(cat "$work/count")" -gt 0 ] || rc=1
	result "$rc" "$name: $(cat "$work/count") cases"
}

nr_tests=$(echo "$tests" | wc -l)
plan=$((nr_tests + 1))
[ "${PLAIN:-}" ] || plan=$((plan + nr_tests + 3))
export CMOCKA_MESSAGE_OUTPUT=TAP
plain=${OBJ:-$work/plain}

echo "TAP version 13"
echo "1..$plan"
rc=0
build "$plain" -O1 > "$work/log" 2>&1 || rc=1
[ "$rc" -eq 0 ] || sed 's/^/# /' "$work/log"
result "$rc" "everything builds"
for t in $tests; do
	run "$t" "$plain/$t"
done
[ "${PLAIN:-}" ] && exit "$status"

rc=0
build "$work/san" -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	> "$work/log" 2>&1 || rc=1
[ "$rc" -eq 0 ] || sed 's/^/# /' "$work/log"
result "$rc" "everything builds with sanitizers"
for t in $tests; do
	run "$t with sanitizers" "$work/san/$t"
done
for t in ledger_test pair_test; do
	if command -v valgrind > /dev/null; then
		run "$t under valgrind" valgrind -q --error-exitcode=99 --leak-check=full \
			"$plain/$t"
	else
		nr=$((nr + 1))
		echo "ok $nr - $t under valgrind # SKIP valgrind is not installed"
	fi
done
exit "$status"
