#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# description: RESULTS.md has a row for each scenario and a column for each flavor
set -eu
export LC_ALL=C

cd "$(dirname "$0")/../.."
results=tests/guest/scenarios/RESULTS.md
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
for flavor in $(make -s print-flavors); do
	echo "$flavor"
done > "$work/flavors"

# The table of cells alone: its title begins with these columns.
sed -n '/^| Scenario | Trigger/,/^$/p' "$results" > "$work/table"
sed '1,2d; /^$/d; s/^| //; s/ *| */|/g' "$work/table" | cut -d '|' -f 1-3 |
	sort > "$work/listed"
sed -n '1s/ *| */|/gp' "$work/table" | cut -d '|' -f 5- | tr '|' '\n' |
	sed '/^$/d' > "$work/columns"

rc=0
number=0
echo "1..3"

# same WHAT WANTED FOUND
same()
{
	number=$((number + 1))
	if diff "$2" "$3" > "$work/diff"; then
		echo "ok $number $1"
	else
		echo "not ok $number $1"
		sed 's/^/# /' "$work/diff"
		rc=1
	fi
}

same "RESULTS.md lists each scenario" "$work/there" "$work/listed"
same "RESULTS.md has a column for each flavor" "$work/flavors" "$work/columns"

# What was not right is there with what was wrong.
awk -F ' *[|] *' '
	/^[|] Scenario [|] Trigger/ { for (i = 5; i < NF; i++) title[i] = $i; part = 1; next }
	/^[|] Scenario [|] Flavor/ { part = 2; next }
	part == 1 { for (i = 5; i < NF; i++) if ($i ~ /^[*][*]/) print $2, title[i] }
' "$results" | sort > "$work/bad"
awk -F ' *[|] *' '
	/^[|] Scenario [|] Flavor/ { part = 2; next }
	part == 2 && /^[|] [a-z]/ && $4 != "" { print $2, $3 }
' "$results" | sort > "$work/told"
same "RESULTS.md says of each cell that is not right why" "$work/bad" "$work/told"
exit "$rc"
