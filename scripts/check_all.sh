#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What takes too long for each change: the gating tests, then all scenarios on
# all flavors, whose table is renewed, then the guest tests on the flavor that
# notices most.  One part that fails does not keep the others from running.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [PART...]"
	echo "Parts: $parts"
	echo "LONG=1 in the environment of a test asks for its long form."
}

cd "$(dirname "$0")/.."
flavors=$(make -s print-flavors)
parts="check $(printf 'scenarios-%s ' $flavors)guest-debug core"

[ "${1-}" != -h ] || { usage; exit 0; }
# shellcheck disable=SC2086
[ $# -gt 0 ] || set -- $parts

dir=build/check-all
mkdir -p "$dir"
export LONG=1 BUSTED=all

run_part()
{
	case $1 in
	check) make check ;;
	scenarios-*) make results FLAVOR="${1#scenarios-}" ;;
	guest-debug)
		# The demo has a run of its own.
		make guest-test FLAVOR=debug T="$(
			basename -s .tc tests/guest/test.d/*.tc | grep -vx demo | tr '\n' ' ')"
		;;
	core) make core-test ;;
	*) usage >&2; return 2 ;;
	esac
}

bad=
for part in "$@"; do
	begin=$(date +%s)
	result=passed
	run_part "$part" > "$dir/$part.log" 2>&1 || result=FAILED
	[ "$result" = passed ] || bad="$bad $part"
	printf '%-20s %-7s %6d s\n' "$part" "$result" $(($(date +%s) - begin))
	[ "$result" = passed ] || tail -n 15 "$dir/$part.log" | sed 's/^/    /'
done
echo "details are in $dir"
[ -z "$bad" ] || echo "failed:$bad"
[ -z "$bad" ]
