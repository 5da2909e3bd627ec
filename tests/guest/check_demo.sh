#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Compares the report on the demo with what its holders wrote down themselves.
# Prints TAP.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] RESULTS REPORT"
	echo "RESULTS is what demo.tc left, REPORT the JSON report on it."
}

[ "${1-}" != -h ] || { usage; exit 0; }
[ $# -eq 2 ] || { usage >&2; exit 2; }
results=$1
report=$2
number=0
bad=0

verdict()
{
	# $1: 0 for success, $2...: what was to be shown
	number=$((number + 1))
	rc=$1
	shift
	if [ "$rc" -eq 0 ]; then
		echo "ok $number $*"
	else
		echo "not ok $number $*"
		bad=1
	fi
}

# Failures of one reason on the pages that the holder held, as
# "PFN VERDICT PID[,PID]..." with all processes that are blamed.
failures()
{
	jq -r --arg reason "$1" --slurpfile held "$work/pfns" '
		(.holders | map({ key: (.id | tostring), value: . })
			  | from_entries) as $holders
		| ($held | map({ key: tostring, value: true })
			 | from_entries) as $mine
		| .failures[]
		| select(.reason == $reason and $mine[.pfn | tostring])
		| [ (.pfn | tostring), .verdict,
		    ([ .holders[]
		       | $holders[.holder | tostring].tasks[].pid | tostring ]
		     | join(",")) ]
		| join(" ")
	' "$report"
}

# The release stacks of the holders that have this process, all functions.
release_stack()
{
	jq -r --argjson pid "$1" '
		.holders[]
		| select(any(.tasks[]; .pid == $pid))
		| .release // { stack: [] }
		| .stack[]
	' "$report"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

echo "1..7"
for what in cma:alloc_contig compaction:compaction longterm:longterm_pin; do
	name=${what%:*}
	reason=${what#*:}
	truth=$results/$name.truth
	pid=$(sed -n '1s/.*\bpid=\([0-9]*\).*/\1/p' "$truth")
	sed 1d "$truth" | while read -r pfn; do
		echo $((pfn))
	done > "$work/pfns"

	failures "$reason" > "$work/failures" || : > "$work/failures"
	count=$(wc -l < "$work/failures")
	right=$(awk -v pid="$pid" '$2 == "named" && $3 == pid' \
		"$work/failures" | wc -l)
	rc=1
	if [ "$count" -gt 0 ] && [ "$count" -eq "$right" ]; then
		rc=0
	fi
	verdict "$rc" "$reason: $right of $count failures blamed on vmsplice_hold-$pid alone"
	[ "$rc" -eq 0 ] || sed 's/^/# pfn verdict pid: /' "$work/failures" | head -n 20

	rc=0
	release_stack "$pid" | grep -q pipe || rc=1
	verdict "$rc" "$reason: its release went through a pipe function"
done

# Whoever is blamed must have held pages.
rc=0
jq -r '
	(.holders | map({ key: (.id | tostring), value: . })
		  | from_entries) as $holders
	| .failures[] | select(.verdict == "named") | .holders[]
	| $holders[.holder | tostring].tasks[] | .comm
' "$report" | sort | uniq -c > "$work/blamed" || rc=1
if awk '$2 != "vmsplice_hold"' "$work/blamed" | grep -q .; then
	rc=1
fi
verdict "$rc" "nobody else is blamed"
[ "$rc" -eq 0 ] || sed 's/^/# blamed: /' "$work/blamed"
exit "$bad"
