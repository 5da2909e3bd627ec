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
usage: $0 [-h] [-s representative|all] [-n REPEAT] [-c CPUS]
       [-k KERNEL] [-i INITRAMFS] [-o DIRECTORY] [SCENARIO...]
Run the scenarios of tests/guest/scenarios, all or those named, and score the
reports.  Prints KTAP; writes DIRECTORY/table.md.
  -s SET    "representative" for a quick part
  -n REPEAT how often (1); the table is that of the last time
  -c CPUS   of the guest (2)
END
}

cd "$(dirname "$0")/.."
K=${K:-6.12}
set=all
repeat=1
cpus=2
kernel=
initramfs=build/guest/initramfs-$K-x86_64-release.gz
out=build/scenarios/$K
while getopts hs:n:c:k:i:o: option; do
	case $option in
	h) usage; exit 0 ;;
	s) set=$OPTARG ;;
	n) repeat=$OPTARG ;;
	c) cpus=$OPTARG ;;
	k) kernel=$OPTARG ;;
	i) initramfs=$OPTARG ;;
	o) out=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ -n "$kernel" ] || kernel=$(make -s print-kernel K="$K" FLAVOR=release)
dir=tests/guest/scenarios

if [ $# -eq 0 ]; then
	for file in "$dir"/scenario_*.tc; do
		name=$(basename "$file" .tc)
		[ "$name" != scenario_lib ] || continue
		case $set in
		all) set -- "$@" "$name" ;;
		representative)
			! grep -q '^# representative: yes' "$file" ||
				set -- "$@" "$name"
			;;
		*) usage >&2; exit 2 ;;
		esac
	done
fi

boot_of()
{
	sed -n '/^#/!q; s/^# boot: *//p' "$dir/$1.tc"
}

mkdir -p "$out"
rc=0
round=0
while [ "$round" -lt "$repeat" ]; do
	round=$((round + 1))
	rm -rf "$out/results" "$out"/group.*
	mkdir -p "$out/results"
	for name in "$@"; do
		group=$(boot_of "$name" | cksum | cut -d ' ' -f 1)
		boot_of "$name" > "$out/group.$group.boot"
		echo "$name" >> "$out/group.$group.tests"
	done
	for tests in "$out"/group.*.tests; do
		group=${tests%.tests}
		# The scorer judges; of the guest's own verdict only what is
		# wrong is shown.
		# shellcheck disable=SC2046
		tests/guest/run.sh -k "$kernel" -i "$initramfs" -c "$cpus" \
			-o "$out/guest" -x "$(cat "$group.boot")" \
			$(cat "$tests") > "$group.log" || rc=1
		grep '^not ok\|^#' "$group.log" | grep -v ' took ' |
			sed 's/^not ok [0-9]*/# guest:/' || :
		for name in $(cat "$tests"); do
			[ ! -d "$out/guest/results/$name" ] ||
				mv "$out/guest/results/$name" "$out/results/"
		done
		mv "$out/guest/console.log" "$group.console.log"
	done
	[ "$repeat" -eq 1 ] || echo "# round $round of $repeat, $cpus CPUs"
	"$dir/score.sh" "$out/results" "$out/table.md" "$@" || rc=1
done
exit "$rc"
