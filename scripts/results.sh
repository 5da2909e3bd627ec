#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The table of scenarios by flavors.  It is its own memory: a run of one
# flavor renews that column and leaves what the others said, each cell with
# the commit and the day on which it was seen.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] RESULTS [FLAVOR TABLE]"
	echo "Put what scenarios.sh wrote to TABLE into the column FLAVOR of RESULTS."
	echo "Without these only the rows are renewed: for scenarios that are new."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 1 ] || [ $# -eq 3 ] || { usage >&2; exit 2; }
results=$1
flavor=${2-}
table=${3-/dev/null}
[ -z "$flavor" ] || [ -s "$table" ] ||
	{ echo "results.sh: $table: not there, or empty" >&2; exit 1; }

cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$results"

commit=$(git rev-parse --short=9 HEAD 2>/dev/null || echo unknown)
git diff --quiet HEAD -- . ":!$results" 2>/dev/null || commit=$commit+
flavors=$(make -s print-flavors)

# Which scenarios there are, with what they say of themselves.
for file in tests/guest/scenarios/scenario_*.tc; do
	name=$(basename "$file" .tc)
	[ "$name" != scenario_lib ] || continue
	echo "${name#scenario_}|$(sed -n 's/^# trigger: *//p' "$file")|$(
		sed -n 's/^# truth: *//p' "$file")"
done > "$work/there"

cat > "$work/merge.awk" <<'AWK'
# Columns are separated by " | "; the first field is empty.
function trim(text)
{
	gsub(/^ +| +$/, "", text)
	return text
}

function is_rule(text) { return text ~ /^[|]-/ }

FILENAME == old && /^[|] Scenario [|] Trigger/ { part = "cells"; columns = split($0, title, "|"); next }
FILENAME == old && /^[|] Scenario [|] Flavor/ { part = "reasons"; next }
FILENAME == old && /^[|]/ && !is_rule($0) {
	n = split($0, field, "|")
	name = trim(field[2])
	if (part == "cells") {
		for (i = 5; i < n; i++)
			cell[name, trim(title[i])] = trim(field[i])
	} else if (part == "reasons") {
		reason[name, trim(field[3])] = trim(field[4])
	}
	next
}
FILENAME == old { next }

FILENAME == new && (is_rule($0) || /^[|] Scenario /) { next }
FILENAME == new {
	split($0, field, "|")
	name = trim(field[2])
	said = trim(field[7])
	word = said == "yes" ? "right" : said ~ /^[*][*]wrong name/ ? "**wrong name**" : "**not right**"
	cell[name, flavor] = word " " stamp
	reason[name, flavor] = said == "yes" ? "" : trim(field[5]) "; " said
	next
}

{
	split($0, field, "|")
	order[++scenarios] = field[1]
	about[field[1]] = field[2] " | " field[3]
}

END {
	count = split(flavors, list, " ")
	print "| Flavor | Right | A wrong name | Not right | Not run |"
	print "|---|---|---|---|---|"
	for (f = 1; f <= count; f++) {
		right = wrong = missing = not_run = 0
		for (i = 1; i <= scenarios; i++) {
			text = cell[order[i], list[f]]
			if (text ~ /^right/) right++
			else if (text ~ /^[*][*]wrong/) wrong++
			else if (text ~ /^[*][*]not/) missing++
			else not_run++
		}
		printf "| %s | %d | %d | %d | %d |\n", list[f], right, wrong, missing, not_run
	}
	printf "\n| Scenario | Trigger | Truth |"
	for (f = 1; f <= count; f++)
		printf " %s |", list[f]
	printf "\n|---|---|---|"
	for (f = 1; f <= count; f++)
		printf "---|"
	printf "\n"
	for (i = 1; i <= scenarios; i++) {
		printf "| %s | %s |", order[i], about[order[i]]
		for (f = 1; f <= count; f++) {
			text = cell[order[i], list[f]]
			printf " %s |", text == "" ? "-" : text
		}
		printf "\n"
	}
	print "\n## What is not right\n"
	print "| Scenario | Flavor | What the report says; what is wrong |"
	print "|---|---|---|"
	for (i = 1; i <= scenarios; i++)
		for (f = 1; f <= count; f++)
			if (reason[order[i], list[f]] != "")
				printf "| %s | %s | %s |\n", order[i], list[f],
					reason[order[i], list[f]]
}
AWK

{
	cat <<'TEXT'
# Known holders on every build

Written by `make check-all`, a column at a time (`make results FLAVOR=size`).
A cell says whether the report was right, at which commit (`+`: with changes
that were not committed) and on which day.  What right means: score.sh.  The
flavors are the same kernel as other compilers and configurations make it; see
README.

TEXT
	awk -v old="$results" -v new="$table" -v flavor="$flavor" -v flavors="$flavors" \
		-v stamp="$commit $(date -u +%F)" -f "$work/merge.awk" \
		"$results" "$table" "$work/there"
} > "$work/results"
cp "$work/results" "$results"
