#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Compares the report on each scenario's trace with the truth that its holders
# wrote down.  Prints KTAP, and writes a table of markdown.  Right is only:
# the verdict of every failure of a held page is the true one; all who held it
# are named, with a function of their mechanism and, where it can be known,
# their process; nobody is named who did not hold that page; and the holder
# ranked first is a true one.
#
# The scorer is tested each time: made to believe that another process held
# the pages, another mechanism, that another verdict was right, or that nobody
# held anything, it has to find the report wrong.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [-t TOOL] RESULTS TABLE SCENARIO..."
	echo "RESULTS/SCENARIO has trace.dat and truth.json; report.json is left there."
}

here=$(cd "$(dirname "$0")" && pwd)
tool=$here/../../../tools/page_pinner/page_pinner
while getopts ht: option; do
	case $option in
	h) usage; exit 0 ;;
	t) tool=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -ge 3 ] || { usage >&2; exit 2; }
results=$1
table=$2
shift 2

number=0
bad=0
proof=		# the results that the scorer is tested with
provable=	# is there a scenario whose results would do?
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

verdict()
{
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $number $2"
	else
		echo "not ok $number $2"
		bad=1
	fi
}

head_of()
{
	sed -n "/^#/!q; s/^# $2: *//p" "$here/$1.tc" | head -n 1
}

compare()
{
	# $1: report, $2: truth
	jq --slurpfile truth "$2" --arg names named -f "$here/score.jq" "$1"
}

score()
{
	dir=$results/$1
	rc=0
	if [ ! -s "$dir/trace.dat" ] || [ ! -s "$dir/truth.json" ]; then
		why="the guest left no trace or no truth"
		grep -h '^SKIP: \|^FAIL: ' "$dir/log" > "$work/log" 2>/dev/null || :
		[ ! -s "$work/log" ] || why="$why: $(tail -n 1 "$work/log")"
		verdict 1 "$1"
		echo "# $why"
		row "$1" "not run" - "**no**: $why"
		return
	fi
	"$tool" report --format=json "$dir/trace.dat" > "$dir/report.json" \
		2> "$dir/report.err" || rc=$?
	if [ "$rc" -ne 0 ] && [ "$rc" -ne 3 ]; then
		verdict 1 "$1"
		echo "# page_pinner report exited with $rc: $(head -n 1 "$dir/report.err")"
		row "$1" "no report" - "**no**: exit $rc"
		return
	fi
	compare "$dir/report.json" "$dir/truth.json" > "$dir/score.json"
	count=$(jq '.errors | length' "$dir/score.json")
	verdict "$count" "$1: $(jq -r '.verdicts' "$dir/score.json")"
	jq -r '.errors[]' "$dir/score.json" | head -n 12 | sed 's/^/# /'
	right=yes
	[ "$count" -eq 0 ] || right=$(jq -r '
		[ .errors[] | select(test(" is blamed for | is named without ")) ] as $names
		| if ($names | length) > 0 then "**wrong name**: \($names[0])"
		  else "**no**: \(.errors[0])" end' "$dir/score.json")
	row "$1" "$(jq -r '(if .verdicts == "" then "no failure" else .verdicts end)
			+ (if .note == "" then "" else "; " + .note end)
			+ (if .batches == 0 then "" else "; \(.batches) over batches" end)' "$dir/score.json")" \
		"$(jq -r '.confidence // "-"' "$dir/score.json")" "$right"
	volume "$1"
	if jq -e '(.holders | length) == 1 and .verdicts == ["named"] and .tasks == "own"' \
			"$dir/truth.json" > /dev/null; then
		provable=yes
		[ "$count" -gt 0 ] || [ -n "$proof" ] || proof=$dir
	fi
}

# volume SCENARIO: how many events it took, and how many DEBUG_PAGE_REF logged
# meanwhile, if the kernel has that.
volume()
{
	[ -s "$results/$1/page_ref" ] || return 0
	[ -s "$tables/volume.md" ] || {
		echo "| Scenario | Events of page_pinner | Events of DEBUG_PAGE_REF |"
		echo "|---|---|---|"
	} > "$tables/volume.md"
	echo "| ${1#scenario_} | $(jq .trace.events "$results/$1/report.json") |" \
		"$(cat "$results/$1/page_ref") |" >> "$tables/volume.md"
}

row()
{
	printf '| %s | %s | %s | %s | %s | %s |\n' "${1#scenario_}" \
		"$(head_of "$1" trigger)" "$(head_of "$1" truth)" "$2" "$3" \
		"$(echo "$4" | tr '|' '/')" >> "$table"
}

# refuses WHAT EDIT: with the truth edited, the report must be wrong.
refuses()
{
	if [ -z "$provable" ]; then
		verdict 0 "the scorer refuses $1 # SKIP none of these scenarios could prove it"
		return
	elif [ -z "$proof" ]; then
		verdict 1 "the scorer refuses $1"
		echo "# no scenario was right, so there is nothing to prove it with"
		return
	fi
	jq "$2" "$proof/truth.json" > "$work/truth.json"
	rc=0
	compare "$proof/report.json" "$work/truth.json" |
		jq -e '.errors | length > 0' > /dev/null || rc=1
	verdict "$rc" "the scorer refuses $1"
}

tables=$(dirname "$table")
mkdir -p "$tables"
rm -f "$tables/volume.md"
cat > "$table" <<END
| Scenario | Trigger | Truth | Verdict | Confidence | Right |
|---|---|---|---|---|---|
END
echo "KTAP version 1"
echo "1..$(($# + 7))"
for scenario in "$@"; do
	score "$scenario"
done
refuses "a holder of another process" '.holders[0].pid += 1'
refuses "a holder of another mechanism" '.holders[0].function = "^no_such_function$"'
refuses "a holder of another module" '.holders[0].module = "no_such_module"'
refuses "a holder of another API" '.holders[0].api = "none"'
refuses "another verdict" '.verdicts = ["transient"]'
refuses "a victim that is not in the report" '.victims = [ 4194305 ]'
refuses "anybody where nobody held" '.holders = []'
exit "$bad"
