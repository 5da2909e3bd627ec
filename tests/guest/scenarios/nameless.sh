#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# How much hangs on names: the traces of scenarios, scored as score.sh does
# with programs whose table of rules lacks all families of holders and half of
# the wrappers, which by seed.  Verdicts, tasks and amounts have to stay right
# in 95 % of those that are right with the whole table; what the report calls a
# holder is not scored, whose operation it is, by its stack, is.  Then without
# what the table knows of memory management, too: nobody innocent is named with
# 0.9 or more.  Where short references were in the way nobody counts as innocent:
# only names tell that they were short, and whose.  Which failures these are the
# whole table says, of each by itself: in these programs none share an entry, as
# those that tell the same to one table need not to another.  Prints KTAP.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [-n SEEDS] RESULTS SCENARIO..."
	echo "RESULTS/SCENARIO has trace.dat and truth.json."
}

here=$(cd "$(dirname "$0")" && pwd)
source=$here/../../../tools/page_pinner
seeds=3
while getopts hn: option; do
	case $option in
	h) usage; exit 0 ;;
	n) seeds=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || { usage >&2; exit 2; }
results=$1
shift

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
number=0
bad=0

verdict()
{
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number $2"
	else
		echo "not ok $number $2"
		bad=1
	fi
	[ ! -s "$work/log" ] || sed 's/^/# /' "$work/log"
}

# program NAME [AWK'S OPTION...]: built with a table that is thinned so.
program()
{
	name=$1
	shift
	awk "$@" -f "$here/thin_rules.awk" "$source/judge/classify_rules.c" \
		> "$work/tool/judge/classify_rules.c" 2> "$work/gone" &&
		! cmp -s "$work/tool/judge/classify_rules.c" "$source/judge/classify_rules.c" &&
		make -s -C "$work/tool" page_pinner > "$work/make" 2>&1 &&
		cp "$work/tool/page_pinner" "$work/$name"
}

# unfold: with more failures than this, a recording's share entries
unfold()
{
	sed -i 's/^\(#define ALONE\) .*/\1 (1 << 20)/; s/^\(#define WAITING\) .*/\1 (1 << 21)/' \
		"$work/tool/judge/fold.c"
}

# score PROGRAM DIRECTORY NAMES: what score.jq says of the scenario there
score()
{
	rc=0
	"$1" report --format=json "$2/trace.dat" > "$work/report" 2> /dev/null || rc=$?
	[ "$rc" -eq 0 ] || [ "$rc" -eq 3 ] || return 1
	jq -e 'all(.failures[]; .count == 1 or .id == 0)' "$work/report" > /dev/null ||
		return 1
	jq --slurpfile truth "$2/truth.json" --arg names "$3" \
		-f "$here/score.jq" "$work/report" > "$work/score"
}

# whole SCENARIO: likewise with the whole table; and the failures in which, as it
# says, short references were in the way or waited in a batch: of whom, and that
# they are short, only names tell.
whole()
{
	score "$work/whole" "$results/$1" named || return 1
	jq '(.holders | map({ key: (.id | tostring), value: . }) | from_entries) as $by_id
		| [ .failures[]
		    | select(any(.account[]; .of == "short") or
			     any(.holders[]; $by_id[.holder | tostring].class
				 | IN("lru_batch", "mlock_batch")))
		    | { key: "\(.id) \(.reason)", value: true } ] | from_entries' \
		"$work/report" > "$work/$1.short"
}

# stay_right SEED: in how many scenarios of those that were right
stay_right()
{
	right=0
	wrong=0
	: > "$work/log"
	for scenario in $scenarios; do
		if ! score "$work/thin" "$results/$scenario" nameless; then
			echo "$scenario: no report" >> "$work/log"
			continue
		fi
		if jq -e '.errors == []' "$work/score" > /dev/null; then
			right=$((right + 1))
		else
			jq -r '"\(.scenario): \(.errors[0])"' "$work/score" >> "$work/log"
		fi
		jq -e '.outright == []' "$work/score" > /dev/null || wrong=$((wrong + 1))
		jq -r '.outright[:3][] | "WRONG NAME: \(.text)"' "$work/score" >> "$work/log"
	done
	# of fewer than twenty, one
	rc=0
	[ $((right * 100)) -ge $((total * 95)) ] || [ $((total - right)) -eq 1 ] || rc=1
	[ "$wrong" -eq 0 ] || rc=1
	verdict "$rc" "seed $1, without $(cat "$work/gone"): $right of $total stay right, $((
		right * 1000 / total / 10)).$((right * 1000 / total % 10)) %, $wrong with a wrong name"
}

name_no_innocent()
{
	wrong=0
	: > "$work/log"
	for scenario in $scenarios; do
		if ! score "$work/thin" "$results/$scenario" nameless; then
			echo "$scenario: no report" >> "$work/log"
			wrong=$((wrong + 1))
			continue
		fi
		jq -r --slurpfile short "$work/$scenario.short" '
			.scenario as $name | .outright[] | . as $o
			| select($short[0]["\(.id) \(.reason)"] | not)
			| "\($name): \(.text)"' "$work/score" > "$work/outright"
		[ ! -s "$work/outright" ] || wrong=$((wrong + 1))
		head -n 3 "$work/outright" >> "$work/log"
	done
	verdict "$wrong" "seed $1, without $(cat "$work/gone"): an innocent is named in $wrong of $total"
}

# refuses: with another process in the truth, the report must be wrong.
refuses()
{
	: > "$work/log"
	for scenario in $scenarios; do
		jq -e '(.holders | length) == 1 and .verdicts == ["named"] and .tasks == "own"' \
			"$results/$scenario/truth.json" > /dev/null || continue
		mkdir "$work/$scenario"
		cp "$results/$scenario/trace.dat" "$work/$scenario/"
		jq '.holders[0].pid += 1' "$results/$scenario/truth.json" \
			> "$work/$scenario/truth.json"
		rc=1
		if score "$work/thin" "$work/$scenario" nameless; then
			jq -e '.errors == []' "$work/score" > /dev/null || rc=0
		fi
		verdict "$rc" "without names a holder of another process is refused"
		return
	done
	verdict 0 "without names a holder of another process is refused # SKIP none could prove it"
}

echo "KTAP version 1"
echo "1..$((2 * seeds + 1))"
mkdir "$work/tool"
cp -Rp "$source/." "$work/tool"
unfold
make -s -C "$work/tool" page_pinner > /dev/null
cp "$work/tool/page_pinner" "$work/whole"
scenarios=
total=0
for scenario in "$@"; do
	if [ -s "$results/$scenario/trace.dat" ] && [ -s "$results/$scenario/truth.json" ] &&
		whole "$scenario" &&
		jq -e '.errors == []' "$work/score" > /dev/null; then
		scenarios="$scenarios $scenario"
		total=$((total + 1))
	fi
done
if [ "$total" -eq 0 ]; then
	while [ "$number" -le $((2 * seeds)) ]; do
		verdict 1 "of these scenarios none is right with the whole table"
	done
	exit 1
fi
seed=0
while [ "$seed" -lt "$seeds" ]; do
	seed=$((seed + 1))
	: > "$work/log"
	if program thin -v "seed=$seed"; then
		stay_right "$seed"
	else
		cp "$work/make" "$work/log"
		verdict 1 "seed $seed: a program without names builds"
	fi
	: > "$work/log"
	if program thin -v "seed=$seed" -v noise=1; then
		name_no_innocent "$seed"
	else
		cp "$work/make" "$work/log"
		verdict 1 "seed $seed: a program without names and noise builds"
	fi
done
refuses
exit "$bad"
