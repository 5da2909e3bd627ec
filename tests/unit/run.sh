#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Builds each *_test.c here with the tool's modules and runs it, once as it is
# and once under the address and undefined-behaviour sanitizers.  TAP with one
# plan for all of them.

set -u
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
src=$here/../../tools/page_pinner
cc=${CC:-cc}
libs=$(pkg-config --cflags --libs libtracecmd libtracefs libtraceevent cmocka) || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

modules=
for module in "$src"/*.c; do
	[ "$(basename "$module")" = main.c ] || modules="$modules $module"
done

# Renumbers the results of a run: $1 is what stands before each name.
renumber()
{
	sed -n -e "s/^ok [0-9]* - /ok - $1/p" -e "s/^not ok [0-9]* - /not ok - $1/p" -e 's/^#/#/p'
}

run()
{
	# $1: label, $2...: compiler flags
	label=$1
	shift
	for test in "$here"/*_test.c; do
		name=$(basename "$test" .c)
		# shellcheck disable=SC2086
		if ! $cc -std=gnu11 -g "$@" -I"$src" -o "$work/$name" "$test" $modules $libs \
			> "$work/log" 2>&1; then
			echo "not ok - $label$name builds"
			sed 's/^/# /' "$work/log" | head -n 20
			continue
		fi
		rc=0
		CMOCKA_MESSAGE_OUTPUT=TAP "$work/$name" > "$work/out" 2> "$work/err" || rc=$?
		renumber "$label$name: " < "$work/out"
		if [ "$rc" -eq 0 ]; then
			echo "ok - $label$name ended well"
		else
			echo "not ok - $label$name: exit $rc"
			sed 's/^/# /' "$work/err" | tail -n 20
		fi
	done
}

{
	run "" -O1
	run "sanitized " -O1 -fsanitize=address,undefined -fno-sanitize-recover=all
} > "$work/all"

echo "TAP version 13"
echo "1..$(grep -c -E '^(not )?ok - ' "$work/all")"
awk '/^(not )?ok - / { n++; sub(/ok - /, "ok " n " - ") } { print }' "$work/all"
! grep -q '^not ok' "$work/all"
