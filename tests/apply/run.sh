#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs the overlay tests, each on a small tree of its own that holds just the
# files which page_pinner touches, taken from a pristine kernel.  Prints TAP.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] PRISTINE [TEST...]"
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -ge 1 ] || { usage >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
pristine=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- "$here"/*.t

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "1..$#"
number=0
bad=0
for test in "$@"; do
	number=$((number + 1))
	name=$(basename "$test" .t)
	test=$(cd "$(dirname "$test")" && pwd)/$name.t
	rm -rf "$work/dir"
	mkdir "$work/dir"
	if (cd "$work/dir" && PRISTINE=$pristine sh -eu -c \
			'. "$1/lib.sh"; . "$2"' sh "$here" "$test") \
			> "$work/log" 2>&1 < /dev/null; then
		echo "ok $number $name"
	else
		echo "not ok $number $name"
		sed 's/^/# | /' "$work/log"
		bad=1
	fi
done
exit "$bad"
