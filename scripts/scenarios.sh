#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Known holders: real mechanisms of the kernel hold real pages in the guest,
# something fails over them and is recorded, and the report has to name who
# the truth says it was.  See tests/guest/scenarios/.  One guest for each kind
# of machine that the scenarios want.

set -eu
export LC_ALL=C

usage()
{
	cat <<END
usage: $0 [-h] [-s first|representative|all] [-n ROUNDS] [-S SEED] [-c CPUS]
       [-k KERNEL] [-i INITRAMFS] [-o DIRECTORY] [SCENARIO...]
Run the scenarios of tests/guest/scenarios, all or those named, and score the
reports, those of the last round without names as well.  Prints KTAP; writes
DIRECTORY/table.md and DIRECTORY/rounds.md.
FLAVOR in the environment says on which kernel (release), SLOW how many times
longer everything may take there.
  -s SET    "representative" for a quick part, "first" for a quicker one
  -n ROUNDS how often (1); the table is that of the last round
  -S SEED   of the first round (1), counted up for each: the order of the
            scenarios, the memory that is in use before them, and pauses
  -c CPUS   of the guest (2); scenarios that need more are left out
END
}

cd "$(dirname "$0")/.."
K=${K:-6.12}
FLAVOR=${FLAVOR:-release}
set=all
repeat=1
seed=1
cpus=2
kernel=
initramfs=build/guest/initramfs-$K-x86_64-$FLAVOR.gz
out=build/scenarios/$K-$FLAVOR
[ "$FLAVOR" != release ] || out=build/scenarios/$K
while getopts hs:n:S:c:k:i:o: option; do
	case $option in
	h) usage; exit 0 ;;
	s) set=$OPTARG ;;
	n) repeat=$OPTARG ;;
	S) seed=$OPTARG ;;
	c) cpus=$OPTARG ;;
	k) kernel=$OPTARG ;;
	i) initramfs=$OPTARG ;;
	o) out=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ -n "$kernel" ] || kernel=$(make -s print-kernel K="$K" FLAVOR="$FLAVOR")
dir=tests/guest/scenarios

if [ $# -eq 0 ]; then
	for file in "$dir"/scenario_*.tc; do
		name=$(basename "$file" .tc)
		[ "$name" != scenario_lib ] || continue
		case $set in
		all) set -- "$@" "$name" ;;
		representative)
			! grep -q '^# representative:' "$file" || set -- "$@" "$name"
			;;
		first)
			! grep -q '^# representative: first' "$file" || set -- "$@" "$name"
			;;
		*) usage >&2; exit 2 ;;
		esac
	done
fi

head_of()
{
	sed -n "/^#/!q; s/^# $2: *//p" "$dir/$1.tc"
}

# those_that_fit SCENARIO...: without those that need more processors.
those_that_fit()
{
	for name in "$@"; do
		least=$(head_of "$name" cpus)
		if [ "$cpus" -lt "${least:-1}" ]; then
			echo "# $name: left out, it needs $least processors" >&2
		else
			echo "$name"
		fi
	done
}

# in_an_order SEED SCENARIO...: all of them, in an order of that seed.
in_an_order()
{
	srand=$1
	shift
	printf '%s\n' "$@" |
		awk -v seed="$srand" 'BEGIN { srand(seed) } { print rand(), $0 }' |
		sort | cut -d ' ' -f 2
}

# run_guest GROUP SEED: boots the guest of a group and runs its scenarios.
run_guest()
{
	# The scorer judges; of the guest's own verdict only what is wrong is
	# shown.
	# shellcheck disable=SC2046
	tests/guest/run.sh -k "$kernel" -i "$initramfs" -c "$cpus" \
		-s "${SLOW:-1}" \
		-o "$out/guest" -x "$(cat "$1.boot") seed=$2" \
		$(cat "$1.tests") > "$1.log" || rc=1
	grep '^not ok\|^#' "$1.log" | grep -v ' took ' |
		sed 's/^not ok [0-9]*/# guest:/' || :
	while read -r name; do
		[ ! -d "$out/guest/results/$name" ] ||
			mv "$out/guest/results/$name" "$out/results/"
	done < "$1.tests"
	mv "$out/guest/console.log" "$1.console.log"
}

# count_rounds: adds the rows of the last table to rounds.md.
count_rounds()
{
	sed '1,2d' "$out/table.md" >> "$out/rows"
	awk -F ' *[|] *' '
		{
			if (!($2 in rounds))
				order[++n] = $2
			rounds[$2]++
			right[$2] += $(NF - 1) == "yes"
			verdict = $5
			sub(/; .*/, "", verdict)
			gsub(/ [0-9]+/, "", verdict)
			if (index(seen[$2] ";", "; " verdict ";") == 0)
				seen[$2] = seen[$2] "; " verdict
		}
		END {
			print "| Scenario | Rounds | Right | Verdicts |"
			print "|---|---|---|---|"
			for (i = 1; i <= n; i++)
				printf "| %s | %d | %d | %s |\n", order[i],
					rounds[order[i]], right[order[i]],
					substr(seen[order[i]], 3)
		}' "$out/rows" > "$out/rounds.md"
}

# shellcheck disable=SC2046
set -- $(those_that_fit "$@")
[ $# -gt 0 ] || { echo "scenarios.sh: no scenario is left" >&2; exit 2; }
mkdir -p "$out"
rm -f "$out/rows"
rc=0
round=0
while [ "$round" -lt "$repeat" ]; do
	round=$((round + 1))
	rm -rf "$out/results" "$out"/group.*
	mkdir -p "$out/results"
	for name in $(in_an_order "$seed" "$@"); do
		group=$(head_of "$name" boot | cksum | cut -d ' ' -f 1)
		head_of "$name" boot > "$out/group.$group.boot"
		echo "$name" >> "$out/group.$group.tests"
	done
	for tests in "$out"/group.*.tests; do
		run_guest "${tests%.tests}" "$seed"
	done
	[ "$repeat" -eq 1 ] ||
		echo "# round $round of $repeat, seed $seed, $cpus CPUs"
	"$dir/score.sh" "$out/results" "$out/table.md" "$@" || rc=1
	count_rounds
	seed=$((seed + 1))
done
"$dir/nameless.sh" "$out/results" "$@" || rc=1
exit "$rc"
