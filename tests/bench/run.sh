#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The post-processor beside "trace-cmd report" and beside the least that reading
# takes, on recordings made large: a table, and how the cost grows as an SVG.
# Seconds of one machine mean little: the ratios of one run are what counts.  Each
# figure is the least of several runs, and what is compared runs in turn.

set -eu
export LC_ALL=C

usage()
{
	echo "usage: $0 [-h] [-k KINDS] [-n TIMES] [-o DIR] [MEGABYTES...]"
	echo "Measure; by default recordings of 25, 100 and 1000 MB, five times each."
	echo "KINDS: of unmarked, failures, watched, marks and retries, all by default."
}

here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
times=5
kinds="unmarked failures watched marks retries"
dir=$root/build/bench-tool
while getopts hk:n:o: option; do
	case $option in
	h) usage; exit 0 ;;
	k) kinds=$OPTARG ;;
	n) times=$OPTARG ;;
	o) dir=$OPTARG ;;
	*) usage >&2; exit 2 ;;
	esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- 25 100 1000

tool=$root/tools/page_pinner/page_pinner
mkdir -p "$dir"
"$here/prepare.sh" "$dir" corpus bare measure

# column N OF TEXT
column()
{
	echo "$2" | cut -d ' ' -f "$1"
}

ratio()
{
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.1f", (b > 0) ? a / b : 0 }'
}

# least WHOSE: of its runs, in seconds of CPU
least()
{
	sed -n "s/^$1 //p" "$dir/runs" | cut -d ' ' -f 3 | sort -n | head -n 1
}

{
	echo "load when it began: $(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) CPUs"
	echo
	echo "| recording | MB | records | bare iteration | page_pinner report | x bare | x bare, in CPU time | trace-cmd report | x page_pinner | memory beyond that of bare iteration |"
	echo "|---|---|---|---|---|---|---|---|---|---|"
} > "$dir/table.md"
: > "$dir/points"
row()
{
	kind=$1 file=$2 beside=$3
	mb=$(($(wc -c < "$file") >> 20))
	records=$("$dir/bare" "$file")
	i=0
	: > "$dir/runs"
	while [ "$i" -lt "$times" ]; do
		i=$((i + 1))
		echo "bare $("$dir/measure" 1 "$dir/bare" "$file")" >> "$dir/runs"
		echo "ours $("$dir/measure" 1 "$tool" report "$file")" >> "$dir/runs"
	done
	bare=$(sed -n 's/^bare //p' "$dir/runs" | sort -n | head -n 1)
	ours=$(sed -n 's/^ours //p' "$dir/runs" | sort -n | head -n 1)
	theirs=
	[ -z "$beside" ] || theirs=$("$dir/measure" 1 trace-cmd report "$file")
	memory=$(($(column 2 "$ours") - $(column 2 "$bare")))
	cpu=$(ratio "$(least ours)" "$(least bare)")
	b=$(column 1 "$bare") o=$(column 1 "$ours")
	if [ -n "$theirs" ]; then
		t=$(column 1 "$theirs")
		more=$(ratio "$t" "$o")
		t="$t s"
	else
		t=- more=-
	fi
	echo "| $kind | $mb | $records | $b s | $o s | $(ratio "$o" "$b") | $cpu | $t | $more | $memory KiB |" |
		tee -a "$dir/table.md"
	echo "$kind $mb $b $o" >> "$dir/points"
}

row small "$dir/small.dat" peer
peer=peer
for megabytes in "$@"; do
	for kind in $kinds; do
		"$dir/corpus" "$kind" "$dir/small6.dat" "$dir/large.dat" "$megabytes"
		row "$kind" "$dir/large.dat" "$peer"
		case $kind in marks | retries) continue ;; esac
		# to pack them takes longer than all the rest
		[ "$megabytes" -le 1000 ] || continue
		trace-cmd convert -i "$dir/large.dat" -o "$dir/zstd.dat" --file-version 7 \
			--compression zstd > /dev/null 2>&1
		row "$kind, zstd" "$dir/zstd.dat" ""
	done
	# it takes minutes for what is larger
	[ "$megabytes" -lt 100 ] || peer=
done
rm -f "$dir/large.dat" "$dir/zstd.dat"

awk '
	!/zstd|small/ { x[NR] = $2; b[NR] = $3; o[NR] = $4; k[NR] = $1
		if ($2 > mx) mx = $2
		if ($4 > my) my = $4 }
	END {
		print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"400\" font-family=\"sans-serif\" font-size=\"12\">"
		print "<rect width=\"640\" height=\"400\" fill=\"white\"/>"
		print "<path d=\"M60 20V350H620\" stroke=\"black\" fill=\"none\"/>"
		printf "<text x=\"560\" y=\"380\">%d MB</text><text x=\"10\" y=\"30\">%.1f s</text>\n", mx, my
		split("unmarked failures watched marks retries", kinds); split("#a50 #c22 #26a #393 #737", colors)
		for (i = 1; i <= 5; i++) {
			ours = bare = ""
			for (n = 1; n <= NR; n++) if (k[n] == kinds[i]) {
				px = 60 + 560 * x[n] / mx
				ours = ours sprintf(" %.1f,%.1f", px, 350 - 330 * o[n] / my)
				bare = bare sprintf(" %.1f,%.1f", px, 350 - 330 * b[n] / my)
			}
			printf "<polyline points=\"60,350%s\" stroke=\"%s\" fill=\"none\" stroke-width=\"2\"/>\n", ours, colors[i]
			printf "<polyline points=\"60,350%s\" stroke=\"%s\" fill=\"none\" stroke-dasharray=\"4\"/>\n", bare, colors[i]
			printf "<text x=\"80\" y=\"%d\" fill=\"%s\">%s (dashed: bare iteration)</text>\n", 20 + 18 * i, colors[i], kinds[i]
		}
		print "</svg>"
	}' "$dir/points" > "$dir/growth.svg"
echo "$dir/table.md $dir/growth.svg"
