#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: kinds of hostility that the simulator tells have broken variants
#
# This looks at their names alone: each kind is in a line "Hostility:" of a variant.
# That stories of it make the difference is what tests/tool_busted/run.sh shows.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/.."

kinds=$(sed -n 's/^\tE(\([A-Z_]*\),.*/\1/p' unit/sim.h)
named=$(for patch in tool_busted/*.patch; do
	sed -n '/^---/q; s/^Hostility: //p' "$patch"
done | tr ' ' '\n' | sort -u)
beside=$(for patch in tool_busted/*.patch; do
	sed -n '/^---/q; s/^Beside: //p' "$patch"
done | tr ' ' '\n' | sort -u)

echo '1..2'
status=0
missing=
for kind in $kinds; do
	echo "$named" | grep -qx "$kind" || missing="$missing $kind"
done
if [ -z "$missing" ] && [ "$(echo "$kinds" | wc -l)" -gt 20 ]; then
	echo "ok 1 each of $(echo "$kinds" | wc -l) kinds of hostility has a variant"
else
	echo "not ok 1 no variant is about:$missing"
	status=1
fi

unknown=
for kind in $named $beside; do
	echo "$kinds" | grep -qx "$kind" || unknown="$unknown $kind"
done
if [ -z "$unknown" ]; then
	echo "ok 2 variants name kinds that there are"
else
	echo "not ok 2 variants name what is no kind of hostility:$unknown"
	status=1
fi
exit "$status"
