#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: the table of scenarios in README and Documentation lists those that exist
set -eu
export LC_ALL=C

cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What each scenario says of itself: name, trigger, truth.
for file in tests/guest/scenarios/scenario_*.tc; do
	name=$(basename "$file" .tc)
	[ "$name" != scenario_lib ] || continue
	trigger=$(sed -n 's/^# trigger: *//p' "$file" | head -n 1)
	truth=$(sed -n 's/^# truth: *//p' "$file" | head -n 1)
	echo "${name#scenario_}|$trigger|$truth"
done | sort > "$work/there"

between()
{
	sed -n '/scenarios: begin/,/scenarios: end/p' "$1"
}
between README.md | sed -n 's/^| //p' | sed '1d' |
	sed 's/ *| */|/g' | cut -d '|' -f 1-3 | sort > "$work/readme"
between Documentation/mm/page_pinner.rst | sed -n 's/^   "//p' |
	sed 's/", "/|/g; s/""/"/g' | cut -d '|' -f 1-3 | sort > "$work/rst"

echo "1..2"
rc=0
number=0
for list in readme rst; do
	number=$((number + 1))
	if diff "$work/there" "$work/$list" > "$work/diff"; then
		echo "ok $number the table of the $list lists each scenario"
	else
		echo "not ok $number the table of the $list lists each scenario"
		sed 's/^/# /' "$work/diff"
		rc=1
	fi
done
exit "$rc"
